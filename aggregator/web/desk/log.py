"""The page Log: who did what, when, from what to what, and why; and the way to take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from aggregator.domain.edit_errors import Obstacle
from aggregator.domain.editing import ActionKind, LogFilter, LogLine
from aggregator.domain.issues import Origin
from aggregator.services.desk import Desk
from aggregator.services.editing.find import find_all
from aggregator.services.editing.logbook import actors, logbook, reason_of, story_in
from aggregator.services.editing.undo import issues_over, line_obstacle
from aggregator.services.reports.today import working_issue
from aggregator.web.desk.findings import kinds_in
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.given_reasons import reason_in_words
from aggregator.web.desk.log_views import difference, field_name, is_cut
from aggregator.web.desk.lookup_views import item_address
from aggregator.web.desk.standing import action_behind
from aggregator.web.desk.undo import because
from aggregator.web.desk.views import query_of
from aggregator.web.doors.asked import HOME, Asked
from aggregator.web.doors.guard import DeskRoute

LOG = f"{HOME}/log"

ON_A_PAGE = 50

FILTERS = ("person", "issue", "item", "kind")
"""What the form sends."""

_LONGEST = 300
_COMMENT = "comment:"
_SAID = frozenset({Obstacle.OUT, Obstacle.SKIPPED, Obstacle.MOVED_ON, Obstacle.EDITED})
"""Why there is no button, where a line says it."""


class LogPage:
    """Answers for the log."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The routes of the page."""
        return [DeskRoute(name="log", path=LOG, handlers={"GET": self.show})]

    def show(self, asked: Asked) -> Response:
        """The newest lines, or those behind a cursor."""
        given, desk = asked.request.query_params, asked.app.desk
        typed = {name: given.get(name, "").strip()[:_LONGEST] for name in FILTERS}
        shown = {name: value for name, value in typed.items() if value}
        after = given.get("after", "")
        story, answering = _story(desk, typed["item"])
        unknown = bool(typed["item"]) and not story
        wanted = LogFilter(
            actor=typed["person"],
            issue_id=int(typed["issue"]) if typed["issue"].isdecimal() else None,
            story=story,
            kind=ActionKind(typed["kind"]) if typed["kind"] in {*ActionKind} else None,
        )
        begin = int(after[:18]) if after.isdecimal() else 0
        page = None if unknown else logbook(desk, wanted, after=begin, size=ON_A_PAGE)
        names = _Names.of(desk, page.lines if page else ())
        return self._frame.page(
            asked,
            "log.html",
            typed=typed,
            filtered=bool(shown),
            unknown=unknown,
            others=max(0, answering - 1),
            item=names.titles.get(story, "") or _title(desk, story),
            lines=self._lines(asked, page.lines if page else (), names),
            people=actors(desk),
            kinds=[(one.value, f"desk.log.kind.{_slug(one)}") for one in ActionKind],
            issues=[(str(number), name) for number, name in reversed(names.issues.items())],
            more=query_of(shown, after=str(page.next)) if page and page.next else "",
            start=query_of(shown) if begin else "",
        )

    def _lines(self, asked: Asked, lines: Sequence[LogLine], names: _Names) -> list[dict[str, Any]]:
        desk, language = asked.app.desk, asked.language
        offered: set[int] = set()
        over = issues_over(desk)
        found = []
        for line in lines:
            story = story_in(line)
            known = line_obstacle(desk, line, over)
            may_undo = known is None and line.action not in offered
            offered |= {line.action} if may_undo else set()
            found.append(
                {
                    "id": line.id,
                    "at": line.edit.at,
                    "who": line.edit.actor,
                    "by_hand": reason_of(line) is Origin.EDITOR,
                    "reason": f"desk.log.reason.{reason_of(line)}",
                    "kind": f"desk.log.kind.{_slug(line.kind)}" if line.kind else "",
                    "title": names.titles.get(story, ""),
                    "target": "" if story or _is_named(line) else line.edit.target,
                    "href": item_address(self._frame.path("item"), story) if story else "",
                    "only": query_of({"item": story}) if story else "",
                    "issue": names.issues.get(line.issue_id or _issue_in(line), None),
                    "field": field_name(line.edit.field, desk.catalogue, language),
                    "pieces": [(kinds_in(asked, line.edit.new), "ins")]
                    if line.edit.field == "lint"
                    else difference(line.edit, desk.series, desk.catalogue, language),
                    "is_cut": is_cut(line.edit),
                    "why": _why(asked, line),
                    "undone": bool(line.undone_by),
                    "undo": str(line.action) if may_undo else "",
                    "undo_not": because(asked, known) if known in _SAID else "",
                }
            )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """Titles of stories by public id, and numbers of issues by id."""

    titles: dict[str, str]
    issues: dict[int, int]

    @classmethod
    def of(cls, desk: Desk, lines: Sequence[LogLine]) -> _Names:
        ids = desk.store.living_stories({story_in(line) for line in lines} - {""})
        stories = desk.store.shown_stories(ids=[*ids.values()]) if ids else []
        working = working_issue(desk)
        numbers = {
            one.id: one.number or (working.number if one.id == working.issue.id else 0)
            for one in desk.store.issue_heads(desk.series.id)
        }
        return cls(
            titles={one.public_id: one.primary.item.title for one in stories}, issues=numbers
        )


def _story(desk: Desk, words: str) -> tuple[str, int]:
    """The public id of the story that is meant, the newest, "" for none; and how many answer."""
    if not words:
        return "", 0
    if desk.store.living_stories([words]):
        return words, 1
    found, count = find_all(desk, words, 1)
    return (found[0].public_id, count) if found else ("", 0)


def _title(desk: Desk, public_id: str) -> str:
    ids = desk.store.living_stories([public_id]) if public_id else {}
    found = desk.store.shown_stories(ids=[*ids.values()]) if ids else []
    return found[0].primary.item.title if found else ""


def _why(asked: Asked, line: LogLine) -> str:
    """The reason in words; of an issue that was reopened what reopened it. A comment has none."""
    if line.edit.target.startswith(_COMMENT):
        return ""
    cause = line.edit.cause
    told = action_behind(asked, cause) if line.kind is ActionKind.REOPEN else ""
    by_rules = reason_of(line) is Origin.RULES
    return told or reason_in_words(asked.app.desk, cause, asked.language, by_rules=by_rules)


def _is_named(line: LogLine) -> bool:
    """Whether the number of the issue says what a line is about, that of a comment on all of it too."""
    return line.edit.target.startswith(("issue:", _COMMENT))


def _issue_in(line: LogLine) -> int:
    """The issue that a target names, 0 for none."""
    kind, _, rest = line.edit.target.partition(":")
    number = rest.partition(":")[0]
    return int(number) if kind in {"pick", "issue"} and number.isdecimal() else 0


def _slug(kind: ActionKind) -> str:
    return kind.value.replace("-", "_")
