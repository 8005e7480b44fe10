"""The pages Feeds: how each feed is, what was seen of it, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from aggregator.domain.errors import NotFound, ReadError
from aggregator.domain.feeds import Feed, FeedKind
from aggregator.domain.health import Health
from aggregator.domain.visits import FeedState
from aggregator.observe import get_logger
from aggregator.services.desk import Desk
from aggregator.services.reports.feed_reports import health_of, report_feeds
from aggregator.web.day_picture import shade
from aggregator.web.desk.actions import Done, Unfit, handled
from aggregator.web.desk.captured import attachment, capture_of, parse_instant, shown
from aggregator.web.desk.feed_views import setting_of
from aggregator.web.desk.flash import Flash, Kind, say_next
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.views import body_name, query_of
from aggregator.web.doors.asked import HOME, Asked, go_to
from aggregator.web.doors.guard import DeskRoute
from aggregator.web.status_view import ILL, feed_page, print_size, row_of

log = get_logger(__name__)

FEEDS = f"{HOME}/feeds"

ON_A_PAGE = 50

KEPT = 20
"""Kept documents that are listed."""

_ORDER = {health: place for place, health in enumerate(Health)}
_LONGEST = 200


class FeedsPage:
    """Answers about feeds."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> list[DeskRoute]:
        """The routes of the pages."""
        one = f"{FEEDS}/{{feed}}"
        return [
            DeskRoute(name="feeds", path=FEEDS, handlers={"GET": self.list}),
            DeskRoute(name="feed", path=one, handlers={"GET": self.show}),
            DeskRoute(
                name="feed_retry",
                path=f"{one}/retry",
                handlers={"POST": handled(self.retry, back=FEEDS)},
            ),
            DeskRoute(name="feed_capture", path=f"{one}/capture", handlers={"GET": self.capture}),
            DeskRoute(
                name="feed_document",
                path=f"{one}/document",
                handlers={"GET": self.document},
            ),
        ]

    # --- all ------------------------------------------------------------------------------------------

    def list(self, asked: Asked) -> Response:
        """The feeds, the worst first; of one state, of one office, with some words."""
        given = asked.request.query_params
        typed = {name: given.get(name, "").strip()[:_LONGEST] for name in ("show", "office", "q")}
        typed = {name: value for name, value in typed.items() if value}
        desk, setting = asked.app.desk, setting_of(asked)
        ranked = _ranked(desk)
        wanted = [one for one in ranked if _fits(one, typed, desk, asked.language)]
        rest = _behind(wanted, given.get("after", ""))
        ids = [one.feed.id for one in rest[:ON_A_PAGE]]
        reports = {one.feed.id: one for one in report_feeds(desk, setting.now, ids)} if ids else {}
        counts = Counter(one.health for one in ranked)
        return self._frame.page(
            asked,
            "feeds.html",
            rows=[row_of(reports[one], setting) for one in ids],
            choices=_choices(asked, counts, typed),
            typed={"show": "", "office": "", "q": "", **typed},
            offices=_offices(desk, asked.language),
            count=len(desk.feeds),
            found=len(wanted),
            ill=sum(count for health, count in counts.items() if health.is_ill),
            now=setting.now,
            shade=shade(setting.days),
            days=len(setting.days),
            more=query_of(typed, after=ids[-1]) if len(rest) > len(ids) and ids else "",
            start=query_of(typed) if given.get("after") else "",
            refused=asked.app.refused,
            file=asked.app.config.path.name,
        )

    # --- one ------------------------------------------------------------------------------------------

    def show(self, asked: Asked) -> Response:
        """One feed: its state, its days, its visits, what is kept of it."""
        feed = _feed(asked)
        if feed is None:
            return self._nowhere(asked)
        desk, setting = asked.app.desk, setting_of(asked)
        (report,) = report_feeds(desk, setting.now, [feed.id])
        hold = next((h for h in desk.store.holds(setting.now) if h.host == report.state.host), None)
        told: dict[str, Any] = feed_page(report, desk.store.visits(feed.id), setting)
        kept = desk.store.kept_documents(feed.id, KEPT)
        seen = Counter(one.seen_at for one in kept)
        firsts = {one.seen_at: one for one in reversed(kept)}
        return self._frame.page(
            asked,
            "feed.html",
            feed=feed,
            body=body_name(feed.body, desk.bodies, asked.language),
            days=len(setting.days),
            can_visit=feed.active and feed.kind is not FeedKind.MANUAL,
            waits=hold.until if hold else None,
            now=setting.now,
            captures=[
                {
                    "at": at,
                    "documents": count,
                    "size": print_size(firsts[at].size),
                    "kind": firsts[at].media_type,
                    "href": f"{FEEDS}/{feed.id}/capture" + query_of({"at": at.isoformat()}),
                }
                for at, count in sorted(seen.items(), reverse=True)
            ],
            **told,
        )

    def retry(self, asked: Asked) -> Done:
        """Let the daemon visit a feed at its next turn, which is within a minute."""
        feed, desk = _feed(asked), asked.app.desk
        if feed is None:
            raise NotFound(f"there is no feed {asked.request.path_params['feed']!r}")
        if not feed.active or feed.kind is FeedKind.MANUAL:
            raise Unfit("desk.feeds.not_visited", name=feed.id)
        desk.store.visit_soon(feed.id, desk.clock.now())
        log.info("visit_asked", feed_id=feed.id, by=asked.who.account.name)
        return Done(text=asked.text("desk.feeds.asked", name=feed.id))

    # --- what is kept ---------------------------------------------------------------------------------

    def capture(self, asked: Asked) -> Response:
        """The documents of one visit as text."""
        feed = _feed(asked)
        if feed is None:
            return self._nowhere(asked)
        at = parse_instant(asked.request.query_params.get("at", ""))
        try:
            found, problem = capture_of(asked.app, feed, at), ""
        except ReadError as error:
            found, problem = None, str(error)
        if found is None and not problem:
            return self._gone(asked, feed)
        documents = found.documents if found else ()
        stamp = found.seen_at.isoformat() if found else ""
        return self._frame.page(
            asked,
            "capture.html",
            feed=feed,
            at=found.seen_at if found else at,
            problem=problem,
            documents=[
                {
                    "shown": shown(one),
                    "url": one.url,
                    "kind": one.media_type,
                    "size": print_size(len(one.body)),
                    "href": f"{FEEDS}/{feed.id}/document"
                    + query_of({"at": stamp, "number": str(number)}),
                }
                for number, one in enumerate(documents, start=1)
            ],
        )

    def document(self, asked: Asked) -> Response:
        """One document as a file."""
        feed, given = _feed(asked), asked.request.query_params
        if feed is None:
            return self._nowhere(asked)
        number = given.get("number", "1")
        try:
            found = capture_of(asked.app, feed, parse_instant(given.get("at", "")))
            if found is None or not number.isdecimal():
                return self._gone(asked, feed)
            return attachment(found, int(number[:4]))
        except (ReadError, NotFound):
            return self._gone(asked, feed)

    def _gone(self, asked: Asked, feed: Feed) -> Response:
        return _back(asked, f"{FEEDS}/{feed.id}", "desk.feeds.not_kept")

    def _nowhere(self, asked: Asked) -> Response:
        return _back(asked, FEEDS, "desk.feeds.unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    feed: Feed
    health: Health


def _ranked(desk: Desk) -> list[_Ranked]:
    """All feeds, the worst first, else in their order."""
    states = desk.store.feed_states()
    found = [
        _Ranked(feed=one, health=health_of(one, states.get(one.id) or FeedState(feed_id=one.id)))
        for one in desk.feeds
    ]
    return sorted(found, key=lambda one: _ORDER[one.health])


def _fits(one: _Ranked, typed: Mapping[str, str], desk: Desk, language: str) -> bool:
    show, office, words = (typed.get(name, "") for name in ("show", "office", "q"))
    feed = one.feed
    if show and not (one.health.is_ill if show == ILL else one.health.value == show):
        return False
    if office and feed.body != office:
        return False
    texts = (feed.id, feed.url, feed.title, body_name(feed.body, desk.bodies, language).name)
    return not words or any(words.casefold() in text.casefold() for text in texts)


def _behind(wanted: Sequence[_Ranked], after: str) -> Sequence[_Ranked]:
    """What comes behind a feed; all of it where that is not among them any more."""
    ids = [one.feed.id for one in wanted]
    return wanted[ids.index(after) + 1 :] if after in ids else wanted


def _choices(
    asked: Asked, counts: Counter[Health], typed: Mapping[str, str]
) -> list[dict[str, Any]]:
    ill = sum(count for health, count in counts.items() if health.is_ill)
    found = [("", asked.text("status.all"), counts.total()), (ILL, asked.text("status.ill"), ill)]
    found += [(h.value, asked.text(f"health.{h}"), counts[h]) for h in Health if counts[h]]
    return [
        {
            "name": name,
            "count": count,
            "query": query_of(typed, show=slug),
            "chosen": slug == typed.get("show", ""),
        }
        for slug, name, count in found
    ]


def _offices(desk: Desk, language: str) -> list[tuple[str, str]]:
    ids = {feed.body for feed in desk.feeds if feed.body}
    ranked = sorted(ids, key=lambda one: desk.bodies[one].order if one in desk.bodies else 0)
    return [(one, body_name(one, desk.bodies, language).name) for one in ranked]


def _feed(asked: Asked) -> Feed | None:
    name = asked.request.path_params["feed"]
    return next((one for one in asked.app.desk.feeds if one.id == name), None)


def _back(asked: Asked, to: str, key: str) -> Response:
    response = go_to(to)
    say_next(asked, response, Flash(text=asked.text(key), kind=Kind.PROBLEM))
    return response
