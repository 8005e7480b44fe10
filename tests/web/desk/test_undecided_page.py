"""What nobody decided on, as the desk says it before an issue goes out; and an approval that is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.editing import Stage
from aggregator.domain.issues import PickState
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.issue_at_hand import issue_by_id, picked_of
from aggregator.services.editing.later import put_aside
from aggregator.services.editing.standings import standing_of
from aggregator.services.editing.workflow import approve
from tests.fixtures.asking import Page
from tests.fixtures.desk import bring, release
from tests.fixtures.doors import desk_opened, person, read, words
from tests.web.desk.test_draft_page import DRAFT, JSON, issue_id, story

ISSUE = "/desk/issues/48"
ALL = f"{DRAFT}/issue/accept-all"
NAMES = ("허브 구축", "드론 배송")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with two releases that the rules put into the draft."""
    with desk_opened(tmp_path) as made:
        bring(made.desk, *(release("molit", name) for name in NAMES))
        open_draft(made.desk, propose=True)
        yield made


def editor(app: App, name: str = "lee") -> Editor:
    """Somebody else at the desk."""
    return Editor.of(app.desk, app.curator, name)


def states(app: App) -> set[PickState]:
    """Of what is in the draft."""
    issue = issue_by_id(app.desk, issue_id(app))
    return {one.pick.state for one in picked_of(app.desk, issue)}


def approved(app: App) -> None:
    """Somebody answers for the issue as it stands."""
    issue = issue_by_id(app.desk, issue_id(app))
    approve(editor(app), issue.id, version=issue.version)


def hrefs(page: Page, where: str) -> set[str]:
    """Where the links of an element lead."""
    return {str(one) for one in read(page).xpath(f"//*[@id='{where}']//a/@href")}


@pytest.mark.parametrize("path", [DRAFT, ISSUE])
@pytest.mark.parametrize(
    ("language", "said"),
    [("ko", "아무도 확인하지 않은 제안 2건"), ("en", "2 proposals that nobody confirmed")],
)
def test_proposals_are_told_where_an_issue_is_approved(
    app: App, path: str, language: str, said: str
) -> None:
    """Each with the way to it, and a button for all of them; the lint says the same."""
    kim = person(app, "publisher")
    page = kim.get(path, **{"accept-language": language})

    assert said in words(page)
    links = {f"/desk/items/{story(app, name)}" for name in NAMES}
    assert links <= hrefs(page, "open-proposals")
    assert links <= hrefs(page, "ready" if path == DRAFT else "lint")
    assert read(page).xpath(f"//form[@action='{ALL}']//button[@data-key='Y']")


def test_all_are_accepted_by_one_button_and_undone_by_one(app: App) -> None:
    """Without a script."""
    kim = person(app, "editor")
    form = read(kim.get(DRAFT)).xpath(f"//form[@action='{ALL}']")[0]
    kim.post(ALL, dict(form.form_values()))

    page = kim.get(DRAFT)
    assert "제안 2건을 모두 채택했습니다." in words(page)
    assert {PickState.ACCEPTED} == states(app)
    assert [] == read(page).xpath(f"//form[@action='{ALL}']")
    assert "되돌리기: 제안 모두 채택" in words(page)
    kim.post("/desk/undo", {"next": DRAFT})
    assert {PickState.PROPOSED} == states(app)


def test_a_reader_accepts_nothing(app: App) -> None:
    """Nor is he offered to."""
    lee = person(app, "reader")

    assert 403 == lee.post(ALL).status
    assert [] == read(lee.get(DRAFT)).xpath(f"//form[@action='{ALL}']")


def test_what_was_set_aside_and_would_be_printed_blocks_publishing(app: App) -> None:
    """It is red, marked in its row, and no button accepts it along with others."""
    put_aside(editor(app), issue_id(app), story(app, NAMES[0]))
    kim = person(app, "editor")

    page = kim.get(DRAFT)

    assert "나중으로 미룬 1건이 초안에 남아 있음" in words(page)
    assert hrefs(page, "open-aside") == {f"/desk/items/{story(app, NAMES[0])}"}
    assert read(page).xpath(
        "//*[@id='ready']//li[contains(@class, 'red')][contains(., '나중으로')]"
    )
    (row,) = read(page).xpath(f"//li[@id='item-{story(app, NAMES[0])}']")
    assert row.xpath(".//*[contains(@class, 'badge')][contains(., '나중')]")
    kim.post(ALL)
    assert {PickState.ACCEPTED, PickState.PROPOSED} == states(app)


