"""The page Rule lab: other rules tried on stored months, taken along, or put live."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import JSONResponse, Response

from aggregator.config.records import Config
from aggregator.config.rule_part import RulePart, put_live, rule_part, try_rules
from aggregator.domain.edit_errors import RulesMoved
from aggregator.domain.errors import ConfigError
from aggregator.domain.items import SEOUL
from aggregator.domain.people import Role
from aggregator.domain.problems import Problem
from aggregator.observe import get_logger
from aggregator.services.lab.bench import MOST, Bench, OnStep, Outcome, trial
from aggregator.services.lab.going_live import log_rules
from aggregator.services.lab.lab import Lab, LabReport
from aggregator.web.desk.actions import Done, handled, wants_json
from aggregator.web.desk.flash import Flash, Kind, say_next
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.hands import editor_of
from aggregator.web.desk.lab_views import result_view, says
from aggregator.web.desk.log_views import word_pieces
from aggregator.web.desk.lookup_views import item_address
from aggregator.web.doors.asked import HOME, Asked, go_to
from aggregator.web.doors.guard import DeskRoute

log = get_logger(__name__)

LAB = f"{HOME}/lab"

MONTHS = (1, 3, 6, 12)
"""How far back a trial may look."""

EXAMPLES = 5
"""Stories that are shown of each kind of change."""

PATIENCE = 2.0
"""Seconds that a page waits for a trial before it says how far it is; the script waits less."""

_DAYS = {1: 31, 3: 92, 6: 183, 12: 366}
_LONGEST = 512 * 1024


class LabPage:
    """Answers for the lab."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._bench = Bench()

    def routes(self) -> list[DeskRoute]:
        """The routes of the page."""
        return [
            DeskRoute(name="lab", path=LAB, handlers={"GET": self.show, "POST": self.ask}),
            DeskRoute(name="lab_file", path=f"{LAB}/file", handlers={"POST": self.take_along}),
            DeskRoute(
                name="lab_live",
                path=f"{LAB}/live",
                handlers={"POST": handled(self.put_live, back=LAB)},
            ),
        ]

    def show(self, asked: Asked) -> Response:
        """The live rules, to be changed."""
        try:
            part = rule_part(asked.app.config.path)
        except ConfigError as error:
            return self._page(asked, _Sheet(part=None, text="", mistakes=error.problems))
        return self._page(asked, _Sheet(part=part, text=part.text))

    def ask(self, asked: Asked) -> Response:
        """Try the rules that were typed."""
        sheet = self._read(asked)
        if not sheet.mistakes and sheet.config is not None:
            patience = 0.3 if wants_json(asked) else PATIENCE
            sheet.outcome = self._try(asked, sheet.config, patience)
        if wants_json(asked):
            return self._told(asked, sheet)
        return self._page(asked, sheet, status=422 if sheet.mistakes else 200)

    def _read(self, asked: Asked) -> _Sheet:
        """What was typed, as a configuration or with its mistakes."""
        app, text = asked.app, asked.form.get("rules", "")[:_LONGEST].replace("\r\n", "\n")
        months = asked.form.get("months", "")
        sheet = _Sheet(part=None, text=text, base=asked.form.get("base", "")[:64])
        sheet.months = int(months) if months in {str(one) for one in MONTHS} else MONTHS[0]
        try:
            sheet.part = rule_part(app.config.path)
            sheet.config = try_rules(sheet.part, text, app.config.path, app.environ)
        except ConfigError as error:
            sheet.mistakes = error.problems
        return sheet

    def _try(self, asked: Asked, config: Config, patience: float) -> Outcome:
        app = asked.app
        months = asked.form.get("months", "")
        days = _DAYS.get(int(months) if months.isdecimal() else 0, _DAYS[MONTHS[0]])
        live = app.rulebook(app.config)
        lab = Lab(
            store=app.desk.store,
            clock=app.clock,
            live=live,
            other=app.rulebook(config).beside(live),
        )
        key = hashlib.sha256(
            f"{days}\n{app.config.rules.hash}\n{asked.form.get('rules', '')}".encode()
        ).hexdigest()
        today = app.clock.now().astimezone(SEOUL).date()
        return self._bench.ask(
            asked.who.account.name, key, _run(lab, today, days), patience=patience
        )

    # --- what it leads to -----------------------------------------------------------------------------

    def take_along(self, asked: Asked) -> Response:
        """The changed rules as a file; for an admin the whole configuration with them."""
        sheet = self._read(asked)
        if sheet.mistakes or sheet.part is None:
            return self._page(asked, sheet, status=422)
        is_whole = asked.who.role.includes(Role.ADMIN)
        name = asked.app.config.path.name if is_whole else "rules.toml"
        plain = "".join(one if one.isalnum() or one in "-_." else "_" for one in name)
        text = sheet.part.whole(sheet.text) if is_whole else sheet.text
        return Response(
            text.encode(),
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{plain.encode("ascii", "replace").decode()}"'
            },
        )

    def put_live(self, asked: Asked) -> Done | Response:
        """Write the rules into the file, unless they were changed there since."""
        sheet, app = self._read(asked), asked.app
        before = sheet.part.text if sheet.part is not None else ""
        if sheet.mistakes:
            return (
                self._told(asked, sheet)
                if wants_json(asked)
                else self._page(asked, sheet, status=422)
            )
        try:
            kept = put_live(
                app.config.path,
                sheet.text,
                stamp=sheet.base,
                environ=app.environ,
                now=app.clock.now(),
            )
        except RulesMoved as moved:
            sheet.part, sheet.theirs = rule_part(app.config.path), moved.theirs
            if wants_json(asked):
                told = {"ok": False, "code": moved.code, "mine": sheet.text, "theirs": sheet.theirs}
                return JSONResponse(told, status_code=409)
            return self._page(asked, sheet, status=409)
        log.info(
            "rules_put_live", file=str(app.config.path), by=asked.who.account.name, kept=kept.name
        )
        log_rules(
            editor_of(asked).desk,
            file=app.config.path.name,
            before=before,
            after=sheet.text,
            kept=kept.name,
        )
        return Done(text=asked.text("desk.lab.live", file=kept.name), to=LAB)

    # --- pages ----------------------------------------------------------------------------------------

    def _page(self, asked: Asked, sheet: _Sheet, *, status: int = 200) -> Response:
        part = sheet.part
        if part is None and not sheet.mistakes:
            response = go_to(HOME)
            text = asked.text("desk.lab.no_rules")
            say_next(asked, response, Flash(text=text, kind=Kind.PROBLEM))
            return response
        return self._frame.page(
            asked,
            "lab.html",
            status=status,
            here=LAB,
            rules=sheet.text,
            # What is put live after a conflict is put in the place of what was shown there.
            base=part.stamp if part and (sheet.theirs or not sheet.base) else sheet.base,
            months=sheet.months,
            choices=MONTHS,
            theirs=word_pieces(sheet.theirs, sheet.text) if sheet.theirs else [],
            file=asked.app.config.path.name,
            most=MOST,
            **_result(asked, sheet, self._frame.path("item")),
        )

    def _told(self, asked: Asked, sheet: _Sheet) -> Response:
        """The result alone, for the script."""
        view = _result(asked, sheet, self._frame.path("item"))
        page = self._frame.page(asked, "lab_result.html", **view)
        outcome = sheet.outcome
        state = "mistakes" if sheet.mistakes else "done"
        if outcome is not None and not (outcome.report or outcome.failed):
            state = "counting"
        told = {
            "ok": not sheet.mistakes,
            "state": state,
            "html": bytes(page.body).decode(),
            "says": view["says"],
        }
        return JSONResponse(told)


