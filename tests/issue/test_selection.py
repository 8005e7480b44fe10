"""Selection: window, lead, balance, limits, order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from aggregator.domain.issues import Balance, Section, Series, Shape, Window
from aggregator.domain.items import SEOUL, EventFacts
from aggregator.issue.choices import Candidate, Choice, Printed, Selection, Taken, Wait
from aggregator.issue.period import Period
from aggregator.issue.selection import select
from tests.issue.candidates import candidate

JANUARY = Window(start=date(2024, 1, 1), end=date(2024, 1, 31))
FEBRUARY = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
DRAFTED_AT = datetime(2024, 3, 1, 10, tzinfo=SEOUL)


def section(section_id: str, **more: object) -> Section:
    return replace(Section(id=section_id, series="s", titles={"ko": section_id}), **more)  # type: ignore[arg-type]


SERIES = Series(
    id="s",
    titles={"ko": "소식"},
    taglines={"ko": ""},
    languages=("ko",),
    sections=(
        section(
            "issue", limit=2, overflow="project", lead_bodies=("molit",), lead_groups=("core",)
        ),
        section("project", limit=3),
        section("trend", limit=4, balance=Balance.ONE_PER_BODY),
        section("literature", shape=Shape.PAPER),
        section("news", shape=Shape.EVENT),
    ),
)
PERIOD = Period(window=FEBRUARY, issue_on=date(2024, 3, 4), until=DRAFTED_AT)
MARCH = Period(
    window=Window(start=date(2024, 3, 1), end=date(2024, 3, 31)),
    issue_on=date(2024, 4, 1),
    until=datetime(2024, 3, 29, tzinfo=SEOUL),
    before=PERIOD,
)


def after(filled_at: datetime, window: Window = JANUARY) -> Period:
    """February's period behind an issue that was filled then."""
    before = Period(window=window, issue_on=window.end + timedelta(days=1), until=filled_at)
    return replace(PERIOD, before=before)


def chosen(*candidates: Candidate, period: Period = PERIOD, **more: object) -> Selection:
    series = more.pop("series", SERIES)
    return select(series, candidates, period, **{"taken": {}, **more})  # type: ignore[arg-type]


def with_fill(fill: int, **more: object) -> Series:
    """The series with another floor under its balanced section."""
    sections = [replace(s, fill=fill, **more) if s.id == "trend" else s for s in SERIES.sections]  # type: ignore[arg-type]
    return replace(SERIES, sections=tuple(sections))


def reasons(choices: tuple[Choice, ...]) -> dict[int, str]:
    return {one.candidate.story_id: one.why for one in choices}


def ids(selection: Selection) -> list[tuple[str, int]]:
    return [(c.section, c.candidate.story_id) for c in selection.proposed]


def test_both_ends_of_the_window_are_in() -> None:
    """1 and 29 February are proposed, the days beside them are not."""
    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)]

    found = chosen(*(candidate(n, day=day) for n, day in enumerate(days)))

    assert ids(found) == [("trend", 2), ("trend", 1)]


def test_newest_first_then_administrative_order() -> None:
    """On one day the body's place decides."""
    found = chosen(
        candidate(1, body_order=30),
        candidate(2, body_order=10),
        candidate(3, body_order=99, day=date(2024, 2, 11)),
    )

    assert ids(found) == [("trend", 3), ("trend", 2), ("trend", 1)]


def test_a_body_stands_once_where_balance_asks_for_it() -> None:
    """The better of two stories of one body is proposed, the other waits with the reason."""
    found = chosen(candidate(1, body="seoul"), candidate(2, body="seoul", score=9.0))

    assert ids(found) == [("trend", 2)]
    assert [c.why for c in found.waiting] == ["seoul has a place in trend already"]


def test_an_editors_choice_counts_for_the_balance() -> None:
    """A body that an editor gave a place is not proposed a second time."""
    found = chosen(candidate(1, body="seoul"), taken={9: Taken(section="trend", body="seoul")})

    assert ids(found) == []


def test_a_full_section_leaves_the_weakest_waiting() -> None:
    """Points decide who is in; the printed order is by day all the same."""
    found = chosen(*(candidate(n, score=float(n)) for n in range(6)))

    assert {2, 3, 4, 5} == {story for _, story in ids(found)}


