"""A feed document as the bytes of its entries and the rest, without parsing it.

Many sites write the time of the visit into each document, so that its bytes differ at every visit
(quirk B9), and of a changed document most entries are those of yesterday. Two documents whose rest
(``head``, without the dates of the document itself and the table of its entries) and entries are the
same say the same, and of another one only the entries that are new need to be read.

This is done only where the bytes leave no doubt about where an entry begins and ends; everything
else is read whole.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass

_TAG = re.compile(rb"<(/?)(item|entry)(?=[\s>/])", re.IGNORECASE)
_BETWEEN = re.compile(rb"\s*")
_DATES = re.compile(
    rb"<(lastBuildDate|pubDate|updated|modified|dc:date)(?=[\s>])[^<>]*>[^<>]*</\1\s*>"
)
_LISTED = re.compile(rb"<rdf:li\s[^<>]*/>\s*")
"""An entry in the table of contents of an RSS 1.0 document, which nobody reads."""
_COMMENT = re.compile(rb"<!--(?:(?!--).)*-->", re.DOTALL)
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
"""Of XML: in a text of another kind a tag is a word."""
_FIRST_ENTRY = re.compile(rb"<(?:item|entry)[\s>/]")
_LONGEST_HEAD = 64 * 1024
_MOST_ENTRIES = 2000
_DIGEST_BYTES = 12
"""Bytes of a digest: an accident among the few entries of one feed is out of the question, and
whoever could forge one writes the feed himself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """``head`` is a digest of everything but the entries, ``entries`` one of each entry's bytes in
    their order, ``spans`` where each stands."""

    head: str
    entries: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def undated(body: bytes) -> tuple[bytes, bytes]:
    """The bytes of a feed document by which it is known again: what stands before its first entry,
    without the document's own dates and the like, and the rest as it is. Where it is not plain which
    part is which, all of it is the rest."""
    found = _FIRST_ENTRY.search(body, 0, _LONGEST_HEAD)
    head = body[: found.start()] if found else b""
    if not _is_plain(head, b""):
        return b"", body
    return _masked(head), body[len(head) :]


def cut(body: bytes) -> Pieces | None:
    """The pieces of an RSS or Atom document; None for one that must be read whole."""
    spans = _spans(body)
    if spans is None:
        return None
    first, last = spans[0][0], spans[-1][1]
    before, after = body[:first], body[last:]
    if not _is_plain(before, after):
        return None
    entries = [body[start:end] for start, end in spans]
    if not all(map(_is_whole, entries)):
        return None
    head = _digest(_masked(before) + b"\n" + _masked(after))
    return Pieces(head=head, entries=tuple(map(_digest, entries)), spans=spans)


def without(body: bytes, pieces: Pieces, known: Collection[str]) -> bytes:
    """The document without the entries whose digests are ``known``."""
    parts, at = [], 0
    for digest, (start, end) in zip(pieces.entries, pieces.spans, strict=True):
        parts.append(body[at:start])
        if digest not in known:
            parts.append(body[start:end])
        at = end
    parts.append(body[at:])
    return b"".join(parts)


def _spans(body: bytes) -> tuple[tuple[int, int], ...] | None:
    """Where entries stand: one directly behind the other, all of one name, none within another."""
    spans: list[tuple[int, int]] = []
    open_at: int | None = None
    name = b""
    for found in _TAG.finditer(body):
        closing, tag = bool(found[1]), found[2]
        if (name and tag != name) or closing != (open_at is not None):
            return None
        name = tag
        if open_at is None:
            if spans and _BETWEEN.fullmatch(body, spans[-1][1], found.start()) is None:
                return None
            open_at = found.start()
            continue
        end = body.find(b">", found.end()) + 1
        if end == 0 or body[found.end() : end - 1].strip():
            return None
        spans.append((open_at, end))
        open_at = None
        if len(spans) > _MOST_ENTRIES:
            return None
    return tuple(spans) if spans and open_at is None else None


def _is_plain(before: bytes, after: bytes) -> bool:
    """Whether nothing around the entries changes their meaning or hides where they begin."""
    return (
        _BEGINNING.match(before) is not None
        and b"<!DOCTYPE" not in before.upper()
        and b"\0" not in before[:100]
        and _is_whole(before)
        and _is_whole(after)
    )


def _is_whole(piece: bytes) -> bool:
    """Whether no comment and no CDATA section reaches beyond a piece."""
    return piece.count(b"<![CDATA[") == piece.count(b"]]>") and piece.count(b"<!--") == piece.count(
        b"-->"
    )


def _masked(piece: bytes) -> bytes:
    """The piece without the document's own dates and comments, which say when and by what it was
    made, and without the table of its entries."""
    return _DATES.sub(rb"<\1/>", _LISTED.sub(b"", _COMMENT.sub(b"", piece)))


def _digest(piece: bytes) -> str:
    return hashlib.blake2b(piece, digest_size=_DIGEST_BYTES).hexdigest()
