"""What is wrong with a translation as a text: Hangul left, words glued or doubled, a loose end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.domain.findings import Finding, Severity, Span
from aggregator.issue.lint.glued import find_glued
from aggregator.issue.lint.loose_ends import find_loose_ends
from aggregator.issue.lint.pairs import Names, Pair

HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb]+")
_FOREIGN = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc\uff66-\uff9f]+|[\u3001\u3002\uff61]")
"""Kana, and the stops of Japanese and Chinese."""
_OPENING = {"(": ")", "[": "]", "{": "}", "“": "”", "「": "」", "『": "』", "《": "》", "〈": "〉"}
_DOUBLED = re.compile(r"\b([a-z]{2,}|[A-Z][a-z]+)(\s+)(\1)\b")
_MEANT_TWICE = frozenset({"that", "had", "in"})
_NO_SPACE = re.compile(r"[a-z]{2}[,;:.!?](?=[A-Z][a-z]|[a-z]{3})[A-Za-z]{2,}")
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:kr|com|net|org|io|ai|gov|edu)\b|\S+@\S+"
)
SHORTEST, LONGEST = 0.55, 5.0
"""Characters of an English translation for one of Korean. Of No. 48 the least is 1, the most 2.8."""
SAME_SCRIPT = (0.4, 2.5)
_TOO_SHORT_TO_MEASURE = 20


def check_wording(pair: Pair, names: Names) -> Iterator[Finding]:
    """Every fault of the translation as a text."""
    if not pair.translation.strip():
        yield pair.finding("empty", "lint.empty")
        return
    if pair.translation.strip() == pair.source.strip() and HANGUL.search(pair.source):
        yield pair.finding("identical", "lint.identical")
        return
    yield from _hangul(pair, names)
    ends: list[Finding] = []
    if pair.language.startswith("en"):
        yield from find_glued(pair, names)
        ends += find_loose_ends(pair)
        yield from _foreign(pair, names)
    yield from ends
    yield from _unclosed(pair)
    yield from (one for one in _doubled(pair) if not _is_of(one, ends))
    yield from _length(pair)


def _is_of(finding: Finding, ends: list[Finding]) -> bool:
    """Whether an end says it already: the text has no space before a stray word."""
    at = finding.at
    strays = [end.at for end in ends if end.code == "stray-end" and end.at]
    return any(at and at.end == stray.end for stray in strays)


def _hangul(pair: Pair, names: Names) -> Iterator[Finding]:
    if pair.language.startswith("ko"):
        return
    glossary = names.glossary
    kept = {*glossary.keep, *(f for t in glossary.terms for f in t.forms_in(pair.language))}
    text = pair.translation
    for word in sorted((word for word in kept if HANGUL.search(word)), key=len, reverse=True):
        text = text.replace(word, "\0" * len(word))
    for match in HANGUL.finditer(text):
        span = Span(start=match.start(), end=match.end())
        yield pair.finding("hangul-left", "lint.hangul_left", span, word=match[0])


def _foreign(pair: Pair, names: Names) -> Iterator[Finding]:
    text = pair.translation
    for word in names.glossary.keep:
        text = text.replace(word, "\0" * len(word))
    for match in _FOREIGN.finditer(text):
        span = Span(start=match.start(), end=match.end())
        yield pair.finding("script-left", "lint.script_left", span, word=match[0])


def _unclosed(pair: Pair) -> Iterator[Finding]:
    text = pair.translation
    for opening, closing in _OPENING.items():
        if text.count(opening) != text.count(closing):
            mark = opening if text.count(opening) > text.count(closing) else closing
            place = text.rfind(mark) if mark == opening else text.find(mark)
            said = "lint.never_closed" if mark == opening else "lint.never_opened"
            yield pair.finding("unclosed", said, Span(start=place, end=place + 1), mark=mark)
    if text.count('"') % 2:
        place = text.rfind('"')
        span = Span(start=place, end=place + 1)
        yield pair.finding("unclosed", "lint.no_second", span, mark='"')


def _doubled(pair: Pair) -> Iterator[Finding]:
    for match in _DOUBLED.finditer(pair.translation):
        if match[1] not in _MEANT_TWICE and not match[1][0].isupper():
            span = Span(start=match.start(), end=match.end())
            yield pair.finding("doubled", "lint.doubled", span, Severity.AMBER, word=match[1])
    text = _ADDRESS.sub(lambda m: "\0" * len(m[0]), pair.translation)
    for match in _NO_SPACE.finditer(text):
        span = Span(start=match.start(), end=match.end())
        yield pair.finding("no-space", "lint.no_space", span, Severity.AMBER, word=match[0])


def _length(pair: Pair) -> Iterator[Finding]:
    if len(pair.source) < _TOO_SHORT_TO_MEASURE:
        return
    crosses = bool(HANGUL.search(pair.source)) and not pair.language.startswith("ko")
    shortest, longest = (SHORTEST, LONGEST) if crosses else SAME_SCRIPT
    ratio = len(pair.translation) / len(pair.source)
    for code, said, is_so in (
        ("too-short", "lint.too_short", ratio < shortest),
        ("too-long", "lint.too_long", ratio > longest),
    ):
        if is_so:
            yield pair.finding(
                code,
                said,
                None,
                Severity.AMBER,
                count=len(pair.translation),
                source=len(pair.source),
            )
