"""What editors put right in an issue after it was published: in the open, each once and for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import datetime
from enum import StrEnum


class CorrectedField(StrEnum):
    """What of a printed item a correction is about. The last three change no text: a note that says
    something of it, an item that is withdrawn, and one that is no longer."""

    HEADLINE = "headline"
    BLURB = "blurb"
    AUTHORS = "authors"
    BODY = "body"
    DAY = "day"
    LINK = "link"
    EVENT_NAME = "event_name"
    EVENT_WHEN_WHERE = "event_when_where"
    EVENT_SUBJECT = "event_subject"
    NOTE = "note"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"

    @property
    def has_text(self) -> bool:
        """Whether a text takes another's place."""
        return self not in {
            CorrectedField.NOTE,
            CorrectedField.WITHDRAWN,
            CorrectedField.RESTORED,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedText:
    """What an edition printed and what it says now; ``language`` is that of the new text, and
    ``region`` where another body lies, with its name and order, as in ``PrintedItem``."""

    old: str
    new: str
    language: str
    region: str = ""
    region_name: str = ""
    region_order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One correction of one item of a published issue, made at ``at`` (UTC) by ``by``.

    ``public_id`` is minted once and stays; ``story`` names the item as printed, ``title`` is its
    headline after the correction. ``texts`` holds by edition what was changed there, ``notes`` what
    readers are told, by language. ``mailed`` are the editions whose mail went out without it.
    """

    public_id: str
    issue_id: int
    at: datetime
    by: str
    story: str
    title: str
    field: CorrectedField
    texts: Mapping[str, CorrectedText] = made(default_factory=dict)
    notes: Mapping[str, str] = made(default_factory=dict)
    mailed: tuple[str, ...] = ()

    def concerns(self, language: str) -> bool:
        """Whether the edition in a language shows it: its text was changed, or there is a note in
        its language. What changes no text concerns all."""
        return not self.texts or language in self.texts or language in self.notes

    def note_in(self, language: str) -> tuple[str, str]:
        """The note in a language, or the first there is, with its language; "" twice for none."""
        if language in self.notes:
            return self.notes[language], language
        other = next(iter(self.notes), "")
        return self.notes.get(other, ""), other
