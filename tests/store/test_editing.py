"""Actions, standings, comments and the inbox in the store, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import text

from aggregator.domain.editing import (
    Action,
    ActionKind,
    Change,
    Comment,
    LogFilter,
    PickWrite,
    SetAside,
    Stage,
    Standing,
    Step,
    Undecided,
    Wanted,
)
from aggregator.domain.errors import Conflict, IllegalTransition, NotFound
from aggregator.domain.issues import Edit, Issue, Origin, Pick, PickState, Window
from aggregator.domain.items import EventFacts
from aggregator.domain.stories import Placement
from aggregator.store.engine import open_database
from aggregator.store.schema import migration_config, open_store
from aggregator.store.sql import SqlStore
from tests.fixtures.records import NOW, make_item, on_day, take_in, tell

FEBRUARY = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
LATER = NOW + timedelta(hours=1)


def _open(store: SqlStore) -> Issue:
    return store.open_issue("smart-city", FEBRUARY, date(2024, 3, 4), NOW)


def _story(store: SqlStore, name: str = "a") -> int:
    return tell(store, name, take_in(store, make_item(name))).id


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


def _change(field: str = "state", version: int = 1, **changes: object) -> Change:
    edit = Edit(
        at=NOW, actor="kim", target="pick:1:a", field=field, old="", new="accepted", cause="why"
    )
    change = Change(
        edit=edit, old=None, new={"state": "accepted", "why": "국토부"}, version=version
    )
    return replace(change, **changes)  # type: ignore[arg-type]


def _action(issue: Issue | None = None, **changes: object) -> Action:
    action = Action(
        actor="kim",
        at=NOW,
        kind=ActionKind.ACCEPT,
        target="pick:1:a",
        issue_id=issue.id if issue is not None else None,
        changes=(_change(),),
    )
    return replace(action, **changes)  # type: ignore[arg-type]


def _write(pick: Pick, **changes: object) -> PickWrite:
    write = PickWrite(
        issue_id=pick.issue_id, story_id=pick.story_id, version=pick.version, after=pick
    )
    return replace(write, **changes)  # type: ignore[arg-type]


def _stand(store: SqlStore, issue: Issue, stage: Stage) -> None:
    standing = Standing(stage=stage, by="chief", at=NOW, version=issue.version)
    action = _action(issue, kind=ActionKind.APPROVE, target=f"issue:{issue.id}", changes=())
    store.act(Step(action=action, standing=standing))


def test_an_action_is_kept_with_its_changes(store: SqlStore) -> None:
    """As it was given, with an id; the pick and the issue go on to the next version."""
    issue = _open(store)
    done = store.act(Step(action=_action(issue), picks=(_write(_pick(issue, _story(store))),)))

    kept = store.action(done.action.id)
    assert _action(issue, id=done.action.id) == kept
    assert ([1], 2, 2) == (
        [one.version for one in store.picks(issue.id)],
        done.issue_version,
        store.issue(issue.id).version,
    )


def test_a_pick_is_taken_away_and_goes_on_from_its_version(store: SqlStore) -> None:
    """A page that shows the first one is told that there is another."""
    issue = _open(store)
    pick = _pick(issue, _story(store))
    store.act(Step(action=_action(issue), picks=(_write(pick),)))
    gone = _action(issue, changes=(_change(version=2),))
    store.act(Step(action=gone, picks=(_write(pick, version=1, after=None),)))
    assert [] == store.picks(issue.id)

    store.act(Step(action=_action(issue), picks=(_write(pick),)))

    assert [3] == [one.version for one in store.picks(issue.id)]


def test_another_version_is_a_conflict(store: SqlStore) -> None:
    """Then nothing is written, the log neither."""
    issue = _open(store)
    pick = _pick(issue, _story(store))
    store.act(Step(action=_action(issue), picks=(_write(pick),)))

    with pytest.raises(Conflict, match=r"version 1, not 0"):
        store.act(Step(action=_action(issue), picks=(_write(pick),)))

    assert 1 == len(store.log_lines(LogFilter(), before=0, size=9))


def test_an_issue_that_is_no_draft_is_not_changed(store: SqlStore) -> None:
    """Nor does it move on."""
    issue = _open(store)
    store.skip_issue(issue.id, NOW)

    with pytest.raises(IllegalTransition, match="only a draft can be changed"):
        store.act(Step(action=_action(issue), picks=(_write(_pick(issue, _story(store))),)))


def test_an_undone_action_is_marked_and_not_undone_twice(store: SqlStore) -> None:
    """An undo of an undo lets the first action count again."""
    issue = _open(store)
    first = store.act(Step(action=_action(issue))).action
    back = _action(issue, kind=ActionKind.UNDO, undoes=first.id)
    undo = store.act(Step(action=back)).action
    assert undo.id == getattr(store.action(first.id), "undone_by", None)
    with pytest.raises(Conflict, match="undone meanwhile"):
        store.act(Step(action=back))

    redo = store.act(Step(action=_action(issue, kind=ActionKind.REDO, undoes=undo.id))).action

    kinds = {ActionKind.ACCEPT.value}
    assert first.id == getattr(store.newest_action(issue.id, "kim", kinds), "id", None)
    assert redo.id == getattr(store.action(undo.id), "undone_by", None)


def test_what_changed_since_a_version(store: SqlStore) -> None:
    """With who did it, oldest first."""
    issue = _open(store)
    for version, actor in enumerate(("kim", "lee", "park"), start=1):
        edit = replace(_change().edit, actor=actor)
        change = _change(version=version, edit=edit)
        store.act(Step(action=_action(issue, actor=actor, changes=(change,))))

    assert [("lee", 2), ("park", 3)] == [
        (action.actor, change.version) for action, change in store.changes_since("pick:1:a", 1)
    ]
    assert 3 == store.last_version("pick:1:a")


@pytest.mark.parametrize("stage", [Stage.APPROVED, Stage.SCHEDULED])
def test_a_written_pick_reopens_an_approved_issue(store: SqlStore, stage: Stage) -> None:
    """Whichever way it is written; the log says why."""
    issue, story = _open(store), _story(store)
    _stand(store, issue, stage)
    done = store.act(Step(action=_action(issue), picks=(_write(_pick(issue, story)),)))
    assert done.reopened
    assert Stage.DRAFT is store.standings([issue.id])[issue.id].stage

    _stand(store, issue, stage)
    store.save_pick(_pick(issue, story, version=1), [_change().edit])

    assert Stage.DRAFT is store.standings([issue.id])[issue.id].stage
    lines = store.log_lines(LogFilter(kind=ActionKind.REOPEN), before=0, size=9)
    assert ["state of pick:1:a", f"accept state of pick:1:a (action {done.action.id})"] == [
        line.edit.cause for line in lines
    ]


def test_a_step_from_a_stage_that_it_has_left_is_a_conflict(store: SqlStore) -> None:
    """Two cannot move an issue on at once."""
    issue = _open(store)
    _stand(store, issue, Stage.IN_REVIEW)
    standing = Standing(stage=Stage.APPROVED)

    with pytest.raises(Conflict, match="is in-review meanwhile, not draft"):
        store.act(Step(action=_action(issue), standing=standing, stage_from=Stage.DRAFT))


def test_a_standing_is_kept_whole(store: SqlStore) -> None:
    """With its hour, in UTC."""
    issue = _open(store)
    standing = Standing(
        stage=Stage.SCHEDULED,
        by="chief",
        at=NOW,
        note="good",
        publish_at=datetime(2024, 3, 4, 1, tzinfo=UTC),
        accepted_by="chief",
        version=1,
    )
    store.act(Step(action=_action(issue), standing=standing))

    assert {issue.id: standing} == store.standings([issue.id])


def test_comments(store: SqlStore) -> None:
    """A new one gets an id, under which its action is kept; a withdrawn one is not listed."""
    issue = _open(store)
    comment = Comment(id=0, issue_id=issue.id, story="a", at=NOW, by="kim", text="왜?")
    done = store.act(Step(action=_action(issue), comment=comment))

    (kept,) = store.comments(issue.id)
    assert (replace(comment, id=kept.id), f"comment:{kept.id}") == (kept, done.action.target)
    assert {done.action.target} == {one.edit.target for one in done.action.changes}
    store.act(Step(action=_action(issue), comment=replace(kept, withdrawn=True)))
    assert [] == store.comments(issue.id)


def test_the_log_by_issue_story_and_person(store: SqlStore) -> None:
    """Lines of the issue, of its picks and of its comments."""
    issue = _open(store)
    comment = Comment(id=0, issue_id=issue.id, story="a", at=NOW, by="lee", text="why?")
    edit = _change().edit
    said = _change("text", edit=replace(edit, actor="lee", target="comment:0", field="text"))
    store.act(Step(action=_action(issue)))
    store.act(Step(action=_action(issue, actor="lee", changes=(said,)), comment=comment))
    other = replace(edit, target="pick:11:b")
    store.save_proposal(issue.id, [], NOW)
    store.decide_pairs([], now=NOW, edits=[replace(edit, target="story:a"), other])

    def fields(wanted: LogFilter) -> list[str]:
        return [line.edit.target for line in store.log_lines(wanted, before=0, size=9)]

    assert ["comment:1", "pick:1:a"] == fields(LogFilter(issue_id=issue.id))
    assert ["story:a", "comment:1", "pick:1:a"] == fields(LogFilter(story="a"))
    assert ["comment:1"] == fields(LogFilter(actor="lee"))
    assert ["kim", "lee"] == store.log_actors()


def test_an_issue_without_its_print(store: SqlStore) -> None:
    """What decides about windows reads no more; an unknown one is not found."""
    issue = _open(store)
    store.publish_issue(
        issue.id, number=48, version=issue.version, snapshot={"a": 1}, published_at=NOW
    )

    (head,) = store.issue_heads("smart-city")
    assert (None, 48, head) == (head.snapshot, head.number, store.issue(issue.id))
    with pytest.raises(NotFound):
        store.issue(99)


# --- the inbox ------------------------------------------------------------------------------------


def _wanted(issue: Issue, **changes: object) -> Wanted:
    wanted = Wanted(
        issue_id=issue.id,
        series="smart-city",
        sections=("issue", "trend", "literature", "news"),
        papers=("literature",),
        events=("news",),
        window=FEBRUARY,
        issue_on=date(2024, 3, 4),
        earliest=date(2024, 1, 3),
    )
    return replace(wanted, **changes)  # type: ignore[arg-type]


def _placed(
    store: SqlStore, name: str, section: str = "trend", score: float = 3.0, **facts: object
) -> int:
    item = replace(make_item(name), published=on_day(date(2024, 2, 10)))
    story = tell(store, name, take_in(store, replace(item, **facts)))  # type: ignore[arg-type]
    placement = Placement(section=section, score=score, ruleset="r")
    store.save_placements({story.id: placement}, NOW)
    return story.id


def _rows(store: SqlStore, wanted: Wanted) -> list[int]:
    return [one.story_id for one in store.undecided(wanted, after=None, size=99)]


def test_the_order_of_the_inbox_and_its_pages(store: SqlStore) -> None:
    """Section, score, day, id; each page begins behind a row."""
    issue = _open(store)
    second = _placed(store, "a", score=2.0)
    old = _placed(store, "b", published=on_day(date(2024, 2, 9)))
    first = _placed(store, "c", "issue", 1.0)
    new = _placed(store, "d")

    wanted = _wanted(issue)
    assert [first, new, old, second] == _rows(store, wanted)
    after = Undecided(story_id=new, section="trend", score=3.0, day=date(2024, 2, 10))
    assert [old] == [one.story_id for one in store.undecided(wanted, after=after, size=1)]
    assert {"issue": 1, "trend": 3} == store.count_undecided(wanted)


def test_events_papers_and_what_has_no_date(store: SqlStore) -> None:
    """By an event's last day, and by first sight since the issue before was filled."""
    issue = _open(store)
    event = EventFacts(name="e", starts_on=date(2024, 3, 1), ends_on=date(2024, 3, 4))
    over = replace(event, ends_on=date(2024, 3, 3))
    coming = _placed(store, "a", "news", event=event)
    undated = _placed(store, "b", "news", event=event, published=None)
    _placed(store, "c", "news", event=over)
    paper = _placed(store, "d", "literature", published=on_day(date(2020, 1, 1)))
    release = _placed(store, "e", published=None)

    assert {coming, undated, paper, release} == {*_rows(store, _wanted(issue))}
    seen = _wanted(issue, since=NOW + timedelta(days=1))
    assert {coming, undated} == {*_rows(store, seen)}


