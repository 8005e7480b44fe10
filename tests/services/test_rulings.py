"""Stories split and merged by hand, and what holds when more arrives."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import Ambiguous, NotFound, UsageError
from aggregator.domain.issues import PickState
from aggregator.domain.items import SEOUL, Item
from aggregator.domain.stories import CurationPlan, Verdict
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import accept, drop
from aggregator.services.editing.printed_before import printed_before, recent_issues
from aggregator.services.editing.rulings import Regrouped, forget, merge, rulings, split
from aggregator.services.publishing.publish import publish_issue
from tests.fixtures.desk import (
    FEBRUARY_20,
    bring,
    make_curator,
    make_desk,
    make_press,
    release,
    set_clock,
)
from tests.fixtures.records import on_day

TITLE = "스마트시티 데이터 표준 마련"
LEAD = (
    "국토교통부는 지방자치단체가 데이터를 함께 쓰도록 표준을 정하고 내년까지 모든 시도에 보급한다고 밝혔다. "
    "이를 위해 관계기관 협의체를 꾸려 기술 지원과 예산을 함께 챙길 계획이다."
)
BUS = "시내버스 정류장 그늘막 설치"
BUS_LEAD = "시내버스 정류장에 그늘막과 공기정화 장치를 놓아 여름철 시민 불편을 줄이겠다고 설명했다."


def copy(feed: str, **changes: object) -> Item:
    """The release as another feed has it."""
    return release(feed, f"{feed}-copy", **({"title": TITLE, "summary": LEAD} | changes))  # type: ignore[arg-type]


def bus(feed: str) -> Item:
    """Another release altogether."""
    return release(feed, f"{feed}-bus", title=BUS, summary=BUS_LEAD)


def link(feed: str, key: str = "copy") -> str:
    return f"https://{feed}.example/{feed}-{key}"


def partition(desk: Desk) -> set[frozenset[str]]:
    """The items that are together, by their links without what all share."""
    return {
        frozenset(one.item.key.removesuffix("-copy") for one in story.members)
        for story in desk.store.stories()
    }


def of(*groups: str) -> set[frozenset[str]]:
    return {frozenset(group.split()) for group in groups}


def splits(desk: Desk, feed: str, *members: str, reason: str = "") -> Regrouped:
    named = [link(one) for one in members]
    return split(desk, make_curator(desk), link(feed), named, reason=reason)


def merges(desk: Desk, *links: str, reason: str = "") -> Regrouped:
    return merge(desk, make_curator(desk), links, reason=reason)


def everything_again(desk: Desk) -> None:
    """As after a change of the rules of folding: every item is decided anew."""
    desk.store.make_due([stored.id for stored in desk.store.items()])
    make_curator(desk).curate()


# --- split ----------------------------------------------------------------------------------------


def test_a_split_makes_two_stories(desk: Desk) -> None:
    """And says what they are now."""
    bring(desk, copy("molit"), copy("msit"), copy("seoul"))

    done = splits(desk, "molit", "seoul")

    assert of("molit msit", "seoul") == partition(desk)
    assert [2, 1] == sorted((len(one.members) for one in done.stories), reverse=True)
    assert () == done.notes


@pytest.mark.parametrize("taken", ["molit", "msit", "seoul"])
def test_what_stays_keeps_the_storys_id(desk: Desk, taken: str) -> None:
    """Whichever member is taken out, the first and the one that represents the story too."""
    bring(desk, copy("molit"), copy("msit"), copy("seoul"))
    (before,) = desk.store.stories()

    splits(desk, "molit", taken)

    (mine,) = desk.store.find_stories(link(taken))
    (rest,) = [one for one in desk.store.stories() if one.id != mine.id]
    assert (before.id, before.public_id) == (rest.id, rest.public_id)
    assert before.public_id != mine.public_id
    assert (rest.primary_changed_at is not None) is (before.primary.item.feed_id == taken)


@pytest.mark.parametrize("order", [*permutations(("lx", "ulsan"))])
def test_a_later_copy_joins_one_side(desk: Desk, order: Sequence[str]) -> None:
    """And never brings the two together."""
    bring(desk, copy("molit"), copy("seoul"))
    splits(desk, "molit", "seoul")

    for feed in order:
        bring(desk, copy(feed, body="molit"))

    found = partition(desk)
    assert 2 == len(found)
    assert 4 == sum(map(len, found))
    everything_again(desk)
    assert found == partition(desk)


def test_a_later_copy_joins_what_it_is_more_like(desk: Desk) -> None:
    """Each side draws its own."""
    other = TITLE + " 위해 머리 맞댄다"
    bring(desk, copy("molit"), copy("seoul", title=other))
    assert 1 == len(partition(desk))
    splits(desk, "molit", "seoul")

    bring(desk, copy("lx", title=other))

    assert of("molit", "seoul lx") == partition(desk)


def test_several_that_are_taken_out_are_one_story(desk: Desk) -> None:
    """Also where only what stays made them alike."""
    bring(desk, copy("molit"), copy("msit"), copy("seoul"))
    merges(desk, link("molit"), link(_with_bus(desk), "bus"))

    splits(desk, "molit", "seoul", reason="other")
    split(desk, make_curator(desk), link("molit"), [link("molit"), link("ulsan", "bus")])

    assert of("msit", "molit ulsan-bus", "seoul") == partition(desk)


def _with_bus(desk: Desk) -> str:
    bring(desk, bus("ulsan"))
    return "ulsan"


def test_what_stays_does_not_fall_apart(desk: Desk) -> None:
    """Two that nothing but the taken one made alike."""
    bring(desk, copy("molit"), bus("seoul"))
    bring(desk, release("msit", "both", title="스마트시티", summary="x"))
    merges(desk, link("molit"), link("seoul", "bus"), "https://msit.example/both")

    splits(desk, "molit", "molit")
    everything_again(desk)

    assert of("molit", "seoul-bus both") == partition(desk)


def test_a_split_that_leaves_nothing_is_refused(desk: Desk) -> None:
    """As one of a single member, or of a member that is not there."""
    bring(desk, copy("molit"), copy("seoul"))
    with pytest.raises(UsageError, match="nothing would stay"):
        splits(desk, "molit", "molit", "seoul")
    with pytest.raises(NotFound, match=r"it has molit https://molit\.example/molit-copy; seoul"):
        split(desk, make_curator(desk), link("molit"), ["jeju"])
    with pytest.raises(Ambiguous, match="2 members answer"):
        split(desk, make_curator(desk), link("molit"), ["데이터"])
    bring(desk, bus("ulsan"))
    with pytest.raises(UsageError, match="only this one member"):
        split(desk, make_curator(desk), link("ulsan", "bus"), ["ulsan"])
    assert [] == desk.store.verdicts()


def test_a_member_may_be_named_by_its_feed(desk: Desk) -> None:
    """The quickest way, as a story rarely holds two of one feed."""
    bring(desk, copy("molit"), copy("seoul"))
    split(desk, make_curator(desk), TITLE, ["seoul"])
    assert of("molit", "seoul") == partition(desk)


# --- merge ----------------------------------------------------------------------------------------


def test_a_merge_makes_one_story_of_two(desk: Desk) -> None:
    """However unlike they are; the first named keeps its id."""
    bring(desk, copy("molit"), bus("ulsan"))
    (second,) = desk.store.find_stories(link("ulsan", "bus"))

    (story,) = merges(desk, link("ulsan", "bus"), link("molit"), reason="one event").stories

    assert second.public_id == story.public_id
    assert of("molit ulsan-bus") == partition(desk)
    whys = [m.detail for m in story.memberships if m.rule == "verdict"]
    assert [{"by": "editor", "reason": "one event"}] == whys


@pytest.mark.parametrize("feed", ["seoul", "msit"])
def test_a_later_copy_of_either_joins_what_was_merged(desk: Desk, feed: str) -> None:
    """Although a rule would keep it from the other one."""
    bring(desk, copy("molit"), bus("ulsan"))
    merges(desk, link("molit"), link("ulsan", "bus"))

    bring(desk, copy("seoul") if feed == "seoul" else bus("msit"))

    assert 1 == len(partition(desk))


def test_a_merge_holds_whatever_becomes_of_the_texts(desk: Desk) -> None:
    """Of any of its members, those that were alike by rule too."""
    bring(desk, copy("molit"), copy("msit"), bus("ulsan"))
    merges(desk, link("ulsan", "bus"), link("molit"))
    before = partition(desk)

    bring(desk, copy("msit", title="하천 정비", summary="하천을 정비한다.", hash="2"))
    bring(desk, replace(bus("ulsan"), title="공원 개장", summary="공원이 문을 연다.", hash="2"))

    assert of("molit msit ulsan-bus") == before == partition(desk)


def test_a_split_holds_when_a_text_becomes_the_others(desk: Desk) -> None:
    """An edit is no new decision."""
    bring(desk, copy("molit"), copy("seoul", title=TITLE + " 위해 머리 맞댄다"))
    splits(desk, "molit", "seoul")

    bring(desk, copy("seoul", hash="2"))

    assert of("molit", "seoul") == partition(desk)


def test_one_story_is_nothing_to_merge(desk: Desk) -> None:
    """Named twice."""
    bring(desk, copy("molit"), copy("seoul"))
    with pytest.raises(UsageError, match="name one story"):
        merges(desk, link("molit"), link("seoul"))


# --- both -----------------------------------------------------------------------------------------


def test_split_and_merge_undo_each_other(desk: Desk) -> None:
    """The later word counts, and its story is the one it was."""
    bring(desk, copy("molit"), copy("msit"), copy("seoul"))
    (before,) = desk.store.stories()

    splits(desk, "molit", "molit")
    merges(desk, link("msit"), link("molit"))
    (after,) = desk.store.stories()
    everything_again(desk)

    assert before.public_id == after.public_id
    assert of("molit msit seoul") == partition(desk)
    assert all(verdict.same for verdict in desk.store.verdicts())
    splits(desk, "molit", "molit")
    assert of("molit", "msit seoul") == partition(desk)


@pytest.mark.long
@settings(max_examples=12, deadline=None)
@given(cut=st.integers(0, 4), turns=st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory,
    cut: int,
    turns: random.Random,
) -> None:
    """Whatever arrives before and after a split and a merge: what is kept apart is never together,
    what was put together never apart, and deciding all again comes to the same."""
    desk = make_desk(tmp_path_factory.mktemp("order"))
    try:
        bring(desk, copy("molit"), copy("seoul"), bus("ulsan"))
        later = [copy(feed) for feed in ("msit", "kits")] + [bus("lx"), bus("msit")]
        turns.shuffle(later)
        bring(desk, *later[:cut])
        splits(desk, "molit", "seoul")
        merges(desk, link("molit"), link("ulsan", "bus"))
        for item in later[cut:]:
            bring(desk, item)
        found = partition(desk)
        everything_again(desk)
        assert found == partition(desk)
        groups = {name: group for group in found for name in group}
        assert "ulsan-bus" in groups["molit"]
        assert "seoul" not in groups["molit"]
    finally:
        desk.store.close()


def test_a_verdict_that_is_said_meanwhile_is_not_overlooked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the decision of a component and its writing: it is decided anew."""
    bring(desk, copy("molit"), bus("ulsan"))
    ids = sorted(stored.id for stored in desk.store.items())
    said = Verdict(item_a=ids[0], item_b=ids[1], same=True, by="mina", at=FEBRUARY_20)
    write = desk.store.apply_curation
    calls: list[int] = []

    def late(plan: CurationPlan, now: datetime) -> list[int]:
        if not calls:
            desk.store.save_verdicts([said])
        calls.append(1)
        return write(plan, now)

    monkeypatch.setattr(desk.store, "apply_curation", late)
    everything_again(desk)

    assert of("molit ulsan-bus") == partition(desk)