def test_what_does_not_lead_goes_over_to_the_next_section() -> None:
    """The lead section keeps the ministry's own topic; the rest is printed under project."""
    lead = candidate(1, section="issue", body="molit", title_groups=frozenset({"core"}))
    other = candidate(2, section="issue", score=9.0, title_groups=frozenset({"core"}))

    assert ids(chosen(lead, other)) == [("issue", 1), ("project", 2)]


def test_without_a_leading_story_the_best_one_leads() -> None:
    """An issue is never without its first section when there is any national story."""
    found = chosen(candidate(1, section="issue"), candidate(2, section="issue", score=9.0))

    assert ids(found) == [("issue", 2), ("project", 1)]


def test_what_arrives_after_the_draft_is_late() -> None:
    """It waits in the tray, whatever its points."""
    found = chosen(candidate(1, score=99.0, first_seen_at=DRAFTED_AT + timedelta(hours=1)))

    assert ids(found) == []
    assert [c.candidate.story_id for c in found.late] == [1]


def test_a_late_story_belongs_to_the_next_issue() -> None:
    """A February story first seen after the February draft is proposed for March; one that was
    there in time is not proposed again."""
    late = candidate(1, first_seen_at=DRAFTED_AT + timedelta(days=1))

    assert ids(chosen(late, candidate(2), period=MARCH)) == [("trend", 1)]


def test_what_lies_in_a_skipped_window_is_given_up() -> None:
    """Releases between the last issue's window and this one are not owed; papers have no day to
    go by."""
    december = Window(start=date(2023, 12, 1), end=date(2023, 12, 31))
    period = after(datetime(2024, 1, 1, tzinfo=SEOUL), december)
    skipped = candidate(1, day=date(2024, 1, 15))
    owed = candidate(2, day=date(2024, 1, 15), section="literature")

    assert [("literature", 2)] == ids(chosen(skipped, owed, period=period))


@pytest.mark.parametrize(("day", "is_in"), [(date(2024, 1, 2), False), (date(2024, 1, 3), True)])
def test_a_late_release_may_be_as_old_as_the_window_is_long(day: date, *, is_in: bool) -> None:
    """29 days before the first of February, and not one more."""
    period = after(datetime(2024, 1, 1, tzinfo=SEOUL))

    assert date(2024, 1, 3) == period.earliest
    assert is_in is bool(ids(chosen(candidate(1, day=day), period=period)))


def test_a_paper_goes_by_first_sight() -> None:
    """Papers have no day: those first seen since the last issue's draft belong to this one."""
    period = after(datetime(2024, 2, 1, tzinfo=SEOUL))
    old = candidate(
        1, section="literature", day=None, first_seen_at=datetime(2024, 1, 5, tzinfo=SEOUL)
    )
    new = candidate(2, section="literature", day=None)

    assert ids(chosen(old, new, period=period)) == [("literature", 2)]


def test_an_event_is_in_while_it_lies_ahead() -> None:
    """Its days count, not the day it was announced."""

    def on(day: date) -> EventFacts:
        return EventFacts(name="e", starts_on=day, ends_on=day)

    ahead = candidate(1, section="news", day=date(2023, 12, 1), event=on(date(2024, 3, 4)))
    past = candidate(2, section="news", event=on(date(2024, 3, 3)))

    assert ids(chosen(ahead, past)) == [("news", 1)]


def test_an_event_without_days_is_not_proposed() -> None:
    """A release about an event has no days to print: an editor types them in."""
    found = chosen(candidate(1, section="news"))

    assert ids(found) == []
    assert [c.why for c in found.waiting] == ["its feed does not say the event's days"]


def test_what_an_editor_dropped_is_not_proposed_again() -> None:
    """Nor what an editor accepted already."""
    taken = {1: Taken(section="", body="a"), 2: Taken(section="trend", body="b")}

    assert ids(chosen(candidate(1), candidate(2), taken=taken)) == []


