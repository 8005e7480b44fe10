"""Labelled releases made items, as a refresh of a feed that brings them would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from aggregator.domain.bodies import Body, Level
from aggregator.domain.feeds import Feed, Issuer
from aggregator.domain.items import Entry, Item, ParsedFeed, StoredItem
from aggregator.read.items.normalise import read_items
from aggregator.read.links.addresses import absolute
from aggregator.services.evaluation.rows import Release

_LAST = 1_000_000
"""The administrative order of an office that the configuration does not know."""

_UNDATED = datetime(2024, 1, 1, tzinfo=UTC)
"""When a release was seen where nothing has a date."""

_SEEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A release as it arrives: the item, the feed that brings it, and when it is seen (UTC)."""

    item: Item
    feed: Feed
    seen_at: datetime

    @property
    def name(self) -> tuple[str, str]:
        """Feed id and key of the item."""
        return self.item.feed_id, self.item.key

    def stored(self, item_id: int) -> StoredItem:
        """As it is kept."""
        return StoredItem(
            id=item_id,
            item=self.item,
            rev=1,
            first_seen_at=self.seen_at,
            last_seen_at=self.seen_at,
        )


@dataclass(slots=True, kw_only=True)
class Material:
    """Makes items of releases. ``bodies`` are the configured ones by id; ``issuer`` finds one of
    them by its name."""

    bodies: Mapping[str, Body]
    issuer: Callable[[str], str | None]
    _strangers: dict[tuple[str, Level], Body] = field(default_factory=dict)

    @property
    def all_bodies(self) -> dict[str, Body]:
        """The configured bodies, and those made so far for offices that are not configured."""
        return {**self.bodies, **{body.id: body for body in self._strangers.values()}}

    def arrive(
        self, release: Release, *, name: str, side: str = "", seen_at: datetime | None = None
    ) -> Arrival | None:
        """The release as the entry ``name`` of a feed, read by the code that reads feeds; None where
        that keeps nothing of it. It is seen an hour after it was published, unless ``seen_at`` (UTC)
        says when.

        Releases of one ``side`` that are of a kind and a language come by one feed.
        """
        feed = _feed(release, side)
        entry = Entry(
            guid=name,
            link=absolute(release.url, feed.url),
            title=release.title,
            summary=release.summary,
            published=release.published,
            authors=(release.agency,) if release.agency else (),
        )
        at = seen_at or first_sight(release) or _UNDATED
        items, _ = read_items(
            _document(entry), feed, issuer=self.issuer, base_url=feed.url, seen_at=at
        )
        kept = [item for item in items if not item.says_nothing]
        if not kept:
            return None
        item = kept[0]
        if not item.body and (release.agency or release.level):
            # An office without a name is nobody else's.
            body = self._stranger(release.agency or f"{name} {side}", release.level)
            item = replace(item, body=body.id)
        return Arrival(item=item, feed=feed, seen_at=at)

    def _stranger(self, office: str, level: Level | None) -> Body:
        """The body of an office that is not configured; without a level it counts as one of which
        nothing is known."""
        key = office, level or Level.MEDIA
        if key not in self._strangers:
            self._strangers[key] = Body(
                id=f"stranger:{len(self._strangers) + 1}",
                name=office,
                print_names={"ko": office},
                level=key[1],
                order=_LAST,
            )
        return self._strangers[key]


def first_sight(*releases: Release) -> datetime | None:
    """When the first of these was seen that has a date (UTC); None where none has."""
    return next((one.at.astimezone(UTC) + _SEEN_AFTER for one in releases if one.at), None)


def _feed(release: Release, side: str) -> Feed:
    parts = ("rows", side, release.carries.value, release.language)
    feed_id = "-".join(part for part in parts if part)
    return Feed(
        id=feed_id,
        url=f"https://{feed_id}.example/rss",
        title=feed_id,
        body="",
        issuer=Issuer.AUTHOR,
        carries=release.carries,
        language=release.language,
    )


def _document(entry: Entry) -> ParsedFeed:
    return ParsedFeed(
        version="rss20", title="", link="", language="", encoding="", claimed="", entries=(entry,)
    )
