"""A desk that has been at work for a year, for ``benchmarks/pages.py``: the same one for a seed.

Twelve issues were published, their months small; in the month of the issue in the making 300 feeds
brought what ``stored`` says. Everything is written as the program writes it: visits, curation,
decisions, texts, comments and prints.
"""

from __future__ import annotations

import gzip
import html
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from shutil import copy2

from aggregator.bootstrap import App
from aggregator.config.load import load_config
from aggregator.domain.feeds import Carries, Feed
from aggregator.domain.health import Condition, Health
from aggregator.domain.issues import Issue, PickField, Shape
from aggregator.domain.items import SEOUL, EventFacts, Item, Precision, When
from aggregator.domain.people import Role
from aggregator.domain.visits import FeedState, Outcome, Payload, Visit
from aggregator.issue.snapshot import freeze
from aggregator.ports.refreshing import Arrived, RefreshPlan
from aggregator.ports.storing import Store
from aggregator.services.answers.search import catch_up
from aggregator.services.editing.actions import accept, reject
from aggregator.services.editing.comments import add_comment
from aggregator.services.editing.draft import Draft, open_draft
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.fields import Where, edit_field
from aggregator.services.editing.inbox import inbox
from aggregator.services.editing.issue_at_hand import working_issue
from aggregator.services.publishing.publish import editions_of
from aggregator.services.rebuilding.replay import ReplayClock
from benchmarks.curation_corpus import DAYS, START, releases

FEEDS = 300
ISSUES = 12
NOW = datetime(2026, 11, 1, 9, tzinfo=SEOUL)
"""The day after the month; the draft was proposed at its hour, and some came after that."""

PASSWORD = "a sentence of several words"  # noqa: S105 - of people whom nobody else knows
PEOPLE = {"kim": Role.EDITOR, "lee": Role.PUBLISHER, "park": Role.ADMIN}

_OF_A_MONTH = 300
"""Items of each month whose issue is published, half of them on the topic."""

_IN_AN_ISSUE = 60
_REJECTED = 80
_WITH_BODY = 5
"""One item in so many has a text of some thousand characters."""

_TOPICAL = 39
"""One new item in so many of the great month is on the topic: some 3,000 of 100,000 find a section."""

_BY_HAND = 32
"""Items that editors put into the issue in the making; the rules fill it up to some sixty."""

_LATE = 40
"""Items on the topic that come after the issue's places were filled, about so many."""

_EVERY = 6
"""Hours between two visits to a feed."""

_HEALTHS = (Health.HTTP_ERROR, Health.UNREACHABLE, Health.EMPTY, Health.MOVED)
_ILL = 15
"""One feed in so many is ill."""


