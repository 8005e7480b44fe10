"""The answers of one visit stitched to one document: each release once, in its latest state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from aggregator.domain.errors import ReadError
from aggregator.domain.feeds import Issuer
from aggregator.domain.items import ParsedFeed
from aggregator.read.parsing.parts import number_of, warn_of_empty
from aggregator.read.press_api.entries import entry_of, part
from aggregator.read.press_api.envelope import Row, open_answer

WINDOW_MISSING = "window-missing"
"""Warning: some of the days that were asked for could not be had."""

WITHDRAWN = "withdrawn-entries"
"""Warning: the interface says of a release that it was taken back."""

_DELETED = "D"
_DATES = "%m/%d/%Y %H:%M:%S"


class Body(Protocol):
    """A body as it came, and the charset that Content-Type named."""

    @property
    def body(self) -> bytes:
        """The bytes, after decompression."""
        ...

    @property
    def charset(self) -> str:
        """The charset named, "" for none."""
        ...


def read_press_api(
    answers: Sequence[Body], *, issuer: Issuer, encoding: str | None = None
) -> ParsedFeed:
    """The releases of ``answers``, which are those of one visit with the newest days first.

    A release that stands in several answers is one entry, in the state of its last change
    (``ModifyDate``, then ``ModifyId``), at the place where it was first met. The name of the issuing
    office (``MinisterCode``) is the entry's author where ``issuer`` looks for it there, else its
    category. ``encoding`` overrides every charset claim.

    Of the first answer every error is raised: ApiError, HtmlPage, EmptyBody, NotAFeed, TooDeep,
    Undecodable. Another answer that cannot be read is left out (``window-missing``). Further
    warnings: those of ``open_answer``, ``withdrawn-entries``, ``no-entries``, ``empty-entries``,
    ``text-cut``, ``parts-cut``.
    """
    first = open_answer(answers[0].body, charset=answers[0].charset, encoding=encoding)
    warnings = [*first.warnings]
    rows = [*first.rows]
    for answer in answers[1:]:
        try:
            further = open_answer(answer.body, charset=answer.charset, encoding=encoding)
        except ReadError:
            warnings.append(WINDOW_MISSING)
            continue
        rows += further.rows
        warnings += further.warnings
    standing = [row for row in _each_once(rows) if part(row, "contentsstatus").upper() != _DELETED]
    if len(standing) < len({*map(_identity, rows)}):
        warnings.append(WITHDRAWN)
    entries = tuple(entry_of(row, issuer, warnings) for row in standing)
    warn_of_empty(entries, warnings)
    return ParsedFeed(
        version="press_api",
        title="",
        link="",
        language="ko",
        encoding=first.encoding,
        claimed=first.claimed,
        entries=entries,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _each_once(rows: Iterable[Row]) -> list[Row]:
    chosen: dict[object, Row] = {}
    for row in rows:
        key = _identity(row)
        known = chosen.get(key)
        if known is None or _state(row) > _state(known):
            chosen[key] = row
    return list(chosen.values())


def _identity(row: Row) -> object:
    """What a release is known by; one without a number is only equal to itself."""
    return part(row, "newsitemid") or id(row)


def _state(row: Row) -> tuple[datetime, int]:
    """Orders the states of one release."""
    changed = datetime.min  # noqa: DTZ901 - only compared with others of the same zone
    with suppress(ValueError):
        changed = datetime.strptime(part(row, "modifydate"), _DATES)  # noqa: DTZ007 - as above
    return changed, number_of(part(row, "modifyid"))
