"""What an entry and a stored item of one feed have in common, and what keeps them apart.

Facts that agree prove little alone: offices recycle guids, link whole lists, print one headline
every week. What contradicts proves more: two numbers on one board are two releases, whatever their
headlines say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from urllib.parse import unquote, urlsplit

from aggregator.domain.items import Item, Precision
from aggregator.ports.refreshing import KnownItem
from aggregator.read.items.identity import item_keys, own_guid
from aggregator.read.links.addresses import canonical_url, is_listing, is_web, page_of
from aggregator.text.fold import squash

_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"\w+")
_LEAST_ALIKE = 0.5
"""Share of common letters below which one headline is no correction of the other."""
_LEAST_BEGINNING = 30
"""Letters; texts that begin with as many equal ones are two states of one text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an entry or a stored item is recognised by.

    ``keys``: under which it is or can be stored, the strongest first. ``address`` is its canonical
    link, ``page`` the number of a board's page there, ``place`` where on which site such pages are.
    ``title`` and ``text`` are squashed; ``day`` and ``at`` (None where only a day is told) are as
    its source says, and unknown where the date was clamped. "" stands for what it has not.
    """

    keys: tuple[str, ...]
    guid: str = ""
    address: str = ""
    page: str = ""
    place: str = ""
    title: str = ""
    text: str = ""
    day: date | None = None
    at: datetime | None = None

    @property
    def key(self) -> str:
        """The strongest key."""
        return self.keys[0]

    @property
    def is_numbered(self) -> bool:
        """Whether its address seems to be that of one page, and not of a list or a whole site."""
        if is_listing(self.address):
            return False
        return bool(self.page or _DIGIT.search(self.address.partition("://")[2].partition("/")[2]))

    @property
    def has_full_text(self) -> bool:
        """Whether its text is long enough to be no stock phrase."""
        return len(self.text) >= _LEAST_BEGINNING

    @property
    def trusts_link(self) -> bool:
        """Whether its link tells it from others: it is not known by its headline in spite of it."""
        return not self.key.startswith("title:")


def facts_of(item: Item) -> Facts:
    """What an item as just read is recognised by."""
    return _facts(item, item_keys(item))


def facts_of_known(known: KnownItem) -> Facts:
    """What a stored item is recognised by. Its address is made canonical anew: an earlier version
    of the program may have written another form."""
    return _facts(known, (known.key,))


def _facts(seen: Item | KnownItem, keys: tuple[str, ...]) -> Facts:
    guid = own_guid(seen.guid)
    link = seen.link or seen.canonical_url or (guid if is_web(guid) else "")
    address = canonical_url(link) if link else ""
    page = page_of(address)
    told = seen.published if seen.published and not seen.published.clamped else None
    return Facts(
        keys=keys,
        guid=guid,
        address=address,
        page=page.number if page else "",
        place=_place(address, page.board if page else ""),
        title=squash(seen.title),
        text=squash(seen.summary),
        day=told.day if told else None,
        at=told.at if told and told.precision is Precision.TIME else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a stored item must have one of to be an entry of a document: a squashed headline, a guid,
    or all the telling words of an address."""

    titles: frozenset[str]
    guids: frozenset[str]
    addresses: frozenset[frozenset[str]]

    @classmethod
    def of(cls, entries: Iterable[Facts]) -> Signs:
        """Those of a document's entries."""
        entries = list(entries)
        places = {place for each in entries for place in (each.address, each.page, each.guid)}
        return cls(
            titles=frozenset(each.title for each in entries if each.title),
            guids=frozenset(each.guid for each in entries if each.guid),
            addresses=frozenset(_telling_words(place) for place in places if place),
        )

    def are_on(self, known: KnownItem) -> bool:
        """Whether a stored item has one of them. Its facts need not be known for that, which take
        much longer: few items of a day are what a document's entries are."""
        if squash(known.title) in self.titles or " ".join(known.guid.split()) in self.guids:
            return True
        words = frozenset(_words(f"{known.link}\n{known.guid}\n{known.canonical_url}"))
        return any(telling <= words for telling in self.addresses)


