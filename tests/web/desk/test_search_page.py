"""The page Search: what is stored, where it is by now, and the way into the draft."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest

from aggregator.bootstrap import App
from aggregator.services.editing.edit import drop
from aggregator.web.desk import search as search_module
from tests.fixtures.desk import release
from tests.fixtures.doors import Person, person, read, words
from tests.fixtures.looking import HOSTILE, desk_with_releases, public_id, stock


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with three releases."""
    with desk_with_releases(tmp_path) as made:
        yield made


def titles(who: Person, query: str) -> list[str]:
    page = who.get(f"/desk/search?{query}")
    assert 200 == page.status
    return [one.text_content() for one in read(page).xpath("//li[@class='row']//h3")]


def q(text: str) -> str:
    return f"q={quote(text)}"


def test_without_words_only_the_form_is_shown(app: App) -> None:
    """Nothing was asked, so nothing was looked for."""
    page = person(app, "reader").get("/desk/search")

    assert (1, 0) == (
        len(read(page).xpath("//form[@role='search']")),
        page.text.count('id="found"'),
    )


def test_words_are_marked_where_they_stand(app: App) -> None:
    """New days first."""
    page = person(app, "reader").get(f"/desk/search?{q('스마트시티')}")
    marks = read(page).xpath("//li[@class='row']//h3//mark/text()")

    assert ["스마트시티", "스마트시티"] == marks
    assert ["스마트시티 데이터 허브 구축", "스마트시티 통신망 개통"] == titles(
        person(app, "reader"), q("스마트시티")
    )


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        ("office=msit", ["스마트시티 통신망 개통"]),
        ("region=national", ["스마트시티 데이터 허브 구축", "스마트시티 통신망 개통"]),
        ("region=seoul", []),
        ("region=seoul&office=msit", []),
        ("since=2024-03-01", ["스마트시티 데이터 허브 구축"]),
        ("until=2024-02-28", ["스마트시티 통신망 개통"]),
    ],
)
def test_it_can_be_narrowed_down(app: App, narrow: str, expected: list[str]) -> None:
    """By office, region and days."""
    assert expected == titles(person(app, "reader"), f"{q('스마트시티')}&{narrow}")


def test_an_issue_narrows_to_what_is_in_it(app: App) -> None:
    """What was put into it, and nothing else."""
    kim = person(app, "editor")
    story = public_id(app, "통신망")
    kim.post(f"/desk/search/{story}/accept", {"section": "trend"})
    (issue,) = app.store.issue_heads(app.desk.series.id)

    assert ["스마트시티 통신망 개통"] == titles(kim, f"{q('스마트시티')}&issue={issue.id}")


def test_a_story_is_put_into_the_draft(app: App) -> None:
    """Back on the page it says so, and the line that it was."""
    kim = person(app, "editor")
    story = public_id(app, "통신망")
    here = f"/desk/search?{q('통신망')}"
    done = kim.post(f"/desk/search/{story}/accept", {"section": "trend", "next": here})
    page = kim.get(here)

    assert (303, f"{here}#item-{story}") == (done.status, done.headers["location"])
    assert "초안에 넣었습니다" not in words(kim.get(here))
    assert "넣었습니다: 스마트시티 통신망 개통" in words(page)
    assert "호 초안," in words(page)
    assert [] == read(page).xpath("//form[@class='put']")


def test_what_was_rejected_says_by_whom(app: App) -> None:
    """With the reason that he gave."""
    drop(app.desk, public_id(app, "통신망"), why="오보")
    text = words(person(app, "reader").get(f"/desk/search?{q('통신망')}"))

    assert "제외함: editor" in text
    assert "“오보”" in text


def test_a_reader_is_offered_nothing_to_change(app: App) -> None:
    """Nor may he send it."""
    kim = person(app, "reader")

    assert [] == read(kim.get(f"/desk/search?{q('스마트시티')}")).xpath("//form[@class='put']")
    assert 403 == kim.post(f"/desk/search/{public_id(app, '통신망')}/accept").status


def test_a_section_that_there_is_not_is_refused(app: App) -> None:
    """The script is told why."""
    page = person(app, "editor").post(
        f"/desk/search/{public_id(app, '통신망')}/accept",
        {"section": "x"},
        accept="application/json",
    )

    assert (422, False) == (page.status, json.loads(page.text)["ok"])


def test_what_is_no_search_is_said_to_be_none(app: App) -> None:
    """The page stays, with what was typed."""
    page = person(app, "reader").get("/desk/search?q=-x")

    assert (200, "-x") == (page.status, read(page).xpath("//input[@id='q']/@value")[0])
    assert "이렇게는 찾을 수 없습니다" in words(page)


def test_a_long_list_goes_on(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the cursor, to its end and back to its start."""
    monkeypatch.setattr(search_module, "ON_A_PAGE", 1)
    kim = person(app, "reader")
    first = read(kim.get(f"/desk/search?{q('스마트시티')}"))
    (more,) = first.xpath("//a[@rel='next']/@href")
    second = kim.get(f"/desk/search{more}")

    assert ["스마트시티 통신망 개통"] == titles(kim, more.removeprefix("?"))
    assert [f"?{q('스마트시티')}"] == read(second).xpath("//nav[@class='pager']/a[1]/@href")


def test_what_is_not_found_leads_to_why(app: App) -> None:
    """With the same words, where that page is."""
    text = words(person(app, "reader").get(f"/desk/search?{q('없는것')}"))

    assert "찾은 항목이 없습니다" in text


def test_hostile_titles_are_text_and_short(app: App) -> None:
    """A hundred thousand characters are not a page."""
    stock(app, release("molit", "evil", date(2024, 2, 5), title=HOSTILE))
    page = person(app, "reader").get(f"/desk/search?{q('alert')}")

    assert "<script>alert" not in page.text
    assert len(page.text) < 150_000
