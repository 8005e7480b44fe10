"""The demo's releases on a page that lists them, as an office without a feed has it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

PINNED = 3
"""The release, counted from the newest, that stands on top a second time as a notice."""


def board_page(
    rows: Sequence[tuple[str, str, str, str]], *, title: str, encoding: str, base: str
) -> str:
    """The whole page. Each row is a relative link, a headline, the text of the list and a day, the
    newest first; links are resolved against ``base``."""
    pinned = [_row(*row, mark="공지") for row in rows[PINNED - 1 : PINNED]]
    listed = [
        _row(*row, mark="" if number else '<span class="new2">NEW</span>')
        for number, row in enumerate(rows)
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="ko"><head><meta charset="{encoding}">\n'
        f'<base href="{escape(base)}"><title>{escape(title)}</title></head>\n<body>\n'
        f'<h3>{escape(title)}</h3>\n<p class="total">전체 {len(rows)}건</p>\n'
        f'<div class="press_list">\n{"".join(pinned)}{"".join(listed)}</div>\n</body></html>\n'
    )


def _row(link: str, headline: str, text: str, day: str, *, mark: str) -> str:
    shown = f" {mark}" if mark.startswith("<") else ""
    label = "" if shown or not mark else f'<em class="notice">{mark}</em>\n'
    return (
        f'<div class="item">\n{label}<h4><a href="{escape(link)}">{escape(headline)}{shown}</a></h4>\n'
        f'<p class="text">{escape(text)}</p>\n'
        f'<p class="info"><span class="blind">담당</span> <span class="date">작성일 {day}</span></p>\n'
        "</div>\n"
    )
