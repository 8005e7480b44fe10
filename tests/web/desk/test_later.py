"""What is set aside for later: it stays undecided, beside the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.editing import ActionKind
from aggregator.services.editing.logbook import logbook
from tests.fixtures.asking import Page
from tests.fixtures.desk_items import brought, pick_of, told
from tests.fixtures.doors import desk_opened, person, read, words

INBOX, ASIDE = "/desk/inbox", "/desk/inbox?state=aside"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with somebody of each role."""
    with desk_opened(tmp_path) as made:
        yield made


@pytest.fixture
def stories(app: App) -> list[str]:
    """Two undecided stories."""
    return brought(app, told("가", "스마트도시 솔루션 공모"), told("나", "스마트도시 교량 선정"))


def listed(page: Page) -> set[str]:
    """The stories of the list."""
    return {str(one) for one in read(page).xpath("//li/@data-item")}


def test_what_is_set_aside_leaves_the_list(app: App, stories: list[str]) -> None:
    """It is a list of its own, to which the inbox leads; nothing was decided."""
    kim = person(app, "editor")
    form = read(kim.get(f"{INBOX}?item={stories[0]}")).xpath("//form[contains(@action,'/later')]")[
        0
    ]
    kim.post(form.get("action"), dict(form.form_values()))

    page = kim.get(INBOX)
    assert {stories[1]} == listed(page)
    assert "나중으로 미뤘습니다" in words(page)
    [chip] = read(page).xpath(f"//a[@href='{ASIDE}']")
    assert "나중에 1" == " ".join(chip.text_content().split())
    assert {stories[0]} == listed(kim.get(ASIDE))


def test_it_comes_back_by_its_button(app: App, stories: list[str]) -> None:
    """That the list of what was set aside has."""
    kim = person(app, "editor")
    kim.post(f"/desk/items/{stories[0]}/later")
    form = read(kim.get(ASIDE)).xpath("//form[contains(@action,'/later')]")[0]
    kim.post(form.get("action"), {**dict(form.form_values()), "again": "1"})

    assert {*stories} == listed(kim.get(INBOX))
    assert set() == listed(kim.get(ASIDE))


def test_it_is_undone_and_done_again(app: App, stories: list[str]) -> None:
    """As everything that an editor does; the log has all three."""
    kim = person(app, "editor")
    kim.post(f"/desk/items/{stories[0]}/later")
    kim.post("/desk/undo")
    assert {*stories} == listed(kim.get(INBOX))

    kim.post("/desk/redo")

    assert {stories[1]} == listed(kim.get(INBOX))
    log = read(kim.get(f"/desk/log?item={stories[0]}"))
    marks = [one.text_content() for one in log.xpath("//main//li//*[contains(@class,'badge')]")]
    assert ["다시 하기", "되돌리기", "나중으로"] == [one for one in marks if one != "되돌림"][:3]


def test_it_can_be_decided_where_it_waits(app: App, stories: list[str]) -> None:
    """Then it waits no more."""
    kim = person(app, "editor")
    kim.post(f"/desk/items/{stories[0]}/later")
    kim.post(f"/desk/items/{stories[0]}/accept", {"section": "trend"})

    assert pick_of(app, stories[0]).state.is_in
    assert set() == listed(kim.get(ASIDE))


def test_who_comes_second_changes_nothing(app: App, stories: list[str]) -> None:
    """It is said all the same; there is one thing to undo."""
    for name in ("editor", "publisher"):
        answer = person(app, name).post(f"/desk/items/{stories[0]}/later")
        assert 303 == answer.status

    assert 1 == len([one for one in logbook(app.desk).lines if one.kind is ActionKind.LATER])


def test_today_counts_it_still(app: App, stories: list[str]) -> None:
    """Nobody has decided on it."""
    kim = person(app, "editor")
    before = words(kim.get("/desk")).partition("결정할 소식")[0].split()[-1]
    kim.post(f"/desk/items/{stories[0]}/later")

    assert before == words(kim.get("/desk")).partition("결정할 소식")[0].split()[-1]


def test_an_inbox_that_is_empty_names_what_waits(app: App, stories: list[str]) -> None:
    """It is not lost from sight."""
    kim = person(app, "editor")
    for story in stories:
        kim.post(f"/desk/items/{story}/later")

    assert "나중으로 미룬 2건 보기" in words(kim.get(INBOX))


def test_a_reader_sets_nothing_aside(app: App, stories: list[str]) -> None:
    """Nor is he offered to."""
    lee = person(app, "reader")

    assert 403 == lee.post(f"/desk/items/{stories[0]}/later").status
    assert [] == read(lee.get(INBOX)).xpath("//form[contains(@action,'/later')]")


def test_what_somebody_else_did_since_is_not_overwritten(app: App, stories: list[str]) -> None:
    """The undo says who, also where things look as one left them."""
    kim, lee = person(app, "editor"), person(app, "publisher")
    kim.post(f"/desk/items/{stories[0]}/later")
    lee.post(f"/desk/items/{stories[0]}/later", {"again": "1"})
    lee.post(f"/desk/items/{stories[0]}/later")

    page = kim.post("/desk/undo")

    assert 409 == page.status
    assert "publisher" in words(page)
    assert {stories[0]} == listed(kim.get(ASIDE))
