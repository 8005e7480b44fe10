"""What the pages that look things up show of stories: pure, without markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from urllib.parse import quote

from aggregator.catalogue import Catalogue, print_minute
from aggregator.curate.matching.hit_marks import Piece, excerpts
from aggregator.domain.bodies import FIRST_LEVEL, Body, Level
from aggregator.domain.issues import Series
from aggregator.services.answers.standing import Place, Stand
from aggregator.web.desk.views import section_title

NATIONAL = "national"
"""The region of offices of the whole country, as a filter names it."""

TONES = {
    Place.DRAFT: "well",
    Place.PROPOSED: "accent",
    Place.PRINTED: "well",
    Place.REJECTED: "ill",
    Place.LEFT_OUT: "warn",
}
"""The colour of a badge that says where a story is; plain for the others."""

_LONG_TITLE = 300
_MARKS = 3
_PLACE = re.compile(r"\{\w+(?::\w+)?\}")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def item_address(path: str, public_id: str) -> str:
    """The page of an item, by the path of its route; "" where there is no such page yet."""
    return _PLACE.sub(lambda _: quote(public_id, safe=""), path, count=1)


def marked(pieces: Iterable[Piece]) -> list[tuple[str, bool]]:
    """Pieces as the macro ``marked`` takes them."""
    return [(piece.text, bool(piece.hits)) for piece in pieces]


def marked_title(pieces: Sequence[Piece]) -> list[tuple[str, bool]]:
    """A title's pieces; of one that nobody would read to its end only what surrounds its hits."""
    if sum(len(piece.text) for piece in pieces) > _LONG_TITLE:
        pieces, _ = excerpts(pieces, most=_MARKS)
    return [(text[:_LONG_TITLE], hit) for text, hit in marked(pieces)]


def tongue(language: str, page: str) -> str:
    """What ``lang`` says of a text: "" where it is the page's language, or none that is known."""
    return language if _TAG.fullmatch(language) and language != page else ""


def parse_day(text: str) -> date | None:
    """A day as a form sends it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def stand_words(stand: Stand, series: Series, catalogue: Catalogue, language: str) -> str:
    """Where a story is, in a few words: "in the draft of No. 48, Trend"."""
    section = section_title(series, stand.section, language) if stand.section else ""
    by = {"by": stand.by, "at": _minute(stand.at)}
    key = f"desk.stand.{stand.place}"
    if stand.place is Place.REJECTED and not stand.by:
        key = "desk.stand.rejected_once"
    values: Mapping[str, object] = {"number": stand.number or "–", "section": section, **by}
    return catalogue.text(key, language, **values)


def _minute(at: datetime | None) -> str:
    return print_minute(at) if at else ""


# --- choices of a filter --------------------------------------------------------------------------


def bodies_by_level(
    bodies: Mapping[str, Body], language: str
) -> list[tuple[Level, list[tuple[str, str]]]]:
    """Ids and names of all bodies under their levels, both in the printed order."""
    ranked = sorted(bodies.values(), key=lambda one: (one.order, one.id))
    return [
        (level, mine)
        for level in Level
        if (mine := [(one.id, one.print_name(language)) for one in ranked if one.level is level])
    ]


def regions(bodies: Mapping[str, Body], language: str) -> list[tuple[str, str]]:
    """Ids and names of the first-level governments, in the printed order."""
    ranked = sorted(bodies.values(), key=lambda one: (one.order, one.id))
    return [(one.id, one.print_name(language)) for one in ranked if one.level in FIRST_LEVEL]


def bodies_of(bodies: Mapping[str, Body], *, body: str, region: str) -> tuple[str, ...] | None:
    """The bodies that a filter means; None for all of them."""
    if body:
        return (body,) if not region or body in _of_region(bodies, region) else ()
    return _of_region(bodies, region) if region else None


def _of_region(bodies: Mapping[str, Body], region: str) -> tuple[str, ...]:
    wanted = "" if region == NATIONAL else region
    return tuple(one.id for one in bodies.values() if one.home_region == wanted)
