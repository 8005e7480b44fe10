"""Items of days that meet: who they are, and for which of them a closer look is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.curate.copies import meetings
from aggregator.curate.copies.day_index import DayIndex, Ints
from aggregator.curate.copies.features import LEAD_GRAM, TITLE_GRAM, Features, Outline, grams
from aggregator.curate.copies.fingerprints import (
    ADDRESS_KIND,
    KIND_BITS,
    LEAD_WORDS,
    keys_of,
    lead_hash,
)
from aggregator.curate.copies.likeness import (
    LIKE_LEAD,
    RELATED_TITLE,
    SAME_TOPIC,
    compare,
    containment,
    dice,
)
from aggregator.curate.copies.meetings import Asked, Meeting, Near
from aggregator.curate.copies.pairs import Sameness, decide_pair
from aggregator.curate.copies.vetoes import RETOLD_WINDOW, WINDOW
from aggregator.domain.items import StoredItem
from tests.curate.days import Numbered, crowd, days, every, index_of, is_crowded, prints, rank
from tests.curate.make import LEAD, features_of, keys_under, make_item, outline_of

DAY = 739_803


def meet(here: DayIndex, there: DayIndex, *, gap: int = 0, rows: Ints | None = None) -> Meeting:
    """Items of one day, all or those of these rows, with those of a day so much later."""
    asked = Asked.of([(DAY, here, every(here) if rows is None else rows)])
    return asked.meet(DAY + gap, there)


PARTS = tuple(part.name for part in fields(Meeting))


def told(meeting: Meeting, names: Sequence[str] = PARTS) -> set[tuple[object, ...]]:
    """What a meeting says, all of it or these parts, a row for each pair."""
    return {*zip(*(getattr(meeting, name).tolist() for name in names), strict=True)}


def who(pairs: Meeting | Near) -> list[tuple[int, int]]:
    """Pairs by the ids of their items, in their order."""
    return [*zip(pairs.mine.tolist(), pairs.theirs.tolist(), strict=True)]


def are_alike(a: Outline, b: Outline) -> bool:
    """Whether titles or leads have enough in common to be related, or one title all of the other's."""
    left, right = grams(a.title, TITLE_GRAM), grams(b.title, TITLE_GRAM)
    within = min(left, right, key=len) <= max(left, right, key=len)
    if a.title == b.title or (a.title and b.title and within):
        return True
    lead = containment(grams(a.lead, LEAD_GRAM), grams(b.lead, LEAD_GRAM))
    return dice(left, right) >= RELATED_TITLE or lead >= LIKE_LEAD


def expected(here: Numbered, there: Numbered, limit: int) -> set[tuple[int, int, bool]]:
    """The pairs of two days that share a key that is crowded on neither, if they are alike at all, and
    whether one of the keys is of an address; each compared with each."""
    mine, theirs = prints(here), prints(there)
    outlines = dict(here) | dict(there)
    found = set()
    for a in mine:
        for b in theirs:
            shared = {
                key
                for key in keys_of(a.bits) & keys_of(b.bits)
                if not is_crowded(key, mine, limit) and not is_crowded(key, theirs, limit)
            }
            by_address = any(key & ((1 << KIND_BITS) - 1) == ADDRESS_KIND for key in shared)
            alike = by_address or are_alike(outlines[a.item_id], outlines[b.item_id])
            if shared and alike and a.item_id != b.item_id:
                found.add((a.item_id, b.item_id, by_address))
    return found


@settings(max_examples=60)
@given(days(), days(101), st.integers(1, 4), st.integers(-WINDOW.days, WINDOW.days))
def test_who_shares_a_key_and_is_alike_meets(
    here: Numbered, there: Numbered, limit: int, gap: int
) -> None:
    """As comparing each with each would find them: a key that is crowded on either day counts for
    nothing. Both days say the same of it, each from its own side."""
    with crowd(limit):
        mine, theirs = index_of(here), index_of(there)
    meeting, mirrored = meet(mine, theirs, gap=gap), meet(theirs, mine, gap=-gap)
    pairs = expected(here, there, limit)
    assert pairs == told(meeting, ("mine", "theirs", "by_address"))
    assert len(pairs) == len(meeting.mine)
    assert [abs(gap)] * len(pairs) == meeting.gaps.tolist()
    assert [*map(rank, meeting.theirs.tolist())] == meeting.ranks.tolist()
    swapped = replace(
        mirrored,
        mine=mirrored.theirs,
        theirs=mirrored.mine,
        my_leads=mirrored.their_leads,
        their_leads=mirrored.my_leads,
    )
    both = [name for name in PARTS if name != "ranks"]
    assert told(meeting, both) == told(swapped, both)


