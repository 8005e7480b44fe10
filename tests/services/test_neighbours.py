"""What resembles what, however it is read."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from aggregator.curate.copies import day_index
from aggregator.curate.copies.features import features
from aggregator.curate.copies.fingerprints import keys_of, rank_of
from aggregator.curate.copies.pairs import Sameness, decide_pair, find_boilerplate
from aggregator.curate.copies.vetoes import WINDOW
from aggregator.domain.items import Item
from aggregator.domain.stories import DayPrint
from aggregator.services import many
from aggregator.services.curation import close_looks, day_indexes, known_features, neighbours
from aggregator.services.curation.neighbours import Neighbours
from aggregator.services.desk import Desk
from tests.fixtures.desk import lay_in, make_curator, release

DAY = date(2024, 2, 10)
LEAD = (
    "국토교통부는 지방자치단체가 데이터를 함께 쓰도록 표준을 정하고 내년까지 모든 시도에 보급한다고 밝혔다. "
    "이를 위해 관계기관 협의체를 꾸려 기술 지원과 예산을 함께 챙길 계획이다."
)
STOCK = "자세한 내용은 붙임 보도자료를 참고하시기 바랍니다. 문의는 담당 부서로 해 주시기 바랍니다."
FEEDS = ("molit", "msit", "seoul", "ulsan", "gyeonggi", "lx")
_WORDS = ("드론", "배송", "수소", "충전소", "도입", "스마트", "교통", "데이터", "표준", "마련")

ALL = 10_000

_Told = dict[int, tuple[frozenset[int], frozenset[int]]]


def mixed(count: int, seed: int) -> list[Item]:
    """Items of which many have titles, leads or addresses in common."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    leads = ("", LEAD, f"{LEAD} 끝으로 감사를 전했다.", STOCK, LEAD[::-1])
    return [
        release(
            chance.choice(FEEDS),
            f"k{number}",
            DAY + timedelta(chance.randrange(20)),
            title=" ".join(chance.sample(_WORDS, chance.randrange(2, 6))),
            summary=chance.choice(leads),
            canonical_url=f"https://press.example/{chance.randrange(count)}",
        )
        for number in range(count)
    ]


def known(desk: Desk) -> Neighbours:
    """What a run knows of all items, looked up."""
    found = make_curator(desk).neighbours()
    ids = [one.id for one in desk.store.items()]
    found.take(ids, lambda: None)
    found.look_up(ids)
    return found


def told(found: Neighbours, desk: Desk) -> _Told:
    """What is the same as each item, and what is related to it."""
    ids = sorted(one.id for one in desk.store.items())
    found.look_up(ids)
    return {one: (frozenset(found.same_as(one)), frozenset(found.related_to(one))) for one in ids}


def _by_hand(desk: Desk) -> Mapping[int, frozenset[int]]:
    """What is the same as each item, each pair decided by itself."""
    context = make_curator(desk).context
    facts = {one.id: features(one, context) for one in desk.store.items()}
    titles: dict[str, set[str]] = {}
    for one in facts.values():
        if one.lead:
            titles.setdefault(one.lead_key, set()).add(one.title)
    empty = find_boilerplate(titles)
    keys = {one.item_id: keys_of(one.bits) for one in desk.store.fingerprints_of(facts)}
    same: dict[int, set[int]] = {one: set() for one in facts}
    for a, b in combinations(facts, 2):
        near = abs(facts[a].day - facts[b].day) <= WINDOW and keys[a] & keys[b]
        if near and decide_pair(facts[a], facts[b], empty).sameness is Sameness.SAME:
            same[a].add(b)
            same[b].add(a)
    return {one: frozenset(others) for one, others in same.items()}


