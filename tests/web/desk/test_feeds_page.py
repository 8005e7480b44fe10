"""The pages Feeds: how each is, when it is visited, and what it sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.health import Condition, Health
from aggregator.domain.visits import FeedState, Outcome, Payload, Visit
from aggregator.ports.refreshing import RefreshPlan
from aggregator.watch.next_visit import due_feeds
from aggregator.web.desk import feeds as feeds_module
from tests.fixtures.doors import Person, desk_opened, person, read, words

DOCUMENT = (
    "<rss><channel><title>국토부</title><x>\u202e<script>alert(1)</script></x></channel></rss>"
)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with a feed that is ill and one that is well."""
    with desk_opened(tmp_path) as made:
        visited(made, "molit", Health.HTML)
        visited(made, "msit", Health.OK)
        yield made


def visited(app: App, name: str, health: Health) -> None:
    """A visit a minute ago; the next one is tomorrow."""
    now = app.clock.now()
    failed = health.is_ill
    state = FeedState(
        feed_id=name,
        host=f"{name}.example",
        next_check_at=now + timedelta(days=1),
        last_try_at=now,
        last_ok_at=None if failed else now,
        failures=3 if failed else 0,
        suspended_at=now if health is Health.GONE else None,
        condition=Condition(health=health, since=now, says="an <b>HTML</b> page"),
    )
    outcome = Outcome.FAILED if failed else Outcome.FETCHED
    visit = Visit(feed_id=name, started_at=now, milliseconds=5, outcome=outcome, health=health)
    app.store.record_visit(state, visit)


def keep(app: App, name: str, *bodies: bytes, minutes: int = 0) -> None:
    """Keep the documents of a visit."""
    at = app.clock.now() + timedelta(minutes=minutes)
    app.store.apply_refresh(
        RefreshPlan(feed_id=name, seen_at=at),
        app.store.feed_states()[name],
        Visit(feed_id=name, started_at=at, milliseconds=1, outcome=Outcome.FETCHED),
        payloads=[
            Payload(
                feed_id=name, seen_at=at, body=one, media_type="text/xml", url="https://a.example/"
            )
            for one in bodies
        ],
    )


def names(who: Person, query: str = "") -> list[str]:
    page = who.get(f"/desk/feeds{query}")
    assert 200 == page.status
    return [one.get("href") for one in read(page).xpath("//ul[contains(@class, 'feeds')]//h2/a")]


def test_the_worst_come_first(app: App) -> None:
    """With what to do."""
    kim = person(app, "reader")

    assert ["/desk/feeds/molit", "/desk/feeds/msit"] == names(kim)[:2]
    assert app.desk.catalogue.text("health.html.do", "ko") in words(kim.get("/desk/feeds"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?show=ill", ["/desk/feeds/molit"]),
        ("?show=ok", ["/desk/feeds/msit"]),
        ("?show=gone", []),
        ("?office=molit", ["/desk/feeds/molit"]),
        ("?q=MOLIT", ["/desk/feeds/molit"]),
        ("?q=%EA%B5%AD%ED%86%A0%EA%B5%90%ED%86%B5", ["/desk/feeds/molit"]),
    ],
)
def test_some_are_shown(app: App, query: str, expected: list[str]) -> None:
    """Of a state, of an office, with some words."""
    assert expected == names(person(app, "reader"), query)


