"""Issues, picks and the log of edits in the store."""
# ruff: noqa: SIM300 - the expected value stands on the left

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from aggregator.domain.errors import Conflict, IllegalTransition, NotFound
from aggregator.domain.issues import (
    Edit,
    Issue,
    IssueStatus,
    Origin,
    Pick,
    PickField,
    PickState,
    PickText,
    Window,
)
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW, make_item, take_in, tell

LATER = NOW + timedelta(hours=1)
FEBRUARY = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
JANUARY = Window(start=date(2024, 1, 1), end=date(2024, 1, 31))
SNAPSHOT = {"number": 48, "sections": [{"id": "issue", "label": "스마트시티 이슈"}]}


def _open(store: SqlStore, window: Window = FEBRUARY, series: str = "smart-city") -> Issue:
    return store.open_issue(series, window, date(2024, 3, 4), NOW)


def _stories(store: SqlStore, *names: str) -> list[int]:
    items = take_in(store, *(make_item(name) for name in names))
    return [tell(store, name, [item]).id for name, item in zip(names, items, strict=True)]


def _pick(issue: Issue, story_id: int, **changes: object) -> Pick:
    pick = Pick(
        issue_id=issue.id,
        story_id=story_id,
        section="trend",
        state=PickState.ACCEPTED,
        origin=Origin.EDITOR,
        version=0,
    )
    return replace(pick, **changes)  # type: ignore[arg-type]


def _edit(new: str) -> Edit:
    return Edit(at=NOW, actor="kim", target="pick/1", field="headline", old="", new=new)


def test_an_issue_is_opened_once_per_window(store: SqlStore) -> None:
    """Opening again gives the issue that is there; issues come in the order of their windows."""
    february = _open(store)
    january = _open(store, JANUARY)
    other = _open(store, series="other")
    assert february == _open(store)
    assert [january, february] == store.issues("smart-city")
    assert [other] == store.issues("other")
    assert (IssueStatus.DRAFT, None, FEBRUARY, NOW) == (
        february.status,
        february.number,
        february.window,
        february.opened_at,
    )


def test_a_window_may_take_a_skipped_one_in(store: SqlStore) -> None:
    """A longer window that begins on the same day is another issue."""
    skipped = store.skip_issue(_open(store, JANUARY).id, LATER)
    both = _open(store, Window(start=JANUARY.start, end=FEBRUARY.end))
    assert IssueStatus.SKIPPED == skipped.status
    assert [skipped, both] == store.issues("smart-city")


def test_a_pick_comes_back_with_its_texts(store: SqlStore) -> None:
    """Texts keep their order, origin and source; what is stored has the next version."""
    issue, (story_id,) = _open(store), _stories(store, "a")
    texts = (
        PickText(language="ko", field=PickField.HEADLINE, text="제목", origin=Origin.EDITOR),
        PickText(
            language="en",
            field=PickField.HEADLINE,
            text="Headline",
            origin=Origin.MACHINE,
            of="제목",
            source_rev=2,
            fuzzy=True,
        ),
    )
    pick = _pick(issue, story_id, texts=texts, position=3, why="core")
    store.save_pick(pick, [])
    assert [replace(pick, version=1)] == store.picks(issue.id)
    shorter = replace(pick, version=1, texts=texts[1:], state=PickState.DROPPED)
    store.save_pick(shorter, [])
    assert [replace(shorter, version=2)] == store.picks(issue.id)


def test_a_stale_pick_is_a_conflict(store: SqlStore) -> None:
    """A pick that was read before somebody else's change is refused with its log lines."""
    issue, (story_id,) = _open(store), _stories(store, "a")
    pick = _pick(issue, story_id)
    store.save_pick(pick, [_edit("one")])
    with pytest.raises(Conflict, match="pick of story a was changed"):
        store.save_pick(replace(pick, section="news"), [_edit("two")])
    assert [_edit("one")] == store.edits("pick/1")
    assert ["trend"] == [kept.section for kept in store.picks(issue.id)]


def test_a_pick_that_was_never_made_is_a_conflict(store: SqlStore) -> None:
    """A version above 0 needs a stored pick."""
    issue, (story_id,) = _open(store), _stories(store, "a")
    with pytest.raises(Conflict):
        store.save_pick(_pick(issue, story_id, version=1), [])
    assert [] == store.picks(issue.id)


def test_one_of_two_editors_wins(store: SqlStore) -> None:
    """Of simultaneous changes to the same version exactly one is written."""
    issue, (story_id,) = _open(store), _stories(store, "a")

    def save(name: str) -> bool:
        try:
            store.save_pick(_pick(issue, story_id, why=name), [_edit(name)])
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        won = list(threads.map(save, "abcd"))
    assert 1 == sum(won)
    assert ["abcd"[won.index(True)]] == [edit.new for edit in store.edits("pick/1")]


def test_picks_need_issue_and_story(store: SqlStore) -> None:
    """What does not exist cannot be picked, nor picked for."""
    issue, (story_id,) = _open(store), _stories(store, "a")
    with pytest.raises(NotFound, match="no story"):
        store.save_pick(_pick(issue, story_id + 1), [])
    with pytest.raises(NotFound, match="no issue"):
        store.save_pick(replace(_pick(issue, story_id), issue_id=issue.id + 1), [])


