"""Add by hand: an item with the fields of its section, prefilled from the page that a link leads to."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response

from aggregator.bootstrap import App
from aggregator.domain.errors import AggregatorError, FetchError, ReadError, UsageError
from aggregator.domain.issues import Section
from aggregator.domain.stories import Story
from aggregator.observe import get_logger
from aggregator.services.editing.find import find_all
from aggregator.services.editing.grouping import add_by_hand
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.services.trials.page_look import PageLook, look_at_page
from aggregator.web.desk.actions import Done, Unfit, handled
from aggregator.web.desk.draft import DRAFT
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.hands import editor_of
from aggregator.web.desk.remarks import with_notes
from aggregator.web.desk.typed import FIELDS, LONG, NEEDED, Typed
from aggregator.web.desk.views import section_title
from aggregator.web.doors.asked import Asked
from aggregator.web.doors.guard import DeskRoute

log = get_logger(__name__)

ADD = f"{DRAFT}/add"
LOOK = "look"
CHOOSE = "choose"
_MOST = 5
"""Stories that are named where the link is one of theirs."""


class AddPage:
    """Answers for adding by hand."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The routes of the page."""
        handlers = {"GET": self.show, "POST": handled(self.send, back=ADD)}
        return [DeskRoute(name="draft_add", path=ADD, handlers=handlers)]

    def show(self, asked: Asked) -> Response:
        """The fields of a section."""
        given = asked.request.query_params
        series = asked.app.desk.series
        section = series.section(given.get("section", "")) or series.sections[0]
        return self._page(asked, Typed.of(section, given), chosen="section" in given)

    def send(self, asked: Asked) -> Done | Response:
        """Look at the page behind the link, choose another section, or put what was typed into the
        draft. Whatever goes wrong, the page that comes back has all that was typed."""
        if asked.form.get("do") == CHOOSE:
            chosen = _section(asked, asked.request.query_params.get("section", ""))
            return self._page(asked, Typed.of(chosen, asked.form), chosen=True)
        typed = Typed.of(_section(asked, asked.form.get("section", "")), asked.form)
        if asked.form.get("do") == LOOK:
            return self._look(asked, typed)
        problems = typed.problems(lambda name: _knows(asked, name))
        if problems:
            return self._page(asked, typed, status=422, problems=problems)
        position = typed.text("position")
        place = (
            int(position) if position.isascii() and position.isdigit() and int(position) else None
        )
        try:
            issue_id = working_issue(asked.app.desk).id
            done = add_by_hand(editor_of(asked), issue_id, typed.item(), position=place)
        except UsageError as error:
            log.info("item_refused", error=str(error))
            return self._page(
                asked, typed, status=422, problem="desk.add.refused", detail=str(error)
            )
        story = done.target.rpartition(":")[2]
        title = section_title(asked.app.desk.series, typed.section.id, asked.language)
        text = with_notes(asked, asked.text("desk.add.added", section=title), done.notes)
        if done.reopened:
            text = f"{text} {asked.text('desk.draft.reopened')}"
        return Done(text=text, undo=str(done.action), to=f"{DRAFT}#item-{story}")

    def _look(self, asked: Asked, typed: Typed) -> Response:
        url = typed.text("url")
        if not url:
            return self._page(asked, typed, status=422, problems={"url": "desk.add.problem.needed"})
        try:
            look = asyncio.run(_look_at(asked.app, url))
        except (FetchError, ReadError, UsageError) as error:
            log.info("page_not_read", url=url[:200], code=error.code, error=str(error))
            return self._page(
                asked, typed, status=422, problem=failure_key(asked, error), detail=str(error)
            )
        bodies = asked.app.desk.bodies
        filled = typed.filled(look, lambda one: bodies[one].print_name("ko"))
        found = "desk.add.looked" if look.item.title else "desk.add.looked_nothing"
        known = find_all(asked.app.desk, filled.text("url"), _MOST)[0]
        return self._page(asked, filled, said=found, known=known)

    def _page(
        self,
        asked: Asked,
        typed: Typed,
        *,
        status: int = 200,
        **more: Any,  # noqa: ANN401 - a view
    ) -> Response:
        desk = asked.app.desk
        known: list[Story] = more.pop("known", [])
        view = {"problems": {}, "problem": "", "detail": "", "said": "", "chosen": False, **more}
        return self._frame.page(
            asked,
            "adding.html",
            status=status,
            place="draft",
            here=f"{ADD}?section={typed.section.id}",
            add=ADD,
            draft=DRAFT,
            section=typed.section,
            sections=[
                (one.id, section_title(desk.series, one.id, asked.language))
                for one in desk.series.sections
            ],
            typed=typed,
            begun=asked.request.method == "POST",
            fields=FIELDS[typed.section.shape],
            needed=NEEDED[typed.section.shape],
            long=LONG,
            names=sorted({body.print_name("ko") for body in desk.bodies.values()}),
            known=[(one.public_id, one.primary.item.title) for one in known],
            **view,
        )


async def _look_at(app: App, url: str) -> PageLook:
    fetcher, reader = app.new_remembering_fetcher(), app.new_page_reader()
    try:
        return await look_at_page(
            fetcher,
            reader,
            url,
            now=app.clock.now(),
            feeds=app.desk.feeds,
            issuer=app.curator.issuer,
        )
    finally:
        await reader.aclose()
        await fetcher.aclose()


def failure_key(asked: Asked, error: AggregatorError) -> str:
    """Why a page could not be had, in plain words: a text of the catalogue."""
    key = f"desk.add.failed.{error.code}"
    known = asked.app.desk.catalogue.texts
    if key in known:
        return key
    return "desk.add.failed.page" if isinstance(error, ReadError) else "desk.add.failed.other"


def _section(asked: Asked, name: str) -> Section:
    series = asked.app.desk.series
    found = series.section(name) if name else series.sections[0]
    if found is None:
        raise Unfit("desk.draft.no_section")
    return found


def _knows(asked: Asked, name: str) -> bool:
    return name in asked.app.desk.bodies or asked.app.curator.issuer(name) is not None