def open_copy(folder: Path, shipped: Path) -> App:
    """The program on a copy of the shipped configuration, with all its feeds switched on and feeds of
    further offices up to FEEDS; its clock at NOW."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in (shipped.name, "glossary.toml"):
        copy2(shipped.parent / name, folder)
    config = load_config(folder / shipped.name, {})
    have = {feed.body for feed in config.feeds}
    others = [body for body in config.bodies.values() if body.id not in have]
    more = [
        Feed(
            id=f"bench-{number:03d}",
            url=f"https://bench-{number:03d}.example/rss",
            title=f"{body.name} 보도자료",
            body=body.id,
        )
        for number, body in enumerate(others[: FEEDS - len(config.feeds)], start=1)
    ]
    feeds = tuple(replace(feed, active=True) for feed in (*config.feeds, *more))
    return App(replace(config, feeds=feeds), ReplayClock(NOW), {})


def make(app: App, stored: int) -> None:
    """Fill an empty store: so many items in the last month, the earlier ones beside them."""
    app.sync()
    for name, role in PEOPLE.items():
        app.accounts.add(name, role=role, password=PASSWORD, by="benchmark")
    for back in range(ISSUES, 0, -1):
        _published_month(_Month(app, back))
    _month_in_hand(_Month(app, 0), stored)
    _tell(app, NOW)
    while not catch_up(app.desk.store, seconds=600):
        continue


@dataclass(frozen=True, slots=True)
class _Month:
    """A month, so many ``back`` from that of the issue in the making."""

    app: App
    back: int

    @property
    def first(self) -> date:
        """Its first day."""
        months = START.year * 12 + START.month - 1 - self.back
        return date(months // 12, months % 12 + 1, 1)

    @property
    def shift(self) -> timedelta:
        """From START to its beginning."""
        return datetime.combine(self.first, START.timetz()) - START


def _published_month(month: _Month) -> None:
    app = month.app
    _bring(month, _releases(month, _OF_A_MONTH, topical=2))
    _tell(app, datetime.combine(month.first, START.timetz()) + timedelta(days=25))
    app.curator.curate()
    issue = working_issue(app.desk)
    _decide(app, issue, _IN_AN_ISSUE)
    _tell(app, datetime.combine(issue.issue_on, app.config.series.at, tzinfo=SEOUL))
    _print(app, open_draft(app.desk))


def _print(app: App, draft: Draft) -> None:
    """Freeze an issue as it is published; its site, which no page of the desk reads, is not built."""
    app.desk.store.publish_issue(
        draft.issue.id,
        number=draft.number,
        version=draft.issue.version,
        snapshot=freeze(editions_of(app.desk, draft)),
        published_at=app.clock.now(),
    )


def _month_in_hand(month: _Month, stored: int) -> None:
    """The great month. The draft is filled before the last items come."""
    app = month.app
    few = stored - ISSUES * _OF_A_MONTH
    made = [*_releases(month, few, topical=_TOPICAL)]
    rare = [one for one in made if one.published]
    late = rare[-_LATE * _TOPICAL :]
    _bring(month, rare[: -len(late)])
    _visit(app.desk.store, app, DAYS)
    _tell(app, NOW - timedelta(hours=3))
    app.curator.curate()
    issue = working_issue(app.desk)
    _decide(app, issue, _BY_HAND)
    open_draft(app.desk, propose=True)
    _tell(app, NOW - timedelta(hours=1))
    _bring(month, late, app.clock.now())
    app.curator.curate()


def _tell(app: App, at: datetime) -> None:
    assert isinstance(app.clock, ReplayClock)  # noqa: S101 - as open_made made it
    app.clock.at = at


# --- what feeds bring -----------------------------------------------------------------------------


def _releases(month: _Month, count: int, *, topical: int) -> Iterator[Item]:
    """So many items of a month, by the offices of the feeds that bring them."""
    feeds = {feed.id: feed for feed in month.app.config.feeds}
    leads: list[str] = []
    made = releases(count, seed=1 + month.back, feeds=list(feeds), topical=topical)
    for number, one in enumerate(made):
        item = one.item
        leads = [*leads[-4:], item.summary]
        text = f"<p>담당자 연락처</p><p>{' '.join(leads)}</p>" if number % _WITH_BODY == 0 else ""
        when = When(at=one.seen_at + month.shift, precision=Precision.TIME)
        item = replace(item, body=feeds[item.feed_id].body, content=text, published=when)
        is_event = feeds[item.feed_id].carries is Carries.EVENT
        yield replace(item, event=_event(item, when.at.date())) if is_event else item


def _event(item: Item, day: date) -> EventFacts:
    start = day + timedelta(days=20)
    return EventFacts(
        name=item.title, starts_on=start, ends_on=start + timedelta(days=2), venues=("코엑스",)
    )


def _bring(month: _Month, items: Iterable[Item], at: datetime | None = None) -> None:
    """Store what each day's last visit to each feed brings, or one ``at`` an instant, with its document."""
    by_day: defaultdict[date, defaultdict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        if item.published is not None:
            by_day[item.published.at.date()][item.feed_id].append(item)
    store = month.app.desk.store
    for day, by_feed in sorted(by_day.items()):
        evening = datetime.combine(day, START.time(), tzinfo=SEOUL) + timedelta(hours=14)
        seen_at = at or min(evening, NOW)
        store.apply_refreshes([_arrived(one, some, seen_at) for one, some in by_feed.items()])


def _arrived(feed_id: str, items: Sequence[Item], at: datetime) -> Arrived:
    document = _document(feed_id, items)
    payload = Payload(
        feed_id=feed_id,
        seen_at=at,
        body=gzip.compress(document, mtime=0),
        coding="gzip",
        charset="utf-8",
        media_type="application/rss+xml",
        url=f"https://{feed_id}.example/rss",
    )
    visit = Visit(
        feed_id=feed_id,
        started_at=at,
        milliseconds=180,
        outcome=Outcome.FETCHED,
        status=200,
        body_bytes=len(document),
        new=len(items),
    )
    return Arrived(
        plan=RefreshPlan(feed_id=feed_id, seen_at=at, new=tuple(items)),
        state=_state(feed_id, at, Health.OK),
        visit=visit,
        payloads=(payload,),
    )


def _document(feed_id: str, items: Sequence[Item]) -> bytes:
    entries = "".join(
        f"<item><title>{html.escape(one.title)}</title><link>{html.escape(one.link)}</link>"
        f"<description>{html.escape(one.summary)}</description></item>"
        for one in items
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
    return f"{head}<title>{feed_id}</title>{entries}</channel></rss>".encode()


def _state(feed_id: str, at: datetime, health: Health) -> FeedState:
    ill = health is not Health.OK
    return FeedState(
        feed_id=feed_id,
        host=f"{feed_id}.example",
        title=f"{feed_id} 보도자료",
        wire_bytes=20_000,
        next_check_at=at + timedelta(hours=1),
        last_try_at=at,
        last_ok_at=at - timedelta(days=3) if ill else at,
        last_new_at=at - timedelta(days=3) if ill else at,
        failures=5 if ill else 0,
        condition=Condition(
            health=health, since=at - timedelta(days=3), says="as the visit found it"
        ),
    )


def _visit(store: Store, app: App, days: int) -> None:
    """Visits to each feed, none of which brought anything; some feeds are ill by now."""
    for day in range(days):
        for hour in range(0, 24, _EVERY):
            at = START.replace(hour=0) + timedelta(days=day, hours=hour, minutes=7)
            if at < NOW:
                store.record_visits(
                    [_looked(one.id, at, n) for n, one in enumerate(app.config.feeds)]
                )


def _looked(feed_id: str, at: datetime, number: int) -> tuple[FeedState, Visit]:
    is_ill = number % _ILL == 0 and at > NOW - timedelta(days=3)
    health = _HEALTHS[number // _ILL % len(_HEALTHS)] if is_ill else Health.OK
    visit = Visit(
        feed_id=feed_id,
        started_at=at,
        milliseconds=90,
        outcome=Outcome.FAILED if is_ill else Outcome.NOT_MODIFIED,
        status=503 if is_ill else 304,
        health=health,
    )
    return _state(feed_id, at, health), visit


# --- what editors do ------------------------------------------------------------------------------


def _decide(app: App, issue: Issue, many: int) -> None:
    """Fill an issue, translate it, talk about it, and reject others, by two people in turns."""
    pair = cycle([Editor.of(app.desk, app.curator, name) for name in ("kim", "lee")])
    series = app.desk.series
    articles = {one.id for one in series.sections if one.shape is Shape.ARTICLE}
    rows = inbox(app.desk, issue, size=500).rows
    stories = [row.story for row in rows if row.section in articles]
    taken, rest = stories[:: max(1, len(stories) // many)][:many], stories
    for number, story in enumerate(taken):
        accept(next(pair), issue.id, story.public_id)
        for field, words in ((PickField.HEADLINE, "Headline"), (PickField.BLURB, "What it says")):
            where = Where(story=story.public_id, field=field, language="en")
            edit_field(next(pair), issue.id, where, f"{words} of item {number}", base="")
        if number % 6 == 0:
            add_comment(next(pair), issue.id, f"Is {number} right?", story=story.public_id)
    add_comment(next(pair), issue.id, "Two more from the provinces, please.")
    chosen = {story.id for story in taken}
    for story in [one for one in rest if one.id not in chosen][:_REJECTED]:
        reject(next(pair), issue.id, story.public_id, why="off topic")
