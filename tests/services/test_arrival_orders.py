"""The same items in any order and in any batches are the same stories."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest

from aggregator.curate.copies import day_index
from aggregator.curate.copies.fold_stories import mint_public_id
from aggregator.domain.items import Item
from aggregator.domain.stories import RELATED_MAX, Verdict
from aggregator.services.curation import neighbours
from aggregator.services.curation.neighbours import Neighbours
from aggregator.services.desk import Desk
from tests.fixtures.desk import ISSUE_DAY, lay_in, make_curator, make_desk, release

DAY = date(2024, 2, 1)
FEEDS = ("molit", "msit", "seoul", "ulsan", "gyeonggi", "lx")
CROWD = 8
SUBJECTS = (
    *(
        "스마트시티 통합관제",
        "전통시장 주차장",
        "산림 재난 감시",
        "어린이 도서관",
        "하천 생태 복원",
    ),
    *("노인 일자리 박람회", "수소 충전소", "치매 안심 마을", "빈집 정비 조례", "드론 배송 실증"),
    *(
        "상수도 누수 탐지",
        "청년 창업 공간",
        "갯벌 보호 구역",
        "교량 내진 보강",
        "야시장 먹거리 위생",
    ),
    *("자전거길 야간 조명", "스마트시티 데이터허브", "농산물 직거래 장터", "외국인 투자 상담"),
    *("폭염 쉼터 확대", "문화재 돌봄", "반도체 인력 양성", "항만 물류 자동화", "습지 철새 조사"),
)
ENDS = ("추진 계획 발표", "시범 운영 시작", "성과 보고회 마련", "민관 협력 강화", "전국 확대 시행")
STOCK = (
    "자세한 내용은 담당 부서에서 다음 달에 따로 알리고 누리집에서도 언제든지 볼 수 있게 한다고 설명했다.",
    "문의 사항은 평일 근무 시간에 민원 상담실 대표 번호로 전화하거나 방문하여 확인하면 된다고 안내했다.",
)

Name = tuple[str, str]


def lead_of(number: int) -> str:
    """A lead of its own for each release."""
    chance = random.Random(f"lead {number}")  # noqa: S311 - repeatable on purpose
    words = " ".join("".join(chance.sample("가나다라마바사아자차카타파하", 3)) for _ in range(22))
    return f"{words} 밝혔다."


def copies() -> Iterator[Item]:
    """Releases with up to four copies: as they were, marked, cut, or under another headline."""
    chance = random.Random(1)  # noqa: S311 - repeatable on purpose
    for number, subject in enumerate(SUBJECTS):
        title = f"{subject} {ENDS[number % len(ENDS)]}"
        day = DAY + timedelta(number % 14)
        forms = (title, f"[보도자료] {title}", f"{title[:-2]}…", f"{subject[::-1]} 새 소식 전해")
        feeds = chance.sample(FEEDS, chance.randint(1, 4))
        for form, feed in zip(forms, feeds, strict=False):
            late = timedelta(chance.randint(0, 3))
            yield release(feed, f"copy{number}", day + late, title=form, summary=lead_of(number))


def likes() -> Iterator[Item]:
    """Releases that differ in their place, year or count, and one that is like all of them."""
    titles = (
        "청주시 스마트도시 공모 선정",
        "전주시 스마트도시 공모 선정",
        "스마트도시 공모 선정",
    )
    for number, title in enumerate(titles):
        yield release(FEEDS[number], "like", DAY + timedelta(number), title=title, summary="")
    for year in (2024, 2025, 2026):
        yield release("lx", f"year{year}", DAY, title=f"{year}년 지적 재조사 사업 안내", summary="")
    for turn in range(1, 5):
        title = f"제{turn}차 공공건축 심의 위원회 개최"
        yield release("molit", f"turn{turn}", DAY + timedelta(turn), title=title, summary="")


def chains() -> Iterator[Item]:
    """Titles that grow and shrink a word at a time, and one title every five days."""
    words = "지능형 교통체계 정기 점검 및 합동 훈련 결과 보고 일정 안내".split()  # noqa: SIM905
    for start in range(0, 5, 2):
        title = " ".join(words[start : start + 5])
        yield release(
            FEEDS[start], f"chain{start}", DAY + timedelta(start), title=title, summary=""
        )
    for number in range(5):
        day = DAY + timedelta(5 * number)
        yield release("lx", f"step{number}", day, title="지하철 승강기 정기 점검", summary="")


def stocked() -> Iterator[Item]:
    """Leads that turn to boilerplate: under six and four unlike titles, and one under three."""
    titles = (
        "우주 발사체",
        "김장 나눔",
        "무인 택배함",
        "씨름 대회",
        "온천 축제",
        "해녀 학교",
        "벚꽃길",
    )
    for number, title in enumerate((*titles[:6], *titles[3:])):
        lead = STOCK[number > 5]
        yield release(
            FEEDS[number % 6],
            f"stock{number}",
            DAY + timedelta(3 * number),
            title=title,
            summary=lead,
        )
    for number in range(3):
        title, lead = f"{titles[number][::-1]} 개편", f"{STOCK[0][::-1]} 다름"
        yield release(FEEDS[number], f"three{number}", DAY, title=title, summary=lead)


def crowded() -> Iterator[Item]:
    """More of one day under one title than say anything; two of them with a lead, one on the morrow."""
    for number in range(CROWD + 3):
        lead = lead_of(100) if number < 2 else ""
        feed = FEEDS[number % 3]
        yield release(feed, f"crowd{number}", DAY, title="보도자료 안내", summary=lead)
    yield release("lx", "crowd", DAY + timedelta(1), title="보도자료 안내", summary="")


def others() -> Iterator[Item]:
    """One page under unlike entries, one address at two feeds, what has no date, and single ones."""
    for number, title in enumerate(("감사 결과", "채용 시험 공고", "청사 이전")):
        page = "https://molit.example/main"
        yield release("molit", f"page{number}", DAY, title=title, summary="", canonical_url=page)
    for feed in ("seoul", "ulsan"):
        news = "https://www.korea.kr/news?newsId=156635793"
        title = f"{feed} 소식"
        yield release(feed, "news", DAY, title=title, summary="", canonical_url=news)
    for feed in ("kits", "lx"):
        yield release(feed, "undated", None, title="스마트시티 논문집 발간", summary=lead_of(101))
    for number in range(45):
        chance = random.Random(f"single {number}")  # noqa: S311 - repeatable on purpose
        words = ["".join(chance.sample("거너더러머버서어저처커터퍼허", 3)) for _ in range(4)]
        day, feed = DAY + timedelta(chance.randrange(25)), chance.choice(FEEDS)
        title, lead = " ".join(words), lead_of(200 + number)
        yield release(feed, f"single{number}", day, title=title, summary=lead)


ITEMS = [one for made in (copies, likes, chains, stocked, crowded, others) for one in made()]
VERDICTS: dict[tuple[Name, Name], bool] = {
    (("molit", "like"), ("msit", "like")): True,
    (("molit", "crowd0"), ("msit", "crowd1")): False,
    (("gyeonggi", "copy1"), ("ulsan", "copy1")): False,
    (("molit", "copy18"), ("seoul", "copy18")): False,
    (("gyeonggi", "copy0"), ("molit", "copy0")): True,
}
"""Editors' words: on what a rule keeps apart and a third item brings together, on what rules would
fold, and on what they fold in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Stories by their members: the public id, the primary, the section, the related stories."""

    public_ids: dict[frozenset[Name], str]
    primaries: dict[frozenset[Name], Name]
    sections: dict[frozenset[Name], str | None]
    related: dict[frozenset[Name], frozenset[frozenset[Name]]]

    @classmethod
    def of(cls, desk: Desk) -> Outcome:
        """What readers and editors see."""
        found = desk.store.stories()
        members = {
            one.public_id: frozenset(map(_name, (m.item for m in one.members))) for one in found
        }
        assert len(members) == len(found)
        return cls(
            public_ids={mine: public_id for public_id, mine in members.items()},
            primaries={members[one.public_id]: _name(one.primary.item) for one in found},
            sections={
                members[one.public_id]: one.placement.section if one.placement else "none"
                for one in found
            },
            related={
                members[one.public_id]: frozenset(members[other] for other in one.related)
                for one in found
            },
        )


def _name(item: Item) -> Name:
    return item.feed_id, item.key


@contextmanager
def opened(folder: Path, crowd: int = CROWD) -> Iterator[Desk]:
    """A desk for which a key is crowded sooner."""
    desk = make_desk(folder)
    with patch.object(day_index, "CROWD", crowd):
        yield desk
    desk.store.close()


def arrive(desk: Desk, batches: Iterable[Sequence[Item]]) -> None:
    """Curate these batches in their order; an editor says a word as soon as both items are there."""
    waiting = dict(VERDICTS)
    here: set[Name] = set()
    curator = make_curator(desk)
    for batch in batches:
        lay_in(desk, *batch)
        here.update(map(_name, batch))
        if ready := [pair for pair in waiting if here >= {*pair}]:
            ids = {_name(one.item): one.id for one in desk.store.items()}
            said = [_verdict(*(ids[one] for one in pair), same=waiting.pop(pair)) for pair in ready]
            desk.store.save_verdicts(said)
            desk.store.make_due({one for each in said for one in (each.item_a, each.item_b)})
        curator.curate()
    assert not waiting


def _verdict(one: int, other: int, *, same: bool) -> Verdict:
    a, b = sorted((one, other))
    return Verdict(item_a=a, item_b=b, same=same, by="kim", at=ISSUE_DAY)


def at_once(items: Sequence[Item], _chance: random.Random) -> list[Sequence[Item]]:
    return [items]


def one_by_one(items: Sequence[Item], _chance: random.Random) -> list[Sequence[Item]]:
    return [[one] for one in items]


def in_batches(items: Sequence[Item], chance: random.Random) -> list[Sequence[Item]]:
    cuts = sorted(chance.sample(range(1, len(items)), chance.randint(2, len(items) // 6)))
    return [items[start:end] for start, end in pairwise([0, *cuts, len(items)])]


Cut = Callable[[Sequence[Item], random.Random], list[Sequence[Item]]]
ORDERS: list[tuple[int, Cut]] = [
    *((seed, at_once) for seed in range(1, 8)),
    *((seed, in_batches) for seed in range(8, 17)),
    *((seed, one_by_one) for seed in range(17, 21)),
]


def come(items: Sequence[Item], cut: Cut, seed: int = 0) -> Outcome:
    """What becomes of these items when they come so."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    with TemporaryDirectory() as folder, opened(Path(folder)) as desk:
        arrive(desk, cut(items, chance))
        return Outcome.of(desk)


