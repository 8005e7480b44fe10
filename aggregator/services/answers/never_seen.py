"""What comes near something that was never seen: feeds it should have come from, like titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from aggregator.curate.copies.features import TITLE_GRAM, grams
from aggregator.curate.copies.likeness import dice
from aggregator.curate.gazetteer import find_regions
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Feed, FeedKind
from aggregator.domain.visits import FeedState
from aggregator.read.links.addresses import is_web
from aggregator.services.desk import Desk
from aggregator.services.reports.feed_reports import FeedReport, report_feeds
from aggregator.services.trials.discover import guess_body
from aggregator.text.fold import squash
from aggregator.text.hosts import host_of

FEEDS = 3
"""Feeds that are named."""

TITLES = 5
"""Titles that are named."""

ALIKE = 0.5
"""From which likeness on a title may be meant: of what is alike, or of what of it was asked for."""

GOVERNMENTS = frozenset({Level.METRO, Level.PROVINCE, Level.CITY, Level.COUNTY, Level.DISTRICT})
"""Levels of offices that a region stands for."""

_LEAST_ASKED = 4
"""Letters below which a part of a title says too little to be looked for in others."""

_MOST_GRAMS = 40
"""Pieces of a title that are looked for in others."""

_COMMON = 2000
"""Titles that may have a piece; what more have tells none of them."""

_LOOKED_AT = 500
"""Titles that are looked at closely: those that have most of the pieces."""

_COUNTRY = 2
_SECOND_LEVEL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NearFeed:
    """A feed from which something should have come, and what tells so. ``first_day`` and
    ``last_day`` are those of its stored items, None where it has none."""

    report: FeedReport
    because: str
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NearTitle:
    """A stored title like the one asked for, 0 to 1 alike; ``story`` is its story's public id, None
    where it has none yet."""

    title: str
    day: date
    alike: float
    feed_id: str
    story: str | None


def near_feeds(desk: Desk, issuers: Mapping[str, str], words: str) -> tuple[NearFeed, ...]:
    """The feeds from which a link or a title should have come, nearest first: by the host of the
    link, else by the body that the title names."""
    states = desk.store.feed_states()
    feeds = [one for one in desk.feeds if one.kind is not FeedKind.MANUAL]
    found = (
        _by_host(feeds, states, host_of(words)) if is_web(words) else _by_body(desk, issuers, words)
    )
    chosen = dict(found[:FEEDS])
    if not chosen:
        return ()
    days = desk.store.item_days(list(chosen))
    reports = {one.feed.id: one for one in report_feeds(desk, desk.clock.now(), chosen)}
    return tuple(
        NearFeed(
            report=reports[feed_id],
            because=because,
            first_day=days[feed_id][0] if feed_id in days else None,
            last_day=days[feed_id][1] if feed_id in days else None,
        )
        for feed_id, because in chosen.items()
    )


def _by_host(
    feeds: Sequence[Feed], states: Mapping[str, FeedState], host: str
) -> list[tuple[str, str]]:
    ranked = []
    for place, feed in enumerate(feeds):
        state = states.get(feed.id)
        theirs = {host_of(feed.url)}
        if state is not None:
            theirs |= {state.host, host_of(state.link or "")}
        near = max(theirs, key=lambda one: (common_labels(one, host), one))
        common = common_labels(near, host)
        if common:
            because = f"same host, {host}" if near == host else f"its host is {near}"
            ranked.append((not feed.active, -common, place, feed.id, because))
    best = min((rank[1] for rank in ranked), default=0)
    return [(rank[3], rank[4]) for rank in sorted(ranked) if rank[1] == best]


def common_labels(one: str, other: str) -> int:
    """How many names two hosts share from the right; 0 where that is no more than a suffix under
    which anybody registers, such as ``go.kr`` or ``com``."""
    left, right = (host.removeprefix("www.").split(".")[::-1] for host in (one, other))
    common = 0
    for a, b in zip(left, right, strict=False):
        if a != b or not a:
            break
        common += 1
    is_country = len(right[0]) == _COUNTRY and len(right) > 1
    suffix = 2 if is_country and len(right[1]) <= _SECOND_LEVEL else 1
    return common if common > suffix else 0


def _by_body(desk: Desk, issuers: Mapping[str, str], words: str) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for body_id in dict.fromkeys([guess_body(issuers, (words,)), *_bodies_of(desk, words)]):
        body = desk.bodies.get(body_id)
        if body is None:
            continue
        mine = sorted((one for one in desk.feeds if one.body == body_id), key=_off_last)
        for feed in mine:
            found.setdefault(feed.id, f"the title names {body.name}")
    return [*found.items()]


def _off_last(feed: Feed) -> bool:
    return not feed.active


def _bodies_of(desk: Desk, words: str) -> Iterable[str]:
    """The governments of the regions that a title names, cities before their provinces."""
    named = find_regions(words)
    ranked = []
    for body in desk.bodies.values():
        own = max(find_regions(body.name), key=_depth, default="")
        if body.level in GOVERNMENTS and own in named:
            ranked.append((-_depth(own)[0], body.order, body.id))
    return [body_id for *_, body_id in sorted(ranked)]


def _depth(region: str) -> tuple[int, str]:
    return region.count("/"), region


def near_titles(desk: Desk, words: str, since: date) -> tuple[NearTitle, ...]:
    """Stored titles of this day or later that may be meant by a title that is not stored, the most
    alike first."""
    asked = squash(words)
    if len(asked) < _LEAST_ASKED:
        return ()
    mine = grams(asked, TITLE_GRAM)
    ranked: list[tuple[float, int]] = []
    for item_id, title in _with_its_grams(desk, asked, since):
        theirs = grams(title, TITLE_GRAM)
        alike = max(dice(mine, theirs), len(mine & theirs) / len(mine))
        if alike >= ALIKE:
            ranked.append((alike, item_id))
    ranked.sort(key=lambda one: (-one[0], one[1]))
    # Copies of one release are one answer.
    best = ranked[: 4 * TITLES]
    items = desk.store.items_by_id([item_id for _, item_id in best])
    ids = desk.store.public_ids([i.story_id for i in items.values() if i.story_id is not None])
    found: dict[object, NearTitle] = {}
    for alike, item_id in best:
        item = items.get(item_id)
        if item is not None:
            near = NearTitle(
                title=item.item.title,
                day=item.day,
                alike=round(alike, 2),
                feed_id=item.item.feed_id,
                story=ids.get(item.story_id) if item.story_id is not None else None,
            )
            found.setdefault(near.story or item.id, near)
    return tuple([*found.values()][:TITLES])


def _with_its_grams(desk: Desk, asked: str, since: date) -> list[tuple[int, str]]:
    """The titles that have most of its telling grams, by the index of searches: id and letters."""
    every = [asked[at : at + TITLE_GRAM] for at in range(len(asked) - TITLE_GRAM + 1)]
    shared: Counter[int] = Counter()
    for gram in dict.fromkeys(every[:: -(-len(every) // _MOST_GRAMS)]):
        pieces = [gram[at : at + 2] for at in range(len(gram) - 1)]
        places = desk.store.titled(pieces, since=since, most=_COMMON + 1)
        if len(places) <= _COMMON:
            shared.update(places)
    return desk.store.titles_at([place for place, _ in shared.most_common(_LOOKED_AT)])
