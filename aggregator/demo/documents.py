"""The demo's releases written as the feeds of their bodies would: RSS 2.0, RSS 1.0 or Atom, or as an
open-data interface or a page that lists releases would."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from aggregator.demo.boards import board_page
from aggregator.domain.items import SEOUL

PACKAGE = "aggregator.demo"
PORTAL_SENTENCE = "관련 보도자료 내용입니다. 자세한 내용은 첨부파일을 참고하시기 바랍니다."
HOST_OF_PICTURES = "http://pictures.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release as its author wrote it. ``at`` is a KST instant, a day, or None for a paper;
    ``label`` and ``story`` say what it is meant to be and are for tests alone."""

    id: str
    title: str
    text: str
    label: str
    at: datetime | date | None = None
    story: str = ""
    issuer: str = ""
    authors: tuple[str, ...] = ()
    thumbnail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedStyle:
    """How a feed writes its document; see styles.toml."""

    feed: str
    format: str
    encoding: str
    dates: str
    guid: str
    text: str
    link: str
    declared: str = ""

    @property
    def claimed(self) -> str:
        """The encoding that the document names."""
        return self.declared or self.encoding

    @property
    def is_board(self) -> bool:
        """Whether it is no feed but a page."""
        return self.format == "board"

    @property
    def path(self) -> str:
        """Where on its host a board's page stands."""
        return urlsplit(self.link).path.replace("view", "list")


@cache
def styles() -> Mapping[str, FeedStyle]:
    """Every demo feed's way of writing, by feed id."""
    table = tomllib.loads(_text("styles.toml"))
    return {feed: FeedStyle(feed=feed, **given) for feed, given in table.items()}


@cache
def releases(feed: str) -> tuple[Release, ...]:
    """A demo feed's releases, in the order of their file."""
    rows = tomllib.loads(_text(f"releases/{feed}.toml"))["release"]
    return tuple(_release(row) for row in rows)


def _text(name: str) -> str:
    return resources.files(PACKAGE).joinpath(name).read_text(encoding="utf-8")


def _release(row: Mapping[str, Any]) -> Release:
    at = str(row.get("at", ""))
    values = {**row, "authors": tuple(row.get("authors", ())), "at": _instant(at) if at else None}
    return Release(**values)


def _instant(text: str) -> datetime | date:
    if "T" in text:
        return datetime.fromisoformat(text).replace(tzinfo=SEOUL)
    return date.fromisoformat(text)


def document(
    feed: str, title: str, language: str, *, chosen: Sequence[Release] | None = None
) -> bytes:
    """The whole feed document, in the encoding that the feed uses, or one with the ``chosen``
    releases alone."""
    style = styles()[feed]
    if style.is_board:
        return _board(style, title).encode(style.encoding, errors="xmlcharrefreplace")
    write = {"rss2": _rss2, "rss1": _rss1, "atom": _atom, "press_api": _press_api}[style.format]
    told = releases(feed) if chosen is None else chosen
    entries = sorted(told, key=lambda r: str(r.at), reverse=True)
    text = write(style, entries, title, language)
    declaration = f'<?xml version="1.0" encoding="{style.claimed}"?>\n'
    return (declaration + text).encode(style.encoding, errors="xmlcharrefreplace")


def _board(style: FeedStyle, title: str) -> str:
    base, _, page = style.link.rpartition("/")
    rows = [
        (
            "./" + page.format(id=release.id),
            release.title,
            release.text.strip().partition("\n\n")[0],
            _date_text(style.dates, release.at),
        )
        for release in sorted(releases(style.feed), key=lambda r: str(r.at), reverse=True)
    ]
    return board_page(rows, title=title, encoding=style.claimed, base=f"{base}/")


# --- formats --------------------------------------------------------------------------------------


def _rss2(style: FeedStyle, entries: list[Release], title: str, language: str) -> str:
    items = "".join(_rss2_item(style, release) for release in entries)
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>\n'
        f"<title>{escape(title)}</title>\n<link>{escape(_home(style))}</link>\n"
        f"<description>{escape(title)}</description>\n<language>{language}</language>\n"
        f"{items}</channel>\n</rss>\n"
    )


def _rss2_item(style: FeedStyle, release: Release) -> str:
    link = style.link.format(id=release.id)
    parts = [
        _element("title", release.title, style),
        f"<link>{escape(link)}</link>",
        _element("description", _body(style, release), style),
        *(f"<dc:creator>{escape(author)}</dc:creator>" for author in _authors(release)),
        _date("pubDate", style, release),
        _guid(style, release, link),
    ]
    return "<item>\n" + "\n".join(part for part in parts if part) + "\n</item>\n"


def _rss1(style: FeedStyle, entries: list[Release], title: str, language: str) -> str:
    links = [style.link.format(id=release.id) for release in entries]
    sequence = "".join(f"<rdf:li rdf:resource={quoteattr(link)}/>" for link in links)
    items = "".join(
        f"<item rdf:about={quoteattr(link)}>\n"
        f"{_element('title', release.title, style)}\n<link>{escape(link)}</link>\n"
        f"{_element('description', _body(style, release), style)}\n"
        f"{_date('dc:date', style, release)}\n</item>\n"
        for link, release in zip(links, entries, strict=True)
    )
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel rdf:about={quoteattr(_home(style))}>\n<title>{escape(title)}</title>\n"
        f"<link>{escape(_home(style))}</link>\n<description>{escape(title)}</description>\n"
        f"<dc:language>{language}</dc:language>\n"
        f"<items><rdf:Seq>{sequence}</rdf:Seq></items>\n</channel>\n{items}</rdf:RDF>\n"
    )


