"""Words of the rules found in texts: one automaton, the longest match wins, masks swallow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import ahocorasick_rs

from aggregator.curate.patterns import required_piece
from aggregator.curate.spelling import Folded, fold_text, is_hangul, is_latin, is_word
from aggregator.domain.rules import Group, RuleSet

PATTERN_PREFIX = "re:"
PATTERN_REACH = 2000
"""Characters of a field that regular expressions look at; what follows is no lead any more."""

_SHORT = 2
_PLURAL_FROM = 4
_JOSA = re.compile(
    r"(?:들)?(?:은|는|이|가|을|를|의|에|에서|에서는|에게|에는|에도|에서도|으로|로|으로는|로는|와|과|도|만|까지|"
    r"부터|보다|이나|나|처럼|이란|란|라는|이라는|이라|라|으로서|로서|으로써|로써|이다|다|입니다)?(?![가-힣A-Za-z0-9])",
)
_PREFIXES = frozenset(
    "신구대소고저무재초각본타전현군민관총제시도한북남동서중친반탈비원주내외항육해"
)
"""Single syllables that stand before a two-syllable word without making another word of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A word of a group in a field. ``start`` and ``end`` span the original text; ``points`` are
    0 for a repeated word and for words beyond the group's cap."""

    group: str
    word: str
    field: str
    start: int
    end: int
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Term:
    """One folded spelling of a word, with what must hold around it."""

    group: str
    word: str
    folded: str
    breaks: frozenset[int]
    is_acronym: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """A regular expression; ``piece`` is in the case-folded text of each of its matches."""

    group: str
    word: str
    regex: re.Pattern[str]
    piece: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Compiled words and masks of one rule set; made by ``compile_rules``, safe to share."""

    rules: RuleSet
    automaton: Any
    terms: tuple[tuple[_Term, ...], ...]
    patterns: tuple[_Pattern, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    group: str
    word: str


_MASK = ""


def compile_rules(ruleset: RuleSet) -> Matcher:
    """Compile every word, mask and pattern of ``ruleset``, once.

    Words that start with ``re:`` are regular expressions, case ignored. Raises ``re.error`` for a
    pattern that is none; the configuration is checked for that before it gets here.
    """
    by_spelling: dict[str, list[_Term]] = {}
    patterns: list[_Pattern] = []
    masks = Group(id=_MASK, weight=0.0, words=ruleset.masks)
    for group in (masks, *ruleset.groups):
        for word in group.words:
            if word.startswith(PATTERN_PREFIX):
                source = word.removeprefix(PATTERN_PREFIX)
                regex = re.compile(source, re.IGNORECASE)
                piece = required_piece(source)
                patterns.append(_Pattern(group=group.id, word=word, regex=regex, piece=piece))
                continue
            for term in _spellings(group.id, word):
                by_spelling.setdefault(term.folded, []).append(term)
    spellings = sorted(by_spelling)
    return Matcher(
        rules=ruleset,
        automaton=ahocorasick_rs.AhoCorasick(
            spellings,
            matchkind=ahocorasick_rs.MatchKind.Standard,
        ),
        terms=tuple(tuple(by_spelling[spelling]) for spelling in spellings),
        patterns=tuple(patterns),
    )


def find_hits(matcher: Matcher, texts: Mapping[str, str]) -> tuple[Hit, ...]:
    """Every hit in ``texts`` (field to plain text), by field in their order, then by place."""
    weights = {group.id: group.weight for group in matcher.rules.groups}
    hits: list[Hit] = []
    for name, text in texts.items():
        factor = matcher.rules.field_weights.get(name, 0.0)
        counted: dict[str, set[str]] = {}
        for found in find_spans(matcher, text):
            seen = counted.setdefault(found.group, set())
            is_counted = found.word not in seen and len(seen) < matcher.rules.group_cap
            if is_counted:
                seen.add(found.word)
            hits.append(
                Hit(
                    group=found.group,
                    word=found.word,
                    field=name,
                    start=found.start,
                    end=found.end,
                    points=round(weights[found.group] * factor, 3) if is_counted else 0.0,
                ),
            )
    return tuple(hits)


def find_spans(matcher: Matcher, text: str) -> list[_Found]:
    """The words in one text without their points, in the order of place, masks left out."""
    if not text:
        return []
    folded = fold_text(text)
    found = []
    for index, start, end in matcher.automaton.find_matches_as_indexes(
        folded.text,
        overlapping=True,
    ):
        for term in matcher.terms[index]:
            if _stands_free(term, folded, start, end):
                begin, stop = folded.span(start, end)
                found.append(_Found(begin, stop, term.group, term.word))
    reach = text[:PATTERN_REACH]
    lower = reach.casefold()
    for pattern in matcher.patterns:
        match = pattern.regex.search(reach) if pattern.piece in lower else None
        while match:
            if match.end() > match.start():
                found.append(_Found(match.start(), match.end(), pattern.group, pattern.word))
            match = pattern.regex.search(reach, max(match.end(), match.start() + 1))
    return _keep_longest(found)


def _keep_longest(found: Iterable[_Found]) -> list[_Found]:
    """Drop what lies strictly inside something longer, and what a mask of the same span covers.

    A regular expression describes a context rather than a word, so it swallows nothing unless it
    is a mask.
    """
    ordered = sorted(set(found), key=lambda f: (f.start, -f.end, f.group, f.word))
    kept: list[_Found] = []
    furthest = -1
    for (_, end), group in groupby(ordered, key=lambda f: (f.start, f.end)):
        same_span = list(group)
        if furthest < end and not any(one.group == _MASK for one in same_span):
            kept.extend(same_span)
        if any(_swallows(one) for one in same_span):
            furthest = max(furthest, end)
    return kept


def _swallows(one: _Found) -> bool:
    return one.group == _MASK or not one.word.startswith(PATTERN_PREFIX)


def _spellings(group: str, word: str) -> list[_Term]:
    """The folded spellings of a word: as written and, for English words, in the plural."""
    forms = [word]
    if word.isascii() and len(word) >= _PLURAL_FROM and word[-1].islower():
        forms.append(_plural(word))
    terms = []
    for form in forms:
        folded = fold_text(form)
        if folded.text:
            terms.append(
                _Term(
                    group=group,
                    word=word,
                    folded=folded.text,
                    breaks=frozenset(folded.spaces(0, len(folded.text))),
                    is_acronym=word.isascii() and word.isupper(),
                ),
            )
    return terms


def _plural(word: str) -> str:
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def _stands_free(term: _Term, folded: Folded, start: int, end: int) -> bool:
    """Whether the edges and the inner spaces of a match are those of the word itself."""
    begin, stop = folded.span(start, end)
    text = folded.original
    before = text[begin - 1] if begin else " "
    after = text[stop] if stop < len(text) else " "
    first, last = text[begin], text[stop - 1]
    if is_latin(first) and is_latin(before):
        return False
    if is_latin(last) and is_latin(after):
        return False
    spaces = folded.spaces(start, end)
    if spaces and not _may_cross(term, folded, start, end, spaces):
        return False
    if term.is_acronym and not _reads_as_acronym(text, begin, stop):
        return False
    return term.group == _MASK or not _is_tail_of_word(term, text, begin)


def _may_cross(term: _Term, folded: Folded, start: int, end: int, spaces: tuple[int, ...]) -> bool:
    """Whether a match may cross these spaces: it starts at a word's edge, and ends at one too
    where the word itself is written without the space."""
    begin, stop = folded.span(start, end)
    text = folded.original
    if begin and is_word(text[begin - 1]):
        return False
    unexpected = [offset for offset in spaces if offset not in term.breaks]
    if any(is_latin(term.folded[o - 1]) and is_latin(term.folded[o]) for o in unexpected):
        return False
    return not unexpected or _JOSA.match(text, stop) is not None


def _reads_as_acronym(text: str, begin: int, stop: int) -> bool:
    """``its`` in an English sentence is no ITS: small letters count only outside Latin company."""
    written = text[begin:stop]
    if not any(char.islower() for char in written):
        return True
    left = text[:begin].rstrip()
    right = text[stop:].lstrip()
    return not (left and is_latin(left[-1])) and not (right and is_latin(right[0]))


def _is_tail_of_word(term: _Term, text: str, begin: int) -> bool:
    """Whether a two-syllable word is the end of another one (``에드론``, ``세수소폭``): one single
    syllable stands before it, and it is none that commonly does."""
    if len(term.folded) > _SHORT or not all(is_hangul(char) for char in term.folded):
        return False
    if begin == 0 or not is_hangul(text[begin - 1]):
        return False
    alone = begin == 1 or not is_word(text[begin - 2])
    return alone and text[begin - 1] not in _PREFIXES
