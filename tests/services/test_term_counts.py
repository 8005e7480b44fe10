"""Terms found as rules find words, and terms that no group knows."""

from __future__ import annotations

from dataclasses import replace

from aggregator.domain.rules import Group
from aggregator.services.lab.term_counts import TermFinder, unknown_terms
from tests.fixtures.desk import make_rules

RULES = replace(
    make_rules(),
    masks=("스마트시티랩",),
    groups=(Group(id="core", weight=2.0, words=("스마트시티", "AI")),),
)


def test_terms_are_found_within_longer_ones() -> None:
    """A longer word swallows no shorter one here, nor does a mask."""
    finder = TermFinder(RULES, ["특구", "도심융합특구", "도심융합특구 지정", "스마트시티랩"])

    found = finder.find({"title": "도심융합특구 지정", "summary": "스마트시티랩을 연다."})

    assert {"특구", "도심융합특구", "도심융합특구 지정", "스마트시티랩"} == found
    assert frozenset({"특구"}) == finder.find({"title": "연구개발특구"})
    assert frozenset() == finder.find({"title": ""})


def test_acronyms_stand_free() -> None:
    """As words of the rules do."""
    finder = TermFinder(RULES, ["ITS"])

    assert frozenset() == finder.find({"title": "in its own way"})
    assert frozenset({"ITS"}) == finder.find({"title": "ITS 구축"})


def test_what_a_group_covers_is_known() -> None:
    """A phrase with something else in it is not; a part of a single word is, where one may be."""
    terms = ["스마트시티", "스마트시티 특구", "스마트시티형", "특구"]

    assert ["스마트시티 특구", "특구"] == unknown_terms(RULES, terms, within=False)
    assert ["스마트시티 특구", "스마트시티형", "특구"] == unknown_terms(RULES, terms, within=True)
