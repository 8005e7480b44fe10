"""What several pages show of the same things: pure, without markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Generic, TypeVar
from urllib.parse import urlencode

from aggregator.domain.bodies import Body
from aggregator.domain.issues import Series

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyName:
    """A body as it is printed, and the catalogue's name of its level, "" for one that is not
    configured."""

    name: str
    level: str


def body_name(body_id: str, bodies: Mapping[str, Body], language: str) -> BodyName:
    """How a body is shown; an unknown one by its id."""
    body = bodies.get(body_id)
    if body is None:
        return BodyName(name=body_id, level="")
    return BodyName(name=body.print_name(language), level=f"level.{body.level}")


def section_title(series: Series, section_id: str, language: str) -> str:
    """A section's title; one that is not configured any more by its id, none as ""."""
    section = series.section(section_id)
    if section is None:
        return section_id
    return section.titles.get(language) or section.titles["ko"]


def common_words(titles: Iterable[str]) -> str:
    """The words that all of several titles begin with, "" for one alone; each has one more at least."""
    split = [title.split()[:-1] for title in titles]
    shared = takewhile(lambda words: len({*words}) == 1, zip(*split, strict=False))
    return " ".join(words[0] for words in shared) if len(split) > 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[Row]):
    """A part of a long list. ``after`` is the cursor of the next part, "" at the end; ``first`` whether
    this is the first one."""

    rows: tuple[Row, ...]
    after: str
    first: bool


def sheet_of(
    rows: Sequence[Row], size: int, cursor: Callable[[Row], str], *, first: bool
) -> Sheet[Row]:
    """Of rows asked for with one more than ``size``, those that are shown, and where it goes on."""
    shown = tuple(rows[:size])
    after = cursor(shown[-1]) if len(rows) > size and shown else ""
    return Sheet(rows=shown, after=after, first=first)


def query_of(base: Mapping[str, str], **changes: str) -> str:
    """A query with changes, empty values left out: ``?section=trend&after=17``; "?" where nothing is
    left, which is the page without one."""
    values = {name: value for name, value in {**base, **changes}.items() if value}
    return f"?{urlencode(values)}"


def iso(day: date) -> str:
    """A day as machines read it."""
    return day.isoformat()