# --- picks ----------------------------------------------------------------------------------------


def picked(desk: Desk) -> dict[str, tuple[str, PickState]]:
    """The picks of the draft, by the keys of their stories' items."""
    draft = open_draft(desk)
    return {
        one.story.public_id: (one.story.primary.item.key, one.pick.state)
        for one in (*draft.picked, *draft.dropped)
    }


@pytest.mark.parametrize("taken", ["molit", "seoul"])
def test_a_split_leaves_the_pick_with_what_stays(desk: Desk, taken: str) -> None:
    """And says so."""
    set_clock(desk, FEBRUARY_20)
    bring(desk, copy("molit"), copy("seoul"))
    chosen = accept(desk, link("molit"), section="trend").picked

    (note,) = splits(desk, "molit", taken).notes

    (rest,) = {"molit", "seoul"} - {taken}
    assert {chosen.story.public_id: (f"{rest}-copy", PickState.ACCEPTED)} == picked(desk)
    assert note.text.startswith("the draft over 2024-02 has")


def test_a_merge_keeps_the_pick(desk: Desk) -> None:
    """The story that stays carries it, with its texts and who did it."""
    set_clock(desk, FEBRUARY_20)
    bring(desk, copy("molit"), bus("ulsan"))
    accept(desk, link("ulsan", "bus"), section="trend")

    (story,) = (done := merges(desk, link("molit"), link("ulsan", "bus"))).stories

    assert {story.public_id: ("molit-copy", PickState.ACCEPTED)} == picked(desk)
    assert ["the merged story has its place" in note.text for note in done.notes] == [True]
    (issue,) = desk.store.issues(desk.series.id)
    log = desk.store.edits(f"pick:{issue.id}:{story.public_id}")
    assert ["state", "section", "story"] == [line.field for line in log]


