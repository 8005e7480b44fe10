"""Components folded into stories."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.copies.features import FeatureContext, features
from aggregator.curate.copies.fold_stories import Known, fold_component, mint_public_id
from aggregator.curate.copies.pairs import decide_pair
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import CurationPlan, Verdict
from tests.curate.make import LEAD, NINE, features_of, make_item


def fold(
    items: Sequence[StoredItem],
    known: Known | None = None,
    authority: dict[str, int] | None = None,
) -> CurationPlan:
    return fold_component(
        items,
        features={item.id: features(item, FeatureContext()) for item in items},
        boilerplate_leads=(),
        authority=authority or {},
        known=known or Known(),
    )


def verdict(a: int, b: int, *, same: bool) -> Verdict:
    return Verdict(item_a=a, item_b=b, same=same, by="editor", at=NINE, reason="seen")


def parts(plan: CurationPlan) -> set[frozenset[int]]:
    return {frozenset(story.item_ids) for story in plan.stories}


COPIES = [
    make_item(1, summary=LEAD, feed="a"),
    make_item(2, "[보도자료] 스마트도시 데이터 표준 마련", feed="b", body="portal"),
    make_item(3, "스마트도시 데이터 표준…", summary=LEAD, feed="c", body="x", hours=5),
]
OTHER = make_item(4, "2027년 스마트도시 데이터 표준 마련", summary=LEAD, feed="d")
ORIGINAL = make_item(5, "2026년 스마트도시 데이터 표준 마련", summary=LEAD, feed="e")


def test_copies_are_one_story() -> None:
    """Copies fold, the first has rule ``first``, the others say what folded them and with whom."""
    (story,) = fold(COPIES).stories
    assert {1, 2, 3} == set(story.item_ids)
    assert story.memberships[0].rule == "first"
    assert all(m.with_item is not None for m in story.memberships[1:])
    assert mint_public_id("a", COPIES[0].item.key) == story.public_id


def test_veto_blocks_joining_through_a_third() -> None:
    """Items of two years stay apart although both are like one without a year."""
    plan = fold([COPIES[0], OTHER, ORIGINAL])
    assert not any({4, 5} <= part for part in parts(plan))
    assert len(plan.stories) == 2
    assert all(story.related_item_ids for story in plan.stories)


def test_authority_puts_the_issuing_body_first() -> None:
    """The item of the feed with the highest authority represents the story."""
    (story,) = fold(COPIES, authority={"a": 10, "b": 50, "c": 100}).stories
    assert story.item_ids == (3, 2, 1)
    assert story.memberships[0].rule == "first"


def test_without_authority_the_longest_summary_of_the_day_is_first() -> None:
    """Equal feeds are ordered by day, then the longest summary."""
    (story,) = fold(COPIES[:2]).stories
    assert story.item_ids == (1, 2)


def test_editors_not_same_keeps_apart() -> None:
    """A split by hand holds against every rule."""
    known = Known(verdicts=(verdict(1, 2, same=False),))
    assert not any({1, 2} <= part for part in parts(fold(COPIES, known)))


def test_editors_same_joins_against_a_veto() -> None:
    """A merge by hand holds against every veto, and says who made it."""
    (story,) = fold([OTHER, ORIGINAL], Known(verdicts=(verdict(4, 5, same=True),))).stories
    assert story.memberships[1].rule == "verdict"
    assert story.memberships[1].detail == {"by": "editor", "reason": "seen"}


def test_a_copy_of_either_joins_what_an_editor_merged() -> None:
    """A rule's veto between the two says nothing of a copy of one of them."""
    copy = make_item(6, "2027년 스마트도시 데이터 표준 마련", summary=LEAD, feed="f")
    known = Known(verdicts=(verdict(4, 5, same=True),))
    (story,) = fold([OTHER, ORIGINAL, copy], known).stories
    assert {4, 5, 6} == set(story.item_ids)


def test_a_veto_still_counts_among_the_copies_of_one_side() -> None:
    """What an editor merged is no bridge for what is like neither without a veto."""
    third = make_item(6, "2028년 스마트도시 데이터 표준 마련", summary=LEAD, feed="f")
    known = Known(verdicts=(verdict(4, 5, same=True),))
    assert {frozenset({4, 5}), frozenset({6})} == parts(fold([OTHER, ORIGINAL, third], known))


def test_an_editors_not_same_holds_across_what_was_merged() -> None:
    """A copy of one that an editor keeps apart from another does not join it through a third."""
    known = Known(verdicts=(verdict(1, 2, same=True), verdict(2, 3, same=False)))
    assert {frozenset({1, 2}), frozenset({3})} == parts(fold(COPIES, known))


