"""Which stored item each entry of a document is: one to one, whatever order they come in.

The steps go from the surest sign to the weakest. In each, an entry and a stored item belong
together when the sign is theirs alone, nothing contradicts it, and neither has found its match
before; where a sign is shared the next steps ask for more of them, and what stays ambiguous is no
match. Only items of the same feed are looked at.

1. The key, unless it has come to mean another release (``likeness.is_reused``).
2. A finer key of the entry: its link, its headline and day.
3. The address of the page: with the same headline or the same day.
4. The number of the page on its board, where the site moved to another host or folder.
5. The guid, where it is not the key.
6. Headline and printed day, with the instant and the text where several have these.
7. Headline (one that says something), day and text in spite of other numbers, where by this more
   than half of the entries (and at least three) are stored items: the board was renumbered as a
   whole.

From one place on a site to another (3 to 6) an item moves only when no entry of the document is
left at the old place: a release on two boards stays two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.services.likeness import (
    Facts,
    agree,
    are_texts_of_one,
    are_unlike,
    contradict,
    is_reused,
    same_day,
)

LEAST_RENUMBERED = 3
"""Entries under other keys that are more than a few moved pages."""

_LEAST_HEADLINE = 12
"""Letters of a headline that hardly recurs by itself."""

_Signs = Callable[[Facts], Iterable[Hashable]]
_Fits = Callable[[Facts, Facts], bool]


@dataclass(frozen=True, slots=True)
class _Step:
    """A sign that an entry and a stored item share, and what must be true of the two."""

    signs: _Signs
    fits: _Fits


def recognise(entries: Sequence[Facts], stored: Sequence[Facts]) -> dict[int, int]:
    """The index in ``stored`` for each index in ``entries`` that has one. The keys of ``entries``
    are distinct, and so are those of ``stored``."""
    places = {entry.place for entry in entries if entry.place}
    found: dict[int, int] = {}
    for step in _steps(places):
        found |= _alone(step, _left(entries, found), _left(stored, found.values()))
    again = _alone(_ANEW, _left(entries, found), _left(stored, found.values()))
    if is_renumbered(len(again), len(entries)):
        found |= again
    return found


def is_renumbered(moved: int, entries: int) -> bool:
    """Whether so many of a document's entries moved that the feed was renumbered as a whole."""
    return moved >= LEAST_RENUMBERED and 2 * moved > entries


def _left(facts: Sequence[Facts], taken: Iterable[int]) -> dict[int, Facts]:
    gone = set(taken)
    return {index: each for index, each in enumerate(facts) if index not in gone}


def _alone(
    step: _Step, entries: Mapping[int, Facts], stored: Mapping[int, Facts]
) -> dict[int, int]:
    """The pairs of which neither part belongs to another pair."""
    holders: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index, known in stored.items():
        for sign in step.signs(known):
            holders[sign].append(index)
    pairs = {
        (mine, other)
        for mine, entry in entries.items()
        for sign in step.signs(entry)
        for other in holders.get(sign, ())
        if step.fits(entry, stored[other])
    }
    mine = Counter(pair[0] for pair in pairs)
    others = Counter(pair[1] for pair in pairs)
    return {one: other for one, other in pairs if mine[one] == others[other] == 1}


def _steps(places: set[str]) -> tuple[_Step, ...]:
    """The steps for a document whose entries are at ``places``."""

    def has_left(entry: Facts, known: Facts) -> bool:
        """Whether the entry can have come from where the stored item is."""
        if contradict(entry, known):
            return False
        return not entry.place or entry.place == known.place or known.place not in places

    def by_page(entry: Facts, known: Facts) -> bool:
        titles, days = agree(entry.title, known.title), same_day(entry, known)
        if titles and days:
            return not contradict(entry, known)
        return (titles or (days and are_texts_of_one(entry, known))) and has_left(entry, known)

    def by_guid(entry: Facts, known: Facts) -> bool:
        # A guid that is no key is not trusted by the feed's settings, or several entries have it.
        sure = entry.key.startswith("guid:") or agree(entry.title, known.title)
        return sure and not is_reused(entry, known)

    def by_text(entry: Facts, known: Facts) -> bool:
        told = not entry.text or not known.text or are_texts_of_one(entry, known)
        return told and has_left(entry, known)

    return (
        _Step(lambda f: f.keys[:1], lambda e, k: not is_reused(e, k)),
        _Step(lambda f: f.keys, lambda e, k: agree(e.title, k.title) and not contradict(e, k)),
        _Step(lambda f: f.keys, _is_at),
        _Step(_address, lambda e, k: agree(e.title, k.title) and same_day(e, k)),
        _Step(_address, lambda e, k: agree(e.title, k.title)),
        _Step(_address, _is_at),
        _Step(lambda f: (f.page,) if f.page else (), by_page),
        _Step(lambda f: (f.guid,) if f.guid else (), by_guid),
        _Step(lambda f: ((f.title, f.at, f.text),) if f.title and f.at else (), has_left),
        _Step(_headline_and_text, has_left),
        _Step(lambda f: ((f.title, f.day),) if f.title and f.day else (), by_text),
    )


def _address(facts: Facts) -> tuple[str, ...]:
    return (facts.address,) if facts.address else ()


def _headline_and_text(facts: Facts) -> tuple[Hashable, ...]:
    """Without a day only a text tells a headline from its next occurrence."""
    if not facts.title or not (facts.day or facts.text):
        return ()
    return ((facts.title, facts.day, facts.text),)


def _headline_of_its_own(facts: Facts) -> tuple[Hashable, ...]:
    """A short headline without a text comes again on the same day."""
    if not facts.text and len(facts.title) < _LEAST_HEADLINE:
        return ()
    return _headline_and_text(facts)


_ANEW = _Step(_headline_of_its_own, lambda _, __: True)


def _is_at(entry: Facts, known: Facts) -> bool:
    """Whether the page at their common address is theirs, though the headlines differ."""
    if not entry.trusts_link or not entry.is_numbered or is_reused(entry, known):
        return False
    if entry.guid and known.guid and entry.guid != known.guid:
        return same_day(entry, known) and not are_unlike(entry.title, known.title)
    return True
