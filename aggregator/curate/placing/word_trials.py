"""What the words of a rule set are worth: the matcher itself tries them on texts made for them.

Nothing here repeats how words are matched. A word is called idle, or another's double, only where
the matcher says so for every text tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from aggregator.curate.matching.hits import find_hits
from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX
from aggregator.curate.matching.spelling import fold_text
from aggregator.curate.matching.words import Matcher, compile_rules
from aggregator.curate.placing.classify import TEXT_REACH
from aggregator.domain.rules import Group, RuleSet, Topic

_CONTEXTS = (
    "{}",
    "오늘 {} 이야기",
    "the {} here",
    "{}은 어제",
    "{}을 본다",
    "{}이",
    "{}에서",
    "그 {}의 값",
    "({})",
    "「{}」",
    "오늘, {}, 내일",
    "하나·{}·둘",
    "1. {}: 2",
    "위\n{}\n아래",
    "새가나다{}",
    "{}가나다",
    "{}입니다.",
    "x, {} y",
    "신{}",
    "a{}b",
    "2{}3",
)
"""Places for a word: alone, among words of both languages, with particles, signs, lines, and grown
together with other syllables, letters and digits."""

_SIGNS = frozenset(r"\.^$*+?{}[]|()")
_LOOKS_AROUND = re.compile(r"\(\?[=!<(]|\\[bBAZ]|[$^]")
_LONGEST_SPACED = 24
_FIELD = "title"


class _Span(NamedTuple):
    group: str
    word: str
    place: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleWord:
    """The word ``index`` of a group, or of the masks where ``group`` is "", that never counts:
    ``mask`` swallows it each time, or where that is "" no text can hold it, for the reason ``why``."""

    group: str
    index: int
    mask: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """Whatever the word ``index`` finds is found by ``other`` as well. ``is_plural``: because it is
    the plural of that word, not its other spelling."""

    index: int
    other: int
    is_plural: bool


def find_idle_words(rules: RuleSet) -> tuple[IdleWord, ...]:
    """The words and masks of ``rules`` that never count, masks first, in their order.

    Of regular expressions only those are named of which it is beyond doubt.
    """
    matcher = compile_rules(_triable(rules))
    found = [
        IdleWord(group="", index=index, why=why)
        for index, mask in enumerate(rules.masks)
        if (why := _impossible(mask))
    ]
    for group in rules.groups:
        for index, word in enumerate(group.words):
            if why := _impossible(word):
                found.append(IdleWord(group=group.id, index=index, why=why))
            elif mask := _swallower(matcher, group, word):
                found.append(IdleWord(group=group.id, index=index, mask=mask))
    return tuple(found)


def find_doubles(words: Sequence[str]) -> tuple[Double, ...]:
    """The words of a list that find nothing of their own, each with the one that finds it all; of two
    that are equal the later. Words that stand twice to the letter are left out, and regular
    expressions."""
    places: dict[str, int] = {}
    for index, word in enumerate(words):
        if not word.startswith(PATTERN_PREFIX) and not _impossible(word):
            places.setdefault(word, index)
    alike = _matcher(places)
    found = []
    for word, index in places.items():
        text = word.strip()
        whole = (0, len(text))
        for other in dict.fromkeys(o.word for o in _spans(alike, text) if whole == o.place):
            if other == word or not _finds_all(other, word):
                continue
            if places[other] > index and _finds_all(word, other):
                continue
            is_plural = not _is_same(word, other)
            found.append(Double(index=index, other=places[other], is_plural=is_plural))
            break
    return tuple(found)


def _triable(rules: RuleSet) -> RuleSet:
    """The rules without the words that no text can hold, and without expressions that also match the
    empty text, which are not tried."""
    groups = tuple(
        replace(group, words=tuple(word for word in group.words if _is_triable(word)))
        for group in rules.groups
    )
    return replace(rules, masks=tuple(filter(_is_triable, rules.masks)), groups=groups)


def _is_triable(word: str) -> bool:
    source = word.removeprefix(PATTERN_PREFIX)
    may_be_empty = source != word and re.search(source, "", re.IGNORECASE) is not None
    return not may_be_empty and not _impossible(word)


def _impossible(word: str) -> str:
    """Why no text can hold a word; "" where one may."""
    if word.startswith(PATTERN_PREFIX):
        return "it finds nothing but the empty text" if _is_empty(word) else ""
    length = len(fold_text(word).text)
    if length > TEXT_REACH:
        return f"it is longer than what is looked at, {TEXT_REACH:,} characters"
    return "" if length else "nothing of it is left to look for"


def _is_empty(pattern: str) -> bool:
    """Whether a regular expression matches the empty text at most: only then has it one and the same
    width with an alternative that is empty, which a look-behind asks for."""
    source = pattern.removeprefix(PATTERN_PREFIX)
    try:
        re.compile(f"(?<=(?:{source})|)", re.IGNORECASE)
    except re.error:
        return False
    return True


def _swallower(matcher: Matcher, group: Group, word: str) -> str:
    """The mask that swallows ``word`` in every text tried; "" where there is none."""
    rules = matcher.rules
    if word in rules.masks:
        return word
    plain = _plain(word)
    if not plain or any(_counts(matcher, group.id, word, text) for text in _texts(plain)):
        return ""
    alone = replace(group, words=(word,))
    for mask in rules.masks:
        if mask.startswith(PATTERN_PREFIX) and _LOOKS_AROUND.search(mask):
            # What it spares depends on neighbours that no trial may have met.
            continue
        tried = compile_rules(replace(rules, masks=(mask,), groups=(alone,)))
        if not any(_counts(tried, group.id, word, text) for text in _texts(plain)):
            return mask
    return ""


def _plain(word: str) -> str:
    """A text that holds the word; "" for a regular expression with signs of its own."""
    source = word.removeprefix(PATTERN_PREFIX)
    return source if source == word or not _SIGNS & set(source) else ""


def _counts(matcher: Matcher, group: str, word: str, text: str) -> bool:
    return any((group, word) == (one.group, one.word) for one in _spans(matcher, text))


def _finds_all(finder: str, word: str) -> bool:
    """Whether ``finder`` finds what ``word`` finds, in the same place, in every text tried. Of a word
    that is a plural no further plural is tried."""
    own, theirs = _matcher([word]), _matcher([finder])
    texts = _texts(word) if _is_same(finder, word) else _texts(word, plural=False)
    tried = [text for text in texts if _spans(own, text)]
    return bool(tried) and all(
        {one.place for one in _spans(own, text)} <= {one.place for one in _spans(theirs, text)}
        for text in tried
    )


def _is_same(word: str, other: str) -> bool:
    return fold_text(word).text == fold_text(other).text


def _texts(word: str, *, plural: bool = True) -> Iterator[str]:
    """Texts that hold ``word``: as it is written in all places, then its other spellings there."""
    spellings = _spellings(word, plural=plural)
    return (context.format(text) for text in spellings for context in _CONTEXTS)


def _spellings(word: str, *, plural: bool) -> list[str]:
    """The word as it stands, in other letters, in the plural, without its spaces, and with one or two
    spaces in each place."""
    text = " ".join(word.split())
    joined = "".join(text.split())
    hyphens = [text.replace(" ", "-"), text.replace("-", " "), joined.replace("-", "")]
    plurals = [f"{text}s", f"{text}es", f"{text[:-1]}ies"] if plural and text.isascii() else []
    spaced = [
        joined[:place] + gap + joined[place:]
        for gap in (" ", "  ")
        for place in range(1, min(len(joined), _LONGEST_SPACED))
    ]
    return [*dict.fromkeys([text, joined, text.upper(), text.lower(), *hyphens, *plurals, *spaced])]


def _spans(matcher: Matcher, text: str) -> list[_Span]:
    hits = find_hits(matcher, {_FIELD: text})
    return [_Span(hit["group"], hit["word"], (hit["start"], hit["end"])) for hit in hits]


def _matcher(words: Iterable[str]) -> Matcher:
    """A matcher of these words alone, without masks."""
    group = Group(id="words", weight=1.0, words=tuple(words))
    return compile_rules(
        RuleSet(
            field_weights={},
            group_cap=1,
            masks=(),
            groups=(group,),
            topic=Topic(groups=(), must_any=(), threshold=0.0),
            sections=(),
            hash="",
        )
    )
