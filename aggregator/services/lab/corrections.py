"""What editors decided otherwise than the rules, story by story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from aggregator.domain.issues import Issue, IssueStatus, Pick, PickState, Series, Window
from aggregator.domain.stories import Placement, Story
from aggregator.issue.edition import day_of
from aggregator.ports.storing import Store
from aggregator.services.lab.agreement import prints, touches
from aggregator.services.lab.placing_twice import is_typed_in
from aggregator.services.many import chunks

_READ_TOGETHER = 200


class Kind(StrEnum):
    """How an editor's word stands to the rules'."""

    AGREED = "agreed"
    MISSED = "missed"
    MOVED = "moved"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An editor's last word on a story that came from a feed.

    ``placement`` is the live rules' of today, with its trace; ``section`` the editor's, None for a
    drop as unfit. ``by``, ``at`` and ``why`` are of the log's last line, empty where an issue was
    printed as the rules proposed it.
    """

    story: Story
    placement: Placement
    section: str | None
    kind: Kind
    by: str = ""
    at: datetime | None = None
    why: str = ""

    @property
    def day(self) -> date | None:
        """The story's printed day."""
        return day_of(self.story)

    @property
    def title(self) -> str:
        """Its headline."""
        return self.story.primary.item.title


def editors_decisions(
    store: Store, series: Series, span: Window, place: Callable[[Story], Placement]
) -> list[Decision]:
    """The decisions in the issues whose windows touch ``span``, in the order of the stories.

    What was left out for want of room is none, nor is what an editor typed in. A later issue has
    the last word.
    """
    picks: dict[int, Pick] = {}
    for issue in store.issues(series.id):
        if touches(issue.window, span):
            for pick in store.picks(issue.id):
                if _is_decided(issue, pick):
                    picks[pick.story_id] = pick
    return [
        _decision(store, series, story, picks[story.id], place(story))
        for story in _stories(store, list(picks))
        if not is_typed_in(story)
    ]


def _stories(store: Store, ids: list[int]) -> Iterator[Story]:
    for chunk in chunks(ids, _READ_TOGETHER):
        yield from store.shown_stories(ids=chunk)


def _is_decided(issue: Issue, pick: Pick) -> bool:
    if pick.state is PickState.PROPOSED:
        return issue.status is IssueStatus.PUBLISHED
    return pick.state in {PickState.ACCEPTED, PickState.DROPPED}


def _decision(
    store: Store, series: Series, story: Story, pick: Pick, placement: Placement
) -> Decision:
    section = None if pick.state is PickState.DROPPED else pick.section
    log = store.edits(f"pick:{pick.issue_id}:{story.public_id}")
    last = log[-1] if log else None
    return Decision(
        story=story,
        placement=placement,
        section=section,
        kind=kind_of(series, placement.section, section),
        by=last.actor if last else "",
        at=last.at if last else None,
        why=last.cause if last else "",
    )


def kind_of(series: Series, rules: str | None, editor: str | None) -> Kind:
    """How an editor's section (None: dropped) stands to the rules' (None: in none)."""
    if editor is None:
        return Kind.AGREED if rules is None else Kind.DROPPED
    if rules is None:
        return Kind.MISSED
    return Kind.AGREED if prints(series, rules, editor) else Kind.MOVED
