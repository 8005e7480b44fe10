"""Pages in Korean say everything in Korean: what the program itself says in English stays on the command
line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, cast

import pytest
from hypothesis import given
from lxml import html

from aggregator.bootstrap import App
from aggregator.calendar.clocks import FixedClock
from aggregator.catalogue import Catalogue
from aggregator.domain.issues import PickField, Series
from aggregator.domain.publishing import PublishOptions
from aggregator.domain.rules import RuleSet
from aggregator.issue.carry_over import carry_over
from aggregator.ports.storing import Store
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, leave, move, reject
from aggregator.services.editing.undo import redo, undo
from aggregator.web.desk.said import cause_in_words, place_in_words
from tests.fixtures.desk import lay_in, release
from tests.fixtures.doors import Person, person
from tests.fixtures.press import HUB, PLAN, editor_at, press_opened, story_of, translate
from tests.fixtures.walking import pages_of
from tests.issue.test_selection_properties import BODIES, NAMES, PERIOD, Case, cases, parts

DRAFT, TRANSLATION = "/desk/draft", "/desk/translation"
WRITTEN = (
    "MOLIT confirms the smart city plan in 13 cities for 15 billion won on Monday, 6 March and",
    "The hub is is spread, says the Minstry of Science and 국토부",
    "Ministry of Land, Infrastructure, and Transport",
    "MOLIT confirms the smart city plan",
)
"""What is English on purpose: translations, and names as they are printed in them."""
EXACT = "self::code or self::textarea or self::pre or self::script or self::details or self::ins or self::del"
"""Commands, rules, documents, what a machine said exactly, behind a word that opens it, and what somebody
wrote, as it was and is."""
LATIN = re.compile(r"[A-Za-z]+")
WORD = re.compile(r"(?<![\w@./:#-])[A-Za-z]{3,}(?![\w@/:-])")
NAMES_OF_ALL = {
    "English", "Esc", "feeds", "molit", "msit", "admin", "editor", "publisher", "reader",
}  # fmt: skip
"""A language by its own name, a key, a file, offices and people by the names that were configured."""
SENTENCE = re.compile(r"\b[A-Za-z]{2,},? [a-z]{2,},? [a-z]{2,}\b|\b[a-z]+: [a-z]{2,} [a-z]{2,}\b")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A desk that has much to say: faults of translations and of the issue, stories that the rules
    place, refuse, and put where others wait."""
    with press_opened(tmp_path_factory.mktemp("korean")) as made:
        crowd = [
            release(
                feed, f"자율주행 버스 제{n}호 개통", title=f"스마트시티 자율주행 버스 제{n}호 개통"
            )
            for n, feed in enumerate(("molit", "msit") * 6)
        ]
        lay_in(
            made.desk, *crowd, release("molit", "도로", title="국도 보수", summary="길을 고친다.")
        )
        made.curator.curate()
        translate(
            made, PLAN, PickField.HEADLINE, WRITTEN[0], base="MOLIT confirms the smart city plan"
        )
        translate(made, HUB, PickField.HEADLINE, WRITTEN[1])
        editor = editor_at(made)
        issue = made.desk.store.issues(made.desk.series.id)[-1].id
        stories = [one.public_id for one in made.store.stories()]
        accept(editor, issue, story_of(made, crowd[0].guid), section="issue")
        leave(editor, issue, story_of(made, crowd[1].guid))
        reject(editor, issue, story_of(made, crowd[2].guid))
        move(editor, issue, story_of(made, crowd[0].guid), section="trend")
        undo(editor, issue)
        redo(editor, issue)
        assert len(stories) > 10
        yield made


@pytest.fixture(scope="module")
def reader(app: App) -> Person:
    """Somebody who may see every page."""
    return person(app, "admin")


def english(text: str) -> list[str]:
    """What of a page is said in English by nobody but the program."""
    root = html.fromstring(text)
    found = []
    nodes: Any = root.xpath(f"//text()[not(ancestor-or-self::*[{EXACT}])]")
    for node in nodes:
        said = " ".join(str(node).split())
        for written in WRITTEN:
            said = "" if said in written else said.replace(written, "")
        found += [said] if SENTENCE.search(said) else []
    return found


def test_no_page_of_the_desk_says_anything_in_english(app: App, reader: Person) -> None:
    """Each page that there is, each item's too."""
    said = {}
    for path in [*pages_of(app), "/desk/missing?what=국도", "/desk/search?q=스마트시티"]:
        page = reader.get(path, accept_language="ko")
        if page.headers.get("content-type", "").startswith("text/html") and "preview/" not in path:
            said[path] = english(page.text)
    assert len(said) > 30
    assert {} == {path: found for path, found in said.items() if found}


