"""What a regular expression asks of a text before it is worth while to search for it."""

from __future__ import annotations

import re

_GLOBAL_FLAGS = re.compile(r"\(\?[A-Za-z]")
_PLAIN = re.compile(r"[A-HJ-Za-hj-z0-9 가-힣]+")
"""Letters that no other letters but their own upper and lower case are taken for when case is
ignored: ``i`` also stands for the Turkish ones."""

_ASIDE = "\0"
"""Stands for whatever is no plain letter."""


def required_piece(pattern: str) -> str:
    """A piece of text, case folded, that stands in the case-folded text of every match of
    ``pattern`` with case ignored; "" where none is found easily.

    Only what stands outside of groups and sets is looked at, and of that what is not optional.
    """
    if _GLOBAL_FLAGS.search(pattern):
        return ""
    outside = _outside(pattern)
    if "|" in outside:
        return ""
    return max(_PLAIN.findall(outside), key=len, default="").casefold()


def _outside(pattern: str) -> str:
    """The pattern with a mark for each group, set, escape and sign, and without optional letters."""
    parts: list[str] = []
    depth = at = 0
    while at < len(pattern):
        sign, at = pattern[at], at + 1
        if sign == "\\":
            at += 1
        elif sign == "[":
            at = _end_of_set(pattern, at)
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
        elif sign in "?*{" and parts and not depth:
            parts[-1] = _ASIDE
        if sign == "{":
            at = pattern.find("}", at) + 1 or len(pattern)
        if not depth:
            parts.append(sign if sign == "|" or _PLAIN.fullmatch(sign) else _ASIDE)
    return "".join(parts)


def _end_of_set(pattern: str, at: int) -> int:
    """Where a set ends whose bracket was opened before ``at``."""
    at += pattern.startswith("^", at)
    at += pattern.startswith("]", at)
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1
