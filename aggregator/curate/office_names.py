"""The names of offices in running text, each brought to one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from aggregator.domain.bodies import Body
from aggregator.text.fold import squash

_SHORTEST = 2
_HEAD = 2
"""Characters by which the names that may begin at a place are looked up."""

_WORDS_KEPT = 4096
"""Words whose spellings are remembered: headlines use few words again and again."""

_RIGHT_EDGE = re.compile(
    r"(?=$|[^가-힣a-z]|(?:은|는|이|가|을|를|의|와|과|에|에서|로|도)(?![가-힣]))", re.IGNORECASE
)


class OfficeNames(Mapping[str, str]):
    """Case-folded names, and the spelling that stands for each; ready to be found in texts.

    A name is found by a look-up at each left edge of a word, so that the time does not depend on
    how many names there are.
    """

    __slots__ = ("_left_edge", "_lengths", "_spellings", "_words")

    def __init__(self, spellings: Mapping[str, str]) -> None:
        self._spellings = dict(spellings)
        self._words: dict[str, tuple[str, ...]] = {}
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for name in self._spellings:
            lengths[name[:_HEAD]].add(len(name))
        self._lengths = {head: sorted(found, reverse=True) for head, found in lengths.items()}
        first = "".join(re.escape(char) for char in sorted({name[0] for name in lengths if name}))
        self._left_edge = (
            re.compile(rf"(?<![가-힣A-Za-z0-9])[{first}]", re.IGNORECASE) if first else None
        )

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
        if self._left_edge is None:
            return text
        parts: list[str] = []
        done = 0
        for edge in self._left_edge.finditer(text):
            start = edge.start()
            if start < done:
                continue
            for length in self._lengths.get(text[start : start + _HEAD].casefold(), ()):
                end = start + length
                spelling = self._spellings.get(text[start:end].casefold())
                if spelling is not None and end <= len(text) and _RIGHT_EDGE.match(text, end):
                    parts += (text[done:start], spelling)
                    done = end
                    break
        parts.append(text[done:])
        return "".join(parts)

    def spellings(self, word: str) -> tuple[str, ...]:
        """The letters of one word, and where it is a name those of its spelling."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _WORDS_KEPT:
                self._words.clear()
            known = tuple(dict.fromkeys((squash(word), squash(self.resolve(word)))))
            self._words[word] = known
        return known


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
