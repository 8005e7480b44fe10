"""The identity of an entry within its feed.

A key is a readable string with its kind in front: ``guid:…`` (the feed's own id), ``link:…`` (a
canonical address) or ``title:…@YYYY-MM-DD`` (the squashed headline and the printed day). Keys longer
than 200 characters are cut, and end in ``~`` and the first 32 hexadecimal digits of their SHA-256.
An id that is a web address counts as a link, in its canonical form, so a move from http to https, a
new tracker, or a guid that appears beside the same link later changes nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from aggregator.domain.feeds import Identity
from aggregator.domain.items import Entry, When
from aggregator.read.links import canonical_url, is_web
from aggregator.text.clean import clean_title, plain_text
from aggregator.text.fold import squash

_READABLE = 200
_SHORTEST_GUID = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """An entry with what its key is made of: its canonical link or "", and its day."""

    entry: Entry
    canonical: str
    when: When | None


def entry_key(entry: Entry, canonical: str, when: When | None, policy: Identity) -> str:
    """The key of one entry, never empty.

    ``auto``: the guid where there is one that can tell entries apart (not the address of a whole
    site, not a single character), else the link, else headline and day. ``guid`` takes any guid,
    ``link`` looks at the guid only where there is no link, ``title+date`` at neither.
    """
    by_title = _title_key(entry, when)
    by_link = _link_key(canonical)
    by_guid = _guid_key(entry.guid)
    if policy is Identity.TITLE_DATE:
        return by_title
    if policy is Identity.LINK:
        return by_link or by_guid or by_title
    if policy is Identity.AUTO and _is_shared(entry.guid):
        by_guid = ""
    return by_guid or by_link or by_title


def disambiguate(candidates: Sequence[Identified], policy: Identity) -> list[str]:
    """The keys of one document's entries, in their order.

    Entries that share a guid but have different links get the key of their link; entries that share
    a link (of a list, say) but have different headlines get that of headline and day. What is equal
    after that is the same entry twice and keeps the same key.
    """
    keys = [entry_key(each.entry, each.canonical, each.when, policy) for each in candidates]
    for finer in (Identity.LINK, Identity.TITLE_DATE):
        groups: dict[str, list[int]] = defaultdict(list)
        for index, key in enumerate(keys):
            groups[key].append(index)
        for key, group in groups.items():
            # Under one guid a changed headline is a correction; under one link it is another entry.
            if finer is Identity.TITLE_DATE and not key.startswith("link:"):
                continue
            if len(group) > 1 and _differ([candidates[index] for index in group], finer):
                for index in group:
                    each = candidates[index]
                    keys[index] = entry_key(each.entry, each.canonical, each.when, finer)
    return keys


def _differ(candidates: Sequence[Identified], by: Identity) -> bool:
    if by is Identity.LINK:
        return len({each.canonical for each in candidates if each.canonical}) > 1
    return len({squash(clean_title(each.entry.title)) for each in candidates}) > 1


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
        title = "-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
    return _short(f"title:{title}@{when.day.isoformat() if when else 'undated'}")


def _is_shared(guid: str) -> bool:
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
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]
    return f"{key[: _READABLE - 33]}~{digest}"
