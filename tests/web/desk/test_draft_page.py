"""The page Draft: what is in the issue, in which order, and how far it has come."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.calendar.clocks import FixedClock
from aggregator.domain.editing import Stage
from aggregator.domain.issues import PickField
from aggregator.services.editing.actions import accept
from aggregator.services.editing.comments import add_comment
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.fields import Where, edit_field
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.services.editing.standings import standing_of
from aggregator.web.app import make_web_app
from tests.fixtures.asking import Page
from tests.fixtures.checkers import WIDTHS, needs_checkers, script
from tests.fixtures.desk import bring, release
from tests.fixtures.doors import PASSWORD, Person, desk_opened, person, read, words
from tests.fixtures.serving import served

DRAFT = "/desk/draft"
JSON = "application/json"
NAMES = ("허브 구축", "드론 배송", "데이터 개방")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with three releases of a ministry in one section of the working issue."""
    with desk_opened(tmp_path) as made:
        bring(made.desk, *(release("molit", name) for name in NAMES))
        editor = Editor.of(made.desk, made.curator, "kim")
        for name in NAMES:
            accept(editor, issue_id(made), story(made, name), section="project")
        yield made


def issue_id(app: App) -> int:
    """The working issue."""
    return working_issue(app.desk).id


def story(app: App, name: str) -> str:
    """The public id of the release whose title begins so."""
    found = app.store.stories()
    return next(s.public_id for s in found if s.primary.item.title.startswith(name))


def headlines(page: Page, section: str = "project") -> list[str]:
    """The outline of a section, by the first two words of each headline."""
    found = read(page).xpath(
        f"//section[@data-section='{section}']//li//*[@class='headline']/*[@lang]"
    )
    return [" ".join(one.text_content().split()[:2]) for one in found]


def flash(page: Page) -> str:
    """What was done."""
    return re.sub(r"\s+", " ", read(page).xpath("//*[@id='said']")[0].text_content()).strip()


def do(kim: Person, app: App, name: str, action: str, **form: str) -> Page:
    """Send a form of a row; the page that it leads to."""
    back = kim.post(f"{DRAFT}/{story(app, name)}/{action}", {"next": DRAFT, **form})
    assert 303 == back.status
    return kim.get(back.headers["location"].partition("#")[0])


# --- the outline ----------------------------------------------------------------------------------


def test_the_outline_has_every_section_with_its_count(app: App) -> None:
    """Also an empty one, which says so."""
    page = read(person(app, "reader").get(DRAFT))
    parts = page.xpath("//section[@data-section]")

    assert [one.id for one in app.desk.series.sections] == [p.get("data-section") for p in parts]
    assert ["0/2", "3/8"] == [
        one.xpath(".//*[@class='count']")[0].text_content().strip() for one in parts[:2]
    ]


def test_an_item_goes_to_the_place_that_was_typed(app: App) -> None:
    """The others make room."""
    kim = person(app, "editor")
    before = headlines(kim.get(DRAFT))

    page = do(kim, app, before[2], "place", place="1")

    assert [before[2], before[0], before[1]] == headlines(page)
    assert flash(page).startswith("1번째로 옮겼습니다.")


def test_the_buttons_of_a_row_name_the_places_beside_it(app: App) -> None:
    """The first cannot go up, nor the last down."""
    rows = read(person(app, "editor").get(DRAFT)).xpath("//li[@data-item]")
    found = [
        [
            (one.get("value"), one.get("disabled") is not None)
            for one in row.xpath(".//button[@name='place']")
        ]
        for row in rows
    ]

    assert [
        [("0", True), ("2", False)],
        [("1", False), ("3", False)],
        [("2", False), ("4", True)],
    ] == found


def test_an_item_moves_to_another_section(app: App) -> None:
    """And stands there."""
    page = do(person(app, "editor"), app, NAMES[0], "move", section="trend")

    assert [NAMES[0]] == headlines(page, "trend")


@pytest.mark.parametrize("action", ["leave", "reject"])
def test_what_is_taken_out_is_listed_and_comes_back(app: App, action: str) -> None:
    """With its reason; one button puts it in again."""
    kim = person(app, "editor")

    page = do(kim, app, NAMES[1], action, why="다른 도시 이야기")

    assert NAMES[1] not in headlines(page)
    out = read(page).xpath("//*[@id='out']//li")
    assert [NAMES[1]] == [
        " ".join(li.xpath(".//*[@lang]")[0].text_content().split()[:2]) for li in out
    ]
    (again,) = out[0].xpath(".//form/@action")
    assert again == f"{DRAFT}/{story(app, NAMES[1])}/accept"
    assert NAMES[1] in headlines(do(kim, app, NAMES[1], "accept"))