def test_what_came_too_late_for_the_issue_before(store: SqlStore) -> None:
    """From the days that it covered, not from a window that was given up."""
    issue = _open(store)
    day = date(2024, 1, 20)
    late = _placed(store, "a", published=on_day(day))

    since = NOW - timedelta(days=1)
    assert [] == _rows(store, _wanted(issue))
    assert [late] == _rows(store, _wanted(issue, since=since, given_up=day))
    assert [] == _rows(store, _wanted(issue, since=since, given_up=day - timedelta(days=1)))


def test_a_placement_that_goes_takes_its_row(store: SqlStore) -> None:
    """What the rules place nowhere is no candidate; nor is a story whose items went."""
    issue = _open(store)
    story, other = _placed(store, "a"), _placed(store, "b")
    store.save_placements({story: Placement(section=None, score=0.0, ruleset="r")}, NOW)
    (item,) = store.member_ids([other])[other]
    store.decide_pairs([], now=LATER, moved={item: story})

    assert [] == _rows(store, _wanted(issue))


def test_what_is_set_aside_is_told_from_the_rest(store: SqlStore) -> None:
    """In the issue in which it was, until it is taken up again."""
    issue = _open(store)
    later, rest = _placed(store, "a"), _placed(store, "b")
    aside = SetAside(issue_id=issue.id, story_id=later, at=NOW, by="kim")
    store.act(Step(action=_action(issue, kind=ActionKind.LATER), aside=aside))

    assert frozenset({later}) == store.aside(issue.id)
    assert [later] == _rows(store, _wanted(issue, aside=True))
    assert [rest] == _rows(store, _wanted(issue, aside=False))
    assert {"trend": 2} == store.count_undecided(_wanted(issue))
    taken_up = replace(aside, is_set=False)
    store.act(Step(action=_action(issue, kind=ActionKind.LATER), aside=taken_up))
    assert frozenset() == store.aside(issue.id)


