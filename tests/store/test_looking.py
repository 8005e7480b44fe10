"""Where stories are, what is kept of feeds, and a visit that is asked for; the same in both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from aggregator.domain.issues import Edit, IssueStatus, Origin, Pick, PickState, Window
from aggregator.domain.searching import Wanted
from aggregator.domain.visits import FeedState, Payload
from aggregator.ports.looking import InIssue, KeptDocument, LastChange
from aggregator.ports.refreshing import RefreshPlan
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW, make_item, make_visit, take_in, tell

WINDOW = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))


def picked(store: SqlStore, story_id: int, state: PickState = PickState.ACCEPTED) -> int:
    """Put a story into the issue, with a line in the log; the issue's id."""
    issue = store.open_issue("s", WINDOW, date(2024, 3, 4), NOW)
    pick = Pick(
        issue_id=issue.id,
        story_id=story_id,
        section="trend",
        state=state,
        origin=Origin.EDITOR,
        why="so",
        version=0,
    )
    edits = [
        Edit(at=NOW, actor="kim", target=f"pick:{issue.id}:x", field=field, old="", new="")
        for field in ("state", "section")
    ]
    store.save_pick(pick, edits)
    return issue.id


def test_a_story_is_told_where_it_is(store: SqlStore) -> None:
    """Its pick in each issue of the series, and nothing for others."""
    story = tell(store, "a", take_in(store, make_item("a")))
    issue_id = picked(store, story.id)
    row = InIssue(
        story_id=story.id,
        issue_id=issue_id,
        status=IssueStatus.DRAFT,
        number=None,
        section="trend",
        state=PickState.ACCEPTED,
        why="so",
        version=1,
    )

    assert [row] == store.in_issues("s", [story.id])
    assert [] == store.in_issues("s", [story.id + 1]) == store.in_issues("other", [story.id])


def test_the_last_change_of_a_field_is_told(store: SqlStore) -> None:
    """Of this field alone; the last one of several."""
    story = tell(store, "a", take_in(store, make_item("a")))
    target = f"pick:{picked(store, story.id)}:x"
    (pick,) = store.picks(int(target.split(":")[1]))
    later = NOW + timedelta(hours=1)
    edit = Edit(at=later, actor="lee", target=target, field="state", old="", new="")
    store.save_pick(pick, [edit])

    assert {target: LastChange("lee", later)} == store.last_changes([target, "other"], "state")
    assert {target: LastChange("kim", NOW)} == store.last_changes([target], "section")
    assert {} == store.last_changes([], "state")


def test_a_search_is_narrowed_by_office_and_issue(store: SqlStore) -> None:
    """The office of the primary item; what an issue has in it. No office at all is nothing."""
    one, other = (
        tell(store, f"story-{key}", take_in(store, replace(make_item(key), body=key)))
        for key in ("molit", "msit")
    )
    issue_id = picked(store, one.id)
    picked(store, other.id, PickState.DROPPED)
    while store.index_stories(10):
        pass
    wanted = Wanted(needs=[[("스마", "마트", "트도", "도시")]], depth=1)

    def found(**more: object) -> set[int]:
        asked = replace(wanted, **more)  # type: ignore[arg-type]
        return {one.story_id for one in store.candidates(asked, below=None, most=9)}

    assert {one.id, other.id} == found() == found(issued_by=("molit", "msit"))
    assert {other.id} == found(issued_by=("msit", "nobody"))
    assert set() == found(issued_by=()) == found(issue_id=issue_id + 1)
    assert {one.id} == found(issue_id=issue_id) == found(issue_id=issue_id, issued_by=("molit",))


def test_kept_documents_are_listed_without_their_bodies(store: SqlStore) -> None:
    """The newest first, and no more than asked for."""
    take_in(store, make_item("a"))
    for hour in (1, 2):
        at = NOW + timedelta(hours=hour)
        store.apply_refresh(
            RefreshPlan(feed_id="molit", seen_at=at),
            FeedState(feed_id="molit"),
            make_visit(),
            payloads=[
                Payload(feed_id="molit", seen_at=at, body=b"x" * hour, media_type="text/xml")
            ],
        )
    kept = [KeptDocument(NOW + timedelta(hours=hour), hour, "text/xml", "", "") for hour in (2, 1)]

    assert kept == store.kept_documents("molit", 9)
    assert kept[:1] == store.kept_documents("molit", 1)
    assert [] == store.kept_documents("seoul", 9)


def test_a_visit_can_be_asked_for(store: SqlStore) -> None:
    """Nothing else of the state changes; a feed without one is due anyway."""
    take_in(store, make_item("a"))
    now = datetime(2024, 3, 4, 1, tzinfo=UTC)
    before = replace(
        store.feed_states()["molit"], next_check_at=now + timedelta(days=1), suspended_at=now
    )
    store.record_visit(before, make_visit())
    store.visit_soon("molit", now)
    store.visit_soon("seoul", now)

    asked = replace(before, next_check_at=now, suspended_at=None)
    assert asked == store.feed_states()["molit"]
