"""What came of a ruling: the stories as they are then, and notes about their places in issues."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from aggregator.curate.copies.rulings import Told
from aggregator.domain.issues import Issue, IssueStatus, Pick
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import Story
from aggregator.services.desk import Desk
from aggregator.services.editing.remarks import Remark


def stories_of(desk: Desk, items: Iterable[StoredItem]) -> tuple[Story, ...]:
    """The stories that hold these items now, those of the earliest days last."""
    ids = story_of(desk, [one.id for one in items])
    return tuple(desk.store.stories(ids={one for one in ids.values() if one is not None}))


def story_of(desk: Desk, item_ids: Collection[int]) -> dict[int, int | None]:
    """The story of each of these items, by id."""
    found = desk.store.items_by_id(item_ids)
    return {item_id: item.story_id for item_id, item in found.items()}


def not_as_told(desk: Desk, told: Told) -> list[Remark]:
    """A note where the stories are not as said yet, as another process folded them meanwhile."""
    held = story_of(desk, {one for pair in told.pairs for one in pair})
    if all((held[a] == held[b]) is same for (a, b), same in told.pairs.items()):
        return []
    text = "the stories are not as said yet: aggregator refresh curates what is due"
    return [Remark(code="not_as_told", text=text)]


def stays_note(issue: Issue, pick: Pick, title: str, story: str) -> Remark:
    """An issue has the story that something was taken out of."""
    text = (
        f"{issue_name(issue)} has the story that stays, “{title}” ({story}, {pick.state}); what was"
        " taken out is in no issue"
    )
    values = {"issue": issue.number or 0, "title": title, "state": pick.state}
    return Remark(code="stays", text=text, values=values)


def section_notes(before: Sequence[Story], after: Sequence[Story]) -> list[Remark]:
    """A note where a merged story is in another section than the one that keeps its id was, or
    in none although one of them was in some: rules look at the item that represents it."""
    merged = next((one for one in after if one.id == before[0].id), None)
    if merged is None:
        return []
    section = section_of(merged)
    lost = [one for one in before if section_of(one) not in {None, section}]
    if not lost or (section is not None and lost[0] is not before[0]):
        return []
    was = lost[0]
    now = merged.primary.item
    told = f"“{was.primary.item.title}” was in {section_of(was)}; the merged story is in"
    told += f" {section or 'no section'}, as the rules see it by “{now.title}” ({now.feed_id}),"
    values = {"title": was.primary.item.title, "was": section_of(was), "section": section or ""}
    return [Remark(code="other_section", text=f"{told} which represents it", values=values)]


def section_of(story: Story) -> str | None:
    """The section in which rules place a story."""
    return story.placement.section if story.placement else None


def title_of(stories: Iterable[Story], story: Story) -> str:
    """The headline of a story as it is now."""
    found = next((one for one in stories if one.id == story.id), story)
    return found.primary.item.title


def issue_name(issue: Issue) -> str:
    """An issue as a note calls it."""
    return f"No. {issue.number}" if issue.number else f"the draft over {issue.window.start:%Y-%m}"


def is_printed(picks: Iterable[tuple[Issue, Pick]]) -> bool:
    """Whether a published issue prints one of these picks."""
    return any(issue.status is IssueStatus.PUBLISHED and pick.state.is_in for issue, pick in picks)


def pick_notes(
    desk: Desk,
    heir: Story,
    others: Sequence[Story],
    before: Mapping[int, Sequence[tuple[Issue, Pick]]],
) -> list[Remark]:
    """A note for each issue in which one of the others had a pick."""
    after = {issue.id: pick for issue, pick in desk.store.picks_of_story(desk.series.id, heir.id)}
    own = {issue.id for issue, _ in before[heir.id]}
    notes: list[Remark] = []
    for other in others:
        for issue, pick in before[other.id]:
            kept = after.get(issue.id)
            title = other.primary.item.title
            told = f"{issue_name(issue)} had “{title}” ({pick.state})"
            if kept is None:
                continue
            code = "one_stays" if issue.id in own else "takes_place"
            if issue.id in own:
                told += f" and the other one as well: one of the two stays ({kept.state})"
            else:
                told += f": the merged story has its place ({kept.state})"
                own.add(issue.id)
            values = {"issue": issue.number or 0, "title": title, "state": kept.state}
            notes.append(Remark(code=code, text=told, values=values))
    return notes
