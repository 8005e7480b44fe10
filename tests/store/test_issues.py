"""Issues, picks and the log of edits in the store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

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
from aggregator.domain.stories import Fingered
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW, make_item, take_in, tell

LATER = NOW + timedelta(hours=1)
FEBRUARY = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
JANUARY = Window(start=date(2024, 1, 1), end=date(2024, 1, 31))
SNAPSHOT: dict[str, object] = {
    "number": 48,
    "sections": [{"id": "issue", "label": "스마트시티 이슈"}],
}


def _open(store: SqlStore, window: Window = FEBRUARY, series: str = "smart-city") -> Issue:
    return store.open_issue(series, window, date(2024, 3, 4), NOW)


def _publish(
    store: SqlStore,
    issue: Issue,
    *,
    number: int = 48,
    snapshot: dict[str, object] | None = None,
    at: datetime = NOW,
) -> Issue:
    """Publish the issue as it is stored now."""
    return store.publish_issue(
        issue.id,
        number=number,
        version=_version(store, issue),
        snapshot=snapshot or {},
        published_at=at,
    )


def _version(store: SqlStore, issue: Issue) -> int:
    return next(one.version for one in store.issues(issue.series) if one.id == issue.id)


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
    """A published or skipped issue takes no proposal and no pick."""
    (story_id,) = _stories(store, "a")
    published = _publish(store, _open(store))
    for done in (published, store.skip_issue(_open(store, JANUARY).id, NOW)):
        with pytest.raises(IllegalTransition, match="only a draft can be filled"):
            store.save_proposal(done.id, [_pick(done, story_id)], LATER)
        with pytest.raises(IllegalTransition, match="only a draft can be changed"):
            store.save_pick(_pick(done, story_id), [_edit("one")])
        assert [] == store.picks(done.id)
    assert [] == store.edits("pick/1")


def test_every_pick_raises_the_issues_version(store: SqlStore) -> None:
    """So that a print made before the change is not published after it."""
    issue, (one, two) = _open(store), _stories(store, "a", "b")
    store.save_pick(_pick(issue, one), [])
    assert 2 == _version(store, issue)
    store.save_picks([(_pick(issue, one, version=1), []), (_pick(issue, two), [])])
    assert 3 == _version(store, issue)
    store.save_proposal(issue.id, [], LATER)
    assert 4 == _version(store, issue)
    with pytest.raises(Conflict, match="changed while it was being published; publish again"):
        store.publish_issue(issue.id, number=48, version=3, snapshot={}, published_at=NOW)
    assert [IssueStatus.DRAFT] == [kept.status for kept in store.issues("smart-city")]
    assert 5 == _publish(store, issue).version


def test_picks_are_saved_all_or_none(store: SqlStore) -> None:
    """When one is stale the others are not written either, nor is the log or the version."""
    issue, (one, two) = _open(store), _stories(store, "a", "b")
    with pytest.raises(Conflict):
        store.save_picks(
            [(_pick(issue, one), [_edit("one")]), (_pick(issue, two, version=1), [_edit("two")])]
        )
    assert ([], [], 1) == (store.picks(issue.id), store.edits("pick/1"), _version(store, issue))


TEXT = PickText(language="en", field=PickField.HEADLINE, text="Headline", origin=Origin.EDITOR)


def test_a_published_issue_takes_texts_and_a_print(store: SqlStore) -> None:
    """Of a pick nothing else is written; its version and the issue's go up."""
    issue, (story_id,) = _open(store), _stories(store, "a")
    store.save_pick(_pick(issue, story_id), [])
    published = _publish(store, issue, at=LATER)
    moved = _pick(issue, story_id, version=1, section="news", texts=(TEXT,))
    kept = store.save_texts(
        issue.id, [(moved, [_edit("one")])], version=published.version, snapshot=SNAPSHOT
    )
    expected = replace(published, snapshot=SNAPSHOT, version=published.version + 1)
    assert expected == kept
    assert [expected] == store.issues("smart-city")
    assert [_pick(issue, story_id, version=2, texts=(TEXT,))] == store.picks(issue.id)
    assert [_edit("one")] == store.edits("pick/1")


