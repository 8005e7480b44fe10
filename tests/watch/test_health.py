"""In which of the named states a feed is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from aggregator.domain import errors
from aggregator.domain.errors import AggregatorError, FetchError, ReadError
from aggregator.domain.health import Condition, Evidence, Health
from aggregator.domain.visits import NO_RHYTHM, FeedState, Move, Rhythm
from aggregator.watch.health import (
    BY_ERROR,
    Contents,
    after_failure,
    after_success,
    contents_of,
    may_have_lost,
)
from tests.fixtures.records import NOW, make_item, on_day

SEEN = Evidence(status=200)
WELL = FeedState(feed_id="molit", last_new_at=NOW - timedelta(days=1))
UNSURE = Condition(
    health=Health.UNSURE_DATES,
    since=NOW,
    says="so",
    document=Health.UNSURE_DATES,
    document_says="so",
)
GOOD = Contents(entries=10, newest=date(2024, 3, 4))


def found(
    state: FeedState = WELL, contents: Contents | None = GOOD, rhythm: Rhythm = NO_RHYTHM
) -> Condition:
    return after_success(
        state.condition,
        move=state.move,
        last_new_at=state.last_new_at,
        rhythm=rhythm,
        evidence=SEEN,
        now=NOW,
        contents=contents,
    )


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type)
        and issubclass(kind, (FetchError, ReadError))
        and kind
        not in {
            FetchError,
            ReadError,
            errors.UnreadableFile,
            errors.NotAList,
            errors.HostHeld,
            errors.BadRow,
        }
    ],
)
def test_every_error_of_a_visit_has_its_state(kind: type[AggregatorError]) -> None:
    """None falls through to a state that says less."""
    assert kind.code in BY_ERROR


def test_a_failure_is_told_with_its_evidence() -> None:
    """What was seen, since when, in the error's own sentence."""
    told = after_failure(Condition(), code="html_page", says="a page", evidence=SEEN, now=NOW)
    assert Condition(health=Health.HTML, since=NOW, says="a page", evidence=SEEN) == told


def test_a_state_that_lasts_keeps_its_beginning() -> None:
    """The same state again is as old as it was; another one begins now."""
    earlier = NOW - timedelta(days=3)
    before = Condition(health=Health.SLOW, since=earlier)
    again = after_failure(before, code="timeout", says="", evidence=SEEN, now=NOW)
    other = after_failure(before, code="gone", says="", evidence=SEEN, now=NOW)
    assert (earlier, NOW) == (again.since, other.since)


@pytest.mark.parametrize(
    ("contents", "health"),
    [
        (GOOD, Health.OK),
        (replace(GOOD, entries=0, newest=None), Health.EMPTY),
        (replace(GOOD, entries=0, newest=None, whole=False), Health.OK),
        (replace(GOOD, unsure=6), Health.UNSURE_DATES),
        (replace(GOOD, unsure=5), Health.OK),
        (replace(GOOD, renumbered=True), Health.IDS_CHANGED),
        (replace(GOOD, newest=date(2023, 12, 1)), Health.QUIET),
    ],
    ids=["good", "empty", "nothing new", "unsure", "half unsure", "renumbered", "stale"],
)
def test_a_document_tells_its_state(contents: Contents, health: Health) -> None:
    """Whole documents and parts of them."""
    assert health is found(contents=contents).health


def test_the_worst_state_counts() -> None:
    """By the written order: what needs a person comes before what is remarked."""
    state = replace(WELL, move=Move(url="https://new.example/"))
    assert Health.IDS_CHANGED is found(state, replace(GOOD, renumbered=True, unsure=10)).health
    assert Health.MOVED is found(state).health


def test_a_state_of_the_document_lasts_while_it_does() -> None:
    """A 304 says that it is still the same document."""
    ill = replace(WELL, condition=UNSURE)
    assert (Health.UNSURE_DATES, "so") == (found(ill, None).health, found(ill, None).says)
    assert Health.OK is found(ill, GOOD).health


def test_an_illness_of_the_exchange_ends_with_the_next_answer() -> None:
    """A 304 after a failure is well."""
    ill = replace(WELL, condition=Condition(health=Health.SLOW, since=NOW))
    assert Health.OK is found(ill, None).health


def test_silence_beyond_the_rhythm_is_quiet() -> None:
    """Ten a day and nothing for a week; a feed of one a month may be silent that long."""
    busy = Rhythm(working=1.0, working_hours=110, off_hours=226)
    slow = Rhythm(working=0.01, working_hours=110, off_hours=226)
    state = replace(WELL, last_new_at=NOW - timedelta(days=7))
    assert [Health.QUIET, Health.OK] == [
        found(state, None, busy).health,
        found(state, None, slow).health,
    ]


def test_two_months_of_silence_are_quiet_whatever_the_rhythm() -> None:
    """Alive but not growing."""
    state = replace(WELL, last_new_at=NOW - timedelta(days=61))
    assert Health.QUIET is found(state, None).health


def test_a_stale_document_stays_quiet_until_something_comes() -> None:
    """Unchanged visits keep the word; a new item ends it."""
    quiet = replace(WELL, condition=Condition(health=Health.QUIET, since=NOW, says="old"))
    assert Health.QUIET is found(quiet, None).health
    assert Health.OK is found(replace(quiet, last_new_at=NOW)).health


def test_contents_count_dates_that_are_believed() -> None:
    """One that was clamped or cannot be read is not; an entry without any has none to doubt."""
    sure = on_day(date(2024, 3, 3))
    items = [
        make_item("a", published=sure),
        make_item("b", published=replace(sure, clamped=True)),
        make_item("c"),
        make_item("d", raw={"published": "soon"}),
    ]
    assert Contents(entries=4, unsure=2, newest=date(2024, 3, 3)) == contents_of(items)


def test_a_document_without_overlap_may_have_lost_items() -> None:
    """All new, although the feed had items before; the first document is no loss."""
    assert [True, False, False, False] == [
        may_have_lost(known_before=True, entries=10, new=10),
        may_have_lost(known_before=True, entries=10, new=9),
        may_have_lost(known_before=False, entries=10, new=10),
        may_have_lost(known_before=True, entries=0, new=0),
    ]


def test_a_state_of_the_document_outlasts_a_failure() -> None:
    """The next 304 says that it is still the same document."""
    failed = after_failure(UNSURE, code="timeout", says="", evidence=SEEN, now=NOW)
    assert Health.SLOW is failed.health
    assert Health.UNSURE_DATES is found(replace(WELL, condition=failed), None).health


def test_a_part_says_nothing_of_the_rest() -> None:
    """One new entry with a doubtful date among thirty makes no feed ill, nor a good one well."""
    part = Contents(entries=1, unsure=1, whole=False)
    assert Health.OK is found(contents=part).health
    unsure = replace(WELL, condition=UNSURE)
    assert Health.UNSURE_DATES is found(unsure, replace(part, unsure=0)).health


def test_a_feed_that_gets_an_entry_is_empty_no_more() -> None:
    """Also where only that entry is read."""
    empty = replace(UNSURE, health=Health.EMPTY, document=Health.EMPTY)
    part = Contents(entries=1, whole=False)
    assert Health.OK is found(replace(WELL, condition=empty), part).health
