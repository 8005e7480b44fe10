"""The small printed lines."""

from __future__ import annotations

from datetime import date

import pytest

from aggregator.domain.items import EventFacts, Person
from aggregator.issue.headline import printed_headline
from aggregator.issue.lines import authors_line, byline, event_days, heading, venues


def event(first: date, last: date) -> EventFacts:
    return EventFacts(name="e", starts_on=first, ends_on=last, venues=("가", "나"))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2024, 3, 19), date(2024, 3, 23), "'24.3.19~23"),
        (date(2024, 3, 30), date(2024, 4, 2), "'24.3.30~4.2"),
        (date(2024, 12, 30), date(2025, 1, 2), "'24.12.30~'25.1.2"),
        (date(2024, 3, 5), date(2024, 3, 5), "'24.3.5"),
    ],
)
def test_event_days_print_only_what_changes(first: date, last: date, expected: str) -> None:
    """A month or year is printed again only where it is another."""
    assert expected == event_days(event(first, last))


def test_a_byline_has_no_zero_padding() -> None:
    """Day and body are parted by a stroke; a missing part takes its stroke along."""
    assert byline(date(2024, 2, 7), "경기도") == "2024.2.7 / 경기도"
    assert byline(None, "경기도") == "경기도"
    assert byline(date(2024, 2, 7), "") == "2024.2.7"


def test_the_heading_counts_and_dates_the_issue() -> None:
    """The same in both editions."""
    assert heading(48, date(2024, 3, 4)) == "No. 48 (2024.3.4)"


def test_authors_of_one_affiliation_share_it() -> None:
    """Neighbours with an affiliation in common are grouped; the order is kept."""
    authors = [
        Person(name="A", affiliation="X"),
        Person(name="B", affiliation="X"),
        Person(name="C", affiliation="Y"),
        Person(name="D"),
    ]

    assert authors_line(authors) == "A, B (X) / C (Y) / D"


def test_venues_are_joined_in_their_language() -> None:
    """Two venues are one phrase."""
    both = event(date(2024, 3, 1), date(2024, 3, 1))

    assert venues(both, "ko") == "가 및 나"
    assert venues(both, "en") == "가 & 나"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("(석간) 서울시, 유럽 진출", "서울시, 유럽 진출"),
        ("[보도참고][부처합동] 안전망 구축", "안전망 구축"),
        ("[7.9.목.조간] 대책 발표", "대책 발표"),
        ("[보도자료]", "[보도자료]"),
        ("<2026 도시혁신> 공모", "<2026 도시혁신> 공모"),
        ("(서울) 시장 방문", "(서울) 시장 방문"),
    ],
)
def test_a_headline_loses_the_marks_of_the_press_office(title: str, expected: str) -> None:
    """Only known marks in front are cut, and never the whole title."""
    assert expected == printed_headline(title)
