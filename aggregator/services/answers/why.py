"""Why something is missing: what is known of it, gathered from the store, and the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from aggregator.domain.issues import Edit, Issue, IssueStatus, Pick, Section
from aggregator.domain.items import SEOUL, StoredItem
from aggregator.domain.stories import Membership, Story
from aggregator.issue.edition import Picked
from aggregator.issue.snapshot import thaw
from aggregator.issue.windows import draft_at, issue_day, next_number, working_window
from aggregator.read.links.addresses import canonical_url, is_web
from aggregator.services.answers.never_seen import NearFeed, NearTitle, near_feeds, near_titles
from aggregator.services.answers.why_answers import PrintedAt, StoryFacts, answer
from aggregator.services.answers.why_reply import Answer, Reply
from aggregator.services.answers.why_window import Working
from aggregator.services.curation.curate import Curator
from aggregator.services.desk import Desk
from aggregator.services.editing.find import find_all
from aggregator.services.editing.issue_at_hand import picked_of
from aggregator.services.editing.members import members_named
from aggregator.services.editing.outlook import Outlook, connected, foreseen_outlook
from aggregator.services.publishing.publish import Shown, shown_now

MOST = 5
"""Stories that are answered for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """The answer about one thing. ``story`` is None where it is in none; then ``item`` is what was
    seen of it, if anything, and ``feeds`` and ``titles`` are what comes near. ``site`` is a
    sentence about pages and feeds, ``note`` one about what is about to change."""

    reply: Reply
    story: Story | None = None
    item: StoredItem | None = None
    site: str = ""
    note: str = ""
    feeds: tuple[NearFeed, ...] = ()
    titles: tuple[NearTitle, ...] = ()


def why_missing(
    desk: Desk, curator: Curator, issuers: Mapping[str, str], words: str
) -> tuple[list[Whereabouts], int]:
    """Where everything is that a link, a title, a part of a title or an id names, newest day first,
    MOST at most, and how many more there are.

    ``issuers`` maps folded names of bodies to their ids. Nothing is written: a draft that is not
    made yet stays so.
    """
    words = words.strip()
    stories, count = find_all(desk, words, MOST)
    if not stories:
        return [_without_story(desk, issuers, words)], 0
    desk_facts = _DeskFacts(desk)
    found = [_of_story(desk, curator, desk_facts, story, words) for story in stories]
    return found, count - len(stories)


# --- a story --------------------------------------------------------------------------------------


