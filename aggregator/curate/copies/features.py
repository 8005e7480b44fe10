"""What is compared of an item, and the keys under which its copies are looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from aggregator.curate.copies.amounts import amounts_in
from aggregator.curate.copies.normal_form import (
    bare_text,
    is_correction,
    is_truncated,
    spell_years,
    tell_lead,
    undress_dated,
    without_ellipsis,
)
from aggregator.curate.copies.office_names import OfficeNames, names_in
from aggregator.curate.copies.synonyms import unify
from aggregator.curate.copies.title_facts import TitleFacts, content_words, read_title
from aggregator.curate.gazetteer import Home, complete, find_regions
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
TOLD_REACH = 600
"""Characters of a lead that are kept with its words apart."""
MIN_LEAD = 24
"""A shorter lead says too little to identify a release."""

_TITLES_KEPT = 512
"""Titles of which it is remembered what they say."""

_LEADS_KEPT = 128
"""Leads of which the pieces are remembered: fifty kilobytes each, ten times as much as all else that is
known of an item."""

_QUOTED = re.compile(r"[‘'“\"「『｢《〈<]([^‘'“\"「『｢《〈<’”」』｣》〉>]{4,40})[’'”\"」』｣》〉>]")
_MIN_NAME = 5

TITLE_GRAM = 3
LEAD_GRAM = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureContext:
    """What an item alone does not say: ``aliases`` as ``build_aliases`` makes them, what each
    feed carries by feed id (press where it is not named), and by body id the ``homes`` of local
    governments and the resolved names of ``offices``."""

    aliases: Mapping[str, str] = field(default_factory=dict)
    carries: Mapping[str, Carries] = field(default_factory=dict)
    homes: Mapping[str, Home] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What says which items may be copies of this one, as in ``Features``. ``counts`` and quoted
    ``names`` are those of the lead, which stay when somebody tells it in words of his own."""

    address: str
    title: str
    lead: str
    counts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

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


class Telling(Protocol):
    """What features are made of, raw: see ``Compared`` of the store."""

    @property
    def address(self) -> str:
        """Its canonical link, else its link."""
        ...

    @property
    def title(self) -> str:
        """Its headline."""
        ...

    @property
    def text(self) -> str:
        """Its summary, else its content."""
        ...

    @property
    def feed_id(self) -> str:
        """The feed that brought it."""
        ...

    @property
    def body(self) -> str:
        """The issuing body."""
        ...

    @property
    def day(self) -> date:
        """The printed day."""
        ...

    @property
    def at(self) -> datetime | None:
        """The instant of its publication, None where only the day is known."""
        ...


class _Told(NamedTuple):
    """The same of an item that is at hand."""

    address: str
    title: str
    text: str
    feed_id: str
    body: str
    day: date
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Features:
    """One item, ready to be compared with others.

    ``title`` and ``lead`` are normal forms (``lead`` "" where there is none of its own). ``told`` is
    the start of the lead with its words apart. ``office`` is the resolved name of the body and
    ``home`` where it is, None for one that is no local government. ``at`` is None where only the day
    is known. ``bare`` is the title as written and ``dated`` the date that stood behind it in brackets,
    ``written`` are title and text with names resolved and without. What takes long is made when it
    is asked for.
    """

    address: str
    feed: str
    title: str
    lead: str
    told: str
    bare: str
    dated: str
    written: tuple[str, str, str]
    names: OfficeNames
    is_correction: bool
    is_truncated: bool
    body: str
    office: str
    home: Home | None
    carries: Carries
    day: date
    at: datetime | None

    @property
    def lead_key(self) -> str:
        """The lead as it is stored to find leads that stand under many titles."""
        return self.lead[:LEAD_KEY_LENGTH]

    @cached_property
    def release(self) -> str:
        """What identifies the release by its address, "" where nothing does."""
        return release_key(self.address)

    @cached_property
    def number(self) -> ReleaseNumber | None:
        """The policy portal's number in that address."""
        return release_number(self.address)

    @cached_property
    def text(self) -> str:
        """All of it, as written and with names resolved, for "is this mentioned"."""
        headline, summary, resolved = self.written
        given = f"{squash(headline)}{squash(summary)[:TEXT_REACH]}"
        return f"{given}\n{self.title}{resolved[:TEXT_REACH]}"

    @cached_property
    def facts(self) -> TitleFacts:
        """Numbers, places and stages of the title."""
        return _facts(self.bare, self.home, self.dated)

    @cached_property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The title's words, each with its resolved spelling."""
        return tuple(self.names.spellings(word) for word in _sorted_words(self.bare))

    @property
    def title_grams(self) -> frozenset[str]:
        """The pieces of the title."""
        return _title_pieces(self.title)

    @property
    def lead_grams(self) -> frozenset[str]:
        """The pieces of the lead."""
        return _lead_pieces(self.lead)


