"""Titles as they are printed: never longer than a reader can take in."""

from __future__ import annotations

from aggregator.issue.headline import shown_headline
from aggregator.text.clean import one_line

TITLE_LIMIT = 300
"""How many characters of a title feeds and pages print."""


def short_title(text: str) -> str:
    """``text`` of at most ``TITLE_LIMIT`` characters; one that is cut ends in "…"."""
    return text if len(text) <= TITLE_LIMIT else f"{text[: TITLE_LIMIT - 1].rstrip()}…"


def shown_title(title: str) -> str:
    """A release's title as pages and feeds show it: in one line, without what is meant for the press
    alone."""
    return short_title(shown_headline(one_line(title)))
