"""How names and terms are rendered in the languages of a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One name. ``forms`` are its spellings by language, the preferred one first; ``avoid`` what no
    translation may call it, by language."""

    forms: Mapping[str, tuple[str, ...]]
    avoid: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def forms_in(self, language: str) -> tuple[str, ...]:
        """Its spellings in a language, the preferred one first."""
        return self.forms.get(language, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """The names that a series renders in one way. ``keep`` are words of another script that a
    translation may hold, ``words`` are words that are spelled right though no dictionary has
    them."""

    terms: tuple[Term, ...] = ()
    keep: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
