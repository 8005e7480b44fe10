"""What changed with the feeds since the operator was last told: a pure comparison."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.domain.feeds import Feed
from aggregator.domain.health import Health
from aggregator.domain.visits import FeedState
from aggregator.services.reports.feed_reports import FeedReport, health_of, worst_first


class Change(StrEnum):
    """What is told of a feed, in the order in which it is told."""

    ILL = "ill"
    """It became ill."""
    OTHERWISE = "otherwise"
    """It was ill and is so in another way."""
    WELL = "well"
    """It was ill and is well again."""
    MOVED = "moved"
    """Its server sends visitors to another address for good."""
    MAYBE_LOST = "maybe_lost"
    """Items may have come and gone between two visits."""
    UNVERIFIED = "unverified"
    """It is configured so that its server need not prove who it is; told once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was last told of a feed: its state, where it moved, and that it is unverified."""

    health: Health = Health.OK
    moved_to: str = ""
    unverified: bool = False


PLAIN = Told()
"""A feed of which there was nothing to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One change of one feed. ``before`` is the state that was last told."""

    report: FeedReport
    change: Change
    before: Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The changes, by kind and then the worst first; ``ill`` of all ``feeds`` are so now."""

    at: datetime
    notices: tuple[Notice, ...]
    ill: int
    feeds: int

    def count(self, *changes: Change) -> int:
        """How many notices there are of these kinds."""
        return sum(notice.change in changes for notice in self.notices)


def make_digest(
    before: Mapping[str, Told],
    feeds: Collection[Feed],
    states: Mapping[str, FeedState],
    now: datetime,
    *,
    maybe_lost: Collection[str] = (),
) -> Digest | None:
    """What is to be told, None for nothing. ``before`` is what was last told by feed id; a feed
    that is missing there was well. ``maybe_lost`` are feeds that may have lost items since. What is
    switched off is not told of."""
    reports = worst_first(_reports(feeds, states))
    notices = [
        notice
        for report in reports
        for notice in _notices(report, before.get(report.feed.id, PLAIN), maybe_lost)
    ]
    if not notices:
        return None
    order = [*Change]
    return Digest(
        at=now,
        notices=tuple(sorted(notices, key=lambda notice: order.index(notice.change))),
        ill=sum(report.health.is_ill for report in reports),
        feeds=len(reports),
    )


def now_told(feeds: Iterable[Feed], states: Mapping[str, FeedState]) -> dict[str, Told]:
    """What the operator knows once a digest was delivered; only feeds with something to tell."""
    found = {
        report.feed.id: Told(
            health=report.health if report.health.is_ill else Health.OK,
            moved_to=report.moved_to,
            unverified=report.is_unverified,
        )
        for report in _reports(feeds, states)
    }
    return {feed_id: told for feed_id, told in found.items() if told != PLAIN}


def _reports(feeds: Iterable[Feed], states: Mapping[str, FeedState]) -> Iterator[FeedReport]:
    for feed in feeds:
        if feed.active:
            state = states.get(feed.id) or FeedState(feed_id=feed.id)
            yield FeedReport(feed=feed, state=state, health=health_of(feed, state), days={})


def _notices(report: FeedReport, before: Told, maybe_lost: Collection[str]) -> Iterator[Notice]:
    for change in _changes(report, before, maybe_lost):
        yield Notice(report=report, change=change, before=before.health)


def _changes(report: FeedReport, before: Told, maybe_lost: Collection[str]) -> Iterator[Change]:
    health = report.health
    if health.is_ill and not before.health.is_ill:
        yield Change.ILL
    elif health.is_ill and health is not before.health:
        yield Change.OTHERWISE
    elif before.health.is_ill and not health.is_ill and health is not Health.NEW:
        yield Change.WELL
    if report.moved_to and report.moved_to != before.moved_to:
        yield Change.MOVED
    if report.feed.id in maybe_lost:
        yield Change.MAYBE_LOST
    if report.is_unverified and not before.unverified:
        yield Change.UNVERIFIED
