"""Fingerprints written, and who is due again for it."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

import pytest

from aggregator.curate.copies import day_index
from aggregator.curate.copies.day_index import DayIndex
from aggregator.curate.copies.features import features
from aggregator.curate.copies.fingerprints import fingerprints, lead_hash, rank_of
from aggregator.domain.items import Item
from aggregator.services import many
from aggregator.services.curation.day_indexes import DayIndexes
from aggregator.services.curation.fingerprinting import Fingerprinter
from aggregator.services.curation.known_features import KnownFeatures
from aggregator.services.desk import Desk
from tests.curate.days import same
from tests.curate.make import outline_of
from tests.fixtures.desk import bring, lay_in, make_curator, release
from tests.fixtures.records import on_day

DAY = date(2024, 2, 10)
LEAD = "자세한 내용은 담당 부서에서 다음 달에 따로 알리고 누리집에서도 볼 수 있게 한다고 설명했다."
OTHER_LEAD = (
    "울산시는 시내버스 정류장에 그늘막과 공기정화 장치를 놓아 여름철 시민 불편을 줄이겠다고 했다."
)
FEEDS = ("molit", "msit", "seoul", "ulsan", "gyeonggi", "lx")
TITLES = (
    "드론 배송 시작",
    "전기버스 도입",
    "디지털트윈 지도 공개",
    "자율주행 셔틀 운행",
    "수소 충전소 준공",
    "공원 야간 개장",
)


def under_lead(count: int) -> list[Item]:
    """So many releases with one lead and unlike titles, weeks apart."""
    return [
        release(feed, "k", DAY + timedelta(weeks=3 * n), title=title, summary=LEAD)
        for n, (feed, title) in enumerate(zip(FEEDS[:count], TITLES, strict=False))
    ]


def take(desk: Desk, *items: Item) -> list[str]:
    """Store items and write their fingerprints; the feeds of the others that are due for it."""
    lay_in(desk, *items)
    mine = {(item.feed_id, item.key) for item in items}
    stored = {one.id: one.item for one in desk.store.items()}
    new = [one for one, item in stored.items() if (item.feed_id, item.key) in mine]
    found = fingerprinter(desk).take(new, lambda: None)
    assert {*found} <= {*desk.store.uncurated_ids()}
    return sorted(stored[one].feed_id for one in found)


def fingerprinter(desk: Desk) -> Fingerprinter:
    days = DayIndexes(store=desk.store)
    known = KnownFeatures(store=desk.store, context=make_curator(desk).context)
    return Fingerprinter(store=desk.store, features=known, days=days)


def test_an_item_has_one_fingerprint(desk: Desk) -> None:
    """Its day, its normal title, the start of its lead as a number, its rank, and its bits; what says
    too little to be a lead is none."""
    bring(
        desk,
        release("molit", "a", DAY, title="[보도자료] 국토부, 표준 마련", summary=LEAD),
        release("seoul", "b", DAY, summary="짧다"),
    )
    context = make_curator(desk).context
    one, other = sorted(desk.store.items(), key=lambda stored: stored.item.key)
    (made,) = desk.store.fingerprints_of([one.id])
    facts = features(one, context)
    assert (one.id, DAY, facts.title) == (made.item_id, made.day, made.title)
    assert (lead_hash(facts.lead_key), made.bits) == (
        made.lead,
        fingerprints([outline_of(one, context)])[0],
    )
    assert rank_of("molit", "a") == made.rank
    assert [None] == [each.lead for each in desk.store.fingerprints_of([other.id])]


def test_a_lead_that_turns_makes_others_due(desk: Desk) -> None:
    """The fourth unlike title makes boilerplate of it, a fifth changes nothing, and when only three
    are left it counts again; each time those who have it are due, however long ago they came."""
    items = under_lead(5)
    bring(desk, *items[:3])
    assert ["molit", "msit", "seoul"] == take(desk, items[3])
    make_curator(desk).curate()
    assert [] == take(desk, items[4])
    make_curator(desk).curate()
    alike = [replace(one, title=f"{TITLES[0]} 행사", hash="alike") for one in items[3:]]
    assert [] == take(desk, alike[0])
    make_curator(desk).curate()
    assert ["molit", "msit", "seoul", "ulsan"] == take(desk, alike[1])


def test_another_lead_turns_the_one_that_was(desk: Desk) -> None:
    """An item that no longer has it leaves its title with the others gone."""
    items = under_lead(4)
    bring(desk, *items)
    assert ["molit", "msit", "seoul"] == take(desk, replace(items[3], summary=OTHER_LEAD, hash="x"))


def test_a_spelling_of_a_title_turns_nothing(desk: Desk) -> None:
    """A lead under three titles and a copy of one of them is no boilerplate."""
    items = under_lead(4)
    bring(desk, *items[:3])
    assert [] == take(desk, replace(items[3], title=f"[참고] {TITLES[0]}"))


def crowd(count: int) -> list[Item]:
    """So many releases of one day with one title."""
    return [release(feed, "k", DAY, title="보도자료", summary="") for feed in FEEDS[:count]]


def test_a_crowd_that_turns_makes_others_due(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of its day alone; one more changes nothing; one less than it takes turns it back."""
    monkeypatch.setattr(day_index, "CROWD", 3)
    items = crowd(5)
    bring(desk, *items[:3], release("lx", "next", DAY + timedelta(1), title="보도자료", summary=""))
    assert ["molit", "msit", "seoul"] == take(desk, items[3])
    make_curator(desk).curate()
    assert [] == take(desk, items[4])
    make_curator(desk).curate()
    assert [] == take(desk, replace(items[4], title="공원 개장", hash="x"))
    make_curator(desk).curate()
    moved = replace(items[3], published=on_day(DAY + timedelta(2)), hash="y")
    assert ["molit", "msit", "seoul"] == take(desk, moved)
    make_curator(desk).curate()
    assert [] == take(desk, moved)


