"""A published issue as plain JSON, frozen with the issue and thawed for every later build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

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


def freeze(editions: Sequence[Edition]) -> dict[str, object]:
    """The editions as JSON values."""
    return {"version": VERSION, "editions": [_plain(edition) for edition in editions]}


def _plain(edition: Edition) -> dict[str, object]:
    plain = asdict(edition)
    plain["issue_on"] = edition.issue_on.isoformat()
    return plain


def thaw(issue: Issue) -> PrintedIssue | None:
    """The printed issue of a published row; None while it is not published."""
    if issue.number is None or issue.published_at is None or issue.snapshot is None:
        return None
    editions: Any = issue.snapshot["editions"]
    return PrintedIssue(
        number=issue.number,
        published_at=issue.published_at,
        editions=tuple(_edition(edition) for edition in editions),
    )


def _edition(plain: Mapping[str, Any]) -> Edition:
    return Edition(
        **{
            **plain,
            "issue_on": date.fromisoformat(plain["issue_on"]),
            "sections": tuple(_section(section) for section in plain["sections"]),
        }
    )


def _section(plain: Mapping[str, Any]) -> PrintedSection:
    return PrintedSection(
        id=plain["id"],
        label=plain["label"],
        items=tuple(_item(item) for item in plain["items"]),
    )


def _item(plain: Mapping[str, Any]) -> PrintedItem:
    return PrintedItem(
        **{
            **plain,
            "shape": Shape(plain["shape"]),
            "headline": Phrase(**plain["headline"]),
            "blurb": _phrase(plain["blurb"]),
            "authors": _phrase(plain["authors"]),
            "lines": tuple(tuple(Phrase(**p) for p in line) for line in plain["lines"]),
        }
    )


def _phrase(plain: Mapping[str, Any] | None) -> Phrase | None:
    return Phrase(**plain) if plain else None
