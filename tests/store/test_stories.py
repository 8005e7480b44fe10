"""Curation, stories and placements in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from aggregator.domain.errors import Conflict
from aggregator.domain.issues import Section, Shape
from aggregator.domain.items import SEOUL, EventFacts, StoredItem
from aggregator.domain.stories import (
    RELATED_MAX,
    CurationPlan,
    DayPrint,
    DaySheet,
    Fingered,
    Membership,
    Placement,
    Story,
    StoryDraft,
    Verdict,
)
from aggregator.domain.visits import FeedState
from aggregator.ports.refreshing import Moved, RefreshPlan
from aggregator.ports.storing import Compared, Placed
from aggregator.store.sql import SqlStore
from tests.fixtures.records import (
    NOW,
    make_feed,
    make_item,
    make_visit,
    on_day,
    take_in,
    tell,
)

LATER = NOW + timedelta(hours=1)
PLACED = Placement(section="trend", score=3.5, ruleset="r1", trace={"hits": [["도시", 2]]})


def _change(store: SqlStore, item: StoredItem) -> None:
    changed = replace(item.item, title="바뀐 제목", hash="other")
    plan = RefreshPlan(feed_id=item.item.feed_id, seen_at=LATER, changed=(changed,))
    store.apply_refresh(plan, FeedState(feed_id=item.item.feed_id), make_visit(at=LATER))


def _write(store: SqlStore, *drafts: StoryDraft, emptied: tuple[int, ...] = ()) -> list[int]:
    return store.apply_curation(CurationPlan(stories=drafts, emptied=emptied), LATER)


def _again(story: Story, *members: StoredItem) -> StoryDraft:
    return StoryDraft(
        id=story.id,
        public_id=story.public_id,
        item_ids=tuple(one.id for one in members),
        memberships=tuple(Membership(item_id=one.id, rule="first") for one in members),
    )


def _member(item: StoredItem, story_id: int) -> StoredItem:
    """The item as a story has it."""
    return replace(item, story_id=story_id, item=replace(item.item, raw={}))


def test_uncurated_items_in_arrival_order(store: SqlStore) -> None:
    """What was not curated comes by day, feed and key, whatever order it was fetched in."""
    early, late = on_day(date(2024, 2, 1)), on_day(date(2024, 2, 2))
    take_in(
        store,
        make_item("z", published=late),
        make_item("b", feed_id="seoul", published=early),
        make_item("B", published=early),
        make_item("a", published=early),
    )
    found = store.items_by_id(store.uncurated_ids())
    assert ["B", "a", "b", "z"] == [found[one].item.key for one in store.uncurated_ids()]


def test_curated_until_the_next_revision(store: SqlStore) -> None:
    """An item is due once per revision; marking an older one loses to a newer."""
    (item,) = take_in(store, make_item("a"))
    tell(store, "s1", [item])
    assert [] == store.uncurated_ids()
    _change(store, item)
    assert [item.id] == store.uncurated_ids()
    store.apply_curation(CurationPlan(stories=(), curated={item.id: 1}), LATER)
    assert [item.id] == store.uncurated_ids()
    store.apply_curation(CurationPlan(stories=(), curated={item.id: 2}), LATER)
    assert [] == store.uncurated_ids()


def test_the_days_of_stories(store: SqlStore) -> None:
    """Of each story in the order of ``stories``, both ends of the span included; a story without a
    date has the day on which it was first seen, one without members is left out."""
    early, late, none, gone = take_in(
        store,
        make_item("a", published=on_day(date(2024, 2, 1))),
        make_item("b", published=on_day(date(2024, 2, 3))),
        make_item("c"),
        make_item("d", published=on_day(date(2024, 2, 2))),
    )
    ids = {
        name: tell(store, name, [one]).id
        for name, one in {"s1": early, "s2": late, "s3": none, "s4": gone}.items()
    }
    plan = CurationPlan(stories=(), emptied=(ids["s4"],))
    store.apply_curation(plan, LATER)

    seen = NOW.astimezone(SEOUL).date()
    everything = [(ids["s3"], seen), (ids["s2"], date(2024, 2, 3)), (ids["s1"], date(2024, 2, 1))]
    assert everything == store.story_days()
    assert [one.id for one in store.stories()] == [one for one, _ in everything]
    assert everything[1:2] == store.story_days(since=date(2024, 2, 2), until=date(2024, 2, 3))


def test_what_is_made_due_is_curated_anew(store: SqlStore) -> None:
    """An item whose decision no longer holds is due until it is decided at its revision again."""
    item, other = take_in(store, make_item("a"), make_item("b"))
    tell(store, "s1", [item, other])
    store.make_due([item.id])
    assert [item.id] == store.uncurated_ids()
    store.apply_curation(CurationPlan(stories=(), curated={item.id: 1}), LATER)
    assert [] == store.uncurated_ids()


def test_what_is_compared_of_an_item(store: SqlStore) -> None:
    """Its summary, else its content, so much as is compared; its canonical address, else its link;
    where it stands. In the order of the ids, whatever was asked for first."""
    whole, bare, long = take_in(
        store,
        make_item("a", published=on_day(date(2024, 2, 1))),
        make_item("b", published=on_day(date(2024, 2, 2)), summary="", canonical_url=""),
        make_item("c", published=on_day(date(2024, 2, 2)), summary="긴" * 20_001),
    )
    story = tell(store, "s1", [whole])
    first = Compared(
        place=Placed(
            id=whole.id,
            rev=1,
            story_id=story.id,
            day=date(2024, 2, 1),
            feed_id="molit",
            key="a",
        ),
        address="https://molit.example/a",
        title="스마트도시 a",
        text="첫 문단",
        body=whole.item.body,
        at=None,
        summary_length=len("첫 문단"),
    )
    second = Compared(
        place=Placed(
            id=bare.id, rev=1, story_id=None, day=date(2024, 2, 2), feed_id="molit", key="b"
        ),
        address="https://molit.example/b?from=rss",
        title="스마트도시 b",
        text="<p>첫 문단</p>",
        body=bare.item.body,
        at=None,
        summary_length=0,
    )
    assert [first, second] == store.compared([bare.id, 99, whole.id])
    assert {whole.id: first.place, bare.id: second.place} == store.placed([bare.id, 99, whole.id])
    assert ["긴" * 20_000] == [one.text for one in store.compared([long.id])]


def test_a_story_comes_back_as_it_was_written(store: SqlStore) -> None:
    """Members, reasons, relations and public id survive; members name their story."""
    one, two, other = take_in(
        store, make_item("a"), make_item("b", feed_id="seoul"), make_item("c", feed_id="seoul")
    )
    tell(store, "other", [other])
    reasons = (
        Membership(item_id=one.id, rule="first"),
        Membership(item_id=two.id, rule="title", with_item=one.id, detail={"similarity": 0.9}),
    )
    draft = StoryDraft(
        id=None,
        public_id="s1",
        item_ids=(one.id, two.id),
        memberships=reasons,
        related_item_ids=(other.id, one.id),
    )
    (story_id,) = _write(store, draft)
    expected = Story(
        id=story_id,
        public_id="s1",
        members=(_member(one, story_id), _member(two, story_id)),
        memberships=reasons,
        placement=None,
        first_seen_at=NOW,
        born_at=LATER,
        related=("other",),
    )
    assert [expected] == store.stories(ids=[story_id])
    assert {story_id: "s1"} == store.public_ids([story_id, 99])


def test_members_are_known_by_their_ids(store: SqlStore) -> None:
    """Those of each story that is asked for, also of one that is empty or not there, however many."""
    one, two, three, four = take_in(store, *(make_item(key) for key in "abcd"))
    first, second, third = (
        tell(store, "s1", [one, two]),
        tell(store, "s2", [three]),
        tell(store, "s3", [four]),
    )
    _write(store, _again(first, four, one, two), emptied=(third.id,))
    found = store.member_ids([third.id, first.id, 99])
    assert {third.id: [], first.id: [one.id, two.id, four.id], 99: []} == {
        story: sorted(members) for story, members in found.items()
    }
    many = range(1, 40_000)
    assert {first.id: 3, second.id: 1} == {
        story: len(members) for story, members in store.member_ids(many).items() if members
    }
    assert {} == store.member_ids([])


def test_members_stand_as_decided(store: SqlStore) -> None:
    """The first of a draft represents the story, whatever authority its feed has by now."""
    items = take_in(
        store,
        make_item("a", feed_id="portal", published=on_day(date(2024, 2, 1))),
        make_item("b", published=on_day(date(2024, 2, 3))),
        make_item("c", feed_id="busan", published=on_day(date(2024, 2, 2))),
    )
    story = tell(store, "s1", [items[1], items[2], items[0]])
    store.sync_feeds([make_feed("portal", authority=100), make_feed(), make_feed("busan")], NOW)
    (kept,) = store.stories(since=date(2024, 2, 3), until=date(2024, 2, 3))
    assert ["b", "c", "a"] == [one.item.key for one in kept.members]
    assert [items[1].id, items[2].id, items[0].id] == [one.item_id for one in kept.memberships]
    assert {one.id for one in kept.members} == {*store.member_ids([story.id])[story.id]}


def test_a_story_of_a_key_that_moved_on_is_nobody_elses(store: SqlStore) -> None:
    """Its public id stays its own when it is empty too: another entry may have that key now."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    first, second = tell(store, "s1", [one]), tell(store, "s2", [two])
    moved = Moved(item_id=two.id, old_key="b", new_key="c", public_ids=("s2", "never born"))
    plan = RefreshPlan(feed_id="molit", seen_at=LATER, moved=(moved,))
    store.apply_refresh(plan, FeedState(feed_id="molit"), make_visit(at=LATER))
    assert {second.id: "s2"} == store.public_ids([second.id])
    _write(store, _again(first, one, two), emptied=(second.id,))
    living = {"s1": first.id, "s2": second.id}
    assert living == store.living_stories(["s1", "s2", "never born"])
    (new,) = take_in(store, make_item("b", title="다른 소식"))
    with pytest.raises(Conflict, match="curate again"):
        tell(store, "s2", [new])