def test_texts_are_saved_all_or_none(store: SqlStore) -> None:
    """A stale issue, a stale pick and a story without pick leave everything as it was."""
    issue, (one, two) = _open(store), _stories(store, "a", "b")
    store.save_pick(_pick(issue, one), [])
    good = _pick(issue, one, version=1, texts=(TEXT,))
    for changes, version, error in (
        ([(good, [])], 1, Conflict),
        ([(good, []), (_pick(issue, two, version=1), [])], 2, Conflict),
        ([(good, []), (_pick(issue, two), [])], 2, NotFound),
    ):
        with pytest.raises(error):
            store.save_texts(issue.id, changes, version=version)
    assert [_pick(issue, one, version=1)] == store.picks(issue.id)
    assert 2 == _version(store, issue)


def test_a_print_belongs_to_a_published_issue(store: SqlStore) -> None:
    """A draft has texts and no print, a skipped issue neither."""
    draft, skipped = _open(store), store.skip_issue(_open(store, JANUARY).id, NOW)
    assert 2 == store.save_texts(draft.id, [], version=1).version
    with pytest.raises(IllegalTransition, match="only a published one's print"):
        store.save_texts(draft.id, [], version=2, snapshot=SNAPSHOT)
    with pytest.raises(IllegalTransition):
        store.save_texts(skipped.id, [], version=2)


def test_a_storys_picks_in_all_issues(store: SqlStore) -> None:
    """In the order of the windows, of one series."""
    (one, two) = _stories(store, "a", "b")
    february, january = _open(store), _open(store, JANUARY)
    store.save_picks([(_pick(february, one, why="x"), []), (_pick(february, two), [])])
    store.save_pick(_pick(january, one, state=PickState.DROPPED), [])
    store.save_pick(_pick(_open(store, series="other"), one), [])
    found = store.picks_of_story("smart-city", one)
    assert [(JANUARY, PickState.DROPPED), (FEBRUARY, PickState.ACCEPTED)] == [
        (issue.window, pick.state) for issue, pick in found
    ]
    assert [] == store.picks_of_story("smart-city", 99)


def test_decided_picks(store: SqlStore) -> None:
    """Proposals count once they are printed; the order is that of the windows."""
    stories = _stories(store, "a", "b", "c", "d")
    states = list(PickState)
    for window, series in ((FEBRUARY, "smart-city"), (JANUARY, "smart-city"), (JANUARY, "other")):
        issue = _open(store, window, series)
        picks = [
            _pick(issue, story, state=state) for story, state in zip(stories, states, strict=True)
        ]
        store.save_picks([(pick, []) for pick in picks])
    (january, _) = store.issues("smart-city")
    _publish(store, january)
    assert [
        *((IssueStatus.PUBLISHED, state) for state in states),
        *((IssueStatus.DRAFT, state) for state in states if state is not PickState.PROPOSED),
    ] == [(pick.status, pick.state) for pick in store.decided_picks("smart-city")]
    (first, *_) = stories
    assert {first} == {one.story_id for one in store.decided_picks("smart-city", [first])}


def test_publishing_freezes_number_and_print(store: SqlStore) -> None:
    """A published issue has its number, its time and the snapshot as given."""
    issue = _open(store)
    published = _publish(store, issue, snapshot=SNAPSHOT, at=LATER)
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


def test_only_a_draft_is_published_or_skipped(store: SqlStore) -> None:
    """Published stays published and skipped stays skipped."""
    issue, skipped = _open(store), store.skip_issue(_open(store, JANUARY).id, NOW)
    _publish(store, issue)
    for done in (issue, skipped):
        with pytest.raises(IllegalTransition, match="only a draft can be published"):
            _publish(store, done, number=49)
        with pytest.raises(IllegalTransition, match="only a draft can be skipped"):
            store.skip_issue(done.id, NOW)


def test_a_number_is_given_once_per_series(store: SqlStore) -> None:
    """The same number is a conflict within a series and free in another."""
    _publish(store, _open(store))
    january = _open(store, JANUARY)
    with pytest.raises(Conflict, match="number 48 of smart-city is taken"):
        _publish(store, january)
    assert january in store.issues("smart-city")
    other = _open(store, series="other")
    assert 48 == _publish(store, other).number


def test_an_unknown_issue_is_not_found(store: SqlStore) -> None:
    """There is nothing to publish, skip or propose without an issue."""
    with pytest.raises(NotFound, match="no issue with the id 7"):
        store.publish_issue(7, number=1, version=1, snapshot={}, published_at=NOW)
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
        _publish(store, issue, number=number)
    assert {one: february.id} == store.picked_stories("smart-city")
    assert {three: other.id} == store.picked_stories("other")


