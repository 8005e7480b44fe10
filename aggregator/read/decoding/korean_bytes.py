"""CP949 with damaged places: a syllable of which one byte was lost."""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.read.decoding.guess import common_syllables

_WORD = re.compile(rb"[\x80-\xff]+[A-Za-z]?")
_BROKEN = "\ufffd"
_LONGEST = 120
"""Bytes of a word that are looked through for the lost byte; a longer one is read as it comes."""


def mended_korean(body: bytes) -> str:
    """The bytes as CP949, each damaged place one U+FFFD.

    A lost byte shifts all pairs behind it, so that a plain decoder makes noise of the rest of the
    word; here the place is looked for after which the word is Korean again.
    """
    parts: list[str] = []
    done = 0
    for match in _WORD.finditer(body):
        parts.append(body[done : match.start()].decode("ascii", "replace"))
        parts.append(_word(match.group()))
        done = match.end()
    parts.append(body[done:].decode("ascii", "replace"))
    return "".join(parts)


@lru_cache(maxsize=2048)
def _word(word: bytes) -> str:
    try:
        return word.decode("cp949")
    except UnicodeDecodeError:
        pass
    tail = word[-1:] if word[-1:].isascii() else b""
    high = word[: len(word) - len(tail)]
    readings = [word.decode("cp949", "replace")]
    if len(high) <= _LONGEST:
        # Of equal ones the first is taken, so the place behind whole syllables comes first.
        cuts = [*range(0, len(high), 2)] if len(high) % 2 else []
        readings += [
            f"{high[:at].decode('cp949', 'replace')}{_BROKEN}{high[at + 1 :].decode('cp949', 'replace')}"
            f"{tail.decode('ascii')}"
            for at in reversed(cuts)
        ]
    return re.sub(f"{_BROKEN}+", _BROKEN, max(readings, key=_worth))


def _worth(text: str) -> tuple[int, int]:
    return common_syllables(text) - 2 * text.count(_BROKEN), -len(text)
