"""Which stored item each entry of a document is: one to one, whatever order they come in.

The steps go from the surest sign to the weakest. In each, an entry and a stored item belong
together when the sign is theirs alone, nothing contradicts it, and neither has found its match
before; where a sign is shared the next steps ask for more of them, and what stays ambiguous is no
match. Only items of the same feed are looked at.

1. The key, unless it has come to mean another release (``likeness.is_reused``), or another stored
   item is in headline, time and text what this entry is and the one under its key is not: then the
   site counts anew.
2. A finer key of the entry: its link, its headline and day.
3. The address of the page: with the same headline or the same day.
4. The number of the page on its board, where the site moved to another host or folder.
5. The guid, where it is not the key.
6. Headline and printed day, with the instant and the text where several have these. Without a
   text two instants are two releases; with one the day may be missing.
7. Headline (one that says something), day and text in spite of other numbers, where by this more
   than half of the entries (and at least three) are stored items: the board was renumbered as a
   whole.

From one place on a site to another (3 to 6) an item moves only when no entry of the document is
left at the old place: a release on two boards stays two. Only headline, instant and a full text
together outweigh that.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.services.intake.likeness import (
    Facts,
    agree,
    are_texts_of_one,
    are_unlike,
    at_other_times,
    contradict,
    is_another,
    is_reused,
    same_day,
)

LEAST_RENUMBERED = 3
"""Entries under other keys that are more than a few moved pages."""

_MOST_PAIRS = 10_000
"""Entries times stored items above which a sign that they share tells nothing."""

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
    for step in (_displaced(stored), *_steps(places)):
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
    both: defaultdict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, facts in enumerate((entries, stored)):
        for index, each in facts.items():
            for sign in step.signs(each):
                both[sign][side].append(index)
    pairs = {
        (mine, other)
        for ours, theirs in both.values()
        if len(ours) * len(theirs) <= _MOST_PAIRS
        for mine in ours
        for other in theirs
        if step.fits(entries[mine], stored[other])
    }
    mine = Counter(pair[0] for pair in pairs)
    others = Counter(pair[1] for pair in pairs)
    return {one: other for one, other in pairs if mine[one] == others[other] == 1}


def _displaced(stored: Sequence[Facts]) -> _Step:
    """The step for entries under whose key something else is stored, and they elsewhere."""
    holders = {known.key: known for known in stored}

    def fits(entry: Facts, _: Facts) -> bool:
        holder = holders.get(entry.key)
        return holder is not None and is_another(entry, holder)

    return _Step(lambda f: ((sign, f.at) for sign in _headline_of_its_own(f)), fits)


def _steps(places: set[str]) -> tuple[_Step, ...]:
    """The steps for a document whose entries are at ``places``."""
    rules = _Rules(places=places)
    return (
        _Step(lambda f: f.keys[:1], lambda e, k: not is_reused(e, k)),
        _Step(lambda f: f.keys, _by_headline),
        _Step(lambda f: f.keys, _is_at),
        _Step(lambda f: _address(f, f.title, f.day), lambda e, _: bool(e.title and e.day)),
        _Step(lambda f: _address(f, f.title), _by_headline),
        _Step(_address, _is_at),
        _Step(lambda f: _sign(f.page), rules.by_page),
        _Step(lambda f: _sign(f.guid), _by_guid),
        _Step(lambda f: _sign(f.title, f.at, f.text) if f.at else (), rules.by_instant),
        _Step(_headline_and_text, rules.by_day),
        _Step(lambda f: _sign(f.title, f.day) if f.day else (), rules.by_day),
        _Step(lambda f: _sign(f.title, f.text) if f.has_full_text else (), rules.by_text),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What must be true of an entry and a stored item that share a sign, for a document whose
    entries are at ``places``."""

    places: set[str]

    def has_left(self, entry: Facts, known: Facts) -> bool:
        """Whether the entry can have come from where the stored item is."""
        if contradict(entry, known):
            return False
        return not entry.place or entry.place == known.place or known.place not in self.places

    def by_page(self, entry: Facts, known: Facts) -> bool:
        titles, days = agree(entry.title, known.title), same_day(entry, known)
        if titles and days:
            return not contradict(entry, known)
        told = titles or (days and are_texts_of_one(entry, known))
        return told and self.has_left(entry, known)

    def by_instant(self, entry: Facts, known: Facts) -> bool:
        return entry.has_full_text or self.has_left(entry, known)

    def by_day(self, entry: Facts, known: Facts) -> bool:
        if at_other_times(entry, known) and not (entry.has_full_text and known.has_full_text):
            return False
        told = not entry.text or not known.text or are_texts_of_one(entry, known)
        return told and self.has_left(entry, known)

    def by_text(self, entry: Facts, known: Facts) -> bool:
        return None in {entry.day, known.day} and self.has_left(entry, known)


def _by_headline(entry: Facts, known: Facts) -> bool:
    if contradict(entry, known) or is_reused(entry, known):
        return False
    return agree(entry.title, known.title)


def _by_guid(entry: Facts, known: Facts) -> bool:
    # A guid that is no key is not trusted by the feed's settings, or several entries have it.
    sure = entry.key.startswith("guid:") or agree(entry.title, known.title)
    return sure and not is_reused(entry, known)


def _sign(first: str, *more: Hashable) -> tuple[Hashable, ...]:
    """One sign of these, none without the first."""
    return ((first, *more),) if first else ()


def _address(facts: Facts, *more: Hashable) -> tuple[Hashable, ...]:
    return _sign(facts.address, *more)


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
