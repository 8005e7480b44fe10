"""A published issue as plain JSON, frozen with the issue and thawed for every later build.

Field by field: what a later version of the program adds or takes away does not matter, what it
means otherwise is another VERSION.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from aggregator.domain.errors import SchemaMismatch, StoreError
from aggregator.domain.issues import (
    Edition,
    Issue,
    Phrase,
    PrintedItem,
    PrintedSection,
    Shape,
)
from aggregator.domain.publishing import PrintedIssue

VERSION = 1
NEVER: Mapping[str, datetime] = MappingProxyType({})


def freeze(
    editions: Sequence[Edition], *, corrected: Mapping[str, datetime] = NEVER
) -> dict[str, object]:
    """The editions as JSON values; ``corrected`` holds, for a print that is frozen anew, when which
    language was (aware)."""
    return {
        "version": VERSION,
        "corrected": {language: at.isoformat() for language, at in corrected.items()},
        "editions": [_plain(edition) for edition in editions],
    }


def _plain(edition: Edition) -> dict[str, object]:
    plain = asdict(edition)
    plain["issue_on"] = edition.issue_on.isoformat()
    return plain


def thaw(issue: Issue) -> PrintedIssue | None:
    """The printed issue of a published row; None while it is not published.

    Fields that are not known are passed over, those that are not there stay empty. Raises
    SchemaMismatch for another version, and StoreError for what is no print at all.
    """
    if issue.number is None or issue.published_at is None or issue.snapshot is None:
        return None
    version = issue.snapshot.get("version")
    if version != VERSION:
        raise SchemaMismatch(
            f"the print of No. {issue.number} of {issue.series} has version {version}, this program"
            f" reads version {VERSION}: use the version of the program that wrote it, or a newer one"
        )
    editions: Any = issue.snapshot.get("editions")
    try:
        return PrintedIssue(
            number=issue.number,
            published_at=issue.published_at,
            corrected=_instants(issue.snapshot.get("corrected")),
            editions=tuple(_edition(edition) for edition in editions),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(
            f"the print of No. {issue.number} of {issue.series} cannot be read"
            f" ({type(error).__name__}: {error}): put a backup of the database in its place"
        ) from error


def _instants(plain: object) -> dict[str, datetime]:
    known = plain if isinstance(plain, dict) else {}
    return {language: datetime.fromisoformat(at) for language, at in known.items()}


def _edition(plain: Mapping[str, Any]) -> Edition:
    return Edition(
        series=plain["series"],
        language=plain["language"],
        number=plain["number"],
        issue_on=date.fromisoformat(plain["issue_on"]),
        title=plain["title"],
        tagline=plain.get("tagline", ""),
        heading=plain["heading"],
        sections=tuple(_section(section) for section in plain.get("sections", ())),
    )


def _section(plain: Mapping[str, Any]) -> PrintedSection:
    return PrintedSection(
        id=plain["id"],
        label=plain["label"],
        items=tuple(_item(item) for item in plain.get("items", ())),
    )


def _item(plain: Mapping[str, Any]) -> PrintedItem:
    return PrintedItem(
        story=plain["story"],
        shape=Shape(plain["shape"]),
        headline=_phrase(plain["headline"]),
        byline=plain.get("byline", ""),
        blurb=_phrase_or_none(plain.get("blurb")),
        note=plain.get("note", ""),
        licence=plain.get("licence", ""),
        url=plain.get("url", ""),
        thumbnail=plain.get("thumbnail", ""),
        alt=_phrase_or_none(plain.get("alt")),
        authors=_phrase_or_none(plain.get("authors")),
        lines=tuple(tuple(_phrase(part) for part in line) for line in plain.get("lines", ())),
        region=plain.get("region", ""),
        region_name=plain.get("region_name", ""),
        region_order=int(plain.get("region_order", 0)),
    )


def _phrase(plain: Mapping[str, Any]) -> Phrase:
    return Phrase(text=plain["text"], language=plain["language"])


def _phrase_or_none(plain: Mapping[str, Any] | None) -> Phrase | None:
    return _phrase(plain) if plain else None
