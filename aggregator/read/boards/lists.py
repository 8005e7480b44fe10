"""A board's list of releases read into entries by the selectors of its feed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from aggregator.domain.errors import ReadError, SelectorsMatchNothing
from aggregator.domain.feeds import Feed, ListSelectors
from aggregator.domain.items import Entry, ParsedFeed
from aggregator.read.boards.dates import board_date
from aggregator.read.boards.page import Element, HtmlPage, read_page, text_of
from aggregator.read.boards.selectors import Place, read_place
from aggregator.read.boards.targets import target_of
from aggregator.read.boards.titles import MAX_HEADLINE, headline_of
from aggregator.read.links.addresses import canonical_url
from aggregator.read.parsing.parts import MAX_ENTRIES, MAX_PART
from aggregator.text.clean import one_line

_MOST_FOUND = 4 * MAX_ENTRIES
"""Elements looked at for each selector."""

_NOTHING_HERE = re.compile(
    r"(?:현재\s?)?(?:등록|작성|게시|검색|조회|요청|해당|표시)?\s?(?:된|하신|되는|할)?\s?"
    r"(?:게시물|게시글|글|자료|데이터|내용|결과|목록|보도자료|공지사항|내역|컨텐츠|콘텐츠|항목)\s?(?:들)?(?:이|가|은|는)?\s?"
    r"(?:없습니다|없음|존재하지\s?않습니다)\s?[.!]?"
    r"|(?:there\s(?:are|is)\s)?no\s(?:articles?|posts?|data|results?|items?|entries|records?)(?:\s(?:found|yet|available|registered))?\s?[.!]?",
    re.IGNORECASE,
)
_LONGEST_SENTENCE = 60


class Body(Protocol):
    """A page of a visit as it came."""

    @property
    def body(self) -> bytes:
        """Its bytes."""
        ...

    @property
    def charset(self) -> str:
        """What Content-Type said, or ""."""
        ...

    @property
    def url(self) -> str:
        """Where it came from."""
        ...


@dataclass(slots=True)
class _Row:
    """What the selectors found in one item, each the first of its kind."""

    element: Element
    title: Element | None = None
    link: Element | None = None
    date: Element | None = None
    summary: Element | None = None


_Rows = dict[Element, _Row]


def read_boards(pages: Sequence[Body], *, feed: Feed, now: datetime) -> ParsedFeed:
    """A list that goes over several pages as one, each link once; the first page is the feed's own.

    A further page that cannot be read is left out (``page-missing``): a list may be shorter than
    it was. Raises what ``read_board`` does, for the first page alone.
    """
    first, *further = pages
    whole = _read(first, feed, now)
    entries, warnings = [*whole.entries], [*whole.warnings]
    for page in further:
        try:
            more = _read(page, feed, now)
        except ReadError:
            warnings.append("page-missing")
            continue
        entries += more.entries
        warnings += [slug for slug in more.warnings if slug != "no-entries"]
    return replace(
        whole,
        entries=tuple(_each_once(entries)[:MAX_ENTRIES]),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _read(page: Body, feed: Feed, now: datetime) -> ParsedFeed:
    return read_board(page.body, feed=feed, charset=page.charset, url=page.url, now=now)


def read_board(
    body: bytes,
    *,
    feed: Feed,
    now: datetime,
    charset: str = "",
    media_type: str = "",  # noqa: ARG001 - boards are HTML whatever their servers say
    url: str = "",
) -> ParsedFeed:
    """The releases that a page lists, by ``feed.select``, in the page's order.

    ``now`` is what "3시간 전" counts from. Where an item holds another one, what stands in the
    inner one is the inner one's. Rows without a headline (headers, "no articles") are no entries; a
    link that comes twice, as those of notices pinned on top, is one entry. Warnings are those of
    decoding, ``no-entries`` where the page itself says that there are none, ``too-many-entries``.

    Raises SelectorsMatchNothing, saying what was found instead, EmptyBody, Undecodable, TooDeep.
    """
    if feed.select is None:
        raise SelectorsMatchNothing(f"the feed {feed.id} has no selectors for its list")
    page = read_page(body, charset=charset, encoding=feed.encoding, url=url or feed.url)
    warnings = [*page.warnings]
    found = page.find(read_place(feed.select.item).path)
    if len(found) > MAX_ENTRIES:
        warnings.append("too-many-entries")
    rows = _rows(page, found[:MAX_ENTRIES], feed.select)
    read = [entry for row in rows.values() if (entry := _entry(row, rows, page, feed, now))]
    if not any(entry.link for entry in read):
        if read or not _says_empty(page, rows):
            raise SelectorsMatchNothing(_complaint(page, feed.select, len(found), len(read)))
        read = []
        warnings.append("no-entries")
    return ParsedFeed(
        version="html",
        title=page.title,
        link=url or feed.url,
        language=page.language,
        encoding=page.encoding,
        claimed=page.claimed,
        entries=tuple(_each_once(read)),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _complaint(page: HtmlPage, select: ListSelectors, found: int, titled: int) -> str:
    where = f"the page {page.shown_title}"
    if not found:
        return f'item = "{select.item}" matches 0 elements of {where}'
    what = f'item = "{select.item}" matches {found} elements of {where}'
    if not titled:
        return f'{what}, but title = "{select.title}" gives none of them a headline'
    return f'{what}, but link = "{select.link}" gives none of them an address'


def _rows(page: HtmlPage, items: Sequence[Element], select: ListSelectors) -> _Rows:
    rows = {element: _Row(element) for element in items}
    for name in ("title", "link", "date", "summary"):
        selector = getattr(select, name)
        if selector is None:
            continue
        place = read_place(selector)
        if not place.path:
            for row in rows.values():
                setattr(row, name, row.element)
            continue
        for element in page.find(place.path)[:_MOST_FOUND]:
            owner = _owner(element, rows)
            if owner is None or getattr(owner, name) is not None:
                continue
            if name == "link" or _says(element, place, rows):
                setattr(owner, name, element)
    return rows


def _owner(element: Element, rows: _Rows) -> _Row | None:
    """The innermost item that holds the element."""
    one: Element | None = element
    while one is not None:
        if one in rows:
            return rows[one]
        one = one.getparent()
    return None


def _says(element: Element, place: Place, rows: _Rows) -> bool:
    """Whether there is something to take; the first link of a row may be a picture alone."""
    if place.attribute:
        return bool((element.get(place.attribute) or "").strip())
    return bool(text_of(element, left_out=rows.__contains__, most=20))


def _entry(row: _Row, rows: _Rows, page: HtmlPage, feed: Feed, now: datetime) -> Entry | None:
    select = feed.select
    if select is None or row.title is None:
        return None
    title = _value(row.title, select.title, rows, headline=True)
    if not title or _NOTHING_HERE.fullmatch(title):
        return None
    raw = _value(row.date, select.date, rows)
    return Entry(
        title=title,
        link=_link(row.link, select, page.base),
        published=board_date(raw, now=now, zone=ZoneInfo(feed.timezone))[:MAX_PART],
        summary=_value(row.summary, select.summary, rows),
    )


def _link(element: Element | None, select: ListSelectors, base: str) -> str:
    if element is None:
        return ""
    attribute = read_place(select.link).attribute
    pattern, template = select.link_pattern, select.link_template
    return target_of(element, attribute, pattern=pattern, template=template, base=base)


def _value(
    element: Element | None, selector: str | None, rows: _Rows, *, headline: bool = False
) -> str:
    if element is None or selector is None:
        return ""
    attribute = read_place(selector).attribute
    if attribute:
        return one_line((element.get(attribute) or "")[:MAX_HEADLINE])
    if headline:
        return headline_of(element, left_out=rows.__contains__)
    return text_of(element, left_out=rows.__contains__)


def _each_once(entries: Sequence[Entry]) -> list[Entry]:
    """Entries by their canonical links, each once; of a link that comes twice the first, with what
    only the second says."""
    kept: dict[str, Entry] = {}
    for number, entry in enumerate(entries):
        key = canonical_url(entry.link) if entry.link else f"#{number}"
        first = kept.setdefault(key, entry)
        if first is not entry:
            kept[key] = replace(
                first,
                published=first.published or entry.published,
                summary=first.summary or entry.summary,
            )
    return [*kept.values()]


def _says_empty(page: HtmlPage, rows: _Rows) -> bool:
    """Whether the page itself says that its list is empty; within an item, where there are some."""
    return any(
        len(text) <= _LONGEST_SENTENCE
        and _NOTHING_HERE.fullmatch(text)
        and (not rows or _owner(element, rows) is not None)
        for element in page.root.iter("td", "li", "p", "div", "span", "dd", "strong", "em", "th")
        if (text := one_line((element.text or "")[:200] or _behind_child(element)))
    )


def _behind_child(element: Element) -> str:
    """What stands behind the icon that an element begins with."""
    return (element[0].tail or "")[:200] if len(element) else ""
