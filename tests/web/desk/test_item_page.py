"""The page of an item: everything that is known of a story, and what can be done with it there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.issues import PickField, PickState
from aggregator.domain.items import Image, Item
from aggregator.services.editing.actions import move
from aggregator.services.editing.comments import add_comment
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.fields import Where, edit_field
from tests.fixtures.asking import Page
from tests.fixtures.desk_items import accepted, brought, issue_at, pick_of, told
from tests.fixtures.doors import desk_opened, person, read, words
from tests.fixtures.press import PLAN, press_opened, story_of
from tests.fixtures.publication import published

JSON = "application/json"
TITLE = "스마트도시 데이터 허브 구축 착수"
LEAD = "국토교통부는 스마트도시 데이터 허브를 전국 열 곳에 세운다고 밝혔다."
RELEASE = told("가", TITLE, summary=LEAD)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with somebody of each role."""
    with desk_opened(tmp_path) as made:
        yield made


@pytest.fixture
def story(app: App) -> str:
    """A story of the working issue."""
    [found] = brought(app, RELEASE)
    accepted(app, found)
    return found


def written(app: App, story: str, text: str, base: str, name: PickField) -> None:
    """Somebody edits a text."""
    where = Where(story=story, field=name, language="ko")
    edit_field(Editor.of(app.desk, app.curator, "lee"), issue_at(app), where, text, base=base)


def again(item: Item, title: str) -> Item:
    """The item with another title, as its source has it by now."""
    return replace(item, title=title, hash=title)


def test_everything_of_a_story_is_there(app: App, story: str) -> None:
    """Section, body, day, link, first sight, licence, picture, issues, reasons."""
    page = person(app, "reader").get(f"/desk/items/{story}")

    told_of = words(page)
    for part in (
        TITLE,
        "국토교통부",
        "2024.2.20",
        "처음 본 때",
        "이용 조건",
        "출처에 그림이 없음",
        "채택",
        "놓인 분야",
    ):
        assert part in told_of
    assert read(page).xpath("//a[@target='_blank']")


def test_a_story_that_was_moved_tells_where_it_stands(app: App, story: str) -> None:
    """And which section the rules chose, apart."""
    move(Editor.of(app.desk, app.curator, "lee"), issue_at(app), story, section="trend")

    told_of = words(person(app, "reader").get(f"/desk/items/{story}"))

    assert "놓인 분야 스마트시티 정책동향" in told_of
    assert "규칙이 고른 분야 스마트시티 이슈" in told_of


def test_the_texts_of_what_is_in_the_issue_are_forms(app: App, story: str) -> None:
    """That the script finds, too."""
    page = read(person(app, "editor").get(f"/desk/items/{story}"))

    assert ["headline.ko", "blurb.ko"] == page.xpath("//form[@data-save]//textarea/@data-field")


def test_what_waits_has_no_forms(app: App) -> None:
    """It says that it is to be accepted first."""
    [other] = brought(app, told("나", "스마트도시 통합플랫폼 공모"))
    page = person(app, "editor").get(f"/desk/items/{other}")

    assert [] == read(page).xpath("//form[@data-save]")
    assert "담으면 제목과 요약을 고칠 수 있습니다" in words(page)


def test_an_edited_text_is_shown_beside_its_source(app: App, story: str) -> None:
    """Word by word."""
    written(app, story, "국토교통부는 데이터 허브를 세운다.", LEAD, PickField.BLURB)
    page = read(person(app, "editor").get(f"/desk/items/{story}"))

    form = page.xpath(f"//form[@id='f-{story}-blurb-ko']")[0]
    assert form.xpath(".//p[@class='words']/del")
    assert form.xpath(".//p[@class='words']/ins")
    assert [None, None] == [one.get("hidden") for one in form.xpath(".//*[@data-when='edited']")]


