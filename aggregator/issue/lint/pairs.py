"""A translation and its source as a lint sees them, and what stands around both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from aggregator.domain.bodies import Body
from aggregator.domain.findings import Finding, Severity, Span
from aggregator.domain.glossary import Glossary
from aggregator.issue.lint.sentences import finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One text of an item in two languages.

    ``is_title``: a headline or a name, which has no full stop and may leave details to the text
    below it. ``printed_on`` is the day that the byline prints, ``body`` the id of the body in it;
    both need not be said again. ``other_sources`` and ``other_translations`` are the item's further
    texts: what a headline says a blurb may say instead, and the other way round. ``where`` names
    the pair in findings.
    """

    source: str
    translation: str
    source_language: str = "ko"
    language: str = "en"
    is_title: bool = False
    printed_on: date | None = None
    body: str = ""
    other_sources: tuple[str, ...] = ()
    other_translations: tuple[str, ...] = ()
    where: str = ""

    def finding(
        self,
        code: str,
        said: str,
        at: Span | None = None,
        severity: Severity = Severity.RED,
        *,
        of: Span | None = None,
        **values: object,
    ) -> Finding:
        """What is wrong in this translation, in the words of ``said``; ``at`` there, ``of`` in its
        source."""
        return finding(
            code,
            severity,
            said,
            values,
            where=self.where,
            language=self.language,
            at=at,
            of=of,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What is known of names and words: the glossary, the bodies, and how common a word of a
    language is (0 for a word that no dictionary has)."""

    glossary: Glossary = field(default_factory=Glossary)
    bodies: Mapping[str, Body] = field(default_factory=dict)
    commonness: Callable[[str], int] | None = None
    seen: Collection[str] = ()
