"""What a lint found: in a translation, or in an issue that is about to be published."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Red is wrong beyond doubt and blocks publishing; amber may be meant, and somebody must say
    so by name."""

    RED = "red"
    AMBER = "amber"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A place in a text: characters from ``start`` up to, without, ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Named:
    """A value of a sentence that each language has a name for: as English lines print it, and the text
    of the catalogue that has the names."""

    word: str
    text: str

    def __str__(self) -> str:
        """The word."""
        return self.word


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found. ``code`` is a slug of docs/lint.md, ``message`` one clear sentence in English and
    ``remedy`` what would be right, "" where nobody can know; ``said`` is the text of the catalogue that
    says both in each language, and ``values`` what it is filled with.

    ``where`` names what it is about: ``<public story id>/<field>`` for a text, a story id, a
    section, or "" for the issue as a whole; ``stories`` are the public ids of those that a finding of
    the whole is about, in printed order. ``language`` is that of the text. ``at`` is the place in the
    translation, ``of`` the place in its source, None where there is none.
    """

    code: str
    severity: Severity
    message: str
    remedy: str = ""
    where: str = ""
    stories: tuple[str, ...] = ()
    language: str = ""
    at: Span | None = None
    of: Span | None = None
    said: str = ""
    values: tuple[tuple[str, object], ...] = ()
