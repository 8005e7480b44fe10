"""Why somebody decided as he did: stored by a name that no language owns, and put into words where it is
shown."""

from __future__ import annotations

import re

from aggregator.services.desk import Desk
from aggregator.web.desk.said import cause_in_words

REASONS = ("off_topic", "repeats", "too_small", "too_old", "notice", "promotion", "other")
"""The usual reasons for a rejection, by their names in the catalogue (``desk.inbox.reason``)."""

OTHER = "other"
"""Says nothing by itself: there are words of one's own."""

_MARK = "reason:"
_STORED = re.compile(rf"{_MARK}({'|'.join(REASONS)})(?:: (.+))?", re.DOTALL)


def stored_reason(usual: str, words: str) -> str:
    """A reason as it is stored: ``reason:off_topic: too far away``, own words as they are; "" for none.
    ``usual`` is one of REASONS, or ""."""
    if usual in {"", OTHER}:
        return words
    return f"{_MARK}{usual}: {words}" if words else f"{_MARK}{usual}"


def reason_in_words(desk: Desk, stored: str, language: str, *, by_rules: bool = False) -> str:
    """A reason in the page's language, that of the rules too where it is theirs (``by_rules``); what
    somebody typed stays as it is."""
    found = _STORED.fullmatch(stored)
    if found is None:
        return cause_in_words(desk, stored, language, by_rules=by_rules)
    usual = desk.catalogue.text(f"desk.inbox.reason.{found[1]}", language)
    return f"{usual}: {found[2]}" if found[2] else usual
