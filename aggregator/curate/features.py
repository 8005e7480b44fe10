"""What is compared of an item, and the keys under which its copies are looked up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from urllib.parse import parse_qsl, urlsplit
from zlib import crc32

from aggregator.curate.normal_form import (
    bare_text,
    bare_title,
    is_correction,
    is_truncated,
    normal_lead,
    normal_title,
    resolve_aliases,
    spell_years,
    without_ellipsis,
)
from aggregator.curate.title_facts import TitleFacts, content_words, read_title
from aggregator.domain.feeds import Carries
from aggregator.domain.items import SEOUL, Precision, StoredItem
from aggregator.text.fold import squash

LEAD_REACH = 400
"""Characters of a lead's normal form that are compared."""
LEAD_KEY_LENGTH = 120
TITLE_REACH = 500
"""Characters of a title that are read; no headline is longer."""
SUMMARY_REACH = 20_000
"""Characters of a summary or content that are cleaned."""
TEXT_REACH = 2400
"""Characters of a text that are searched for a word of another title."""
MIN_LEAD = 24
"""A shorter lead says too little to identify a release."""

_RELEASE_NUMBER = re.compile(r"\d{5,}")
TITLE_GRAM = 3
_LEAD_GRAM = 5
_BAND_ROWS = 2
_BANDS = 8
_LEAD_BANDS = 4
_PRIME = (1 << 61) - 1
_SEEDS = tuple(
    (
        int.from_bytes(blake2b(b"a%d" % n, digest_size=7).digest(), "big") | 1,
        int.from_bytes(blake2b(b"b%d" % n, digest_size=7).digest(), "big"),
    )
    for n in range(_BANDS * _BAND_ROWS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureContext:
    """What an item alone does not say: ``aliases`` as ``build_aliases`` makes them, and what each
    feed carries by feed id (press where it is not named)."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    carries: Mapping[str, Carries] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """One item, ready to be compared with others.

    ``title`` and ``lead`` are normal forms (``lead`` "" where there is none of its own);
    ``text`` is all of it, as written and with names resolved, for "is this mentioned"; ``words``
    are the title's words, each with its resolved spelling. ``at`` is None where only the day is known. ``release``
    identifies the release wherever it stands, "" where nothing does.
    """

    release: str
    feed: str
    title: str
    lead: str
    text: str
    facts: TitleFacts
    words: tuple[tuple[str, ...], ...]
    title_grams: frozenset[str]
    lead_grams: frozenset[str]
    is_correction: bool
    is_truncated: bool
    body: str
    carries: Carries
    day: date
    at: datetime | None

    @property
    def lead_key(self) -> str:
        """The lead as it is stored to find leads that stand under many titles."""
        return self.lead[:LEAD_KEY_LENGTH]


def features(stored: StoredItem, context: FeatureContext) -> Features:
    """The features of an item. Pure and deterministic; never raises for strange text."""
    item = stored.item
    headline = item.title[:TITLE_REACH]
    summary = (item.summary or item.content)[:SUMMARY_REACH]
    title = normal_title(headline, context.aliases)
    lead = _lead(summary, title, context.aliases)
    bare = spell_years(bare_title(headline))
    cut = is_truncated(bare)
    if cut:
        bare = without_ellipsis(bare).rpartition(" ")[0]
    when = item.published
    return Features(
        release=release_key(item.canonical_url or item.link),
        feed=item.feed_id,
        title=title,
        lead=lead,
        text=_text(headline, summary, title, context.aliases),
        facts=read_title(resolve_aliases(bare, context.aliases)),
        words=_words(bare, context.aliases),
        title_grams=grams(title, TITLE_GRAM),
        lead_grams=grams(lead, _LEAD_GRAM),
        is_correction=is_correction(headline),
        is_truncated=cut,
        body=item.body,
        carries=context.carries.get(item.feed_id, Carries.PRESS),
        day=item_day(stored),
        at=when.at if when and when.precision is Precision.TIME else None,
    )


def item_day(stored: StoredItem) -> date:
    """The printed day of an item, or the day (Asia/Seoul) it was first seen without a date."""
    if stored.item.published is not None:
        return stored.item.published.day
    return stored.first_seen_at.astimezone(SEOUL).date()


def release_key(url: str) -> str:
    """What identifies a release by its address: the release number of the policy portal on any of
    its hosts, else the address without scheme and ``www``."""
    try:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
    except ValueError:
        return ""
    number = query.get("newsId", "")
    if _RELEASE_NUMBER.fullmatch(number):
        return f"news:{number}"
    if not parts.netloc or (parts.path in {"", "/"} and not parts.query):
        return ""
    host = parts.netloc.casefold().removeprefix("www.").removeprefix("m.")
    return f"url:{host}{parts.path}?{parts.query}" if parts.query else f"url:{host}{parts.path}"


def grams(text: str, size: int) -> frozenset[str]:
    """All substrings of ``size`` characters; the text itself where it is shorter."""
    if len(text) <= size:
        return frozenset({text} if text else ())
    return frozenset(text[i : i + size] for i in range(len(text) - size + 1))


def block_keys(one: Features) -> tuple[str, ...]:
    """The keys under which copies of this item are found: two copies share at least one.

    The release's identity, the normal title, the start of the lead, and bands of a small MinHash
    over the title and over the lead. Stable across processes and machines.
    """
    keys = set()
    if one.release:
        keys.add(f"r:{_digest(one.release)}")
    if one.title:
        keys.add(f"t:{_digest(one.title)}")
        keys.update(_bands("m", one.title_grams, _BANDS))
    if one.lead:
        keys.add(f"l:{_digest(one.lead_key)}")
        keys.update(_bands("n", one.lead_grams, _LEAD_BANDS))
    return tuple(sorted(keys))


def _lead(raw: str, title: str, aliases: Mapping[str, str]) -> str:
    """The lead's normal form without a repetition of the title in front; "" when too short."""
    lead = normal_lead(raw, aliases)
    while title and lead.startswith(title):
        lead = lead[len(title) :]
    return lead[:LEAD_REACH] if len(lead) >= MIN_LEAD else ""


def _text(headline: str, summary: str, title: str, aliases: Mapping[str, str]) -> str:
    written = squash(bare_text(headline)) + squash(bare_text(summary))[:TEXT_REACH]
    return f"{written}\n{title}{normal_lead(summary, aliases)[:TEXT_REACH]}"


def _words(bare: str, aliases: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(dict.fromkeys((squash(word), squash(resolve_aliases(word, aliases)))))
        for word in sorted(content_words(bare))
    )


def _bands(prefix: str, shingles: Iterable[str], count: int) -> Iterator[str]:
    values = [crc32(shingle.encode()) for shingle in shingles]
    if not values:
        return
    for band in range(count):
        rows = [
            min((a * value + b) % _PRIME for value in values)
            for a, b in _SEEDS[band * _BAND_ROWS : (band + 1) * _BAND_ROWS]
        ]
        yield f"{prefix}{band}:{_digest(','.join(map(str, rows)))}"


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()
