"""Plain text on one line, fit for XML and for titles."""

from __future__ import annotations

from aggregator.text.clean import xml_safe


def one_line(text: str) -> str:
    """``text`` without what XML forbids, on one line, with single spaces."""
    return " ".join(xml_safe(text).split())
