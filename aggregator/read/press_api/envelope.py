"""An answer opened: the interface's envelope or the gateway's, in XML or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from aggregator.domain.errors import EmptyBody, HtmlPage, NotAFeed, TooDeep
from aggregator.read.decoding.charset import decode
from aggregator.read.mending.mend import mend
from aggregator.read.parsing.json_feed import looks_like_json
from aggregator.read.parsing.parts import MAX_ENTRIES
from aggregator.read.press_api.codes import GOOD, NO_DATA, bare_code, is_page, refusal_in, refused
from aggregator.text.clean import clean_title

Row = Mapping[str, Sequence[str]]
"""A release: its elements by name in lower case, each as often as it stands there."""

_ROWS = frozenset({"newsitem", "item"})
_MAX_DEPTH = 64
"""Elements within each other; an honest answer has four levels."""

_HEAD = 4000
_SHOWN = 60
_PAGE_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_ENDS = re.compile(r"</(?:[\w.-]{1,80}:)?\w{1,80}\s{0,20}>\s*\Z")
_WANTED = "instead of the interface's answer"
_DECLARED = "<?xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A good answer: its releases in their order, and how its text was found."""

    rows: tuple[Row, ...]
    encoding: str
    claimed: str
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What stands in an envelope: releases, and what is told outside them by name."""

    rows: list[Row] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def open_answer(body: bytes, *, charset: str = "", encoding: str | None = None) -> Answer:
    """The releases of one answer. ``charset`` is what Content-Type said, ``encoding`` the operator's
    override.

    Warnings are those of decoding and mending, and ``cut-off``, ``not-well-formed`` (the releases
    before the fault are read) and ``too-many-entries``. Raises ApiError where the interface or its
    gateway refuses, HtmlPage, EmptyBody, NotAFeed, TooDeep and Undecodable.
    """
    if not body.strip():
        raise EmptyBody(f"an empty body {_WANTED}")
    decoded = decode(body, header=charset, override=encoding)
    found = _in_json(decoded.text) if looks_like_json(decoded.text) else _in_xml(decoded.text)
    _check(found, decoded.text)
    if len(found.rows) > MAX_ENTRIES:
        found.warnings.append("too-many-entries")
    return Answer(
        rows=tuple(found.rows[:MAX_ENTRIES]),
        encoding=decoded.encoding,
        claimed=decoded.claimed,
        warnings=tuple(dict.fromkeys([*decoded.warnings, *found.warnings])),
    )


def _check(found: _Found, text: str) -> None:
    """Raise what an answer without releases means."""
    code = found.told.get("returnreasoncode") or found.told.get("resultcode", "")
    words = " ".join(
        told for name in ("returnauthmsg", "errmsg", "resultmsg") if (told := found.told.get(name))
    )
    if code and bare_code(code) not in {*GOOD, NO_DATA}:
        raise refused(code, words)
    if code or found.rows:
        return
    head = text[:_HEAD]
    if refusal := refusal_in(head.encode("utf-8", "replace")):
        raise refusal
    if is_page(head):
        title = _PAGE_TITLE.search(head)
        shown = clean_title(title[1])[:_SHOWN] if title else ""
        raise HtmlPage(
            f"an HTML page {f'titled {shown!r}' if shown else 'without a title'} {_WANTED}"
        )
    raise NotAFeed(f"something that begins {clean_title(head[:200])[:_SHOWN]!r} {_WANTED}")


# --- XML ------------------------------------------------------------------------------------------


def _in_xml(text: str) -> _Found:
    # With a declaration, mending knows where the document begins.
    stripped = text.lstrip("\ufeff\r\n\t ")
    mended = mend(stripped if stripped.startswith(_DECLARED) else f"<?xml version='1.0'?>{text}")
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    warnings = [*mended.warnings]
    try:
        # Document types are gone by now, and with them all entities.
        parser.Parse(mended.text, True)  # noqa: FBT003 - the last piece
    except expat.ExpatError:
        warnings.append("not-well-formed" if _ENDS.search(mended.text[-100:]) else "cut-off")
    return _Found(rows=walk.rows, told=walk.told, warnings=warnings)


class _Walk:
    """Goes through a document and keeps releases and the texts outside them."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.told: dict[str, str] = {}
        self._depth = 0
        self._row: dict[str, list[str]] | None = None
        self._row_depth = 0
        self._text: list[str] = []

    def start(self, name: str, _: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise TooDeep(f"more than {_MAX_DEPTH} elements within each other {_WANTED}")
        if self._row is None:
            self._text = []
            if _local(name) in _ROWS:
                self._row, self._row_depth = {}, self._depth
        elif self._depth == self._row_depth + 1:
            self._text = []

    def end(self, name: str) -> None:
        if self._row is None:
            self.told.setdefault(_local(name), "".join(self._text).strip())
            self._text = []
        elif self._depth == self._row_depth:
            self.rows.append(self._row)
            self._row = None
        elif self._depth == self._row_depth + 1:
            self._row.setdefault(_local(name), []).append("".join(self._text).strip())
        self._depth -= 1

    def text(self, data: str) -> None:
        self._text.append(data)


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


# --- JSON -----------------------------------------------------------------------------------------


def _in_json(text: str) -> _Found:
    try:
        # Numbers stay as they are written: an id is a string.
        top = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, strict=False)
    except RecursionError as error:
        raise TooDeep(f"JSON that is nested too deep {_WANTED}") from error
    except ValueError as error:
        # It may tell all the same what is wrong.
        if refusal := refusal_in(text[:_HEAD].encode("utf-8", "replace")):
            raise refusal from error
        raise NotAFeed(f"JSON that breaks off or is damaged {_WANTED}") from error
    found = _Found()
    _look_into(top, found, 0)
    return found


def _look_into(node: object, found: _Found, depth: int) -> None:
    """Collect releases and what is told outside them, a few levels deep."""
    if not isinstance(node, dict) or depth > _MAX_DEPTH // 8:
        return
    for key, value in node.items():
        name = key.lower()
        if name in _ROWS or (name == "items" and isinstance(value, list)):
            found.rows += [_row(each) for each in _listed(value) if isinstance(each, dict)]
        elif isinstance(value, str):
            found.told.setdefault(name, value.strip())
        else:
            _look_into(value, found, depth + 1)


def _row(node: Mapping[str, Any]) -> Row:
    return {key.lower(): [*_texts(value)] for key, value in node.items()}


def _texts(value: object) -> Iterator[str]:
    for each in _listed(value):
        # One of several that is null keeps its place: names and addresses of files go in pairs.
        yield each.strip() if isinstance(each, str) else ""


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
