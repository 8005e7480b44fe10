"""Selectors guessed from a page: rows beside each other that have a link and a day each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from aggregator.domain.feeds import ListSelectors
from aggregator.read.boards.page import Element, HtmlPage, text_of

LEAST_ROWS = 3
"""Rows that make a list."""

_ROWS = ("tr", "li", "dl", "article", "div")
_LONGEST_ROW = 3000
_LEAST_HEADLINE = 4
_REACH = 6
_MOST_LINKS = 2000
_MOST_ELEMENTS = 100
"""Of a page, and of one row."""

_DAY = re.compile(
    r"(?<!\d)(?:20)?\d{2}\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}(?!\d)|(?:시간|분|일)\s?전|어제|(?<!\d)\d{1,2}:\d{2}(?!\d)"
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,60}", re.ASCII)
_OWN = re.compile(
    r"\d|(?:\A|[_-])(?:on|odd|even|first|last|active|current|new|notice)\Z", re.IGNORECASE
)
"""In a class that one row has and another has not."""

_HEADINGS = ("strong", "h3", "h4", "h5", "dt")


@dataclass(frozen=True, slots=True)
class _Row:
    """An element with the link and the day in it."""

    element: Element
    link: Element
    day: Element


def guess_selectors(page: HtmlPage) -> ListSelectors | None:
    """Selectors of the longest list of the page, None where it has none of LEAST_ROWS rows with a
    link and a day. They are a proposal: reading with them shows what they are worth."""
    groups: dict[Element, list[_Row]] = {}
    for link in islice(page.root.iter("a"), _MOST_LINKS):
        if len(text_of(link, most=200)) < _LEAST_HEADLINE:
            continue
        row = _row(link)
        if row is not None and (parent := row.element.getparent()) is not None:
            rows = groups.setdefault(parent, [])
            if not rows or rows[-1].element is not row.element:
                rows.append(row)
    best = max(groups.values(), key=len, default=[])
    return _selectors(best) if len(best) >= LEAST_ROWS else None


def _row(link: Element) -> _Row | None:
    """The innermost element around a link that holds a day as well and has others beside it."""
    one: Element | None = link
    for _ in range(_REACH):
        if one is None:
            return None
        parent = one.getparent()
        if one.tag in _ROWS and parent is not None:
            text = text_of(one, most=_LONGEST_ROW + 1)
            beside = sum(1 for _ in islice(parent.iterchildren(one.tag), LEAST_ROWS))
            if len(text) <= _LONGEST_ROW and beside >= LEAST_ROWS and _DAY.search(text):
                day = _day(one)
                return _Row(one, link, day if day is not None else one)
        one = parent
    return None


def _day(row: Element) -> Element | None:
    """The last and smallest element whose text is no more than a day and a few words."""
    found = None
    for each in islice(row.iter("*"), _MOST_ELEMENTS):
        if each is not row and each.tag != "a":
            text = text_of(each, most=41)
            if len(text) <= 40 and _DAY.search(text):  # noqa: PLR2004 - a label and a day
                found = each
    return found


def _selectors(rows: Sequence[_Row]) -> ListSelectors:
    first = rows[len(rows) // 2]
    link = _within(first.link, first.element, rows, "link")
    heading = next((h for h in _HEADINGS if first.link.find(f".//{h}") is not None), "")
    return ListSelectors(
        item=_item(first.element, rows),
        title=f"{link} {heading}" if heading else link,
        link=f"{link}@href",
        date=_within(first.day, first.element, rows, "day"),
    )


def _item(row: Element, rows: Sequence[_Row]) -> str:
    own = _class_of(row)
    is_shared = all(own[1:] in (each.element.get("class") or "").split() for each in rows)
    name = f"{row.tag}{own if is_shared else ''}"
    one = row.getparent()
    for _ in range(_REACH):
        if one is None or one.tag in {"body", "html"}:
            break
        label = one.get("id") or ""
        if _NAME.fullmatch(label) and not re.search(r"\d{2}", label):
            return f"{one.tag}#{label} {name}"
        if classes := _class_of(one):
            return f"{one.tag}{classes} {name}"
        one = one.getparent()
    return name if row.tag != "tr" else "table tr"


def _within(element: Element, row: Element, rows: Sequence[_Row], part: str) -> str:
    """A selector for an element of its row: by its own class, its cell's class or number."""
    if element is row:
        return str(row.tag)
    own = _class_of(element)
    if own and part == "day":
        return f"{element.tag}{own}"
    cell = element
    while (parent := cell.getparent()) is not None and parent is not row:
        cell = parent
    tail = "" if cell is element else f" {element.tag}"
    if classes := _class_of(cell):
        return f"{cell.tag}{classes}{tail}"
    if cell.tag in {"td", "th"} and len({len(each.element) for each in rows}) == 1:
        return f"{cell.tag}:nth-child({row.index(cell) + 1}){tail}"
    if part == "day":
        # The only day of the row will do.
        return str(row.tag)
    return f"{element.tag}{own}"


def _class_of(element: Element) -> str:
    """The first class that is no mark of a single row, as a selector; "" for none."""
    names = (element.get("class") or "").split()
    steady = [name for name in names if _NAME.fullmatch(name) and not _OWN.search(name)]
    common = Counter(steady)
    return f".{next(iter(common))}" if common else ""
