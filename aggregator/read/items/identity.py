"""The identity of an entry within its feed.

A key is a readable string with its kind in front: ``guid:…`` (the feed's own id), ``link:…`` (a
canonical address) or ``title:…@YYYY-MM-DD`` (the squashed headline and the printed day). Keys longer
than 200 characters are cut, and end in ``~`` and the first 32 hexadecimal digits of their SHA-256.
An id that is a web address counts as a link, in its canonical form, so a move from http to https, a
new tracker, or a guid that appears beside the same link later changes nothing.

An entry has several keys, from the strongest to the weakest. Which of them an item is kept under
can change: a guid that comes to mean another entry gives way to the next finer key.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aggregator.domain.feeds import Identity
from aggregator.domain.items import Entry, Item, When
from aggregator.read.links.addresses import canonical_url, is_listing, is_web
from aggregator.text.clean import clean_title, plain_text
from aggregator.text.fold import squash

_READABLE = 200
_SHORTEST_GUID = 2
_LEAST_LIST = 3
"""Headlines under one guid that are more than a correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """An entry with what its key is made of: its canonical link or "", and its day."""

    entry: Entry
    canonical: str
    when: When | None


def entry_keys(
    entry: Entry, canonical: str, when: When | None, policy: Identity
) -> tuple[str, ...]:
    """Every key that one entry can have, the strongest first; never empty, each key once.

    ``auto``: the guid where there is one that can tell entries apart (not the address of a whole
    site, not a single character), then the link, then headline and day. ``guid`` takes any guid,
    ``link`` puts the link before the guid, ``title+date`` knows headline and day alone.
    """
    return tuple(dict.fromkeys(_ranked_keys(entry, canonical, when, policy)))


def entry_key(entry: Entry, canonical: str, when: When | None, policy: Identity) -> str:
    """The strongest key of one entry, never empty."""
    return next(_ranked_keys(entry, canonical, when, policy))


def _ranked_keys(
    entry: Entry, canonical: str, when: When | None, policy: Identity
) -> Iterator[str]:
    """Each made when it is asked for: that of the headline is the dearest and seldom wanted."""
    if policy is not Identity.TITLE_DATE:
        is_known = policy is not Identity.AUTO or not is_shared(entry.guid)
        by_guid = _guid_key(entry.guid) if is_known else ""
        ranked = (by_guid, _link_key(canonical))
        yield from filter(None, reversed(ranked) if policy is Identity.LINK else ranked)
    yield _title_key(entry, when)


def item_keys(item: Item) -> tuple[str, ...]:
    """The key of an item, then the finer ones that it can be kept under where that key belongs to
    another item: its link, its headline and day, and in the end all of it.

    A day that was clamped is left out, as it is another at every visit.
    """
    title = squash(item.title)
    day = item.published.day if item.published and not item.published.clamped else None
    dated = f"{title}@{day.isoformat() if day else 'undated'}"
    whole = "\n".join((item.guid, item.canonical_url, dated, squash(item.summary)))
    # An entry known by its headline although it has a link shares that link with others.
    by_link = "" if item.key.startswith("title:") else _link_key(item.canonical_url)
    by_title = _short(f"title:{dated}") if title else ""
    keys = (item.key, by_link, by_title, f"whole:{_digest(whole)}")
    return tuple(dict.fromkeys(key for key in keys if key))


def own_guid(guid: str) -> str:
    """A guid as it is compared: in its canonical form where it is an address, and "" where it
    names a whole site or nothing at all."""
    guid = " ".join(guid.split())
    if is_shared(guid):
        return ""
    return canonical_url(guid) if is_web(guid) else guid


def disambiguate(candidates: Sequence[Identified], policy: Identity) -> list[str]:
    """The keys of one document's entries, in their order.

    Entries that share a guid but have different links get the key of their link; entries that share
    a link but have different headlines get that of headline and day, and so do those that share the
    link of a list and have different days, and those that share a guid and have no links to tell
    them apart where the days differ too. What is equal after that is the same entry twice and keeps
    the same key.
    """
    keys = [entry_key(each.entry, each.canonical, each.when, policy) for each in candidates]
    for finer in (Identity.LINK, Identity.TITLE_DATE):
        groups: dict[str, list[int]] = defaultdict(list)
        for index, key in enumerate(keys):
            groups[key].append(index)
        for key, group in groups.items():
            if len(group) > 1 and _differ(key, [candidates[index] for index in group], finer):
                for index in group:
                    each = candidates[index]
                    keys[index] = entry_key(each.entry, each.canonical, each.when, finer)
    return keys


def _differ(key: str, candidates: Sequence[Identified], by: Identity) -> bool:
    if by is Identity.LINK:
        return len({each.canonical for each in candidates if each.canonical}) > 1
    titles = {squash(clean_title(each.entry.title)) for each in candidates}
    days = {each.when.day if each.when else None for each in candidates}
    if key.startswith("link:"):
        return len(titles) > 1 or (len(days) > 1 and is_listing(key.removeprefix("link:")))
    if len(titles) == 1:
        return False
    # Under one guid and one link a changed headline is a correction, and so it is without links,
    # unless the days differ or a whole list of entries has that guid.
    if any(each.canonical for each in candidates):
        return False
    return len(days) > 1 or len(titles) >= _LEAST_LIST


def _guid_key(guid: str) -> str:
    guid = " ".join(guid.split())
    if not guid:
        return ""
    return _link_key(canonical_url(guid)) if is_web(guid) else _short(f"guid:{guid}")


def _link_key(canonical: str) -> str:
    return _short(f"link:{canonical}") if canonical else ""


def _title_key(entry: Entry, when: When | None) -> str:
    title = squash(clean_title(entry.title))
    if not title:
        text = squash(plain_text(entry.summary or entry.content)) or entry.published
        title = f"-{_digest(text)}"
    return _short(f"title:{title}@{when.day.isoformat() if when else 'undated'}")


def is_shared(guid: str) -> bool:
    """Whether a guid names a whole site or nothing at all."""
    guid = guid.strip()
    if len(guid) < _SHORTEST_GUID:
        return True
    if not is_web(guid):
        return False
    parts = urlsplit(guid)
    return parts.path in {"", "/"} and not parts.query and not parts.fragment


def _short(key: str) -> str:
    if len(key) <= _READABLE:
        return key
    return f"{key[: _READABLE - 33]}~{_digest(key)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
