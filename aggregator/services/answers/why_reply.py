"""What may be answered to "why is it missing?"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Answer(StrEnum):
    """Where something is, or what keeps it out; docs/json.md has the same list."""

    NEVER_SEEN = "never_seen"
    """No stored item answers."""
    NOT_CURATED = "not_curated"
    """Seen, but not folded or not placed yet."""
    FOLDED = "folded"
    """A member of a story that another item represents."""
    PRINTED = "printed"
    """A published issue prints it."""
    IN_DRAFT = "in_draft"
    """It is in the issue in the making."""
    DROPPED = "dropped"
    """An editor rejected it."""
    LEFT_OUT = "left_out"
    """An editor left it out for want of room."""
    BELOW_THRESHOLD = "below_threshold"
    """It lacks points for the section that came nearest."""
    OFF_TOPIC = "off_topic"
    """No condition of the topic gate holds."""
    REFUSED = "refused"
    """The section that came nearest refuses a word of it."""
    LACKS_WORDS = "lacks_words"
    """The section that came nearest asks for words that it has not."""
    OUT_OF_SCOPE = "out_of_scope"
    """No section is for its office or its feed."""
    HELD_BACK = "held_back"
    """Its source does not want it read yet."""
    LATE = "late"
    """It came after the places were filled."""
    WAITING = "waiting"
    """It found no place: the section is full, its body has one, …"""
    CARRIED_OVER = "carried_over"
    """It found no place in the issue before, and is in the tray of this one."""
    BEFORE_DRAFT = "before_draft"
    """The places are not filled yet."""
    OUTSIDE_WINDOW = "outside_window"
    """Its day is one of another issue."""
    GIVEN_UP = "given_up"
    """Its day is one of an issue that was given up."""
    UNDATED = "undated"
    """It has no date, and was seen before the last issue's places were filled."""
    UNEXPLAINED = "unexplained"
    """Nothing of all that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer with its sentence, what to do about it ("" for nothing) and its figures. ``then``
    is what else holds of the story, where this is not the end of it."""

    answer: Answer
    says: str
    do: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    then: Reply | None = None
