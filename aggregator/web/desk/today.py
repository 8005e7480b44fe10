"""The page Today: what waits, each figure with the way to where it is handled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from aggregator.domain.visits import Chore
from aggregator.services.reports.today import Filled, IllFeed, Today, report_today
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.views import body_name, query_of
from aggregator.web.doors.asked import HOME, Asked, go_to
from aggregator.web.doors.guard import DeskRoute

_SHOWN = 5
"""Ill feeds that are named; the others are counted."""


class TodayPage:
    """Answers for the first page."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The routes of the page."""
        return [
            DeskRoute(name="today", path=HOME, handlers={"GET": self.show}),
            DeskRoute(name="today_slash", path=f"{HOME}/", handlers={"GET": lambda _: go_to(HOME)}),
        ]

    def show(self, asked: Asked) -> Response:
        """What waits."""
        today = report_today(asked.app.desk)
        desk, language = asked.app.desk, asked.language
        return self._frame.page(
            asked,
            "today.html",
            today=today,
            sections=[self._section(one, language) for one in today.sections],
            next_step=next_step(today),
            ill=[
                {
                    "name": body_name(one.feed.body, desk.bodies, language).name,
                    "state": f"health.{one.health}",
                    "since": one.since,
                    "href": self._feed(one),
                    "id": one.feed.id,
                }
                for one in today.ill[:_SHOWN]
            ],
            more_ill=max(len(today.ill) - _SHOWN, 0),
            chores=[(one, today.chores[one]) for one in Chore if one in today.chores],
            inbox=self._frame.path("inbox"),
            draft=self._frame.path("draft"),
            feeds=self._frame.path("feeds") or "/status",
        )

    def _section(self, one: Filled, language: str) -> dict[str, object]:
        inbox, draft = self._frame.path("inbox"), self._frame.path("draft")
        chosen = one.section.id
        return {
            "title": one.section.titles.get(language) or one.section.titles["ko"],
            "filled": one,
            "inbox": inbox + query_of({"section": chosen}) if inbox else "",
            "draft": f"{draft}#section-{chosen}" if draft else "",
        }

    def _feed(self, one: IllFeed) -> str:
        feeds = self._frame.path("feeds")
        return f"{feeds}/{one.feed.id}" if feeds else f"/status/{one.feed.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the calendar says is next: the catalogue's name for it, and when."""

    key: str
    at: datetime
    is_past: bool


def next_step(today: Today) -> Step:
    """The next deadline of the working issue: its proposals, else its day."""
    issue = today.working.issue
    if issue.proposed_at is None and today.now < today.proposed_by:
        return Step(key="desk.today.step.proposed", at=today.proposed_by, is_past=False)
    at = today.appears_at
    return Step(key="desk.today.step.appears", at=at, is_past=at <= today.now)
