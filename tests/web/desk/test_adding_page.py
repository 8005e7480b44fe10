"""Add by hand: the fields of each section, and what the page behind a link fills in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from aggregator.domain.items import Person
from tests.fixtures.asking import Page
from tests.fixtures.desk import bring, release
from tests.fixtures.doors import desk_opened, person, read, words
from tests.fixtures.http import Answer, Asked, serve
from tests.web.desk.test_draft_page import DRAFT, flash, headlines

ADD = "/desk/draft/add"
PAGE = """<!doctype html><html lang="ko"><head><title>데이터 허브 | 국토교통부</title>
<meta property="og:title" content="데이터 허브를 전국에 &lt;b&gt;">
<meta property="og:description" content="전국에 보급한다고 밝혔다.">
<meta property="og:image" content="/a.png"><meta property="og:site_name" content="국토교통부">
<meta property="article:published_time" content="2024-02-14T09:00:00+09:00"></head><body>x</body></html>
"""
ARTICLE = {
    "section": "project",
    "do": "add",
    "url": "https://office.example/1",
    "title": "손으로 넣은",
    "day": "2024-02-14",
    "body": "국토교통부",
}
EVENT = {
    "section": "news",
    "do": "add",
    "title": "서밋 & 엑스포",
    "event_name": "2024 Summit & Expo",
    "starts": "2024-03-19",
    "ends": "2024-03-23",
    "venues": "난강전시센터\r\n가오슝전시센터",
    "phone": "02-3667-3114",
}
PAPER = {
    "section": "literature",
    "do": "add",
    "title": "도시재생 연구",
    "authors": "서유강 (서울대학교)\n김경석 (공주대학교)",
    "blurb": "살핀 연구다.",
}
VIDEO = {
    "section": "special",
    "do": "add",
    "url": "https://video.example/watch?v=1",
    "title": "영상",
    "day": "2024-02-20",
    "thumbnail": "https://video.example/1.jpg",
}


def site(asked: Asked) -> Answer:
    """A site with a page, one that is too large, one that is no page, and one that leads inside."""
    head = (("Content-Type", "text/html; charset=utf-8"),)
    if asked.path.startswith("/inside"):
        return Answer(status=302, headers=(("Location", "http://10.0.0.1/"),))
    if asked.path.startswith("/large"):
        return Answer(headers=head, body=b"x" * (1024 * 1024 + 1))
    if asked.path.startswith("/file"):
        return Answer(headers=(("Content-Type", "application/pdf"),), body=b"%PDF-1.4")
    if asked.path.startswith("/gone"):
        return Answer(status=404)
    return Answer(headers=head, body=PAGE.encode())


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk, and every *.example at a site of ours."""
    with serve(site) as office, desk_opened(tmp_path, port=office.port) as made:
        yield made


def values(page: Page) -> dict[str, str]:
    """What stands in the fields."""
    form = read(page).xpath("//form[contains(@class, 'typed')]")[0]
    return {one.name: one.value or "" for one in form.xpath(".//input[@id]|.//textarea|.//select")}


@pytest.mark.parametrize(
    ("section", "fields"),
    [
        ("project", ["url", "title", "day", "body", "blurb"]),
        ("special", ["url", "title", "day", "body", "thumbnail"]),
        ("literature", ["url", "title", "authors", "blurb"]),
        ("news", ["url", "title", "event_name", "starts", "ends", "venues", "subject", "phone"]),
    ],
)
def test_each_section_has_its_own_fields(app: App, section: str, fields: list[str]) -> None:
    """In the order in which they are printed."""
    page = person(app, "editor").get(f"{ADD}?section={section}")

    assert [*fields, "language", "position"] == [*values(page)]


@pytest.mark.parametrize("form", [ARTICLE, EVENT, PAPER, VIDEO], ids=lambda one: one["section"])
def test_an_item_of_every_shape_is_added(app: App, form: dict[str, str]) -> None:
    """It stands in its section of the draft, and undo takes it out."""
    kim = person(app, "editor")

    back = kim.post(ADD, form)

    assert back.headers["location"].startswith(f"{DRAFT}#item-")
    page = kim.get(DRAFT)
    assert [" ".join(form["title"].split()[:2])] == headlines(page, form["section"])
    assert "되돌리기: 직접 넣기" in words(page)
    kim.post("/desk/undo", {"next": DRAFT})
    assert [] == headlines(kim.get(DRAFT), form["section"])


