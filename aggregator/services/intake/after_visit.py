"""The state of a feed after a visit, decided from the one before and from what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aggregator.domain.errors import ApiError, FetchError, Gone, ReadError, Throttled
from aggregator.domain.feeds import Feed, FeedKind
from aggregator.domain.health import Evidence
from aggregator.domain.items import SEOUL, Item, ParsedFeed
from aggregator.domain.net import Hop
from aggregator.domain.visits import FeedState, Move, OwnSchedule
from aggregator.ports.fetching import Fetched, Hints, NotModified
from aggregator.services.asking.visit_address import address_of
from aggregator.text.hosts import host_of
from aggregator.text.secrets import masked
from aggregator.text.xml_chars import xml_safe
from aggregator.watch import health, moves, next_visit, rhythm
from aggregator.watch.health import Contents

LIMIT_EXCEEDED = "limit_exceeded"
"""What a press-release interface says when its quota is used up."""

_LONGEST_TTL = 7 * 24 * 60
"""Minutes."""

SHOWN = 200
"""Characters of a document that are kept as evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What is known of an answer that worked: where it came from, by which redirects, what the
    server hints at."""

    asked: str
    url: str
    status: int
    hops: tuple[Hop, ...] = ()
    hints: Hints

    @classmethod
    def of(cls, answer: Fetched | NotModified, asked: str) -> Arrival:
        """The arrival of an answer to a question that was put to ``asked``."""
        return cls(
            asked=asked,
            url=answer.url or asked,
            status=answer.status,
            hops=answer.hops,
            hints=answer.hints,
        )


def after_unchanged(feed: Feed, state: FeedState, arrival: Arrival, now: datetime) -> FeedState:
    """After a document that says what the last one said."""
    return _well(feed, state, arrival, now, contents=None, new=())


def after_reading(
    feed: Feed,
    state: FeedState,
    arrival: Arrival,
    now: datetime,
    *,
    parsed: ParsedFeed,
    contents: Contents,
    new: Sequence[Item],
) -> FeedState:
    """After a document that was read and brought ``new``."""
    read = replace(
        state,
        title=parsed.title,
        link=parsed.link or None,
        last_new_at=now if new else state.last_new_at,
        schedule=_schedule_of(parsed),
    )
    return _well(feed, read, arrival, now, contents=contents, new=new)


def _schedule_of(parsed: ParsedFeed) -> OwnSchedule:
    return OwnSchedule(
        # Beyond a week nobody means it; a number without end would not even be a time.
        minutes_to_live=min(parsed.minutes_to_live, _LONGEST_TTL),
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
    )


def _well(
    feed: Feed,
    state: FeedState,
    arrival: Arrival,
    now: datetime,
    *,
    contents: Contents | None,
    new: Sequence[Item],
) -> FeedState:
    learnt = rhythm.learn(state.rhythm, since=state.last_ok_at, now=now, new=new)
    move = _move(feed, state, arrival, now)
    return replace(
        state,
        **_visited(feed, state, now),
        last_ok_at=now,
        failures=0,
        error_code=None,
        error_text=None,
        suspended_at=None,
        rhythm=learnt,
        move=move,
        next_check_at=next_visit.after_success(
            feed,
            rhythm=learnt,
            now=now,
            max_age=arrival.hints.max_age,
            schedule=state.schedule,
        ),
        condition=health.after_success(
            state.condition,
            move=move,
            last_new_at=state.last_new_at,
            rhythm=learnt,
            evidence=Evidence(status=arrival.status, url=masked(arrival.url)),
            now=now,
            contents=contents,
        ),
    )


def _visited(feed: Feed, state: FeedState, now: datetime) -> dict[str, Any]:
    """What a visit that is over changes in a feed's state, however it went."""
    return {
        "host": host_of(address_of(feed, state)),
        "last_try_at": now,
        "lease_until": None,
        "lease_token": None,
    }


def _move(feed: Feed, state: FeedState, arrival: Arrival, now: datetime) -> Move | None:
    target = moves.permanent_target(arrival.hops, arrival.url)
    today = now.astimezone(SEOUL).date()
    if feed.kind is not FeedKind.PRESS_API:
        return moves.after_feed(state.move, asked=arrival.asked, target=target, today=today)
    # The rest of an interface's address is the question of the day. Its redirects are told, and
    # never followed before they are asked for: see ``address_of``.
    bare = target.partition("?")[0]
    target = "" if bare == feed.url.partition("?")[0] else bare
    move = moves.after_feed(state.move, asked=arrival.asked, target=target, today=today)
    return None if move is None else replace(move, kept=False)


def after_error(
    feed: Feed,
    state: FeedState,
    error: FetchError | ReadError,
    now: datetime,
    *,
    came: Fetched | None = None,
) -> FeedState:
    """After a visit that failed; ``came`` is the document that could not be read, if one came."""
    failures, says = state.failures + 1, masked(str(error))
    # What is gone at an address that a redirect led to may be there at the configured one.
    is_gone = isinstance(error, Gone) and address_of(feed, state) == feed.url
    move = None if isinstance(error, Gone) else moves.after_failure(state.move, failures)
    evidence = evidence_of(error, came)
    return replace(
        state,
        **_visited(feed, state, now),
        failures=failures,
        error_code=error.code,
        error_text=says,
        suspended_at=(state.suspended_at or now) if is_gone else state.suspended_at,
        move=move,
        next_check_at=next_visit.after_failure(
            feed,
            failures=failures,
            now=now,
            retry_after=error.retry_after if isinstance(error, Throttled) else None,
        ),
        condition=health.after_failure(
            state.condition, code=_meaning(error), says=says, evidence=evidence, now=now
        ),
    )


def _meaning(error: FetchError | ReadError) -> str:
    """The code of what an error means for the feed: an interface that has had enough questions is
    throttled like any other server."""
    if isinstance(error, ApiError) and error.reason == LIMIT_EXCEEDED:
        return Throttled.code
    return error.code


def after_hold(state: FeedState, until: datetime) -> FeedState:
    """The host is left alone until an instant; nothing was sent, and nothing else changes."""
    later = max(state.next_check_at or until, until)
    return replace(state, next_check_at=later, lease_until=None, lease_token=None)


def evidence_of(error: FetchError | ReadError, came: Fetched | None) -> Evidence:
    """What was seen of a visit that failed."""
    if isinstance(error, FetchError):
        came_from = error.hops[-1].status if error.hops else None
        status = error.status or came_from
        return Evidence(status=status, url=masked(error.url), head=_shown(error.head))
    if came is None:
        return Evidence()
    return Evidence(status=came.status, url=masked(came.url), head=_shown(came.body))


def _shown(head: bytes) -> str:
    """The beginning of what came, as text that harms nobody."""
    text = xml_safe(head[: 4 * SHOWN].decode("utf-8", "replace"))
    return " ".join(text.split())[:SHOWN]
