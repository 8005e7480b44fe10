"""The page Draft: the issue as it stands, put in order, and taken from stage to stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.responses import Response

from aggregator.domain.editing import ActionKind, Stage, Standing
from aggregator.domain.errors import UsageError
from aggregator.domain.issues import Issue
from aggregator.domain.items import SEOUL
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept, leave, move, reject, reorder
from aggregator.services.editing.comments import (
    add_comment,
    comments_of,
    reopen_comment,
    resolve_comment,
)
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.editor import Done as Edited
from aggregator.services.editing.inbox import InboxFilter, InboxPage, inbox
from aggregator.services.editing.issue_at_hand import picked_of
from aggregator.services.editing.issue_at_hand import working_issue as opened_issue
from aggregator.services.editing.standings import standing_of
from aggregator.services.editing.undecided import accept_all, undecided_of
from aggregator.services.editing.workflow import (
    approve,
    ask_review,
    schedule,
    send_back,
    steps_from,
)
from aggregator.services.publishing.readiness import findings_of
from aggregator.services.reports.coverage import CoverageBook
from aggregator.services.reports.today import working_issue
from aggregator.web.desk.actions import Done, Unfit, handled, wants_json
from aggregator.web.desk.draft_view import Told, late_rows, outline
from aggregator.web.desk.findings import views_of
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.hands import editor_of
from aggregator.web.desk.remarks import with_notes
from aggregator.web.desk.standing import reopened_by, state_name
from aggregator.web.desk.undecided import open_items
from aggregator.web.desk.undo import undo_view
from aggregator.web.desk.views import section_title
from aggregator.web.doors.asked import HOME, Asked
from aggregator.web.doors.guard import DeskRoute

DRAFT = f"{HOME}/draft"
TRAY = 20
"""Late arrivals that the tray shows; the inbox has them all."""

_NOTHING = Edited(kind=ActionKind.ACCEPT, target="")


class DraftPage:
    """Answers for the draft."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._book = CoverageBook()

    def routes(self) -> list[DeskRoute]:
        """The routes of the page."""
        rows = {
            "accept": self.accept,
            "reject": self.reject,
            "leave": self.leave,
            "move": self.move,
            "place": self.place,
        }
        issue = {
            "propose": self.propose,
            "accept_all": self.accept_all,
            "review": self.step(ask_review),
            "approve": self.step(approve),
            "schedule": self.schedule,
            "back": self.send_back,
            "comment": self.comment,
        }
        return [
            DeskRoute(name="draft", path=DRAFT, handlers={"GET": self.show}),
            *(
                _form(f"draft_{name}", f"issue/{name.replace('_', '-')}", action)
                for name, action in issue.items()
            ),
            _form("draft_resolve", "comment/{comment:int}", self.resolve),
            *(_form(f"draft_{name}", f"{{story}}/{name}", action) for name, action in rows.items()),
        ]

    def show(self, asked: Asked) -> Response:
        """The issue as it stands."""
        opened = asked.request.query_params.get("more", "")
        return self._frame.page(asked, "draft.html", opened=opened, **self._view(asked))

    # --- items ------------------------------------------------------------------------------------

    def accept(self, asked: Asked) -> Done:
        """Take a story into the issue: one that was proposed, from the tray, or that was taken out."""
        editor, story = editor_of(asked), _story(asked)
        done = accept(editor, _issue_id(asked), story, version=_version(asked))
        return self._done(asked, "desk.draft.did.accept", done)

    def reject(self, asked: Asked) -> Done:
        """Drop a story for good."""
        why = asked.form.get("why", "")[:300]
        done = reject(
            editor_of(asked), _issue_id(asked), _story(asked), why=why, version=_version(asked)
        )
        return self._done(asked, "desk.draft.did.reject", done, gone=True)

    def leave(self, asked: Asked) -> Done:
        """Leave a story out of this issue."""
        done = leave(editor_of(asked), _issue_id(asked), _story(asked), version=_version(asked))
        return self._done(asked, "desk.draft.did.leave", done, gone=True)

    def move(self, asked: Asked) -> Done:
        """Put an item into another section."""
        section = asked.form.get("section", "")
        if asked.app.desk.series.section(section) is None:
            raise Unfit("desk.draft.no_section", focus=f"item-{_story(asked)}")
        done = move(
            editor_of(asked),
            _issue_id(asked),
            _story(asked),
            section,
            position=_number(asked, "position") if asked.form.get("position") else None,
            version=_version(asked),
        )
        title = section_title(asked.app.desk.series, section, asked.language)
        return self._done(asked, "desk.draft.did.move", done, section=title)

    def place(self, asked: Asked) -> Done:
        """Put an item at another place of its section."""
        place = _number(asked, "place")
        done = reorder(
            editor_of(asked), _issue_id(asked), _story(asked), place, version=_version(asked)
        )
        return self._done(asked, "desk.draft.did.place", done, place=place)

    # --- the issue --------------------------------------------------------------------------------

    def propose(self, asked: Asked) -> Done:
        """Fill the free places now."""
        open_draft(editor_of(asked).desk, propose=True)
        return self._done(asked, "desk.draft.did.propose", _NOTHING, focus="outline")

    def accept_all(self, asked: Asked) -> Done:
        """Confirm everything that the rules put in and nobody decided on."""
        done = accept_all(editor_of(asked), _issue_id(asked))
        count = len({one.edit.target for one in done.changes})
        key = "desk.undecided.accepted" if count else "desk.undecided.nothing"
        return self._done(asked, key, done, focus="stage", count=count)

    def step(self, take: Callable[..., Edited]) -> Callable[[Asked], Done]:
        """Take the issue to another stage, as it was seen, with a note."""

        def go(asked: Asked) -> Done:
            issue_id, version = _issue_id(asked), _number(asked, "version")
            done = take(editor_of(asked), issue_id, version=version, note=_note(asked))
            return self._done(asked, f"desk.draft.did.{done.kind}", done, focus="stage")

        return go

    def schedule(self, asked: Asked) -> Done:
        """Let the issue go out at its hour, or another one."""
        at = _instant(asked.form.get("at", ""))
        done = schedule(
            editor_of(asked),
            _issue_id(asked),
            version=_number(asked, "version"),
            at=at,
            accepted_by=asked.form.get("accepted_by", ""),
        )
        return self._done(asked, "desk.draft.did.schedule", done, focus="stage")

    def send_back(self, asked: Asked) -> Done:
        """Make it a draft again."""
        done = send_back(editor_of(asked), _issue_id(asked), note=_note(asked))
        return self._done(asked, "desk.draft.did.send_back", done, focus="stage")

    def comment(self, asked: Asked) -> Done:
        """Say something about the issue."""
        text = asked.form.get("text", "")
        if not text.strip():
            raise Unfit("desk.draft.no_comment", focus="comment")
        done = add_comment(editor_of(asked), _issue_id(asked), text)
        return self._done(asked, "desk.draft.did.comment", done, focus="comments")

    def resolve(self, asked: Asked) -> Done:
        """Say that a comment is dealt with, or that it is not."""
        comment = asked.request.path_params["comment"]
        again = asked.form.get("again") == "1"
        done = (reopen_comment if again else resolve_comment)(editor_of(asked), comment)
        return self._done(asked, "desk.draft.did.resolve", done, focus="comments")

    # --- what is shown ----------------------------------------------------------------------------

    def _done(
        self,
        asked: Asked,
        key: str,
        done: Edited,
        *,
        gone: bool = False,
        focus: str = "",
        **values: object,
    ) -> Done:
        story = asked.request.path_params.get("story", "")
        parts = {}
        if wants_json(asked):
            view = self._view(asked)
            parts["draft-work"] = self._frame.part(
                asked, "draft_work.html", here=DRAFT, opened="", **view
            )
        text = with_notes(asked, asked.text(key, **values), done.notes)
        if done.reopened:
            text = f"{text} {asked.text('desk.draft.reopened')}"
        return Done(
            text=text,
            version=done.version,
            undo=str(done.action) if done.action else "",
            focus=focus or ("" if gone else f"item-{story}"),
            more={"parts": parts, **({"gone": True} if gone else {})},
        )

    def _view(self, asked: Asked) -> dict[str, Any]:
        desk, language = asked.app.desk, asked.language
        working = working_issue(desk)
        issue = working.issue
        picked = picked_of(desk, issue) if issue.id else []
        findings = findings_of(desk, issue, picked, number=working.number)
        comments = comments_of(desk, issue.id) if issue.id else []
        undecided = undecided_of(desk, issue, picked)
        aside = {one.story.public_id for one in undecided.aside}
        parts, outside = outline(desk, picked, Told(findings, comments, aside), language)
        late = _tray(desk, issue)
        return {
            "issue": issue,
            "number": working.number,
            "parts": parts,
            "outside": outside,
            "translating": any(
                text.language != one.story.primary.item.language
                for one in picked
                for text in one.pick.texts
            ),
            "count": sum(len(one.rows) for one in parts),
            "sections": [(one.id, one.title) for one in parts],
            "late": late_rows(desk, late.rows, language),
            "late_total": late.total,
            "coverage": self._book.coverage(desk, issue, picked),
            "region": lambda region: _region(asked, region),
            "findings": views_of(asked, findings, picked, working.number, self._frame.path),
            "comments": [one for one in comments if not one.story],
            "undecided": open_items(undecided, self._frame.path),
            "draft": DRAFT,
            **_stage_view(asked, issue),
            **undo_view(asked, issue),
        }


