"""The page that a row of a board leads to: the text of the release, and its files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape

from aggregator.domain.errors import SelectorsMatchNothing
from aggregator.domain.feeds import Feed, ListSelectors
from aggregator.domain.items import Enclosure, Entry, Item
from aggregator.read.boards.page import Element, HtmlPage, markup_of, read_page, text_of
from aggregator.read.boards.selectors import read_place
from aggregator.read.items.attached import attachments_of
from aggregator.read.items.normalise import normalise
from aggregator.read.links.addresses import absolute
from aggregator.read.parsing.parts import MAX_PARTS, MAX_TEXT

_FILES = re.compile(r"file|attach|atch|down", re.IGNORECASE)
"""In the class or id of what holds the files of a release."""

_REACH = 4
"""Levels above a link where that may stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The text of a release as markup, not cleaned yet, whose links are resolved against ``base``;
    ``files`` is markup with a link for each file beside the text."""

    markup: str
    base: str
    files: str = ""


def read_release(
    body: bytes,
    select: ListSelectors,
    *,
    charset: str = "",
    encoding: str | None = None,
    url: str = "",
) -> Release:
    """The release on the page in ``body``, which came from ``url``.

    Raises SelectorsMatchNothing where ``select.body`` is not there or says nothing, and EmptyBody,
    Undecodable, TooDeep.
    """
    page = read_page(body, charset=charset, encoding=encoding, url=url)
    place = read_place(select.body) if select.body else None
    found = page.find(place.path) if place else []
    texts = [markup_of(each) for each in found[:MAX_PARTS] if text_of(each, most=20)]
    if not texts:
        what = f"{len(found)} elements without a text" if found else "0 elements"
        message = f'body = "{select.body}" matches {what} of the page {page.shown_title}'
        raise SelectorsMatchNothing(message)
    return Release(markup="\n".join(texts)[:MAX_TEXT], base=page.base, files=_files(page))


def with_release(item: Item, release: Release, feed: Feed) -> Item:
    """The item with what its own page says: text, summary, files, pictures, licence, embargo.

    Its hash stays that of the row in the list, which is all that the next visit sees of it: made of
    the text it would differ at once, and the text would go.
    """
    entry = Entry(
        title=item.raw.get("title", ""),
        link=item.link,
        summary=item.raw.get("summary", ""),
        content=release.markup,
        published=item.raw.get("published", ""),
    )
    read = normalise(entry, feed, issuer=lambda _: None, base_url=release.base)
    files = attachments_of(Entry(content=release.files), base_url=release.base)
    enclosed = tuple(Enclosure(url=file.url) for file in files)
    is_clamped = item.published is not None and item.published.clamped
    return replace(
        item,
        summary=read.summary or item.summary,
        content=read.content or item.content,
        enclosures=item.enclosures or enclosed,
        attachments=tuple({file.url: file for file in (*read.attachments, *files)}.values()),
        images=read.images,
        licence=read.licence or item.licence,
        embargo_until=None if is_clamped else read.embargo_until,
        event=read.event or item.event,
        raw={**item.raw, "content": release.markup},
    )


def _files(page: HtmlPage) -> str:
    links = []
    for link in page.root.iter("a"):
        href = absolute(link.get("href") or "", page.base)
        if href and _is_beside_files(link):
            name = text_of(link, most=200) or link.get("title") or ""
            links.append(f'<a href="{escape(href)}">{escape(name)}</a>')
    return "\n".join(links[:MAX_PARTS])


def _is_beside_files(link: Element) -> bool:
    one: Element | None = link
    for _ in range(_REACH):
        if one is None:
            return False
        if _FILES.search(f"{one.get('class') or ''} {one.get('id') or ''}"):
            return True
        one = one.getparent()
    return False
