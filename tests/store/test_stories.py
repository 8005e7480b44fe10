"""Curation, stories and placements in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from aggregator.domain.errors import Conflict
from aggregator.domain.items import EventFacts, StoredItem
from aggregator.domain.stories import (
    CurationPlan,
    Membership,
    Placement,
    Story,
    StoryDraft,
    Verdict,
)
from aggregator.domain.visits import FeedState
from aggregator.ports.refreshing import Moved, RefreshPlan
from aggregator.ports.storing import BlockKeys, Compared
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


def test_what_is_made_due_is_curated_anew(store: SqlStore) -> None:
    """An item whose decision no longer holds is due until it is decided at its revision again."""
    item, other = take_in(store, make_item("a"), make_item("b"))
    tell(store, "s1", [item, other])
    store.make_due([item.id])
    assert [item.id] == store.uncurated_ids()
    store.apply_curation(CurationPlan(stories=(), curated={item.id: 1}), LATER)
    assert [] == store.uncurated_ids()


def test_what_is_compared_of_an_item(store: SqlStore) -> None:
    """Its summary, else its content; its canonical address, else its link; its keys once it has
    them; its story."""
    whole, bare = take_in(
        store,
        make_item("a", published=on_day(date(2024, 2, 1))),
        make_item("b", published=on_day(date(2024, 2, 2)), summary="", canonical_url=""),
    )
    keys = BlockKeys(item_id=whole.id, keys=("k",), lead="앞", title="표제", day=_day(whole))
    store.save_block_keys([keys])
    story = tell(store, "s1", [whole])
    first = Compared(
        id=whole.id,
        rev=1,
        story_id=story.id,
        day=date(2024, 2, 1),
        feed_id="molit",
        key="a",
        address="https://molit.example/a",
        title="스마트도시 a",
        text="첫 문단",
        title_key="표제",
        lead_key="앞",
    )
    second = Compared(
        id=bare.id,
        rev=1,
        story_id=None,
        day=date(2024, 2, 2),
        feed_id="molit",
        key="b",
        address="https://molit.example/b?from=rss",
        title="스마트도시 b",
        text="<p>첫 문단</p>",
        title_key=None,
        lead_key=None,
    )
    assert {whole.id: first, bare.id: second} == store.compared([whole.id, bare.id, 99])


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
    assert {story_id: list(expected.members), 99: []} == store.members_of([story_id, 99])
    assert {story_id: "s1"} == store.public_ids([story_id, 99])


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
    assert list(kept.members) == store.members_of([story.id])[story.id]


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


def test_block_keys_find_candidates_within_days(store: SqlStore) -> None:
    """Items that share a key are found within the days asked, both ends included."""
    items = take_in(
        store, *(make_item(f"k{day}", published=on_day(date(2024, 2, day))) for day in (1, 2, 3, 4))
    )
    long = "x" * 9000
    store.save_block_keys(
        [
            BlockKeys(item_id=one.id, keys=("k", long, "k"), lead="", title="", day=_day(one))
            for one in items
        ]
    )
    ids = [one.id for one in items]
    days = date(2024, 2, 2), date(2024, 2, 3)
    pairs = store.sharing_keys(ids[:1], *days, prefix="j")
    assert [(ids[0], other, False) for other in ids[1:3]] == sorted(pairs)
    assert ids == store.items_under_keys([long, "none"])
    store.save_block_keys([BlockKeys(item_id=ids[1], keys=("j",), lead="", title="", day=days[0])])
    assert [(ids[0], ids[2], True)] == [*store.sharing_keys(ids[:1], *days, prefix="xx")]
    assert [ids[1]] == store.items_under_keys(["j"])


def test_crowds_are_the_keys_that_many_items_of_a_day_have(store: SqlStore) -> None:
    """They are told with their days, and count for neither of two items where they are left out."""
    first, second = date(2024, 2, 1), date(2024, 2, 2)
    items = take_in(store, *(make_item(f"k{n}") for n in range(4)))
    a, b, c, d = (one.id for one in items)
    for one, keys, day in ((a, "tm", first), (b, "tm", first), (c, "t", first), (d, "tm", second)):
        entry = BlockKeys(item_id=one, keys=tuple(keys), lead="", title="", day=day)
        store.save_block_keys([entry])
    span = first, second
    assert {("t", first)} == store.crowds([a], *span, more_than=2)
    assert {("t", first), ("m", first)} == store.crowds_of(["t", "m"], *span, more_than=1)
    assert set() == store.crowds([a], second, second, more_than=1)
    assert {("t", first): {a, b, c}} == store.items_in_crowds([("t", first)])
    found = store.sharing_keys([a, c, d], *span, prefix="m", without={("t", first)})
    assert [(a, b, True), (a, d, True), (d, a, True), (d, b, True)] == sorted(found)


def _day(stored: StoredItem) -> date:
    assert stored.item.published is not None
    return stored.item.published.day


def test_titles_under_a_lead(store: SqlStore) -> None:
    """A lead's titles are counted once each; an unknown lead has none."""
    items = take_in(store, *(make_item(key) for key in "abc"))
    long = "y" * 3000
    store.save_block_keys(
        [
            BlockKeys(item_id=one.id, keys=(), lead=long, title=title, day=NOW.date())
            for one, title in zip(items, ("t1", "t2", "t2"), strict=True)
        ]
    )
    assert {long: {"t1", "t2"}, "?": set()} == store.lead_titles([long, "?"])
    assert {long: {"t2"}} == store.lead_titles([long], without={items[0].id, items[1].id})
    assert {long: {"t1", "t2"}} == store.lead_titles([long], without={items[1].id})


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
        kept = store.candidate_stories(
            ["trend", "literature"], since=since, seen_after=seen_after, by_sight=["literature"]
        )
        assert all(one.placement and one.placement.trace for one in kept)
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
