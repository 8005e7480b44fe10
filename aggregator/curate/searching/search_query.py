"""The words of a search, read: all of them, "a phrase", one OR another, and -none of this."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.curate.searching.particles import stem_of
from aggregator.curate.searching.search_terms import SearchTerm, make_search_term
from aggregator.domain.errors import UsageError

LONGEST = 400
"""Characters of a search."""

MOST_TERMS = 16
"""Words and phrases of a search."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟＂〝〞", '"'))
_PART = re.compile(r'(?P<minus>[-－−]?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_OR = frozenset({"OR", "|"})
_AROUND = ",.;:!?()[]{}<>'‘’·…-/~"
"""What is not meant where it stands before or behind a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What a story must have, one of each of the ``groups``, and what none of its texts may have."""

    groups: tuple[tuple[SearchTerm, ...], ...]
    excluded: tuple[SearchTerm, ...] = ()

    @property
    def terms(self) -> tuple[SearchTerm, ...]:
        """Everything that is looked for."""
        return tuple(term for group in self.groups for term in group)


def parse_query(words: str) -> SearchQuery:
    """Read the words of a search. Whatever was typed is a search or a UsageError in one line."""
    if len(words) > LONGEST:
        raise UsageError(
            f"a search has at most {LONGEST} characters, not {len(words)}: name fewer words"
        )
    clean = "".join(char if char.isprintable() else " " for char in words).translate(_QUOTES)
    groups: list[list[SearchTerm]] = []
    excluded: list[SearchTerm] = []
    joins = False
    for part in _PART.finditer(clean):
        if part["word"] in _OR and not part["minus"]:
            joins = bool(groups)
            continue
        term = _term(part)
        if term is None:
            continue
        if part["minus"]:
            excluded.append(term)
        elif joins:
            groups[-1].append(term)
        else:
            groups.append([term])
        joins = False
    if len(excluded) + sum(map(len, groups)) > MOST_TERMS:
        raise UsageError(f"a search has at most {MOST_TERMS} words and phrases: name fewer")
    if not groups and excluded:
        raise UsageError("a search needs a word that is to be found, beside those that are not")
    if not groups:
        raise UsageError("there is no letter and no digit to search for: name a word")
    return SearchQuery(groups=tuple(map(tuple, groups)), excluded=tuple(excluded))


def _term(part: re.Match[str]) -> SearchTerm | None:
    """A phrase, and what is not to be found, as it was typed; a word without its particle."""
    if part["phrase"] is not None:
        return make_search_term(part["phrase"])
    typed = make_search_term(part["word"].strip(_AROUND))
    if typed is None or part["minus"]:
        return typed
    stem = stem_of(typed.term.folded)
    return typed if stem == typed.term.folded else make_search_term(stem)
