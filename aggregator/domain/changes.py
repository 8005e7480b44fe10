"""What a source changed in a release that readers or editors have: word by word, once and for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ChangedField(StrEnum):
    """Where in a release something changed."""

    TITLE = "title"
    SUMMARY = "summary"
    TEXT = "text"
    DAY = "day"
    FILES = "files"
    EVENT = "event"
    AUTHORS = "authors"


class PieceKind(StrEnum):
    """What became of some words. ``left-out`` stands for words that are not shown."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words in a row that share one fate, as plain text on one line; "" for what is left out."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field's difference: what changed in the order of the text, with some words around it."""

    field: ChangedField
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChange:
    """A change of an item between two of its revisions, the second seen at ``at`` (UTC).

    ``public_id`` is minted once and stays; ``story`` is the public id of the story that the item
    was in by then; ``title`` and ``link`` are those of the later revision.
    """

    public_id: str
    item_id: int
    from_rev: int
    rev: int
    at: datetime
    story: str
    title: str
    link: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnoticed:
    """A watched item that has gone on since it was last looked at: the revisions after ``looked``
    are still to be compared. ``story`` is the public id of its story."""

    item_id: int
    feed_id: str
    key: str
    looked: int
    story: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionFacts:
    """What a revision says beside its texts; "" and empty where it says nothing. ``day`` is the
    printed day, ``files`` are names of attached files."""

    day: str = ""
    files: tuple[str, ...] = ()
    event: str = ""
    authors: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, object] | None) -> RevisionFacts:
        """The facts as a store keeps them; none where it kept none."""
        told = kept or {}
        files = told.get("files")
        return cls(
            day=str(told.get("day", "")),
            files=tuple(str(one) for one in files) if isinstance(files, list) else (),
            event=str(told.get("event", "")),
            authors=str(told.get("authors", "")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticedItem:
    """An item whose revisions up to ``looked`` have been compared now, those after ``before``."""

    item_id: int
    before: int
    looked: int
    changes: tuple[SourceChange, ...] = field(default_factory=tuple)
