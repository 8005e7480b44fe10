"""Where a feed is visited: asking, taking turns and what a visit means agree about it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from aggregator.domain.errors import Gone
from aggregator.domain.feeds import Feed, FeedKind, ListSelectors
from aggregator.domain.net import Hop
from aggregator.domain.visits import FeedState, Move
from aggregator.ports.fetching import Fetched, FetchRequest, Hints
from aggregator.services.asking.gathering import gather
from aggregator.services.asking.visit_address import address_of
from aggregator.services.intake.after_visit import Arrival, after_error, after_unchanged
from tests.fixtures.press_api import KEY
from tests.fixtures.records import NOW, make_feed

ELSEWHERE = "https://new.example/rss"
KEPT = Move(url=ELSEWHERE, days=(date(2024, 3, 1),) * 3, kept=True)
SEEN_ONCE = Move(url=ELSEWHERE, days=(date(2024, 3, 1),))
PLAIN = make_feed()
BOARD = make_feed(
    kind=FeedKind.HTML_LIST, select=ListSelectors(item="tr", title="a", link="a@href")
)
API = make_feed(
    url="https://apis.example/service/list", kind=FeedKind.PRESS_API, key_env="DATA_GO_KR_KEY"
)


@dataclass
class Asked:
    """A fetcher that notes the first question and answers nothing."""

    urls: list[str] = field(default_factory=list)

    async def fetch(self, request: FetchRequest) -> Fetched:
        self.urls.append(request.url)
        raise Gone("gone", feed_id=request.feed_id, url=request.url, status=410)

    async def aclose(self) -> None:
        pass


def state(move: Move | None) -> FeedState:
    return FeedState(feed_id="molit", move=move)


@pytest.mark.parametrize("feed", [PLAIN, BOARD, API], ids=lambda feed: feed.kind.value)
@pytest.mark.parametrize("move", [None, SEEN_ONCE, KEPT], ids=["none", "seen", "kept"])
def test_the_question_goes_where_the_feed_is_visited(feed: Feed, move: Move | None) -> None:
    """Whatever kind of feed it is, and whatever is known of a move."""
    fetcher = Asked()
    with pytest.raises(Gone):
        asyncio.run(gather(fetcher, feed, state(move), now=NOW, environ={"DATA_GO_KR_KEY": KEY}))
    assert [address_of(feed, state(move))] == [url.partition("?")[0] for url in fetcher.urls[:1]]


@pytest.mark.parametrize(
    ("feed", "move", "url"),
    [
        (PLAIN, None, PLAIN.url),
        (PLAIN, SEEN_ONCE, PLAIN.url),
        (PLAIN, KEPT, ELSEWHERE),
        (BOARD, KEPT, ELSEWHERE),
        (API, KEPT, API.url),
    ],
)
def test_a_kept_move_is_followed_but_by_interfaces(feed: Feed, move: Move | None, url: str) -> None:
    """An interface's address is only half of its question."""
    assert url == address_of(feed, state(move))


def test_an_interface_that_is_gone_is_suspended() -> None:
    """It was asked at its configured address, whatever was known of a move."""
    error = Gone("gone", feed_id=API.id, url=API.url, status=410)
    after = after_error(API, state(KEPT), error, NOW)
    assert (NOW, "apis.example") == (after.suspended_at, after.host)


def moves_of(feed: Feed, *targets: str) -> Sequence[Move | None]:
    """What is known after visits on as many days that were redirected for good."""
    known = state(None)
    found: list[Move | None] = []
    for day, target in enumerate(targets):
        asked = address_of(feed, known)
        hops = (Hop(url=asked, status=301),)
        arrival = Arrival(asked=asked, url=target, status=200, hops=hops, hints=Hints())
        known = after_unchanged(feed, known, arrival, NOW + timedelta(days=day))
        found.append(known.move)
    return found


def test_a_move_of_an_interface_is_told_and_never_followed() -> None:
    """The days of each question are no part of it."""
    *_, last = moves_of(API, *(f"https://new.example/list?startDate={day}" for day in range(4)))
    assert last is not None
    assert ("https://new.example/list", 3, False) == (last.url, len(last.days), last.kept)


def test_an_interface_that_redirects_to_itself_has_not_moved() -> None:
    """As it does where it wants its question spelt otherwise."""
    assert [None] == moves_of(API, f"{API.url}?spelt=otherwise")


def test_a_move_of_a_feed_is_kept_on_the_third_day() -> None:
    """For comparison."""
    assert [False, False, True] == [
        move is not None and move.kept for move in moves_of(PLAIN, *(ELSEWHERE,) * 3)
    ]
