"""One release of the interface as an entry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import escape

from aggregator.domain.feeds import Issuer
from aggregator.domain.items import Entry, Image
from aggregator.read.links.addresses import absolute
from aggregator.read.parsing.parts import MAX_PART, MAX_PARTS, cut, distinct, fields_of, first
from aggregator.read.press_api.envelope import Row

_UPDATED = "U"
_PLAIN = "T"
_SUBTITLES = ("subtitle1", "subtitle2", "subtitle3")
_KEPT = (("embargodate", "EmbargoDate"), ("contentsstatus", "ContentsStatus"),
         ("groupingcode", "GroupingCode"))  # fmt: skip
"""Elements that stay fields of the entry, with the names that they have there."""

_NAIVE = re.compile(r"[0-9/.\-]{8,10} [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
_KOGL_TYPE = re.compile(
    r"(?:공공누리|KOGL)?[\s\-_:]{0,5}(?:제|type)?\s{0,3}0?([0-4])\s{0,3}(?:유형)?", re.IGNORECASE
)


def part(row: Row, name: str) -> str:
    """The first text of an element of a release, "" where there is none."""
    return next((text for text in row.get(name, ()) if text), "")


def entry_of(row: Row, issuer: Issuer, warnings: list[str]) -> Entry:
    """The entry that a release is.

    Dates are written ``MM/DD/YYYY HH:MM:SS`` and get the zone that the interface leaves out,
    Korean time whatever the feed's own zone is: ``ApproveDate`` is the publication, ``ModifyDate`` the last change of a release that was updated. A release without any
    date but an embargo is dated by that, so that it is held back all the same. The type of 공공누리
    becomes the notice that its page would print. Files are the fields ``FileName1``, ``FileUrl1`` …
    """
    ministry = first(distinct([part(row, "ministercode")]), warnings)
    pictures = [absolute(part(row, name), "") for name in ("originalimgurl", "thumbnailurl")]
    images = [picture for picture in pictures if picture]
    is_update = part(row, "contentsstatus").upper() == _UPDATED
    dates = [_korean(part(row, name)) for name in ("approvedate", "modifydate", "embargodate")]
    rights = _rights(part(row, "kogltype"))
    return Entry(
        guid=part(row, "newsitemid")[:MAX_PART],
        link=absolute(part(row, "originalurl"), ""),
        title=cut(part(row, "title"), warnings),
        summary=cut(
            "<br>".join(text for name in _SUBTITLES if (text := part(row, name))), warnings
        ),
        content=cut(_content(row), warnings),
        published=next((date for date in dates if date), ""),
        updated=dates[1] if is_update else "",
        authors=ministry if issuer is Issuer.AUTHOR else (),
        categories=() if issuer is Issuer.AUTHOR else ministry,
        thumbnail=pictures[1] or pictures[0],
        images=(Image(url=images[0]),) if images else (),
        rights=rights,
        fields=fields_of(_fields(row, rights)),
    )


def _korean(date: str) -> str:
    return f"{date} KST" if _NAIVE.fullmatch(date) else date[:MAX_PART]


def _content(row: Row) -> str:
    text = part(row, "datacontents")
    if part(row, "contentstype").upper() != _PLAIN:
        return text
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())


def _rights(kogl: str) -> str:
    found = _KOGL_TYPE.fullmatch(unicodedata.normalize("NFKC", kogl.strip()))
    return f"공공누리 제{found[1]}유형" if found else ""


def _fields(row: Row, rights: str) -> Iterator[tuple[str, str]]:
    for name, shown in _KEPT:
        yield shown, part(row, name)
    if not rights:
        yield "KoglType", part(row, "kogltype")
    names = row.get("filename", ())
    for number, url in enumerate(row.get("fileurl", ())[:MAX_PARTS]):
        yield f"FileUrl{number + 1}", url
        yield f"FileName{number + 1}", names[number] if number < len(names) else ""
