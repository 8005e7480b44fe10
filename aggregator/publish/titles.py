"""Titles and leads as they are printed: never longer than a reader can take in."""

from __future__ import annotations

import re

from aggregator.issue.headline import shown_headline
from aggregator.text.clean import one_line

TITLE_LIMIT = 300
"""How many characters of a title feeds and pages print."""

LEAD_LIMIT = 400
"""How many characters of a lead a page of many stories prints: twice a long one."""

_SENTENCE_END = re.compile(r"[.!?。][’”\"')\]]*(?=\s)")


def short_title(text: str) -> str:
    """``text`` of at most ``TITLE_LIMIT`` characters; one that is cut ends in "…"."""
    return text if len(text) <= TITLE_LIMIT else f"{text[: TITLE_LIMIT - 1].rstrip()}…"


def shown_title(title: str) -> str:
    """A release's title as pages and feeds show it: in one line, without what is meant for the press
    alone."""
    return short_title(shown_headline(one_line(title)))


def short_lead(text: str) -> str:
    """``text`` of at most ``LEAD_LIMIT`` characters; one that is cut ends behind a sentence in its
    second half, else behind a word, else anywhere, and then in "…"."""
    if len(text) <= LEAD_LIMIT:
        return text
    start = text[: LEAD_LIMIT - 1]
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, LEAD_LIMIT - 1)]
    if ends and LEAD_LIMIT // 2 < ends[-1] < LEAD_LIMIT - 1:
        return f"{text[: ends[-1]]} …"
    before, blank, _ = start.rpartition(" ")
    kept = before if blank and len(before) > LEAD_LIMIT // 2 else start
    return f"{kept.rstrip(' ,.·')}…"