def test_an_emptied_story_comes_back_under_its_public_id(store: SqlStore) -> None:
    """A story without members is shown nowhere. Its public id is minted again only by the item that
    it was born of: then it is that story."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    first, second = tell(store, "s1", [one]), tell(store, "s2", [two])
    store.save_placements({second.id: PLACED}, NOW)
    _write(store, _again(first, one, two), emptied=(second.id,))
    assert ["s1"] == [story.public_id for story in store.stories()]
    assert {second.id: "s2"} == store.public_ids([second.id])
    assert {"s1": first.id} == store.living_stories(["s1", "s2", "s3"])
    assert [first.id] == store.unplaced_ids("r1")
    _write(store, _again(first, one), _again(replace(second, id=None), two))  # type: ignore[arg-type]
    assert {"s1": first.id, "s2": second.id} == {one.public_id: one.id for one in store.stories()}


def test_the_same_new_story_twice_is_one(store: SqlStore) -> None:
    """Writing a birth a second time finds the story that was born."""
    (item,) = take_in(store, make_item("a"))
    assert tell(store, "s1", [item]).id == tell(store, "s1", [item]).id


def test_a_living_storys_public_id_is_a_conflict(store: SqlStore) -> None:
    """A new story that would bear it was decided on old knowledge; nothing is written."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    story = tell(store, "s1", [one, two])
    born = replace(_again(story, one), id=None)
    with pytest.raises(Conflict, match=r"the story s1 has other members .*: curate again"):
        _write(store, _again(story, two), born)
    assert [story] == store.stories()


