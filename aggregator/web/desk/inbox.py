"""The page Inbox: what nobody decided on, as a list with what is read of one of them beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.responses import Response

from aggregator.domain.bodies import FIRST_LEVEL
from aggregator.domain.errors import NotFound, UsageError
from aggregator.domain.issues import Issue
from aggregator.services.editing import inbox as rows
from aggregator.services.editing.inbox import InboxFilter
from aggregator.services.editing.issue_at_hand import story_of
from aggregator.web.desk.decisions import INBOX
from aggregator.web.desk.facts import Facts, Glass, looking
from aggregator.web.desk.flash import Flash, Kind, say_next
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.given_reasons import REASONS
from aggregator.web.desk.hands import shown_issue
from aggregator.web.desk.reading import Reading, reading_of
from aggregator.web.desk.undo import undo_view
from aggregator.web.desk.views import Sheet, common_words, query_of, section_title
from aggregator.web.doors.asked import Asked, go_to
from aggregator.web.doors.guard import DeskRoute

SIZE = 100
"""Rows of a page."""

STATES = ("proposed", "waiting", "aside")
_LEAPS = 10
"""Pages that are led to beside the nearest ones, about so many."""

_TEXT = 60
"""Characters of a part of a headline: an address has room for that."""

_FILTERS = ("section", "body", "region", "day", "text", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: the story at a glance, the page that shows it beside the list, and the story that is
    looked at after it, with the page that shows that one."""

    facts: Facts
    href: str
    then: str
    then_page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A section to choose, with how many are undecided; "" for all. ``common`` are the words that
    the titles of all begin with: who sees them side by side need not read them each time."""

    section: str
    title: str
    count: int
    chosen: bool
    common: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leap:
    """A page of the list, with its address; ``is_here``: it is the one that is shown."""

    number: int
    href: str
    is_here: bool


class InboxPage:
    """Answers for the inbox."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The route of the page."""
        return [DeskRoute(name="inbox", path=INBOX, handlers={"GET": self.show})]

    def show(self, asked: Asked) -> Response:
        """The undecided stories, and one of them to be read."""
        asks = _asked_for(asked)
        issue = shown_issue(asked)
        try:
            page = rows.inbox(
                asked.app.desk,
                issue,
                _filter(asks),
                after=asks.get("after", ""),
                size=SIZE,
                pages=True,
            )
        except UsageError:
            return go_to(INBOX + query_of(asks, after="", item=""))
        stories = [row.story for row in page.rows]
        glass = looking(asked.app.desk, asked.app.curator.matcher, issue, asked.language, stories)
        shown = _rows(asked, glass, page.rows, asks)
        chosen = _chosen(asks, shown)
        sheet = Sheet(rows=tuple(shown), after=page.next, first="after" not in asks)
        place = next((n for n, row in enumerate(shown) if row.facts.story == chosen), None)
        try:
            story = story_of(asked.app.desk, chosen) if chosen else None
            reading = reading_of(asked, issue, story, glass) if story else None
        except NotFound:
            reading, place = None, None
        return self._frame.page(
            asked,
            "inbox.html",
            issue=issue,
            sheet=sheet,
            **_ways(page, asks),
            **_choices(asked, asks, page, issue),
            reading=reading,
            around=_around(shown, place, reading),
            reasons_given=REASONS,
            inbox=INBOX,
            **undo_view(asked, issue),
        )


def _asked_for(asked: Asked) -> dict[str, str]:
    """What the address asks for, without what is empty or cannot be."""
    given = asked.request.query_params
    found = {
        name: given[name].strip()
        for name in (*_FILTERS, "after", "item")
        if given.get(name, "").strip()
    }
    if "text" in found:
        found["text"] = found["text"][:_TEXT]
    if "day" in found and _day(found["day"]) is None:
        del found["day"]
    if asked.app.desk.series.section(found.get("section", "")) is None:
        found.pop("section", None)
    return found