@dataclass(slots=True, kw_only=True)
class _Sheet:
    """What the page shows: the text as it was typed, what is wrong with it, or what it came to.
    ``base`` is the stamp of the rules that it was made of, ``theirs`` what stands in the file instead."""

    part: RulePart | None
    text: str
    base: str = ""
    months: int = MONTHS[0]
    config: Config | None = None
    mistakes: tuple[Problem, ...] = ()
    outcome: Outcome | None = None
    theirs: str = ""


def _run(lab: Lab, today: date, days: int) -> Callable[[OnStep], LabReport]:
    return lambda step: trial(lab, today=today, days=days, examples=EXAMPLES, on_step=step)


def _result(asked: Asked, sheet: _Sheet, item: str) -> dict[str, Any]:
    """What stands under the form."""
    outcome, desk = sheet.outcome, asked.app.desk
    first = sheet.part.first if sheet.part else 1
    lines = sheet.text.split("\n")
    report = outcome.report if outcome else None
    return {
        "item": lambda story: item_address(item, story),
        "mistakes": [_mistake(one, first, lines) for one in sheet.mistakes],
        "outcome": outcome,
        "result": result_view(report, desk.series, desk.catalogue, asked.language)
        if report
        else None,
        "says": says(sheet.mistakes, outcome, desk.catalogue, asked.language),
    }


def _mistake(one: Problem, first: int, lines: list[str]) -> dict[str, Any]:
    """A mistake with its line in the box, and what stands there."""
    line = one.line - first + 1 if one.line else 0
    inside = 0 < line <= len(lines)
    return {
        "line": line if inside else 0,
        "file_line": one.line,
        "text": lines[line - 1].strip()[:200] if inside else "",
        "path": one.path,
        "message": one.message,
        "remedy": one.remedy,
    }
