"""Verdicts in the store, and what becomes of the picks of stories that are no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from aggregator.domain.issues import (
    Edit,
    Issue,
    Origin,
    Pick,
    PickField,
    PickState,
    PickText,
    Window,
)
from aggregator.domain.stories import Story, Verdict
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW, make_item, take_in, tell

LATER = NOW + timedelta(hours=1)
LINE = Edit(at=NOW, actor="kim", target="story:a", field="members", old="a | b", new="a")


def two_stories(store: SqlStore) -> tuple[Story, Story]:
    one, other = take_in(store, make_item("a"), make_item("b"))
    return tell(store, "a", [one]), tell(store, "b", [other])


def opened(store: SqlStore) -> Issue:
    window = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
    return store.open_issue("smart-city", window, date(2024, 3, 4), NOW)


def text(words: str) -> PickText:
    return PickText(language="en", field=PickField.HEADLINE, text=words, origin=Origin.EDITOR)


def pick(issue: Issue, story: Story, state: PickState) -> Pick:
    return Pick(
        issue_id=issue.id,
        story_id=story.id,
        section="trend",
        state=state,
        origin=Origin.EDITOR,
        texts=(text(story.public_id),),
        version=0,
    )


def joined(store: SqlStore, into: Story, other: Story) -> None:
    """Move what is in one story into another one."""
    store.decide_pairs([], now=LATER, moved={one.id: into.id for one in other.members})


def verdict(one: Story, other: Story, *, same: bool) -> Verdict:
    a, b = sorted((one.primary.id, other.primary.id))
    return Verdict(item_a=a, item_b=b, same=same, by="kim", at=NOW)


def test_a_decision_is_one_transaction(store: SqlStore) -> None:
    """Verdicts, what is forgotten, the log; and the items are due."""
    one, other = two_stories(store)
    said = verdict(one, other, same=True)
    store.save_verdicts([said])

    store.decide_pairs([replace(said, same=False)], now=LATER, edits=[LINE])

    assert [replace(said, same=False)] == store.verdicts() == store.verdicts([one.primary.id])
    assert [LINE] == store.edits("story:a")
    assert list(said.pair) == store.uncurated_ids()
    store.decide_pairs([], now=LATER, forgotten=[said.pair])
    assert [] == store.verdicts()


def test_an_item_may_leave_its_story_for_none(store: SqlStore) -> None:
    """The next member represents the story then, and readers learn of it."""
    items = take_in(store, make_item("a"), make_item("b"))
    story = tell(store, "a", items)

    store.decide_pairs([], now=LATER, moved={items[0].id: None})

    (left,) = store.stories()
    assert (story.id, [items[1].id], LATER) == (
        left.id,
        [one.id for one in left.members],
        left.primary_changed_at,
    )
    assert store.items_by_id([items[0].id])[items[0].id].story_id is None


def test_picks_go_where_the_items_went(store: SqlStore) -> None:
    """With their texts; the issue has another version, and the log of the pick is one."""
    (one, other), issue = two_stories(store), opened(store)
    store.save_pick(
        pick(issue, other, PickState.ACCEPTED), [replace(LINE, target=f"pick:{issue.id}:b")]
    )
    before = opened(store).version

    joined(store, one, other)

    (mine,) = store.picks(issue.id)
    assert (one.id, PickState.ACCEPTED, (text("b"),)) == (mine.story_id, mine.state, mine.texts)
    assert before + 1 == opened(store).version
    log = store.edits(f"pick:{issue.id}:a")
    assert [("members", "kim"), ("story", "curation")] == [(e.field, e.actor) for e in log]


def test_the_stronger_of_two_picks_stays(store: SqlStore) -> None:
    """With its own texts, and the other one is with the story that nobody sees."""
    (one, other), issue = two_stories(store), opened(store)
    store.save_pick(pick(issue, one, PickState.DROPPED), [])
    store.save_pick(pick(issue, other, PickState.ACCEPTED), [])

    joined(store, one, other)

    found = {p.story_id: (p.state, p.texts) for p in store.picks(issue.id)}
    assert (PickState.ACCEPTED, (text("b"),)) == found[one.id]
    assert (PickState.DROPPED, (text("a"),)) == found[other.id]


def test_of_two_like_picks_the_storys_own_stays(store: SqlStore) -> None:
    """And the log says that there were two."""
    (one, other), issue = two_stories(store), opened(store)
    for story in (one, other):
        store.save_pick(pick(issue, story, PickState.ACCEPTED), [])

    joined(store, one, other)

    assert (text("a"),) == next(p.texts for p in store.picks(issue.id) if p.story_id == one.id)
    (line,) = store.edits(f"pick:{issue.id}:a")
    assert "which was accepted itself" in line.cause