def test_the_log_is_read_oldest_first(store: SqlStore) -> None:
    """Lines come in the order they were written, of one target only."""
    issue, (story_id,) = _open(store), _stories(store, "a")
    elsewhere = replace(_edit("z"), target="pick/2", cause="undo")
    store.save_pick(_pick(issue, story_id), [_edit("b"), elsewhere, _edit("a")])
    assert ["b", "a"] == [edit.new for edit in store.edits("pick/1")]
    assert [elsewhere] == store.edits("pick/2")


def _echoes(store: SqlStore, issue: Issue, **more: object) -> list[tuple[int, str]]:
    found = store.echoes([issue.id], **more)  # type: ignore[arg-type]
    return sorted((echo.story_id, echo.key) for echo in found)


def test_echoes_of_what_an_issue_prints(store: SqlStore) -> None:
    """Items of other stories that have the headline or the start of the lead; of all stories, or of
    these. What was dropped was not printed."""
    issue = _open(store)
    one, two, three, four, five = _stories(store, "a", "b", "c", "d", "e")
    said = {
        one: ("표준", 7),
        two: ("표준", 8),
        three: ("공원", 7),
        four: ("회의", 9),
        five: ("회의", 9),
    }
    members = {story.id: story.members for story in store.stories(ids=said)}
    store.save_fingerprints(
        [
            Fingered(
                item_id=members[story][0].id,
                day=NOW.date(),
                title=title,
                lead=lead,
                rank=0,
                bits=b"",
            )
            for story, (title, lead) in said.items()
        ]
    )
    store.save_pick(_pick(issue, one), [])
    store.save_pick(_pick(issue, four, state=PickState.DROPPED), [])

    assert [(two, "title:표준"), (three, "lead:7")] == _echoes(store, issue)
    assert [(two, "title:표준")] == _echoes(store, issue, story_ids=[two, five])
    assert [] == _echoes(store, issue, story_ids=[five])
    assert [] == _echoes(store, issue, story_ids=[])


def test_echoes_of_an_address(store: SqlStore) -> None:
    """A canonical address is heard again without any fingerprint."""
    issue = _open(store)
    page = "https://molit.example/page"
    one, two, other = take_in(
        store,
        make_item("a", canonical_url=page),
        make_item("b", feed_id="seoul", canonical_url=page),
        make_item("c"),
    )
    printed, again = tell(store, "s1", [one]), tell(store, "s2", [two])
    tell(store, "s3", [other])
    store.save_pick(_pick(issue, printed.id), [])

    assert [(again.id, f"address:{page}")] == _echoes(store, issue)


def test_what_nobody_said_is_no_echo(store: SqlStore) -> None:
    """Two items without address, headline and lead have nothing in common; nor have those of one
    story."""
    issue = _open(store)
    one, two, copy = take_in(store, *(make_item(key, canonical_url="") for key in "abc"))
    printed = tell(store, "s1", [one, copy])
    tell(store, "s2", [two])
    store.save_fingerprints(
        [
            Fingered(item_id=each.id, day=NOW.date(), title=title, lead=None, rank=0, bits=b"")
            for each, title in ((one, ""), (two, ""), (copy, "사본"))
        ]
    )
    store.save_pick(_pick(issue, printed.id), [])

    assert [] == _echoes(store, issue)


def test_a_draft_becomes_a_review_and_back(store: SqlStore) -> None:
    """With a line of the log each time; its version goes up; no other issue does."""
    january, february = _open(store, JANUARY), _open(store)
    assert not february.review
    review = store.set_review(february.id, review=True, edits=[_edit("true")])
    assert (True, february.version + 1) == (review.review, review.version)
    assert [january, review] == store.issues("smart-city")
    assert not store.set_review(february.id, review=False, edits=[]).review
    assert [_edit("true")] == store.edits("pick/1")


def test_only_a_draft_becomes_a_review(store: SqlStore) -> None:
    """What is out stays as it was, and nothing is logged."""
    published = _publish(store, _open(store))
    with pytest.raises(IllegalTransition, match="only a draft can be made a review"):
        store.set_review(published.id, review=True, edits=[_edit("true")])
    assert ([published], []) == (store.issues("smart-city"), store.edits("pick/1"))
