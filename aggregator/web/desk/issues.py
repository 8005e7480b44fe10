"""The pages Issues and one issue: the archive, and the way of an issue out of the house."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from aggregator.domain.edit_errors import NotConfirmed
from aggregator.domain.editing import ActionKind, LogFilter, Stage
from aggregator.domain.errors import LintRefused, NotFound
from aggregator.domain.findings import Severity
from aggregator.domain.issues import Edit, IssueStatus
from aggregator.domain.items import SEOUL
from aggregator.domain.mailing import DeliveryState
from aggregator.domain.publishing import PrintedIssue
from aggregator.services.editing.draft import Draft
from aggregator.services.editing.standings import STAGE, standing_of
from aggregator.services.editing.undecided import undecided_of
from aggregator.services.editing.undo import undo
from aggregator.services.editing.workflow import schedule, send_back, steps_from
from aggregator.services.publishing.at_hand import draft_at_hand
from aggregator.services.publishing.by_hand import publish_confirmed
from aggregator.services.publishing.issue_reports import (
    approver_in,
    archive_of,
    history_of,
    keep_what_went_out,
    what_went_out,
)
from aggregator.services.publishing.publish import as_printed
from aggregator.web.desk.actions import Done, Unfit, handled, wants_json
from aggregator.web.desk.checking import Checks
from aggregator.web.desk.correcting import told_corrections
from aggregator.web.desk.findings import called, kinds_in, views_of
from aggregator.web.desk.flash import Flash, Kind, say_next
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.hands import editor_of, number_of
from aggregator.web.desk.preview_files import number_in
from aggregator.web.desk.standing import action_behind, reopened_by, state_name
from aggregator.web.desk.undecided import open_items
from aggregator.web.desk.views import Sheet
from aggregator.web.doors.asked import HOME, Asked, go_to
from aggregator.web.doors.guard import DeskRoute

ISSUES = f"{HOME}/issues"
_REFUSED = 422


class IssuesPage:
    """Answers for the archive, for one issue, and for what is done with it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._checks = Checks()

    def routes(self) -> list[DeskRoute]:
        """The routes of both pages."""
        one = f"{ISSUES}/{{number}}"
        steps = {
            "issue_publish": ("publish", self.publish),
            "issue_schedule": ("schedule", self.schedule),
            "issue_unschedule": ("unschedule", self.unschedule),
            "issue_back": ("back", self.send_back),
        }
        return [
            DeskRoute(name="issues", path=ISSUES, handlers={"GET": self.list}),
            DeskRoute(name="issue", path=one, handlers={"GET": self.show}),
            *(
                DeskRoute(
                    name=name,
                    path=f"{one}/{step}",
                    handlers={"POST": handled(action, back=ISSUES)},
                )
                for name, (step, action) in steps.items()
            ),
        ]

    def list(self, asked: Asked) -> Response:
        """All issues, the newest first."""
        after = number_in(asked.request.query_params.get("after", "")) or 0
        archive = archive_of(asked.app.desk, after=after)
        sheet = Sheet(
            rows=archive.lines, after=str(archive.next) if archive.next else "", first=not after
        )
        return self._frame.page(
            asked,
            "issues.html",
            sheet=sheet,
            called=lambda language: called(asked, language),
            states=DeliveryState,
        )

    def show(self, asked: Asked) -> Response:
        """One issue: where it stands, what is next, what became of it."""
        draft = _issue_of(asked)
        if draft is None:
            response = go_to(ISSUES)
            problem = Flash(kind=Kind.PROBLEM, text=asked.text("desk.issues.no_such"))
            say_next(asked, response, problem)
            return response
        return self._page(asked, draft)

    def _page(self, asked: Asked, draft: Draft, refused: Unfit | None = None) -> Response:
        """The page; where a publication was ``refused``, with what was typed and why."""
        desk, issue = asked.app.desk, draft.issue
        standing = standing_of(desk, issue)
        history = history_of(desk, issue)
        findings = self._checks.findings(asked.app, draft) if draft.picked else ()
        printed = as_printed(desk, draft)
        is_out = issue.status is IssueStatus.PUBLISHED
        return self._frame.page(
            asked,
            "issue.html",
            status=200 if refused is None else _REFUSED,
            here=f"{ISSUES}/{draft.number}",
            draft=draft,
            standing=standing,
            state=state_name(issue, standing.stage),
            reopened=reopened_by(asked, issue) if standing.stage is Stage.DRAFT else "",
            undecided=open_items(undecided_of(desk, issue, draft.picked), self._frame.path),
            typed=asked.form,
            problem=asked.text(refused.key, **refused.values) if refused is not None else "",
            problem_at=refused.focus if refused is not None else "",
            steps=steps_from(standing.stage, asked.who.role),
            kinds=ActionKind,
            is_out=is_out,
            is_due=_hour_of(draft, asked) > desk.clock.now(),
            hour=_hour_of(draft, asked),
            history=[_line_of(asked, one) for one in history],
            approved_by=approver_in(history),
            findings=views_of(asked, findings, draft.picked, draft.number, self._frame.path),
            red=sum(one.severity is Severity.RED for one in findings),
            sections=_items_of(printed, asked.language),
            correct_href=f"{ISSUES}/{draft.number}/correct",
            corrections=told_corrections(asked, printed) if is_out else (),
            mails=desk.store.deliveries(desk.series.id, issue_id=issue.id) if is_out else (),
            lists=desk.series.mail.lists,
            made=what_went_out(desk, issue.id) if is_out else None,
            public=f"/issues/{draft.number}/",
            called=lambda language: called(asked, language),
        )

    # --- what is done -----------------------------------------------------------------------------

    def publish(self, asked: Asked) -> Done | Response:
        """Publish the issue, where its number was typed and the lint lets it out. Where it does not, the
        page has what was typed."""
        draft = _known(asked)
        try:
            return self._publish(asked, draft)
        except Unfit as refused:
            if wants_json(asked):
                raise
            return self._page(asked, draft, refused)

    def _publish(self, asked: Asked, draft: Draft) -> Done:
        """Raises Unfit where something that was typed, or the lint, stands in the way."""
        form = asked.form
        try:
            made = asyncio.run(
                publish_confirmed(
                    editor_of(asked),
                    asked.app.press,
                    draft.issue.id,
                    typed=form.get("typed", ""),
                    accepted_by=form.get("accepted_by", "").strip(),
                    mails=asked.app.letters,
                )
            )
        except NotConfirmed as error:
            raise Unfit("desk.issues.not_confirmed", focus="typed", number=draft.number) from error
        except LintRefused as error:
            red = any(one.severity is Severity.RED for one in error.findings)
            key = "desk.issues.refused_red" if red else "desk.issues.refused_amber"
            raise Unfit(key, focus="lint" if red else "accepted_by") from error
        keep_what_went_out(asked.app.desk, draft.issue.id, made)
        text = asked.text(
            "desk.issues.is_out",
            number=made.issue.number,
            files=len(made.files),
            feeds=len(made.feeds),
            mails=len(made.mails),
        )
        return Done(
            text=text,
            to=f"{ISSUES}/{made.issue.number}#out",
            more={
                "files": list(made.files),
                "feeds": list(made.feeds),
                "mails": [one.language for one in made.mails],
            },
        )

    def schedule(self, asked: Asked) -> Done:
        """Let the issue go out at an hour, Korean time."""
        draft = _known(asked)
        done = schedule(
            editor_of(asked),
            draft.issue.id,
            version=number_of(asked.form.get("version", "")),
            at=_hour_in(asked.form.get("at", "")),
            accepted_by=asked.form.get("accepted_by", "").strip(),
        )
        text = asked.text("desk.issues.scheduled")
        return Done(text=text, version=done.issue_version, undo=str(done.action), focus="next")

    def unschedule(self, asked: Asked) -> Done:
        """Take the hour back: the issue stays approved."""
        draft = _known(asked)
        desk = asked.app.desk
        lines = desk.store.log_lines(
            LogFilter(issue_id=draft.issue.id, kind=ActionKind.SCHEDULE), before=0, size=1
        )
        if not lines or lines[0].undone_by:
            raise Unfit("desk.issues.not_scheduled")
        done = undo(editor_of(asked), draft.issue.id, action=lines[0].action)
        return Done(
            text=asked.text("desk.issues.unscheduled"), version=done.issue_version, focus="next"
        )

    def send_back(self, asked: Asked) -> Done:
        """Let the issue be a draft again."""
        draft = _known(asked)
        done = send_back(editor_of(asked), draft.issue.id, note=asked.form.get("note", ""))
        text = asked.text("desk.issues.sent_back")
        return Done(text=text, version=done.issue_version, undo=str(done.action), focus="next")