def test_what_nobody_edited_has_no_way_back_to_its_source(app: App, story: str) -> None:
    """Mark and button are there for the script, and hidden."""
    page = read(person(app, "editor").get(f"/desk/items/{story}"))

    whens = page.xpath("//form[@data-save]//*[@data-when='edited']")
    assert [""] * 4 == [one.get("hidden") for one in whens]


def test_a_story_that_is_none_leads_to_the_inbox(app: App) -> None:
    """Which says so."""
    kim = person(app, "reader")
    page = kim.get("/desk/items/0123456789abcdef")

    assert (303, "/desk/inbox") == (page.status, page.headers["location"])
    assert "찾는 항목이 더는 없습니다" in words(kim.get("/desk/inbox"))


def test_a_comment_is_added_and_dealt_with(app: App, story: str) -> None:
    """By whom is said."""
    kim = person(app, "editor")
    kim.post(f"/desk/items/{story}/comment", {"text": "날짜를\n확인해 주세요"})
    page = read(kim.get(f"/desk/items/{story}"))
    assert ["날짜를\n확인해 주세요"] == page.xpath("//p[@class='comment']/text()")
    form = page.xpath("//li[starts-with(@id, 'comment-')]//form")[0]

    kim.post(form.get("action"), dict(form.form_values()))

    assert "처리함: editor" in words(kim.get(f"/desk/items/{story}"))


def test_a_comment_is_opened_again(app: App, story: str) -> None:
    """That was dealt with."""
    kim = person(app, "editor")
    done = add_comment(Editor.of(app.desk, app.curator, "lee"), issue_at(app), "왜?", story=story)
    path = f"/desk/items/{story}/comments/{done.target.partition(':')[2]}"
    kim.post(path, {})

    kim.post(path, {"again": "1"})

    assert "처리함: editor" not in words(kim.get(f"/desk/items/{story}"))


def test_an_empty_comment_is_none(app: App, story: str) -> None:
    """It is not kept."""
    page = person(app, "editor").post(f"/desk/items/{story}/comment", {"text": " "}, accept=JSON)

    assert (422, "desk.item.no_comment") == (page.status, json.loads(page.text)["code"])


def test_members_are_split_off(app: App) -> None:
    """Those that were ticked are a story of their own."""
    other = told("나", f"[보도자료] {TITLE}", feed="msit", body="molit", summary=LEAD)
    [story, same] = brought(app, RELEASE, other)
    assert story == same
    kim = person(app, "editor")
    form = read(kim.get(f"/desk/items/{story}")).xpath("//form[contains(@action, '/split')]")[0]
    box = form.xpath(".//input[@type='checkbox']")[0]
    fields = {**dict(form.form_values()), box.get("name"): box.get("value")}

    answer = kim.post(form.get("action"), fields)

    assert 303 == answer.status
    assert 2 == len(app.desk.store.stories())
    assert "따로 나눴습니다" in words(kim.get(f"/desk/items/{story}"))


def test_two_stories_are_merged(app: App, story: str) -> None:
    """By the title of the other one."""
    [other] = brought(app, told("나", "스마트도시 통합플랫폼 공모"))

    person(app, "editor").post(
        f"/desk/items/{story}/merge", {"other": "스마트도시 통합플랫폼 공모"}
    )

    [one] = app.desk.store.stories()
    assert (story, 2) == (one.public_id, len(one.members))
    assert other != story


def test_the_address_of_a_merged_story_leads_to_the_other(app: App, story: str) -> None:
    """With what was said of it; and to itself once the merge is undone."""
    title = "스마트도시 통합플랫폼 공모"
    [other] = brought(app, told("나", title))
    kim = person(app, "editor")
    add_comment(Editor.of(app.desk, app.curator, "lee"), issue_at(app), "누가 봅니까?", story=other)
    kim.post(f"/desk/items/{story}/merge", {"other": title})

    moved = kim.get(f"/desk/items/{other}")
    assert f"/desk/items/{story}" == moved.headers["location"]
    assert "누가 봅니까?" in words(kim.get(f"/desk/items/{story}"))

    kim.post("/desk/undo", {})
    assert "누가 봅니까?" not in words(kim.get(f"/desk/items/{story}"))
    assert "누가 봅니까?" in words(kim.get(f"/desk/items/{other}"))