def _read(*members: StoredItem, story: Story | None = None) -> dict[int, tuple[int, int | None]]:
    return {one.id: (one.rev, story.id if story else None) for one in members}


def test_two_curations_at_once_do_not_split_a_story(store: SqlStore) -> None:
    """Of two plans made of the same reading the second is refused, whatever it wants."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    apart = StoryDraft(id=None, public_id="s2", item_ids=(two.id,), memberships=())
    together = StoryDraft(id=None, public_id="s1", item_ids=(one.id, two.id), memberships=())
    read = _read(one, two)
    store.apply_curation(CurationPlan(stories=(together,), read=read), NOW)
    before = store.stories()
    for plan in (
        CurationPlan(stories=(apart,), curated={two.id: 1}, read=read),
        CurationPlan(stories=(together,), curated={two.id: 1}, read=read),
    ):
        with pytest.raises(Conflict, match="2 items were changed by another process"):
            store.apply_curation(plan, LATER)
    assert before == store.stories()
    assert [one.id, two.id] == store.uncurated_ids()


def test_a_plan_of_an_older_revision_is_refused(store: SqlStore) -> None:
    """What an item says decides its story: with another text the decision may be another."""
    (item,) = take_in(store, make_item("a"))
    draft = StoryDraft(id=None, public_id="s1", item_ids=(item.id,), memberships=())
    _change(store, item)
    with pytest.raises(Conflict):
        store.apply_curation(CurationPlan(stories=(draft,), read=_read(item)), LATER)
    assert [] == store.stories()


@pytest.mark.parametrize("named", ["written", "emptied", "read"])
def test_a_member_that_was_not_read_is_a_conflict(store: SqlStore, named: str) -> None:
    """A story that a plan names may have nobody in it whom the plan does not know."""
    one, two, new = take_in(store, *(make_item(key) for key in "abc"))
    story = tell(store, "s1", [one])
    _write(store, _again(story, one, two))
    plan = CurationPlan(
        stories={"written": (_again(story, one),)}.get(named, ()),
        emptied=(story.id,) if named == "emptied" else (),
        read=_read(one, story=story) | (_read(new) if named == "read" else {}),
    )
    before = store.stories()
    with pytest.raises(Conflict):
        store.apply_curation(plan, LATER)
    assert before == store.stories()


def test_a_plan_of_what_is_still_so_is_written(store: SqlStore) -> None:
    """Growth, a split and an emptied story, all members known."""
    one, two, three = take_in(store, *(make_item(key) for key in "abc"))
    first, second = tell(store, "s1", [one, two]), tell(store, "s2", [three])
    read = _read(one, two, story=first) | _read(three, story=second)
    born = StoryDraft(id=None, public_id="s3", item_ids=(two.id,), memberships=())
    plan = CurationPlan(stories=(_again(first, three, one), born), emptied=(second.id,), read=read)
    store.apply_curation(plan, LATER)
    assert {"s1": ["c", "a"], "s3": ["b"]} == {
        kept.public_id: [member.item.key for member in kept.members] for kept in store.stories()
    }


def test_nothing_is_curated_by_half(store: SqlStore) -> None:
    """When one story of a plan cannot be written, none is, and the items stay due."""
    (item,) = take_in(store, make_item("a"))
    good = StoryDraft(id=None, public_id="s1", item_ids=(item.id,), memberships=())
    bad = StoryDraft(id=None, public_id="s2", item_ids=(item.id + 1,), memberships=())
    with pytest.raises(Exception, match="database"):
        store.apply_curation(CurationPlan(stories=(good, bad), curated={item.id: 1}), NOW)
    assert [] == store.stories()
    assert 1 == len(store.uncurated_ids())


def _fingered(item: StoredItem, day: date = date(2024, 2, 1), **changes: object) -> Fingered:
    plain = Fingered(
        item_id=item.id, day=day, title="표제", lead=-(2**63), rank=2**63 - 1, bits=b"\0\xff\n\0"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def _of_day(one: Fingered) -> DayPrint:
    return DayPrint(one.item_id, one.lead, one.rank, one.bits)


def _by_item(found: Sequence[Fingered]) -> list[Fingered]:
    return sorted(found, key=lambda one: one.item_id)


def test_fingerprints_come_back_as_they_were_written(store: SqlStore) -> None:
    """Of a day, in the order of their ids, or of these items; every byte and every number of 64 bits."""
    items = take_in(store, *(make_item(key) for key in "abcd"))
    first, second, third = (
        _fingered(items[0]),
        _fingered(items[1], lead=2**63 - 1, title="", rank=-(2**63)),
        _fingered(items[2], date(2024, 2, 2), lead=None, bits=bytes(range(256)) * 3),
    )
    store.save_fingerprints([third, second, first])
    assert [_of_day(first), _of_day(second)] == store.fingerprints_on(date(2024, 2, 1))
    assert [_of_day(third)] == store.fingerprints_on(date(2024, 2, 2))
    assert [] == store.fingerprints_on(date(2024, 2, 3))
    ids = [items[3].id, items[2].id, items[0].id, 99]
    assert [first, third] == _by_item(store.fingerprints_of(ids))
    assert [] == store.fingerprints_of([])


def test_a_later_fingerprint_takes_the_place_of_an_earlier_one(store: SqlStore) -> None:
    """Also on another day, and where one item comes twice at once the last one counts."""
    one, other = take_in(store, make_item("a"), make_item("b"))
    store.save_fingerprints([_fingered(one), _fingered(other)])
    moved = _fingered(one, date(2024, 3, 1), lead=5)
    store.save_fingerprints([_fingered(one, title="x"), moved])
    store.save_fingerprints([])
    assert [_of_day(_fingered(other))] == store.fingerprints_on(date(2024, 2, 1))
    assert [_of_day(moved)] == store.fingerprints_on(date(2024, 3, 1))
    assert [moved, _fingered(other)] == _by_item(store.fingerprints_of([one.id, other.id]))


def test_fingerprints_after_an_item_are_read_alone(store: SqlStore) -> None:
    """As a sheet holds the others."""
    made = [_fingered(one) for one in take_in(store, *(make_item(key) for key in "abc"))]
    store.save_fingerprints(made)
    assert [_of_day(made[2])] == store.fingerprints_on(made[0].day, made[1].item_id)


def test_a_sheet_stays_while_later_items_come(store: SqlStore) -> None:
    """What it holds is still what is stored; a better one takes its place."""
    one, other = take_in(store, make_item("a"), make_item("b"))
    store.save_fingerprints([_fingered(one)])
    day = _fingered(one).day
    assert DaySheet(0, 0, b"") == store.day_sheet(day)
    sheet = DaySheet(0, one.id, b"a")
    store.save_day_sheet(day, sheet)
    store.save_fingerprints([_fingered(other)])
    assert sheet == store.day_sheet(day)
    store.save_day_sheet(day, DaySheet(0, other.id, b"ab"))
    assert DaySheet(0, other.id, b"ab") == store.day_sheet(day)


@pytest.mark.parametrize("what", ["changed", "moved away", "moved here", "came late"])
def test_a_sheet_goes_with_what_it_was_made_of(store: SqlStore, what: str) -> None:
    """And one that was begun before is not kept any more."""
    early, one, other, late = take_in(store, *(make_item(key) for key in "abcd"))
    day, next_day = date(2024, 2, 1), date(2024, 2, 2)
    store.save_fingerprints([_fingered(one), _fingered(late), _fingered(other, next_day)])
    sheet = DaySheet(0, late.id, b"a")
    store.save_day_sheet(day, sheet)
    change = {
        "changed": _fingered(one, title="x"),
        "moved away": _fingered(one, next_day),
        "moved here": _fingered(other),
        "came late": _fingered(early),
    }[what]
    store.save_fingerprints([change])
    store.save_day_sheet(day, sheet)
    assert DaySheet(1, 0, b"") == store.day_sheet(day)
    anew = DaySheet(1, late.id, b"b")
    store.save_day_sheet(day, anew)
    assert anew == store.day_sheet(day)


def test_what_stands_under_a_lead(store: SqlStore) -> None:
    """Each item with its title, whatever its day; an unknown lead has none, and no lead is none."""
    a, b, c, d = take_in(store, *(make_item(key) for key in "abcd"))
    store.save_fingerprints(
        [
            _fingered(a, lead=7, title="t1"),
            _fingered(b, date(2024, 5, 1), lead=7, title="t2"),
            _fingered(c, lead=-7, title="t2"),
            _fingered(d, lead=None, title="t3"),
        ]
    )
    assert [(7, "t1", a.id), (7, "t2", b.id)] == sorted(store.under_leads([7, 8]))
    assert [(-7, "t2", c.id), (7, "t1", a.id), (7, "t2", b.id)] == sorted(
        store.under_leads({-7, 7})
    )
    assert [] == store.under_leads([0])
    often = store.under_leads([-7, 7, 8], least=2)
    assert [(7, "t1", a.id), (7, "t2", b.id)] == sorted(often)
    assert [] == store.under_leads([-7, 7], least=3)


def test_related_stories_show_each_other(store: SqlStore) -> None:
    """Whichever of the two names an item of the other."""
    one, two, apart = take_in(store, *(make_item(key) for key in "abc"))
    tell(store, "s1", [one])
    tell(store, "s2", [two], related=[one.id])
    tell(store, "s3", [apart])
    assert _beside(store) == {"s1": ("s2",), "s2": ("s1",), "s3": ()}


def _beside(store: SqlStore) -> dict[str, tuple[str, ...]]:
    return {story.public_id: story.related for story in store.stories()}


def test_what_is_beside_a_story_is_read_where_it_is_asked_for(store: SqlStore) -> None:
    """Lists show none of it."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    tell(store, "s1", [one])
    tell(store, "s2", [two], related=[one.id])

    assert {"s1": (), "s2": ()} == {each.public_id: each.related for each in store.shown_stories()}
    assert {"s1": ("s2",), "s2": ("s1",)} == {
        each.public_id: each.related for each in store.shown_stories(related=True)
    }


