"""Two words that a machine glued together: "smartcity projectis", "theMinistry"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import resources

from aggregator.domain.findings import Finding, Severity, Span
from aggregator.issue.lint.pairs import Names, Pair

_WORD = re.compile(r"(?<![\w@./:-])[A-Za-z]{4,}(?![\w@/]|\.\w)")
_CAMEL = re.compile(r"([a-z]{2,})([A-Z][a-z]{2,})")
COMMON = 1500
"""How often both halves must occur (in 1.6 thousand million words): below are names and scraps."""
TOLD = 20
"""A word that occurs as often is one, whatever it could be cut into."""
_TINY = frozenset(
    [
        "a",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "go",
        "he",
        "if",
        "in",
        "is",
        "it",
        "my",
        "no",
        "of",
        "on",
        "or",
        "so",
        "to",
        "up",
        "us",
        "we",
    ]
)
_YOUNG_WORDS = frozenset(
    resources.files(__package__).joinpath("young_words.txt").read_text(encoding="utf-8").split()
)
"""Words of the field that are younger than the dictionary."""
_LETTERS = 4
"""Letters that each half of a word with a capital has at least: Songdo is a name."""


def find_glued(pair: Pair, names: Names) -> Iterator[Finding]:
    """Each word that no dictionary, glossary or body's name has, and that is two common words.

    Without a dictionary only capitals within a word tell.
    """
    known = _known(names)
    for match in _WORD.finditer(pair.translation):
        word = match[0]
        if word.lower() in known or word in pair.source:
            continue
        halves = _camel(word, names) or _split(word, names)
        if halves:
            yield Finding(
                code="glued-words",
                # SmartThings may be a brand.
                severity=Severity.RED if word[0].islower() else Severity.AMBER,
                message=f"{word!r} is two words glued together",
                remedy=f"{' '.join(halves)!r}, or name it under words in the glossary",
                where=pair.where,
                language=pair.language,
                at=Span(start=match.start(), end=match.end()),
            )


@lru_cache(maxsize=4)
def _words_of(*texts: str) -> frozenset[str]:
    return frozenset(w.lower() for text in texts for w in re.findall(r"[A-Za-z]+", text))


def _known(names: Names) -> frozenset[str]:
    glossary = names.glossary
    terms = (form for term in glossary.terms for forms in term.forms.values() for form in forms)
    bodies = (
        name
        for body in names.bodies.values()
        for name in (*body.print_names.values(), *body.aliases)
    )
    return _words_of("\n".join((*glossary.words, *glossary.keep, *terms, *bodies)))


def _camel(word: str, names: Names) -> tuple[str, str] | None:
    match = _CAMEL.fullmatch(word)
    if match is None:
        return None
    common = names.commonness
    if common is None:
        return match[1], match[2]
    halves = (match[1], match[2].lower())
    return (match[1], match[2]) if all(common(half) >= TOLD for half in halves) else None


def _split(word: str, names: Names) -> tuple[str, str] | None:
    """The likeliest cut of a word that is none, or None where it has no good one."""
    common = names.commonness
    lower = word.lower()
    if common is None or word.isupper() or _is_word(lower, common):
        return None
    shortest = _LETTERS if word[0].isupper() else 1
    cuts = [
        (min(common(lower[:n]), common(lower[n:])), n)
        for n in range(shortest, len(lower) - shortest + 1)
        if _is_half(lower[:n], common) and _is_half(lower[n:], common)
    ]
    if not cuts:
        return None
    _, place = max(cuts)
    return word[:place], word[place:]


def _is_half(half: str, common: Callable[[str], int]) -> bool:
    if len(half) < 3:  # noqa: PLR2004
        return half in _TINY
    return common(half) >= COMMON


def _is_word(word: str, common: Callable[[str], int]) -> bool:
    """Whether a dictionary has the word, in British spelling too, or a form of one that it has."""
    american = re.sub(r"is(e[srd]?|ing|ation|ations)$", r"iz\1", word)
    american = re.sub(r"our(s|ed|ing|ful)?$", r"or\1", american)
    american = re.sub(r"ll(ed|ing|er|ers)$", r"l\1", american)
    stems = {
        word,
        american,
        word.removesuffix("s"),
        word.removesuffix("es"),
        american.removesuffix("s"),
    }
    return any(stem in _YOUNG_WORDS or common(stem) >= TOLD for stem in stems)
