"""Undo and redo on the desk, in any number of steps, and where somebody stands in the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.edit_errors import Obstacle
from aggregator.domain.editing import ActionKind
from aggregator.domain.issues import PickField
from aggregator.services.editing.actions import accept
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.fields import Where, edit_field
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.services.editing.logbook import logbook
from aggregator.services.editing.undo import undo
from aggregator.services.editing.workflow import approve, ask_review
from tests.fixtures.desk import bring, release
from tests.fixtures.doors import desk_opened, person, read, words
from tests.fixtures.press import press_opened
from tests.fixtures.publication import published
from tests.web.desk.test_draft_page import DRAFT, JSON, flash, headlines, issue_id, story

TITLE = "허브 구축"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with one release in the draft."""
    with desk_opened(tmp_path) as made:
        bring(made.desk, release("molit", TITLE))
        editor = Editor.of(made.desk, made.curator, "somebody")
        accept(editor, issue_id(made), story(made, TITLE), section="project")
        yield made


def where(app: App) -> Where:
    """The headline of the release."""
    return Where(story=story(app, TITLE), field=PickField.HEADLINE, language="ko")


def write(app: App, name: str, text: str, base: str) -> int:
    """Somebody's edit of the headline; the action."""
    editor = Editor.of(app.desk, app.curator, name)
    return edit_field(editor, issue_id(app), where(app), text, base=base).action


def headline(app: App) -> str:
    """The headline as the draft shows it."""
    page = read(person(app, "reader").get(DRAFT))
    return str(page.xpath("//li[@data-item]//*[@class='headline']/*[@lang]")[0].text_content())


def test_several_steps_are_undone_and_done_again(app: App) -> None:
    """The buttons say what they would take back."""
    kim = person(app, "editor")
    target = f"{DRAFT}/{story(app, TITLE)}"
    kim.post(f"{target}/move", {"section": "trend"})
    kim.post(f"{target}/leave", {})
    assert "되돌리기: 이번 호에서 빼기 – 허브 구축 스마트시티" in words(kim.get(DRAFT))

    kim.post("/desk/undo", {"next": DRAFT})
    assert [TITLE] == headlines(kim.get(DRAFT), "trend")
    kim.post("/desk/undo", {"next": DRAFT})
    page = kim.get(DRAFT)
    assert [TITLE] == headlines(page)
    assert "다시 하기: 분야 옮기기 – 허브 구축 스마트시티" in words(page)
    kim.post("/desk/redo", {"next": DRAFT})
    kim.post("/desk/redo", {"next": DRAFT})
    assert [] == headlines(kim.get(DRAFT))


def test_the_line_that_says_what_was_done_takes_it_back(app: App) -> None:
    """Its button names the action, whatever was done since."""
    kim = person(app, "editor")
    kim.post(f"{DRAFT}/{story(app, TITLE)}/leave", {"next": DRAFT})
    (action,) = read(kim.get(DRAFT)).xpath("//*[@id='flash']//input[@name='action']/@value")

    kim.post("/desk/undo", {"action": action, "next": DRAFT})

    page = kim.get(DRAFT)
    assert "되돌렸습니다: 이번 호에서 빼기" in flash(page)
    assert [TITLE] == headlines(page)


@pytest.mark.parametrize("action", ["", "999999", "x", "9" * 30])
def test_where_there_is_nothing_to_undo_it_is_said(app: App, action: str) -> None:
    """Nothing changes."""
    kim = person(app, "editor")

    back = kim.post("/desk/undo", {"action": action, "next": DRAFT})

    assert (303, DRAFT) == (back.status, back.headers["location"])
    assert "오류" in flash(kim.get(DRAFT))
    assert [TITLE] == headlines(kim.get(DRAFT))


def test_a_later_change_of_somebody_else_is_shown(app: App) -> None:
    """With both texts, who wrote the other, and the choice; nothing is overwritten."""
    kim = person(app, "editor")
    mine = write(app, "editor", "내 제목", f"{TITLE} 스마트시티")
    write(app, "lee", "이 씨의 제목", "내 제목")

    page = kim.post("/desk/undo", {"action": str(mine), "next": DRAFT})

    assert 409 == page.status
    assert "이 씨의 제목" in words(page)
    assert "lee" in words(page)
    assert "이 씨의 제목" == headline(app)
    (way_back,) = read(page).xpath("//a[contains(@class, 'primary')]/@href")
    assert DRAFT == way_back


