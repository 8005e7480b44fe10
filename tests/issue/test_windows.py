"""Windows, issue days and draft days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.calendar.working_days import is_working_day
from aggregator.domain.issues import Issue, IssueStatus, Series, Window
from aggregator.domain.items import SEOUL
from aggregator.issue.windows import (
    draft_at,
    following,
    issue_day,
    month_window,
    next_number,
    predecessor,
    working_window,
)

SERIES = Series(
    id="s",
    titles={"ko": "소식"},
    taglines={"ko": ""},
    languages=("ko",),
    sections=(),
    first_number=48,
)
FEBRUARY = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
MARCH = Window(start=date(2024, 3, 1), end=date(2024, 3, 31))


def issue(window: Window, status: IssueStatus, number: int | None = None) -> Issue:
    return Issue(
        id=1,
        series="s",
        window=window,
        issue_on=issue_day(window),
        status=status,
        opened_at=datetime(2024, 1, 1, tzinfo=SEOUL),
        number=number,
    )


def at(day: int, hour: int = 10, month: int = 3) -> datetime:
    return datetime(2024, month, day, hour, tzinfo=SEOUL)


def test_a_leap_february_holds_its_first_and_its_last_day() -> None:
    """A window is the whole calendar month, both ends included."""
    window = month_window(date(2024, 2, 15))

    assert window == FEBRUARY
    assert date(2024, 2, 1) in window
    assert date(2024, 2, 29) in window
    assert date(2024, 3, 1) not in window


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        (date(2024, 2, 1), date(2024, 3, 4)),  # 1 March is a holiday, then a weekend
        (date(2024, 12, 1), date(2025, 1, 2)),  # New Year
        (date(2026, 8, 1), date(2026, 9, 1)),
        (date(2024, 9, 1), date(2024, 10, 2)),  # 1 October 2024 was made a holiday
        (date(2023, 12, 1), date(2024, 1, 2)),
    ],
)
def test_an_issue_appears_on_the_first_working_day_of_the_next_month(
    month: date, expected: date
) -> None:
    """Weekends and Korean public holidays are passed over."""
    assert expected == issue_day(month_window(month))


def test_an_election_day_is_no_working_day() -> None:
    """10 April 2024 was a parliamentary election."""
    assert not is_working_day(date(2024, 4, 10))


def test_the_draft_is_proposed_days_before_the_issue() -> None:
    """Three days before 4 March, ten o'clock."""
    assert datetime(2024, 3, 1, 10, tzinfo=SEOUL) == draft_at(SERIES, FEBRUARY)


def test_the_draft_is_never_made_before_its_window_has_ended() -> None:
    """1 April 2024 is a working day: the March draft is made when March is over."""
    assert datetime(2024, 4, 1, tzinfo=SEOUL) == draft_at(SERIES, MARCH)


def test_a_new_desk_owes_no_issue_that_is_long_past() -> None:
    """Started within a week after an issue's day it makes that issue, later the next one."""
    assert FEBRUARY == working_window(SERIES, (), at(11))
    assert MARCH == working_window(SERIES, (), at(12))


def test_a_desk_begins_with_its_first_issue() -> None:
    """The one that a new desk opened is the one it works on, however often it is asked."""
    before = datetime(2024, 2, 20, 9, tzinfo=SEOUL)
    assert FEBRUARY == working_window(SERIES, (), before)
    assert FEBRUARY == working_window(SERIES, [issue(FEBRUARY, IssueStatus.DRAFT)], before)


@settings(deadline=None, max_examples=200)
@given(
    history=st.dictionaries(st.integers(0, 5), st.sampled_from(IssueStatus), max_size=4),
    hours=st.lists(st.integers(0, 5000), min_size=2, max_size=6).map(sorted),
    opens=st.lists(st.booleans(), min_size=6, max_size=6),
    ends=st.lists(st.sampled_from([*IssueStatus, None]), min_size=6, max_size=6),
)
def test_the_working_window_never_goes_back(
    history: dict[int, IssueStatus],
    hours: list[int],
    opens: list[bool],
    ends: list[IssueStatus | None],
) -> None:
    """Whatever issues there are, opened, published and skipped meanwhile: a later look never works
    on an earlier window, and one at the same time on the same."""
    start = datetime(2024, 1, 1, tzinfo=SEOUL)
    issues = {month_window(date(2024, 1 + n, 1)): status for n, status in history.items()}
    last = None
    for hour, is_opened, end in zip(hours, opens, ends, strict=False):
        now = start + timedelta(hours=hour)
        window = working_window(SERIES, _issues(issues), now)
        assert last is None or last <= window
        last = window
        if is_opened:
            issues.setdefault(window, IssueStatus.DRAFT)
            assert window == working_window(SERIES, _issues(issues), now)
            issues[window] = end or issues[window]


def _issues(statuses: dict[Window, IssueStatus]) -> list[Issue]:
    return [issue(window, status) for window, status in statuses.items()]


def test_before_its_draft_day_the_earlier_window_is_worked_on() -> None:
    """Until the February draft day has come, January is the working issue."""
    january = [issue(month_window(date(2024, 1, 1)), IssueStatus.DRAFT)]

    assert month_window(date(2024, 1, 1)) == working_window(SERIES, january, at(1, 9))
    assert working_window(SERIES, january, at(1, 10)) == FEBRUARY


def test_a_published_window_gives_way_to_the_next() -> None:
    """After No. 48 is out the March draft is open, although its draft day is far."""
    issues = [issue(FEBRUARY, IssueStatus.PUBLISHED, 48)]

    assert working_window(SERIES, issues, at(5)) == MARCH


def test_a_skipped_window_gives_way_to_the_next() -> None:
    """A skipped issue is done, without a number."""
    assert working_window(SERIES, [issue(FEBRUARY, IssueStatus.SKIPPED)], at(5)) == MARCH


def test_an_overdue_draft_is_worked_on_until_the_next_draft_day() -> None:
    """A newsletter may be late, and may pause for months without owing them."""
    issues = [issue(FEBRUARY, IssueStatus.DRAFT)]

    assert working_window(SERIES, issues, at(31, 23)) == FEBRUARY
    assert working_window(SERIES, issues, at(1, 0, month=4)) == MARCH


def test_windows_abut() -> None:
    """The day after a window's end is the next one's start."""
    assert following(FEBRUARY) == MARCH


def test_numbers_are_counted() -> None:
    """The first number is configured; after it each publication adds one, whatever the month."""
    assert next_number(SERIES, ()) == 48
    issues = [
        issue(FEBRUARY, IssueStatus.PUBLISHED, 48),
        issue(MARCH, IssueStatus.SKIPPED),
    ]
    assert next_number(SERIES, issues) == 49


def test_the_predecessor_is_the_last_published_issue() -> None:
    """Skipped issues are nobody's predecessor."""
    published = issue(FEBRUARY, IssueStatus.PUBLISHED, 48)
    april = following(MARCH)

    assert published == predecessor([published, issue(MARCH, IssueStatus.SKIPPED)], april)
    assert predecessor([published], FEBRUARY) is None
