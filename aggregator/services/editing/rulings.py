"""Rulings: what editors say of stories as a whole, split and merge, remembered and taken back.

A ruling is the verdicts that one command said at one instant. Later arrivals and other rules respect
it; a later verdict on the same pair replaces the earlier.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from aggregator.curate.copies.fold_stories import Known, fold_component
from aggregator.curate.copies.rulings import Told, told_by_merge, told_by_split
from aggregator.domain.editing import Action, ActionKind
from aggregator.domain.errors import NotFound, UsageError
from aggregator.domain.issues import Edit
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import Story, Verdict
from aggregator.services.curation.curate import Curator
from aggregator.services.desk import Desk
from aggregator.services.editing.find import find_one
from aggregator.services.editing.members import find_member
from aggregator.services.editing.remarks import Remark
from aggregator.services.editing.ruling_actions import Decision, note_outcome, ruling_action
from aggregator.services.editing.ruling_notes import (
    is_printed,
    not_as_told,
    pick_notes,
    section_notes,
    stays_note,
    stories_of,
    title_of,
)

_ID_LENGTH = 8
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The verdicts that ``by`` said at one instant (UTC), with the reason; ``items`` are those that
    they are about, by id, and ``stories`` the public ids of their stories."""

    id: str
    by: str
    at: datetime
    reason: str
    verdicts: tuple[Verdict, ...]
    items: Mapping[int, StoredItem]
    stories: Mapping[int, str]

    @property
    def is_split(self) -> bool:
        """Whether it tells items apart; else it only joins."""
        return any(not verdict.same for verdict in self.verdicts)

    @property
    def pairs(self) -> list[tuple[bool, StoredItem, StoredItem]]:
        """Whether which two items are the same, the earlier item first, in an order in which nothing
        depends on arrival."""
        found = []
        for verdict in self.verdicts:
            a, b = sorted((self.items[one] for one in verdict.pair), key=_place)
            found.append((verdict.same, a, b))
        return sorted(found, key=lambda pair: (_place(pair[1]), _place(pair[2])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrouped:
    """What the stories are after a ruling, or after one was taken back. ``ruling`` is its id;
    ``notes`` tell of picks and of what an editor may not expect."""

    ruling: str
    stories: tuple[Story, ...]
    notes: tuple[Remark, ...] = ()
    action: int = 0


def split(
    desk: Desk,
    curator: Curator,
    words: str,
    members: Sequence[str],
    *,
    reason: str = "",
    issue_id: int | None = None,
) -> Regrouped:
    """Take the named members out of a story, into one of their own.

    The story keeps its public id, its picks and what was printed of it; what was taken out is a new
    story. ``issue_id`` is the issue in whose making it is said. Raises NotFound, Ambiguous, and
    UsageError where nothing would stay or be taken.
    """
    story = find_one(desk, words)
    taken = _named(story, members)
    rest = [one for one in story.members if one not in taken]
    _check_rest(story, rest)
    at = _free_instant(desk)
    said = desk.store.verdicts([one.id for one in story.members])
    told = told_by_split(
        [one.id for one in taken],
        [one.id for one in rest],
        said=said,
        kin=_kin(curator, rest, said),
    )
    decision = Decision(
        verdicts=_verdicts(desk, told, at, reason),
        moved=dict.fromkeys((one.id for one in taken), None),
    )
    line = _line(desk, story, rest, at, reason or "split")
    made = ruling_action(desk, ActionKind.SPLIT, line, decision, issue_id)
    named = _named_once(desk, at, story.members, "split")
    action = _decide(desk, curator, decision, made, named)
    found = stories_of(desk, story.members)
    notes = not_as_told(desk, told) + [
        stays_note(issue, pick, title_of(found, story), story.public_id)
        for issue, pick in desk.store.picks_of_story(desk.series.id, story.id)
    ]
    return Regrouped(
        ruling=ruling_id(desk.actor, at), stories=found, notes=tuple(notes), action=action
    )


def merge(
    desk: Desk,
    curator: Curator,
    words: Sequence[str],
    *,
    reason: str = "",
    issue_id: int | None = None,
) -> Regrouped:
    """Make one story of several, against every rule.

    The one that a published issue has printed stays, else the first named; it keeps its public id,
    and the picks of the others become its own. ``issue_id`` as in ``split``. Raises NotFound,
    Ambiguous, and UsageError where the words name one story alone.
    """
    stories = _several(desk, words)
    picks = {one.id: desk.store.picks_of_story(desk.series.id, one.id) for one in stories}
    heir = next((one for one in stories if is_printed(picks[one.id])), stories[0])
    others = [one for one in stories if one is not heir]
    everything = [member for one in (heir, *others) for member in one.members]
    at = _free_instant(desk)
    told = told_by_merge(
        [[member.id for member in one.members] for one in (heir, *others)],
        said=desk.store.verdicts([member.id for member in everything]),
    )
    decision = Decision(
        verdicts=_verdicts(desk, told, at, reason),
        forgotten=told.forgotten,
        moved={member.id: heir.id for one in others for member in one.members},
        stories=[one.id for one in stories],
    )
    made = ruling_action(
        desk,
        ActionKind.MERGE,
        _line(desk, heir, everything, at, reason or "merged"),
        decision,
        issue_id,
    )
    action = _decide(desk, curator, decision, made, _named_once(desk, at, everything, "merged"))
    found = stories_of(desk, everything)
    notes = (
        *not_as_told(desk, told),
        *section_notes((heir, *others), found),
        *pick_notes(desk, heir, others, picks),
    )
    return Regrouped(ruling=ruling_id(desk.actor, at), stories=found, notes=notes, action=action)


def _several(desk: Desk, words: Sequence[str]) -> list[Story]:
    """The stories that the words name, each once. Raises UsageError where they are one."""
    stories = list({story.id: story for story in (find_one(desk, one) for one in words)}.values())
    if len(stories) == 1:
        raise UsageError(
            f"these words name one story, {stories[0].primary.item.title!r}: name two or more"
        )
    return stories


def _check_rest(story: Story, rest: Sequence[StoredItem]) -> None:
    """Raise UsageError where nothing of a story would stay."""
    if not rest:
        one = len(story.members) == 1
        raise UsageError(
            f"{story.primary.item.title!r} has only this one member: there is nothing to split"
            if one
            else "all members are named: nothing would stay in the story (name those to take out)"
        )


def _decide(desk: Desk, curator: Curator, decision: Decision, made: Action, named: Edit) -> int:
    """Carry a decision out, with its line that names it, and curate what it is about; its action."""
    action = desk.store.decide_pairs(
        decision.verdicts,
        now=made.at,
        forgotten=decision.forgotten,
        moved=decision.moved,
        edits=[named],
        action=made,
    )
    curator.curate()
    note_outcome(desk, replace(made, id=action))
    return action


def rulings(desk: Desk, words: str | None = None) -> list[Ruling]:
    """Every ruling that holds in part at least, the newest first; of one story those that are about
    a member of it. Raises NotFound and Ambiguous."""
    said = desk.store.verdicts()
    if words is not None:
        mine = {member.id for member in find_one(desk, words).members}
        about = {_key(v) for v in said if not mine.isdisjoint(v.pair)}
        said = [verdict for verdict in said if _key(verdict) in about]
    items = desk.store.items_by_id({one for verdict in said for one in verdict.pair})
    names = desk.store.public_ids({i.story_id for i in items.values() if i.story_id is not None})
    by_ruling: defaultdict[tuple[datetime, str], list[Verdict]] = defaultdict(list)
    for verdict in said:
        by_ruling[_key(verdict)].append(verdict)
    return [
        Ruling(
            id=ruling_id(by, at),
            by=by,
            at=at,
            reason=verdicts[0].reason,
            verdicts=tuple(verdicts),
            items={one: items[one] for verdict in verdicts for one in verdict.pair},
            stories={
                one: names[story]
                for verdict in verdicts
                for one in verdict.pair
                if (story := items[one].story_id) is not None
            },
        )
        for (at, by), verdicts in sorted(by_ruling.items(), reverse=True)
    ]


def forget(desk: Desk, curator: Curator, ids: Sequence[str]) -> Regrouped:
    """Take rulings back, so that the rules decide again. What an earlier ruling said of the same pair
    does not come back. Raises NotFound for an id of none; then nothing is changed."""
    known = {one.id: one for one in rulings(desk)}
    if unknown := [one for one in ids if one not in known]:
        raise NotFound(
            f"no ruling has the id {', '.join(unknown)} (aggregator verdicts lists them)"
        )
    chosen = [known[one] for one in dict.fromkeys(ids)]
    touched = {item.id: item for one in chosen for item in one.items.values()}
    now = desk.clock.now()
    desk.store.decide_pairs(
        [],
        now=now,
        forgotten=[verdict.pair for one in chosen for verdict in one.verdicts],
        edits=[
            Edit(
                at=now,
                actor=desk.actor,
                target=f"ruling:{one.id}",
                field="verdicts",
                old=_names(one.items.values()),
                new="",
                cause="forgotten",
            )
            for one in chosen
        ],
    )
    curator.curate()
    return Regrouped(
        ruling=", ".join(one.id for one in chosen), stories=stories_of(desk, touched.values())
    )


def ruling_id(by: str, at: datetime) -> str:
    """What names the ruling that somebody said at an instant."""
    text = f"{by}\x00{round(at.timestamp() * 1_000_000)}"
    return hashlib.sha256(text.encode()).hexdigest()[:_ID_LENGTH]


# --- words ----------------------------------------------------------------------------------------


def _place(stored: StoredItem) -> tuple[date, str, str]:
    return stored.day, stored.item.feed_id, stored.item.key


def _key(verdict: Verdict) -> tuple[datetime, str]:
    return verdict.at, verdict.by


def _named(story: Story, members: Sequence[str]) -> list[StoredItem]:
    """The members that these words name, each once, in the order of the story."""
    named = {find_member(story, words).id for words in members}
    return [one for one in story.members if one.id in named]


def _kin(
    curator: Curator, rest: Sequence[StoredItem], said: Iterable[Verdict]
) -> list[tuple[int, ...]]:
    """The stories that these items would be by themselves."""
    if len(rest) == 1:
        return [(rest[0].id,)]
    neighbours = curator.neighbours()
    facts = neighbours.features_of(rest)
    plan = fold_component(
        rest,
        features=facts,
        boilerplate_leads=neighbours.boilerplate({one.lead_key for one in facts.values()}),
        authority={},
        known=Known(verdicts=tuple(said)),
        strangers=neighbours.strangers([one.id for one in rest]),
    )
    return [draft.item_ids for draft in plan.stories]


def _free_instant(desk: Desk) -> datetime:
    """The present, or the first instant after it at which this editor has said nothing yet, nothing
    that was taken back or replaced either: an instant names a ruling, and names it for good."""
    at = desk.clock.now()
    taken = {verdict.at for verdict in desk.store.verdicts() if verdict.by == desk.actor}
    while at in taken or desk.store.edits(f"ruling:{ruling_id(desk.actor, at)}"):
        at += _TICK
    return at


def _verdicts(desk: Desk, told: Told, at: datetime, reason: str) -> list[Verdict]:
    return [
        Verdict(item_a=a, item_b=b, same=same, by=desk.actor, at=at, reason=reason)
        for (a, b), same in sorted(told.pairs.items())
    ]


def _named_once(desk: Desk, at: datetime, items: Iterable[StoredItem], cause: str) -> Edit:
    """The line of the log by which the ruling's id is known for good, also when it is taken back or
    another one replaces it."""
    return Edit(
        at=at,
        actor=desk.actor,
        target=f"ruling:{ruling_id(desk.actor, at)}",
        field="verdicts",
        old="",
        new=_names(items),
        cause=cause,
    )


def _line(desk: Desk, story: Story, after: Iterable[StoredItem], at: datetime, cause: str) -> Edit:
    """The line of the log: a story's members as they were, and those ``after``."""
    return Edit(
        at=at,
        actor=desk.actor,
        target=f"story:{story.public_id}",
        field="members",
        old=_names(story.members),
        new=_names(after),
        cause=cause,
    )


def _names(items: Iterable[StoredItem]) -> str:
    return " | ".join(f"{one.item.feed_id} {one.item.key}" for one in items)
