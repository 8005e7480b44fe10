"""What one refresh of a feed writes: decided from what it brought and what is stored.

Items keep their identity whatever a site does to its addresses and ids. Each entry is matched with
the stored item that it is (``recognise``), and then:

- It is *new* where there is none.
- It *moved* where it comes under another key: the stored row gets that key, and so keeps its story
  and the story's public id. A key that belongs to a stored item which is not in the document is not
  free: the entry is kept under its next finer key, at every later visit too.
- It *changed* where readers see something else; that is a new revision. A link to another page is
  that, unless most links of the document are others: then the site numbers or names its pages anew.
- It is *relinked* where they do not, but its row differs: the spelling of its link, its host, its
  guid, or what only this version of the program reads. The row is renewed, the revision stays.
- Else it is *unchanged*.

A date that was clamped is the time of one visit: where the stored item has a date already, it keeps
that. The plan depends neither on the order of the entries nor on how often they come: made again
after it was applied it holds nothing but keys that were seen again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

from aggregator.curate.copies.fold_stories import mint_public_id
from aggregator.curate.copies.source_changes import says_the_same
from aggregator.domain.items import Item, StoredItem
from aggregator.ports.refreshing import KnownItem, Moved, RefreshPlan, Relinked
from aggregator.read.items.identity import item_keys
from aggregator.read.links.addresses import same_but_tracking
from aggregator.services.curation.curate import SALTS
from aggregator.services.intake.likeness import Signs, facts_of, facts_of_known, is_reused
from aggregator.services.intake.recognise import is_renumbered, recognise
from aggregator.services.intake.visible_change import differs_for_readers, leads_to_one_page

_VERSIONED = re.compile(r"(?P<version>\w+):[0-9a-f]{64}")
_NO_ITEMS: Mapping[int, StoredItem] = MappingProxyType({})
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An item as just read, under the key that it is to have, and the stored item that it is."""

    item: Item
    known: KnownItem | None

    @property
    def has_moved(self) -> bool:
        """Whether the stored item has another key."""
        return self.known is not None and self.known.key != self.item.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """By what candidates are looked for among the stored items of a feed."""

    titles: tuple[str, ...]
    days: tuple[date, ...]


def keys_of(items: Iterable[Item]) -> list[str]:
    """Every key that these items can be stored under."""
    return list(dict.fromkeys(key for item in items for key in item_keys(item)))


def wanted_candidates(known: Mapping[str, KnownItem], items: Sequence[Item]) -> Wanted | None:
    """What to look for because some of the items are not known by their own key, else None.

    A day beside the printed one counts too: an earlier version may have read another time zone.
    """
    strangers = [item for item in items if not _is_known(known.get(item.key), item)]
    if not strangers:
        return None
    days = {item.published.day for item in strangers if item.published}
    near = {day + step for day in days for step in (-_ONE_DAY, 0 * _ONE_DAY, _ONE_DAY)}
    titles = dict.fromkeys(item.title for item in strangers if item.title)
    return Wanted(titles=tuple(titles), days=tuple(sorted(near)))


def match_items(
    known: Mapping[str, KnownItem], items: Sequence[Item], candidates: Iterable[KnownItem] = ()
) -> list[Match]:
    """The items, each under the key it is to have and with the stored item that it is.

    ``known`` is what is stored under any of ``keys_of(items)``, ``candidates`` what else may be one
    of them; all of the items' feed. Items that have one key are one item, the first.
    """
    first = list({item.key: item for item in reversed(items)}.values())[::-1]
    entries = [facts_of(item) for item in first]
    signs = Signs.of(entries)
    near = (each for each in candidates if signs.are_on(each))
    stored = list({each.id: each for each in (*known.values(), *near)}.values())
    found = recognise(entries, [facts_of_known(each) for each in stored])
    free = set(keys_of(first)) - {
        each.key for index, each in enumerate(stored) if index not in set(found.values())
    }
    keys = _assign_keys([entry.keys for entry in entries], free)
    return [
        Match(
            item=item if item.key == keys[index] else replace(item, key=keys[index]),
            known=stored[found[index]] if index in found else None,
        )
        for index, item in enumerate(first)
        if index in keys
    ]


def doubtful_ids(matches: Iterable[Match]) -> list[int]:
    """The stored items of which only both readings tell whether readers see anything new: those
    that were hashed by another version of the program, or had another address."""
    return [match.known.id for match in matches if match.known and _is_doubtful(match)]


def other_ids(matches: Iterable[Match]) -> list[int]:
    """The stored items that must be read whole: all whose hash is not that of the item as just
    read."""
    return [one.known.id for one in matches if one.known and one.known.hash != one.item.hash]