def test_both_can_be_taken_back(app: App) -> None:
    """The later one first."""
    kim = person(app, "editor")
    mine = write(app, "editor", "내 제목", f"{TITLE} 스마트시티")
    write(app, "lee", "이 씨의 제목", "내 제목")
    page = kim.post("/desk/undo", {"action": str(mine), "next": DRAFT})
    (form,) = read(page).xpath("//main//form[@action='/desk/undo']")

    kim.post("/desk/undo", {one.get("name"): one.get("value") for one in form.xpath("./input")})

    assert f"{TITLE} 스마트시티" == headline(app)


def test_the_script_is_told_that_there_is_a_choice(app: App) -> None:
    """With both texts; the page has the buttons."""
    kim = person(app, "editor")
    mine = write(app, "editor", "내 제목", f"{TITLE} 스마트시티")
    write(app, "lee", "이 씨의 제목", "내 제목")

    page = kim.post("/desk/undo", {"action": str(mine)}, accept=JSON)

    told = json.loads(page.text)
    assert (409, "undo_refused", "이 씨의 제목", True) == (
        page.status,
        told["code"],
        told["theirs"],
        told["page"],
    )


# --- what cannot be taken back --------------------------------------------------------------------


@pytest.fixture
def out(tmp_path: Path) -> Iterator[App]:
    """A desk whose issue was edited, approved and published."""
    with press_opened(tmp_path) as made:
        published(made)
        yield made


def test_the_log_offers_no_undo_of_what_is_out(out: App) -> None:
    """It says why; only comments, and what is one story, are undone then."""
    page = person(out, "publisher").get("/desk/log")

    assert [] == read(page).xpath("//main//ol//form[@action='/desk/undo']")
    assert "이미 발행된 호입니다. 이제는 정정만 할 수 있습니다." in words(page)


@pytest.mark.parametrize("one", Obstacle)
def test_every_obstacle_has_words(app: App, one: Obstacle) -> None:
    """In both languages."""
    forms = app.desk.catalogue.texts[f"desk.undo.because.{one.replace('-', '_')}"]

    assert {"ko", "en"} == {*forms}


def test_an_approval_that_was_taken_back_is_told_in_words(app: App) -> None:
    """On the page of the issue."""
    issue = working_issue(app.desk)
    lee = Editor.of(app.desk, app.curator, "lee")
    approve(lee, issue.id, version=issue.version)
    undo(lee, issue.id)

    page = person(app, "reader").get("/desk/issues/48")

    assert "되돌리기: 승인" in words(page)
    assert "(action" not in words(page)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_who_asks_for_it_all_the_same_is_told_where_he_was(out: App, language: str) -> None:
    """In the page's language, and without a choice that leads in a circle."""
    lines = logbook(out.desk).lines
    action = next(one.action for one in lines if one.kind is ActionKind.APPROVE)
    kim = person(out, "publisher")

    back = kim.post("/desk/undo", {"action": str(action), "next": "/desk/log"})

    assert (303, "/desk/log") == (back.status, back.headers["location"])
    told = out.desk.catalogue.text("desk.undo.because.out", language)
    kim.post("/desk/undo", {"action": str(action)}, **{"accept-language": language})
    assert told in flash(kim.get("/desk/log", **{"accept-language": language}))


def test_a_step_that_somebody_went_on_from_is_not_offered(app: App) -> None:
    """The page says why in its language; the log has no button for it either."""
    kim = person(app, "editor")
    issue = working_issue(app.desk)
    ask_review(Editor.of(app.desk, app.curator, "editor"), issue.id, version=issue.version)
    approve(Editor.of(app.desk, app.curator, "lee"), issue.id, version=issue.version)

    page = kim.get(DRAFT)

    assert "되돌릴 수 없음: 검토 요청. 그 뒤에 호가 다른 단계로 넘어갔습니다." in words(page)
    assert [] == read(page).xpath("//main//form[@action='/desk/undo'][.//*[@data-key='u']]")
    lines = read(kim.get("/desk/log?kind=review")).xpath("//main//ol/li")
    assert [[]] == [one.xpath(".//form[@action='/desk/undo']") for one in lines]


def test_the_page_of_a_refusal_speaks_its_language_alone(app: App) -> None:
    """Stages by their names, and nothing of the program's own English."""
    kim = person(app, "editor")
    issue = working_issue(app.desk)
    mine = ask_review(Editor.of(app.desk, app.curator, "editor"), issue.id, version=issue.version)
    approve(Editor.of(app.desk, app.curator, "lee"), issue.id, version=issue.version)

    page = kim.post("/desk/undo", {"action": str(mine.action), "next": DRAFT})

    main = read(page).xpath("//main")[0].text_content()
    assert 409 == page.status
    assert "moved it on" not in main
    assert ["승인", "초안"] == [
        one.text_content().strip() for one in read(page).xpath("//main//dl//dd")
    ]
