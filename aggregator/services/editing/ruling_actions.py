"""What a split or a merge changed, kept so that it can be undone: verdicts, stories, and the picks that
went from one story to another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aggregator.domain.editing import Action, ActionKind, Change, Kept, SetAside
from aggregator.domain.issues import Edit
from aggregator.domain.stories import Verdict
from aggregator.services.desk import Desk
from aggregator.services.editing.cells import cells_of
from aggregator.services.editing.one_change import one_change

MEMBERS = "members"
VERDICTS, STORIES, BEFORE, AFTER = "verdicts", "stories", "before", "after"
WAITED, WAITS = "waited", "waits"
"""What of the stories was set aside for later before, and after."""

Pair = tuple[int, int]
PickKey = tuple[int, int]
"""An issue and a story, by their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is said of pairs of items: verdicts, those that go, the stories that items go to at once
    (None: curation gives them one); and the ``stories`` whose picks may change hands."""

    verdicts: Sequence[Verdict]
    forgotten: Collection[Pair] = ()
    moved: Mapping[int, int | None] = field(default_factory=dict)
    stories: Sequence[int] = ()


def ruling_action(
    desk: Desk, kind: ActionKind, line: Edit, decision: Decision, issue_id: int | None
) -> Action:
    """A decision as an action, as things stand before it is carried out."""
    pairs = {verdict.pair for verdict in decision.verdicts} | {*decision.forgotten}
    before = verdicts_on(desk, pairs)
    of = story_ids(desk, decision.moved)
    after = [kept_verdict(verdict) for verdict in decision.verdicts]
    change = Change(
        edit=line,
        old={VERDICTS: before, STORIES: _by_name(of), "pairs": sorted(map(list, pairs))},
        new={
            VERDICTS: sorted(after, key=str),
            STORIES: _by_name(decision.moved),
            "pairs": sorted(map(list, pairs)),
        },
    )
    note = {
        "of": [*decision.stories],
        BEFORE: kept_picks(desk, decision.stories),
        WAITED: kept_aside(desk, decision.stories),
    }
    return one_change(change, kind, issue_id=issue_id, note=note)


def note_outcome(desk: Desk, action: Action) -> None:
    """Keep which picks the stories have after an action, and what of them is set aside."""
    note = dict(action.note or {})
    told = note.get("of")
    stories = [one for one in told if isinstance(one, int)] if isinstance(told, list) else []
    then = {AFTER: kept_picks(desk, stories), WAITS: kept_aside(desk, stories)}
    desk.store.note_action(action.id, note | then)


def kept_picks(desk: Desk, story_ids: Collection[int]) -> list[object]:
    """All picks of these stories with their texts, as undo puts them back."""
    if not story_ids:
        return []
    found: list[object] = []
    issues = {
        issue.id for one in story_ids for issue, _ in desk.store.picks_of_story(desk.series.id, one)
    }
    for issue_id in sorted(issues):
        picks = [one for one in desk.store.picks(issue_id) if one.story_id in story_ids]
        found += [[issue_id, pick.story_id, cells_of(pick)] for pick in picks]
    return found


def picks_in(kept: object) -> dict[PickKey, Mapping[str, Kept]]:
    """What ``kept_picks`` kept, by issue and story."""
    return {(one[0], one[1]): one[2] for one in kept} if isinstance(kept, list) else {}


def kept_aside(desk: Desk, story_ids: Collection[int]) -> list[object]:
    """Where these stories are set aside for later, as undo puts it back."""
    return [
        [one.issue_id, one.story_id, one.at.astimezone(UTC).isoformat(), one.by]
        for one in desk.store.put_off(story_ids)
    ]


def aside_in(kept: object) -> dict[PickKey, SetAside]:
    """What ``kept_aside`` kept, by issue and story."""
    rows = kept if isinstance(kept, list) else []
    return {
        (issue, story): SetAside(
            issue_id=issue, story_id=story, at=datetime.fromisoformat(at), by=by
        )
        for issue, story, at, by in rows
    }


def verdicts_on(desk: Desk, pairs: Collection[Pair]) -> list[object]:
    """The verdicts on these pairs, as undo puts them back."""
    items = {one for pair in pairs for one in pair}
    said = desk.store.verdicts(items) if items else []
    return sorted((kept_verdict(one) for one in said if one.pair in pairs), key=str)


def kept_verdict(verdict: Verdict) -> list[object]:
    """A verdict as JSON."""
    at = verdict.at.astimezone(UTC).isoformat()
    return [verdict.item_a, verdict.item_b, verdict.same, verdict.by, at, verdict.reason]


def verdict_from(kept: Sequence[object]) -> Verdict:
    """What ``kept_verdict`` kept."""
    a, b, same, by, at, reason = kept
    return Verdict(
        item_a=int(str(a)),
        item_b=int(str(b)),
        same=bool(same),
        by=str(by),
        at=datetime.fromisoformat(str(at)),
        reason=str(reason),
    )


def story_ids(desk: Desk, item_ids: Collection[int]) -> dict[int, int | None]:
    """The stories that these items are in now, by id."""
    return {item_id: one.story_id for item_id, one in desk.store.placed(item_ids).items()}


def _by_name(stories: Mapping[int, int | None]) -> dict[str, int | None]:
    return {str(item_id): story for item_id, story in sorted(stories.items())}
