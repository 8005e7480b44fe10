"""Where the feed of a board may be, from the address of the board alone: the forms of board systems."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

_BBS_NTT = re.compile(r"(?P<folder>.*/)selectBbsNtt(?:List|View)\.do\Z")
_ES = re.compile(r"(?P<folder>.*/)board\.es\Z")
_K2WEB = re.compile(r"(?P<board>.*/bbs/[^/]+/\d+)/(?:artclList\.do|\d+/artclView\.do)\Z")
_PORTAL = re.compile(r"(?P<board>.*/bbs/B\d+)/(?:list|view)\.do\Z")
_KEPT_BY_PORTAL = ("menuNo",)


def guess_feeds(url: str) -> list[str]:
    """Addresses at which the feed of a board would be, the likeliest first; none for an address
    that no known system has. Each is a guess until it answers."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    root = f"{parts.scheme}://{parts.netloc}"
    if (match := _BBS_NTT.match(parts.path)) and query.get("bbsNo"):
        asked = urlencode({"bbsNo": query["bbsNo"]})
        folders = dict.fromkeys(("/", match["folder"]))
        return [f"{root}{folder}rssBbsNtt.do?{asked}" for folder in folders]
    if _ES.match(parts.path) and query.get("mid") and query.get("bid"):
        return [f"{root}/rss/board.es?{urlencode({'mid': query['mid'], 'bid': query['bid']})}"]
    if match := _K2WEB.match(parts.path):
        return [f"{root}{match['board']}/rssList.do?row=50"]
    if match := _PORTAL.match(parts.path):
        kept = urlencode({name: query[name] for name in _KEPT_BY_PORTAL if name in query})
        return [f"{root}{match['board']}/rssService.do{'?' + kept if kept else ''}"]
    return []