def test_a_story_that_lost_its_members_is_found_again(store: SqlStore) -> None:
    """Where its first member is, as long as it has none itself."""
    heir, gone = _placed(store, "a"), _placed(store, "b")
    names = store.public_ids([heir, gone])
    [story] = store.stories(ids=[gone])
    [member] = story.members
    store.decide_pairs([], now=NOW, moved={member.id: heir})
    assert {names[gone]: names[heir]} == store.heirs([*names.values(), "nobody"])

    store.decide_pairs([], now=NOW, moved={member.id: gone})

    assert {} == store.heirs([*names.values()])


def test_what_was_set_aside_waits_with_the_story_that_has_its_first_member(store: SqlStore) -> None:
    """Its own row stays, so that it waits again where it comes back; the merged one waits once."""
    issue = _open(store)
    heir, gone = _placed(store, "a"), _placed(store, "b")
    mine = SetAside(issue_id=issue.id, story_id=gone, at=NOW, by="kim")
    store.act(Step(action=_action(issue, kind=ActionKind.LATER), aside=mine))
    [story] = store.stories(ids=[gone])
    [member] = story.members

    store.decide_pairs([], now=NOW, moved={member.id: heir})

    assert [replace(mine, story_id=heir), mine] == store.put_off([heir, gone])
    store.restore_aside([replace(mine, story_id=heir, is_set=False)])
    assert [mine] == store.put_off([heir, gone])


def test_candidates_are_filled_by_the_upgrade(url: str) -> None:
    """A desk that is brought up to date has its inbox at once."""
    store = open_store(url)
    issue = _open(store)
    event = EventFacts(name="e", starts_on=date(2024, 3, 1), ends_on=date(2024, 3, 9))
    stories = [_placed(store, "a"), _placed(store, "b", "news", event=event)]
    _placed(store, "c", "news", event=replace(event, ends_on=date(2024, 3, 2)))
    store.close()
    database = open_database(url)
    with database.writing() as connection:
        made_since = ("set_aside", "former_heads")
        for table in (
            "action_edits",
            "actions",
            "standings",
            "comments",
            "candidates",
            *made_since,
        ):
            connection.execute(text(f"DROP TABLE {table}"))
        for index in (
            "edits_actor_id",
            "items_link",
            "items_canonical_url",
            "items_guid",
            "items_long_titles",
            "items_body",
        ):
            connection.execute(text(f"DROP INDEX ix_{index}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0013'"))
        config = migration_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    database.close()

    again = open_store(url)
    assert stories == _rows(again, _wanted(issue))
    again.close()