def test_a_proposal_fills_free_places_once(store: SqlStore) -> None:
    """Editors' picks stay, free places are filled, a second proposal writes nothing."""
    issue = _open(store)
    one, two, three = _stories(store, "a", "b", "c")
    mine = _pick(issue, one, state=PickState.DROPPED, why="old")
    store.save_pick(mine, [])
    proposed = [
        _pick(issue, story_id, state=PickState.PROPOSED, origin=Origin.RULES)
        for story_id in (one, three, two)
    ]
    assert store.save_proposal(issue.id, proposed[:2], LATER)
    assert not store.save_proposal(issue.id, proposed, LATER)
    assert [replace(mine, version=1), replace(proposed[1], version=1)] == store.picks(issue.id)
    assert [LATER] == [kept.proposed_at for kept in store.issues("smart-city")]


def test_only_a_draft_is_proposed(store: SqlStore) -> None:
    """A published issue takes no proposal."""
    issue, (story_id,) = _open(store), _stories(store, "a")
    store.publish_issue(issue.id, number=48, snapshot={}, published_at=NOW)
    assert not store.save_proposal(issue.id, [_pick(issue, story_id)], LATER)
    assert [] == store.picks(issue.id)


def test_publishing_freezes_number_and_print(store: SqlStore) -> None:
    """A published issue has its number, its time and the snapshot as given."""
    issue = _open(store)
    published = store.publish_issue(issue.id, number=48, snapshot=SNAPSHOT, published_at=LATER)
    expected = replace(
        issue,
        status=IssueStatus.PUBLISHED,
        number=48,
        snapshot=SNAPSHOT,
        published_at=LATER,
        version=2,
    )
    assert expected == published
    assert [expected] == store.issues("smart-city")


def test_a_print_is_replaced_only_after_publication(store: SqlStore) -> None:
    """The frozen print can be frozen anew, with number and time kept; a draft has none."""
    issue = _open(store)
    with pytest.raises(IllegalTransition, match="only a published one"):
        store.replace_snapshot(issue.id, SNAPSHOT)
    published = store.publish_issue(issue.id, number=48, snapshot={}, published_at=LATER)
    expected = replace(published, snapshot=SNAPSHOT, version=3)
    assert expected == store.replace_snapshot(issue.id, SNAPSHOT)
    assert [expected] == store.issues("smart-city")


def test_only_a_draft_is_published_or_skipped(store: SqlStore) -> None:
    """Published stays published and skipped stays skipped."""
    issue, skipped = _open(store), store.skip_issue(_open(store, JANUARY).id, NOW)
    store.publish_issue(issue.id, number=48, snapshot={}, published_at=NOW)
    for done in (issue, skipped):
        with pytest.raises(IllegalTransition, match="only a draft can be published"):
            store.publish_issue(done.id, number=49, snapshot={}, published_at=NOW)
        with pytest.raises(IllegalTransition, match="only a draft can be skipped"):
            store.skip_issue(done.id, NOW)


def test_a_number_is_given_once_per_series(store: SqlStore) -> None:
    """The same number is a conflict within a series and free in another."""
    store.publish_issue(_open(store).id, number=48, snapshot={}, published_at=NOW)
    january = _open(store, JANUARY)
    with pytest.raises(Conflict, match="number 48 of smart-city is taken"):
        store.publish_issue(january.id, number=48, snapshot={}, published_at=NOW)
    assert january in store.issues("smart-city")
    other = _open(store, series="other")
    assert 48 == store.publish_issue(other.id, number=48, snapshot={}, published_at=NOW).number


def test_an_unknown_issue_is_not_found(store: SqlStore) -> None:
    """There is nothing to publish, skip or propose without an issue."""
    with pytest.raises(NotFound, match="no issue with the id 7"):
        store.publish_issue(7, number=1, snapshot={}, published_at=NOW)
    with pytest.raises(NotFound):
        store.skip_issue(7, NOW)
    with pytest.raises(NotFound):
        store.save_proposal(7, [], NOW)


def test_picked_stories_of_published_issues(store: SqlStore) -> None:
    """Only what stands in a published issue counts; the latest issue is named."""
    january, february, other = (
        _open(store, JANUARY),
        _open(store),
        _open(store, series="other"),
    )
    one, two, three = _stories(store, "a", "b", "c")
    store.save_pick(_pick(february, one), [])
    store.save_pick(_pick(january, one), [])
    store.save_pick(_pick(january, two, state=PickState.DROPPED), [])
    store.save_pick(_pick(other, three), [])
    assert {} == store.picked_stories("smart-city")
    for number, issue in enumerate((january, february, other)):
        store.publish_issue(issue.id, number=number, snapshot={}, published_at=NOW)
    assert {one: february.id} == store.picked_stories("smart-city")
    assert {three: other.id} == store.picked_stories("other")


def test_the_log_is_read_oldest_first(store: SqlStore) -> None:
    """Lines come in the order they were written, of one target only."""
    issue, (story_id,) = _open(store), _stories(store, "a")
    elsewhere = replace(_edit("z"), target="pick/2", cause="undo")
    store.save_pick(_pick(issue, story_id), [_edit("b"), elsewhere, _edit("a")])
    assert ["b", "a"] == [edit.new for edit in store.edits("pick/1")]
    assert [elsewhere] == store.edits("pick/2")
