"""Words as readers take them: what differs only in spacing, width, case or signs is the same.

Digits never join or part: ``1 234`` is not ``1234``, ``1.5`` is not ``15``, ``-5%`` is not ``5``, ``< 10``
is not ``> 10``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aggregator.text.fold import fold, unescape

_LONGEST_WORD = 2000

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_FULL_DAY = re.compile(
    r"(?<!\d)(\d{4})\s?([./-])\s?0?(\d{1,2})\s?\2\s?0?(\d{1,2})(?!\d)"
    r"|(?<!\d)(\d{4})년\s?0?(\d{1,2})월\s?0?(\d{1,2})일"
)
_TELEPHONE = re.compile(r"(?<!\d)\(?(0\d{1,2})\)?[\s.)-]{1,3}(\d{3,4})[\s.-]{1,2}(\d{4})(?!\d)")
_PADDED = re.compile(r"(?<!\d)0(?=\d(?:\s?[년월일시분]|:\d\d))")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)(?:[^\w%‰]|_)+(?=\d)")
_SEPARATORS = ".,:/-·~+×<>≤≥"
_SIGN = re.compile(r"(?<![\w.])[-~△▲▽▼](?=\d)")
_ANGLED = re.compile("[<\uff1c]([^<>\uff1c\uff1e]{1,80})[>\uff1e]")
"""Angle brackets, as around a heading. What stands alone before a number compares."""
_ALONE = frozenset("<>\uff1c\uff1e")
_COMPARED = re.compile(r"(?<!\d)(?<!\d\s)[<>](?=\s?[-~△▲▽▼]?\s?\d)")
_ADDRESS = re.compile(r"^\W*(?:https?://(?:www\.)?|www\.)", re.IGNORECASE)
_ADDRESS_NOISE = re.compile(
    r";jsessionid=[^?#&]*|(?<=[?&])(?:utm_\w+|fbclid|gclid|jsessionid|phpsessid|session_?id|_?ts?|"
    r"timestamp|(?:cur)?page(?:index|no)?|menu(?:id|no)?)=[^&#]*&?",
    re.IGNORECASE,
)
_BULLETS = frozenset("o\u110b\u1106\u3147\u3141")
"""Letters that stand for a round or square bullet, alone at the beginning of a line."""

_KEPT_SIGNS = frozenset("%‰+±=≤≥$€£¥₩")
_SAFE = 0xE000
"""Where the signs between digits are kept while all others go: a private area of Unicode."""


class _Nothing(dict[int, int | None]):
    """What ``str.translate`` is to do with each character: those that say nothing go."""

    def __missing__(self, code: int) -> int | None:
        char = chr(code)
        kept = char in _KEPT_SIGNS or unicodedata.category(char)[0] in "LNMC"
        self[code] = code if kept and not char.isspace() else None
        return self[code]


_NOTHING = _Nothing()


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is shown, and as it is compared."""

    shown: str
    key: str


def squeezed(text: str) -> str:
    """``text`` as it is compared, without blanks: letters, digits, and the signs that mean
    something. Equal for two texts that differ in nothing a reader would call another word."""
    text = fold(text)
    if any(map(str.isdigit, text)):
        text = _FULL_DAY.sub(_day, _bracketed(text))
        text = _THOUSANDS.sub("", _TELEPHONE.sub(r"\1-\2-\3", text))
        text = _SIGN.sub(_sign, _COMPARED.sub(_sign, _PADDED.sub("", text)))
        text = _BETWEEN_DIGITS.sub(_separator, text)
    return text.translate(_NOTHING)


def words_of(lines: Iterable[str]) -> list[Word]:
    """The words of these lines. Signs alone belong to the word before them, but for those that
    compare, which belong to their number."""
    words: list[Word] = []
    keys: dict[str, str] = {}
    for line in lines:
        for number, (shown, read) in enumerate(_shown_and_read(line)):
            key = keys.get(read)
            if key is None:
                key = keys.setdefault(read, _key_of(read))
            if number == 0 and key in _BULLETS:
                continue
            if key:
                words.append(Word(shown, key))
            elif words:
                words[-1] = Word(f"{words[-1].shown} {shown}", words[-1].key)
    return words


def _shown_and_read(line: str) -> Iterator[tuple[str, str]]:
    """The words of a line as they stand there, and as they are compared: without angle brackets."""
    if _ALONE.isdisjoint(line):
        yield from ((word, word) for word in line.split())
        return
    sign = ""
    # Brackets are put for brackets, so both have the same words.
    for shown, read in zip(line.split(), _bracketed(line).split(), strict=True):
        if read in _ALONE:
            if sign:
                yield sign, sign
            sign = read
        elif sign and read.lstrip("-~△▲▽▼")[:1].isdigit():
            yield f"{sign} {shown}", f"{sign} {read}"
            sign = ""
        else:
            if sign:
                yield sign, sign
            yield shown, read
            sign = ""
    if sign:
        yield sign, sign


def _bracketed(text: str) -> str:
    """The text with square brackets for angle ones."""
    return _ANGLED.sub(r"[\1]", text)


def _key_of(shown: str) -> str:
    shown = unescape(shown)[:_LONGEST_WORD]
    if _ADDRESS.match(shown):
        bare = _ADDRESS_NOISE.sub("", _ADDRESS.sub("", shown))
        return bare.rstrip("/?&.,)]").casefold()
    return squeezed(shown)


def _day(match: re.Match[str]) -> str:
    year, month, day = (match[1], match[3], match[4]) if match[1] else match.group(5, 6, 7)
    return f"{year}.{month}.{day}"


def _sign(match: re.Match[str]) -> str:
    """A sign before a number, as one that survives."""
    return chr(_SAFE + ord(match[0]) % 0xFFF)


def _separator(match: re.Match[str]) -> str:
    """What stands between two digits, as one sign that survives: none is ever lost."""
    sign = next((char for char in match[0] if char in _SEPARATORS), " ")
    return chr(_SAFE + ord({"~": "-", "·": "."}.get(sign, sign)))
