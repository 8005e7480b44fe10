"""Which issue a story is of, where it is not of the one in the making."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.issues import Issue, IssueStatus, Section
from aggregator.domain.items import SEOUL, StoredItem
from aggregator.domain.stories import Story
from aggregator.issue.choices import Candidate
from aggregator.issue.period import belongs, period_of
from aggregator.issue.windows import draft_at, issue_day, month_window
from aggregator.services.answers.why_reply import Answer
from aggregator.services.answers.why_window import Working, outside
from tests.fixtures.desk import make_series, release

SERIES = make_series()
MARCH = month_window(date(2024, 3, 1))
FILLED = datetime(2024, 3, 1, 10, tzinfo=SEOUL)
WORKING = Working(
    number=49, window=MARCH, issue_on=issue_day(MARCH), due_at=draft_at(SERIES, MARCH), issue_id=2
)
FEBRUARY = Issue(
    id=1,
    series="smart-city",
    window=month_window(date(2024, 2, 1)),
    issue_on=date(2024, 3, 4),
    status=IssueStatus.PUBLISHED,
    opened_at=FILLED,
    number=48,
    proposed_at=FILLED,
    published_at=FILLED + timedelta(days=3),
)


def story(day: date | None, seen: datetime) -> Story:
    """A story of one item."""
    item = StoredItem(
        id=1, item=release("seoul", "1", day), rev=1, first_seen_at=seen, last_seen_at=seen
    )
    return Story(
        id=1, public_id="s", members=(item,), memberships=(), placement=None, first_seen_at=seen
    )


def section(name: str) -> Section:
    """A section of the newsletter."""
    found = SERIES.section(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "day", "answer", "words"),
    [
        ("trend", None, Answer.UNDATED, "it has no date of its own"),
        ("literature", date(2024, 3, 3), Answer.OUTSIDE_WINDOW, "papers go by first sight"),
    ],
)
def test_what_goes_by_first_sight(name: str, day: date | None, answer: Answer, words: str) -> None:
    """Seen before the places of the last issue were filled it was one of that issue's."""
    told = outside(story(day, FILLED), section(name), WORKING, FEBRUARY, [FEBRUARY])

    assert told is not None
    assert (answer, 48) == (told.answer, told.figures["belongs_to"])
    assert words in told.says
    later = story(day, FILLED + timedelta(minutes=1))
    assert outside(later, section(name), WORKING, FEBRUARY, [FEBRUARY]) is None


def test_a_draft_that_never_appeared_is_given_up() -> None:
    """Its days belong to no issue."""
    draft = replace(FEBRUARY, status=IssueStatus.DRAFT, number=None, published_at=None)
    told = outside(story(date(2024, 2, 9), FILLED), section("trend"), WORKING, None, [draft])

    assert told is not None
    assert (Answer.GIVEN_UP, True) == (told.answer, "2024-02 never appeared" in told.says)


@given(
    day=st.none() | st.dates(date(2023, 11, 1), date(2024, 6, 30)),
    seen=st.datetimes(datetime(2024, 1, 1), datetime(2024, 6, 30)).map(  # noqa: DTZ001
        lambda at: at.replace(tzinfo=SEOUL)
    ),
    name=st.sampled_from(["trend", "special", "literature"]),
    before=st.sampled_from([None, FEBRUARY]),
)
def test_what_belongs_to_the_issue_is_never_told_to_be_outside(
    day: date | None, seen: datetime, name: str, before: Issue | None
) -> None:
    """What was late for the issue before is of this one, too."""
    asked = story(day, seen)
    where = section(name)
    candidate = Candidate(
        story_id=1,
        public_id="s",
        section=name,
        score=1.0,
        day=day,
        body="seoul",
        body_order=1,
        first_seen_at=seen,
    )
    issue = replace(
        FEBRUARY, id=2, window=MARCH, issue_on=WORKING.issue_on, status=IssueStatus.DRAFT
    )
    period = period_of(issue, [before] if before else [], seen)
    told = outside(asked, where, WORKING, before, [before] if before else [])

    if belongs(candidate, where, period):
        assert told is None
    else:
        assert told is not None
