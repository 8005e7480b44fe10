"""What no kept document tells, put into the scratch store at its time: items that were first seen
before the documents begin, those of feeds without documents, and what editors said.

A rebuilt item may be known again by an older one, keep its first date, or join its story; without
the older ones it would look new. They are put in as they were when the documents begin, read anew
from their own text of then, so that an early document knows them again. They are compared only where
a document brings them again.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.domain.feeds import DESK_FEED, Feed
from aggregator.domain.items import Entry, Item, Revision, StoredItem, When
from aggregator.domain.stories import CurationPlan, Membership, Story, StoryDraft, Verdict
from aggregator.ports.refreshing import RefreshPlan, Relinked
from aggregator.ports.storing import Store
from aggregator.read.dates.when import not_ahead
from aggregator.read.items.normalise import normalise
from aggregator.read.links.addresses import canonical_url
from aggregator.services.intake.refresh_plan import keys_of, move
from aggregator.services.rebuilding.replay import apply
from aggregator.services.rebuilding.stock import ItemName, stories_of

_AT_ONCE = 500


@dataclass(slots=True)
class Seeds:
    """Items and verdicts of the ``live`` store on their way into the ``scratch`` store.

    ``issuer`` finds a body's id by the name a portal prints. ``births`` are the instants at which
    stories were made, which is when items were folded.
    """

    live: Store
    scratch: Store
    issuer: Callable[[str], str | None]
    births: list[datetime] = field(default_factory=list)
    _feeds: dict[str, Feed] = field(default_factory=dict)
    _names: dict[int, ItemName] = field(default_factory=dict)
    _given: set[ItemName] = field(default_factory=set)
    """Keys under which items are put in as they were."""
    _renumbered: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """By feed the key of today for each key that an item is put in under."""
    _read_since: set[str] = field(default_factory=set)
    """Feeds that were read since the documents begin."""
    _later: deque[tuple[datetime, int]] = field(default_factory=deque)
    _verdicts: list[tuple[ItemName, ItemName, Verdict]] = field(default_factory=list)

    def plant(self, feeds: Iterable[Feed], begin: datetime) -> None:
        """Put in what was there before ``begin``, with its stories under their public ids, and
        remember what came later."""
        self._feeds = known = {feed.id: feed for feed in (*feeds, DESK_FEED)}
        states = self.live.feed_states()
        self._read_since = {
            name for name, state in states.items() if state.last_ok_at and state.last_ok_at >= begin
        }
        gone = [
            Feed(id=name, url=state.url, title=name, body="", active=False)
            for name, state in states.items()
            if name not in known
        ]
        self.scratch.sync_feeds([*known.values(), *gone], begin)
        story_ids: dict[int, None] = {}
        everything: list[int] = []
        early: list[StoredItem] = []
        for stored in self.live.items():
            everything.append(stored.id)
            if stored.story_id is not None:
                story_ids[stored.story_id] = None
            if stored.first_seen_at >= begin:
                self._later.append((stored.first_seen_at, stored.id))
                continue
            early.append(stored)
            if len(early) >= _AT_ONCE:
                self._put(self._as_they_were(early, begin))
                early = []
        self._put(self._as_they_were(early, begin))
        self._later = deque(sorted(self._later))
        self._tell_stories(story_ids, begin)
        self._note_verdicts(everything)

    def grow(self, at: datetime, begun: Mapping[str, datetime], *, inclusive: bool) -> bool:
        """Put in what was first seen before ``at`` (or at it) of feeds whose documents have not
        ``begun``; whether there was anything."""
        due: list[int] = []
        while self._later and (self._later[0][0] < at or (inclusive and self._later[0][0] == at)):
            due.append(self._later.popleft()[1])
        found = self.live.items_by_id(due) if due else {}
        new = [one for one in found.values() if one.item.feed_id not in begun]
        self._put(new)
        return bool(new)

    def say_verdicts(self) -> None:
        """Write editors' verdicts on items that are both there by now."""
        left = []
        said = []
        for one, other, verdict in self._verdicts:
            pair = [self.scratch.item_by_key(*name) for name in (one, other)]
            ids = sorted(stored.id for stored in pair if stored is not None)
            if len(ids) == len(pair):
                said.append(replace(verdict, item_a=ids[0], item_b=ids[1]))
            else:
                left.append((one, other, verdict))
        self._verdicts = left
        if said:
            self.scratch.save_verdicts(said)

    def renumber(self, feed_id: str, items: Sequence[Item], at: datetime) -> None:
        """Give items the numbers of today before the items of a document are matched with them,
        where that has those and not the ones of their last revision.

        Their board counted anew in between. When is not known, and makes no difference: an item
        that comes under its new number is known by that, whatever words it comes with.
        """
        keys = set(keys_of(items))
        for old, new in [*self._renumbered[feed_id].items()]:
            if not {old, new} & keys:
                continue
            del self._renumbered[feed_id][old]
            was, now = self.scratch.item_by_key(feed_id, old), self.live.item_by_key(feed_id, new)
            is_free = self.scratch.item_by_key(feed_id, new) is None
            if old not in keys and was is not None and now is not None and is_free:
                apply(self.scratch, _renumbering(was, now.item, at))

    def _put(self, some: Iterable[StoredItem]) -> None:
        visits: defaultdict[tuple[str, datetime], list[StoredItem]] = defaultdict(list)
        for stored in some:
            visits[stored.item.feed_id, stored.first_seen_at].append(stored)
        for (feed_id, at), together in visits.items():
            items = tuple(stored.item for stored in together)
            apply(self.scratch, RefreshPlan(feed_id=feed_id, seen_at=at, new=items))

    def _as_they_were(self, some: Sequence[StoredItem], begin: datetime) -> list[StoredItem]:
        """These items with the key, link and words that they had before ``begin``. Those of a feed
        that was not read since are as they were; of a document that was read in part nobody was told
        which items stood in it, too."""
        seen = [stored.id for stored in some if stored.item.feed_id in self._read_since]
        revisions = self.live.revisions_before(seen, begin) if seen else {}
        return [
            self._as_it_was(stored, revisions[stored.id]) if stored.id in revisions else stored
            for stored in some
        ]

    def _as_it_was(self, stored: StoredItem, revision: Revision) -> StoredItem:
        feed = self._feeds.get(stored.item.feed_id)
        if feed is None or not revision.raw:
            # Typed in, it has no text of its own to be read anew.
            return stored
        item = earlier_item(stored, revision, feed, self.issuer)
        if item.key != stored.item.key:
            # A key that is another item's is left to that one.
            others = (self.live, self.scratch)
            is_taken = (feed.id, item.key) in self._given or any(
                store.item_by_key(feed.id, item.key) is not None for store in others
            )
            if is_taken:
                item = replace(item, key=stored.item.key)
            self._given.add((feed.id, item.key))
            self._names[stored.id] = (feed.id, item.key)
            if item.key != stored.item.key:
                self._renumbered[feed.id][item.key] = stored.item.key
        return replace(stored, item=item)

    def _tell_stories(self, story_ids: Collection[int], begin: datetime) -> None:
        for story in stories_of(self.live, story_ids):
            born = story.born_at or story.first_seen_at
            if born >= begin:
                self.births.append(born)
                continue
            if draft := self._draft(story):
                plan = CurationPlan(stories=(draft,))
                self.scratch.apply_curation(plan, born)
        self.births = sorted(set(self.births))

    def _draft(self, story: Story) -> StoryDraft | None:
        """The story of those of its members that are there."""
        names = [self._names.get(one.id, (one.item.feed_id, one.item.key)) for one in story.members]
        found = [self.scratch.item_by_key(*name) for name in names]
        ids = tuple(stored.id for stored in found if stored is not None)
        if not ids:
            return None
        memberships = tuple(Membership(item_id=one, rule="first") for one in ids)
        return StoryDraft(id=None, public_id=story.public_id, item_ids=ids, memberships=memberships)

    def _note_verdicts(self, item_ids: Collection[int]) -> None:
        verdicts = self.live.verdicts(item_ids)
        ids = {one for verdict in verdicts for one in (verdict.item_a, verdict.item_b)}
        items = self.live.items_by_id(ids) if ids else {}
        for verdict in verdicts:
            if {verdict.item_a, verdict.item_b} <= items.keys():
                one, other = items[verdict.item_a].item, items[verdict.item_b].item
                names = (one.feed_id, one.key), (other.feed_id, other.key)
                self._verdicts.append((*names, verdict))