_OVER = frozenset({Stage.PUBLISHED, Stage.CORRECTED, Stage.SKIPPED})


def _stage_view(asked: Asked, issue: Issue) -> dict[str, Any]:
    """How far the issue has come, and where it can go from there."""
    desk = asked.app.desk
    standing = standing_of(desk, issue) if issue.id else Standing()
    stage = standing.stage
    return {
        "standing": standing,
        "stage_key": stage.value.replace("-", "_"),
        "state": state_name(issue, stage),
        "steps": steps_from(stage, asked.who.role) if issue.id else (),
        "hour": datetime.combine(issue.issue_on, desk.series.at, tzinfo=SEOUL),
        "editable": stage not in _OVER,
        "reopened": reopened_by(asked, issue) if stage is Stage.DRAFT else "",
    }


def _tray(desk: Desk, issue: Issue) -> InboxPage:
    """What came after the places were filled; nothing before they are."""
    if issue.proposed_at is None:
        return InboxPage(rows=(), counts={}, total=0, next="")
    return inbox(desk, issue, InboxFilter(state="late"), size=TRAY)


def _form(name: str, path: str, action: Callable[[Asked], Done]) -> DeskRoute:
    handlers = {"POST": handled(action, back=DRAFT)}
    return DeskRoute(name=name, path=f"{DRAFT}/{path}", handlers=handlers)


