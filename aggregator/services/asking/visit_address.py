"""Where a feed is visited: one rule for asking, for taking turns and for what a visit means."""

from __future__ import annotations

from aggregator.domain.feeds import Feed, FeedKind
from aggregator.domain.visits import FeedState


def address_of(feed: Feed, state: FeedState) -> str:
    """The configured address, or where that has moved for good.

    An interface is always asked at its configured one, and so is an address that wants a key: that
    is only half of the question, and a redirect of the whole would keep the days, and the key, of
    the time when it was seen.
    """
    is_half = feed.kind is FeedKind.PRESS_API or bool(feed.key_env)
    if is_half or state.move is None or not state.move.kept:
        return feed.url
    return state.move.url
