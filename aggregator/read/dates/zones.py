"""Zones as dates name them: offsets, abbreviations, names in brackets."""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo

from aggregator.read.dates.names import is_weekday

_NAMES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "etc/utc": 0, "etc/gmt": 0,
    "coordinated universal time": 0, "greenwich mean time": 0, "협정 세계시": 0,
    "kst": 540, "asia/seoul": 540, "korea standard time": 540, "korean standard time": 540,
    "한국시간": 540, "한국시각": 540, "한국 시간": 540, "한국 시각": 540, "한국 표준시": 540,
    "대한민국 표준시": 540, "서울": 540, "서울시간": 540,
    "jst": 540, "asia/tokyo": 540, "japan standard time": 540, "日本標準時": 540,
    "hkt": 480, "sgt": 480, "pht": 480, "ict": 420, "wib": 420, "npt": 345,
    "awst": 480, "acst": 570, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "bst": 60, "west": 60, "cet": 60, "met": 60, "mez": 60, "cest": 120, "mest": 120, "mesz": 120,
    "eet": 120, "sast": 120, "idt": 180, "eest": 180, "msk": 180, "msd": 240,
    "nst": -210, "ndt": -150, "brt": -180, "ast": -240, "adt": -180,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
}  # fmt: skip
"""Minutes east of UTC. Where one name means several zones (CST, AST, BST) that of RFC 822 section
5.1 or of Europe is meant; IST means three with equal right and is not here."""

_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)
_LAST_MINUTE = 59

_ZONE = re.compile(
    r"""
    (?:
      (?:gmt|utc?)?\s?(?P<sign>[+-])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?
      (?:\s(?P<also>[a-z]{1,5}))?
    | (?P<name>[a-z]{1,5})\.?
    | (?P<place>[a-z]{3,10}/[a-z_]{2,20}|(?:한국|서울)\s?(?:표준)?\s?시[간각]?)
    )?
    (?:\s?[(\[]\s?(?P<comment>[^()\[\]]{1,40}?)\s?[)\]])?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MILITARY = re.compile(r"[a-ik-y]", re.IGNORECASE)


class UnknownZone(ValueError):
    """A zone is named, and it is not known which."""


def read_zone(text: str) -> tzinfo | None:
    """What stands behind a time of day: an offset (``+0900``, ``GMT+9``), a name (``KST``), either
    with a name in brackets, such a name alone, or nothing (None).

    An offset goes before the names beside it. The single letters of RFC 822 are taken for nothing,
    as RFC 2822 section 4.3 says, for half of their users had the sign wrong. Raises UnknownZone for
    any other word: a time in a zone that is not known is not known.
    """
    match = _ZONE.fullmatch(text.strip())
    if match is None:
        raise UnknownZone(text)
    if match["sign"]:
        return _fixed(match)
    comment = (match["comment"] or "").strip()
    name = match["name"] or match["place"] or ""
    if not name or _MILITARY.fullmatch(name):
        return None if not comment or is_weekday(comment) else _named(comment)
    return _named(name)


def _named(name: str) -> tzinfo | None:
    minutes = _NAMES.get(" ".join(name.casefold().split()))
    if minutes is None:
        raise UnknownZone(name)
    return UTC if minutes == 0 else timezone(timedelta(minutes=minutes))


def _fixed(match: re.Match[str]) -> tzinfo:
    minutes = int(match["minutes"] or 0)
    offset = timedelta(hours=int(match["hours"]), minutes=minutes)
    if match["sign"] == "-":
        offset = -offset
    if minutes > _LAST_MINUTE or not _WEST <= offset <= _EAST:
        raise UnknownZone(match[0])
    return timezone(offset) if offset else UTC