def test_who_asks_for_a_merged_story_is_told_so(app: App, story: str) -> None:
    """On the page of the story that it went into."""
    title = "스마트도시 통합플랫폼 공모"
    [other] = brought(app, told("나", title))
    person(app, "editor").post(f"/desk/items/{story}/merge", {"other": title})
    lee = person(app, "reader")

    assert 303 == lee.get(f"/desk/items/{other}").status
    assert "이 소식으로 합쳐졌습니다" in words(lee.get(f"/desk/items/{story}"))


@pytest.mark.parametrize(
    ("choice", "text", "stands"),
    [
        ("mine", "", "데이터 허브 스무 곳"),
        ("theirs", "", ""),
        ("merged", "허브 서른 곳", "허브 서른 곳"),
    ],
)
def test_a_change_of_the_source_under_an_edit_is_settled(
    app: App, story: str, choice: str, text: str, stands: str
) -> None:
    """What was written stays, the source's text is taken, or both are put together."""
    written(app, story, "데이터 허브 스무 곳", TITLE, PickField.HEADLINE)
    brought(app, again(RELEASE, f"{TITLE} (정정)"))
    kim = person(app, "editor")
    page = read(kim.get(f"/desk/items/{story}"))
    form = page.xpath("//form[contains(@action, '/source/headline/ko')]")[0]
    assert ["원문이 바뀌었습니다"] == page.xpath("//section[@id='source']/h2/text()")

    kim.post(form.get("action"), {**dict(form.form_values()), "choice": choice, "text": text})

    texts = {one.field: one.text for one in pick_of(app, story).texts}
    assert stands == texts.get(PickField.HEADLINE, "")
    assert [] == read(kim.get(f"/desk/items/{story}")).xpath("//section[@id='source']")


def test_a_change_of_the_source_is_shown_where_nobody_edited(app: App, story: str) -> None:
    """Until it was seen."""
    brought(app, again(RELEASE, f"{TITLE} 서른 곳"))
    kim = person(app, "editor")
    page = read(kim.get(f"/desk/items/{story}"))
    assert page.xpath("//section[@id='source']//ins")
    form = page.xpath("//form[contains(@action, '/seen')]")[0]

    kim.post(form.get("action"), dict(form.form_values()))

    assert [] == read(kim.get(f"/desk/items/{story}")).xpath("//section[@id='source']")


def test_the_history_says_who_did_what(app: App, story: str) -> None:
    """From what to what."""
    written(app, story, "새 제목", TITLE, PickField.HEADLINE)

    rows = read(person(app, "reader").get(f"/desk/items/{story}")).xpath("//table/tbody/tr")
    first = " ".join(rows[0].text_content().split())
    for part in ("lee", "제목 (한국어)", "새 제목"):
        assert part in first


def test_a_decision_of_its_page_leads_back_to_it(app: App, story: str) -> None:
    """It is not looked at next to another one."""
    kim = person(app, "editor")
    form = read(kim.get(f"/desk/items/{story}")).xpath("//form[contains(@action, '/leave')]")[0]

    answer = kim.post(form.get("action"), dict(form.form_values()))

    assert f"/desk/items/{story}" == answer.headers["location"]
    assert PickState.LEFT_OUT is pick_of(app, story).state