@settings(max_examples=60)
@given(days(), st.sets(st.integers(1, 100)), st.integers(1, 4))
def test_a_day_meets_itself(day: Numbered, asked: set[int], limit: int) -> None:
    """Each of the items asked for with each other one, and none with itself."""
    with crowd(limit):
        index = index_of(day)
    pairs = [(one, other) for one, other, _ in expected(day, day, limit) if one in asked]
    assert sorted(pairs) == sorted(who(meet(index, index, rows=index.rows_of(asked))))


@settings(max_examples=60)
@given(
    st.sets(st.integers(DAY, DAY + 20), min_size=1, max_size=4),
    st.integers(-WINDOW.days - 1, WINDOW.days + 21),
    st.integers(1, 4),
    st.data(),
)
def test_days_that_are_asked_for_together_meet_as_each_alone(
    asked: set[int], gap: int, limit: int, data: st.DataObject
) -> None:
    """Those no more than a window away from the other day, which may be one of them."""
    parts = []
    with crowd(limit):
        known = {
            day: index_of(data.draw(days(100 * place)))
            for place, day in enumerate(sorted({*asked, DAY + gap}), start=1)
        }
    for day in sorted(asked):
        rows = known[day].rows_of(
            data.draw(st.sets(st.sampled_from([0, *known[day].ids.tolist()])))
        )
        parts.append((day, known[day], rows))
    there = known[DAY + gap]
    near = [part for part in parts if abs(part[0] - DAY - gap) <= WINDOW.days]
    alone = [Asked.of([part]).meet(DAY + gap, there) for part in near]
    together = Asked.of(parts).meet(DAY + gap, there)
    assert {row for meeting in alone for row in told(meeting)} == told(together)
    assert sum(len(meeting.mine) for meeting in alone) == len(together.mine)
    if alone:
        assert told(Meeting.joined(alone)) == told(together)


def test_who_is_further_away_than_a_window_meets_nobody() -> None:
    """A copy a week later is met, one of a day more is not; either way round."""
    one, other = (index_of([(number, outline_of(make_item(number)))]) for number in (1, 2))
    for sign in (1, -1):
        assert [(1, 2)] == who(meet(one, other, gap=sign * WINDOW.days))
        assert [] == who(meet(one, other, gap=sign * (WINDOW.days + 1)))


def test_a_crowded_key_says_nothing_on_either_side() -> None:
    """Who has it meets neither its own day nor another one, but for what else they share."""
    title = Outline(address="", title="보도자료안내", lead="")
    linked = replace(title, address="https://a.example/1")
    with crowd(2):
        crowded = index_of([(1, title), (2, title), (3, linked)])
        quiet = index_of([(11, title), (12, linked)])
    assert [] == who(meet(crowded, crowded))
    for one, other, pair in ((crowded, quiet, (3, 12)), (quiet, crowded, (12, 3))):
        assert [pair] == who(meet(one, other))
    assert [(11, 12), (12, 11)] == who(meet(quiet, quiet))


def test_an_empty_day_meets_nobody() -> None:
    """Nor is met, nor asked for."""
    empty, day = DayIndex.of([]), index_of([(1, outline_of(make_item(1)))])
    for one, other in ((empty, day), (day, empty), (empty, empty)):
        meeting = meet(one, other)
        assert ([], []) == looked_at(meeting, {1})
        assert set() == meeting.leads_at_stake()


# --- what a closer look is for ----------------------------------------------------------------------

WORDS = (
    *("드론", "실증", "도시", "안내", "개최", "제3차", "2026년", "청주시", "결과", "추가", "공모"),
    *("데이터", "표준", "마련", "스마트", "교통", "안전", "점검"),
)
WHOLE = (*WORDS, *LEAD.split(), "😀", "a", "ㄱ")

_Pairs = list[tuple[int, int]]


def looked_at(meeting: Meeting, empty: Collection[int] = ()) -> tuple[_Pairs, _Pairs]:
    """Whom a closer look is for, and who is related and no more."""
    close, related = meeting.alike(empty)
    return who(close), who(related)


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
            hours=draw(st.sampled_from([0, 10, 60, 100])),
        )
        for number, (title, lead) in enumerate(texts, start=1)
    )
    return first, second