def stage_key(stage: Stage) -> str:
    """The catalogue's name of a stage."""
    return f"desk.state.{stage.replace('-', '_')}"


def _issue_of(asked: Asked) -> Draft | None:
    number = number_in(asked.request.path_params["number"])
    if number is None:
        return None
    try:
        return draft_at_hand(asked.app.desk, number)
    except NotFound:
        return None


def _known(asked: Asked) -> Draft:
    """The issue that a form is about. Raises Unfit where there is none, or nothing in it yet."""
    draft = _issue_of(asked)
    if draft is None:
        raise Unfit("desk.issues.no_such")
    if not draft.issue.id:
        raise Unfit("desk.issues.empty")
    return draft


def _hour_of(draft: Draft, asked: Asked) -> datetime:
    return datetime.combine(draft.issue.issue_on, asked.app.desk.series.at, tzinfo=SEOUL)


def _hour_in(text: str) -> datetime | None:
    """What ``datetime-local`` sends, in Korean time; None for nothing. Raises Unfit."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SEOUL)
    except ValueError:
        raise Unfit("desk.issues.no_hour", focus="at") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """What became of an issue, in words."""

    at: datetime
    actor: str
    what: str
    note: str


def _line_of(asked: Asked, edit: Edit) -> HistoryLine:
    note = edit.cause
    if edit.field in {STAGE, "status"}:
        what = _stage_words(asked, edit)
        note = action_behind(asked, edit.cause) or note
    elif edit.field == "lint":
        what, note = asked.text("desk.issues.took_on", codes=kinds_in(asked, edit.new)), ""
    else:
        what = f"{edit.field}: {edit.old} → {edit.new}"
    return HistoryLine(at=edit.at, actor=edit.actor, what=what, note=note)


def _stage_words(asked: Asked, edit: Edit) -> str:
    """``초안 → 승인``; of a scheduled one with its hour."""
    return " → ".join(_stage_name(asked, one) for one in (edit.old, edit.new) if one)


def _stage_name(asked: Asked, text: str) -> str:
    stage, _, rest = text.partition(" ")
    if stage not in set(Stage):
        return text
    return f"{asked.text(stage_key(Stage(stage)))} {rest}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    """An item as the issue prints it."""

    story: str
    headline: str
    language: str
    byline: str


def _items_of(printed: PrintedIssue, language: str) -> list[tuple[str, tuple[ItemLine, ...]]]:
    """By section what an edition prints: that of the page's language, else the first."""
    editions = printed.editions
    if not editions:
        return []
    edition = next((one for one in editions if one.language == language), editions[0])
    return [
        (
            section.label,
            tuple(
                ItemLine(
                    story=item.story,
                    headline=item.headline.text,
                    language=item.headline.language,
                    byline=item.byline,
                )
                for item in section.items
            ),
        )
        for section in edition.sections
    ]