def test_a_picture_is_shown_by_its_copy_alone(app: App) -> None:
    """The source's own address is a link: the desk's pages load nothing from elsewhere."""
    url = "https://molit.example/a.png"
    image = Image(url=url, alt="허브 조감도")
    [story] = brought(app, told("가", TITLE, thumbnail=url, images=(image,)))
    kim = person(app, "reader")
    assert [] == read(kim.get(f"/desk/items/{story}")).xpath("//main//img")
    path = app.press.pictures.keep(url, b"\x89PNG\r\n\x1a\n" + b"\0" * 24)
    (app.public / path).parent.mkdir(parents=True)
    (app.public / path).write_bytes(b"copy")

    shown = read(kim.get(f"/desk/items/{story}")).xpath("//main//img")

    assert [(f"/{path}", "허브 조감도")] == [(one.get("src"), one.get("alt")) for one in shown]


COPY = told("나", f"[보도자료] {TITLE}", feed="msit", body="molit", summary=LEAD)
ANOTHER = told("다", f"[참고] {TITLE}", feed="msit", body="molit", summary=LEAD)


def split_off(app: App, story: str, item: Item) -> Page:
    """Take one source out, by its box; the page that this leads to."""
    kim = person(app, "editor")
    form = read(kim.get(f"/desk/items/{story}")).xpath("//form[contains(@action, '/split')]")[0]
    boxes = form.xpath(".//input[@type='checkbox']")
    names = {one.get("value"): one.get("name") for one in boxes}
    (value,) = [one for one in names if one in {item.link, item.feed_id, item.title}]
    ticked = {name: value for name, value in form.form_values() if name not in names.values()}
    kim.post(form.get("action"), {**ticked, names[value]: value})
    return kim.get(f"/desk/items/{story}")


def test_a_split_leads_to_the_new_story(app: App) -> None:
    """The line that says what was done has the way to it."""
    [story, same] = brought(app, RELEASE, COPY)
    assert story == same
    page = read(split_off(app, story, COPY))

    [see] = page.xpath("//*[@id='flash']/a/@href")

    assert see != f"/desk/items/{story}"
    assert COPY.link in person(app, "reader").get(see).text


def test_after_a_split_the_next_source_is_not_ticked(app: App) -> None:
    """Who has split one of three off does not mean the next one by that."""
    ids = brought(app, RELEASE, COPY, ANOTHER)
    assert 1 == len({*ids})
    page = read(split_off(app, ids[0], ANOTHER))

    boxes = page.xpath("//input[@type='checkbox'][@name]")

    assert [None] == [one.get("checked") for one in boxes]


@pytest.mark.parametrize(("role", "ways"), [("publisher", 1), ("editor", 0)])
def test_what_was_printed_is_corrected_and_not_accepted(
    tmp_path: Path, role: str, ways: int
) -> None:
    """Its page says which issue has it; to print it again is the second thought."""
    with press_opened(tmp_path) as app:
        published(app)
        story = story_of(app, PLAN)
        page = read(person(app, role).get(f"/desk/items/{story}"))

    (place,) = page.xpath("//*[@id='printed']")
    links = place.xpath("./p/a/@href")
    assert [f"/desk/issues/48/correct?item={story}"] * ways == links
    assert "제48호에 실렸습니다" in place.text_content()
    assert [] == page.xpath("//form[contains(@action, '/accept')][not(ancestor::details)]")
    assert [] == page.xpath("//form[contains(@action, '/later')]")


@pytest.mark.parametrize(("language", "reason"), [("ko", "주제와 맞지 않음"), ("en", "off topic")])
def test_a_reason_is_told_in_the_language_of_who_reads_it(
    app: App, story: str, language: str, reason: str
) -> None:
    """Whoever gave it, in whichever language; own words stay as they are."""
    form = {"reason": "off_topic", "why": "관광 행사", "issue": str(issue_at(app))}
    person(app, "editor").post(f"/desk/items/{story}/reject", form)
    lee = person(app, "reader")

    for path in (f"/desk/items/{story}", "/desk/draft", "/desk/log"):
        told_there = words(lee.get(path, **{"accept-language": language}))
        assert f"{reason}: 관광 행사" in told_there, path
