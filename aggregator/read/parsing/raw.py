"""Values of loosely typed mappings, taken out without surprises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.text.xml_chars import xml_safe

_MAPPINGS = (dict, Mapping)
"""A dictionary is told from other values much faster than a mapping, and nearly all are dictionaries."""


def text_in(row: Mapping[str, Any], key: str) -> str:
    """The text under a key without what XML forbids, "" where there is none or another type."""
    # Plain access, because the parser's own mapping answers "updated" with "published".
    value = dict.get(row, key) if isinstance(row, dict) else row.get(key)
    return xml_safe(value) if value and isinstance(value, str) else ""


def mapping_in(value: object) -> Mapping[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, _MAPPINGS) else {}


def rows_in(value: object) -> Sequence[Mapping[str, Any]]:
    """The mappings of a list, none for other types."""
    if not isinstance(value, list):
        return []
    return [each for each in value if isinstance(each, _MAPPINGS)]


def value_in(row: Mapping[str, Any], key: str) -> object:
    """What is under a key, None where there is nothing."""
    # Plain access here too, because the parser's own mapping takes ten times as long.
    return dict.get(row, key) if isinstance(row, dict) else row.get(key)