def test_what_is_decided_anew_says_itself_what_it_is_related_to(store: SqlStore) -> None:
    """What others said of its items before is forgotten; what they say of others stays."""
    one, two, three = take_in(store, *(make_item(key) for key in "abc"))
    tell(store, "s1", [one])
    tell(store, "s3", [three])
    tell(store, "s2", [two], related=[one.id, three.id])
    (story,) = [story for story in store.stories() if story.public_id == "s1"]
    read = _read(one, story=story)
    store.apply_curation(CurationPlan(stories=(_again(story, one),), read=read), LATER)
    assert {"s1": (), "s2": ("s3",), "s3": ("s2",)} == _beside(store)


def test_a_story_shows_no_more_than_so_many(store: SqlStore) -> None:
    """However many name it; each of these shows it."""
    one, *others = take_in(store, *(make_item(f"k{n:02}") for n in range(RELATED_MAX + 4)))
    tell(store, "first", [one])
    for item in others:
        tell(store, item.item.key, [item], related=[one.id])
    shown = _beside(store)
    assert tuple(item.item.key for item in others[:RELATED_MAX]) == shown.pop("first")
    assert {("first",)} == set(shown.values())


def test_a_story_without_members_is_beside_none(store: SqlStore) -> None:
    """Whatever it named while it had some."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    tell(store, "s1", [one])
    gone = tell(store, "s2", [two], related=[one.id])
    (story,) = store.stories(ids=[story.id for story in store.stories() if story.id != gone.id])
    _write(store, _again(story, one, two), emptied=(gone.id,))
    assert {"s1": ()} == _beside(store)


def test_the_later_verdict_stands(store: SqlStore) -> None:
    """Verdicts are found from either item; a second on the same pair replaces the first."""
    one, two, three = take_in(store, *(make_item(key) for key in "abc"))
    first = Verdict(item_a=one.id, item_b=two.id, same=True, by="kim", at=NOW)
    other = Verdict(item_a=two.id, item_b=three.id, same=True, by="kim", at=NOW, reason="같음")
    store.save_verdicts([first, other])
    second = replace(first, same=False, at=LATER)
    store.save_verdicts([second])
    assert [second, other] == store.verdicts([two.id])
    assert [other] == store.verdicts([three.id])


def test_placements_are_due_again(store: SqlStore) -> None:
    """A story is due without placement, under another rule set, and when its members changed."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    story = tell(store, "s1", [one, two])
    assert [story.id] == store.unplaced_ids("r1")
    store.save_placements({story.id: PLACED, 99: PLACED}, NOW)
    assert [] == store.unplaced_ids("r1")
    assert [story.id] == store.unplaced_ids("r2")
    assert [PLACED] == [kept.placement for kept in store.stories()]
    _write(store, _again(story, one, two))
    assert [story.id] == store.unplaced_ids("r1")