def _filter(asks: Mapping[str, str]) -> InboxFilter:
    return InboxFilter(
        section=asks.get("section", ""),
        body=asks.get("body", ""),
        region=asks.get("region", ""),
        day=_day(asks.get("day", "")),
        text=asks.get("text", ""),
        state=asks.get("state", "") or "open",
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _rows(
    asked: Asked, glass: Glass, found: Sequence[rows.InboxRow], asks: Mapping[str, str]
) -> list[Row]:
    has_picks = any(one.pick is not None for one in found)
    whole = asked.app.desk.store.picks(glass.issue.id) if has_picks else []
    picks = {pick.story_id: pick for pick in whole}
    names = [one.story.public_id for one in found]
    # What is decided leaves the list: the one behind it is next, behind the last the one before.
    nexts = [*names[1:], *names[-2:-1], ""]
    return [
        Row(
            facts=glass.facts(one.story, picks.get(one.story.id), one.section, one.score),
            href=INBOX + query_of(asks, item=one.story.public_id),
            then=then,
            then_page=INBOX + query_of(asks, item=then),
        )
        for one, then in zip(found, nexts, strict=False)
    ]


def _choices(
    asked: Asked, asks: Mapping[str, str], page: rows.InboxPage, issue: Issue
) -> dict[str, Any]:
    """What may be filtered by, what is, and how many there are of each."""
    return {
        "asks": asks,
        "total": page.total,
        "chips": _chips(asked, page.counts, asks),
        "aside": rows.count_aside(asked.app.desk, issue),
        "is_filtered": any(asks.get(name) for name in _FILTERS),
        "bodies": _bodies(asked),
        "regions": _regions(asked),
        "states": STATES,
    }


def _ways(page: rows.InboxPage, asks: Mapping[str, str]) -> dict[str, Any]:
    """The ways to the other pages."""
    return {
        "pages": _pages(page, asks),
        "number": page.number,
        "page_count": len(page.starts),
        "more": query_of(asks, after=page.next, item=""),
        "start": query_of(asks, after="", item=""),
    }


def _pages(page: rows.InboxPage, asks: Mapping[str, str]) -> list[Leap]:
    """The pages that are led to: those beside this one, the first, the last, and some between."""
    count = len(page.starts)
    step = -(-count // _LEAPS)
    numbers = {1, count, *range(page.number - 1, page.number + 2), *range(step, count, step)}
    return [
        Leap(
            number=number,
            href=INBOX + query_of(asks, after=page.starts[number - 1], item=""),
            is_here=number == page.number,
        )
        for number in sorted(numbers)
        if 1 <= number <= count
    ]


def _chosen(asks: Mapping[str, str], shown: Sequence[Row]) -> str:
    """The story to be read: the one that is asked for, if it is in the list, else the first."""
    item = asks.get("item", "")
    if item and any(row.facts.story == item for row in shown):
        return item
    return shown[0].facts.story if shown else ""


def _around(shown: Sequence[Row], place: int | None, reading: Reading | None) -> dict[str, str]:
    """The row that is read (``chosen``) and those before and behind it: their addresses and stories."""
    here = shown[place] if place is not None and reading is not None else None
    before = shown[place - 1] if here is not None and place else None
    behind = shown[place + 1] if place is not None and place + 1 < len(shown) else None
    return {
        "chosen": here.facts.story if here else "",
        "before": before.href if before else "",
        "story_before": before.facts.story if before else "",
        "behind": behind.href if behind else "",
        "story_behind": behind.facts.story if behind else "",
        "then": here.then if here else "",
        "then_page": here.then_page if here else "",
    }


def _chips(asked: Asked, counts: Mapping[str, int], asks: Mapping[str, str]) -> list[Chip]:
    series = asked.app.desk.series
    chosen = asks.get("section", "")
    everything = Chip(
        section="",
        title=asked.text("desk.inbox.all"),
        count=sum(counts.values()),
        chosen=not chosen,
    )
    titles = {one.id: section_title(series, one.id, asked.language) for one in series.sections}
    common = common_words(titles.values())
    sections = [
        Chip(
            section=one.id,
            common=common,
            title=titles[one.id].removeprefix(common).lstrip(),
            count=counts.get(one.id, 0),
            chosen=one.id == chosen,
        )
        for one in series.sections
    ]
    return [everything, *sections]


def _bodies(asked: Asked) -> list[tuple[str, str]]:
    bodies = sorted(asked.app.desk.bodies.values(), key=lambda one: one.order)
    return [(one.id, one.print_name(asked.language)) for one in bodies]


def _regions(asked: Asked) -> list[tuple[str, str]]:
    bodies = sorted(asked.app.desk.bodies.values(), key=lambda one: one.order)
    return [(one.id, one.print_name(asked.language)) for one in bodies if one.level in FIRST_LEVEL]


def gone(asked: Asked) -> Response:
    """Back to the inbox, which says that what was asked for is not there."""
    response = go_to(INBOX)
    say_next(asked, response, Flash(kind=Kind.PROBLEM, text=asked.text("desk.error.not_found")))
    return response
