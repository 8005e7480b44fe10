"""What the next issue's editor is shown of the issue before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from aggregator.domain.issues import Balance, Section, Series, Shape, Window
from aggregator.domain.items import SEOUL, EventFacts
from aggregator.issue.carry_over import carry_over
from aggregator.issue.choices import Candidate, Taken
from aggregator.issue.period import Period
from tests.issue.candidates import candidate

FEBRUARY = Period(
    window=Window(start=date(2024, 2, 1), end=date(2024, 2, 29)),
    issue_on=date(2024, 3, 4),
    until=datetime(2024, 3, 1, 10, tzinfo=SEOUL),
)
MARCH = Period(
    window=Window(start=date(2024, 3, 1), end=date(2024, 3, 31)),
    issue_on=date(2024, 4, 1),
    until=datetime(2024, 4, 1, tzinfo=SEOUL),
    before=FEBRUARY,
)
APRIL = Period(
    window=Window(start=date(2024, 4, 1), end=date(2024, 4, 30)),
    issue_on=date(2024, 5, 2),
    until=datetime(2024, 5, 1, tzinfo=SEOUL),
    before=FEBRUARY,
)


def section(section_id: str, **more: object) -> Section:
    return replace(Section(id=section_id, series="s", titles={"ko": section_id}), **more)  # type: ignore[arg-type]


SERIES = Series(
    id="s",
    titles={"ko": "소식"},
    taglines={"ko": ""},
    languages=("ko",),
    sections=(
        section("trend", limit=2, balance=Balance.ONE_PER_BODY),
        section("literature", shape=Shape.PAPER, limit=1),
        section("news", shape=Shape.EVENT, limit=1),
    ),
)


FULL = {n: Taken(section="trend", body=body) for n, body in ((8, "seoul"), (9, "busan"))}


def carried(*candidates: Candidate, period: Period = MARCH, **more: object) -> dict[int, str]:
    return carry_over(SERIES, candidates, period, **{"number": 48, "taken": FULL, **more})  # type: ignore[arg-type]


def test_the_reason_is_that_of_the_issue_before() -> None:
    """The section was full, or the body had its place."""
    found = carried(candidate(1), candidate(2, body="seoul", body_name="서울시"))

    assert {
        1: "carried over from No. 48, where trend was full (2 places)",
        2: "carried over from No. 48, where 서울시 had a place in trend",
    } == found


def test_a_place_that_was_left_is_told() -> None:
    """It fitted, and nobody decided on it."""
    found = carried(candidate(1), taken={})

    assert {1: "carried over from No. 48, where trend had a place left"} == found


def test_what_an_editor_decided_on_is_not_carried_over() -> None:
    """Printed, left out or dropped: it has a pick in the issue before."""
    assert {} == carried(candidate(1), taken=FULL | {1: Taken(section="", body="jeju")})


def test_what_was_printed_is_not_carried_over() -> None:
    """Another story that said the same had its place."""
    assert {} == carried(candidate(1), printed={1})


def test_what_is_late_for_the_issue_before_is_of_this_one() -> None:
    """It is proposed like any other, and not carried over."""
    assert {} == carried(candidate(1, first_seen_at=FEBRUARY.until + timedelta(hours=1)))


@pytest.mark.parametrize("day", [1, 29])
def test_the_whole_window_is_fresh(day: int) -> None:
    """From its first day to its last."""
    assert {1} == carried(candidate(1, day=date(2024, 2, day))).keys()


def test_what_waited_before_that_is_not_fresh() -> None:
    """A release of January that came late for its own issue has had its second chance."""
    before = replace(
        FEBRUARY,
        before=Period(
            window=Window(start=date(2024, 1, 1), end=date(2024, 1, 31)),
            issue_on=date(2024, 2, 1),
            until=datetime(2024, 2, 1, tzinfo=SEOUL),
        ),
    )

    assert {} == carried(candidate(1, day=date(2024, 1, 20)), period=replace(MARCH, before=before))


def test_nothing_is_carried_over_a_window_that_was_given_up() -> None:
    """What goes by day is too old by then; a paper is not."""
    papers = [candidate(n, section="literature", day=None) for n in (2, 3)]

    taken = FULL | {7: Taken(section="literature", body="kits")}
    assert {2, 3} == carried(candidate(1), *papers, period=APRIL, taken=taken).keys()


def test_events_go_by_their_own_days() -> None:
    """One that lies ahead is of this issue anyway; one that is over is of none; a release without
    days could not be printed."""
    over = EventFacts(name="e", starts_on=date(2024, 3, 5), ends_on=date(2024, 3, 6))
    ahead = EventFacts(name="e", starts_on=date(2024, 5, 5), ends_on=date(2024, 5, 6))
    stories = [candidate(n, section="news", event=e) for n, e in enumerate((over, ahead, None))]

    assert {} == carried(*stories, taken={9: Taken(section="news", body="x")})


def test_a_first_issue_has_nothing_carried_over() -> None:
    """There is no issue before."""
    assert {} == carried(candidate(1), period=FEBRUARY)