def test_a_crowd_on_the_day_where_one_comes_to(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An item of another date counts there."""
    monkeypatch.setattr(day_index, "CROWD", 3)
    items = crowd(4)
    late = replace(items[3], published=on_day(DAY - timedelta(30)))
    bring(desk, *items[:3], late)
    assert ["molit", "msit", "seoul"] == take(desk, replace(items[3], hash="x"))


def test_nobody_is_due_for_what_is_written_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same fingerprints turn nothing, crowded and boilerplate or not."""
    monkeypatch.setattr(day_index, "CROWD", 3)
    items = [*under_lead(5), *(replace(one, key="c") for one in crowd(5))]
    bring(desk, *items)
    compared = desk.store.compared([one.id for one in desk.store.items()])
    assert [] == fingerprinter(desk).write(compared)
    assert [] == desk.store.uncurated_ids()


class Stop(Exception):
    """What ends a run."""


@pytest.mark.parametrize("kind", ["lead", "crowd"])
def test_who_is_due_is_so_before_anything_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A run that ends in between leaves nobody with a decision that no longer holds."""
    monkeypatch.setattr(day_index, "CROWD", 3)
    items = under_lead(4) if kind == "lead" else crowd(4)
    bring(desk, *items[:3])

    def fail(_rows: Collection[object]) -> None:
        raise Stop

    monkeypatch.setattr(desk.store, "save_fingerprints", fail)
    with pytest.raises(Stop):
        take(desk, items[3])
    assert 4 == len(desk.store.uncurated_ids())


def test_a_break_comes_between_chunks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written stays, and all are still due."""
    monkeypatch.setattr(many, "CHUNK", 2)
    lay_in(desk, *under_lead(6))
    new = desk.store.uncurated_ids()
    calls: list[int] = []

    def on_chunk() -> None:
        calls.append(len(desk.store.fingerprints_of(new)))
        if len(calls) == 3:
            raise Stop

    with pytest.raises(Stop):
        fingerprinter(desk).take(new, on_chunk)
    assert [0, 2, 4] == calls
    assert new == desk.store.uncurated_ids()


def test_what_is_new_itself_is_not_due_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However few are written together."""
    monkeypatch.setattr(many, "CHUNK", 1)
    monkeypatch.setattr(day_index, "CROWD", 3)
    assert [] == take(desk, *under_lead(5), *(replace(one, key="c") for one in crowd(5)))


def test_indexes_are_kept_true(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is written, changed and moved to another day: what is at hand of a day is what is
    stored of it."""
    monkeypatch.setattr(day_index, "CROWD", 3)
    monkeypatch.setattr(many, "CHUNK", 3)
    writer = fingerprinter(desk)
    days = [DAY + timedelta(n) for n in range(3)]
    chance = random.Random(2)  # noqa: S311 - repeatable on purpose
    for turn in range(8):
        lay_in(
            desk,
            *(
                release(
                    feed,
                    "k",
                    chance.choice(days),
                    title=chance.choice(TITLES[:2]),
                    summary=chance.choice((LEAD, "")),
                    hash=f"{turn}",
                )
                for feed in chance.sample(FEEDS, 4)
            ),
        )
        writer.take([one.id for one in desk.store.items()], lambda: None)
        for day in days:
            assert same(writer.days.on(day), DayIndex.of(desk.store.fingerprints_on(day)))