def test_what_was_typed_is_stored_as_it_was(app: App) -> None:
    """Days, venues and people apart."""
    kim = person(app, "editor")
    kim.post(ADD, EVENT)
    kim.post(ADD, PAPER)

    items = {one.item.title: one.item for one in app.store.items()}

    event = items["서밋 & 엑스포"].event
    assert event is not None
    assert (date(2024, 3, 19), date(2024, 3, 23)) == (event.starts_on, event.ends_on)
    assert ("난강전시센터", "가오슝전시센터") == event.venues
    assert (
        Person(name="서유강", affiliation="서울대학교"),
        Person(name="김경석", affiliation="공주대학교"),
    ) == items["도시재생 연구"].authors


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"title": ""}, "title", "적어 주십시오."),
        ({"day": "어제"}, "day", "날짜가 아닙니다"),
        ({"url": "javascript:alert(1)"}, "url", "http나 https 주소가 아닙니다."),
        ({"body": "없는부"}, "body", "모르는 기관입니다."),
        ({"blurb": "가" * 5001}, "blurb", "너무 깁니다."),
    ],
)
def test_a_mistake_is_told_at_its_field(
    app: App, change: dict[str, str], field: str, said: str
) -> None:
    """Everything that was typed is still there."""
    page = person(app, "editor").post(ADD, {**ARTICLE, **change})

    assert 422 == page.status
    (line,) = read(page).xpath(f"//*[@id='{field}-problem']")
    assert said in line.text_content()
    sent = {**ARTICLE, **change}
    assert {name: sent[name] for name in ("title", "day", "body", "url")} == {
        name: text for name, text in values(page).items() if name in {"title", "day", "body", "url"}
    }


def test_an_event_does_not_end_before_it_begins(app: App) -> None:
    """Its last day is looked at with its first."""
    page = person(app, "editor").post(ADD, {**EVENT, "ends": "2024-03-01"})

    assert read(page).xpath("//*[@id='ends-problem']")


def test_a_link_fills_the_fields(app: App) -> None:
    """Headline, day, body, lead, as text whatever they hold."""
    kim = person(app, "editor")

    page = kim.post(ADD, {"section": "project", "do": "look", "url": "http://press.example/7"})

    found = values(page)
    assert "데이터 허브를 전국에 <b>" == found["title"]
    assert ("2024-02-14", "국토교통부", "전국에 보급한다고 밝혔다.") == (
        found["day"],
        found["body"],
        found["blurb"],
    )
    assert "ko" == found["language"]


def test_the_picture_of_a_video_is_found(app: App) -> None:
    """As an address of the web."""
    form = {"section": "special", "do": "look", "url": "http://press.example/7"}

    assert (
        "http://press.example/a.png" == values(person(app, "editor").post(ADD, form))["thumbnail"]
    )


def test_what_was_typed_before_stays(app: App) -> None:
    """Only empty fields are filled."""
    form = {"section": "project", "do": "look", "url": "http://press.example/7", "title": "내 제목"}

    assert "내 제목" == values(person(app, "editor").post(ADD, form))["title"]


def test_a_link_that_is_stored_is_said_to_be(app: App) -> None:
    """With a button that takes the stored one."""
    bring(app.desk, release("molit", "허브", link="http://press.example/7"))
    kim = person(app, "editor")

    page = kim.post(ADD, {"section": "project", "do": "look", "url": "http://press.example/7"})

    (form,) = read(page).xpath("//*[contains(@class, 'known')]//form")
    kim.post(
        form.get("action"), {one.get("name"): one.get("value") for one in form.xpath("./input")}
    )
    assert ["허브 스마트시티"] == headlines(kim.get(DRAFT))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://10.0.0.1/", "내부 또는 개인 네트워크"),
        ("http://169.254.169.254/latest/meta-data", "내부 또는 개인 네트워크"),
        ("http://press.example/inside", "내부 또는 개인 네트워크"),
        ("http://press.example/large", "너무 커서"),
        ("http://press.example/file.pdf", "읽을 수 있는 페이지가 아닙니다"),
        ("http://press.example/gone", "오류로 답합니다"),
        ("file:///etc/passwd", "http나 https로 시작하는"),
        ("", "표시된 칸"),
    ],
)
def test_a_page_that_cannot_be_had_is_told_in_plain_words(app: App, url: str, said: str) -> None:
    """Nobody is led inside, by whatever way; the link stays in its field."""
    page = person(app, "editor").post(ADD, {"section": "project", "do": "look", "url": url})

    assert 422 == page.status
    assert said in words(page)
    assert url == values(page)["url"]


def test_another_section_keeps_what_was_typed(app: App) -> None:
    """In its own fields, and aside where it has no such, for the way back; nothing is added by it."""
    kim = person(app, "editor")
    there = kim.post(f"{ADD}?section=project", {**EVENT, "do": "choose"})
    (form,) = read(there).xpath("//form[@id='typed']")
    sent = {one.get("name"): one.get("value") or "" for one in form.xpath(".//input")}
    back = kim.post(f"{ADD}?section=news", {**sent, "title": "새 이름", "do": "choose"})

    assert ("project", EVENT["title"]) == (sent["section"], values(there)["title"])
    typed = {**EVENT, "title": "새 이름", "venues": "난강전시센터\n가오슝전시센터"}
    assert (
        typed.items()
        >= {name: text for name, text in values(back).items() if name in EVENT}.items()
    )
    assert EVENT["phone"] == values(back)["phone"]
    assert [] == [*app.store.items()]


def test_a_page_is_shown_whatever_section_is_asked_for(app: App) -> None:
    """An address may be mistyped."""
    assert 200 == person(app, "editor").get(f"{ADD}?section=sport").status


def test_a_section_that_there_is_not_is_refused(app: App) -> None:
    """The way leads back."""
    kim = person(app, "editor")

    back = kim.post(ADD, {"section": "sport", "next": DRAFT})

    assert (303, DRAFT) == (back.status, back.headers["location"])
    assert "그런 분야가 없습니다." in flash(kim.get(DRAFT))
