"""Addresses of what is published: paths below ``public/``, links between pages, tag: URIs."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlsplit, urlunsplit

from aggregator.domain.errors import RenderError
from aggregator.domain.items import SEOUL
from aggregator.read.links.addresses import untracked
from aggregator.text.public_url import public_url
from aggregator.text.secrets import is_secret
from aggregator.text.tag_authority import authority_day

INDEX = "index.html"
_KEPT = "%/?:@!$&'()*+,;=-._~[]"
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def relative_link(source: str, target: str) -> str:
    """The link from the page at ``source`` to the file at ``target``, both below ``public/``.

    File names stay in it, so that the site can be read from a disk as well as from any server.
    """
    start = posixpath.dirname(source) or "."
    return quote(posixpath.relpath(target, start))


def rooted_link(base_url: str, target: str) -> str:
    """The link to the file at ``target`` from any depth of the site at ``base_url``; a folder's
    index page goes by its folder."""
    return urlsplit(absolute_url(base_url, target)).path


def absolute_url(base_url: str, path: str) -> str:
    """The public address of a file; a folder's index page goes by its folder."""
    folder, name = posixpath.split(path)
    shown = path if name != INDEX else f"{folder}/" if folder else ""
    return f"{base_url.rstrip('/')}/{quote(shown)}"


def is_slug(text: str) -> bool:
    """Whether ``text`` may be a folder's or file's name in the site."""
    return _SLUG.fullmatch(text) is not None


def reader_url(url: str) -> str:
    """The address of a release as readers are sent there: ``public_url`` without what only tells its
    site which feed somebody came from."""
    return untracked(public_url(url))


def public_feed_url(url: str) -> str:
    """The address of a feed as it may be published: ``public_url`` without the parameters that
    prove somebody's right to read it (keys, tokens, passwords); such an address shows where the
    feed is, to read it everybody needs a key of their own."""
    return keyless(public_url(url))


def keyless(url: str) -> str:
    """An address without the parameters that prove somebody's right to use it."""
    before, mark, rest = url.partition("?")
    query, sign, fragment = rest.partition("#")
    pieces = re.split(r"([&;?])", mark + query)[1:]
    kept = [
        separator + piece
        for separator, piece in zip(pieces[::2], pieces[1::2], strict=True)
        if not is_secret(piece.partition("=")[0])
    ]
    if len(kept) == len(pieces) // 2:
        return url
    shown = "".join(kept)
    return before + (f"?{shown[1:]}" if shown else "") + sign + fragment


def ascii_url(url: str) -> str:
    """The same address as a plain URI (RFC 3986, 2.5), for what knows no others; as it is where its
    host has no such form."""
    if url.isascii():
        return url
    parts = urlsplit(url)
    try:
        host = parts.netloc.encode("idna").decode("ascii")
    except UnicodeError:
        return url
    path, query, fragment = (quote(part, safe=_KEPT) for part in parts[2:])
    return urlunsplit((parts.scheme, host, path, query, fragment))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """Mints tag: URIs (RFC 4151) under ``authority``, such as ``news.example,2024``."""

    authority: str

    def uri(self, *parts: str) -> str:
        """``tag:news.example,2024:story/17`` for the parts ``story`` and ``17``."""
        return f"tag:{self.authority}:{'/'.join(quote(part, safe='') for part in parts)}"

    def since(self) -> datetime:
        """Midnight in Asia/Seoul of the authority's date: nothing minted here is older.

        Raises RenderError where the authority is no ``name,YYYY[-MM[-DD]]``.
        """
        day = authority_day(self.authority)
        if day is not None:
            return datetime(day.year, day.month, day.day, tzinfo=SEOUL)
        raise RenderError(
            f"publish.tag_authority: {self.authority!r} is no tag authority; "
            "write a domain name and a date that it was yours, such as news.example,2024"
        )