def test_a_story_robbed_of_a_member_is_due_again(store: SqlStore) -> None:
    """A story that another one took a member from is placed anew although no plan names it."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    story = tell(store, "s1", [one, two])
    store.save_placements({story.id: PLACED}, NOW)
    other = tell(store, "s2", [two])
    assert [story.id, other.id] == store.unplaced_ids("r1")


def test_a_story_robbed_of_its_primary_has_another(store: SqlStore) -> None:
    """The member that stood second represents it."""
    one, two, three = take_in(store, *(make_item(key) for key in "abc"))
    tell(store, "s1", [one, two, three])
    tell(store, "s2", [one])
    assert {"s1": ["b", "c"], "s2": ["a"]} == {
        kept.public_id: [member.item.key for member in kept.members] for kept in store.stories()
    }


def test_only_items_are_read_with_the_entrys_own_text(store: SqlStore) -> None:
    """It is long, and nothing but the listing of items shows it."""
    (item,) = take_in(store, make_item("a"))
    story = tell(store, "s1", [item])
    assert {"title": "스마트도시 a"} == item.item.raw
    bare = replace(item.item, raw={})
    assert [bare] == [one.item for one in story.members]
    assert bare == getattr(store.item_by_key("molit", "a"), "item", None)
    assert store.item_by_key("molit", "b") is None
    assert story.id == getattr(store.item_by_key("molit", "a"), "story_id", None)


def test_items_as_they_are_now(store: SqlStore) -> None:
    """With the story that each is in by now; unknown ids are left out."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    story = tell(store, "s1", [one])
    found = store.items_by_id([one.id, two.id, 99])
    assert {one.id: story.id, two.id: None} == {key: kept.story_id for key, kept in found.items()}


