"""Publishing: an issue frozen with its number, and the whole site made anew."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from aggregator.domain.editing import ActionKind
from aggregator.domain.errors import Conflict, FetchError, IllegalTransition, SinkError
from aggregator.domain.issues import Edit, Edition, Issue, IssueStatus
from aggregator.domain.mailing import Delivery
from aggregator.domain.publishing import PlacedStory, Planet, PrintedIssue
from aggregator.domain.stories import Story
from aggregator.issue.edition import Picked, build_edition
from aggregator.issue.snapshot import freeze
from aggregator.issue.translation import Outstanding
from aggregator.observe import get_logger
from aggregator.ports.fetching import Fetched, Fetcher, FetchRequest
from aggregator.ports.publishing import Artefact, Building, Pictures, Renderer, Sink
from aggregator.services.curation.noticing import watch_published
from aggregator.services.curation.published_changes import changed_releases
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import Draft, draft_of
from aggregator.services.editing.editors_word import editors_word
from aggregator.services.editing.standings import status_action
from aggregator.services.publishing.mailing import wanted_deliveries
from aggregator.services.publishing.pinging import queue_pings
from aggregator.services.publishing.printed import printed_issue, printed_issues

log = get_logger(__name__)

PICTURE_MAX_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was made. ``files`` are the paths below ``public/`` of those that changed; ``mails`` the
    issue's deliveries as they stand; ``warnings`` are sentences about pictures that could not be
    fetched, ``translations`` what is still to be translated, by language."""

    issue: PrintedIssue
    files: tuple[str, ...]
    mails: tuple[Delivery, ...] = ()
    warnings: tuple[str, ...] = ()
    translations: Mapping[str, Outstanding] = field(default_factory=dict)

    @property
    def feeds(self) -> tuple[str, ...]:
        """The feeds that changed, each by its Atom form: all forms of one say the same."""
        return tuple(path for path in self.files if path.endswith(".atom"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """The parts that make files: renderer, sink, and the pictures that pages show."""

    renderer: Renderer
    sink: Sink
    pictures: Pictures
    new_fetcher: Callable[[], Fetcher]


def editions_of(desk: Desk, draft: Draft) -> tuple[Edition, ...]:
    """The draft's editions, one for each language of the series, as they would be printed."""
    return tuple(
        build_edition(
            desk.series,
            draft.picked,
            language=language,
            number=draft.number,
            issue_on=draft.issue.issue_on,
            bodies=desk.bodies,
            catalogue=desk.catalogue,
            licences={feed.id: feed.licence for feed in desk.feeds},
        )
        for language in desk.series.languages
    )


def as_printed(desk: Desk, draft: Draft) -> PrintedIssue:
    """The issue as it is read now, or as its draft would be printed now."""
    if draft.issue.status is not IssueStatus.DRAFT:
        printed = printed_issue(desk, draft.issue)
        if printed is not None:
            return printed
    return PrintedIssue(
        number=draft.number, published_at=desk.clock.now(), editions=editions_of(desk, draft)
    )


Gate = Callable[[Draft], Sequence[Edit]]
"""What a draft must pass before it is frozen: it raises, or gives lines for the log."""


async def publish(
    desk: Desk, press: Press, *, number: int | None = None, gate: Gate | None = None
) -> Published:
    """As ``publish_issue``, with the pictures of a draft fetched first. What takes long runs in
    threads of its own, so that it may be awaited in a server's loop."""
    draft = await asyncio.to_thread(draft_of, desk, number)
    problems: list[str] = []
    if draft.issue.status is IssueStatus.DRAFT:
        _check_ready(draft, asked=number is not None)
        if gate is not None:
            await asyncio.to_thread(gate, draft)
        problems = await fetch_pictures(press, draft.picked)
    made = await asyncio.to_thread(publish_issue, desk, press, number=number, gate=gate)
    return replace(made, warnings=tuple(problems))


def publish_issue(
    desk: Desk, press: Press, *, number: int | None = None, gate: Gate | None = None
) -> Published:
    """Publish the working draft, queue its mails and rebuild the site; a published number only
    rebuilds it. Of pictures only those are shown that ``press.pictures`` has. What is frozen has
    passed the ``gate``, whose lines are written with it.

    Raises NotFound for a number that is neither, IllegalTransition for an empty draft or one
    whose day has not come (unless its number is given), Conflict for a draft that is changed again
    and again meanwhile, and the errors of the store and the sink. The site is built once before, so
    that an issue whose pages cannot be written stays a draft.
    """
    draft = draft_of(desk, number)
    if draft.issue.status is not IssueStatus.DRAFT:
        return _published(desk, draft, draft.issue, make_site(desk, press))
    with press.sink.alone() as building:
        try:
            return _print(desk, press, building, draft, asked=number is not None, gate=gate)
        except Conflict:
            # An editor was faster; what is printed must be what the draft holds now.
            draft = draft_of(desk, draft.number)
            return _print(desk, press, building, draft, asked=True, gate=gate)


def _print(
    desk: Desk, press: Press, building: Building, draft: Draft, *, asked: bool, gate: Gate | None
) -> Published:
    """The draft published: its pages are made and kept ready, then it is frozen, then they are
    shown. Raises Conflict when it is no longer what was read."""
    if draft.issue.status is not IssueStatus.DRAFT:
        raise Conflict(f"No. {draft.number} was published meanwhile: look at it again")
    _check_ready(draft, asked=asked)
    edits = gate(draft) if gate is not None else ()
    coming = replace(
        draft.issue,
        number=draft.number,
        status=IssueStatus.PUBLISHED,
        published_at=desk.clock.now(),
        snapshot=freeze(editions_of(desk, draft)),
    )
    began = time.perf_counter()
    artefacts = _stage(desk, press, building, coming)
    issue = _freeze(desk, coming, edits)
    log.info("issue_published", number=issue.number, items=len(draft.picked))
    try:
        files = building.show()
    except SinkError as error:
        raise SinkError(
            f"No. {issue.number} is published; its pages are not written: {error}"
            f" (publish {issue.number} writes them)"
        ) from error
    _tell(desk, artefacts, files, began)
    return _published(desk, draft, issue, files)


def _freeze(desk: Desk, coming: Issue, edits: Sequence[Edit]) -> Issue:
    """The draft as a published issue. Raises Conflict when it is no longer what was read."""
    if coming.number is None or coming.published_at is None or coming.snapshot is None:
        raise IllegalTransition("an issue without number, day and print is not published")
    return desk.store.publish_issue(
        coming.id,
        number=coming.number,
        version=coming.version,
        snapshot=coming.snapshot,
        published_at=coming.published_at,
        deliveries=wanted_deliveries(desk.series),
        edits=edits,
        action=status_action(
            desk, coming.id, ActionKind.PUBLISH, coming.status, f"No. {coming.number}"
        ),
    )


def _published(desk: Desk, draft: Draft, issue: Issue, files: tuple[str, ...]) -> Published:
    printed = printed_issue(desk, issue)
    if printed is None:
        raise IllegalTransition(f"No. {draft.number} is {issue.status}, not published")
    return Published(
        issue=printed,
        files=files,
        mails=tuple(desk.store.deliveries(desk.series.id, issue_id=issue.id)),
        translations=draft.translations,
    )


def _check_ready(draft: Draft, *, asked: bool) -> None:
    if not asked and draft.issue.proposed_at is None:
        raise IllegalTransition(
            f"No. {draft.number} is due on {draft.issue.issue_on} and its draft is not made yet"
            f" (give the number to publish it now: publish {draft.number})"
        )
    if not draft.picked:
        raise IllegalTransition(f"No. {draft.number} holds no item: there is nothing to publish")


async def fetch_pictures(press: Press, picked: Sequence[Picked]) -> list[str]:
    """Keep a copy of each thumbnail that the issue shows; a sentence for each that failed."""
    urls = sorted({p.story.primary.item.thumbnail for p in picked} - {""})
    missing = [url for url in urls if not press.pictures.path_of(url)]
    if not missing:
        return []
    fetcher = press.new_fetcher()
    try:
        found = [await _fetch_picture(press, fetcher, url) for url in missing]
    finally:
        await fetcher.aclose()
    return [problem for problem in found if problem]


async def _fetch_picture(press: Press, fetcher: Fetcher, url: str) -> str:
    """Keep one picture; the sentence that says why not, or ""."""
    request = FetchRequest(feed_id="", url=url, max_bytes=PICTURE_MAX_BYTES)
    try:
        answer = await fetcher.fetch(request)
        press.pictures.keep(url, answer.body if isinstance(answer, Fetched) else b"")
    except (FetchError, ValueError) as error:
        return f"no thumbnail from {url}: {error}"
    return ""


def build_site(desk: Desk, press: Press) -> int:
    """Make every page and feed from the store, and let the hub be told of the feeds that are others
    than before; the number of files that changed."""
    return len(make_site(desk, press))


def make_site(desk: Desk, press: Press) -> tuple[str, ...]:
    """The same; the paths of the files that changed."""
    with press.sink.alone() as building:
        began = time.perf_counter()
        artefacts = _stage(desk, press, building)
        written = building.show()
        # Before another build can show others: what the hub is told of are the files that stand there.
        _tell(desk, artefacts, written, began)
    return written


def _stage(
    desk: Desk, press: Press, building: Building, coming: Issue | None = None
) -> Sequence[Artefact]:
    """Make every file from what the store has now, and keep it ready to be shown; with an issue as
    it will be published."""
    planet = planet_of(desk, press.pictures, coming=coming)
    watch_published(desk.store, planet.stories)
    artefacts = [*press.pictures.artefacts(planet.thumbnails), *press.renderer.render(planet)]
    building.stage(artefacts)
    return artefacts


def _tell(desk: Desk, artefacts: Sequence[Artefact], written: Sequence[str], began: float) -> None:
    """Queue pings and log the build, which ``began`` by the performance counter, in seconds."""
    queue_pings(desk, artefacts)
    ms = round((time.perf_counter() - began) * 1000)
    log.info("site_built", files=len(artefacts), written=len(written), ms=ms)


def planet_of(desk: Desk, pictures: Pictures, *, coming: Issue | None = None) -> Planet:
    """Everything the site shows: stories with their sections, published issues, sources. With
    ``coming``, a draft as it will be published, what the site shows then.

    Stories whose source does not want them read yet are left out; the first planet made after
    that instant has them. What editors printed in an issue stands there as they decided.
    """
    rejected, decided = editors_word(desk, coming=coming)
    sections = None if desk.options.everything else [s.id for s in desk.series.sections]
    stories = desk.store.shown_stories(sections=sections)
    missing = set(decided) - {story.id for story in stories}
    stories += desk.store.shown_stories(ids=missing) if missing else []
    printed = printed_issues(desk, coming=coming)
    placed = _placed(_released(stories, desk.clock.now()), rejected, decided)
    return Planet(
        series=desk.series,
        stories=placed,
        issues=printed,
        feeds=desk.feeds,
        states=desk.store.feed_states(),
        bodies=desk.bodies,
        options=desk.options,
        thumbnails=_thumbnails(printed, pictures),
        changes=changed_releases(desk, placed, rejected),
    )


class Shown(StrEnum):
    """Whether the site shows a story, and what keeps it away."""

    YES = "yes"
    REJECTED = "rejected"
    """An editor dropped it."""
    HELD = "held"
    """Its source does not want it read yet."""
    NO_SECTION = "no_section"
    """It is in no section, and the configuration does not publish everything."""


def shown_now(desk: Desk, story: Story) -> Shown:
    """Whether a site built now shows a story: what ``planet_of`` decides for all of them."""
    rejected, decided = editors_word(desk, story_ids=[story.id])
    if story.primary.is_held(desk.clock.now()):
        return Shown.HELD
    if story.id in rejected:
        return Shown.REJECTED
    section = decided.get(story.id) or (story.placement.section if story.placement else None)
    known = {one.id for one in desk.series.sections}
    return Shown.YES if desk.options.everything or section in known else Shown.NO_SECTION


def _released(stories: Sequence[Story], now: datetime) -> list[Story]:
    """The stories that may be read at ``now``; a story's primary item speaks for it."""
    return [story for story in stories if not story.primary.is_held(now)]


def _placed(
    stories: Sequence[Story], rejected: Collection[int], decided: dict[int, str]
) -> tuple[PlacedStory, ...]:
    return tuple(
        PlacedStory(
            story=story,
            section=decided.get(story.id) or (story.placement.section if story.placement else None),
        )
        for story in sorted(stories, key=_newest_first)
        if story.id not in rejected
    )


def _newest_first(story: Story) -> tuple[float, str]:
    published = story.primary.item.published
    return (-(published.at if published else story.first_seen_at).timestamp(), story.public_id)


def _thumbnails(issues: Sequence[PrintedIssue], pictures: Pictures) -> dict[str, str]:
    urls = {
        item.thumbnail
        for issue in issues
        for edition in issue.editions
        for section in edition.sections
        for item in section.items
        if item.thumbnail
    }
    return {url: path for url in sorted(urls) if (path := pictures.path_of(url))}