@pytest.mark.parametrize("seed", range(3))
def test_the_same_is_what_deciding_each_pair_says(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Of all that share a key within a window, boilerplate counted in the whole store; and what is
    said of two is said from both sides."""
    monkeypatch.setattr(neighbours, "RELATED_KEPT", ALL)
    lay_in(desk, *mixed(70, seed))
    said = told(known(desk), desk)
    assert _by_hand(desk) == {one: same for one, (same, _) in said.items()}
    assert 20 < sum(len(same) for same, _ in said.values())
    for one, (_, related) in said.items():
        assert all(one in said[other][1] for other in related)
        assert related.isdisjoint(said[one][0] | {one})


@pytest.mark.parametrize("crowd", [2, 200])
@pytest.mark.parametrize("most", [0, 1, 2])
def test_the_nearest_of_what_is_related_are_remembered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, crowd: int, most: int
) -> None:
    """Of the nearest days, then in an order that arrival does not change; so many at most, but all of
    an item with a crowded key. What is the same is remembered whole."""
    monkeypatch.setattr(day_index, "CROWD", crowd)
    monkeypatch.setattr(neighbours, "RELATED_KEPT", ALL)
    lay_in(desk, *mixed(90, 5))
    whole, items = known(desk), {one.id: one for one in desk.store.items()}
    monkeypatch.setattr(neighbours, "RELATED_KEPT", most)
    some = known(desk)
    crowded = _crowded(desk)
    assert (crowd == 2) == bool(crowded)

    def near(one: int, other: int) -> tuple[int, int]:
        item = items[other].item
        return abs((items[one].day - items[other].day).days), rank_of(item.feed_id, item.key)

    cut = 0
    for one in items:
        related = whole.related_to(one)
        assert sorted(related, key=lambda other: near(one, other)) == [*related]
        assert related[: None if one in crowded else most] == some.related_to(one)
        assert whole.same_as(one) == some.same_as(one)
        cut += len(some.related_to(one)) < len(related)
    assert cut > 5
    assert bool(crowded) == any(len(some.related_to(one)) > most for one in crowded)


def _crowded(desk: Desk) -> set[int]:
    """The items that have a key which too many of their day have."""
    days = {one.day for one in desk.store.items()}
    indexes = [day_index.DayIndex.of(desk.store.fingerprints_on(day)) for day in days]
    return {one for index in indexes for one in index.in_crowds().tolist()}


@pytest.mark.parametrize("together", [1, 7])
def test_days_that_were_dropped_say_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """Nothing that is forgotten to save room changes what is found, in whatever order."""
    lay_in(desk, *mixed(60, 7))
    whole = told(known(desk), desk)
    monkeypatch.setattr(day_indexes, "ROWS_KEPT", 0)
    monkeypatch.setattr(neighbours, "PLACES_KEPT", 0)
    monkeypatch.setattr(neighbours, "FOUND_KEPT", 0)
    monkeypatch.setattr(close_looks, "CLOSE_KEPT", 0)
    monkeypatch.setattr(close_looks, "READ_TOGETHER", 3)
    monkeypatch.setattr(known_features, "ROOM", 8 * known_features.ITEM)
    monkeypatch.setattr(neighbours, "TOGETHER", 3)
    monkeypatch.setattr(many, "CHUNK", 2)
    found = make_curator(desk).neighbours()
    found.take(sorted(whole), lambda: None)
    ids = sorted(whole)
    random.Random(1).shuffle(ids)  # noqa: S311 - repeatable on purpose
    said: _Told = {}
    for some in many.chunks(ids, together):
        found.make_room()
        found.look_up(some)
        for one in some:
            said[one] = frozenset(found.same_as(one)), frozenset(found.related_to(one))
    assert whole == said


TITLE = "스마트시티 데이터 표준 마련"
COPIES = [
    release("molit", "a", DAY, title=TITLE, summary=LEAD),
    release("msit", "b", DAY, title=TITLE, summary=LEAD),
    release("seoul", "c", DAY, title=f"{TITLE} 공청회 열려", summary=""),
    release("ulsan", "d", DAY, title="무관한 농업 소식 하나", summary=""),
]
CHANGES = {
    "text": {"title": "무관한 농업 소식 하나", "summary": ""},
    "day": {"published": release("msit", "b", DAY + timedelta(30)).published},
    "text and day": {
        "title": f"{TITLE} 취소",
        "published": release("msit", "b", DAY + timedelta(2)).published,
    },
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("is_curated", [False, True])
def test_what_another_process_changed_is_read_again(
    desk: Desk, change: str, *, is_curated: bool
) -> None:
    """Once it is renewed all is as if it had always been so, whether the other one also wrote its
    fingerprint or not."""
    lay_in(desk, *COPIES)
    mine = known(desk)
    stored = {one.item.key: one.id for one in desk.store.items()}
    assert stored["b"] in mine.same_as(stored["a"])
    lay_in(desk, replace(COPIES[1], hash="new", **CHANGES[change]))  # type: ignore[arg-type]
    if is_curated:
        make_curator(desk).curate()
    mine.renew([stored["b"]])
    assert told(known(desk), desk) == told(mine, desk)
    assert stored["b"] not in mine.same_as(stored["a"])


def test_what_another_process_brought_is_met(desk: Desk) -> None:
    """Once anything is renewed, for it may be of one story with that by now."""
    lay_in(desk, *COPIES)
    mine = known(desk)
    lay_in(desk, release("lx", "late", DAY, title=TITLE, summary=LEAD))
    make_curator(desk).curate()
    (late,) = [one.id for one in desk.store.items() if one.item.key == "late"]
    mine.renew([one.id for one in desk.store.items() if one.item.key == "a"])
    assert told(known(desk), desk) == told(mine, desk)
    assert late in mine.same_as(1)
    assert 1 in mine.same_as(late)


def test_who_joined_a_story_meanwhile_is_met(desk: Desk) -> None:
    """It is looked up as a member of that, though its day was read before it came."""
    lay_in(desk, *COPIES)
    mine = known(desk)
    lay_in(desk, release("lx", "late", DAY, title=TITLE, summary=LEAD))
    make_curator(desk).curate()
    (late,) = [one.id for one in desk.store.items() if one.item.key == "late"]
    mine.look_up([late])
    assert known(desk).same_as(late) == mine.same_as(late)
    assert len(mine.same_as(late)) > 1


def test_who_was_not_overtaken_reads_no_day_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When one component of many was changed by another process, all of them are renewed."""
    lay_in(desk, *COPIES)
    mine = known(desk)
    before = told(mine, desk)
    read: list[date] = []
    ask = desk.store.fingerprints_on

    def note(day: date) -> list[DayPrint]:
        read.append(day)
        return ask(day)

    monkeypatch.setattr(desk.store, "fingerprints_on", note)
    mine.renew([one.id for one in desk.store.items()])
    assert before == told(mine, desk)
    assert [] == read


def test_who_is_renewed_has_the_story_and_revision_of_now(desk: Desk) -> None:
    """Else a plan that rests on it would be refused for ever."""
    lay_in(desk, *COPIES)
    mine = known(desk)
    ids = [one.id for one in desk.store.items()]
    assert {None} == {mine.story_of[one] for one in ids}
    lay_in(desk, replace(COPIES[3], title="새 제목", hash="new"))
    make_curator(desk).curate()
    mine.renew(ids)
    stored = desk.store.items_by_id(ids)
    assert {one.id: one.story_id for one in stored.values()} == mine.story_of
    assert {one.id: one.rev for one in stored.values()} == mine.revs


def test_strangers_have_nothing_in_common_but_a_crowd(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two items of a crowd that share an address besides are none."""
    monkeypatch.setattr(day_index, "CROWD", 3)
    title = "보도자료 안내"
    items = [release(feed, "k", DAY, title=title, summary="") for feed in FEEDS[:4]]
    items.append(replace(items[0], feed_id="lx", key="copy"))
    lay_in(desk, *items, release("seoul", "quiet", DAY, title="공원 야간 개장", summary=""))
    found = known(desk)
    ids = {(one.item.feed_id, one.item.key): one.id for one in desk.store.items()}
    crowd = sorted(one for name, one in ids.items() if name != ("seoul", "quiet"))
    friends = {ids["molit", "k"], ids["lx", "copy"]}
    expected = {pair for pair in combinations(crowd, 2) if {*pair} != friends}
    assert expected == found.strangers(crowd)
    assert set() == found.strangers([ids["seoul", "quiet"]])