def _renumbering(was: StoredItem, now: Item, at: datetime) -> RefreshPlan:
    """The plan that gives an item key, guid and link of today and leaves everything else."""
    feed_id, old = was.item.feed_id, was.item.key
    item = replace(
        was.item, key=now.key, guid=now.guid, link=now.link, canonical_url=now.canonical_url
    )
    return RefreshPlan(
        feed_id=feed_id,
        seen_at=at,
        moved=(move(feed_id, was.id, old, now.key),),
        relinked=(Relinked(item_id=was.id, rev=was.rev, item=item),),
    )


def earlier_item(
    stored: StoredItem, revision: Revision, feed: Feed, issuer: Callable[[str], str | None]
) -> Item:
    """An item as it was at one of its revisions: its key, guid, body and date are read anew from the
    entry's own text of then. A date that was not believed is the one of the first sight."""
    item = stored.item
    was = normalise(_entry_of(revision), feed, issuer=issuer, base_url=feed.url)
    published = _believed(was.published, stored, revision) if was.published else None
    is_clamped = item.published is not None and item.published.clamped
    return replace(
        item,
        key=was.key,
        guid=was.guid,
        link=revision.link,
        canonical_url=canonical_url(revision.link) if revision.link else "",
        title=revision.title,
        summary=revision.summary,
        content=revision.content,
        body=was.body,
        hash=revision.hash,
        published=item.published if is_clamped else published,
        raw=revision.raw,
    )


def _believed(told: When, stored: StoredItem, revision: Revision) -> When:
    """The date that an entry told, as it was believed when the revision came."""
    date = not_ahead(told, seen_at=revision.seen_at)
    return not_ahead(told, seen_at=stored.first_seen_at) if date.clamped else date


def _entry_of(revision: Revision) -> Entry:
    raw = revision.raw
    return Entry(
        guid=raw.get("guid", ""),
        link=raw.get("link", ""),
        title=raw.get("title", ""),
        summary=raw.get("summary", ""),
        content=raw.get("content", ""),
        published=raw.get("published", ""),
        updated=raw.get("updated", ""),
        authors=tuple(raw["authors"].split("\n")) if raw.get("authors") else (),
        categories=tuple(raw["categories"].split("\n")) if raw.get("categories") else (),
        fields={
            name.removeprefix("field:"): value
            for name, value in raw.items()
            if name.startswith("field:")
        },
    )
