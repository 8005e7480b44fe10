"""Who works at what: the editor of a request, and the issue in his hands."""

from __future__ import annotations

from aggregator.domain.issues import Issue
from aggregator.services.editing import issue_at_hand
from aggregator.services.editing.editor import Editor
from aggregator.services.reports import today
from aggregator.web.desk.actions import Unfit
from aggregator.web.doors.asked import Asked

_DIGITS = 18
"""Of a number that a database takes."""


def editor_of(asked: Asked) -> Editor:
    """Whoever sent the form."""
    return Editor.of(asked.app.desk, asked.app.curator, asked.who.account.name)


def issue_of(asked: Asked) -> Issue:
    """The issue that a form was made for, its field ``issue``; without one the working issue, which is
    opened where it is not yet. Raises NotFound, and Unfit for what is no number."""
    desk = asked.app.desk
    given = asked.form.get("issue", "")
    if given in {"", "0"}:
        return issue_at_hand.working_issue(desk)
    return issue_at_hand.issue_by_id(desk, number_of(given))


def shown_issue(asked: Asked) -> Issue:
    """The working issue for a page that only shows: its id is 0 where it was not opened yet."""
    return today.working_issue(asked.app.desk).issue


def number_of(text: str) -> int:
    """A number of a form. Raises Unfit for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise Unfit("desk.fields.no_number")
    return int(text)


def version_of(asked: Asked) -> int | None:
    """The version of the pick that the form was made of; None where it does not say."""
    given = asked.form.get("version", "")
    return number_of(given) if given else None