def features(stored: StoredItem, context: FeatureContext) -> Features:
    """The features of an item. Pure and deterministic; never raises for strange text."""
    item = stored.item
    when = item.published
    return features_of(
        _Told(
            address=item.canonical_url or item.link,
            title=item.title,
            text=item.summary or item.content,
            feed_id=item.feed_id,
            body=item.body,
            day=stored.day,
            at=when.at if when and when.precision is Precision.TIME else None,
        ),
        context,
    )


def features_of(one: Telling, context: FeatureContext) -> Features:
    """The features of what was read of an item."""
    names = names_in(context.aliases)
    headline = bare_text(one.title[:TITLE_REACH])
    summary = bare_text(one.text[:SUMMARY_REACH])
    undressed, dated = undress_dated(headline)
    bare = unify(spell_years(undressed))
    title = squash(names.resolve(without_ellipsis(bare)))
    told = tell_lead(summary, names)
    squashed = squash(told)
    cut = is_truncated(bare)
    if cut:
        bare = without_ellipsis(bare).rpartition(" ")[0]
    lead = _lead(squashed, title)
    return Features(
        address=one.address,
        feed=one.feed_id,
        title=title,
        lead=lead,
        told=told[:TOLD_REACH] if lead else "",
        bare=bare,
        dated=dated,
        written=(headline, summary, squashed[:TEXT_REACH]),
        names=names,
        is_correction=is_correction(headline),
        is_truncated=cut,
        body=one.body,
        office=context.offices.get(one.body, ""),
        home=context.homes.get(one.body),
        carries=context.carries.get(one.feed_id, Carries.PRESS),
        day=one.day,
        at=one.at,
    )


def outline(one: Features) -> Outline:
    """What says which items may be copies of this one."""
    return Outline(
        address=one.address,
        title=one.title,
        lead=one.lead,
        counts=tuple(_telling_counts(one.told)),
        names=tuple(_quoted(one.told)),
    )


def _telling_counts(text: str) -> Iterator[str]:
    """The counts of a text that few texts of a day have."""
    for unit, value in amounts_in(text):
        if len(value) > 1:
            yield f"{value} {unit}"


def _quoted(text: str) -> Iterator[str]:
    """The names in quotes, as they are compared."""
    for found in _QUOTED.findall(text):
        name = squash(found)
        if len(name) >= _MIN_NAME:
            yield name


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


# Copies mostly have one title, and each is asked about several times.
@lru_cache(maxsize=_TITLES_KEPT)
def _facts(bare: str, home: Home | None, dated: str) -> TitleFacts:
    return read_title(bare, complete(find_regions(bare), home), dated)


@lru_cache(maxsize=_TITLES_KEPT)
def _sorted_words(bare: str) -> tuple[str, ...]:
    return tuple(sorted(content_words(bare)))


@lru_cache(maxsize=_TITLES_KEPT)
def _title_pieces(title: str) -> frozenset[str]:
    return grams(title, TITLE_GRAM)


@lru_cache(maxsize=_LEADS_KEPT)
def _lead_pieces(lead: str) -> frozenset[str]:
    return grams(lead, LEAD_GRAM)


def grams(text: str, size: int) -> frozenset[str]:
    """All substrings of ``size`` characters; the text itself where it is shorter."""
    if len(text) <= size:
        return frozenset({text} if text else ())
    return frozenset([text[i : i + size] for i in range(len(text) - size + 1)])


def _lead(told: str, title: str) -> str:
    """A lead's normal form without a repetition of the title in front; "" when too short."""
    lead = told
    while title and lead.startswith(title):
        lead = lead[len(title) :]
    return lead[:LEAD_REACH] if len(lead) >= MIN_LEAD else ""
