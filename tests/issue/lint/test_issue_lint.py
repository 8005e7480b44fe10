"""The lint before publishing: one fault in the facts, one finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from aggregator.domain.issues import PickField, Shape, Window
from aggregator.domain.mailing import MailSize
from aggregator.issue.choices import Printed
from aggregator.issue.lint.pairs import Pair
from aggregator.issue.lint.publishing import (
    IssueFacts,
    ItemFacts,
    LinkAnswer,
    PrintedText,
    lint_issue,
)
from aggregator.issue.translation import Outstanding

ITEM = ItemFacts(
    story="a1",
    section="trend",
    shape=Shape.ARTICLE,
    title="드론 도시",
    day=date(2024, 2, 20),
    url="https://seoul.example/1",
    body="seoul",
    texts=(PrintedText(field=PickField.HEADLINE, language="ko", text="드론 도시"),),
)
FACTS = IssueFacts(
    number=48,
    issue_on=date(2024, 3, 4),
    window=Window(start=date(2024, 2, 1), end=date(2024, 2, 29)),
    items=(ITEM,),
    sections=("trend",),
)
REWRITTEN = PrintedText(field=PickField.BLURB, language="ko", text="새 글", altered=True)
ENGLISH = PrintedText(field=PickField.HEADLINE, language="en", text="Drones", translated=True)


def found(facts: IssueFacts) -> list[tuple[str, str]]:
    """Severity and code of what is found."""
    return [(str(f.severity), f.code) for f in lint_issue(facts)]


def of(**changes: object) -> list[tuple[str, str]]:
    """What is found in an issue whose one item is changed so."""
    return found(replace(FACTS, items=(replace(ITEM, **changes),)))  # type: ignore[arg-type]


def test_a_good_issue_is_clean() -> None:
    """Nothing to say."""
    assert [] == found(FACTS)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"day": None}, ("amber", "day-missing")),
        ({"day": date(2024, 1, 31)}, ("amber", "day-outside")),
        ({"day": date(2024, 3, 4)}, ("amber", "day-outside")),
        ({"day": date(2024, 3, 5)}, ("red", "day-ahead")),
        ({"url": ""}, ("red", "link-missing")),
        ({"body": "nobody", "body_known": False}, ("red", "body-unknown")),
        ({"body": "", "body_known": False}, ("amber", "body-unknown")),
        ({"repeats": Printed(number=47)}, ("amber", "repeated")),
        ({"picture": "https://seoul.example/1.png"}, ("amber", "alt-missing")),
        ({"licence": "KOGL-4", "texts": (REWRITTEN,)}, ("red", "licence-altered")),
        ({"licence": "CC-BY-NC-ND-4.0", "texts": (ENGLISH,)}, ("amber", "licence-translated")),
        (
            {"picture": "p", "alt": "드론", "picture_licence": "All rights reserved"},
            ("red", "licence-picture"),
        ),
    ],
)
def test_one_fault_one_finding(changes: dict[str, object], expected: tuple[str, str]) -> None:
    """By its code and severity."""
    assert [expected] == of(**changes)


def test_what_nobody_decided_on_is_told_in_one_finding() -> None:
    """Proposals may be answered for; what somebody set aside must be decided. Each is named."""
    items = (
        replace(ITEM, is_proposal=True),
        replace(ITEM, story="b2", url="https://seoul.example/2", is_proposal=True),
        replace(ITEM, story="c3", url="https://seoul.example/3", is_proposal=True, is_aside=True),
        replace(ITEM, story="d4", url="https://seoul.example/4"),
    )
    findings = lint_issue(replace(FACTS, items=items))

    assert [("red", "set-aside", ("c3",)), ("amber", "unconfirmed", ("a1", "b2"))] == [
        (str(one.severity), one.code, one.stories) for one in findings
    ]


def test_where_nobody_is_meant_to_confirm_proposals_are_no_finding() -> None:
    """An issue that goes out unattended; what somebody set aside there is one all the same."""
    proposal = replace(ITEM, is_proposal=True)
    facts = replace(FACTS, items=(proposal,), unattended=True)

    assert [] == found(facts)
    assert [("red", "set-aside")] == found(
        replace(facts, items=(replace(proposal, is_aside=True),))
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"licence": "KOGL-1", "texts": (REWRITTEN, ENGLISH)},
        {"licence": "KOGL-4"},
        {"shape": Shape.PAPER, "day": None, "url": ""},
        {"picture": "p", "alt": "드론"},
    ],
)
def test_what_is_allowed(changes: dict[str, object]) -> None:
    """Texts that may be changed, papers without day, pictures with a text."""
    assert [] == of(**changes)


@pytest.mark.parametrize(
    "licence",
    [
        "공공누리 제3유형",
        "공공누리 제4유형: 출처표시+상업적 이용금지+변경금지",
        "제3유형",
        "KOGL Type 4",
        "https://www.kogl.or.kr/info/licenseType4.do",
        "CC BY-ND 4.0",
        "CC BY-NC-ND",
        "https://creativecommons.org/licenses/by-nd/4.0/",
        "Creative Commons Attribution-NoDerivatives 4.0",
        "크리에이티브 커먼즈 저작자표시-변경금지 4.0",
    ],
)
def test_a_licence_is_read_in_words(licence: str) -> None:
    """However it is written, it forbids the same."""
    assert [("red", "licence-altered")] == of(licence=licence, texts=(REWRITTEN,))


@pytest.mark.parametrize(
    "licence",
    ["공공누리 제1유형", "KOGL Type 2", "CC BY-SA 4.0", "CC BY 3.0 KR", "제34조에 따름", "© 2024"],
)
def test_a_licence_in_words_that_allows_changes(licence: str) -> None:
    """Is none that forbids them."""
    assert [] == of(licence=licence, texts=(REWRITTEN, ENGLISH))


def test_a_review_may_repeat() -> None:
    """As the review of a year does on purpose."""
    again = replace(ITEM, repeats=Printed(number=47))

    assert [] == found(replace(FACTS, items=(again,), review=True))


def test_an_empty_section_is_named() -> None:
    """In the order of the series."""
    facts = replace(FACTS, sections=("issue", "trend", "news"))

    assert ["issue", "news"] == [f.where for f in lint_issue(facts)]


def test_two_items_may_not_lead_to_one_page() -> None:
    """The second of them is told."""
    (finding,) = lint_issue(replace(FACTS, items=(ITEM, replace(ITEM, story="b2"))))

    assert ("red", "twice", "b2") == (finding.severity, finding.code, finding.where)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("https://a.example/1", "https://a.example/1#top", [("red", "twice")]),
        ("https://a.example/#/view/1", "https://a.example/#/view/2", []),
        ("https://a.example/#!1", "https://a.example/#!2", []),
    ],
)
def test_a_place_within_a_page_is_no_other_page(
    first: str, second: str, expected: list[tuple[str, str]]
) -> None:
    """But what scripts take for an address is one."""
    items = (replace(ITEM, url=first), replace(ITEM, story="b2", url=second))

    assert expected == found(replace(FACTS, items=items))


def test_what_is_not_translated_is_counted() -> None:
    """By language."""
    facts = replace(FACTS, outstanding={"en": Outstanding(missing=2, fuzzy=1)})

    assert [
        (
            "untranslated",
            "2 texts have no translation: the en edition prints them as their source does",
        ),
        (
            "fuzzy",
            "1 text has one that is out of date: the en edition prints them as their source does",
        ),
    ] == [(f.code, f.message) for f in lint_issue(facts)]


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (MailSize(size=90_000), []),
        (MailSize(size=90_001), [("red", "mail-large")]),
        (MailSize(problem="it has 95000 bytes even without its items"), [("red", "mail-large")]),
        (MailSize(size=80_000, is_cut=True), [("amber", "mail-cut")]),
    ],
)
def test_a_mail_has_its_limit(mail: MailSize, expected: list[tuple[str, str]]) -> None:
    """Beyond it mail programs cut it off; what was cut for it is told."""
    assert expected == found(replace(FACTS, mails={"ko": mail}))


@pytest.mark.parametrize(
    ("status", "expected"),
    [(404, "link-dead"), (410, "link-dead"), (403, "link-silent"), (0, "link-silent")],
)
def test_a_link_that_does_not_answer(status: int, expected: str) -> None:
    """Gone is gone; anything else may be alive for others."""
    answer = LinkAnswer(url=ITEM.url, ok=False, status=status, reason="why", items=("a1",))

    (finding,) = lint_issue(replace(FACTS, links=(answer,)))

    assert (expected, "a1") == (finding.code, finding.where)


@pytest.mark.parametrize(
    ("field", "language", "length"),
    [("headline", "ko", 81), ("headline", "en", 161), ("blurb", "ko", 301), ("blurb", "en", 701)],
)
def test_a_text_that_is_too_long(field: str, language: str, length: int) -> None:
    """One character over the limit."""
    text = PrintedText(field=PickField(field), language=language, text="a" * length)

    assert ([("amber", "long")], []) == (
        of(texts=(text,)),
        of(texts=(replace(text, text=text.text[1:]),)),
    )


def test_red_comes_first() -> None:
    """Translations are linted with the rest."""
    pair = Pair(source="2억 원을 들인다", translation="It costs 20 million won.", where="a1/blurb")
    facts = replace(FACTS, items=(replace(ITEM, pairs=(pair,), day=None),))

    assert [("red", "amount-wrong"), ("amber", "day-missing")] == found(facts)
