"""Titles as they are printed: never longer than a reader can take in."""

from __future__ import annotations

TITLE_LIMIT = 300
"""How many characters of a title feeds and pages print."""


def short_title(text: str) -> str:
    """``text`` of at most ``TITLE_LIMIT`` characters; one that is cut ends in "…"."""
    return text if len(text) <= TITLE_LIMIT else f"{text[: TITLE_LIMIT - 1].rstrip()}…"