def test_no_page_of_the_desk_has_an_english_word(app: App, reader: Person) -> None:
    """Not one of the program's own alone, such as a state or a kind by its code."""
    groups = {group.id for group in app.config.rules.groups}
    said = {}
    for path in pages_of(app):
        page = reader.get(path, accept_language="ko")
        if page.headers.get("content-type", "").startswith("text/html") and "preview/" not in path:
            said[path] = _words(page.text) - groups - NAMES_OF_ALL
    assert len(said) > 30
    assert {} == {path: found for path, found in said.items() if found}


def _words(text: str) -> set[str]:
    """The words in Latin letters but those of what is English on purpose (a translation put right, too), of quotes, and of places that
    a script fills."""
    root = html.fromstring(text)
    nodes: Any = root.xpath(
        f"//text()[not(ancestor-or-self::*[{EXACT} or @lang='en' or @class='remedy' or self::template])]"
    )
    found: set[str] = set()
    for node in nodes:
        said = " ".join(str(node).split())
        if not any(said in written for written in WRITTEN):
            found |= {*WORD.findall(re.sub(r"‘[^’]*’|\{\w+\}", "", said))}
    return found


@pytest.mark.parametrize(
    "sentence", ["it has no headline", "level metro is outside its scope", "why: no room in it"]
)
def test_such_a_sentence_would_be_seen(sentence: str) -> None:
    """Alone, and in the midst of Korean."""
    assert english(f"<html><p>{sentence}</p></html>")
    assert english(f"<html><p>이유: {sentence} 입니다</p></html>")


@pytest.mark.parametrize("path", [DRAFT, TRANSLATION, "/desk/preview", "/desk/issues/48"])
def test_findings_are_told_in_the_language_of_the_page(reader: Person, path: str) -> None:
    """The sentence and what would be right, wherever findings are shown."""
    korean, other = (reader.get(path, accept_language=one).text for one in ("ko", "en"))
    assert "같은 말이 두 번 이어집니다: ‘is’" in korean
    assert "하나를 빼세요" in korean
    assert "&#39;is&#39; stands twice" in other


def test_a_section_says_what_it_lacked(app: App, reader: Person) -> None:
    """On the page of an item: which words, which level."""
    (story,) = app.store.find_stories("국도 보수")
    page = reader.get(f"/desk/items/{story.public_id}", accept_language="ko").text
    assert "이 분야가 아님" in page


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("27.05 points", "27.05점"),
        ("does not lead issue; 6 points", "스마트시티 이슈의 앞자리에 맞지 않음; 6점"),
        ("trend is full (12 places)", "스마트시티 정책동향의 12자리가 다 참"),
        ("second of 울산시: trend is short of 7 items; 6 points",
         "스마트시티 정책동향 7건을 채우려 더함(울산시의 다른 기사); 6점"),
        ("carried over from No. 47, where trend was full (12 places)",
         "47호에서 넘어옴(스마트시티 정책동향의 12자리가 다 참)"),
        ("carried over from No. 47, where 울산시 had a place in trend, second of 울산시: issue is short of 7 items",
         "스마트시티 이슈 7건을 채우려 더함(47호에서 넘어옴(스마트시티 정책동향에 울산시 기사가 있었음), 울산시의 다른 기사)"),
    ],
)  # fmt: skip
def test_a_reason_of_the_rules_is_told_in_korean(app: App, stored: str, told: str) -> None:
    """Each of its parts."""
    assert told == cause_in_words(app.desk, stored, "ko", by_rules=True)


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("accepted", "편집자가 채택"),
        ("undo of reject (action 12)", "되돌림: 제외"),
        ("place 3", "3번째 자리로"),
        ("the source changed: its text is taken", "원문이 바뀜: 원문의 글로 바꿈"),
        ("copy of the portal's", "copy of the portal's"),
        ("27.05 points", "27.05 points"),
        ("trend is full (12 places)", "trend is full (12 places)"),
    ],
)
def test_a_reason_that_somebody_typed_stays_as_it_is(app: App, stored: str, told: str) -> None:
    """Though it may read like one of the rules; what the program says of an action is told."""
    assert told == cause_in_words(app.desk, stored, "ko")


@given(cases())
def test_every_reason_of_a_selection_is_told_in_korean(case: Case) -> None:
    """Whatever is proposed, waits, comes late or was carried over; no part of it stays in English."""
    carried = carry_over(case.series, case.candidates, PERIOD, number=47, taken=case.taken)
    selection = replace(case, carried=carried).select()
    desk = _desk_of(case.series)
    for choice in chain(*parts(selection)):
        for part in choice.why.split("; "):
            told = place_in_words(desk, part, "ko")
            assert told != part
            assert not set(LATIN.findall(told)) - {*NAMES, *BODIES, "no", "body"}


def _desk_of(series: Series) -> Desk:
    """A desk of which the series and the catalogue are asked alone."""
    return Desk(
        store=cast("Store", None),
        clock=FixedClock(PERIOD.until),
        series=series,
        feeds=(),
        bodies={},
        rules=cast("RuleSet", None),
        options=cast("PublishOptions", None),
        catalogue=Catalogue.load(),
    )