class _DeskFacts:
    """What all stories have in common."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        now = desk.clock.now()
        self.issues = tuple(desk.store.issue_heads(desk.series.id))
        window = working_window(desk.series, self.issues, now)
        due = draft_at(desk.series, window)
        self.mine = next((one for one in self.issues if one.window == window), None)
        self.is_made = self.mine is not None and (self.mine.proposed_at is not None or now < due)
        self.working = Working(
            number=next_number(desk.series, self.issues),
            window=window,
            issue_on=issue_day(window),
            due_at=due,
            issue_id=self.mine.id if self.mine else None,
        )
        self._drafts: dict[tuple[str, ...], _Drafts] = {}

    def drafts(self, story: Story) -> _Drafts:
        """The issue in the making as far as it concerns a story."""
        section = (story.placement.section if story.placement else None) or ""
        sections = connected(self._desk.series, section)
        names = tuple(one.id for one in sections)
        return self._drafts.setdefault(names, _Drafts(self._desk, self, sections))


class _Drafts:
    """The issue in the making, of some sections that no other overflows into; read where an answer needs
    it, once."""

    def __init__(self, desk: Desk, facts: _DeskFacts, sections: Sequence[Section]) -> None:
        self._desk = desk
        self._facts = facts
        self._sections = sections

    @cached_property
    def made(self) -> Outlook | None:
        """What waits in the draft. A question must not fill the places of an issue: None where opening
        it would."""
        return self.foreseen if self._facts.is_made else None

    @cached_property
    def foreseen(self) -> Outlook:
        """What waits as the issue stands, without opening it."""
        return foreseen_outlook(self._desk, self._facts.issues, self._sections)

    @cached_property
    def picked(self) -> list[Picked]:
        """What is in it, in printed order."""
        mine = self._facts.mine
        picked = picked_of(self._desk, mine) if mine else []
        return [one for one in picked if one.pick.state.is_in]


def _of_story(
    desk: Desk, curator: Curator, common: _DeskFacts, story: Story, words: str
) -> Whereabouts:
    picks = desk.store.picks_of_story(desk.series.id, story.id)
    folded, folded_with = _folded(story, words)
    placement = curator.place(story)
    facts = StoryFacts(
        story=story,
        now=desk.clock.now(),
        series=desk.series,
        rules=desk.rules,
        placement=placement,
        working=common.working,
        issues=common.issues,
        drafts=common.drafts(story),
        picks=tuple(picks),
        edits=_edits(desk, story, picks),
        printed=_printed(story, picks),
        folded=folded,
        folded_with=folded_with,
    )
    stored = story.placement
    changes = stored is not None and stored.section != placement.section
    note = f"by today's rules it comes into {placement.section or 'no section'}" if changes else ""
    return Whereabouts(
        reply=answer(facts),
        story=story,
        site=_site(desk, story),
        note=f"{note} at the next curation" if note else "",
    )


def _folded(story: Story, words: str) -> tuple[tuple[StoredItem, Membership] | None, str]:
    """The member that the words name where they do not name the one that represents the story, and
    the headline it was compared with."""
    meant = _meant(story, words)
    if meant is None or meant.id == story.primary.id:
        return None, ""
    why = next((one for one in story.memberships if one.item_id == meant.id), None)
    if why is None:
        return None, ""
    # The story's first member says nothing of itself; what was folded with it does.
    if why.with_item is None:
        for one in story.memberships:
            if one.with_item == meant.id and one.item_id == story.primary.id:
                why = Membership(
                    item_id=meant.id, rule=one.rule, with_item=one.item_id, detail=one.detail
                )
    titles = {member.id: member.item.title for member in story.members}
    return (meant, why), titles.get(why.with_item or 0, "")


def _meant(story: Story, words: str) -> StoredItem | None:
    """The member that the words name, the first of several; None where they name the story."""
    return next(iter(members_named(story, words)), None)


def _edits(desk: Desk, story: Story, picks: Sequence[tuple[Issue, Pick]]) -> dict[int, Edit]:
    """Who last changed whether the story is in each issue."""
    found = {}
    for issue, _ in picks:
        log = desk.store.edits(f"pick:{issue.id}:{story.public_id}")
        states = [edit for edit in log if edit.field == "state"]
        if states:
            found[issue.id] = states[-1]
    return found


def _printed(story: Story, picks: Sequence[tuple[Issue, Pick]]) -> dict[int, PrintedAt]:
    found = {}
    for issue, pick in picks:
        if issue.status is not IssueStatus.PUBLISHED or not pick.state.is_in:
            continue
        printed = thaw(issue)
        for section in printed.editions[0].sections if printed and printed.editions else ():
            ids = [item.story for item in section.items]
            if story.public_id in ids:
                place = ids.index(story.public_id) + 1
                found[issue.id] = PrintedAt(section=section.id, place=place, of=len(ids))
    return found


def _site(desk: Desk, story: Story) -> str:
    options = desk.options
    return {
        Shown.YES: f"it is shown, and in the combined feed while it is among the newest"
        f" {options.feed_limit} stories of {options.feed_days} days",
        Shown.REJECTED: "neither a page nor a feed has it: an editor dropped it",
        Shown.HELD: "neither a page nor a feed has it before its hour",
        Shown.NO_SECTION: "neither a page nor a feed has it: it is in no section, and publish.everything"
        " is off",
    }[shown_now(desk, story)]


# --- no story -------------------------------------------------------------------------------------


def _without_story(desk: Desk, issuers: Mapping[str, str], words: str) -> Whereabouts:
    items = desk.store.find_items(words)
    if not items and is_web(words):
        items = desk.store.find_items(canonical_url(words))
    if items:
        return _not_curated(items[-1])
    common = working_window(desk.series, desk.store.issue_heads(desk.series.id), desk.clock.now())
    since = common.start - (common.end - common.start) - timedelta(days=1)
    titles = () if is_web(words) else near_titles(desk, words, since)
    feeds = near_feeds(desk, issuers, words)
    return Whereabouts(
        reply=Reply(
            answer=Answer.NEVER_SEEN,
            says=f"never seen: no stored item has this {'link' if is_web(words) else 'title or id'}",
            do=_what_next(words, feeds, titles),
        ),
        feeds=feeds,
        titles=titles,
    )


def _not_curated(item: StoredItem) -> Whereabouts:
    seen = item.first_seen_at.astimezone(SEOUL)
    return Whereabouts(
        reply=Reply(
            answer=Answer.NOT_CURATED,
            says=f"seen on {seen:%Y-%m-%d %H:%M} KST in {item.item.feed_id}, but not folded into a"
            " story yet",
            do="aggregator refresh curates what is due, and so does the daemon within a minute",
            figures={"feed": item.item.feed_id, "section": None},
        ),
        item=item,
    )


def _what_next(words: str, feeds: Sequence[NearFeed], titles: Sequence[NearTitle]) -> str:
    if titles:
        return "ask again with the id, if one of the titles below is meant"
    ill = [one for one in feeds if one.report.health.is_ill]
    if ill:
        return f"aggregator status {ill[0].report.feed.id} shows what ails the feed, and what to do"
    off = [one for one in feeds if not one.report.feed.active]
    if feeds and len(off) == len(feeds):
        return f"switch {off[0].report.feed.id} on (active = true), if it is the one"
    if feeds:
        return (
            f"aggregator refresh {feeds[0].report.feed.id} visits it now; what its feed does not bring"
            " can be typed in with aggregator add"
        )
    if is_web(words):
        return f"aggregator discover {words} looks for a feed on that page"
    return "give its link: that says whose feed it should have come from"
