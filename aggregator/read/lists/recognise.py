"""From the bytes of a list of subscriptions to its lines, whichever program wrote it."""

from __future__ import annotations

import re

from aggregator.domain.errors import NotAList
from aggregator.read.decoding.charset import decode
from aggregator.read.lists.newsboat import looks_like_newsboat, read_newsboat
from aggregator.read.lists.opml import read_opml
from aggregator.read.lists.planet import looks_like_planet, read_planet
from aggregator.read.lists.subscription import Subscription

LARGEST = 8 * 1024 * 1024
"""Bytes of a list."""

_OUTLINES = re.compile(r"<(?:\w+:)?(?:opml|outline)[\s>]", re.IGNORECASE)
_FEED = re.compile(r"<(?:rss|feed|rdf:rdf)[\s>]", re.IGNORECASE)
_HEAD = 4000
_EXPECTED = "OPML, a Planet or Venus configuration, or newsboat's urls is expected"


def read_subscriptions(body: bytes, name: str) -> list[Subscription]:
    """The subscriptions of a list in its order, each address once.

    ``name`` is the list's own, which messages repeat. The kind is told from the content and the
    charset as that of feeds is: OPML in CP949 that claims UTF-8 is read. Raises NotAList (also
    for a list that is larger than LARGEST), Undecodable and TooDeep.
    """
    if len(body) > LARGEST:
        raise NotAList(f"{name} is larger than {LARGEST >> 20} MiB: no list of feeds is")
    text = decode(body, header="", override=None).text.lstrip("\ufeff")
    start = text.lstrip()
    if not start:
        raise NotAList(f"{name} is empty: {_EXPECTED}")
    if start.startswith("<"):
        return _read_markup(start, text, name)
    if looks_like_planet(text):
        return read_planet(text)
    if looks_like_newsboat(text):
        return read_newsboat(text)
    raise NotAList(f"{name} is no list of feeds that is known: {_EXPECTED}")


def _read_markup(start: str, text: str, name: str) -> list[Subscription]:
    if _OUTLINES.search(text) is None:
        if _FEED.search(start[:_HEAD]):
            raise NotAList(f"{name} is itself a feed: aggregator check shows it")
        raise NotAList(f"{name} is markup without outlines: {_EXPECTED}")
    try:
        return read_opml(start)
    except NotAList as error:
        raise NotAList(f"{name}: {error}") from error