def _meeting(a: StoredItem, b: StoredItem, *, by_lead: bool = True) -> Meeting:
    """The two compared, whether they share a key or not: as if they shared one of their titles, and
    one of their leads or none."""
    here, there = (index_of([(stored.id, outline_of(stored))]) for stored in (a, b))
    asked = Asked.of([(a.day.toordinal(), here, every(here))])
    row = np.zeros(1, np.int64)
    kinds = {key & ((1 << KIND_BITS) - 1) for key in keys_under(a) & keys_under(b)}
    by_address = np.array([ADDRESS_KIND in kinds])
    pair = meetings._Pairs(row, row, by_address, np.array([by_lead]))
    return Meeting.of(asked, there, pair, b.day.toordinal())


def _leads(facts: Sequence[Features]) -> tuple[set[str], set[int]]:
    keys = {one.lead_key for one in facts if one.lead}
    return keys, {lead_hash(key) for key in keys}


def _have_one_topic(a: Features, b: Features) -> bool:
    like = compare(a, b, ())
    return like.title >= SAME_TOPIC or like.contained


@settings(max_examples=400)
@given(_pairs(), st.booleans(), st.booleans())
def test_what_is_the_same_is_always_looked_at(
    pair: tuple[StoredItem, StoredItem],
    is_empty: bool,  # noqa: FBT001
    by_lead: bool,  # noqa: FBT001
) -> None:
    """Bit maps err towards a closer look: no pair that ``decide_pair`` calls the same is told apart
    by them, boilerplate or not, however many days lie between. Leads count where they have a key in
    common, or the titles a topic."""
    facts = features_of(pair[0]), features_of(pair[1])
    leads, hashes = _leads(facts) if is_empty else (set(), set())
    meeting = _meeting(*pair, by_lead=by_lead)
    close, related = looked_at(meeting, hashes)
    is_compared = by_lead or bool(meeting.by_address.any()) or _have_one_topic(*facts)
    if is_compared and decide_pair(*facts, leads).sameness is Sameness.SAME:
        assert [(1, 2)] == close
    assert len(close) + len(related) <= 1


@settings(max_examples=100)
@given(_pairs())
def test_a_lead_that_matters_is_at_stake(pair: tuple[StoredItem, StoredItem]) -> None:
    """Where it changes what is said of a pair whether leads count, both are asked about."""
    meeting = _meeting(*pair)
    _, hashes = _leads([features_of(one) for one in pair])
    if looked_at(meeting) != looked_at(meeting, hashes):
        assert hashes == meeting.leads_at_stake()
    assert hashes >= meeting.leads_at_stake()


@pytest.mark.parametrize(
    ("short", "long"),
    [
        (
            "스마트도시 데이터",
            "2026년 스마트도시 데이터 표준 마련 전국 설명회와 지방자치단체 의견 수렴 일정 안내",
        ),
        ("가가가가가가가가가가", "가" * 300),
        ("제목이 아주 짧은 것", "무척 길고 다른 제목이 아주 짧은 것 뒤에 놓인다"),
        (
            "스마트도시 표준 마련",
            "국토교통부와 행정안전부, 지방자치단체가 함께 쓰는 스마트도시 표준 마련 위한 전국 순회 설명회를 다음 달부터 시도별로 차례로 열고 의견을 듣기로",
        ),
    ],
)
@pytest.mark.parametrize("hours", [0, 100])
@pytest.mark.parametrize("by_lead", [False, True])
def test_a_title_within_another_is_looked_at(
    short: str, long: str, hours: int, *, by_lead: bool
) -> None:
    """However much longer the other one is, however many days later, and whatever led to it."""
    for pair in (
        (make_item(1, short), make_item(2, long, hours=hours)),
        (make_item(2, long), make_item(1, short, hours=hours)),
    ):
        (close,), related = looked_at(_meeting(*pair, by_lead=by_lead))
        assert ({1, 2}, []) == ({*close}, related)


def test_leads_of_titles_with_nothing_in_common_need_a_key_in_common() -> None:
    """Where only the titles share one, and hardly a piece else, leads are not compared."""
    one = make_item(1, "스마트도시 데이터 표준 마련", summary=LEAD)
    other = make_item(2, "겨울철 산불 예방 대책", summary=LEAD)
    near = make_item(2, "데이터 표준 마련 위한 토론회 개최", summary=LEAD)
    assert ([(1, 2)], []) == looked_at(_meeting(one, other))
    assert ([], []) == looked_at(_meeting(one, other, by_lead=False))
    assert ([(1, 2)], []) == looked_at(_meeting(one, near, by_lead=False))