@pytest.mark.parametrize(
    ("action", "form", "said"),
    [
        ("move", {"section": "sport"}, "그런 분야가 없습니다."),
        ("place", {"place": "first"}, "숫자를 적어 주십시오."),
        ("place", {"place": "0"}, "이렇게는 할 수 없습니다."),
        ("place", {"place": "9" * 40}, "숫자를 적어 주십시오."),
    ],
)
def test_what_cannot_be_done_is_said(
    app: App, action: str, form: dict[str, str], said: str
) -> None:
    """Nothing changes."""
    kim = person(app, "editor")
    before = headlines(kim.get(DRAFT))

    page = do(kim, app, NAMES[0], action, **form)

    assert said in flash(page)
    assert before == headlines(page)


def test_marks_say_what_became_of_an_item(app: App) -> None:
    """Edited by somebody, and talked about."""
    editor = Editor.of(app.desk, app.curator, "kim")
    where = Where(story=story(app, NAMES[0]), field=PickField.HEADLINE, language="ko")
    edit_field(editor, issue_id(app), where, "고친 제목", base=f"{NAMES[0]} 스마트시티")
    add_comment(editor, issue_id(app), "확인 부탁합니다", story=story(app, NAMES[0]))

    (row,) = read(person(app, "reader").get(DRAFT)).xpath("//li[contains(., '고친 제목')]")

    marks = [one.text_content() for one in row.xpath(".//*[contains(@class, 'badge')]")]
    assert {"고침", "의견 1"} <= set(marks)


def test_a_reader_sees_the_draft_and_no_buttons(app: App) -> None:
    """Nothing there would be carried out."""
    page = read(person(app, "reader").get(DRAFT))

    assert page.xpath("//li[@data-item]")
    assert [] == page.xpath("//main//form")


def test_a_title_of_the_worst_kind_is_text(app: App) -> None:
    """Whatever it has in it."""
    bring(app.desk, release("molit", "x", title='<script>alert(1)</script>" 스마트시티 \u202e'))
    editor = Editor.of(app.desk, app.curator, "kim")
    accept(editor, issue_id(app), story(app, "<script>"), section="project")

    page = person(app, "editor").get(DRAFT)

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


# --- what came later ------------------------------------------------------------------------------


def test_what_arrives_later_waits_in_the_tray(app: App) -> None:
    """The outline stays; take and leave are a button each."""
    open_draft(app.desk, propose=True)
    app.clock = FixedClock(app.clock.now() + timedelta(hours=1))
    app.__dict__.pop("desk")
    app.__dict__.pop("curator", None)
    kim = person(app, "editor")
    before = headlines(kim.get(DRAFT))
    late = release("molit", "늦은 소식", date(2024, 2, 11))
    bring(app.desk, late)

    page = kim.get(DRAFT)

    assert before == headlines(page)
    (tray,) = read(page).xpath("//*[@id='late']")
    assert "늦은 소식" in tray.text_content()
    page = do(kim, app, "늦은", "leave")
    assert [] == read(page).xpath("//*[@id='late']")


def test_free_places_are_filled_at_a_word(app: App) -> None:
    """Before their day has come."""
    bring(app.desk, release("molit", "새로운 시범도시"))
    kim = person(app, "editor")

    kim.post(f"{DRAFT}/issue/propose", {"next": DRAFT})

    assert "제안" in words(kim.get(DRAFT))


# --- the way of the issue -------------------------------------------------------------------------


def version(page: Page) -> str:
    """The issue's version that the page shows."""
    return str(
        read(page).xpath("//form[contains(@action, '/issue/')]/input[@name='version']/@value")[0]
    )


def stage(app: App) -> Stage:
    """Where the issue stands."""
    return standing_of(app.desk, working_issue(app.desk)).stage


def test_an_issue_goes_from_draft_to_its_hour(app: App) -> None:
    """Asked for review by an editor, approved with a note and scheduled by a publisher."""
    app.clock = FixedClock(app.clock.now() - timedelta(days=1))
    app.__dict__.pop("desk")
    app.__dict__.pop("curator", None)
    editor, chief = person(app, "editor"), person(app, "publisher")

    editor.post(
        f"{DRAFT}/issue/review", {"version": version(editor.get(DRAFT)), "note": "봐 주세요"}
    )
    assert Stage.IN_REVIEW is stage(app)
    seen = chief.get(DRAFT)
    assert "봐 주세요" in words(seen)
    chief.post(f"{DRAFT}/issue/approve", {"version": version(seen), "note": "좋습니다"})
    assert Stage.APPROVED is stage(app)
    chief.post(
        f"{DRAFT}/issue/schedule", {"version": version(chief.get(DRAFT)), "at": "2024-03-04T10:00"}
    )
    assert Stage.SCHEDULED is stage(app)
    editor.post(f"{DRAFT}/issue/back", {"note": "하나 빠졌습니다"})
    assert Stage.DRAFT is stage(app)


def test_what_changed_meanwhile_is_not_approved(app: App) -> None:
    """Word for word is what was seen."""
    chief = person(app, "publisher")
    seen = version(chief.get(DRAFT))
    do(person(app, "editor"), app, NAMES[0], "leave")

    back = chief.post(f"{DRAFT}/issue/approve", {"version": seen, "next": DRAFT})

    assert "그사이 다른 사람이" in flash(chief.get(back.headers["location"]))
    assert Stage.DRAFT is stage(app)


