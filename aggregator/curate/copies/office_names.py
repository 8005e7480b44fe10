"""The names of offices in running text, each brought to one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from ahocorasick_rs import AhoCorasick, MatchKind

from aggregator.domain.bodies import Body
from aggregator.text.fold import squash

_SHORTEST = 2

_WORDS_KEPT = 4096
"""Words whose spellings are remembered: headlines use few words again and again."""

_IN_WORD = re.compile(r"[가-힣A-Za-z0-9]", re.IGNORECASE)
_RIGHT_EDGE = re.compile(
    r"(?=$|[^가-힣a-z]|(?:은|는|이|가|을|를|의|와|과|에|에서|로|도)(?![가-힣]))", re.IGNORECASE
)


class OfficeNames(Mapping[str, str]):
    """Case-folded names, and the spelling that stands for each; ready to be found in texts, in a time
    that does not depend on how many names there are."""

    __slots__ = ("_found", "_names", "_spellings", "_words")

    def __init__(self, spellings: Mapping[str, str]) -> None:
        self._spellings = dict(spellings)
        self._names = [name for name in self._spellings if name]
        self._found = AhoCorasick(self._names, matchkind=MatchKind.Standard)
        self._words: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, name: str) -> str:
        return self._spellings[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._spellings)

    def __len__(self) -> int:
        return len(self._spellings)

    def resolve(self, text: str) -> str:
        """``text`` with every name replaced by its spelling, the longest name first.

        A name counts at the left edge of a word, and at the right edge or before a particle.
        """
        ends: dict[int, list[tuple[int, int]]] = {}
        for number, start, end in self._matches(_folded(text)):
            if not start or not _IN_WORD.match(text, start - 1):
                ends.setdefault(start, []).append((end, number))
        if not ends:
            return text
        parts: list[str] = []
        done = 0
        for start in sorted(ends):
            if start < done:
                continue
            for end, number in sorted(ends[start], reverse=True):
                if _RIGHT_EDGE.match(text, end):
                    parts += (text[done:start], self._spellings[self._names[number]])
                    done = end
                    break
        parts.append(text[done:])
        return "".join(parts)

    def _matches(self, folded: str) -> list[tuple[int, int, int]]:
        """Number, start and end of every name in a text, whatever stands around it."""
        try:
            return self._found.find_matches_as_indexes(folded, overlapping=True)
        except UnicodeEncodeError:
            # Half a character, as no stored text has, is in no name.
            whole = folded.encode("utf-8", "replace").decode()
            return self._found.find_matches_as_indexes(whole, overlapping=True)

    def spellings(self, word: str) -> tuple[str, ...]:
        """The letters of one word, and where it is a name those of its spelling."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _WORDS_KEPT:
                self._words.clear()
            known = tuple(dict.fromkeys((squash(word), squash(self.resolve(word)))))
            self._words[word] = known
        return known


def _folded(text: str) -> str:
    """The text with its case folded, character by character."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded
    # A character that folds to several is in no name.
    return "".join(char if len(char.casefold()) > 1 else char.casefold() for char in text)


def names_in(aliases: Mapping[str, str]) -> OfficeNames:
    """``aliases`` ready to be found; what is ready stays as it is."""
    return aliases if isinstance(aliases, OfficeNames) else OfficeNames(aliases)


def build_aliases(bodies: Iterable[Body]) -> OfficeNames:
    """Every name of every body, case folded, and the one spelling that stands for it.

    An alias that two bodies share is left out, as is one of a single character.
    """
    owners: dict[str, set[str]] = {}
    spelling: dict[str, str] = {}
    for body in bodies:
        spelling[body.id] = f" {squash(body.name)} "
        for name in (body.name, *body.print_names.values(), *body.aliases):
            key = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
            if len(key) >= _SHORTEST:
                owners.setdefault(key, set()).add(body.id)
    return OfficeNames(
        {name: spelling[next(iter(ids))] for name, ids in sorted(owners.items()) if len(ids) == 1}
    )


def offices_of(bodies: Iterable[Body]) -> dict[str, str]:
    """The spelling that stands for each body in a normal form, by its id."""
    return {body.id: squash(body.name) for body in bodies}
