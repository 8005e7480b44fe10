"""Values of loosely typed mappings, taken out without surprises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.text.xml_chars import xml_safe


def text_in(row: Mapping[str, Any], key: str) -> str:
    """The text under a key without what XML forbids, "" where there is none or another type."""
    # Plain access, because the parser's own mapping answers "updated" with "published".
    value = dict.get(row, key) if isinstance(row, dict) else row.get(key)
    return xml_safe(value) if isinstance(value, str) else ""


def mapping_in(value: object) -> Mapping[str, Any]:
    """The value where it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def rows_in(value: object) -> Sequence[Mapping[str, Any]]:
    """The mappings of a list, none for other types."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