def test_of_two_picks_the_acceptance_stays(desk: Desk) -> None:
    """One was dropped because the other was in."""
    set_clock(desk, FEBRUARY_20)
    bring(desk, copy("molit"), bus("ulsan"))
    accept(desk, link("ulsan", "bus"), section="trend")
    drop(desk, link("molit"), why="the same")

    (story,) = (done := merges(desk, link("molit"), link("ulsan", "bus"))).stories

    assert {story.public_id: ("molit-copy", PickState.ACCEPTED)} == picked(desk)
    assert ["one of the two stays (accepted)" in note.text for note in done.notes] == [True]


def test_a_printed_story_stays_when_it_is_merged(desk: Desk, tmp_path: Path) -> None:
    """Readers know it by its id; and it counts as printed as before."""
    set_clock(desk, datetime(2024, 2, 1, 10, tzinfo=SEOUL))
    bring(desk, replace(bus("ulsan"), title="스마트시티 정류장", published=None))
    accept(desk, link("ulsan", "bus"), section="trend")
    publish_issue(desk, make_press(tmp_path), number=48)
    (printed,) = desk.store.find_stories(link("ulsan", "bus"))
    set_clock(desk, FEBRUARY_20)
    bring(desk, copy("molit"))

    (story,) = merges(desk, link("molit"), link("ulsan", "bus")).stories

    assert printed.public_id == story.public_id