def _issue_id(asked: Asked) -> int:
    """The issue in hand, opened by the first that is done to it."""
    return opened_issue(asked.app.desk).id


def _story(asked: Asked) -> str:
    return str(asked.request.path_params["story"])


def _version(asked: Asked) -> int | None:
    """The version of the pick that the page showed."""
    given = asked.form.get("version", "")
    return int(given) if given.isascii() and given.isdigit() else None


def _number(asked: Asked, name: str) -> int:
    given = asked.form.get(name, "").strip()
    if not (given.isascii() and given.isdigit() and len(given) < 10):  # noqa: PLR2004 - an int
        raise Unfit("desk.draft.no_number", focus=name)
    return int(given)


def _note(asked: Asked) -> str:
    return asked.form.get("note", "")


def _instant(given: str) -> datetime | None:
    """An hour as a browser sends it, meant in Korean time. Raises UsageError."""
    if not given.strip():
        return None
    try:
        return datetime.fromisoformat(given.strip()).replace(tzinfo=SEOUL)
    except ValueError:
        raise UsageError(f"{given[:40]!r} is no hour such as 2024-03-04T10:00") from None


def _region(asked: Asked, region: str) -> str:
    body = asked.app.desk.bodies.get(region)
    if body is not None:
        return body.print_name(asked.language)
    return region or asked.text("desk.draft.national")
