"""Words of the rules found in texts: one automaton, the longest match wins, masks swallow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple, TypedDict

import ahocorasick_rs

from aggregator.curate.matching.edges import Term, has_free_edges, make_term, stands_free
from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX, PATTERN_REACH
from aggregator.curate.matching.pattern_search import Pattern, make_pattern, search_pattern
from aggregator.curate.matching.patterns import DOTTED
from aggregator.curate.matching.sections import Sections, compile_sections
from aggregator.curate.matching.spelling import (
    Folded,
    fold_composed,
    fold_text,
    is_composed,
    is_hangul,
)
from aggregator.domain.rules import Group, RuleSet

_PLURAL_FROM = 4
_MASK = ""
_NO_POINTS: Mapping[str, float] = {}


class Hit(TypedDict):
    """A word of a group in a field, as the trace has it. ``start`` and ``end`` span the original text;
    ``points`` are 0 for a repeated word and for words beyond the group's cap."""

    group: str
    word: str
    field: str
    start: int
    end: int
    points: float


_Spelling = tuple[Sequence[Term], Sequence[int], bool]
"""What one string of the automaton stands for: terms, numbers of the patterns that ask for it, and
whether no Latin letter can stand at its edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Compiled words and masks of one rule set; made by ``compile_rules``, safe to share.

    ``patterns`` are the regular expressions, each with its group and word; ``everywhere`` are the
    numbers of those without leads.
    ``points`` are those of the first hit of a group in a field, by field and group. ``short_sighted``
    are the words that look at less of a field than patterns do, with how many characters.
    """

    rules: RuleSet
    automaton: Any
    spellings: Sequence[_Spelling]
    patterns: tuple[tuple[str, str, Pattern], ...]
    everywhere: tuple[int, ...]
    points: Mapping[str, Mapping[str, float]]
    short_sighted: Mapping[str, int]
    sections: Sections


_Leads = dict[tuple[int, int], set[int]]
"""The numbers of a pattern and of a text, with the places in the text of what leads to it."""

_Searches = dict[tuple[int, int], set[int] | None]
"""The same for all searches; None where nothing led to it."""

_Span = tuple[int, int, str, str]
"""Start, the end with a minus, group and word: in this order a longer word comes before what lies
in it, and a mask before a word of the same span."""


def compile_rules(ruleset: RuleSet) -> Matcher:
    """Compile every word, mask, pattern and section of ``ruleset``, once.

    Words that start with ``re:`` are regular expressions, case ignored. Raises ``re.error`` for a
    pattern that is none; the configuration is checked for that before it gets here.
    """
    terms: dict[str, list[Term]] = {}
    patterns: list[tuple[str, str, Pattern]] = []
    for group in (Group(id=_MASK, weight=0.0, words=ruleset.masks), *ruleset.groups):
        for word in group.words:
            if word.startswith(PATTERN_PREFIX):
                patterns.append((group.id, word, make_pattern(word)))
                continue
            for form in _forms(word):
                folded = fold_text(form)
                if folded.text and "\n" not in folded.text:
                    term = make_term(group.id, word, folded)
                    terms.setdefault(folded.text, []).append(term)
    asking: dict[str, list[int]] = {}
    for number, (_, _, pattern) in enumerate(patterns):
        for piece in sorted({fold_text(piece).text for piece in pattern.leads}):
            asking.setdefault(piece, []).append(number)
    strings = sorted(terms.keys() | asking.keys())
    return Matcher(
        rules=ruleset,
        automaton=ahocorasick_rs.AhoCorasick(
            strings, matchkind=ahocorasick_rs.MatchKind.Standard, store_patterns=False
        ),
        spellings=[
            (
                terms.get(string, ()),
                asking.get(string, ()),
                is_hangul(string[0]) and is_hangul(string[-1]),
            )
            for string in strings
        ],
        patterns=tuple(patterns),
        everywhere=tuple(n for n, (_, _, pattern) in enumerate(patterns) if not pattern.leads),
        points={
            name: {group.id: round(group.weight * factor, 3) for group in ruleset.groups}
            for name, factor in ruleset.field_weights.items()
        },
        short_sighted={word: p.reach for _, word, p in patterns if p.reach < PATTERN_REACH},
        sections=compile_sections(ruleset),
    )


def find_hits(matcher: Matcher, texts: Mapping[str, str]) -> list[Hit]:
    """Every hit in ``texts`` (field to plain text), by field in their order, then by place."""
    names = [name for name, text in texts.items() if text]
    given = [texts[name] for name in names]
    hits: list[Hit] = []
    cap = matcher.rules.group_cap
    base = stop = field = 0
    counted: dict[str, list[str]] = {}
    for begin, end, group, word in find_spans(matcher, given):
        while begin >= stop:
            name = names[field]
            points = matcher.points.get(name, _NO_POINTS)
            base, stop = stop, stop + len(given[field]) + 1
            field += 1
            counted = {}
        seen = counted.get(group)
        if seen is None:
            seen = counted[group] = []
        worth = 0.0
        if len(seen) < cap and word not in seen:
            seen.append(word)
            worth = points.get(group, 0.0)
        hits.append(
            {
                "group": group,
                "word": word,
                "field": name,
                "start": begin - base,
                "end": -end - base,
                "points": worth,
            }
        )
    return hits


class Masked(NamedTuple):
    """A word of a group that does not count because a mask covers it. ``start`` and ``end`` span
    the word, ``mask`` is the text that the mask covers."""

    group: str
    word: str
    start: int
    end: int
    mask: str


