"""What a request asks of the copy it may get: preconditions and codings, decided without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum

_TAG = re.compile(r'[ \t]*(?:(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)")?[ \t]*(?:,|\Z)')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"
_TIME = r"(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})"
_SHORT = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_LONG = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DATES = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"{_SHORT}, (?P<day>\d{{2}}) {_MONTH} (?P<year>\d{{4}}) {_TIME} GMT",
        rf"{_LONG}, (?P<day>\d{{2}})-{_MONTH}-(?P<year>\d{{2}}) {_TIME} GMT",
        rf"{_SHORT} {_MONTH} (?P<day>[ \d]\d) {_TIME} (?P<year>\d{{4}})",
    )
)
"""The three forms of RFC 9110 section 5.6.7: the one in use, RFC 850's and that of asctime."""

_PIVOT = 70
"""Two digits from here on are a year of the last century: HTTP is younger."""

_QUALITY = re.compile(r"[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


class Coding(StrEnum):
    """How a body is coded on its way."""

    IDENTITY = "identity"
    GZIP = "gzip"


def has_copy(if_none_match: str | None, if_modified_since: str | None, etag: str, at: int) -> bool:
    """Whether the asker has the copy with the tag ``etag`` (strong, in quotes), last modified ``at``
    (seconds of the epoch), so that 304 answers it.

    RFC 9110 section 13.2.2: where there is an If-None-Match, also a malformed one, the date is not
    looked at. Tags are compared weakly (section 13.1.2); a date that is none counts as not given.
    """
    if if_none_match is not None:
        if if_none_match.strip(" \t") == "*":
            return True
        return etag.strip('"') in _tags(if_none_match)
    since = parse_http_date(if_modified_since or "")
    return since is not None and at <= since


def _tags(header: str) -> Iterator[str]:
    """The opaque tags of a list, up to the first thing that is none."""
    position = 0
    while position < len(header):
        found = _TAG.match(header, position)
        if found is None:
            return
        if found[1] is not None:
            yield found[1]
        position = found.end()


def parse_http_date(text: str) -> int | None:
    """Seconds of the epoch of an HTTP date in any of its three forms; None for anything else."""
    found = next((match for form in _DATES if (match := form.fullmatch(text.strip(" \t")))), None)
    if found is None:
        return None
    year = int(found["year"])
    if len(found["year"]) == 2:  # noqa: PLR2004 - the form with two digits
        year += 1900 if year >= _PIVOT else 2000
    try:
        instant = datetime(
            year,
            _MONTHS.index(found["month"]) + 1,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            # A leap second is the one before it.
            min(int(found["second"]), 59),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    return int(instant.timestamp())


def choose_coding(accepted: str | None, *, compressed: bool) -> Coding | None:
    """The coding of the answer by Accept-Encoding (RFC 9110 section 12.5.3), None where no coding
    that there is would do.

    ``compressed``: whether gzip is of use; where it is not, it is chosen only for who refuses the
    plain bytes. Of equal wishes gzip wins.
    """
    wishes = _wishes(accepted or "")
    others = wishes.get("*")
    gzip = wishes.get("gzip", wishes.get("x-gzip", others or 0.0))
    # Whatever is not refused may come plain; who names gzip and not this would rather have gzip.
    plain = wishes.get("identity", 0.0001 if others is None else others)
    if gzip > 0 and (gzip >= plain if compressed else plain == 0):
        return Coding.GZIP
    return Coding.IDENTITY if plain > 0 else None


def wants_page(accepted: str | None, media_type: str) -> bool:
    """Whether Accept (RFC 9110 section 12.5.1) names text/html and likes it better than
    ``media_type``, as that of every browser does and that of no program that reads feeds."""
    wishes = _wishes(accepted or "")
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    best = next((wishes[name] for name in ranges if name in wishes), 0.0)
    return wishes.get("text/html", 0.0) > best


def _wishes(header: str) -> dict[str, float]:
    """The quality of each coding or type that is named, whatever else is said of it; a malformed
    quality leaves it out."""
    wishes: dict[str, float] = {}
    for element in header.split(","):
        name, *parameters = (part.strip(" \t") for part in element.split(";"))
        said = [one for one in parameters if one[:2] in {"q=", "Q="}]
        quality = _QUALITY.fullmatch(said[0]) if len(said) == 1 else None
        if parameters != said and "/" not in name:
            continue  # codings have no other parameters
        if quality or not said:
            wishes[name.lower()] = float(quality[1]) if quality else 1.0
    wishes.pop("", None)
    return wishes