def test_what_was_set_aside_beside_the_issue_is_not_printed(app: App) -> None:
    """That is said with the way to it, and blocks nothing."""
    bring(app.desk, release("molit", "뒤늦은 소식"))
    put_aside(editor(app), issue_id(app), story(app, "뒤늦은 소식"))

    page = person(app, "editor").get(DRAFT)

    assert "나중으로 미룬 1건: 실리지 않습니다" in words(page)
    assert f"/desk/items/{story(app, '뒤늦은 소식')}" in hrefs(page, "open-outside")
    assert not read(page).xpath("//*[@id='ready']//li[contains(@class, 'red')]")


def test_later_for_what_is_decided_is_refused_in_words(app: App) -> None:
    """Nothing changes."""
    kim = person(app, "editor")
    kim.post(ALL)

    page = kim.post(f"/desk/items/{story(app, NAMES[0])}/later", accept=JSON)

    told = json.loads(page.text)
    assert ("already_decided", True) == (told["code"], "이미 결정한 소식이라" in told["flash"])
    assert frozenset() == app.store.aside(issue_id(app))


def test_an_item_that_was_set_aside_is_taken_up_on_its_own_page(app: App) -> None:
    """There is one button, which says what it does."""
    put_aside(editor(app), issue_id(app), story(app, NAMES[0]))
    kim = person(app, "editor")
    page = kim.get(f"/desk/items/{story(app, NAMES[0])}")
    form = read(page).xpath("//form[contains(@action, '/later')]")[0]

    kim.post(form.get("action"), {**dict(form.form_values()), "again": "1"})

    assert form.xpath(".//button[@name='again']")
    assert frozenset() == app.store.aside(issue_id(app))


# --- an approval ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [DRAFT, "/desk/inbox", "/desk/search", "/desk/missing"])
def test_pages_say_beforehand_that_the_issue_is_approved(app: App, path: str) -> None:
    """To whom could change it."""
    approved(app)
    said = "제48호는 승인되었습니다. 무엇이든 고치면 승인이 풀리고"

    assert said in words(person(app, "editor").get(path))
    assert said not in words(person(app, "reader").get(path))


def test_pages_say_by_what_an_approval_was_lost(app: App) -> None:
    """Who did what, with the way to where it is approved again."""
    approved(app)
    person(app, "editor").post(f"{DRAFT}/{story(app, NAMES[0])}/accept")

    page = person(app, "publisher").get("/desk/inbox")

    (place,) = read(page).xpath("//*[@id='standing']")
    told = " ".join(place.text_content().split())
    assert told.startswith(f"editor 님이 고쳐 승인이 풀렸습니다(채택 – {NAMES[0]} 스마트시티)")
    assert [f"{DRAFT}#stage"] == place.xpath(".//a/@href")
    stage = read(person(app, "publisher").get(DRAFT)).xpath("//*[@id='stage']")[0]
    assert "editor 님이 고쳐 승인이 풀렸습니다" in stage.text_content()
    assert "pick:" not in stage.text_content()


def test_the_script_is_told_of_another_stage(app: App) -> None:
    """With what was done, whichever form it was."""
    approved(app)

    page = person(app, "editor").post(f"{DRAFT}/{story(app, NAMES[0])}/leave", accept=JSON)

    standing = json.loads(page.text)["standing"]
    assert ("draft", "초안", True) == (standing["name"], standing["word"], standing["lost"])
    assert Stage.DRAFT is standing_of(app.desk, issue_by_id(app.desk, issue_id(app))).stage
    assert "editor 님이 고쳐 승인이 풀렸습니다" in standing["notice"]


def test_a_merge_says_that_it_withdrew_an_approval(app: App) -> None:
    """As every other change does."""
    approved(app)
    first, second = (story(app, name) for name in NAMES)

    page = person(app, "editor").post(f"/desk/items/{first}/merge", {"like": second}, accept=JSON)

    assert "다시 초안이 되었습니다" in json.loads(page.text)["flash"]


def test_the_next_issue_has_one_state_on_every_page(tmp_path: Path) -> None:
    """Before anybody has begun with it."""
    with desk_opened(tmp_path) as fresh:
        lee = person(fresh, "reader")
        for path in ("/desk", "/desk/issues", ISSUE, DRAFT):
            badges = read(lee.get(path)).xpath("//*[contains(@class, 'badge state-')]")
            told = {" ".join(one.text_content().split()) for one in badges}
            told |= {
                one.text_content().strip()
                for one in read(lee.get(path)).xpath(
                    "//*[@id='stage']//*[contains(@class,'badge')]"
                )
            }
            assert {"시작 전"} == told, path


def test_the_log_says_in_words_what_withdrew_an_approval(app: App) -> None:
    """And so does the page of the issue."""
    approved(app)
    person(app, "editor").post(f"{DRAFT}/{story(app, NAMES[0])}/accept")

    for path in ("/desk/log?kind=reopen", ISSUE):
        told = words(person(app, "reader").get(path))
        assert f"채택 – {NAMES[0]} 스마트시티" in told
        assert "pick:" not in told
