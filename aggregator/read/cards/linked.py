"""JSON-LD of a page (schema.org): the objects that describe what the page is about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aggregator.text.clean import one_line

MAX_SCRIPTS = 20
MAX_OBJECTS = 500
"""Objects that are looked at, of all scripts of a page."""

MAX_DEPTH = 20
MAX_TEXT = 2000
"""Characters of one value."""

Node = Mapping[str, Any]


def linked_objects(scripts: Iterable[str]) -> list[Node]:
    """The objects of JSON-LD scripts, those within others behind them. What is no JSON is left out."""
    found: list[Node] = []
    for number, script in enumerate(scripts):
        if number >= MAX_SCRIPTS:
            break
        try:
            value = json.loads(script)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(value):
            found.append(node)
            if len(found) >= MAX_OBJECTS:
                return found
    return found


def _nodes(value: object) -> Iterator[Node]:
    waiting: list[tuple[object, int]] = [(value, 0)]
    while waiting:
        one, depth = waiting.pop(0)
        if depth > MAX_DEPTH:
            continue
        if isinstance(one, dict):
            yield one
            waiting += [(inner, depth + 1) for inner in one.values()]
        elif isinstance(one, list):
            waiting += [(inner, depth + 1) for inner in one[:MAX_OBJECTS]]


def types_of(node: Node) -> frozenset[str]:
    """The types of an object, without their vocabulary: ``NewsArticle``."""
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return frozenset(one.rpartition("/")[2] for one in names if isinstance(one, str))


def text_at(node: Node, *names: str) -> str:
    """The first of these properties that says anything, on one line: a string, the name or address
    of an object, the first of a list."""
    for name in names:
        if text := _text(node.get(name)):
            return text
    return ""


def list_at(node: Node, name: str) -> list[Any]:
    """A property as a list, whether it has one value or several."""
    value = node.get(name)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    if isinstance(value, list):
        return next((text for one in value[:MAX_SCRIPTS] if (text := _text(one))), "")
    if isinstance(value, dict):
        inner = (value.get(name) for name in ("name", "url", "@value", "contentUrl"))
        return next((_text(one) for one in inner if isinstance(one, str) and one.strip()), "")
    return one_line(value[:MAX_TEXT]) if isinstance(value, str) else ""
