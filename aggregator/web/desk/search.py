"""The page Search: words in everything that is stored, and where each story is by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from aggregator.domain.errors import UsageError
from aggregator.domain.issues import IssueStatus
from aggregator.issue.edition import day_of
from aggregator.services.answers.search import Asked as Search
from aggregator.services.answers.search import Hit, Results, search
from aggregator.services.answers.standing import Stand, stands_of
from aggregator.services.desk import Desk
from aggregator.web.desk.actions import handled
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.given_reasons import reason_in_words
from aggregator.web.desk.lookup_views import (
    TONES,
    bodies_by_level,
    bodies_of,
    item_address,
    marked,
    marked_title,
    parse_day,
    regions,
    stand_words,
    tongue,
)
from aggregator.web.desk.putting_in import put_in
from aggregator.web.desk.views import body_name, query_of, section_title
from aggregator.web.doors.asked import HOME, Asked
from aggregator.web.doors.guard import DeskRoute

SEARCH = f"{HOME}/search"

ON_A_PAGE = 20

FILTERS = ("q", "section", "region", "office", "since", "until", "issue", "texts")
"""What the form sends."""

_LONGEST = 400


class SearchPage:
    """Answers for searches."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The routes of the page."""
        put = handled(put_in, back=SEARCH)
        return [
            DeskRoute(name="search", path=SEARCH, handlers={"GET": self.show}),
            DeskRoute(
                name="search_accept", path=f"{SEARCH}/{{story}}/accept", handlers={"POST": put}
            ),
        ]

    def show(self, asked: Asked) -> Response:
        """The form, and what was found."""
        desk, language = asked.app.desk, asked.language
        given = asked.request.query_params
        typed = {name: given.get(name, "").strip() for name in FILTERS}
        found = _look(desk, typed, given.get("after", ""))
        shown = {name: value for name, value in typed.items() if value}
        missing = self._frame.path("missing")
        return self._frame.page(
            asked,
            "search.html",
            typed=typed,
            filtered=any(typed[name] for name in FILTERS if name != "q"),
            problem=found.problem,
            searched=found.results is not None,
            rows=self._rows(asked, found),
            sections=[
                (one.id, section_title(desk.series, one.id, language))
                for one in desk.series.sections
            ],
            regions=regions(desk.bodies, language),
            offices=bodies_by_level(desk.bodies, language),
            issues=_issues(desk),
            more=query_of(shown, after=found.results.next)
            if found.results and found.results.next
            else "",
            start=query_of(shown),
            is_first=not given.get("after"),
            is_cut=bool(found.results and found.results.is_cut),
            waiting=found.results.waiting if found.results else None,
            missing=missing + query_of({"what": typed["q"]}) if missing and typed["q"] else "",
            longest=_LONGEST,
        )

    def _rows(self, asked: Asked, found: _Found) -> list[dict[str, Any]]:
        desk, language = asked.app.desk, asked.language
        item = self._frame.path("item")
        return [
            {
                "id": hit.story.public_id,
                "href": item_address(item, hit.story.public_id),
                "source": hit.story.primary.item.link,
                "title": marked_title(hit.title),
                "tongue": tongue(hit.story.primary.item.language, language),
                "body": body_name(hit.story.primary.item.body, desk.bodies, language),
                "day": day_of(hit.story),
                "members": len(hit.story.members),
                "stand": stand_words(stand, desk.series, desk.catalogue, language),
                "tone": TONES.get(stand.place, "plain"),
                "why": reason_in_words(desk, stand.why, language),
                "numbers": hit.numbers,
                "may": stand.may_be_put_in,
                "section": stand.section,
                "version": stand.version,
                "passages": [
                    {
                        "found": f"desk.search.in_{one.found}",
                        "text": marked(one.pieces),
                        "more": one.more,
                    }
                    for one in hit.passages
                ],
            }
            for hit, stand in found.hits
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a search came to; ``problem`` is what is wrong with it, "" for nothing."""

    results: Results | None = None
    hits: tuple[tuple[Hit, Stand], ...] = ()
    problem: str = ""


def _look(desk: Desk, typed: Mapping[str, str], after: str) -> _Found:
    """The hits with where they are; nothing where nothing was asked."""
    if not typed["q"]:
        return _Found()
    since, until = parse_day(typed["since"]), parse_day(typed["until"])
    try:
        results = search(
            desk,
            Search(
                words=typed["q"],
                body=bool(typed["texts"]),
                since=since,
                until=until,
                section=typed["section"],
                issued_by=bodies_of(desk.bodies, body=typed["office"], region=typed["region"]),
                issue_id=int(typed["issue"]) if typed["issue"].isdecimal() else None,
                limit=ON_A_PAGE,
                after=after,
            ),
        )
    except UsageError as error:
        return _Found(problem=str(error))
    stands = stands_of(desk, [hit.story for hit in results.hits])
    return _Found(results=results, hits=tuple((hit, stands[hit.story.id]) for hit in results.hits))


def _issues(desk: Desk) -> list[tuple[str, int | None, Any]]:
    """Issues that may be chosen, the newest first: their ids, numbers and days."""
    return [
        (str(one.id), one.number, one.issue_on)
        for one in reversed(desk.store.issue_heads(desk.series.id))
        if one.status is not IssueStatus.SKIPPED
    ]