def _atom(style: FeedStyle, entries: list[Release], title: str, language: str) -> str:
    newest = max((_date_text(style.dates, r.at) for r in entries if r.at), default="")
    items = "".join(_atom_entry(style, release) for release in entries)
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
        f" xml:lang={quoteattr(language)}>\n<title>{escape(title)}</title>\n"
        f"<id>{escape(_home(style))}</id>\n<updated>{newest}</updated>\n"
        f'<link rel="alternate" href={quoteattr(_home(style))}/>\n'
        f"<author><name>{escape(title)}</name></author>\n{items}</feed>\n"
    )


def _atom_entry(style: FeedStyle, release: Release) -> str:
    link = style.link.format(id=release.id)
    at = _date_text(style.dates, release.at)
    kind = "html" if style.text == "html" else "text"
    identity = f"tag:{style.feed}.example,2024:{release.id}" if style.guid == "number" else link
    thumbnail = (
        f'<media:group><media:thumbnail url="{HOST_OF_PICTURES}/{release.thumbnail}"'
        ' width="640" height="360"/></media:group>\n'
        if release.thumbnail
        else ""
    )
    return (
        f"<entry>\n<title>{escape(release.title)}</title>\n<id>{escape(identity)}</id>\n"
        f'<link rel="alternate" href={quoteattr(link)}/>\n'
        f"<published>{at}</published>\n<updated>{at}</updated>\n"
        f'<summary type="{kind}">{escape(_body(style, release))}</summary>\n'
        f"{thumbnail}</entry>\n"
    )


def _press_api(style: FeedStyle, entries: list[Release], title: str, language: str) -> str:  # noqa: ARG001 - as all writers
    items = "".join(_press_item(style, release) for release in entries)
    return (
        "<response>\n<header><resultCode>0</resultCode><resultMsg>NORMAL_SERVICE</resultMsg>"
        f"</header>\n<body>\n{items}<totalCount>{len(entries)}</totalCount>\n</body>\n</response>\n"
    )


def _press_item(style: FeedStyle, release: Release) -> str:
    at = _date_text(style.dates, release.at)
    parts = [
        f"<NewsItemId>{release.id}</NewsItemId>",
        "<ContentsStatus>I</ContentsStatus>",
        f"<ModifyDate>{at}</ModifyDate>",
        f"<ApproveDate>{at}</ApproveDate>",
        _element("Title", release.title, style),
        "<ContentsType>H</ContentsType>",
        _element("DataContents", _body(style, release), style),
        f"<MinisterCode>{escape(release.issuer)}</MinisterCode>",
        f"<OriginalUrl>{escape(style.link.format(id=release.id))}</OriginalUrl>",
        "<KoglType>1</KoglType>",
    ]
    return "<NewsItem>\n" + "\n".join(parts) + "\n</NewsItem>\n"


# --- parts ----------------------------------------------------------------------------------------


def _home(style: FeedStyle) -> str:
    return "/".join(style.link.split("/")[:3]) + "/"


def _authors(release: Release) -> tuple[str, ...]:
    return release.authors or ((release.issuer,) if release.issuer else ())


def _guid(style: FeedStyle, release: Release, link: str) -> str:
    if style.guid == "none":
        return ""
    if style.guid == "link":
        return f"<guid>{escape(link)}</guid>"
    return f'<guid isPermaLink="false">{escape(release.id)}</guid>'


def _body(style: FeedStyle, release: Release) -> str:
    """The description before it is escaped into the document."""
    paragraphs = [p.strip() for p in release.text.split("\n\n") if p.strip()]
    if style.text == "plain":
        return "\n\n".join(paragraphs)
    if style.text == "twice":
        return escape(escape(" ".join(paragraphs)).replace("·", "&middot;"))
    return "".join(f"<p>{escape(p)}</p>" for p in paragraphs)


def _element(name: str, text: str, style: FeedStyle) -> str:
    if style.text == "cdata" and "]]>" not in text:
        return f"<{name}><![CDATA[{text}]]></{name}>"
    return f"<{name}>{escape(text)}</{name}>"


def _date(name: str, style: FeedStyle, release: Release) -> str:
    if release.at is None or style.dates == "none":
        return ""
    if style.dates.startswith("dc-"):
        name = "dc:date"
    text = _date_text(style.dates, release.at)
    return f"<{name}>{text}</{name}>"


def _date_text(dates: str, at: datetime | date | None) -> str:
    if at is None:
        return ""
    instant = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, tzinfo=SEOUL)
    return DATE_STYLES[dates.removeprefix("dc-")](instant)


def _korean(at: datetime) -> str:
    half = "오전" if at.hour < 12 else "오후"  # noqa: PLR2004
    return f"{at.year}년 {at.month}월 {at.day}일 {half} {(at.hour - 1) % 12 + 1}:{at:%M}"


DATE_STYLES: Mapping[str, Callable[[datetime], str]] = {
    "rfc822": format_datetime,
    "gmt": lambda at: format_datetime(at.astimezone(UTC), usegmt=True),
    "kst": lambda at: re.sub(r"\+0900$", "KST", format_datetime(at)),
    "iso": lambda at: at.isoformat(timespec="seconds"),
    "naive": lambda at: f"{at:%Y-%m-%d %H:%M:%S}.0",
    "dashed": lambda at: f"{at:%Y-%m-%d}",
    "dotted": lambda at: f"{at:%Y.%m.%d}",
    "dotted-time": lambda at: f"{at:%Y.%m.%d. %H:%M}",
    "american": lambda at: f"{at:%m/%d/%Y %H:%M:%S}",
    "compact": lambda at: f"{at:%Y%m%d%H%M%S}",
    "korean": _korean,
}
