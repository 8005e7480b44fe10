"""Undo and redo: of everything that was done to the issue, in any number of steps."""

from __future__ import annotations

from typing import Any

from starlette.responses import JSONResponse, Response

from aggregator.domain.edit_errors import Obstacle, UndoRefused
from aggregator.domain.errors import NotFound
from aggregator.domain.issues import Issue
from aggregator.services.editing.editor import Done as Edited
from aggregator.services.editing.undo import next_redo, next_undo, obstacle, redo, undo
from aggregator.services.reports.today import working_issue
from aggregator.web.desk.actions import Done, Unfit, handled, wants_json
from aggregator.web.desk.did import did, story_in
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.hands import editor_of
from aggregator.web.desk.log_views import value_in_words
from aggregator.web.doors.asked import HOME, Asked
from aggregator.web.doors.guard import DeskRoute


class UndoPage:
    """Takes back and does again; the way back is the page that it was asked on."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The two routes."""
        undoing = {"POST": handled(self.undo)}
        redoing = {"POST": handled(self.redo)}
        return [
            DeskRoute(name="undo", path=f"{HOME}/undo", handlers=undoing),
            DeskRoute(name="redo", path=f"{HOME}/redo", handlers=redoing),
        ]

    def undo(self, asked: Asked) -> Done | Response:
        """Take back the action that is named, else this person's last one. ``over`` is a later
        action that stands in the way and is to be taken back first."""
        editor = editor_of(asked)
        action, over = _number(asked, "action"), _number(asked, "over")
        issue_id = _issue_id(asked, action)
        _check_over(asked, action)
        try:
            if over:
                undo(editor, issue_id, action=over)
            done = undo(editor, issue_id, action=action)
        except UndoRefused as refused:
            return self._refused(asked, refused, action)
        return self._done(asked, "desk.undo.undone", done)

    def redo(self, asked: Asked) -> Done | Response:
        """Do again what was undone last."""
        editor = editor_of(asked)
        try:
            done = redo(editor, _issue_id(asked, None))
        except UndoRefused as refused:
            return self._refused(asked, refused, None)
        return self._done(asked, "desk.undo.redone", done)

    def _done(self, asked: Asked, key: str, done: Edited) -> Done:
        action = asked.app.desk.store.action(done.action)
        undone = asked.app.desk.store.action(action.undoes) if action is not None else None
        said = did(asked, undone) if undone is not None else ""
        story = story_in(done.target)
        text = asked.text(key, what=said)
        return Done(
            text=f"{text} {asked.text('desk.fields.reopened')}" if done.reopened else text,
            version=done.version,
            undo=str(done.action) if key == "desk.undo.undone" else "",
            focus=f"item-{story}" if story else "",
            more={"then": story},
        )

    def _refused(self, asked: Asked, refused: UndoRefused, action: int | None) -> Response:
        """Both sides, and the choice."""
        clash = refused.clash
        if wants_json(asked):
            told = {"code": refused.code, "mine": clash.mine, "theirs": clash.theirs}
            said = {"ok": False, "flash": because(asked, refused.reason), "kind": "problem"}
            return JSONResponse({**said, **told, "by": clash.by, "page": True}, status_code=409)
        given = action
        if given is None:
            last = next_undo(editor_of(asked), _issue_id(asked, None))
            given = last.id if last is not None else 0
        return self._frame.page(
            asked,
            "undo_refused.html",
            status=409,
            place="draft",
            here=asked.form.get("next") or HOME,
            clash=clash,
            mine=self._value(asked, clash.field, clash.mine),
            theirs=self._value(asked, clash.field, clash.theirs),
            action=given if self._may_both(asked, clash.action) else 0,
            reason=because(asked, refused.reason),
        )

    def _may_both(self, asked: Asked, later: int) -> bool:
        """Whether what stands in the way can be taken back itself."""
        desk = asked.app.desk
        action = desk.store.action(later) if later else None
        return action is not None and obstacle(desk, action) is None

    def _value(self, asked: Asked, field: str, value: str) -> str:
        desk = asked.app.desk
        return value_in_words(field, value, desk.series, desk.catalogue, asked.language)


def undo_view(asked: Asked, issue: Issue) -> dict[str, Any]:
    """What the buttons of undo and redo would take back, in words; "" for nothing, and for what cannot be:
    then ``undo_not`` says why."""
    editor, desk = editor_of(asked), asked.app.desk
    back = next_undo(editor, issue.id) if issue.id else None
    again = next_redo(editor, issue.id) if issue.id else None
    known = obstacle(desk, back) if back is not None else None
    if again is not None and obstacle(desk, again) is not None:
        again = None
    undone = desk.store.action(again.undoes) if again is not None else None
    what = did(asked, back) if back is not None else ""
    why = because(asked, known) if known is not None else ""
    return {
        "undo_what": "" if why else what,
        "undo_not": asked.text("desk.undo.not_now", what=what, why=why) if why else "",
        "redo_what": did(asked, undone) if undone is not None else "",
    }


def because(asked: Asked, known: Obstacle) -> str:
    """What stands in the way of an undo, in the page's language."""
    return asked.text(f"desk.undo.because.{known.replace('-', '_')}")


def _check_over(asked: Asked, action: int | None) -> None:
    """Raise Unfit for what is never taken back: there is nothing to choose."""
    found = asked.app.desk.store.action(action) if action is not None else None
    known = obstacle(asked.app.desk, found) if found is not None else None
    if known is not None and known not in {Obstacle.MOVED_ON, Obstacle.EDITED}:
        raise Unfit(f"desk.undo.because.{known.replace('-', '_')}")


def _issue_id(asked: Asked, action: int | None) -> int:
    """The issue that the action belongs to, else the one in hand. Raises NotFound."""
    if action is not None:
        found = asked.app.desk.store.action(action)
        if found is None or found.issue_id is None:
            raise NotFound(f"there is no action {action}")
        return found.issue_id
    return working_issue(asked.app.desk).issue.id


def _number(asked: Asked, name: str) -> int | None:
    given = asked.form.get(name, "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 16):  # noqa: PLR2004 - an id
        raise Unfit("desk.error.usage")
    return int(given)