TEMPLE = (
    "행정안전부와 소방청은 목조 문화재의 불을 미리 알아내는 감지기를 전국 사찰 40곳에 달기로 하고 협의체를 꾸렸다.",
    "소방청과 행정안전부가 목조 문화재의 불을 미리 알아내는 감지기를 전국 사찰 40곳에 달기 위해 협의체를 꾸렸다고 밝혔다.",
)


@pytest.mark.parametrize(
    ("rule", "titles", "leads", "days"),
    [
        ("same_title", ("스마트도시 데이터 표준 마련",) * 2, ("", LEAD), WINDOW.days),
        ("like_titles", ("빈집 고쳐 창업 공간으로", "빈집 고쳐 창업 공간으로 쓴다"), ("", ""), 7),
        (
            "title_contained",
            ("스마트도시 데이터 표준", "스마트도시 데이터 표준 마련해"),
            ("", ""),
            7,
        ),
        ("same_lead", ("데이터 표준 마련", "지방자치단체가 데이터 함께 쓴다"), (LEAD, LEAD), 7),
        (
            "title_and_lead",
            ("지방자치단체 데이터 표준 마련", "지방자치단체 데이터 표준 정해 보급한다"),
            (LEAD, f"{LEAD[:58]} {LEAD[::-1]}"),
            WINDOW.days,
        ),
        (
            "same_words",
            (
                "바닷길 안전 지키는 등대지기 체험 행사 열려",
                "바닷길 안전을 지킨다… 등대지기 체험 행사",
            ),
            ("", ""),
            RETOLD_WINDOW.days,
        ),
        (
            "retold",
            ("목조 문화재 화재, 감지기로 막는다", "전국 사찰에 불 감지기"),
            TEMPLE,
            RETOLD_WINDOW.days,
        ),
    ],
)
def test_each_rule_has_its_closer_look(
    rule: str, titles: tuple[str, str], leads: tuple[str, str], days: int
) -> None:
    """As many days later as it reaches, and where the two met by their leads alone."""
    one, other = (
        make_item(number, title, summary=lead, feed=body, body=body, hours=hours)
        for number, title, lead, body, hours in zip(
            (1, 2), titles, leads, ("mois", "nfa"), (0, 24 * days), strict=True
        )
    )
    assert rule == decide_pair(features_of(one), features_of(other), ()).rule
    assert ([(1, 2)], []) == looked_at(_meeting(one, other))
    assert ([(2, 1)], []) == looked_at(_meeting(other, one))


LATER = 24 * (RETOLD_WINDOW.days + 1)
"""Hours after which no office tells again what another one told."""


@pytest.mark.parametrize("gap", [0, 24 * RETOLD_WINDOW.days, LATER])
def test_three_ways_to_stand(gap: int) -> None:
    """Unlike titles and leads are nothing, near titles or leads are related, copies are looked at;
    what may be told in other words only while that is done."""
    one = make_item(1, "스마트도시 데이터 표준 마련", summary=LEAD)
    half, near = "스마트도시 데이터 표준 설명회", "스마트도시 데이터 산업 육성 전략 대토론회"
    others = {
        "unlike": ("겨울철 산불 예방 대책 발표", LEAD[::-1]),
        "near title": (near, LEAD[::-1]),
        "near lead": ("겨울철 산불 예방 대책", f"{LEAD[:45]} {LEAD[::-1]}"),
        "retold lead": ("겨울철 산불 예방 대책", f"{LEAD[:65]} {LEAD[::-1]}"),
        "half title": (half, LEAD[::-1]),
        "half title without a lead": (half, ""),
        "near title without a lead": (near, ""),
        "half title, near lead": (half, f"{LEAD[:45]} {LEAD[::-1]}"),
        "copy": ("스마트도시 데이터 표준 마련", LEAD),
        "same lead": ("겨울철 산불 예방 대책", LEAD),
    }
    said = {}
    for name, (title, lead) in others.items():
        other = make_item(2, title, summary=lead, hours=gap)
        said[name] = tuple(map(len, looked_at(_meeting(one, other))))
    in_time = (1, 0) if gap < LATER else (0, 1)
    assert {
        "unlike": (0, 0),
        "near title": (0, 1),
        "near lead": (0, 1),
        "retold lead": in_time,
        "half title": (0, 1),
        "half title without a lead": in_time,
        "near title without a lead": (0, 1),
        "half title, near lead": (1, 0),
        "copy": (1, 0),
        "same lead": (1, 0),
    } == said


