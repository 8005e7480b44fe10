"""What waits at the desk, counted: each figure is what the pages that it leads to will show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from aggregator.domain.health import Condition, Health
from aggregator.domain.visits import FeedState
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import drop
from aggregator.services.editing.inbox import inbox
from aggregator.services.reports.today import Today, report_today, working_issue
from tests.fixtures.desk import DRAFT_DAY, FEBRUARY_20, bring, make_desk, release, set_clock
from tests.fixtures.records import make_visit


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """On the 20th of February, in the window of No. 48."""
    made = make_desk(tmp_path, now=FEBRUARY_20)
    yield made
    made.store.close()


def figures(today: Today) -> dict[str, int]:
    """Undecided stories of each section that has some."""
    return {one.section.id: one.waiting for one in today.sections if one.waiting}


def test_what_came_since_yesterday_is_new(desk: Desk) -> None:
    """In Asia/Seoul from midnight on; a copy is folded, and no story of its own."""
    bring(desk, release("molit", "오래된"))
    set_clock(desk, FEBRUARY_20 + timedelta(days=2))
    bring(desk, release("molit", "새것"), release("seoul", "새것"), release("msit", "다른 것"))

    today = report_today(desk)

    assert (2, 1) == (today.new, today.glance.folded)


def test_undecided_stories_wait_by_section(desk: Desk) -> None:
    """Those of the window, as long as nobody said yes or no."""
    bring(desk, release("molit", "하나"), release("molit", "둘"), release("seoul", "서울"))
    bring(desk, release("molit", "지난달", date(2024, 1, 10)))

    assert 3 == report_today(desk).waiting
    set_clock(desk, DRAFT_DAY)
    open_draft(desk)
    assert 3 == report_today(desk).waiting
    drop(desk, "하나 스마트시티", why="unfit")
    assert 2 == report_today(desk).waiting
    assert figures(report_today(desk)) == inbox(desk, working_issue(desk).issue).counts


def test_sections_are_counted_as_they_stand(desk: Desk) -> None:
    """What is printed, of which accepted; nothing is written by looking."""
    bring(desk, release("molit", "하나"), release("seoul", "서울"))
    before = report_today(desk)
    assert (0, 0) == (before.printed, before.working.issue.id)
    set_clock(desk, DRAFT_DAY)
    draft = open_draft(desk)

    today = report_today(desk)

    assert (len(draft.picked), draft.number) == (today.printed, today.working.number)
    assert draft.issue == today.working.issue
    assert draft.due_at == today.proposed_by


def test_what_comes_after_the_draft_is_late(desk: Desk) -> None:
    """As the draft says."""
    bring(desk, release("molit", "하나"))
    set_clock(desk, DRAFT_DAY)
    open_draft(desk)
    assert 0 == report_today(desk).late
    set_clock(desk, DRAFT_DAY + timedelta(hours=1))
    bring(desk, release("molit", "늦은 것"))

    assert (1, len(open_draft(desk).late)) == (report_today(desk).late, 1)


def test_the_issue_of_every_page_is_the_draft_s(desk: Desk) -> None:
    """Before it is opened, too; prints are not read."""
    assert (48, 0) == (working_issue(desk).number, working_issue(desk).issue.id)
    opened = open_draft(desk).issue

    assert opened == working_issue(desk).issue
    assert desk.store.issues(desk.series.id) == desk.store.issue_heads(desk.series.id)


def test_ill_feeds_are_named_the_worst_first(desk: Desk) -> None:
    """With since when; those that are well are not."""
    for feed, health in (("seoul", Health.HTTP_ERROR), ("molit", Health.GONE), ("msit", Health.OK)):
        condition = Condition(health=health, since=FEBRUARY_20)
        state = FeedState(feed_id=feed, condition=condition, last_try_at=FEBRUARY_20)
        desk.store.record_visit(state, make_visit(feed))

    ill = report_today(desk).ill

    order = [*Health]
    assert {"seoul", "molit"} == {one.feed.id for one in ill}
    assert sorted(ill, key=lambda one: order.index(one.health)) == list(ill)
    assert {FEBRUARY_20} == {one.since for one in ill}