def test_shown_stories_are_what_pages_show(store: SqlStore) -> None:
    """The primary's content; no trace, no figures, no content of others."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    story = tell(store, "s1", [one, two])
    other = tell(store, "s2", take_in(store, make_item("c")))
    store.save_placements({story.id: PLACED}, NOW)
    (shown,) = store.shown_stories(sections=["trend"])
    assert ["<p>첫 문단</p>", ""] == [member.item.content for member in shown.members]
    assert replace(PLACED, trace={}) == shown.placement
    assert [other.public_id] == [kept.public_id for kept in store.shown_stories(ids=[other.id])]
    assert 2 == len(store.shown_stories())


SECTIONS = (
    Section(
        id="trend", series="s", titles={}, lead_bodies=("molit",), lead_groups=("core", "data")
    ),
    Section(id="literature", series="s", titles={}, shape=Shape.PAPER),
    Section(id="news", series="s", titles={}, shape=Shape.EVENT),
)


def test_a_candidate_says_what_it_is_chosen_by(store: SqlStore) -> None:
    """Its day, its body, an event's facts; and the groups of its title where they may make it lead."""
    event = EventFacts(name="e", starts_on=date(2024, 3, 9), ends_on=date(2024, 3, 10))
    day = on_day(date(2024, 2, 5))
    items = take_in(
        store,
        make_item("mine", published=day, event=event, body="molit"),
        make_item("theirs", body="seoul"),
    )
    told = [tell(store, one.item.key, [one]) for one in items]
    hits = [{"group": "core", "field": "title"}, {"group": "data", "field": "summary"}]
    placed = replace(PLACED, trace={"hits": hits})
    store.save_placements(dict.fromkeys([one.id for one in told], placed), NOW)

    found = store.issue_candidates(SECTIONS, since=date(2024, 1, 1), seen_after=None)

    mine, theirs = sorted(found, key=lambda one: one.public_id)
    assert (date(2024, 2, 5), "molit", event, frozenset({"core"})) == (
        mine.day,
        mine.body,
        mine.event,
        mine.title_groups,
    )
    assert (None, "seoul", None, frozenset()) == (
        theirs.day,
        theirs.body,
        theirs.event,
        theirs.title_groups,
    )
    assert {one.id: one.primary.item.body for one in told} == store.bodies_of(
        [*(one.id for one in told), 999]
    )