@cache
def expected() -> Outcome:
    """All at once, in the order of days."""
    return come(_by_day(), at_once)


def _by_day() -> list[Item]:
    undated = ISSUE_DAY.date()
    return sorted(
        ITEMS, key=lambda one: (one.published.day if one.published else undated, _name(one))
    )


def shuffled(seed: int) -> list[Item]:
    items = list(ITEMS)
    random.Random(seed).shuffle(items)  # noqa: S311 - repeatable on purpose
    return items


def all_known(desk: Desk) -> tuple[Neighbours, dict[Name, int]]:
    """What resembles each item, however many do, and the ids of the items."""
    known = make_curator(desk).neighbours()
    ids = {_name(one.item): one.id for one in desk.store.items()}
    with patch.object(neighbours, "RELATED_KEPT", len(ids)):
        known.look_up(ids.values())
    return known, ids


def test_the_items_are_worth_it(tmp_path: Path) -> None:
    """There are copies, chains, stories without a copy, an editor's word that counts, crowds, leads
    that say nothing, and related stories, none more than are shown."""
    with opened(tmp_path) as desk:
        arrive(desk, [ITEMS])
        known, ids = all_known(desk)
        shown = {
            mine: {other for one in mine for other in known.related_to(ids[one])}
            for mine in Outcome.of(desk).public_ids
        }
    assert 140 < len(ITEMS) == len({_name(one) for one in ITEMS})
    assert max(map(len, shown.values())) <= RELATED_MAX
    sizes = [len(mine) for mine in expected().public_ids]
    assert 20 < sum(size > 1 for size in sizes)
    assert 70 < sum(size == 1 for size in sizes)
    assert 60 < sum(map(len, expected().related.values()))
    assert {"issue", "special", "literature", None} <= {*expected().sections.values()}
    together = {one: mine for mine in expected().public_ids for one in mine}
    for (a, b), same in VERDICTS.items():
        assert same == (together[a] == together[b])
    alone = {next(iter(mine)) for mine in together.values() if len(mine) == 1}
    assert {("molit", f"crowd{n}") for n in range(0, CROWD + 3, 3)} < alone
    assert {(FEEDS[n % 6], f"stock{n}") for n in range(10)} < alone