def test_existing_story_keeps_its_id_when_an_earlier_copy_arrives() -> None:
    """A public id does not change with what arrives later."""
    known = Known(existing={3: 7}, public_ids={7: "feedfeedfeedfeed"})
    (story,) = fold(COPIES, known).stories
    assert (story.id, story.public_id) == (7, "feedfeedfeedfeed")


def test_merged_stories_leave_one_empty() -> None:
    """Of two stories that turn out to be one, that of the earliest member stays."""
    known = Known(existing={1: 8, 3: 7}, public_ids={7: "7" * 16, 8: "8" * 16})
    plan = fold(COPIES, known)
    assert [(story.id, story.public_id) for story in plan.stories] == [(8, "8" * 16)]
    assert plan.emptied == (7,)


def test_split_story_gives_the_id_to_its_earliest_member() -> None:
    """One group keeps the id, the other is born with an id of its own."""
    minted = mint_public_id("a", COPIES[0].item.key)
    known = Known(
        existing={1: 7, 2: 7, 3: 7},
        public_ids={7: minted},
        verdicts=(verdict(1, 2, same=False), verdict(2, 3, same=False)),
    )
    plan = fold(COPIES, known)
    assert {7: {1, 3}, None: {2}} == {story.id: set(story.item_ids) for story in plan.stories}
    assert len({story.public_id for story in plan.stories}) == 2


def test_taken_public_ids_are_not_minted_again() -> None:
    """An id that another story had is never given to a new one."""
    minted = mint_public_id("a", COPIES[0].item.key)
    (story,) = fold(COPIES[:1], Known(taken=(minted,))).stories
    assert minted != story.public_id


def test_folding_again_changes_nothing() -> None:
    """The outcome fed back gives the outcome."""
    plan = fold([*COPIES, OTHER, ORIGINAL])
    known = Known(
        existing={i: n for n, story in enumerate(plan.stories) for i in story.item_ids},
        public_ids={n: story.public_id for n, story in enumerate(plan.stories)},
    )
    again = fold([*COPIES, OTHER, ORIGINAL], known)
    assert [s.public_id for s in plan.stories] == [s.public_id for s in again.stories]
    assert parts(plan) == parts(again)
    assert again.emptied == ()


def test_revisions_are_reported_as_curated() -> None:
    """The plan names the revision of every item that was decided."""
    assert fold(COPIES).curated == {1: 1, 2: 1, 3: 1}


TITLES = st.sampled_from(
    [
        "스마트도시 데이터 표준 마련",
        "스마트도시 데이터 표준…",
        "[보도자료] 스마트 도시 데이터 표준 마련",
        "2026년 스마트도시 데이터 표준 마련",
        "2027년 스마트도시 데이터 표준 마련",
        "청주시, 스마트도시 데이터 표준 마련",
        "충주시, 스마트도시 데이터 표준 마련",
        "드론 배송 노선 개통",
    ],
)
COMPONENTS = st.lists(
    st.tuples(TITLES, st.booleans(), st.integers(0, 96), st.sampled_from("abc")),
    max_size=8,
)


def build(rows: list[tuple[str, bool, int, str]]) -> list[StoredItem]:
    return [
        make_item(n, title, summary=LEAD if lead else "", hours=hours, feed=feed, body=feed)
        for n, (title, lead, hours, feed) in enumerate(rows, start=1)
    ]


@settings(max_examples=60, deadline=None)
@given(COMPONENTS, st.randoms(use_true_random=False))
def test_arrival_order_does_not_matter(
    rows: list[tuple[str, bool, int, str]], shuffler: random.Random
) -> None:
    """The same items give the same plan in any order."""
    items = build(rows)
    shuffled = items.copy()
    shuffler.shuffle(shuffled)
    plan, other = fold(items), fold(shuffled)
    assert plan.stories == other.stories
    assert sorted(i for story in plan.stories for i in story.item_ids) == [i.id for i in items]


@settings(max_examples=60, deadline=None)
@given(COMPONENTS)
def test_no_story_holds_a_veto(rows: list[tuple[str, bool, int, str]]) -> None:
    """No two members of a story are such as may not stand together."""
    items = build(rows)
    known = {item.id: features_of(item) for item in items}
    for story in fold(items).stories:
        for a in story.item_ids:
            for b in story.item_ids:
                assert a == b or not decide_pair(known[a], known[b], ()).is_veto