def test_candidates_by_day_event_and_first_sight(store: SqlStore) -> None:
    """Older ones only with an event, or where the day does not count and the sight is new."""
    old, new = on_day(date(2023, 1, 5)), on_day(date(2024, 2, 5))
    event = EventFacts(name="e", starts_on=date(2024, 3, 9), ends_on=date(2024, 3, 9))
    items = take_in(
        store,
        make_item("new", published=new),
        make_item("old", published=old),
        make_item("event", published=old, event=event),
        make_item("paper", published=old),
        make_item("undated"),
        make_item("elsewhere", published=new),
    )
    told = [tell(store, one.item.key, [one]) for one in items]
    sections = ["trend", "trend", "trend", "literature", "trend", "sport"]
    store.save_placements(
        {one.id: replace(PLACED, section=name) for one, name in zip(told, sections, strict=True)},
        NOW,
    )

    def found(since: date, seen_after: datetime | None) -> set[str]:
        sections = [replace(one, lead_groups=()) for one in SECTIONS]
        kept = store.issue_candidates(sections, since=since, seen_after=seen_after)
        return {one.public_id for one in kept}

    assert {"new", "event", "paper", "undated"} == found(date(2024, 2, 5), None)
    assert {"event", "paper", "undated"} == found(date(2024, 4, 1), NOW - timedelta(days=1))
    assert {"event"} == found(date(2024, 4, 1), NOW)


def test_stories_newest_first_within_days_and_sections(store: SqlStore) -> None:
    """Stories come by day, then public id, and can be narrowed by day and section."""
    days = [date(2024, 2, 1), date(2024, 2, 29), date(2024, 2, 29)]
    items = take_in(
        store,
        *(make_item(f"k{n}", published=on_day(day)) for n, day in enumerate(days)),
        make_item("undated"),
    )
    names = ["d", "c", "B", "a"]
    told = [tell(store, name, [item]) for name, item in zip(names, items, strict=True)]
    store.save_placements({told[0].id: PLACED, told[1].id: replace(PLACED, section=None)}, NOW)
    assert ["a", "B", "c", "d"] == [story.public_id for story in store.stories()]
    assert ["B", "c"] == [
        story.public_id for story in store.stories(since=date(2024, 2, 2), until=date(2024, 2, 29))
    ]
    assert ["d"] == [story.public_id for story in store.stories(sections={"trend", "news"})]
    assert [] == store.stories(sections=[])
    assert [] == store.stories(ids=[])