@pytest.mark.long
@pytest.mark.parametrize(("seed", "cut"), ORDERS)
def test_no_order_and_no_batch_makes_other_stories(seed: int, cut: Cut) -> None:
    """Members, primaries, sections and related stories are the same. All at once the public ids are
    so, too, whichever item got its number first; else a story keeps the one it was born with."""
    outcome = come(shuffled(seed), cut, seed)
    assert expected().primaries == outcome.primaries
    assert expected().sections == outcome.sections
    assert expected().related == outcome.related
    if cut is at_once:
        assert expected().public_ids == outcome.public_ids


@pytest.mark.long
@pytest.mark.parametrize(("seed", "cut"), [(1, in_batches), (2, in_batches)])
def test_days_that_come_in_their_order_have_the_same_public_ids(seed: int, cut: Cut) -> None:
    """However many come at once: each story is born with its earliest member."""
    assert expected() == come(_by_day(), cut, seed)
    assert all(
        mint_public_id(*min(mine, key=_place)) == public_id
        for mine, public_id in expected().public_ids.items()
    )


def _place(name: Name) -> int:
    return [_name(one) for one in _by_day()].index(name)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_what_is_rewritten_is_as_if_it_had_always_been_so(seed: int) -> None:
    """Items that first said what others say, or were on other days, leave no trace in what the
    others are and show beside them."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    before = list(ITEMS)
    for at in chance.sample(range(len(ITEMS)), 40):
        other = chance.choice(ITEMS)
        # Another text on another day would be another release under a guid that is used again.
        changes = chance.choice(
            [{"title": other.title, "summary": other.summary}, {"published": other.published}]
        )
        before[at] = replace(ITEMS[at], hash="before", **changes)  # type: ignore[arg-type]
    chance.shuffle(before)
    changed = shuffled(seed)
    with TemporaryDirectory() as folder, opened(Path(folder)) as desk:
        arrive(desk, [*in_batches(before, chance), *in_batches(changed, chance)])
        outcome = Outcome.of(desk)
    assert expected().sections == outcome.sections
    assert expected().primaries == outcome.primaries
    assert expected().related == outcome.related


@pytest.mark.parametrize("cut", [at_once, in_batches, one_by_one])
def test_of_a_board_of_near_titles_each_shows_some(tmp_path: Path, cut: Cut) -> None:
    """Where more are related than are shown, the order decides which: a story names at most so many
    of those that were there when it was decided. Each shows some and never more, all of them
    related to it; what came at once fills every place, if as many are found."""
    board = [
        release(feed, f"b{number}", DAY, title=f"제{number}차 주민 자치 위원 교육", summary="")
        for number, feed in zip(range(20), FEEDS * 4, strict=False)
    ]
    chance = random.Random(4)  # noqa: S311 - repeatable on purpose
    chance.shuffle(board)
    with opened(tmp_path, len(board)) as desk:
        for batch in cut(board, chance):
            lay_in(desk, *batch)
            make_curator(desk).curate()
        known, ids = all_known(desk)
        outcome = Outcome.of(desk)
    assert 20 == len(outcome.public_ids)
    assert (
        15 < sum(len(others) == RELATED_MAX for others in outcome.related.values())
        or cut is not at_once
    )
    for (mine,), others in outcome.related.items():
        shown, found = {ids[one] for (one,) in others}, {*known.related_to(ids[mine])}
        assert min(RELATED_MAX if cut is at_once else 1, len(found)) <= len(shown) <= RELATED_MAX
        assert shown <= found