def test_an_edit_of_an_approved_issue_says_that_it_reopens_it(app: App) -> None:
    """It has to be approved again."""
    chief = person(app, "publisher")
    chief.post(f"{DRAFT}/issue/approve", {"version": version(chief.get(DRAFT))})

    page = do(chief, app, NAMES[0], "leave")

    assert "승인된 호가 다시 초안이 되었습니다." in flash(page)
    assert Stage.DRAFT is stage(app)


def test_an_editor_has_no_button_to_approve(app: App) -> None:
    """The step is the publisher's."""
    page = read(person(app, "editor").get(DRAFT))

    assert [f"{DRAFT}/issue/review"] == page.xpath("//*[@id='stage']//form/@action")


def test_a_comment_is_said_and_dealt_with(app: App) -> None:
    """And opened again."""
    kim = person(app, "editor")

    kim.post(f"{DRAFT}/issue/comment", {"text": "머리기사를 바꿀까요?\n둘째 줄", "next": DRAFT})
    page = kim.get(DRAFT)
    assert "머리기사를 바꿀까요? 둘째 줄" in words(page)
    (deal,) = read(page).xpath("//form[contains(@action, '/comment/')]/@action")
    kim.post(deal, {"next": DRAFT})
    page = kim.get(DRAFT)
    assert "editor 처리함" in words(page)
    kim.post(deal, {"again": "1", "next": DRAFT})
    assert "editor 처리함" not in words(kim.get(DRAFT))


def test_findings_lead_to_what_they_are_about(app: App) -> None:
    """An empty section, an item."""
    page = read(person(app, "reader").get(DRAFT))
    links = page.xpath("//*[@id='ready']//li//a/@href")

    assert "/desk/inbox?section=news" in links
    assert {one for one in links if one.startswith("#")} <= {
        f"#{name}" for name in page.xpath("//@id")
    }


# --- the script -----------------------------------------------------------------------------------


def test_the_script_gets_the_draft_as_it_is_now(app: App) -> None:
    """The whole of what an action changes: order, counts, what undo would take back."""
    kim = person(app, "editor")
    target = f"{DRAFT}/{story(app, NAMES[0])}/leave"

    told = json.loads(kim.post(target, {"next": DRAFT}, accept=JSON).text)

    assert (True, True) == (told["ok"], told["gone"])
    part = told["parts"]["draft-work"]
    assert part.lstrip().startswith('<div id="draft-work">')
    assert "2/8" in part
    assert "되돌리기: 이번 호에서 빼기 – 허브 구축 스마트시티" in part
    assert f'value="{DRAFT}"' in part
    assert told["undo"]


def test_a_row_has_its_forms_when_they_are_asked_for(app: App) -> None:
    """One panel stands in the page for the script; without it the row's link leads to them."""
    kim, first = person(app, "editor"), story(app, NAMES[0])
    page = read(kim.get(DRAFT))
    (link,) = page.xpath(f"//p[@id='more-{first}']/a")
    asked = read(kim.get(link.get("href").partition("#")[0]))
    forms = asked.xpath("//li[@data-item]/details[@open]//form/@action")

    assert [] == page.xpath("//li[@data-item]/details")
    assert 1 == len(page.xpath("//template[@id='more-of']"))
    assert [f"{DRAFT}/{first}/{one}" for one in ("place", "move", "leave", "reject")] == forms


# --- for everybody --------------------------------------------------------------------------------


@needs_checkers
@pytest.mark.long
@pytest.mark.parametrize("language", ["ko", "en"])
def test_axe_finds_nothing(app: App, tmp_path: Path, language: str) -> None:
    """On the draft with something in each part of it, and on the form of a new item; wide and narrow,
    light and dark; the console of the browser says nothing either."""
    kim = person(app, "editor")
    do(kim, app, NAMES[0], "leave")
    kim.post(f"{DRAFT}/issue/comment", {"text": "머리기사를 바꿀까요?"})
    open_draft(app.desk, propose=True)
    app.clock = FixedClock(app.clock.now() + timedelta(hours=1))
    app.__dict__.pop("desk")
    app.__dict__.pop("curator", None)
    bring(app.desk, release("molit", "늦은 소식", date(2024, 2, 11)))
    with served(make_web_app(lambda: app)) as port:
        base = f"http://127.0.0.1:{port}"
        login = {
            "page": f"{base}/desk/login",
            "name": "admin",
            "password": PASSWORD,
            "language": language,
        }
        pages = [f"{base}{DRAFT}", f"{base}{DRAFT}/add?section=news"]
        found = script("axe", {"pages": pages, "login": login, "widths": WIDTHS}, tmp_path)

    assert ([], len(pages) * 4) == (found["faults"], found["runs"])
