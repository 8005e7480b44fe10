"""Feeds as text, for servers of all kinds."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from zlib import crc32

from tests.faults.wire import Headers, Reply

XML = "application/rss+xml; charset=utf-8"
LINK = "https://releases.example"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def item(
    title: str, *, guid: str | None = None, link: str | None = None, extra: str = "", date: str = ""
) -> str:
    """An RSS item; guid and link are made of the title where nothing is said, "" leaves one out."""
    slug = f"{''.join(c if c.isalnum() else '-' for c in title)[:60]}-{crc32(title.encode()):x}"
    guid = f"id-{slug}" if guid is None else guid
    link = f"{LINK}/{slug}" if link is None else link
    parts = (
        f"<title>{escape(title, quote=False)}</title>",
        f"<link>{escape(link)}</link>" if link else "",
        f'<guid isPermaLink="false">{escape(guid)}</guid>' if guid else "",
        f"<pubDate>{date or 'Mon, 02 Mar 2026 09:00:00 +0900'}</pubDate>",
        f"<description>{escape(title, quote=False)} 자료의 첫 문단이다.</description>",
    )
    return f"<item>{''.join(parts)}{extra}</item>"


def rss_text(items: Iterable[str], *, prolog: str = "", channel: str = "", end: str = "") -> str:
    """An RSS document around items that are XML already."""
    return (
        f"{prolog or DECLARATION}\n"
        '<rss version="2.0"><channel><title>보도자료</title><link>https://releases.example/</link>'
        f"<description>d</description>{channel}{''.join(items)}{end or '</channel></rss>'}\n"
    )


def rss(*titles: str) -> bytes:
    """An RSS document with these titles."""
    return rss_text(map(item, titles)).encode()


def feed(*titles: str, headers: Headers = ()) -> Reply:
    """The answer with an RSS document of these titles."""
    return xml(rss(*titles), headers=headers)


def xml(body: bytes, *, headers: Headers = ()) -> Reply:
    """The answer with a document that is called a feed."""
    return Reply(headers=(("Content-Type", XML), *headers), body=body)


def plain(body: bytes, media_type: str = "text/html; charset=utf-8", *, status: int = 200) -> Reply:
    """The answer with a document of another kind."""
    return Reply(
        status=status, reason="Whatever", headers=(("Content-Type", media_type),), body=body
    )


def atom(*titles: str) -> bytes:
    """An Atom document with these titles."""
    entries = "".join(
        f"<entry><id>tag:releases.example,2026:{escape(title)}</id><title>{escape(title)}</title>"
        f'<link href="{LINK}/atom/{number}"/><updated>2026-03-02T09:00:00+09:00</updated>'
        f"<summary>{escape(title)} 자료의 첫 문단이다.</summary></entry>"
        for number, title in enumerate(titles)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        "<title>보도자료</title><id>tag:releases.example,2026:feed</id>"
        f"<updated>2026-03-02T09:00:00+09:00</updated>{entries}</feed>"
    ).encode()
