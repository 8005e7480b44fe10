"""Selection: window, lead, balance, limits, order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.issues import Balance, Section, Series, Shape, Window
from aggregator.domain.items import SEOUL, EventFacts
from aggregator.issue.selection import Candidate, Period, Selection, Taken, select

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
PERIOD = Period(window=FEBRUARY, issue_on=date(2024, 3, 4), since=None, until=DRAFTED_AT)


def candidate(story_id: int, **more: object) -> Candidate:
    base = Candidate(
        story_id=story_id,
        public_id=f"{story_id:04}",
        section="trend",
        score=5.0,
        day=date(2024, 2, 10),
        body=f"body{story_id}",
        body_order=story_id,
        first_seen_at=datetime(2024, 2, 20, tzinfo=SEOUL),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def chosen(*candidates: Candidate, period: Period = PERIOD, **more: object) -> Selection:
    return select(SERIES, candidates, period, taken=more.get("taken", {}))  # type: ignore[arg-type]


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
    period = Period(
        window=Window(start=date(2024, 3, 1), end=date(2024, 3, 31)),
        issue_on=date(2024, 4, 1),
        since=DRAFTED_AT,
        until=datetime(2024, 3, 29, tzinfo=SEOUL),
    )
    late = candidate(1, first_seen_at=DRAFTED_AT + timedelta(days=1))

    assert ids(chosen(late, candidate(2), period=period)) == [("trend", 1)]


def test_what_lies_in_a_skipped_window_is_given_up() -> None:
    """Releases between the last issue's window and this one are not owed; papers have no day to
    go by."""
    period = replace(
        PERIOD,
        since=datetime(2024, 1, 1, tzinfo=SEOUL),
        before=Window(start=date(2023, 12, 1), end=date(2023, 12, 31)),
    )
    skipped = candidate(1, day=date(2024, 1, 15))
    owed = candidate(2, day=date(2024, 1, 15), section="literature")

    assert [("literature", 2)] == ids(chosen(skipped, owed, period=period))


@pytest.mark.parametrize(("day", "is_in"), [(date(2024, 1, 2), False), (date(2024, 1, 3), True)])
def test_a_late_release_may_be_as_old_as_the_window_is_long(day: date, *, is_in: bool) -> None:
    """29 days before the first of February, and not one more."""
    period = replace(PERIOD, since=datetime(2024, 1, 1, tzinfo=SEOUL))

    assert date(2024, 1, 3) == period.earliest
    assert is_in is bool(ids(chosen(candidate(1, day=day), period=period)))


def test_a_paper_goes_by_first_sight() -> None:
    """Papers have no day: those first seen since the last issue's draft belong to this one."""
    period = replace(PERIOD, since=datetime(2024, 2, 1, tzinfo=SEOUL))
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


candidates = st.lists(
    st.builds(
        candidate,
        st.integers(0, 60),
        section=st.sampled_from(["issue", "project", "trend", "literature", "unknown"]),
        score=st.floats(0, 20).map(lambda x: round(x, 1)),
        day=st.one_of(st.none(), st.dates(date(2024, 1, 25), date(2024, 3, 5))),
        body=st.sampled_from(["molit", "seoul", "busan", "jeju"]),
        title_groups=st.sampled_from([frozenset[str](), frozenset({"core"})]),
    ),
    max_size=30,
    unique_by=lambda c: c.story_id,
)


@settings(max_examples=80)
@given(candidates, st.randoms(use_true_random=False))
def test_the_selection_does_not_depend_on_the_order_of_arrival(
    found: list[Candidate], random: object
) -> None:
    """Any permutation gives the same proposals and trays."""
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert select(SERIES, found, PERIOD, taken={}) == select(SERIES, shuffled, PERIOD, taken={})


@settings(max_examples=80)
@given(candidates)
def test_limits_and_uniqueness_hold(found: list[Candidate]) -> None:
    """No story twice, no section over its limit, no body twice where balance asks for it."""
    selection = select(SERIES, found, PERIOD, taken={})

    stories = [c.candidate.story_id for c in selection.proposed]
    assert len(stories) == len(set(stories))
    for one in SERIES.sections:
        here = [c for c in selection.proposed if c.section == one.id]
        assert not one.limit or len(here) <= one.limit
        if one.balance is Balance.ONE_PER_BODY:
            assert len({c.candidate.body for c in here}) == len(here)
