"""Curation, stories and placements in the store."""
# ruff: noqa: SIM300 - the expected value stands on the left

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from aggregator.domain.feeds import FeedState
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import (
    CurationPlan,
    Membership,
    Placement,
    Story,
    StoryDraft,
    Verdict,
)
from aggregator.ports import BlockKeys, RefreshPlan
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
    assert ["B", "a", "b", "z"] == [one.item.key for one in store.uncurated_items()]


def test_curated_until_the_next_revision(store: SqlStore) -> None:
    """An item is due once per revision; marking an older one loses to a newer."""
    (item,) = take_in(store, make_item("a"))
    tell(store, "s1", [item])
    assert [] == store.uncurated_items()
    _change(store, item)
    assert [2] == [one.rev for one in store.uncurated_items()]
    store.apply_curation(CurationPlan(stories=(), curated={item.id: 1}), LATER)
    assert [2] == [one.rev for one in store.uncurated_items()]


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
        members=(replace(one, story_id=story_id), replace(two, story_id=story_id)),
        memberships=reasons,
        placement=None,
        first_seen_at=NOW,
        related=("other",),
    )
    assert [expected] == store.stories(ids=[story_id])
    assert {story_id: list(expected.members), 99: []} == store.members_of([story_id, 99])
    assert {story_id: "s1"} == store.public_ids([story_id, 99])


def test_members_by_authority_then_day_then_feed(store: SqlStore) -> None:
    """The feed of most authority represents the story, then the earliest."""
    early, late = on_day(date(2024, 2, 1)), on_day(date(2024, 2, 2))
    items = take_in(
        store,
        make_item("a", feed_id="portal", published=early),
        make_item("b", published=late),
        make_item("c", published=early),
        make_item("d", feed_id="busan", published=early),
    )
    store.sync_feeds(
        [make_feed("portal", authority=40), make_feed("molit"), make_feed("busan")], NOW
    )
    story = tell(store, "s1", items)
    assert ["d", "c", "b", "a"] == [one.item.key for one in story.members]
    assert ["d", "c", "b", "a"] == [
        {one.id: one.item.key for one in items}[reason.item_id] for reason in story.memberships
    ]


def test_an_emptied_story_keeps_its_public_id(store: SqlStore) -> None:
    """A story without members is shown nowhere, and its public id is not given again."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    first, second = tell(store, "s1", [one]), tell(store, "s2", [two])
    store.save_placements({second.id: PLACED}, NOW)
    _write(store, _again(first, one, two), emptied=(second.id,))
    assert ["s1"] == [story.public_id for story in store.stories()]
    assert {second.id: "s2"} == store.public_ids([second.id])
    assert [first.id] == [story.id for story in store.unplaced_stories("r1")]
    _write(store, _again(first, one), _again(replace(second, id=None), two))  # type: ignore[arg-type]
    assert {"s1", "s2-2"} == {story.public_id for story in store.stories()}


def test_the_same_new_story_twice_is_one(store: SqlStore) -> None:
    """Writing a birth a second time finds the story that was born."""
    (item,) = take_in(store, make_item("a"))
    assert tell(store, "s1", [item]).id == tell(store, "s1", [item]).id


def test_a_split_leaves_the_id_with_those_who_stay(store: SqlStore) -> None:
    """A member that leaves under the id of a living story is given a free one."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    story = tell(store, "s1", [one, two])
    born = replace(_again(story, one), id=None)
    _write(store, _again(story, two), born)
    assert {"s1": ["b"], "s1-2": ["a"]} == {
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
    assert 1 == len(store.uncurated_items())


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
    found = store.items_sharing_keys(["k", "none"], date(2024, 2, 2), date(2024, 2, 3))
    assert ["k2", "k3"] == [one.item.key for one in found]
    assert 4 == len(store.items_sharing_keys([long], date(2024, 2, 1), date(2024, 2, 4)))
    store.save_block_keys(
        [BlockKeys(item_id=items[1].id, keys=("j",), lead="", title="", day=_day(items[1]))]
    )
    found = store.items_sharing_keys(["k"], date(2024, 2, 2), date(2024, 2, 3))
    assert ["k3"] == [one.item.key for one in found]


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
    assert [story] == store.unplaced_stories("r1")
    store.save_placements({story.id: PLACED, 99: PLACED}, NOW)
    assert [] == store.unplaced_stories("r1")
    assert [story.id] == [due.id for due in store.unplaced_stories("r2")]
    assert [PLACED] == [kept.placement for kept in store.stories()]
    _write(store, _again(story, one, two))
    assert [story.id] == [due.id for due in store.unplaced_stories("r1")]


def test_a_story_robbed_of_a_member_is_due_again(store: SqlStore) -> None:
    """A story that another one took a member from is placed anew although no plan names it."""
    one, two = take_in(store, make_item("a"), make_item("b"))
    story = tell(store, "s1", [one, two])
    store.save_placements({story.id: PLACED}, NOW)
    tell(store, "s2", [two])
    assert {"s1", "s2"} == {due.public_id for due in store.unplaced_stories("r1")}


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
    assert 30 == len(store.uncurated_items())
    assert 6 > len([one for one in statements if one.startswith("SELECT")])
