"""Findings with their sentences, which stand in the catalogue below ``lint``: Korean and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from aggregator.catalogue import Catalogue
from aggregator.domain.findings import Finding, Severity, Span


def finding(
    code: str,
    severity: Severity,
    said: str,
    values: Mapping[str, object],
    *,
    where: str = "",
    stories: tuple[str, ...] = (),
    language: str = "",
    at: Span | None = None,
    of: Span | None = None,
) -> Finding:
    """A finding that the text ``said`` tells, filled with ``values``; what would be right is the text
    ``do`` below it, where there is one. Its own sentences are the English ones."""
    bare = Finding(
        code=code,
        severity=severity,
        message="",
        where=where,
        stories=stories,
        language=language,
        at=at,
        of=of,
        said=said,
        values=tuple(values.items()),
    )
    message, remedy = sentences_of(bare, Catalogue.load(), "en")
    return replace(bare, message=message, remedy=remedy)


def sentences_of(
    finding: Finding,
    catalogue: Catalogue,
    language: str,
    *,
    name: Callable[[str, object], object] = lambda _, value: value,
) -> tuple[str, str]:
    """What is wrong and what would be right, "" where nobody can know, in a language. ``name`` says how
    a value is called there, by its name and itself."""
    values = {key: name(key, value) for key, value in finding.values}
    remedy = f"{finding.said}.do"
    return (
        catalogue.text(finding.said, language, **values),
        catalogue.text(remedy, language, **values) if remedy in catalogue.texts else "",
    )
