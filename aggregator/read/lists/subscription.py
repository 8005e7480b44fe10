"""One line of a list of subscriptions, whatever program kept it."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 20_000
"""Subscriptions that are taken of one list; nobody reads more."""

_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?://)", re.IGNORECASE)
_BARE_FEED_SCHEME = re.compile(r"feed://", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a list says of one feed: its address as written (``feed:`` in front of it undone), its
    title or "", the names it is filed under, and the page it belongs to or "".

    ``line`` is where it stands, from 1. ``problem`` says in plain words why it is no feed that can
    be taken (a command, a query, a page), "" where it may be one.
    """

    url: str
    title: str = ""
    tags: tuple[str, ...] = ()
    site: str = ""
    line: int = 0
    problem: str = ""


def plain_address(text: str) -> str:
    """An address without blanks around it and without the scheme ``feed:`` that some readers put
    in front or in place of the real one."""
    text = _FEED_SCHEME.sub("", text.strip(), count=1)
    text = _BARE_FEED_SCHEME.sub("http://", text, count=1)
    return _SCHEME.sub(lambda found: found[0].lower(), text, count=1)