class Cover(NamedTuple):
    """A mask where it stands in a text."""

    word: str
    start: int
    end: int


def find_masks(matcher: Matcher, text: str) -> list[Cover]:
    """The masks in one text, in the order of place: what lies within one of them is no hit."""
    found = _find_all(matcher, [text]) if text else []
    masks = {(start, -stop, word) for start, stop, group, word in found if group == _MASK}
    return [Cover(word, start, end) for start, end, word in sorted(masks)]


def find_masked(matcher: Matcher, text: str) -> list[Masked]:
    """The words in one text that masks swallow, in the order of place."""
    found = _find_all(matcher, [text]) if text else []
    masks = [(start, -stop) for start, stop, group, _ in found if group == _MASK]
    words = {one for one in found if one[2] != _MASK}
    swallowed = []
    for start, stop, group, word in sorted(words - {*_keep_longest(found)}):
        covers = [(s, e) for s, e in masks if s <= start and -stop <= e]
        if covers:
            begin, end = max(covers, key=lambda cover: cover[1] - cover[0])
            swallowed.append(Masked(group, word, start, -stop, text[begin:end]))
    return swallowed


def find_spans(matcher: Matcher, texts: Sequence[str]) -> list[_Span]:
    """The words of the texts without their points, in the order of place, masks left out; places
    are those in all texts joined by line ends, across which nothing matches."""
    found = _find_all(matcher, texts)
    return _keep_longest(found) if found else found


def _find_all(matcher: Matcher, texts: Sequence[str]) -> list[_Span]:
    """Every word and mask, also those within longer ones, in no order."""
    whole = "\n".join(texts)
    begins = [0]
    for text in texts[:-1]:
        begins.append(begins[-1] + len(text) + 1)
    found: list[_Span] = []
    if is_composed(whole):
        wanted: _Searches = {**_find_words(matcher, fold_composed(whole), begins, found)}
        wanted.update(dict.fromkeys(product(matcher.everywhere, range(len(texts)))))
    else:
        # A mark belongs to the letter before it, so each text is folded by itself; and a pattern,
        # which looks at the letter alone, may find what the automaton does not.
        for text, base in zip(texts, begins, strict=False):
            alone: list[_Span] = []
            _find_words(matcher, fold_text(text), [0], alone)
            found += [(start + base, end - base, group, word) for start, end, group, word in alone]
        wanted = _each(matcher, texts)
    if DOTTED[0] in whole or DOTTED[1] in whole:
        wanted = _each(matcher, texts)
    for (number, field), starts in wanted.items():
        group, word, pattern = matcher.patterns[number]
        base = begins[field]
        found += [
            (base + begin, -base - stop, group, word)
            for begin, stop in search_pattern(pattern, texts[field], starts)
        ]
    return found


def _each(matcher: Matcher, texts: Sequence[str]) -> _Searches:
    return dict.fromkeys(product(range(len(matcher.patterns)), range(len(texts))))


def _find_words(
    matcher: Matcher, folded: Folded, begins: Sequence[int], found: list[_Span]
) -> _Leads:
    """Add to ``found`` the words that stand in texts with these ``begins``. Returns which patterns
    are worth a search in which text."""
    text = folded.original
    spellings = matcher.spellings
    gaps = folded.gaps if folded.is_simple else None
    wanted: _Leads = {}
    for index, start, end in matcher.automaton.find_matches_as_indexes(
        folded.text, overlapping=True
    ):
        terms, patterns, is_hangul = spellings[index]
        spaces: tuple[int, ...] = ()
        if gaps is None:
            begin, stop = folded.span(start, end)
            spaces = folded.spaces(start, end)
        else:
            gap = bisect_right(gaps, start)
            begin = start + gap
            stop = end + gap
            if gaps[gap] < end:
                stop = end + bisect_right(gaps, end - 1)
                spaces = folded.spaces(start, end)
        for pattern in patterns:
            field = bisect_right(begins, begin) - 1
            wanted.setdefault((pattern, field), set()).add(begin - begins[field])
        if not is_hangul and not has_free_edges(text, begin, stop):
            continue
        before = text[begin - 1] if begin else " "
        if spaces and before.isalnum():
            continue
        least = 2 if spaces else "가" <= before <= "힣"
        for term in terms:
            if term[2] > least or stands_free(term, text, (begin, stop), spaces, begins):
                found.append((begin, -stop, term[0], term[1]))  # noqa: PERF401 - mostly one
    return wanted


def _keep_longest(found: list[_Span]) -> list[_Span]:
    """Drop what lies strictly inside something longer, and what a mask of the same span covers.

    A regular expression describes a context rather than a word, so it swallows nothing unless it
    is a mask.
    """
    found.sort()
    kept: list[_Span] = []
    furthest = inner = at = -1
    to = 0
    is_masked = False
    for one in found:
        start, stop, group, word = one
        if start != at or stop != to:
            at, to = start, stop
            is_masked = False
            furthest = max(furthest, inner)
        elif kept and kept[-1] == one:
            continue
        if group == _MASK:
            is_masked = True
            inner = max(inner, -stop)
            continue
        if not word.startswith(PATTERN_PREFIX):
            inner = max(inner, -stop)
        if furthest < -stop and not is_masked:
            kept.append(one)
    return kept


def _forms(word: str) -> list[str]:
    """A word as written and, for English words, in the plural."""
    if word.isascii() and len(word) >= _PLURAL_FROM and word[-1].islower():
        return [word, _plural(word)]
    return [word]


def _plural(word: str) -> str:
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