def make_plan(
    feed_id: str,
    matches: Sequence[Match],
    now: datetime,
    stored: Mapping[int, StoredItem] = _NO_ITEMS,
) -> RefreshPlan:
    """What to write. ``stored`` holds the items of ``other_ids``; one that is not there counts as
    really changed."""
    elsewhere = sum(not leads_to_one_page(each.known, each.item) for each in matches if each.known)
    by_link = not is_renumbered(elsewhere, len(matches))
    new: list[Item] = []
    changed: list[Item] = []
    cosmetic: set[str] = set()
    relinked: list[Relinked] = []
    unchanged: list[str] = []
    for match in matches:
        item, known = _undisturbed(match), match.known
        before = stored.get(known.id) if known else None
        if known is None:
            new.append(item)
        elif _has_changed(match, before, by_link=by_link):
            changed.append(item)
            if before is not None and says_the_same(before.item, item):
                cosmetic.add(item.key)
        elif _has_other_row(match):
            relinked.append(Relinked(item_id=known.id, rev=known.rev, item=item))
        else:
            unchanged.append(item.key)
    moves = sum(match.has_moved and not _is_our_spelling(match) for match in matches)
    return RefreshPlan(
        feed_id=feed_id,
        seen_at=now,
        new=tuple(new),
        changed=tuple(changed),
        cosmetic=frozenset(cosmetic),
        unchanged=tuple(unchanged),
        moved=_moved(feed_id, matches),
        relinked=tuple(relinked),
        renumbered=is_renumbered(moves, len(matches)),
    )


def plan_refresh(
    feed_id: str,
    known: Mapping[str, KnownItem],
    items: Sequence[Item],
    now: datetime,
    *,
    candidates: Iterable[KnownItem] = (),
    stored: Mapping[int, StoredItem] = _NO_ITEMS,
) -> RefreshPlan:
    """What to write for these items of a feed: ``make_plan`` of ``match_items``. Without
    ``candidates`` an item is known by its keys alone."""
    return make_plan(feed_id, match_items(known, items, candidates), now, stored)


def _is_known(known: KnownItem | None, item: Item) -> bool:
    if known is None:
        return False
    # What readers see is the same: it can be no other release.
    return known.hash == item.hash or not is_reused(facts_of(item), facts_of_known(known))


def _assign_keys(chains: Sequence[Sequence[str]], free: set[str]) -> dict[int, str]:
    """For each entry its strongest key that is free; the strongest ones are given first. Where
    none is left the entry is another one once more."""
    keys: dict[int, str] = {}
    left = set(free)
    for index, chain in enumerate(chains):
        if chain[0] in left:
            keys[index] = chain[0]
            left.remove(chain[0])
    for index in sorted(range(len(chains)), key=lambda one: tuple(chains[one])):
        if index in keys:
            continue
        if (key := next((key for key in chains[index] if key in left), None)) is not None:
            keys[index] = key
            left.remove(key)
    return keys


def _moved(feed_id: str, matches: Iterable[Match]) -> tuple[Moved, ...]:
    return tuple(
        move(feed_id, match.known.id, match.known.key, match.item.key)
        for match in matches
        if match.known and match.has_moved
    )


def move(feed_id: str, item_id: int, old_key: str, new_key: str) -> Moved:
    """A stored item that gets another key; its old one names no other story from now on."""
    public_ids = tuple(mint_public_id(feed_id, old_key, salt) for salt in range(SALTS))
    return Moved(item_id=item_id, old_key=old_key, new_key=new_key, public_ids=public_ids)


def _undisturbed(match: Match) -> Item:
    """The item, with the date that was stored where its own was clamped."""
    item, known = match.item, match.known
    if known and known.published and item.published and item.published.clamped:
        return replace(item, published=known.published)
    return item


def _is_doubtful(match: Match) -> bool:
    item, known = match.item, match.known
    if known is None or known.hash == item.hash:
        return False
    return _version(known.hash) != _version(item.hash) or known.canonical_url != item.canonical_url


def _version(content_hash: str) -> str:
    match = _VERSIONED.fullmatch(content_hash)
    return match["version"] if match else ""


def _has_changed(match: Match, stored: StoredItem | None, *, by_link: bool) -> bool:
    """Whether readers see another item than the stored one; ``by_link``: also in its link alone."""
    known = match.known
    if known is None or known.hash == match.item.hash:
        return False
    if stored is None or not _is_doubtful(match):
        return True
    learns = _version(known.hash) != _version(match.item.hash)
    return differs_for_readers(stored.item, match.item, learns=learns, by_link=by_link)


def _has_other_row(match: Match) -> bool:
    """Whether the row of an item that readers see unchanged is to be renewed."""
    item, known = match.item, match.known
    if known is None or known.hash != item.hash or match.has_moved:
        return True
    return bool(known.link) and not same_but_tracking(known.link, item.link)


def _is_our_spelling(match: Match) -> bool:
    """Whether the key is another one though the feed prints the same link and guid: then this
    version of the program spells it otherwise."""
    item, known = match.item, match.known
    return known is not None and known.link == item.link and known.guid == item.guid
