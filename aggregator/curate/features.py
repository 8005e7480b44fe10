"""What is compared of an item, and the keys under which its copies are looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from aggregator.curate.minhash import bands, digest
from aggregator.curate.normal_form import (
    bare_text,
    form_of_lead,
    form_of_title,
    is_correction,
    is_truncated,
    spell_years,
    undress,
    without_ellipsis,
)
from aggregator.curate.office_names import OfficeNames, names_in
from aggregator.curate.title_facts import TitleFacts, content_words, read_title
from aggregator.domain.feeds import Carries
from aggregator.domain.items import Precision, StoredItem
from aggregator.text.fold import squash
from aggregator.text.release_numbers import ReleaseNumber, release_number

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

TITLE_GRAM = 3
LEAD_GRAM = 5
ADDRESS_KEY = "r"
"""How block keys begin that come from an item's address: items of one release share such a key."""

_BANDS = 8
_LEAD_BANDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureContext:
    """What an item alone does not say: ``aliases`` as ``build_aliases`` makes them, and what each
    feed carries by feed id (press where it is not named)."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    carries: Mapping[str, Carries] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What says which items may be copies of this one: as in ``Features``, but with the raw
    ``address`` in place of what it says."""

    address: str
    title: str
    lead: str

    @property
    def release(self) -> str:
        """As in ``Features``."""
        return release_key(self.address)

    @property
    def number(self) -> ReleaseNumber | None:
        """As in ``Features``."""
        return release_number(self.address)

    @property
    def lead_key(self) -> str:
        """The lead as it is stored to find leads that stand under many titles."""
        return self.lead[:LEAD_KEY_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """One item, ready to be compared with others.

    ``title`` and ``lead`` are normal forms (``lead`` "" where there is none of its own);
    ``text`` is all of it, as written and with names resolved, for "is this mentioned"; ``words``
    are the title's words, each with its resolved spelling. ``at`` is None where only the day is known. ``release``
    identifies the release by its address, "" where nothing does; ``number`` is the policy portal's
    number in that address.
    """

    release: str
    number: ReleaseNumber | None
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
    names = names_in(context.aliases)
    headline = bare_text(item.title[:TITLE_REACH])
    summary = bare_text((item.summary or item.content)[:SUMMARY_REACH])
    undressed = undress(headline)
    title = form_of_title(undressed, names)
    told = form_of_lead(summary, names)
    lead = _lead(told, title)
    bare = spell_years(undressed)
    cut = is_truncated(bare)
    if cut:
        bare = without_ellipsis(bare).rpartition(" ")[0]
    when = item.published
    address = item.canonical_url or item.link
    return Features(
        release=release_key(address),
        number=release_number(address),
        feed=item.feed_id,
        title=title,
        lead=lead,
        text=f"{squash(headline)}{squash(summary)[:TEXT_REACH]}\n{title}{told[:TEXT_REACH]}",
        facts=read_title(names.resolve(bare)),
        words=_words(bare, names),
        title_grams=grams(title, TITLE_GRAM),
        lead_grams=grams(lead, LEAD_GRAM),
        is_correction=is_correction(headline),
        is_truncated=cut,
        body=item.body,
        carries=context.carries.get(item.feed_id, Carries.PRESS),
        day=stored.day,
        at=when.at if when and when.precision is Precision.TIME else None,
    )


def outline(
    *,
    address: str,
    title: str,
    text: str,
    context: FeatureContext,
    title_key: str | None = None,
    lead_key: str | None = None,
) -> Outline:
    """The outline of an item, of its ``address`` (canonical, else its link), its raw ``title`` and
    the raw ``text`` of its summary, else of its content: what ``features`` say of it.

    ``title_key`` and ``lead_key`` are the normal title and the start of the lead where they are
    known already.
    """
    names = names_in(context.aliases)
    if title_key is None:
        title_key = form_of_title(undress(bare_text(title[:TITLE_REACH])), names)
    if lead_key is None or len(lead_key) >= LEAD_KEY_LENGTH:
        lead_key = _lead(form_of_lead(bare_text(text[:SUMMARY_REACH]), names), title_key)
    return Outline(address=address, title=title_key, lead=lead_key)


def release_key(url: str) -> str:
    """What identifies a release by its address alone: the release number where the policy portal
    itself says it, else the address without scheme and ``www``; "" where nothing does."""
    number = release_number(url)
    if number is not None and number.is_portal:
        return number.key
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if not parts.netloc or (parts.path in {"", "/"} and not parts.query):
        return ""
    host = parts.netloc.casefold().removeprefix("www.").removeprefix("m.")
    return f"url:{host}{parts.path}?{parts.query}" if parts.query else f"url:{host}{parts.path}"


def grams(text: str, size: int) -> frozenset[str]:
    """All substrings of ``size`` characters; the text itself where it is shorter."""
    if len(text) <= size:
        return frozenset({text} if text else ())
    return frozenset(text[i : i + size] for i in range(len(text) - size + 1))


def block_keys(one: Features | Outline) -> tuple[str, ...]:
    """The keys under which copies of this item are found: two copies share at least one.

    The release's identity, the normal title, the start of the lead, and bands of a small MinHash
    over the title and over the lead. Stable across processes and machines.
    """
    keys = set()
    if release := one.release:
        keys.add(f"{ADDRESS_KEY}:{digest(release)}")
    if (number := one.number) is not None:
        keys.add(f"{ADDRESS_KEY}:{digest(number.key)}")
    if one.title:
        keys.add(f"t:{digest(one.title)}")
        keys.update(_bands("m", grams(one.title, TITLE_GRAM), _BANDS))
    if one.lead:
        keys.add(f"l:{digest(one.lead_key)}")
        keys.update(_bands("n", grams(one.lead, LEAD_GRAM), _LEAD_BANDS))
    return tuple(sorted(keys))


def _lead(told: str, title: str) -> str:
    """A lead's normal form without a repetition of the title in front; "" when too short."""
    lead = told
    while title and lead.startswith(title):
        lead = lead[len(title) :]
    return lead[:LEAD_REACH] if len(lead) >= MIN_LEAD else ""


def _words(bare: str, names: OfficeNames) -> tuple[tuple[str, ...], ...]:
    return tuple(names.spellings(word) for word in sorted(content_words(bare)))


def _bands(prefix: str, shingles: frozenset[str], count: int) -> list[str]:
    return [f"{prefix}{n}:{band}" for n, band in enumerate(bands(shingles, count))]