def test_a_merge_by_rule_keeps_what_was_printed(desk: Desk, tmp_path: Path) -> None:
    """Two stories turn out to be one, that of the earlier release: the other one hands on its place
    in the issue that printed it."""
    set_clock(desk, datetime(2024, 2, 1, 10, tzinfo=SEOUL))
    bring(desk, copy("molit"), replace(bus("ulsan"), published=on_day(date(2024, 2, 5))))
    accept(desk, link("molit"), section="trend")
    publish_issue(desk, make_press(tmp_path), number=48)
    set_clock(desk, FEBRUARY_20)
    (printed,) = desk.store.find_stories(link("molit"))
    (other,) = desk.store.find_stories(link("ulsan", "bus"))
    a, b = sorted((printed.primary.id, other.primary.id))
    desk.store.save_verdicts([Verdict(item_a=a, item_b=b, same=True, by="mina", at=FEBRUARY_20)])
    everything_again(desk)

    (story,) = desk.store.stories()
    assert other.public_id == story.public_id
    ((issue, pick),) = desk.store.picks_of_story(desk.series.id, story.id)
    assert (48, PickState.ACCEPTED) == (issue.number, pick.state)
    draft = open_draft(desk)
    recent = recent_issues(desk, draft.issue, desk.store.issues(desk.series.id))
    assert {story.id: 48} == {k: v.number for k, v in printed_before(desk, recent).items()}


