"""The page Why is it missing?: where a thing is, what keeps it out, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.responses import Response

from aggregator.issue.edition import day_of
from aggregator.read.links.addresses import is_web
from aggregator.services.answers.never_seen import NearFeed
from aggregator.services.answers.why import Whereabouts, why_missing
from aggregator.services.answers.why_reply import Answer, Reply
from aggregator.web.desk.feed_views import setting_of
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.given_reasons import reason_in_words
from aggregator.web.desk.lookup_views import item_address, tongue
from aggregator.web.desk.missing_words import GOOD, TO_PUT_IN, TRAY, WITH_RULES, reply_words
from aggregator.web.desk.views import body_name, query_of, section_title
from aggregator.web.doors.asked import HOME, Asked
from aggregator.web.doors.guard import DeskRoute
from aggregator.web.status_view import row_of

MISSING = f"{HOME}/missing"

LONGEST = 1000
"""Characters of a question."""


class MissingPage:
    """Answers for who misses something."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The routes of the page."""
        return [DeskRoute(name="missing", path=MISSING, handlers={"GET": self.show})]

    def show(self, asked: Asked) -> Response:
        """The form, and what is known of the thing."""
        app, desk, language = asked.app, asked.app.desk, asked.language
        what = " ".join(asked.request.query_params.get("what", "").split())[:LONGEST]
        found: list[Whereabouts] = []
        more = 0
        if what:
            found, more = why_missing(desk, app.curator, app.config.issuers, what)
        sections = [
            (one.id, section_title(desk.series, one.id, language)) for one in desk.series.sections
        ]
        search = self._frame.path("search")
        return self._frame.page(
            asked,
            "missing.html",
            what=what,
            answers=[self._answer(asked, one) for one in found],
            more=more,
            sections=sections,
            search=search + query_of({"q": what[:400]}) if search and what else "",
            is_link=is_web(what),
            longest=LONGEST,
        )

    def _answer(self, asked: Asked, one: Whereabouts) -> dict[str, Any]:
        """One thing, as the page shows it."""
        story = one.story
        replies = [*_chain(one.reply)]
        answers = {reply.answer for reply in replies}
        public_id = story.public_id if story else ""
        href = item_address(self._frame.path("item"), public_id) if public_id else ""
        return {
            **_named(asked, one),
            "id": public_id,
            "href": href,
            "says": [_said(asked, reply) for reply in replies],
            "note": one.note,
            "site": one.site,
            "section": next((str(s) for r in replies if (s := _section(r))), ""),
            "may_put_in": bool(story) and bool(answers & TO_PUT_IN) and not answers & GOOD,
            "draft": self._draft(public_id, answers),
            "split": href if Answer.FOLDED in answers else "",
            "lab": self._frame.path("lab") if answers & WITH_RULES else "",
            "wait": Answer.NOT_CURATED in answers,
            "never": Answer.NEVER_SEEN in answers,
            "feeds": [self._feed(asked, near) for near in one.feeds],
            "titles": [
                {
                    "title": near.title,
                    "day": near.day,
                    "again": query_of({"what": near.story or near.title}),
                }
                for near in one.titles
            ],
        }

    def _draft(self, public_id: str, answers: set[Answer]) -> str:
        draft = self._frame.path("draft")
        if not draft or not public_id:
            return ""
        if answers & TRAY:
            return f"{draft}#late"
        return f"{draft}#item-{public_id}" if Answer.IN_DRAFT in answers else ""

    def _feed(self, asked: Asked, near: NearFeed) -> dict[str, Any]:
        return {
            "row": row_of(near.report, setting_of(asked)),
            "href": f"{self._frame.path('feeds') or '/status'}/{near.report.feed.id}",
            "active": near.report.feed.active,
            "first": near.first_day,
            "last": near.last_day,
            "because": near.because,
        }


_WITH_REASON = frozenset({Answer.DROPPED, Answer.LEFT_OUT})
"""Answers whose reason is an editor's own text."""


def _named(asked: Asked, one: Whereabouts) -> dict[str, Any]:
    """What the thing is called, whose it is, and of which day."""
    story = one.story
    item = story.primary.item if story else one.item.item if one.item else None
    return {
        "title": item.title if item else "",
        "tongue": tongue(item.language, asked.language) if item else "",
        "source": item.link if item else "",
        "body": body_name(item.body, asked.app.desk.bodies, asked.language) if item else None,
        "day": day_of(story) if story else None,
        "members": len(story.members) if story else 1,
    }


def _said(asked: Asked, reply: Reply) -> dict[str, Any]:
    """An answer in the page's words, and in its own."""
    desk = asked.app.desk
    why = str(reply.figures.get("why") or "")
    return {
        "text": reply_words(reply, desk.series, desk.catalogue, asked.language),
        "exactly": reply.says,
        "why": reason_in_words(desk, why, asked.language) if reply.answer in _WITH_REASON else "",
        "well": reply.answer in GOOD,
    }


def _chain(reply: Reply | None) -> Iterator[Reply]:
    while reply is not None:
        yield reply
        reply = reply.then


def _section(reply: Reply) -> object:
    return reply.figures.get("section") or reply.figures.get("nearest")
