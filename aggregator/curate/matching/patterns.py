"""What a regular expression asks of a text before it is worth while to search for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

from aggregator.curate.matching.pattern_tree import REPEATS, Node, parse_pattern

DOTTED = ("\u0130", "\u0131")
"""The Turkish letters that ``i`` also stands for when case is ignored: a text with one of them may
have no piece and be found all the same."""

_PLAIN = re.compile(r"[A-Za-z0-9 가-힣]+")
"""Letters that no other letters but their own upper and lower case are taken for when case is
ignored, but for those above."""

_MOST = 64
"""Pieces of which one is asked for; looking for more costs more than it saves."""

_SHORT = 2
"""Pieces with fewer letters stand in nearly every text."""

_FEW = 16
"""Heads, and pieces of Hangul, that are looked for one by one; more of them are not."""

_SYLLABLES = re.compile("(?=.*[가-힣])[가-힣 ]+")
_WIDTHLESS = ("AT_", "ASSERT")
_GROUPS = frozenset({"SUBPATTERN", "BRANCH", "ATOMIC_GROUP"}) | REPEATS

_Pieces = frozenset[str]
_NOTHING: _Pieces = frozenset({""})


def required_pieces(pattern: str) -> frozenset[str]:
    """Pieces of text, case folded, of which one stands in every case-folded text without ``DOTTED``
    letters in which ``pattern`` is found with case ignored; none where none are found easily.

    The pieces are as long as can be had and have two letters at least. Raises ``re.error``.
    """
    found = [pieces for pieces in _asked(parse_pattern(pattern)) if _worth(pieces)[0] >= _SHORT]
    return max(found, key=_worth, default=frozenset())


def required_head(pattern: str) -> frozenset[str]:
    """Such pieces with which every match begins, one or another; none where that is not so, where
    one is short, and where there are many. Raises ``re.error``."""
    pieces = _head(parse_pattern(pattern))
    return pieces if len(pieces) <= _FEW and _worth(pieces)[0] >= _SHORT else frozenset()


def required_hangul(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of pieces of Hangul and blanks, of each of which one stands, as it is written, in every text
    in which ``pattern`` is found; the smallest first, none of many. Raises ``re.error``.

    They may be single syllables: these are too short to be looked for with all words, but stand in
    few texts.
    """
    found = {
        pieces
        for pieces in _asked(parse_pattern(pattern))
        if len(pieces) <= _FEW and all(_SYLLABLES.fullmatch(piece) for piece in pieces)
    }
    return tuple(sorted(found, key=lambda pieces: (len(pieces), sorted(pieces))))


def _worth(pieces: _Pieces) -> tuple[int, int, list[str]]:
    """Longer is better, then fewer; the rest makes the choice always the same."""
    shortest = min(len(piece.replace(" ", "")) for piece in pieces)
    return shortest, -len(pieces), sorted(pieces)


def _asked(nodes: Iterable[Node]) -> list[_Pieces]:
    """Sets of pieces, of each of which one stands in every text that the sequence is found in."""
    asked: list[_Pieces] = []
    run = _NOTHING
    for node in nodes:
        words = _words(node)
        if words and len(run) * len(words) <= _MOST:
            run = frozenset(map("".join, product(run, words)))
            continue
        asked.append(run)
        run = words or _NOTHING
        if not words:
            asked += _inside(node)
    return [pieces for pieces in (*asked, run) if pieces != _NOTHING]


def _words(node: Node) -> _Pieces | None:
    """All that a part of a pattern stands for where that is few plain words; None where it is not."""
    if node.name == "LITERAL":
        return frozenset({node.text.casefold()}) if _PLAIN.fullmatch(node.text) else None
    if node.name == "SUBPATTERN":
        return _words_of(node.parts[0])
    if node.name != "BRANCH" or len(node.parts) > _MOST:
        return None
    each = [_words_of(part) for part in node.parts]
    known = [words for words in each if words is not None]
    both = frozenset[str]().union(*known)
    return both if len(known) == len(each) and len(both) <= _MOST else None


def _words_of(nodes: Iterable[Node]) -> _Pieces | None:
    run = _NOTHING
    for node in nodes:
        words = _words(node)
        if words is None or len(run) * len(words) > _MOST:
            return None
        run = frozenset(map("".join, product(run, words)))
    return run


def _inside(node: Node) -> list[_Pieces]:
    """What is asked for by the parts of a node that stands for more than words."""
    if node.name == "BRANCH":
        best = [max(_asked(part), key=_worth, default=frozenset[str]()) for part in node.parts]
        union = frozenset[str]().union(*best)
        return [union] if all(best) and len(union) <= _MOST else []
    is_optional = node.name in {"ASSERT_NOT", "GROUPREF_EXISTS"} or node.least == 0
    return [] if is_optional else [pieces for part in node.parts for pieces in _asked(part)]


def _head(nodes: Iterable[Node]) -> _Pieces:
    """The words that a sequence begins with, behind what has no width; "" among them where it may
    begin otherwise."""
    run = _NOTHING
    for node in nodes:
        if run == _NOTHING and node.name.startswith(_WIDTHLESS):
            continue
        words = _words(node)
        if words and len(run) * len(words) <= _MOST:
            run = frozenset(map("".join, product(run, words)))
        elif run == _NOTHING:
            return _head_inside(node)
        else:
            break
    return run


def _head_inside(node: Node) -> _Pieces:
    if node.name not in _GROUPS or node.least == 0:
        return _NOTHING
    heads = [_head(part) for part in node.parts]
    union = frozenset[str]().union(*heads)
    return union if len(union) <= _MOST else _NOTHING
