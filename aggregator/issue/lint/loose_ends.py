"""How a translation ends: cut off, or with a word too many, behind its last full stop or before it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aggregator.domain.findings import Finding, Severity, Span
from aggregator.issue.lint.function_words import CLOSING, NEVER_LAST, SELDOM_LAST
from aggregator.issue.lint.pairs import Pair

_STOP = r"[.!?…][\"'”’)\]]*"
_END = re.compile(rf"{_STOP}$")
_BEHIND = re.compile(
    rf"(?P<before>[^\s.!?…]*)(?P<stop>{_STOP})\s+(?P<rest>[^\s.!?…][^.!?…]*(?:{_STOP})?)$"
)
"""What stands behind the last full stop but one."""
_GLUED_BEHIND = re.compile(
    rf"(?:[a-z]{{3,}}|\d|%|\))\.(?P<rest>[A-Za-z]{{1,12}}{_STOP}|[A-Za-z]{{1,12}})$"
)
_SHORT_FORM = re.compile(
    r"^(?:[A-Za-z]|[ap]|Co|Ltd|Inc|Corp|Dr|Mr|Mrs|Ms|St|No|vs|etc|approx|Fig|Art|Vol|Ch|Sec|pp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)$"
)
_ADDRESS_END = re.compile(r"\.(?:kr|com|net|org|io|ai|gov|edu|html?|pdf)/?$|@\S+$|^https?:|^www\.")
_LAST_WORD = re.compile(rf"(?P<word>[A-Za-z]+)(?:{_STOP})?$")
_FEW = 3
"""Words of what cannot be a sentence when no stop ends it, or when it begins in lower case."""
_SENTENCE = 60
"""Characters from which on a text is taken for sentences, which end with a stop."""


def find_loose_ends(pair: Pair) -> Iterator[Finding]:
    """What is wrong with the end of an English text: one finding at most."""
    text = pair.translation.rstrip()
    stray = None if pair.is_title else _stray(text)
    if stray is not None:
        word = text[stray.start : stray.end]
        yield pair.finding("stray-end", "lint.stray_end", stray, word=word)
        return
    last = text.split()[-1]
    at = Span(start=len(text) - len(last), end=len(text))
    ends_alike = pair.source.rstrip().endswith(text[-1])  # as in "- a study of two cities -"
    if text[-1] in ",;:-–—&/" and not ends_alike:
        yield pair.finding("cut-off", "lint.cut_off", at, word=last)
        return
    severity = _openness(text)
    if severity is not None:
        yield pair.finding("cut-off", "lint.cut_off_word", at, severity, word=last)
    elif not pair.is_title and len(text) >= _SENTENCE and not _END.search(text):
        yield pair.finding("no-stop", "lint.no_stop", at, Severity.AMBER, word=last)


def _stray(text: str) -> Span | None:
    """What stands behind the last full stop and is no sentence."""
    glued = _GLUED_BEHIND.search(text)
    if glued is not None and not _ADDRESS_END.search(_bare(text.rsplit(maxsplit=1)[-1])):
        return Span(start=glued.start("rest"), end=glued.end("rest"))
    match = _BEHIND.search(text)
    if match is None or _SHORT_FORM.match(match["before"].strip("(\"'“‘")):
        return None
    rest = match["rest"]
    words = rest.split()
    # What stands in brackets, or trails off, may end within a sentence.
    is_lower = words[0].islower() and not set(match["stop"]) & {")", "…"}
    is_ended = _END.search(rest) is not None
    first = words[0].lower().rstrip(".")
    few = len(words) == 1 or (len(words) <= _FEW and not is_ended)
    bare = len(words) == 2 and first in NEVER_LAST | SELDOM_LAST  # noqa: PLR2004 - "The city."
    if few or is_lower or bare:
        return Span(start=match.start("rest"), end=match.end("rest"))
    return None


def _bare(word: str) -> str:
    return word.rstrip(".!?…\"'”’)")


def _openness(text: str) -> Severity | None:
    """How wrong it is that the text ends with its last word: red for "the", amber for "in"."""
    match = _LAST_WORD.search(text)
    if match is None or text[: match.start()].endswith((".", "-", "'", "’", "@", "/")):
        return None
    word = match["word"]
    if any(text[: match.end("word")].lower().endswith(end) for end in CLOSING):
        return None
    if word.isupper() and len(word) > 1:
        return None  # IT, a name in capitals
    ended = _END.search(text) is not None
    if word.lower() in NEVER_LAST or (not ended and word.lower() in SELDOM_LAST):
        return Severity.RED
    return Severity.AMBER if word.lower() in SELDOM_LAST else None
