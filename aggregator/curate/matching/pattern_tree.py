"""A regular expression as the tree that the standard library makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from aggregator.curate.matching.pattern_chars import Chars, read_chars

_MANY = 4_294_967_295
"""What the library says for a repetition without end."""

REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
"""Names of the nodes that stand for a repetition."""

_DEEPEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One part of a pattern, under the name that ``re`` has for it.

    ``parts`` are sequences: the one that a group, a repetition or an assertion is about, or the
    alternatives of a ``BRANCH``. ``text`` is the character of a ``LITERAL``. A repetition stands
    ``least`` to ``most`` times, ``most`` None without end; everything else once. ``chars`` is what
    a single character may be, None for other nodes and where that is not told easily.
    """

    name: str
    parts: tuple[tuple[Node, ...], ...] = ()
    text: str = ""
    least: int = 1
    most: int | None = 1
    chars: Chars | None = None


@lru_cache(maxsize=512)
def parse_pattern(pattern: str) -> tuple[Node, ...]:
    """The tree of ``pattern``, case ignored. Raises ``re.error`` where it is none, and where it is
    nested more than 50 deep."""
    # The library keeps its parser to itself, and another one would differ from what is searched with.
    parser = import_module("re._parser")
    return _sequence(parser.parse(pattern, re.IGNORECASE), _DEEPEST)


def _sequence(items: Iterable[tuple[Any, Any]], depth: int) -> tuple[Node, ...]:
    if not depth:
        raise re.error("nested too deeply")
    return tuple(_node(str(name), value, depth - 1) for name, value in items)


def _node(name: str, value: Any, depth: int) -> Node:  # noqa: ANN401 - the library's own tuples
    if name == "AT":
        return Node(name=str(value))
    parts = tuple(_sequence(part, depth) for part in _parts(name, value))
    if name in REPEATS:
        most = None if int(value[1]) >= _MANY else int(value[1])
        return Node(name=name, parts=parts, least=int(value[0]), most=most)
    text = chr(value) if name == "LITERAL" else ""
    return Node(name=name, parts=parts, text=text, chars=read_chars(name, value))


def _parts(name: str, value: Any) -> Iterable[Any]:  # noqa: ANN401 - as above
    """The sequences in a node, which the library keeps at another place for each name."""
    if name == "BRANCH":
        return list(value[1])
    if name == "GROUPREF_EXISTS":
        return [value[1], value[2] or ()]
    if name == "ATOMIC_GROUP":
        return [value]
    place = {"SUBPATTERN": 3, "ASSERT": 1, "ASSERT_NOT": 1, **dict.fromkeys(REPEATS, 2)}.get(name)
    return [] if place is None else [value[place]]