@pytest.mark.parametrize(
    "words", ["s1", "https://molit.example/a?from=rss", "https://molit.example/a", " 스마트도시 a "]
)
def test_a_story_is_found_by_what_names_it(store: SqlStore, words: str) -> None:
    """Public id, link, canonical link and whole title find exactly their story."""
    one, two = take_in(store, make_item("a"), make_item("ab"))
    tell(store, "s1", [one])
    tell(store, "s2", [two])
    assert ["s1"] == [story.public_id for story in store.find_stories(words)]


def test_a_story_is_found_by_part_of_its_title(store: SqlStore) -> None:
    """Where nothing is exact, part of a title will do, in any case and spacing."""
    one, two = take_in(
        store, make_item("a", title="국토부, 스마트 시티 Hub 100% 가동"), make_item("b")
    )
    tell(store, "s1", [one])
    tell(store, "s2", [two])
    assert ["s1"] == [story.public_id for story in store.find_stories("스마트시티 hub")]
    assert {"s1", "s2"} == {story.public_id for story in store.find_stories("스 마 트")}
    assert [] == store.find_stories("% _")
    assert [] == store.find_stories("")


def test_a_long_title_is_found_by_its_end(store: SqlStore) -> None:
    """The index has its beginning alone."""
    long = "국토교통부 스마트도시 " * 12
    one, two = take_in(store, make_item("a", title=f"{long}착공식"), make_item("b", title=long))
    tell(store, "s1", [one])
    tell(store, "s2", [two])

    assert ["s1"] == [story.public_id for story in store.find_stories("도시 착공식")]
    assert {"s1", "s2"} == {story.public_id for story in store.find_stories("부 스마트도시 국토")}


def test_what_names_a_story_is_told_from_a_part_of_a_title(store: SqlStore) -> None:
    """Whoever asks for a link wants no title with the same letters."""
    one, two = take_in(
        store, make_item("a", title="스마트도시"), make_item("b", title="스마트도시 나")
    )
    first = tell(store, "s1", [one])
    second = tell(store, "s2", [two])

    assert [first.id] == store.find_story_ids("스마트도시")
    assert [second.id] == store.find_story_ids("도시 나")
    assert [] == store.find_story_ids("도시 나", in_titles=False)


def test_stories_take_no_statement_per_story(store: SqlStore) -> None:
    """The number of statements grows with batches of hundreds, not with stories."""
    items = take_in(store, *(make_item(f"k{n}") for n in range(30)))
    drafts = [
        StoryDraft(id=None, public_id=f"s{one.id}", item_ids=(one.id,), memberships=())
        for one in items
    ]
    _write(store, *drafts)
    statements: list[str] = []

    @event.listens_for(store._db.reader, "before_cursor_execute")
    def count(_c: object, _k: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    assert 30 == len(store.stories())
    assert 30 == len(store.uncurated_ids())
    assert 6 > len([one for one in statements if one.startswith("SELECT")])


@pytest.mark.parametrize(
    "words", ["a", "https://molit.example/a?from=rss", "https://molit.example/a", " 스마트도시 a "]
)
def test_an_item_is_found_before_it_is_folded(store: SqlStore, words: str) -> None:
    """By guid, link, canonical link and whole title, else by a part of its title."""
    take_in(store, make_item("a", guid="a"), make_item("ab"))

    assert ["a"] == [one.item.key for one in store.find_items(words)]
    assert ["a", "ab"] == [one.item.key for one in store.find_items("스마트 도시")]
    assert [] == store.find_items("")
    assert [] == store.find_items("% _")


def test_the_days_of_items(store: SqlStore) -> None:
    """Of a feed the first and the last."""
    take_in(
        store,
        make_item("a", published=on_day(date(2024, 2, 1))),
        make_item("b", published=on_day(date(2024, 2, 9))),
    )

    assert {"molit": (date(2024, 2, 1), date(2024, 2, 9))} == store.item_days(["molit", "seoul"])
    assert {} == store.item_days([])
