"""Two words that a machine glued together: "smartcity", "projectis", "theMinistry", "Seoulwill"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from aggregator.domain.findings import Finding, Severity, Span
from aggregator.issue.lint.english import MONTHS
from aggregator.issue.lint.function_words import FUNCTION_WORDS
from aggregator.issue.lint.pairs import Names, Pair

_WORD = re.compile(r"(?<![\w@./:-])[A-Za-z]{4,}(?![\w@/]|\.\w)")
_DIGITS_GLUED = re.compile(r"(?<![\w.,/-])\d[\d,.]*(?P<word>[a-z]{3,})(?![\w-])")
_CAMEL = re.compile(r"([A-Za-z]?[a-z]+)([A-Z][A-Za-z]+)")
_ACRONYM = re.compile(r"([A-Z]{2,})([a-z]{2,})")
COMMON = 1500
"""How often both halves must occur (in 1.6 thousand million words): below are names and scraps."""
LESS_COMMON = 300
"""The same for halves of five letters and more."""
TOLD = 20
"""A word that occurs as often is one, whatever it could be cut into; and so is the longer half of
one, where the other is a word like "and"."""
_LONG = 5
_TINY = frozenset(word for word in FUNCTION_WORDS if len(word) < 3)  # noqa: PLR2004
_UNITS = frozenset(["km", "kg", "cm", "mm", "mw", "kw", "gw", "kwh", "mwh", "gwh", "ha"])
_YOUNG_WORDS = frozenset(
    resources.files(__package__).joinpath("young_words.txt").read_text(encoding="utf-8").split()
)
"""Words of the field that are younger than the dictionary."""
_LETTERS = 4
"""Letters that each half of a word with a capital has at least: Songdo is a name."""

_ROMAN = re.compile(
    r"(?:(?:kk|tt|pp|ss|jj|ch|[gndrmbsjktphl])?"
    r"(?:yeo|yae|wae|eo|eu|ae|oe|wa|wo|we|wi|ya|ye|yo|yu|ui|[aeiou])(?:ng|[knltmp])?)+"
)
"""A Korean name in the Revised Romanisation, syllable by syllable."""


def find_glued(pair: Pair, names: Names) -> Iterator[Finding]:
    """Each word that no dictionary, glossary or body's name has, and that is two known words.

    Without a dictionary only capitals within a word tell.
    """
    lexicon = _lexicon(pair, names)
    for match in _WORD.finditer(pair.translation):
        word = match[0]
        if word.lower() in lexicon.known or word in pair.source:
            continue
        halves = lexicon.halves(word)
        if halves:
            yield _finding(pair, match, halves, certain=word[0].islower())
    for match in _DIGITS_GLUED.finditer(pair.translation):
        word = match["word"]
        if word not in _UNITS and lexicon.common(word) >= COMMON:
            halves = (match[0].removesuffix(word), word)
            yield _finding(pair, match, halves, certain=True)


def _finding(
    pair: Pair, match: re.Match[str], halves: tuple[str, str], *, certain: bool
) -> Finding:
    return pair.finding(
        "glued-words",
        "lint.glued_words",
        Span(start=match.start(), end=match.end()),
        # SmartThings may be a brand.
        Severity.RED if certain else Severity.AMBER,
        word=match[0],
        halves=" ".join(halves),
    )


@lru_cache(maxsize=4)
def _words_of(*texts: str) -> frozenset[str]:
    return frozenset(w.lower() for text in texts for w in re.findall(r"[A-Za-z]+", text))


def _lexicon(pair: Pair, names: Names) -> _Lexicon:
    glossary = names.glossary
    terms = (form for term in glossary.terms for forms in term.forms.values() for form in forms)
    bodies = (
        name
        for body in names.bodies.values()
        for name in (*body.print_names.values(), *body.aliases)
    )
    known = _words_of("\n".join((*glossary.words, *glossary.keep, *terms, *bodies)))
    texts = " ".join((pair.source, pair.translation, *pair.other_translations))
    near = frozenset(re.findall(r"(?<![A-Za-z])[A-Z][A-Za-z]+(?![A-Za-z])", texts))
    return _Lexicon(
        known=known, near=near | frozenset(MONTHS), commonness=names.commonness, source=pair.source
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexicon:
    """What is known of words: those of names in lower case, those with a capital in this item's
    texts, and how common a word of English is."""

    known: frozenset[str]
    near: frozenset[str]
    commonness: Callable[[str], int] | None
    source: str

    def common(self, word: str) -> int:
        """How common a word is, in British spelling too; one of the field's counts as common."""
        if self.commonness is None:
            return 0
        if word in _YOUNG_WORDS or word.removesuffix("s") in _YOUNG_WORDS:
            return COMMON
        return max(self.commonness(form) for form in _spellings(word))

    def halves(self, word: str) -> tuple[str, str] | None:
        """The likeliest cut of a word that is none, or None where it has no good one."""
        if self.commonness is None:
            match = _CAMEL.fullmatch(word)
            plain = match is not None and word[0].islower() and len(match[1]) > 1
            return (match[1], match[2]) if match is not None and plain else None
        cut = self._camel(word) or self._acronym(word)
        if cut or word.isupper() or not word[1:].islower() or self._is_word(word.lower()):
            return cut
        return self._name(word) if word[0].isupper() else self._split(word)

    def _camel(self, word: str) -> tuple[str, str] | None:
        """inGwangju, letsAI, SinceIncheon; but not SmartThings, unless both are common."""
        match = _CAMEL.fullmatch(word)
        if match is None or len(match[1]) < 2:  # noqa: PLR2004 - iPhone, eVTOL
            return None
        first, second = match[1], match[2]
        is_start = first.lower() in FUNCTION_WORDS
        if first[0].isupper() and not is_start:
            return None
        if is_start and (second in self.near or self._is_name(second)):
            return first, second
        told = self.common(first.lower()) >= TOLD
        if told and (second.isupper() and len(second) > 1 and second in self.source + "AI"):
            return first, second
        return (first, second) if told and self.common(second.lower()) >= TOLD else None

    def _acronym(self, word: str) -> tuple[str, str] | None:
        """KAIAcalls, LXwill."""
        match = _ACRONYM.fullmatch(word)
        if match is None:
            return None
        first, second = match.groups()
        is_known = first.lower() in self.known or first in self.source or first in self.near
        is_second = second in FUNCTION_WORDS or (
            len(second) >= _LETTERS and self.common(second) >= LESS_COMMON
        )
        return (first, second) if is_known and is_second else None

    def _name(self, word: str) -> tuple[str, str] | None:
        """Seoulwill, Gangnamand, Thefare: a name, or the first word of a sentence."""
        lower = word.lower()
        for place in range(2, len(word) - 1):
            first, second = word[:place], word[place:]
            if self._is_named(first, second, lower):
                return first, second
        if _ROMAN.fullmatch(lower):
            return None
        return self._split(word)

    def _is_named(self, first: str, second: str, whole: str) -> bool:
        small = first.lower()
        is_name = first in self.near or (small in self.known and len(first) >= _LETTERS)
        follows = second in FUNCTION_WORDS or (
            len(second) >= _LETTERS and self.common(second) >= COMMON
        )
        if is_name and follows:
            return True
        if _ROMAN.fullmatch(whole):
            return False
        if small in FUNCTION_WORDS:
            return len(second) > 2 and self.common(second) >= LESS_COMMON  # noqa: PLR2004
        return follows and len(first) > _LONG and _ROMAN.fullmatch(small) is not None

    def _is_name(self, word: str) -> bool:
        return word.lower() in self.known or _ROMAN.fullmatch(word.lower()) is not None

    def _split(self, word: str) -> tuple[str, str] | None:
        lower = word.lower()
        shortest = _LETTERS if word[0].isupper() else 1
        cuts = [
            (min(self.common(lower[:n]), self.common(lower[n:])), n)
            for n in range(shortest, len(lower) - shortest + 1)
            if self._may_part(lower[:n], lower[n:])
        ]
        if not cuts:
            return None
        _, place = max(cuts)
        return word[:place], word[place:]

    def _may_part(self, first: str, second: str) -> bool:
        if len(first) + len(second) <= _LONG:
            helps = first in FUNCTION_WORDS or second in FUNCTION_WORDS
            return helps and self._is_frequent(first) and self._is_frequent(second)
        if self._is_half(first) and self._is_half(second):
            return True
        for half, other in ((first, second), (second, first)):
            is_told = len(half) >= _LONG and self.common(half) >= TOLD
            if is_told and other in FUNCTION_WORDS and len(other) > 1:
                return True
        return first in _UNITS and len(second) > 2 and self.common(second) >= COMMON  # noqa: PLR2004

    def _is_frequent(self, word: str) -> bool:
        return self.common(word) >= 10 * COMMON

    def _is_half(self, half: str) -> bool:
        if len(half) < 3:  # noqa: PLR2004
            return half in _TINY
        return self.common(half) >= (LESS_COMMON if len(half) >= _LONG else COMMON)

    def _is_word(self, word: str) -> bool:
        """Whether a dictionary has the word, in British spelling too, or a form of one that it has."""
        stems = {word, word.removesuffix("s"), word.removesuffix("es")}
        return any(self.common(stem) >= TOLD for stem in stems)


@lru_cache(maxsize=8192)
def _spellings(word: str) -> frozenset[str]:
    """The word, and how Americans spell it."""
    found = {word}
    for british, american in (
        (r"is(e[srd]?|ing|ation|ations)$", r"iz\1"),
        (r"our(s|ed|ing|ful)?$", r"or\1"),
        (r"ll(ed|ing|er|ers)$", r"l\1"),
        (r"tre(s|d)?$", r"ter\1"),
        (r"mme(s)?$", r"m\1"),
        (r"ogue(s)?$", r"og\1"),
    ):
        found.add(re.sub(british, american, word))
    return frozenset(found)
