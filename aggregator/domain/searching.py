"""What is searched of a story, and how deep a text lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Found(StrEnum):
    """Which text of a story it is: a source's title, an editor's headline, a lead, an editor's blurb,
    people and facts of an event, a body."""

    TITLE = "title"
    HEADLINE = "headline"
    LEAD = "lead"
    BLURB = "blurb"
    FACTS = "facts"
    BODY = "body"

    @property
    def depth(self) -> int:
        """0 for what stands above a story, 1 for what says it in short, 2 for bodies."""
        return _DEPTHS[self]


_DEPTHS = {
    Found.TITLE: 0,
    Found.HEADLINE: 0,
    Found.LEAD: 1,
    Found.BLURB: 1,
    Found.FACTS: 1,
    Found.BODY: 2,
}

DEEPEST = max(_DEPTHS.values())
"""The depth of bodies."""

SearchTexts = tuple[tuple[Found, str], ...]
"""The texts of a story, each once, by depth; the title of its primary item comes first."""


class Candidate(NamedTuple):
    """A story that may have what is looked for. ``place`` is its place among all stories: the newest
    day has the highest ones."""

    place: int
    story_id: int
    texts: SearchTexts


class Waiting(NamedTuple):
    """What a search does not see yet, or sees as it was: ``stories`` that changed since they were
    indexed, ``items`` that are in no story yet or changed since they were folded."""

    stories: int
    items: int


Need = Sequence[tuple[str, ...]]
"""Alternatives, one of which a text must have: pieces of two characters, all of them; a piece of one
character is the beginning of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What stories are asked of the index: all the ``needs`` met, at the ``depth`` or above; of the days
    ``since`` to ``until``, both included; in this ``section`` by the rules or in an issue ("" for any);
    printed in a published issue; of one of these offices (``issued_by``, None for any); in this issue
    (``issue_id``, None for any). ``bodies`` says whether bodies are to come along."""

    needs: Sequence[Need]
    depth: int
    since: date | None = None
    until: date | None = None
    section: str = ""
    published: bool = False
    bodies: bool = False
    issued_by: tuple[str, ...] | None = None
    issue_id: int | None = None
