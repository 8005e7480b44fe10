"""Signs that nobody sees and that change how what stands around them is read; and signs without end."""

from __future__ import annotations

import re
from functools import cache

from aggregator.text.xml_chars import xml_safe

_SIGNS = (
    "\x7f-\x9f\xad\u034f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # turn the line around
    "\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"  # blanks without width
    "\ufff9-\ufffb\U000e0000-\U000e007f"
)
"""What Unicode calls default ignorable, but for joiners and selectors of variants, which say how the
sign before them looks."""

UNSEEN = f"[{_SIGNS}]"
"""A pattern of one of them."""

_TAG_LETTER = "\U000e0061-\U000e007a"
_FLAG = f"\U0001f3f4[{_TAG_LETTER}]{{2}}[{_TAG_LETTER}\U000e0030-\U000e0039]{{1,4}}\U000e007f"
"""The flag of a part of a country, England's: a black flag, the tags of its code, and the tag that ends
them (UTS #51, annex C). The only sign that tags are for; without it they are a text that nobody sees."""

_UNSEEN = re.compile(f"({_FLAG})|{UNSEEN}")

_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
_TOO_HIGH = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")
"""More marks on one letter than any language writes: they grow over the lines above and below."""

_JOINER = "\u200d"
_TOO_LONG = re.compile(f"(?:[^\\s{_JOINER}]{{1,4}}{_JOINER}){{9,}}")
"""A chain of signs joined to one, which no browser breaks. The longest sign that there is has three
joiners."""

_ANY = re.compile(f"[{_SIGNS}{_MARKS}{_JOINER}]")
"""One class, as nearly every text has none of it: an alternative would take five times as long."""


_LETTERS = "\u1161-\u1175\u11a8-\u11c2"
"""Vowels and final consonants of Korean that stand by themselves, to be joined with what is before
them."""


@cache
def _odd() -> re.Pattern[str]:
    # Compiled when first wanted: so many characters take a while.
    return re.compile(
        f"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff{_SIGNS}{_MARKS}{_JOINER}{_LETTERS}]"
    )


def is_plain(text: str) -> bool:
    """Whether a text has no character that XML forbids, that nobody sees, that is a mark on another,
    or that is a Korean letter to be joined: nearly every text has none, and one search for all of
    them takes a tenth of the searches for each."""
    return (text.isascii() and text.isprintable()) or _odd().search(text) is None


def without_unseen(text: str) -> str:
    """The text as a reader sees it: without what turns the line around or has no width, with at most
    four marks on a letter, and with no chain of joined signs that is longer than any sign. Tags stay
    only in the flag that they spell."""
    if text.isascii() or _ANY.search(text) is None:
        return text.replace("\x7f", "")
    text = _TOO_HIGH.sub(r"\1", _UNSEEN.sub(r"\1", text))
    if _JOINER in text:
        text = _TOO_LONG.sub(lambda match: match[0].replace(_JOINER, ""), text)
    return text


def typed_line(text: str) -> str:
    """What somebody typed or pasted, as it is kept: on one line, without what XML forbids and what nobody
    sees."""
    return " ".join(without_unseen(xml_safe(text)).split())