def _telling_words(place: str) -> frozenset[str]:
    """The words that every spelling of an address, or of what numbers a page, has: those with a
    digit, without the host. Where there is none no word is sure, and whatever is stored may be it."""
    words = _words(place.partition("://")[2].partition("/")[2] or place)
    return frozenset(word for word in words if _DIGIT.search(word))


def _words(text: str) -> list[str]:
    return _WORD.findall(unquote(text).lower())


def _place(address: str, board: str) -> str:
    """Where on a site the pages like this one are: its address without what numbers the page."""
    if not address:
        return ""
    parts = urlsplit(address)
    folders = parts.path.split("/")
    shape = ["#" if _DIGIT.search(folder) else folder for folder in folders]
    if not parts.query and not board and shape == folders:
        shape[-1] = "*"
    names = sorted(pair.partition("=")[0] for pair in parts.query.split("&"))
    drawn = _DIGITS.sub("#", parts.fragment)
    return "\n".join((parts.netloc, "/".join(shape), board or "&".join(names), drawn))


def agree(one: str, other: str) -> bool:
    """Whether both have a value and it is the same."""
    return bool(one) and one == other


def same_day(one: Facts, other: Facts) -> bool:
    """Whether both are of the same known day."""
    return one.day is not None and one.day == other.day


def contradict(one: Facts, other: Facts) -> bool:
    """Whether their numbers say that they are two: two pages of one board, or, without links, two
    guids that are counted alike."""
    if one.address and other.address:
        if one.address == other.address:
            return False
        return one.place == other.place or (
            bool(one.page) and bool(other.page) and one.page != other.page
            and _board(one) == _board(other)
        )  # fmt: skip
    if one.address or other.address or not one.guid or not other.guid:
        return False
    alike = _DIGITS.sub("#", one.guid) == _DIGITS.sub("#", other.guid)
    return alike and one.guid != other.guid and bool(_DIGIT.search(one.guid))


def is_reused(entry: Facts, known: Facts) -> bool:
    """Whether a key (or guid) that both have has come to mean another release.

    A guid has, where the links are two pages of one board, and where link, headline and day all
    differ. The address of a page has (the board counts anew) where headline and text are wholly
    unlike and the days differ; one that has its guid too is the same whatever else changed. A guid
    that stands alone has where both texts are there to be unlike, on one day too, and the address of
    a list as soon as the day is another one.
    """
    if entry.address and known.address and entry.address != known.address:
        if contradict(entry, known):
            return True
        return entry.title != known.title and not same_day(entry, known)
    has_guid = agree(entry.guid, known.guid)
    days_differ = None not in {entry.day, known.day} and entry.day != known.day
    if agree(entry.address, known.address) and not is_listing(entry.address):
        return not has_guid and days_differ and is_another(entry, known)
    if entry.address and not has_guid:
        return days_differ or is_another(entry, known)
    has_texts = bool(entry.text and known.text)
    return (days_differ or has_texts) and is_another(entry, known)


def is_another(one: Facts, other: Facts) -> bool:
    """Whether neither headline nor text of one can be a correction of the other's."""
    return are_unlike(one.title, other.title) and not are_texts_of_one(one, other)


def at_other_times(one: Facts, other: Facts) -> bool:
    """Whether both tell their instants, and these differ."""
    return None not in {one.at, other.at} and one.at != other.at


def are_unlike(one: str, other: str) -> bool:
    """Whether one headline can be no correction of the other."""
    if not one or not other or one in other or other in one:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() < _LEAST_ALIKE


def are_texts_of_one(one: Facts, other: Facts) -> bool:
    """Whether both have a text and these begin alike."""
    if not one.text or not other.text:
        return False
    length = max(_LEAST_BEGINNING, min(len(one.text), len(other.text)) // 2)
    return one.text == other.text or (
        len(one.text) >= length
        and len(other.text) >= length
        and one.text[:length] == other.text[:length]
    )


def _board(facts: Facts) -> str:
    return facts.place.split("\n")[2]