@pytest.mark.parametrize("gap", [0, 24 * RETOLD_WINDOW.days, LATER])
def test_unlike_leads_are_at_stake_while_half_a_title_would_do(gap: int) -> None:
    """Leads that say something keep two such titles apart; boilerplate does not."""
    one = make_item(1, "스마트도시 데이터 표준 마련", summary=LEAD)
    other = make_item(2, "스마트도시 데이터 표준 설명회", summary=LEAD[::-1], hours=gap)
    meeting = _meeting(one, other)
    _, hashes = _leads([features_of(one), features_of(other)])
    assert ([], [(1, 2)]) == looked_at(meeting)
    assert (hashes if gap < LATER else set()) == meeting.leads_at_stake()
    for lead in hashes:
        assert (gap < LATER) == (looked_at(meeting, {lead}) == ([(1, 2)], []))


def test_boilerplate_counts_as_no_lead() -> None:
    """On either side; what else is alike still counts."""
    one = make_item(1, "스마트도시 데이터 표준 마련", summary=LEAD * 2)
    led = make_item(2, "겨울철 산불 예방 대책", summary=f"{LEAD * 2} 끝.")
    both = make_item(2, "스마트도시 데이터 산업 육성 전략 대토론회", summary=LEAD * 2)
    mine, theirs = (lead_hash(features_of(each).lead_key) for each in (one, led))
    assert mine == theirs
    assert ([], []) == looked_at(_meeting(one, led), {mine})
    assert ([(1, 2)], []) == looked_at(_meeting(one, led), {mine + 1})
    assert ([], [(1, 2)]) == looked_at(_meeting(one, both), {mine})


def test_who_says_nothing_is_like_nobody() -> None:
    """Two items without title and lead, under one address or none."""
    bare = Outline(address="", title="", lead="")
    linked = replace(bare, address="https://a.example/1")
    index = index_of([(1, bare), (2, bare), (3, linked), (4, linked)])
    assert ([(3, 4), (4, 3)], []) == looked_at(meet(index, index))


def _spread(count: int) -> Iterator[tuple[int, Outline]]:
    for number in range(count):
        word = chr(0xAC00 + number % 700)
        yield number, Outline(address="", title=f"{word * 3}보도자료{number // 700}", lead=LEAD)


def test_more_pairs_than_are_compared_at_once() -> None:
    """Each as if it stood alone."""
    index = index_of([*_spread(150)])
    whole = meet(index, index)
    with patch.object(meetings, "_BLOCK", 7 * LEAD_WORDS):
        assert told(whole) == told(meet(index, index))
    assert 150 * 149 == len(whole.mine)


# --- pairs ------------------------------------------------------------------------------------------

NEAR = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 20), st.integers(0, WINDOW.days)),
    unique_by=lambda one: one[:2],
    max_size=30,
)


def near_of(rows: Sequence[tuple[int, int, int]]) -> Near:
    """These pairs with the days between."""
    columns = zip(*((*row, rank(row[1])) for row in rows), strict=True) if rows else [()] * 4
    return Near(*(np.array([*column], np.int64) for column in columns))


@given(NEAR, st.integers(0, 5), st.sets(st.integers(1, 6)))
def test_the_nearest_come_first(
    rows: list[tuple[int, int, int]], most: int, whole: set[int]
) -> None:
    """Those of the nearest days, then by rank, however the pairs are ordered; so many at most of each
    item, but all of some."""
    found = near_of(rows).nearest(most, whole)
    assert {one for one, _, _ in rows} == found.keys()
    for one, others in found.items():
        mine = sorted((gap, rank(other), other) for owner, other, gap in rows if owner == one)
        assert [other for _, _, other in mine[: None if one in whole else most]] == [*others]


@given(NEAR, NEAR, st.data())
def test_some_of_the_pairs_and_more(
    rows: list[tuple[int, int, int]], others: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    """Chosen one by one, with all that is known of each; and told without regard to sides."""
    chosen = data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    some = [row for row, is_chosen in zip(rows, chosen, strict=True) if is_chosen]
    near, expected_ = near_of(rows).only(chosen).and_more(near_of(others)), near_of(some + others)
    assert all(np.array_equal(*both) for both in zip(near, expected_, strict=True))
    assert [(min(one), max(one)) for one in who(near)] == near.pairs()