# --- remembered and taken back --------------------------------------------------------------------


def test_rulings_are_listed(desk: Desk) -> None:
    """By whom, when and why, with the items they are about; the newest first."""
    bring(desk, copy("molit"), copy("msit"), copy("seoul"), bus("ulsan"))
    first = splits(desk, "molit", "seoul", reason="another year")
    second = merges(desk, link("seoul"), link("ulsan", "bus"))

    found = rulings(desk)

    assert [(second.ruling, False), (first.ruling, True)] == [(r.id, r.is_split) for r in found]
    assert ("editor", "another year") == (found[1].by, found[1].reason)
    assert [first.ruling] == [one.id for one in rulings(desk, link("msit"))]
    assert {one.item.key for one in found[1].items.values()} == {
        "molit-copy", "msit-copy", "seoul-copy"
    }  # fmt: skip


def test_a_ruling_is_taken_back(desk: Desk) -> None:
    """The rules decide again, and nothing is left of it."""
    bring(desk, copy("molit"), copy("seoul"), bus("ulsan"))
    first = splits(desk, "molit", "seoul")
    second = merges(desk, link("molit"), link("ulsan", "bus"))

    forget(desk, make_curator(desk), [second.ruling])
    assert of("molit", "seoul", "ulsan-bus") == partition(desk)
    forget(desk, make_curator(desk), [first.ruling])

    assert of("molit seoul", "ulsan-bus") == partition(desk)
    assert [] == desk.store.verdicts()
    with pytest.raises(NotFound, match=first.ruling):
        forget(desk, make_curator(desk), [first.ruling])


def test_the_log_says_who_split_what(desk: Desk) -> None:
    """With the members before and after."""
    bring(desk, copy("molit"), copy("seoul"))
    (story,) = desk.store.stories()

    splits(desk, "molit", "seoul", reason="another year")

    (line,) = desk.store.edits(f"story:{story.public_id}")
    assert ("editor", "members", "another year") == (line.actor, line.field, line.cause)
    assert ("molit molit-copy | seoul seoul-copy", "molit molit-copy") == (line.old, line.new)


def test_an_id_is_never_given_to_another_ruling(desk: Desk) -> None:
    """At one instant of a clock that stands, also where the first was taken back or replaced."""
    bring(desk, copy("molit"), copy("msit"), copy("seoul"))

    first = splits(desk, "molit", "seoul").ruling
    forget(desk, make_curator(desk), [first])
    second = splits(desk, "molit", "msit").ruling
    third = merges(desk, link("molit"), link("msit")).ruling
    fourth = splits(desk, "molit", "msit").ruling

    assert 4 == len({first, second, third, fourth})


def test_a_merge_that_takes_a_story_out_of_its_section_says_so(desk: Desk) -> None:
    """The item that represents the merged story has no word of the rules."""
    bring(
        desk,
        release("seoul", "연구"),
        release("molit", "하천", date(2024, 2, 9), title="하천 정비", summary="하천을 고친다."),
    )

    done = merges(desk, "https://seoul.example/연구", "https://molit.example/하천")

    (story,) = done.stories
    assert ("하천 정비", None) == (
        story.primary.item.title, story.placement and story.placement.section,
    )  # fmt: skip
    (note,) = done.notes
    assert note.text.startswith(
        "“연구 스마트시티” was in trend; the merged story is in no section, as the"
    )
    assert note.text.endswith("by “하천 정비” (molit), which represents it")
