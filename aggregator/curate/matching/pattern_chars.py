"""Which single characters a part of a regular expression matches, as far as that is needed to say
that two parts have none in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

_SPACES = (
    (0x09, 0x0D), (0x1C, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
)  # fmt: skip
_CASELESS = ((0x20, 0x40), (0x3000, 0x9FFF), (0xAC00, 0xD7A3))
_LETTERS = ((ord("A"), ord("Z")), (ord("a"), ord("z")))
_ALSO = {"i": "İı", "k": "\u212a", "s": "ſ"}
"""What else stands for an ASCII letter when case is ignored."""

_FEW = 64
"""Characters that are looked at one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chars:
    """Code points from and to which, and those of the ``kinds``; the others where ``is_negated``."""

    ranges: tuple[tuple[int, int], ...]
    kinds: tuple[Callable[[str], bool], ...] = ()
    is_negated: bool = False

    def excludes(self, other: Chars) -> bool:
        """Whether no character is in both; False also where that is not known."""
        if self.is_negated:
            return not other.is_negated and other.excludes(self)
        if other.is_negated:
            return not self.kinds and all(other._has_all(one) for one in self.ranges)
        if self.kinds:
            return not other.kinds and other.excludes(self)
        return not any(other._may_have(one) for one in self.ranges)

    def _has_all(self, one: tuple[int, int]) -> bool:
        """Whether each of a range is named here; False also where that is not known."""
        low, high = one
        return any(first <= low and high <= last for first, last in self.ranges) or (
            high - low < _FEW and all(self._is_of_kind(code) for code in range(low, high + 1))
        )

    def _may_have(self, one: tuple[int, int]) -> bool:
        """Whether any of a range is named here; True also where that is not known."""
        low, high = one
        if any(first <= high and low <= last for first, last in self.ranges):
            return True
        if not self.kinds:
            return False
        return high - low >= _FEW or any(self._is_of_kind(code) for code in range(low, high + 1))

    def _is_of_kind(self, code: int) -> bool:
        return any(is_kind(chr(code)) for is_kind in self.kinds)


def read_chars(name: str, value: Any) -> Chars | None:  # noqa: ANN401 - the library's own tuples
    """The characters of a node of the library's tree, case ignored; None for other nodes and where
    they are not told easily."""
    if name == "LITERAL":
        return _chars([("LITERAL", value)])
    if name == "NOT_LITERAL":
        return _chars([("NEGATE", None), ("LITERAL", value)])
    if name == "IN":
        return _chars((str(kind), inner) for kind, inner in value)
    return None


def _chars(parts: Iterable[tuple[str, Any]]) -> Chars | None:
    ranges: list[tuple[int, int]] = []
    kinds: list[Callable[[str], bool]] = []
    is_negated = False
    for kind, value in parts:
        if kind == "NEGATE":
            is_negated = True
        elif kind == "CATEGORY":
            if str(value) == "CATEGORY_SPACE":
                ranges += _SPACES
            elif str(value) == "CATEGORY_DIGIT":
                kinds.append(str.isdecimal)
            elif str(value) == "CATEGORY_WORD":
                kinds.append(_is_word)
            else:
                return None
        else:
            same = _cases(*(value if kind == "RANGE" else (value, value)))
            if same is None:
                return None
            ranges += same
    return Chars(ranges=tuple(ranges), kinds=tuple(kinds), is_negated=is_negated)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _cases(low: int, high: int) -> list[tuple[int, int]] | None:
    """A range with what has the same letters when case is ignored; None where that is not known."""
    if any(first <= low and high <= last for first, last in _CASELESS):
        return [(low, high)]
    if any(first <= low and high <= last for first, last in _LETTERS):
        lower, upper = chr(low).lower(), chr(high).lower()
        also = [ord(c) for letter, more in _ALSO.items() if lower <= letter <= upper for c in more]
        return [
            (ord(lower), ord(upper)),
            (ord(lower.upper()), ord(upper.upper())),
            *((code, code) for code in also),
        ]
    if low == high and chr(low).lower() == chr(low).upper() and not chr(low).isalpha():
        return [(low, high)]
    return None
