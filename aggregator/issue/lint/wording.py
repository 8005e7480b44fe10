"""What is wrong with a translation as a text: Hangul left, words glued or doubled, a loose end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.domain.findings import Finding, Severity, Span
from aggregator.issue.lint.glued import find_glued
from aggregator.issue.lint.pairs import Names, Pair

HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb]+")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*$")
_STRAY = re.compile(r"[.!?…][\"'”’)\]]*\s+(?P<stray>[^\s.!?…]+(?:\s[^\s.!?…]+)?[.!?…]?)$")
_SHORT_FORMS = re.compile(
    r"(?:\b(?:[A-Za-z]|[ap]\.m|Co|Ltd|Inc|Corp|Dr|Mr|Mrs|Ms|St|No|vs|etc|approx|e\.g|i\.e|[A-Z][a-z]{2}))\.\s+\S+(?:\s\S+)?$"
)
_LEFT_OPEN = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "nor",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "into",
        "as",
        "than",
        "that",
        "which",
        "whose",
        "its",
        "their",
        "our",
        "this",
        "these",
        "is",
        "are",
        "was",
        "were",
        "will",
        "would",
        "has",
        "have",
    ]
)
_OPENING = {"(": ")", "[": "]", "{": "}", "“": "”", "「": "」", "『": "』", "《": "》", "〈": "〉"}
_DOUBLED = re.compile(r"\b([a-z]{2,}|[A-Z][a-z]+)(\s+)(\1)\b")
_MEANT_TWICE = frozenset({"that", "had"})
_NO_SPACE = re.compile(r"[a-z]{2}[,;:.!?](?=[A-Z][a-z]|[a-z]{3})[A-Za-z]{2,}")
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:kr|com|net|org|io|ai|gov|edu)\b|\S+@\S+"
)
SHORTEST, LONGEST = 0.55, 5.0
"""Characters of an English translation for one of Korean. Of No. 48 the least is 1, the most 2.8."""
SAME_SCRIPT = (0.4, 2.5)
_TOO_SHORT_TO_MEASURE = 20
_SENTENCE = 60
"""Characters from which on a text is taken for sentences, which end with a stop."""


def check_wording(pair: Pair, names: Names) -> Iterator[Finding]:
    """Every fault of the translation as a text."""
    if not pair.translation.strip():
        yield _found(pair, "empty", "there is no translation", "translate it")
        return
    if pair.translation.strip() == pair.source.strip() and HANGUL.search(pair.source):
        yield _found(pair, "identical", "the translation is its source", "translate it")
        return
    yield from _hangul(pair, names)
    if pair.language.startswith("en"):
        yield from find_glued(pair, names)
        yield from _loose_ends(pair)
    yield from _unclosed(pair)
    yield from _doubled(pair)
    yield from _length(pair)


def _found(  # noqa: PLR0917 - what a finding says, in its order
    pair: Pair,
    code: str,
    message: str,
    remedy: str = "",
    at: Span | None = None,
    severity: Severity = Severity.RED,
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        message=message,
        remedy=remedy,
        where=pair.where,
        language=pair.language,
        at=at,
    )


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
        yield _found(
            pair,
            "hangul-left",
            f"{match[0]!r} is left in Korean",
            "translate it, or name it under keep in the glossary",
            span,
        )


def _loose_ends(pair: Pair) -> Iterator[Finding]:
    text = pair.translation.rstrip()
    stray = None if pair.is_title else _stray(text)
    if stray is not None:
        word = text[stray.start : stray.end]
        message = f"{word!r} stands after the last sentence"
        yield _found(pair, "stray-end", message, "take it out", stray)
        return
    last = text.split()[-1]
    at = Span(start=len(text) - len(last), end=len(text))
    ends_alike = pair.source.rstrip().endswith(text[-1])  # as in "- a study of two cities -"
    is_open = text[-1] in ",;:-–—&/" and not ends_alike
    if is_open or last.lower() in _LEFT_OPEN:
        yield _found(pair, "cut-off", f"the text ends with {last!r}", "write its end", at)
    elif not pair.is_title and len(text) >= _SENTENCE and not _SENTENCE_END.search(text):
        message = f"the text ends with {last!r} without a full stop"
        yield _found(pair, "no-stop", message, "is it cut off?", at, Severity.AMBER)


def _stray(text: str) -> Span | None:
    """A word or two behind the last full stop, or a "sentence" of one word."""
    match = _STRAY.search(text)
    if match is None or _SHORT_FORMS.search(text):
        return None
    word = match["stray"]
    is_sentence = len(word.split()) > 1 and _SENTENCE_END.search(word)
    return None if is_sentence else Span(start=match.start("stray"), end=match.end("stray"))


def _unclosed(pair: Pair) -> Iterator[Finding]:
    text = pair.translation
    for opening, closing in _OPENING.items():
        if text.count(opening) != text.count(closing):
            mark = opening if text.count(opening) > text.count(closing) else closing
            place = text.rfind(mark) if mark == opening else text.find(mark)
            word = "never closed" if mark == opening else "never opened"
            yield _found(
                pair, "unclosed", f"{mark!r} is {word}", "", Span(start=place, end=place + 1)
            )
    if text.count('"') % 2:
        place = text.rfind('"')
        yield _found(
            pair, "unclosed", "'\"' has no second one", "", Span(start=place, end=place + 1)
        )


def _doubled(pair: Pair) -> Iterator[Finding]:
    for match in _DOUBLED.finditer(pair.translation):
        if match[1] not in _MEANT_TWICE and not match[1][0].isupper():
            span = Span(start=match.start(), end=match.end())
            yield _found(
                pair, "doubled", f"{match[1]!r} stands twice", "take one out", span, Severity.AMBER
            )
    text = _ADDRESS.sub(lambda m: "\0" * len(m[0]), pair.translation)
    for match in _NO_SPACE.finditer(text):
        span = Span(start=match.start(), end=match.end())
        yield _found(pair, "no-space", f"no space in {match[0]!r}", "", span, Severity.AMBER)


def _length(pair: Pair) -> Iterator[Finding]:
    if len(pair.source) < _TOO_SHORT_TO_MEASURE:
        return
    crosses = bool(HANGUL.search(pair.source)) and not pair.language.startswith("ko")
    shortest, longest = (SHORTEST, LONGEST) if crosses else SAME_SCRIPT
    ratio = len(pair.translation) / len(pair.source)
    for code, is_so, word in (
        ("too-short", ratio < shortest, "only "),
        ("too-long", ratio > longest, ""),
    ):
        if is_so:
            message = (
                f"the translation has {word}{len(pair.translation)} characters,"
                f" its source {len(pair.source)}"
            )
            yield _found(pair, code, message, "is it whole?" if word else "", None, Severity.AMBER)
