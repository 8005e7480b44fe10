"""The page Why is it missing?: an answer in words, and what to do next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from aggregator.bootstrap import App
from aggregator.catalogue import LANGUAGES, Catalogue
from aggregator.services.answers.why_reply import Answer, Reply
from aggregator.services.editing.edit import drop
from aggregator.web.desk.missing_words import reply_words
from tests.fixtures.desk import make_series, release
from tests.fixtures.doors import Person, person, read, words
from tests.fixtures.looking import HOSTILE, desk_with_releases, public_id, stock

WINDOW = {"start": "2024-02-01", "end": "2024-02-29"}
DAYS = {"day": "2024-01-05", "number": 48, "window": WINDOW, "belongs_to": None}
NEAREST = {"nearest": "trend", "score": 2.9, "threshold": 3.0, "short": 0.1, "gate": None}
BY = {"number": 48, "section": "trend", "by": "kim", "at": "2024-03-04T10:00:00+09:00", "why": "x"}
FIGURES: list[tuple[Answer, Mapping[str, Any]]] = [
    (Answer.NEVER_SEEN, {}),
    (Answer.NOT_CURATED, {"feed": "molit", "section": None}),
    (Answer.NOT_CURATED, {"section": "trend"}),
    (Answer.FOLDED, {"feed": "molit", "title": "a", "rule": "x", "detail": {}, "headline": "b"}),
    (Answer.PRINTED, {"number": 48, "section": "trend", "place": 1, "of": 2}),
    (Answer.PRINTED, {"number": 48, "section": "trend", "place": None, "of": None}),
    (Answer.IN_DRAFT, {"number": 48, "section": "trend", "place": 1, "of": 2}),
    (Answer.DROPPED, BY),
    (Answer.DROPPED, {**BY, "by": None, "at": None, "number": None}),
    (Answer.LEFT_OUT, BY),
    (Answer.LEFT_OUT, {**BY, "by": None, "at": None}),
    (Answer.BELOW_THRESHOLD, NEAREST),
    (Answer.OFF_TOPIC, NEAREST),
    (Answer.REFUSED, NEAREST),
    (Answer.LACKS_WORDS, NEAREST),
    (Answer.OUT_OF_SCOPE, {**NEAREST, "nearest": None}),
    (Answer.HELD_BACK, {"until": "2024-03-05T10:00:00+09:00"}),
    (Answer.LATE, {"number": 48, "section": "trend", "why": "x"}),
    (Answer.WAITING, {"number": 48, "section": "trend", "why": "x"}),
    (Answer.CARRIED_OVER, {"number": 48, "section": "trend", "why": "x"}),
    (Answer.BEFORE_DRAFT, {"number": 48, "section": "trend", "why": None}),
    (Answer.OUTSIDE_WINDOW, DAYS),
    (Answer.OUTSIDE_WINDOW, {**DAYS, "belongs_to": 47}),
    (Answer.OUTSIDE_WINDOW, {**DAYS, "day": None}),
    (Answer.GIVEN_UP, DAYS),
    (Answer.UNDATED, {**DAYS, "day": None, "belongs_to": 47}),
    (Answer.UNDATED, {**DAYS, "day": None}),
    (Answer.UNEXPLAINED, {"number": 48, "section": "trend"}),
]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with three releases."""
    with desk_with_releases(tmp_path) as made:
        yield made


def ask(who: Person, what: str) -> Any:  # noqa: ANN401 - lxml's element
    page = who.get(f"/desk/missing?what={quote(what)}")
    assert 200 == page.status
    return read(page)


def said(who: Person, what: str) -> str:
    return re.sub(r"\s+", " ", " ".join(ask(who, what).xpath("//main//text()")))


def test_every_answer_has_words() -> None:
    """None is left out of the table below."""
    assert {*Answer} == {answer for answer, _ in FIGURES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("answer", "figures"), FIGURES)
def test_answers_are_put_in_words(
    answer: Answer, figures: Mapping[str, Any], language: str
) -> None:
    """In both languages, with whatever is known; nothing of a value's own form is left."""
    reply = Reply(answer=answer, says="says", figures=figures)
    text = reply_words(reply, make_series(), Catalogue.load(), language)

    assert text
    assert None is re.search(r"None|T10:00|\{|trend|2024-", text)


def test_nothing_is_asked_at_first(app: App) -> None:
    """A form, and no answer."""
    page = read(person(app, "reader").get("/desk/missing"))

    assert [] == page.xpath("//section")
    assert ["what"] == page.xpath("//main//input[@type='text']/@name")


def test_what_no_section_has_is_put_in_by_hand(app: App) -> None:
    """Into the section that is chosen."""
    kim = person(app, "editor")
    page = ask(kim, "국도 보수")
    (form,) = page.xpath("//form[@class='put']")

    assert "분야에 들지 못했습니다" in said(kim, "국도 보수")
    done = kim.post(form.get("action"), {"section": "trend", "next": "/desk/missing"})
    assert 303 == done.status
    assert "빠지지 않았습니다. 제48호 초안의" in said(kim, "국도 보수")


def test_a_reader_is_told_and_offered_nothing(app: App) -> None:
    """Only the words."""
    kim = person(app, "reader")

    assert "분야에 들지 못했습니다" in said(kim, "국도 보수")
    assert [] == ask(kim, "국도 보수").xpath("//main//form[@method='post']")


def test_what_an_editor_dropped_says_by_whom_and_why(app: App) -> None:
    """In his own words."""
    drop(app.desk, public_id(app, "통신망"), why="중복")
    text = said(person(app, "reader"), "통신망")

    assert "editor 님이" in text
    assert "“중복”" in text


def test_what_was_never_seen_leads_on(app: App) -> None:
    """To the feed that it should have come from, to a search, to like titles."""
    page = ask(person(app, "editor"), "http://www.molit.example/view?id=99")
    text = " ".join(page.xpath("//main//text()"))

    assert "저장된 적이 없습니다." in text
    assert any("molit" in href for href in page.xpath("//main//section//a/@href"))


def test_like_titles_ask_again(app: App) -> None:
    """Each by its id, so that one answers."""
    page = ask(person(app, "editor"), "스마트시티 데이터 허브 구축하기")
    (again,) = page.xpath("//ul[@class='rows']/li/a[contains(@href, 'what=')]/@href")

    assert f"?what={public_id(app, '데이터 허브')}" == again


def test_several_are_answered_for_at_once(app: App) -> None:
    """Each in a section of its own."""
    page = ask(person(app, "reader"), "스마트시티")

    assert 2 == len(page.xpath("//main/section"))


def test_hostile_texts_are_text_and_short(app: App) -> None:
    """What was stored, and what was typed."""
    stock(app, release("molit", "evil", date(2024, 2, 5), title=HOSTILE))
    kim = person(app, "reader")
    for what in ("alert(1)", HOSTILE[:300], "\x00\x1f"):
        page = kim.get(f"/desk/missing?what={quote(what)}")
        assert "<script>alert" not in page.text
        assert len(page.text) < 60_000
        assert "찾는 것" in words(page)
