"""Words of the rules found in texts: one automaton, the longest match wins, masks swallow."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import ahocorasick_rs

from aggregator.curate.matching.edges import FREE, Term, has_free_edges, make_term, stands_free
from aggregator.curate.matching.joined import Joined
from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX, PATTERN_REACH, safe_reach
from aggregator.curate.matching.pattern_search import (
    Pattern,
    make_pattern,
    may_be_found,
    search_pattern,
)
from aggregator.curate.matching.patterns import DOTTED
from aggregator.curate.matching.sections import Sections, compile_sections
from aggregator.curate.matching.spelling import (
    Folded,
    fold_composed,
    fold_text,
    is_composed,
    is_hangul,
)
from aggregator.domain.rules import RuleSet

_PLURAL_FROM = 4
_MASK = ""

Worth = tuple[float, int]
"""Points, which have three places, and thousandths of points: these sum up without rounding."""

NOTHING: Worth = (0.0, 0)

_Word = tuple[str, str]
"""A word with its group before it."""

_Spelling = tuple[int, int, Sequence[Term], Sequence[int], bool]
"""What one string of the automaton stands for: ease and number of its word where nothing else needs
a look, else 0 and any number; its terms, the patterns that it leads to, and whether no Latin letter
can stand at its edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Compiled words and masks of one rule set; made by ``compile_rules``, safe to share.

    ``words`` are all words with their groups, in this order, in which the first ``masks`` are masks;
    elsewhere a word is its number here. ``patterns`` are the regular expressions among them,
    ``contexts`` the numbers of those that are no masks, ``everywhere`` the places in ``patterns`` of
    those without leads.
    ``points`` are those of the first hit of a group in a field, by field and group. ``short_sighted``
    are the words that look at less of a field than patterns do, with how many characters.
    """

    rules: RuleSet
    automaton: Any
    spellings: Sequence[_Spelling]
    words: Sequence[_Word]
    masks: int
    patterns: tuple[tuple[int, Pattern], ...]
    contexts: frozenset[int]
    everywhere: tuple[int, ...]
    points: Mapping[str, Mapping[str, Worth]]
    short_sighted: Mapping[str, int]
    sections: Sections


Found = tuple[int, int, int]
"""Start, the end with a minus, and the word's number: in this order a longer word comes before what
lies in it, and a mask before a word of the same span."""


def compile_rules(ruleset: RuleSet) -> Matcher:
    """Compile every word, mask, pattern and section of ``ruleset``, once.

    Words that start with ``re:`` are regular expressions, case ignored. Raises ``re.error`` for a
    pattern that is none; the configuration is checked for that before it gets here.
    """
    words = sorted(
        {(_MASK, mask) for mask in ruleset.masks}
        | {(group.id, word) for group in ruleset.groups for word in group.words}
    )
    masks = sum(group == _MASK for group, _ in words)
    patterns = [
        (number, make_pattern(word))
        for number, (_, word) in enumerate(words)
        if word.startswith(PATTERN_PREFIX)
    ]
    strings, spellings = _spell(words, [pattern for _, pattern in patterns])
    return Matcher(
        rules=ruleset,
        automaton=ahocorasick_rs.AhoCorasick(
            strings, matchkind=ahocorasick_rs.MatchKind.Standard, store_patterns=False
        ),
        spellings=spellings,
        words=words,
        masks=masks,
        patterns=tuple(patterns),
        contexts=frozenset(number for number, _ in patterns if number >= masks),
        everywhere=tuple(n for n, (_, pattern) in enumerate(patterns) if not pattern.leads),
        points={
            name: {group.id: _worth(group.weight * factor) for group in ruleset.groups}
            for name, factor in ruleset.field_weights.items()
        },
        short_sighted=_short_sighted(ruleset),
        sections=compile_sections(ruleset),
    )


def to_thousandths(points: float) -> int:
    """Thousandths of points that have three places."""
    return round(points * 1000)


def _worth(points: float) -> Worth:
    rounded = round(points, 3)
    return rounded, to_thousandths(rounded)


def _short_sighted(ruleset: RuleSet) -> dict[str, int]:
    words = (ruleset.masks, *(group.words for group in ruleset.groups))
    patterns = [word for word in chain(*words) if word.startswith(PATTERN_PREFIX)]
    reaches = {word: safe_reach(word.removeprefix(PATTERN_PREFIX)) for word in patterns}
    return {word: reach for word, reach in reaches.items() if reach < PATTERN_REACH}


def _spell(
    words: Sequence[_Word], patterns: Sequence[Pattern]
) -> tuple[list[str], list[_Spelling]]:
    """The strings to look for, and what each stands for."""
    terms: dict[str, list[Term]] = {}
    for number, (group, word) in enumerate(words):
        for form in _forms(word):
            folded = fold_text(form)
            if folded.text and "\n" not in folded.text:
                term = make_term(number, word, folded, is_mask=group == _MASK)
                terms.setdefault(folded.text, []).append(term)
    asking: dict[str, list[int]] = {}
    for place, pattern in enumerate(patterns):
        for piece in sorted({fold_text(piece).text for piece in pattern.leads}):
            asking.setdefault(piece, []).append(place)
    strings = sorted(terms.keys() | asking.keys())
    return strings, [_spelling(s, terms.get(s, ()), asking.get(s, ())) for s in strings]


def _spelling(string: str, terms: Sequence[Term], leads_to: Sequence[int]) -> _Spelling:
    is_korean = is_hangul(string[0]) and is_hangul(string[-1])
    if is_korean and len(terms) == 1 and not leads_to:
        return terms[0].ease, terms[0].number, terms, leads_to, is_korean
    return 0, 0, terms, leads_to, is_korean


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
    masks = {(start, -stop, word) for start, stop, word in found if word < matcher.masks}
    return [Cover(matcher.words[word][1], start, end) for start, end, word in sorted(masks)]


def find_masked(matcher: Matcher, text: str) -> list[Masked]:
    """The words in one text that masks swallow, in the order of place."""
    found = _find_all(matcher, [text]) if text else []
    masks = [(start, -stop) for start, stop, word in found if word < matcher.masks]
    words = {one for one in found if one[2] >= matcher.masks}
    swallowed = []
    for start, stop, word in sorted(words - {*_keep_longest(matcher, found)}):
        covers = [(s, e) for s, e in masks if s <= start and -stop <= e]
        if covers:
            begin, end = max(covers, key=lambda cover: cover[1] - cover[0])
            swallowed.append(Masked(*matcher.words[word], start, -stop, text[begin:end]))
    return swallowed


def find_spans(matcher: Matcher, texts: Sequence[str]) -> list[Found]:
    """The words of the texts without their points, in the order of place, masks left out; places
    are those in all texts joined by line ends, across which nothing matches."""
    return _keep_longest(matcher, _find_all(matcher, texts)) if texts else []


def _find_all(matcher: Matcher, texts: Sequence[str]) -> list[Found]:
    """Every word and mask, also those within longer ones, in no order."""
    joined = Joined(texts)
    whole = joined.whole
    found: list[Found] = []
    wanted: Collection[int] = range(len(matcher.patterns))
    if is_composed(whole):
        leads = _find_spellings(matcher, fold_composed(whole), joined.begins, found)
        if DOTTED[0] not in whole and DOTTED[1] not in whole:
            wanted = leads.union(matcher.everywhere)
    else:
        # A mark belongs to the letter before it, so each text is folded by itself; and a pattern,
        # which looks at the letter alone, may find what the automaton does not.
        for text, base in zip(texts, joined.begins, strict=True):
            alone: list[Found] = []
            _find_spellings(matcher, fold_text(text), [0], alone)
            found += [(start + base, stop - base, word) for start, stop, word in alone]
    for place in wanted:
        word, pattern = matcher.patterns[place]
        if may_be_found(pattern, whole):
            found += [(begin, -stop, word) for begin, stop in search_pattern(pattern, joined)]
    return found


def _find_spellings(
    matcher: Matcher, folded: Folded, begins: Sequence[int], found: list[Found]
) -> set[int]:
    """Add to ``found`` the words that stand in texts with these ``begins``. Returns the places of the
    patterns that something leads to."""
    text = folded.original
    spellings = matcher.spellings
    gaps = folded.gaps if folded.has_gaps else None
    swollen = folded.swollen
    leads: set[int] = set()
    for index, start, end in matcher.automaton.find_matches_as_indexes(
        folded.text, overlapping=True
    ):
        ease, word, terms, leads_to, is_korean = spellings[index]
        if gaps is not None and gaps[gap := bisect_right(gaps, start)] >= end:
            begin = start + gap
            stop = end + gap
            if swollen:
                begin -= bisect_right(swollen, start)
                stop -= bisect_right(swollen, end - 1)
            # Most matches are of a Korean word within one written word, and nothing more is asked.
            if ease and (ease == FREE or not begin or text[begin - 1] < "가"):
                found.append((begin, -stop, word))
                continue
            spaces: tuple[int, ...] = ()
        else:
            begin, stop, spaces = folded.locate(start, end)
        if leads_to:
            leads.update(leads_to)
        if spaces and begin and text[begin - 1].isalnum():
            continue
        if is_korean or has_free_edges(text, begin, stop):
            for term in terms:
                is_free = term.ease == FREE and not spaces
                if is_free or stands_free(term, text, (begin, stop), spaces, begins):
                    found.append((begin, -stop, term.number))
    return leads


def _keep_longest(matcher: Matcher, found: list[Found]) -> list[Found]:
    """Drop what lies strictly inside something longer, and what a mask of the same span covers.

    A regular expression describes a context rather than a word, so it swallows nothing unless it
    is a mask.
    """
    masks, contexts = matcher.masks, matcher.contexts
    found.sort()
    kept: list[Found] = []
    # Ends have a minus: the least are the furthest. ``outer`` is that of what begins before.
    outer = furthest = 1
    at = to = -1
    is_masked = False
    for one in found:
        start, stop, word = one
        if start != at or stop != to:
            at, to = start, stop
            is_masked = False
            outer = furthest
        elif kept and kept[-1] == one:
            continue
        if word not in contexts and stop < furthest:
            furthest = stop
        if word < masks:
            is_masked = True
        elif stop < outer and not is_masked:
            kept.append(one)
    return kept


def _forms(word: str) -> Iterator[str]:
    """A word as it is looked for: as written and, for English words, in the plural; a regular
    expression is not."""
    if word.startswith(PATTERN_PREFIX):
        return
    yield word
    if word.isascii() and len(word) >= _PLURAL_FROM and word[-1].islower():
        yield _plural(word)


def _plural(word: str) -> str:
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"