def test_a_body_stands_twice_where_the_section_is_short() -> None:
    """After every other body had its turn, the best first, up to the floor and not beyond."""
    found = chosen(
        candidate(1, body="seoul", body_name="서울시", score=9.0),
        candidate(2, body="seoul", body_name="서울시", score=8.0),
        candidate(3, body="seoul", body_name="서울시", score=7.0),
        candidate(4, body="busan", score=2.0),
        series=with_fill(3),
    )

    assert {1, 2, 4} == {story for _, story in ids(found)}
    assert reasons(found.proposed)[2] == "second of 서울시: trend is short of 3 items; 8 points"
    assert {3: "서울시 has a place in trend already"} == reasons(found.waiting)


def test_bodies_take_turns_in_a_short_section() -> None:
    """Nobody stands there a third time before each that can has a second place."""
    stories = [candidate(n, body="seoul", score=10.0 + n) for n in range(3)]
    found = chosen(
        *stories, candidate(7, body="busan"), candidate(8, body="busan"), series=with_fill(4)
    )

    assert {1, 2, 7, 8} == {story for _, story in ids(found)}


def test_a_third_story_says_so() -> None:
    """The count is that of all items of the body, the editor's too."""
    found = chosen(
        candidate(1, body="seoul"),
        series=with_fill(4),
        taken={n: Taken(section="trend", body="seoul") for n in (8, 9)},
    )

    assert ["third of seoul: trend is short of 4 items; 5 points"] == [
        *reasons(found.proposed).values()
    ]


def test_what_an_editor_accepted_counts_for_the_floor() -> None:
    """Two items stand there: the section is not short of two."""
    taken = {8: Taken(section="trend", body="seoul"), 9: Taken(section="trend", body="busan")}
    found = chosen(candidate(1, body="seoul"), series=with_fill(2), taken=taken)

    assert [] == ids(found)


def test_stories_without_a_body_are_not_of_one_body() -> None:
    """Who issued them is not known, so that nothing says it was the same office."""
    assert 2 == len(ids(chosen(candidate(1, body=""), candidate(2, body=""))))


def test_a_full_section_says_how_many_places_it_has() -> None:
    """Of a body that has none of them too."""
    stories = [candidate(n, score=9.0) for n in range(4)]
    twice = [candidate(n, body="jeju") for n in (8, 9)]

    assert {8: "trend is full (4 places)", 9: "trend is full (4 places)"} == reasons(
        chosen(*stories, *twice).waiting
    )


def test_what_an_earlier_issue_had_waits() -> None:
    """With the issue that had it, and its headline there where that was another story."""
    printed = {1: Printed(number=47), 2: Printed(number=40, headline="서울 연구")}
    found = chosen(candidate(1), candidate(2), candidate(3), printed=printed)

    assert [("trend", 3)] == ids(found)
    assert {1: "printed in No. 47", 2: "printed in No. 40 as '서울 연구'"} == reasons(found.waiting)
    assert {Wait.PRINTED} == {one.wait for one in found.waiting}


CARRIED = {1: "carried over from No. 48, where trend was full (4 places)"}


def test_what_is_carried_over_is_shown_apart_and_not_proposed() -> None:
    """With the reason for which it found no place in the issue before."""
    found = chosen(candidate(1), period=MARCH, carried=CARRIED)

    assert ([], ()) == (ids(found), found.waiting)
    assert CARRIED == reasons(found.carried)


def test_what_is_carried_over_helps_a_short_section_out() -> None:
    """Behind the issue's own stories, before a second one of a body."""
    own = [candidate(n, body="seoul", day=date(2024, 3, 5)) for n in (2, 3)]
    found = chosen(
        candidate(1, score=9.0), *own, period=MARCH, carried=CARRIED, series=with_fill(2)
    )

    assert [("trend", 2), ("trend", 1)] == ids(found)
    assert reasons(found.proposed)[1] == f"{CARRIED[1]}: trend is short of 2 items; 9 points"


def test_a_section_may_overflow_into_one_above_it() -> None:
    """Nothing is lost, wherever the sections stand in the file."""
    series = replace(
        SERIES, sections=(section("main", limit=1), section("more", limit=1, overflow="main"))
    )
    stories = [candidate(n, section="more", score=float(n)) for n in (1, 2, 3)]
    found = chosen(*stories, series=series)

    assert [("main", 2), ("more", 3)] == ids(found)
    assert {1: "main is full (1 place)"} == reasons(found.waiting)
