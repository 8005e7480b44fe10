"""Feeds that a page names: announced for programs, or linked by a button."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aggregator.read.boards.page import Element, HtmlPage, text_of
from aggregator.read.links.addresses import absolute

_TYPES = frozenset(
    {
        "application/rss+xml", "application/atom+xml", "application/feed+json",
        "application/rdf+xml", "application/xml", "text/xml",
    }
)  # fmt: skip
_BUTTON = re.compile(r"(?<![a-z])(?:rss|atom|feed)(?![a-z])", re.IGNORECASE)
_LONGEST_BUTTON = 40
_MOST = 20


def announced_feeds(page: HtmlPage) -> list[str]:
    """Addresses of ``<link rel=alternate>`` with the type of a feed, in the page's order."""
    found = (
        absolute(link.get("href") or "", page.base)
        for link in page.root.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").lower().partition(";")[0].strip() in _TYPES
    )
    return _once(found)


def linked_feeds(page: HtmlPage) -> list[str]:
    """Addresses of links that look like the button of a feed: by their words, their picture, or
    the address itself."""
    found = (
        absolute(link.get("href") or "", page.base)
        for link in page.root.iter("a")
        if _is_button(link)
    )
    return _once(found)


def _is_button(link: Element) -> bool:
    words = [text_of(link, most=_LONGEST_BUTTON + 1), link.get("title") or ""]
    words += [each.get("alt") or "" for each in link.iter("img")]
    said = any(len(word) <= _LONGEST_BUTTON and _BUTTON.search(word) for word in words)
    href = link.get("href") or ""
    return said or _BUTTON.search(href.partition("?")[0].rpartition("//")[2]) is not None


def _once(addresses: Iterable[str]) -> list[str]:
    listed = (one for one in addresses if one)
    return list(dict.fromkeys(listed))[:_MOST]
