"""The index of a day: what meets, what a closer look is for, and what says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import fields, replace
from datetime import date, timedelta
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate import day_index
from aggregator.curate.day_index import DayIndex, Meeting
from aggregator.curate.features import Features, Outline
from aggregator.curate.fingerprints import ADDRESS_KIND, KIND_BITS, fingerprints, keys_of, lead_hash
from aggregator.curate.pairs import Sameness, decide_pair
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import Fingered
from tests.curate.make import LEAD, features_of, make_item, outline_of

DAY = date(2026, 7, 6)
TITLES = st.sampled_from(
    [
        "",
        "가",
        "드론",
        "스마트도시데이터표준마련",
        "스마트도시데이터표준안내",
        "겨울철산불예방대책발표",
        "😀😀",
    ]
)
LEADS = st.sampled_from(["", LEAD, LEAD[:100], LEAD[::-1], f"{LEAD[:60]}{LEAD[::-1]}"])
ADDRESSES = st.sampled_from(["", "https://a.example/1", "https://b.example/1?newsId=156635793"])
OUTLINES = st.builds(
    lambda address, title, lead: Outline(address=address, title=title, lead=lead),
    ADDRESSES,
    TITLES,
    LEADS,
)


def fingered(numbered: Sequence[tuple[int, Outline]]) -> list[Fingered]:
    """Fingerprints of these outlines under their numbers."""
    made = fingerprints([one for _, one in numbered])
    return [
        Fingered(
            item_id=number,
            day=DAY,
            title=one.title,
            lead=lead_hash(one.lead_key) if one.lead else None,
            bits=bits,
        )
        for (number, one), bits in zip(numbered, made, strict=True)
    ]


def days(first: int = 1, max_size: int = 8) -> st.SearchStrategy[list[Fingered]]:
    """The items of a day, with ids from ``first`` on."""
    numbers = st.lists(st.integers(first, first + 99), unique=True, max_size=max_size)
    return numbers.flatmap(
        lambda ids: st.tuples(*(st.tuples(st.just(one), OUTLINES) for one in ids))
    ).map(fingered)


def same(one: DayIndex, other: DayIndex) -> bool:
    """Whether two indexes are equal in each part."""
    return all(
        np.array_equal(getattr(one, part.name), getattr(other, part.name)) for part in fields(one)
    )


def every(index: DayIndex) -> day_index.Ints:
    return np.arange(len(index))


def told(meeting: Meeting) -> set[tuple[object, ...]]:
    """All that a meeting says, a row for each pair."""
    parts = [getattr(meeting, part.name) for part in fields(meeting) if part.name != "leads"]
    return {*zip(*(part.tolist() for part in (*parts, *meeting.leads)), strict=True)}


def crowd(limit: int) -> AbstractContextManager[int]:
    """Meanwhile a key may stand so often on a day."""
    return patch.object(day_index, "CROWD", limit)


def is_crowded(key: int, rows: Sequence[Fingered], limit: int) -> bool:
    return sum(key in keys_of(one.bits) for one in rows) > limit


@settings(max_examples=60)
@given(days(), days(), st.sets(st.integers(1, 100)), st.integers(1, 4))
def test_a_changed_index_is_that_of_the_changed_items(
    before: list[Fingered], now: list[Fingered], gone: set[int], limit: int
) -> None:
    """Whatever goes, stays, comes and comes back as another."""
    gone |= {one.item_id for one in now}
    kept = [one for one in before if one.item_id not in gone]
    with crowd(limit):
        assert same(DayIndex.of(before).changed(now, gone), DayIndex.of([*kept, *now]))


@settings(max_examples=60)
@given(days(), days(101), st.integers(1, 4))
def test_who_shares_a_key_meets(here: list[Fingered], there: list[Fingered], limit: int) -> None:
    """As comparing each with each would find them: a key that is crowded on either day counts for
    nothing. Both days say the same of it, each from its own side."""
    expected = {
        (a.item_id, b.item_id, any(key & ((1 << KIND_BITS) - 1) == ADDRESS_KIND for key in shared))
        for a in here
        for b in there
        if (
            shared := {
                key
                for key in keys_of(a.bits) & keys_of(b.bits)
                if not is_crowded(key, here, limit) and not is_crowded(key, there, limit)
            }
        )
    }
    with crowd(limit):
        mine, theirs = DayIndex.of(here), DayIndex.of(there)
    meeting, mirrored = mine.meet(every(mine), theirs), theirs.meet(every(theirs), mine)
    assert expected == {row[:3] for row in told(meeting)}
    assert len(expected) == len(meeting.mine)
    swapped = replace(
        mirrored, mine=mirrored.theirs, theirs=mirrored.mine, leads=mirrored.leads[::-1]
    )
    assert told(meeting) == told(swapped)


@settings(max_examples=60)
@given(days(), st.sets(st.integers(1, 100)), st.integers(1, 4))
def test_a_day_meets_itself(rows: list[Fingered], asked: set[int], limit: int) -> None:
    """Each of the items asked for with each other one, and none with itself."""
    with crowd(limit):
        index = DayIndex.of(rows)
    expected = {
        (a.item_id, b.item_id)
        for a in rows
        for b in rows
        if a.item_id in asked
        and a.item_id != b.item_id
        and any(not is_crowded(key, rows, limit) for key in keys_of(a.bits) & keys_of(b.bits))
    }
    meeting = index.meet(index.rows_of(asked), index)
    assert expected == {row[:2] for row in told(meeting)}


@given(days(), st.sets(st.integers(0, 101)))
def test_rows_are_found_by_ids(rows: list[Fingered], asked: set[int]) -> None:
    """Those that are not of the day are left out."""
    index = DayIndex.of(rows)
    here = sorted({one.item_id for one in rows} & asked)
    assert here == index.ids[index.rows_of(asked)].tolist()
    assert len(rows) == len(index)


@given(days(), st.integers(1, 4))
def test_crowds_are_told(rows: list[Fingered], limit: int) -> None:
    """Each key that too many have, with all who have it."""
    with crowd(limit):
        index = DayIndex.of(rows)
    expected = {
        key: {one.item_id for one in rows if key in keys_of(one.bits)}
        for one in rows
        for key in keys_of(one.bits)
        if is_crowded(key, rows, limit)
    }
    assert expected == index.crowds()
    assert sorted({one for ids in expected.values() for one in ids}) == index.in_crowds().tolist()


def test_a_crowded_key_says_nothing_on_either_side() -> None:
    """Who has it meets neither its own day nor another one, but for what else they share."""
    title = Outline(address="", title="보도자료안내", lead="")
    linked = replace(title, address="https://a.example/1")
    many = fingered([(1, title), (2, title), (3, linked)])
    few = fingered([(11, title), (12, linked)])
    with crowd(2):
        crowded, quiet = DayIndex.of(many), DayIndex.of(few)
    assert set() == told(crowded.meet(every(crowded), crowded))
    for one, other, pair in ((crowded, quiet, (3, 12)), (quiet, crowded, (12, 3))):
        assert {pair} == {row[:2] for row in told(one.meet(every(one), other))}
    assert {(11, 12), (12, 11)} == {row[:2] for row in told(quiet.meet(every(quiet), quiet))}


def test_an_empty_day_meets_nobody() -> None:
    """Nor is met, nor asked for."""
    empty, day = DayIndex.of([]), DayIndex.of(fingered([(1, outline_of(make_item(1)))]))
    for one, other in ((empty, day), (day, empty), (empty, empty)):
        meeting = one.meet(every(one), other)
        assert ([], []) == meeting.alike({1})
        assert set() == meeting.leads_at_stake()
    assert [] == empty.rows_of([1]).tolist()
    assert ([], {}) == (empty.in_crowds().tolist(), empty.crowds())
    assert same(empty, day.changed([], {1}))
    assert same(empty, empty.changed([], []))


# --- what a closer look is for ----------------------------------------------------------------------

WORDS = (
    *("드론", "실증", "도시", "안내", "개최", "제3차", "2026년", "청주시", "결과", "추가", "공모"),
    *("데이터", "표준", "마련", "스마트", "교통", "안전", "점검"),
)
WHOLE = (*WORDS, *LEAD.split(), "😀", "a", "ㄱ")


@st.composite
def _mutated(draw: st.DrawFn, words: Sequence[str]) -> str:
    """A text that has much in common with these words."""
    kept = list(words)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(kept)))
        match draw(st.sampled_from(["insert", "drop", "swap", "letter"])):
            case "insert":
                kept.insert(at, draw(st.sampled_from(WHOLE)))
            case "drop":
                del kept[at : at + draw(st.integers(1, max(1, len(kept) // 3)))]
            case "swap":
                kept = kept[at:] + kept[:at]
            case _ if at < len(kept):
                kept[at] = kept[at][:-1] + draw(st.sampled_from("은을가"))
    start, end = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
    return " ".join(kept[start : len(kept) - end])


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[StoredItem, StoredItem]:
    """Two items of which one was made of the other."""
    title = draw(st.lists(st.sampled_from(WORDS), max_size=8))
    lead = draw(st.lists(st.sampled_from(WHOLE), max_size=40))
    url = draw(
        st.sampled_from(["", "https://a.example/x", "https://www.korea.kr/a?newsId=15663579"])
    )
    texts = [(" ".join(title), " ".join(lead))]
    other = st.lists(st.sampled_from(WHOLE), max_size=40).map(" ".join)
    texts.append(
        (
            draw(_mutated(title) | st.just(" ".join(title))),
            draw(_mutated(lead) | st.just(" ".join(lead)) | other),
        )
    )
    first, second = (
        make_item(
            number,
            title,
            summary=lead,
            url=url if number == 1 else draw(st.sampled_from([url, f"{url}/other"])),
            feed=f"feed-{draw(st.integers(1, 2))}",
            body=draw(st.sampled_from(["molit", "seoul"])),
            hours=draw(st.sampled_from([0, 10, 60])),
        )
        for number, (title, lead) in enumerate(texts, start=1)
    )
    return first, second


def _meeting(a: StoredItem, b: StoredItem) -> Meeting:
    """The two compared, whether they share a key or not."""
    here, there = (DayIndex.of(fingered([(stored.id, outline_of(stored))])) for stored in (a, b))
    met = here.meet(every(here), there)
    row = np.zeros(1, np.int64)
    return Meeting.of(here, row, there, row, np.array([bool(met.by_address.any())]))


def _leads(facts: Sequence[Features]) -> tuple[set[str], set[int]]:
    keys = {one.lead_key for one in facts if one.lead}
    return keys, {lead_hash(key) for key in keys}


@settings(max_examples=400)
@given(_pairs(), st.booleans())
def test_what_is_the_same_is_always_looked_at(
    pair: tuple[StoredItem, StoredItem],
    is_empty: bool,  # noqa: FBT001
) -> None:
    """Bit maps err towards a closer look: no pair that ``decide_pair`` calls the same is told apart
    by them, boilerplate or not."""
    facts = features_of(pair[0]), features_of(pair[1])
    leads, hashes = _leads(facts) if is_empty else (set(), set())
    close, related = _meeting(*pair).alike(hashes)
    if decide_pair(*facts, leads).sameness is Sameness.SAME:
        assert [(1, 2)] == close
    assert len(close) + len(related) <= 1


@settings(max_examples=100)
@given(_pairs())
def test_a_lead_that_matters_is_at_stake(pair: tuple[StoredItem, StoredItem]) -> None:
    """Where it changes what is said of a pair whether leads count, both are asked about."""
    meeting = _meeting(*pair)
    _, hashes = _leads([features_of(one) for one in pair])
    if meeting.alike(()) != meeting.alike(hashes):
        assert hashes == meeting.leads_at_stake()


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (
            "스마트도시 데이터",
            "2026년 스마트도시 데이터 표준 마련 전국 설명회와 지방자치단체 의견 수렴 일정 안내",
        ),
        ("가가가가가가가가가가", "가" * 300),
        ("제목이 아주 짧은 것", "무척 길고 다른 제목이 아주 짧은 것 뒤에 놓인다"),
    ],
)
def test_a_title_within_another_is_looked_at(short: str, long: str) -> None:
    """However much longer the other one is."""
    for pair in (
        (make_item(1, short), make_item(2, long)),
        (make_item(2, long), make_item(1, short)),
    ):
        (close,), related = _meeting(*pair).alike(())
        assert ({1, 2}, []) == ({*close}, related)


def test_three_ways_to_stand() -> None:
    """Unlike titles and leads are nothing, near titles or leads are related, copies are looked at."""
    one = make_item(1, "스마트도시 데이터 표준 마련", summary=LEAD)
    others = {
        "unlike": make_item(2, "겨울철 산불 예방 대책 발표", summary=LEAD[::-1]),
        "near title": make_item(2, "스마트도시 데이터 산업 육성 전략 대토론회", summary=LEAD[::-1]),
        "near lead": make_item(2, "겨울철 산불 예방 대책", summary=f"{LEAD[:45]} {LEAD[::-1]}"),
        "copy": make_item(2, "스마트도시 데이터 표준 마련", summary=LEAD),
        "same lead": make_item(2, "겨울철 산불 예방 대책", summary=LEAD),
    }
    said = {name: tuple(map(len, _meeting(one, other).alike(()))) for name, other in others.items()}
    assert {
        "unlike": (0, 0),
        "near title": (0, 1),
        "near lead": (0, 1),
        "copy": (1, 0),
        "same lead": (1, 0),
    } == said


def test_boilerplate_counts_as_no_lead() -> None:
    """On either side; what else is alike still counts."""
    one = make_item(1, "스마트도시 데이터 표준 마련", summary=LEAD * 2)
    led = make_item(2, "겨울철 산불 예방 대책", summary=f"{LEAD * 2} 끝.")
    both = make_item(2, "스마트도시 데이터 산업 육성 전략 대토론회", summary=LEAD * 2)
    mine, theirs = (lead_hash(features_of(each).lead_key) for each in (one, led))
    assert mine == theirs
    assert ([], []) == _meeting(one, led).alike({mine})
    assert ([(1, 2)], []) == _meeting(one, led).alike({mine + 1})
    assert ([], [(1, 2)]) == _meeting(one, both).alike({mine})


def test_who_says_nothing_is_like_nobody() -> None:
    """Two items without title and lead, under one address or none."""
    bare = Outline(address="", title="", lead="")
    linked = replace(bare, address="https://a.example/1")
    index = DayIndex.of(fingered([(1, bare), (2, bare), (3, linked), (4, linked)]))
    meeting = index.meet(every(index), index)
    assert ([(3, 4), (4, 3)], []) == meeting.alike(())


def _spread(count: int) -> Iterator[tuple[int, Outline]]:
    for number in range(count):
        word = chr(0xAC00 + number % 700)
        yield number, Outline(address="", title=f"{word * 3}보도자료{number // 700}", lead=LEAD)


def test_more_pairs_than_are_compared_at_once() -> None:
    """Each as if it stood alone."""
    index = DayIndex.of(fingered([*_spread(150)]))
    whole = index.meet(every(index), index)
    with patch.object(day_index, "_BLOCK", 7):
        assert told(whole) == told(index.meet(every(index), index))
    assert 150 * 149 == len(whole.mine)


def test_days_do_not_depend_on_the_order_of_their_items() -> None:
    """An index has its items by their ids, whatever the store gave first."""
    rows = fingered([*_spread(30)])
    moved = [replace(one, day=one.day + timedelta(1)) for one in rows]
    assert same(DayIndex.of(rows), DayIndex.of(moved[::-1]))