def test_a_long_list_goes_on(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the last one that was shown."""
    monkeypatch.setattr(feeds_module, "ON_A_PAGE", 1)
    kim = person(app, "reader")
    (more,) = read(kim.get("/desk/feeds")).xpath("//a[@rel='next']/@href")

    assert ("?after=molit", ["/desk/feeds/msit"]) == (more, names(kim, more))


def test_a_feed_has_its_days_and_what_was_seen(app: App) -> None:
    """As text, whatever it is."""
    page = person(app, "reader").get("/desk/feeds/molit")

    assert "an <b>HTML</b> page" in words(page)
    assert 1 <= len(read(page).xpath("//svg[@role='img']"))


@pytest.mark.parametrize("health", [Health.OK, Health.GONE])
def test_a_feed_is_due_at_once(app: App, health: Health) -> None:
    """Whatever was planned, also one that is suspended; the daemon's next turn visits it."""
    visited(app, "molit", health)
    done = person(app, "editor").post("/desk/feeds/molit/retry", {"next": "/desk/feeds/molit"})
    due = due_feeds(app.desk.feeds, app.store.feed_states(), app.clock.now())

    assert (303, "/desk/feeds/molit") == (done.status, done.headers["location"])
    assert ["molit"] == [one.id for one in due if one.id in {"molit", "msit"}]


def test_asking_for_a_visit_changes_nothing_else(app: App) -> None:
    """The state and the failures stay."""
    before = app.store.feed_states()["molit"]
    person(app, "editor").post("/desk/feeds/molit/retry")

    assert replace(before, next_check_at=app.clock.now()) == app.store.feed_states()["molit"]


def test_a_feed_that_there_is_not_is_said_to_be_none(app: App) -> None:
    """On the list; a form is told in JSON."""
    kim = person(app, "editor")

    assert (303, "/desk/feeds") == (
        (page := kim.get("/desk/feeds/nowhere")).status,
        page.headers["location"],
    )
    assert "그런 출처는" in words(kim.get("/desk/feeds"))
    assert 404 == kim.post("/desk/feeds/nowhere/retry", accept="application/json").status


def test_what_was_kept_is_shown_as_text(app: App) -> None:
    """No markup of it is markup of the page; what steers the reading direction is named."""
    keep(app, "molit", DOCUMENT.encode())
    page = person(app, "reader").get("/desk/feeds/molit/capture")
    (text,) = read(page).xpath("//pre/text()")

    assert DOCUMENT.replace("\u202e", "⟨U+202E⟩") == text
    assert "<script>alert" not in page.text


def test_korean_bytes_are_read(app: App) -> None:
    """By the code that reads feeds."""
    keep(
        app,
        "molit",
        ("<rss><title>" + "국토교통부 보도자료 " * 9 + "</title></rss>").encode("cp949"),
    )

    assert "국토교통부 보도자료" in words(person(app, "reader").get("/desk/feeds/molit/capture"))


def test_what_is_no_text_is_said_to_be_none(app: App) -> None:
    """An image under the name of a feed."""
    keep(app, "molit", b"\x89PNG\r\n\x1a\n" + bytes(200))

    assert "글로 읽을 수 없습니다" in words(person(app, "reader").get("/desk/feeds/molit/capture"))


def test_a_long_document_is_cut_on_the_page_and_whole_as_a_file(app: App) -> None:
    """The file is for no browser to open."""
    body = b"<rss>" + b"a" * 500_000 + b"</rss>"
    keep(app, "molit", body)
    kim = person(app, "reader")
    page = kim.get("/desk/feeds/molit/capture")
    (link,) = read(page).xpath("//a[@download]/@href")
    file = kim.get(link)

    assert len(page.text) < 40_000
    assert ("application/octet-stream", "nosniff") == (
        file.headers["content-type"],
        file.headers["x-content-type-options"],
    )
    assert file.headers["content-disposition"].startswith('attachment; filename="molit-2')
    assert len(body) == len(file.text)


def test_earlier_visits_can_be_chosen(app: App) -> None:
    """Each by its instant."""
    keep(app, "molit", b"<rss>one</rss>")
    keep(app, "molit", b"<rss>two</rss>", b"<rss>more</rss>", minutes=1)
    app.clock = type(app.clock)(app.clock.now() + timedelta(minutes=2))  # type: ignore[call-arg]
    kim = person(app, "reader")
    links = read(kim.get("/desk/feeds/molit")).xpath("//section[@aria-labelledby='kept']//a/@href")

    assert ["two more", "one"] == [
        " ".join(one[5:-6] for one in read(kim.get(link)).xpath("//pre/text()")) for link in links
    ]


@pytest.mark.parametrize(
    "path", ["capture", "document", "document?at=x&number=9", "capture?at=2024-01-01T00:00:00Z"]
)
def test_what_is_not_kept_leads_back(app: App, path: str) -> None:
    """To the page of the feed, which says so."""
    page = person(app, "reader").get(f"/desk/feeds/molit/{path}")

    assert (303, "/desk/feeds/molit") == (page.status, page.headers["location"])
