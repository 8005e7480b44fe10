"""What two rule sets, each alone, would propose for one issue: what comes in, what goes, and what has
a section now and yet finds no place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from aggregator.issue.choices import Choice, Selection
from aggregator.ports.storing import Store

NO_SECTION = "no section has it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A story of an issue: by its public id, with the section and why it has a place or none."""

    story: str
    section: str
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalChange:
    """``came`` are proposed by the other rules alone, ``gone`` by the live ones alone, with what
    keeps them out now. ``unplaced`` come into another section by the other rules, and find no place
    in it."""

    came: tuple[Proposal, ...]
    gone: tuple[Proposal, ...]
    unplaced: tuple[Proposal, ...]


def proposal_change(store: Store, old: Selection, new: Selection) -> ProposalChange:
    """What becomes of an issue, each in printed order."""
    was, now = _by_story(old.proposed), _by_story(new.proposed)
    left = _by_story((*new.waiting, *new.late))
    placed = _by_story((*old.proposed, *old.waiting, *old.late))
    came = [one for key, one in now.items() if key not in was]
    gone = [one for key, one in was.items() if key not in now]
    unplaced = [
        one
        for key, one in left.items()
        if key not in was and _home(placed.get(key)) != one.candidate.section
    ]
    named = {one.candidate.story_id for one in (*came, *gone, *unplaced)}
    titles = _titles(store, named)
    return ProposalChange(
        came=tuple(_told(one, one.why, titles) for one in came),
        gone=tuple(_told(one, _now(left.get(one.candidate.story_id)), titles) for one in gone),
        unplaced=tuple(_told(one, one.why, titles) for one in unplaced),
    )


def _by_story(choices: Collection[Choice]) -> dict[int, Choice]:
    return {one.candidate.story_id: one for one in choices}


def _home(choice: Choice | None) -> str | None:
    """The section of the rules, wherever it overflows to."""
    return choice.candidate.section if choice else None


def _now(choice: Choice | None) -> str:
    return choice.why if choice else NO_SECTION


def _told(choice: Choice, why: str, titles: Mapping[int, str]) -> Proposal:
    one = choice.candidate
    return Proposal(
        story=one.public_id, section=choice.section, title=titles.get(one.story_id, ""), why=why
    )


def _titles(store: Store, ids: Collection[int]) -> dict[int, str]:
    found = store.shown_stories(ids=ids) if ids else []
    return {one.id: one.primary.item.title for one in found}
