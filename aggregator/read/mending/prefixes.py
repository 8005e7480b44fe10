"""Namespace prefixes that a document uses and forgot to declare."""

from __future__ import annotations

import re

_MOST = 200
"""Prefixes declared at most; a document with more of them is none of the field."""

_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]{0,40}):|\s([A-Za-z_][\w.-]{0,40}):[\w.-]{1,80}\s{0,9}=")
_DECLARED = re.compile(r"\sxmlns:([\w.-]{1,40})\s{0,9}=")
_ROOT_NAME = re.compile(r"<(?![?!/])[^\s/>]{1,80}")
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "cc": "http://web.resource.org/cc/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "ev": "http://purl.org/rss/1.0/modules/event/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "georss": "http://www.georss.org/georss",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
"""What the usual prefixes stand for, where a document forgets to say it."""


def with_prefixes(text: str) -> tuple[str, tuple[str, ...]]:
    """An XML document whose prefixes are all declared, and ``undeclared-prefixes`` if some were not.

    Usual prefixes get their usual namespace. Linear in the length of the text.
    """
    used = {found for match in _PREFIX.finditer(text) if (found := match[1] or match[2])}
    missing = used - set(_DECLARED.findall(text)) - {"xml", "xmlns"}
    root = _ROOT_NAME.search(text)
    if not missing or root is None or len(missing) > _MOST:
        return text, ()
    told = "".join(
        f' xmlns:{prefix}="{_NAMESPACES.get(prefix, f"urn:prefix:{prefix}")}"'
        for prefix in sorted(missing)
    )
    # A colon within a literal text looks like a prefix too; declaring it does no harm.
    elements = {match[1] for match in _PREFIX.finditer(_without_literals(text))}
    warnings = ("undeclared-prefixes",) if missing & elements else ()
    return f"{text[: root.end()]}{told}{text[root.end() :]}", warnings


def _without_literals(text: str) -> str:
    pieces = text.split("<![CDATA[")
    return pieces[0] + "".join(piece.partition("]]>")[2] for piece in pieces[1:])
