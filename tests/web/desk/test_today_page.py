"""The page Today: each figure leads to where it is handled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.calendar.clocks import FixedClock
from aggregator.domain.items import SEOUL
from aggregator.services.reports.today import report_today
from aggregator.web.app import make_web_app
from aggregator.web.desk.today import next_step
from tests.fixtures.checkers import WIDTHS, needs_checkers, script
from tests.fixtures.doors import PASSWORD, desk_opened, person, read, words
from tests.fixtures.serving import served


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with somebody of each role."""
    with desk_opened(tmp_path) as made:
        yield made


def test_every_figure_is_there(app: App) -> None:
    """Each section with its count against its limit; what the daemon did last."""
    page = person(app, "reader").get("/desk")
    titles = [section.titles["ko"] for section in app.desk.series.sections]

    assert [*titles, "모두"] == [
        one.text_content() for one in read(page).xpath("//table//th[@scope='row']")
    ]
    assert 6 == len(read(page).xpath("//ul[@class='figures']/li"))
    assert "자동 작업 누리집 만들기 아직 없음" in words(page)


def test_links_lead_to_pages_that_there_are(app: App) -> None:
    """A page that is not built yet is not linked to."""
    kim = person(app, "admin")
    links = read(kim.get("/desk")).xpath("//main//a/@href")

    assert links
    assert {200} == {kim.get(link.partition("#")[0]).status for link in links}


@pytest.mark.parametrize(
    ("day", "key", "past"),
    [
        (datetime(2024, 2, 20, 9, tzinfo=SEOUL), "desk.today.step.proposed", False),
        (datetime(2024, 3, 4, 9, tzinfo=SEOUL), "desk.today.step.appears", False),
        (datetime(2024, 3, 4, 11, tzinfo=SEOUL), "desk.today.step.appears", True),
    ],
)
def test_the_next_deadline_is_named(app: App, day: datetime, key: str, past: bool) -> None:  # noqa: FBT001 - a column of the table
    """Filling the places, then the issue's hour; one that is past is said to be."""
    app.__dict__.pop("desk", None)
    app.clock = FixedClock(day)
    step = next_step(report_today(app.desk))

    assert (key, past) == (step.key, step.is_past)


def test_a_look_writes_nothing(app: App) -> None:
    """Today opens no issue."""
    person(app, "admin").get("/desk")

    assert [] == app.store.issues(app.desk.series.id)


@needs_checkers
@pytest.mark.long
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing(app: App, tmp_path: Path, language: str) -> None:
    """On pages behind the doors, wide and narrow, light and dark; the console of the browser says
    nothing either."""
    app.clock = FixedClock(app.clock.now() + timedelta(minutes=1))
    with served(make_web_app(lambda: app)) as port:
        base = f"http://127.0.0.1:{port}"
        login = {
            "page": f"{base}/desk/login",
            "name": "admin",
            "password": PASSWORD,
            "language": language,
        }
        pages = [f"{base}{path}" for path in ("/desk", "/desk/people", "/desk/password")]
        job = {"pages": pages, "login": login, "widths": WIDTHS}
        found = script("axe", job, tmp_path)

    assert ([], len(pages) * 4) == (found["faults"], found["runs"])
