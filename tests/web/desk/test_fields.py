"""The texts of an item, a form for each: saved, cleared, and never lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import PickField
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.fields import Where, edit_field
from aggregator.web.desk.fields import CLEAR
from aggregator.web.desk.wording import word_pieces
from tests.fixtures.asking import Page
from tests.fixtures.desk_items import accepted, brought, pick_of, told
from tests.fixtures.doors import Person, desk_opened, person, read, words

JSON = "application/json"
SOURCE = "가 스마트도시 데이터 허브 구축 착수"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with somebody of each role."""
    with desk_opened(tmp_path) as made:
        yield made


@pytest.fixture
def story(app: App) -> str:
    """A story of the working issue."""
    [found] = brought(app, told("가"))
    accepted(app, found)
    return found


def save(who: Person, story: str, text: str, base: str = SOURCE, **more: str) -> Page:
    """Send the form of the headline."""
    accept = {"accept": JSON} if more.pop("script", "") else {}
    path = f"/desk/items/{story}/fields/headline/ko"
    return who.post(path, {"text": text, "base": base, **more}, **accept)


def written_by(app: App, story: str, name: str, text: str, base: str = SOURCE) -> None:
    """Somebody else writes a headline."""
    where = Where(story=story, field=PickField.HEADLINE, language="ko")
    editor = Editor.of(app.desk, app.curator, name)
    edit_field(editor, pick_of(app, story).issue_id, where, text, base=base)


def headline(app: App, story: str) -> str:
    """What an editor wrote, "" for nothing."""
    texts = pick_of(app, story).texts
    return next((one.text for one in texts if one.field is PickField.HEADLINE), "")


def test_a_text_is_saved_under_the_editors_name(app: App, story: str) -> None:
    """By a plain form, which leads back to the text that was saved."""
    page = save(person(app, "editor"), story, "새 제목", next="/desk?a=1")

    assert (303, f"/desk?a=1#f-{story}-headline-ko-text") == (page.status, page.headers["location"])
    assert "새 제목" == headline(app, story)
    edits = app.desk.store.edits(f"pick:{pick_of(app, story).issue_id}:{story}")
    assert [("editor", "새 제목")] == [
        (one.actor, one.new) for one in edits if one.field == "headline.ko"
    ]


def test_the_script_is_told_the_new_base(app: App, story: str) -> None:
    """With the version and what undo takes."""
    page = save(person(app, "editor"), story, "  새\n제목 ", script="1")
    told_of = json.loads(page.text)

    assert ("새 제목", "새 제목", 2, True) == tuple(
        told_of[name] for name in ("text", "base", "version", "edited")
    )
    assert told_of["undo"]


def test_a_text_is_taken_back(app: App, story: str) -> None:
    """The source's stands again."""
    written_by(app, story, "lee", "새 제목")

    page = save(person(app, "editor"), story, "", "새 제목", do=CLEAR, script="1")

    assert (SOURCE, False) == tuple(json.loads(page.text)[name] for name in ("text", "edited"))
    assert headline(app, story) == ""


def test_nobody_writes_over_anothers_text(app: App, story: str) -> None:
    """A page has both texts and what they were made of, and nothing has changed."""
    written_by(app, story, "lee", "리의 제목")

    page = save(person(app, "editor"), story, "나의 제목", next="/desk?a=1")

    assert 409 == page.status
    assert "리의 제목" == headline(app, story)
    told_of = words(page)
    assert [True] * 4 == [one in told_of for one in ("나의 제목", "리의 제목", SOURCE, "lee")]


def test_ones_own_text_can_be_chosen(app: App, story: str) -> None:
    """By the form of that page: it knows what it replaces."""
    written_by(app, story, "lee", "리의 제목")
    kim = person(app, "editor")
    page = save(kim, story, "나의 제목", next="/desk?a=1")
    form = read(page).xpath("//section[h2[@id='mine']]//form")[0]
    given = {one.name: one.value for one in form.inputs if one.name}

    again = kim.post(form.get("action"), given)

    assert (303, "나의 제목") == (again.status, headline(app, story))
    assert again.headers["location"].startswith("/desk?a=1#")


def test_both_texts_can_be_made_one(app: App, story: str) -> None:
    """The third form has one's own text to be edited."""
    written_by(app, story, "lee", "리의 제목")
    kim = person(app, "editor")
    form = read(save(kim, story, "나의 제목")).xpath("//section[h2[@id='both']]//form")[0]
    given = {one.name: one.value for one in form.inputs if one.name}
    assert "나의 제목" == given["text"]

    kim.post(form.get("action"), {**given, "text": "둘의 제목"})

    assert "둘의 제목" == headline(app, story)


def test_the_script_gets_both_texts(app: App, story: str) -> None:
    """As 409."""
    written_by(app, story, "lee", "리의 제목")

    page = save(person(app, "editor"), story, "나의 제목", script="1")

    told_of = json.loads(page.text)
    assert (409, "field_conflict") == (page.status, told_of["code"])
    assert ("나의 제목", "리의 제목", SOURCE, "lee") == tuple(
        told_of[name] for name in ("mine", "theirs", "base", "by")
    )


def test_what_was_typed_is_not_lost_where_it_cannot_be_saved(app: App, story: str) -> None:
    """A text that is too long comes back, to be made shorter."""
    text = "긴 글 " * 2000

    page = save(person(app, "editor"), story, text)

    assert 422 == page.status
    assert text.strip() == read(page).xpath("//textarea")[0].text.strip()


def test_what_nobody_accepted_cannot_be_written(app: App) -> None:
    """It is in no issue: there is nothing that the text would be printed in."""
    [other] = brought(app, told("나", "울릉도 등대 이야기"))

    page = save(person(app, "editor"), other, "새 제목", script="1")

    assert (404, "not_found") == (page.status, json.loads(page.text)["code"])


@pytest.mark.parametrize("field", ["colour", "venue"])
def test_a_field_that_is_not_printed_cannot_be_written(app: App, story: str, field: str) -> None:
    """None of that name, or one that the section lacks."""
    path = f"/desk/items/{story}/fields/{field}/ko"

    page = person(app, "editor").post(path, {"text": "글", "base": ""}, accept=JSON)

    assert (422, False) == (page.status, json.loads(page.text)["ok"])


def test_words_are_compared() -> None:
    """What went and what came, in the order of the text."""
    assert (
        ("가 ", "same"),
        ("나", "del"),
        (" ", "same"),
        ("다", "ins"),
        (" ", "same"),
        ("라 ", "same"),
    ) == word_pieces("가 나 라", "가 다 라")
