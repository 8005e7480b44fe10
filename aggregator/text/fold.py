"""Texts made comparable: one spelling of quotes, dots, widths, cases and white space."""

from __future__ import annotations

import html
import re
import unicodedata

MAX_ROUNDS = 5
"""Portals escape up to three times; what is still escaped after this many rounds stays so."""

_SPELLINGS = {
    **dict.fromkeys("‘’‚‛′‵´`ʼ", "'"),
    **dict.fromkeys("“”„‟″‶«»〝〞", '"'),
    **dict.fromkeys("·･・ㆍ•‧∙⋅", "·"),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("～〜∼˜", "~"),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
}
_TO_UNIFY = re.compile(f"[{''.join(map(re.escape, _SPELLINGS))}]")
_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|&(?:nbsp|middot|quot|amp|lt|gt|[lr][sd]quo|hellip)(?![A-Za-z0-9=;])"
    r"|&#(?:\d{2,6}|[xX][0-9a-fA-F]{2,5})(?![A-Za-z0-9;])"
)
_AMPERSAND = re.compile(rf"{_ENTITY.pattern}|&")
_HALVES = re.compile(
    r"&#(?:x([dD][89abAB][0-9a-fA-F]{2})|(5[56]\d{3}));&#(?:x([dD][c-fC-F][0-9a-fA-F]{2})|(5[67]\d{3}));"
)
_BRACKETS = {"&lang;": "\u2329", "&rang;": "\u232a"}
"""As HTML 4 had them; HTML 5 made mathematical signs of these brackets."""

_NO_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """The text as it is compared: NFKC, casefolded, quotes, dots, dashes and tildes unified,
    invisible characters out, white space folded to single blanks. Folding twice changes nothing.
    """
    return " ".join(_folded(text).split())


def _folded(text: str) -> str:
    """The same with its white space as it is."""
    if text.isascii():
        return text.replace("`", "'").casefold()
    # Folding case can undo composition and composing can need another fold; the loop settles it.
    for _ in range(MAX_ROUNDS):
        unified = _TO_UNIFY.sub(_unified, text)
        composed = unified
        if not unicodedata.is_normalized("NFKC", unified):
            composed = unicodedata.normalize("NFKC", unified)
        folded = composed.casefold()
        # What is unified alone is as another round would leave it.
        if folded in (text, unified):
            return folded
        text = folded
    return text


def _unified(match: re.Match[str]) -> str:
    return _SPELLINGS[match[0]]


def squash(text: str) -> str:
    """Only the letters and digits of the folded text, for keys that ignore all spacing."""
    # Most of what is left out is white space, which is found more quickly by splitting.
    return _NO_WORD.sub("", "".join(_folded(text).split()))


def unescape(text: str) -> str:
    """HTML entities undone until nothing changes, at most five rounds.

    Only complete entities count (and a few that are often cut short, such as ``&nbsp`` before a
    blank), so that ``R&D`` and the parameters of an address stay what they are.
    """
    for _ in range(MAX_ROUNDS):
        if "&" not in text:
            break
        undone = _ENTITY.sub(_undo, joined_halves(text))
        if undone == text:
            break
        text = undone
    return text


def split_at_bare(text: str) -> list[str]:
    """The text cut at each ``&`` that begins no entity."""
    if "&" not in text:
        return [text]
    parts: list[str] = []
    begun = 0
    for match in _AMPERSAND.finditer(text):
        if match.end() - match.start() == 1:
            parts.append(text[begun : match.start()])
            begun = match.end()
    return [*parts, text[begun:]]


def joined_halves(text: str) -> str:
    """``text`` with one character for each two numeric references that are the halves of UTF-16."""
    return _HALVES.sub(_joined, text) if "&#" in text else text


def _joined(match: re.Match[str]) -> str:
    high = int(match[1], 16) if match[1] else int(match[2])
    low = int(match[3], 16) if match[3] else int(match[4])
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):  # noqa: PLR2004
        return match.group()
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _undo(match: re.Match[str]) -> str:
    entity = match.group()
    if entity in _BRACKETS:
        return _BRACKETS[entity]
    undone = html.unescape(entity if entity.endswith(";") else entity + ";")
    # A number that names no character is nothing, not the sign of a broken one.
    return "" if undone == "\ufffd" and "fffd" not in entity.lower() else undone
