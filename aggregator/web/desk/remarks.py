"""What the program says of an action, its remarks, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from aggregator.catalogue import print_day
from aggregator.domain.issues import PickState
from aggregator.publish.titles import short_title
from aggregator.services.editing.remarks import Remark
from aggregator.web.desk.views import section_title
from aggregator.web.doors.asked import Asked

_LONGEST = 60
"""Characters of a headline in a note."""


def with_notes(asked: Asked, text: str, notes: Iterable[Remark]) -> str:
    """What was done, and behind it what may be an oversight."""
    return " ".join([text, *(in_words(asked, one) for one in notes)])


def in_words(asked: Asked, note: Remark) -> str:
    """A note in the page's language."""
    values = {name: _word(asked, name, value) for name, value in note.values.items()}
    return asked.text(f"desk.note.{note.code}", **values)


def _word(asked: Asked, name: str, value: object) -> object:
    if isinstance(value, date):
        return print_day(value)
    if isinstance(value, PickState):
        return asked.text(f"desk.inbox.state.{value.value.replace('-', '_')}")
    if name in {"section", "was"}:
        known = section_title(asked.app.desk.series, str(value), asked.language)
        return known or asked.text("desk.inbox.no_place")
    if name == "issue":
        key = "desk.frame.issue" if value else "desk.note.draft"
        return asked.text(key, number=value)
    return short_title(value)[:_LONGEST] if isinstance(value, str) else value
