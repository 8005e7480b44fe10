"""Items folded into stories and placed, on a real database."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import delete, event, update
from structlog.testing import capture_logs

from aggregator.curate.copies import day_index
from aggregator.curate.copies.day_index import DayIndex
from aggregator.curate.copies.fold_stories import mint_public_id
from aggregator.curate.copies.meetings import Asked, Meeting
from aggregator.domain.bodies import Level
from aggregator.domain.errors import Conflict
from aggregator.domain.feeds import Carries, Feed
from aggregator.domain.items import Item
from aggregator.domain.rules import SectionRule
from aggregator.domain.stories import CurationPlan, Membership, Story
from aggregator.ports.storing import Compared
from aggregator.services import many
from aggregator.services.curation import (
    close_looks,
    curate,
    day_indexes,
    folding,
    known_features,
    neighbours,
)
from aggregator.services.curation.curate import Curator
from aggregator.services.desk import Desk
from aggregator.store.sql import SqlStore
from aggregator.store.tables import fingerprints
from aggregator.store.tables import items as item_rows
from tests.fixtures.desk import (
    bring,
    lay_in,
    make_curator,
    make_desk,
    make_feeds,
    make_rules,
    release,
)
from tests.fixtures.records import take_in

LEAD = (
    "국토교통부는 지방자치단체가 데이터를 함께 쓰도록 표준을 정하고 내년까지 모든 시도에 보급한다고 밝혔다. "
    "이를 위해 관계기관 협의체를 꾸려 기술 지원과 예산을 함께 챙길 계획이다."
)
OTHER_LEAD = "울산시는 시내버스 정류장에 그늘막과 공기정화 장치를 놓아 여름철 시민 불편을 줄이겠다고 설명했다."
TITLE = "스마트시티 데이터 표준 마련"
DAY = date(2024, 2, 10)
PORTAL = Feed(
    id="korea", url="https://korea.example/rss", title="정책브리핑", body="molit", authority=40
)


def stories(desk: Desk) -> list[Story]:
    return desk.store.stories()


def partition(desk: Desk) -> set[frozenset[tuple[str, str]]]:
    """Which items are together, by feed and key."""
    return {
        frozenset((member.item.feed_id, member.item.key) for member in story.members)
        for story in stories(desk)
    }


def with_portal(folder: Path) -> Desk:
    return make_desk(folder, feeds=(*make_feeds(), PORTAL))


def test_a_portals_copy_folds_under_the_ministry(tmp_path: Path) -> None:
    """The portal was first, but the issuing office's own item represents the story."""
    desk = with_portal(tmp_path)
    copy = release("korea", "k1", DAY, title=f"[보도자료] {TITLE}", body="molit", summary="")
    bring(desk, copy)
    bring(desk, release("molit", "m1", DAY, title=TITLE, summary=LEAD))
    (story,) = stories(desk)
    desk.store.close()
    assert ["molit", "korea"] == [member.item.feed_id for member in story.members]
    assert ("issue", "rules-1") == _placed(story)


def _placed(story: Story) -> tuple[str | None, str]:
    assert story.placement is not None
    return story.placement.section, story.placement.ruleset


def test_a_new_arrival_keeps_the_public_id(desk: Desk) -> None:
    """An earlier, weightier item joins: the story is still the one that readers know."""
    bring(desk, release("msit", "b", DAY, title=TITLE, summary=LEAD))
    (before,) = stories(desk)
    bring(desk, release("molit", "a", DAY - timedelta(1), title=TITLE, summary=LEAD))
    (after,) = stories(desk)
    assert mint_public_id("msit", "b") == before.public_id == after.public_id
    assert (1, 2) == (len(before.members), len(after.members))


def test_running_twice_changes_nothing(desk: Desk) -> None:
    """Nothing new means nothing done and nothing written."""
    bring(desk, *MONTH)
    before = stories(desk)
    done = make_curator(desk).curate()
    assert (0, 0, 0) == (done.items, done.stories, done.placed)
    assert before == stories(desk)


def test_a_store_without_fingerprints_is_folded_again_alike(desk: Desk) -> None:
    """As it is when its schema has been brought up to date: readers find every story as it was."""
    assert isinstance(desk.store, SqlStore)
    bring(desk, *MONTH)
    before = _as_read(desk)
    made = desk.store.fingerprints_of([one.id for one in desk.store.items()])
    with desk.store._db.writing() as connection:
        connection.execute(delete(fingerprints))
        connection.execute(update(item_rows).values(curated_rev=0))
    make_curator(desk).curate()
    assert before == _as_read(desk)
    assert made == desk.store.fingerprints_of([one.id for one in desk.store.items()])


def _as_read(desk: Desk) -> list[tuple[str, list[str], tuple[Membership, ...], tuple[str, ...]]]:
    """Of each story its public id, the keys of its members, why they are in, and what is beside."""
    return [
        (one.public_id, [each.item.key for each in one.members], one.memberships, one.related)
        for one in stories(desk)
    ]


def test_changed_rules_place_old_stories_anew(desk: Desk) -> None:
    """A story placed by other rules is due, one placed by these is not; folding stays."""
    bring(desk, release("molit", "a", title=TITLE), release("seoul", "b", title="공원 개장"))
    before = {story.public_id: _placed(story) for story in stories(desk)}
    rules = make_rules()
    groups = (replace(rules.groups[0], words=("공원",)),)
    curator = replace(make_curator(desk), rules=replace(rules, groups=groups, hash="rules-2"))
    done = curator.curate()
    assert (0, 0, 2, 2, 2) == (done.items, done.stories, done.placed, done.anew, done.moved)
    assert (0, 0, 0) == _figures(curator)
    after = {story.public_id: _placed(story) for story in stories(desk)}
    ids = mint_public_id("molit", "a"), mint_public_id("seoul", "b")
    assert [("issue", "rules-1"), (None, "rules-1")] == [before[one] for one in ids]
    assert [(None, "rules-2"), ("trend", "rules-2")] == [after[one] for one in ids]


def test_a_pattern_that_sees_little_is_told_once(
    desk: Desk,
) -> None:
    """The operator learns which word is not looked for everywhere, and not with every run."""
    bring(desk, release("molit", "a", title=TITLE))
    rules = make_rules()
    groups = (replace(rules.groups[0], words=("re:(x+)+y",)),)
    curator = replace(make_curator(desk), rules=replace(rules, groups=groups))
    with capture_logs() as logs:
        curator.curate()
        replace(curator, rules=replace(curator.rules, hash="rules-2")).curate()
    told = [entry for entry in logs if entry["event"] == "pattern_may_take_long"]
    assert [("re:(x+)+y", "warning")] == [(entry["word"], entry["log_level"]) for entry in told]


def _figures(curator: Curator) -> tuple[int, int, int]:
    done = curator.curate()
    return done.items, done.stories, done.placed


def test_a_section_is_scoped_by_the_region_of_the_issuing_body(desk: Desk) -> None:
    """A district lies in its city, and the city in itself."""
    bring(
        desk,
        release("seoul", "1", title="서울 스마트시티 조성"),
        release("seoul", "2", title="종로 스마트시티 축제", summary=OTHER_LEAD, body="jongno"),
        release("molit", "3", title="국토 스마트시티 법안", summary=LEAD),
    )
    bodies = {
        **desk.bodies,
        "jongno": replace(desk.bodies["seoul"], id="jongno", level=Level.DISTRICT, region="seoul"),
    }
    local = SectionRule(id="capital", regions=frozenset({"seoul"}))
    rules = replace(desk.rules, sections=(local,), hash="rules-2")
    curator = replace(make_curator(desk), rules=rules, bodies=bodies)

    placed = {one.primary.item.body: curator.place(one).section for one in stories(desk)}

    assert {"seoul": "capital", "jongno": "capital", "molit": None} == placed


def test_progress_is_told_to_the_end(desk: Desk) -> None:
    """on_step counts up to all new items and all their stories."""
    steps: list[tuple[int, int]] = []
    bring(desk)
    for number in range(3):
        lay_in(desk, release("molit", f"k{number}", title=f"{number}번째 {TITLE}"))
    make_curator(desk).curate(on_step=lambda done, all_: steps.append((done, all_)))
    assert (6, 6) == steps[-1]
    assert steps == sorted(steps)


def test_what_resembles_nothing_is_written_together(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction makes stories of the items that stand alone; those with a copy have turns."""
    bring(desk)
    lay_in(desk, *ALONE, release("msit", "copy", title=TITLE), release("molit", "own", title=TITLE))
    plans = _watch(desk, monkeypatch)
    make_curator(desk).curate()
    assert [2, 1] == [len(plan.stories) for plan in plans]
    assert {frozenset({("molit", "a")}), frozenset({("seoul", "b")})} < partition(desk)


def test_a_conflict_gives_each_its_own_turn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another process changes something meanwhile, the items are decided one by one."""
    bring(desk)
    lay_in(desk, *ALONE)
    plans = _watch(desk, monkeypatch, refuse=2)
    make_curator(desk).curate()
    assert [2, 2, 1, 1] == [len(plan.stories) for plan in plans]
    assert {frozenset({("molit", "a")}), frozenset({("seoul", "b")})} == partition(desk)


ALONE = (
    release("molit", "a", title="철도역 승강장 안전문 교체", summary=LEAD),
    release("seoul", "b", title="한강 공원 야간 개장", summary=OTHER_LEAD),
)


def _watch(desk: Desk, monkeypatch: pytest.MonkeyPatch, *, refuse: int = 0) -> list[CurationPlan]:
    """The plans that are written from now on; the first ``refuse`` meet a conflict."""
    plans: list[CurationPlan] = []
    write = desk.store.apply_curation

    def note(plan: CurationPlan, now: datetime) -> list[int]:
        plans.append(plan)
        if len(plans) <= refuse:
            raise Conflict("another process was here")
        return write(plan, now)

    monkeypatch.setattr(desk.store, "apply_curation", note)
    return plans


class Stop(Exception):
    """What a daemon raises that was told to end."""


def _stop_after(number: int) -> Callable[[int, int], None]:
    """What is told of each step, and stops at the first that says so many are done."""

    def step(done: int, _all: int) -> None:
        if done >= number:
            raise Stop

    return step


def _stop_at(call: int) -> Callable[[int, int], None]:
    """What is told of each step, and stops at that call."""
    calls: list[int] = []

    def step(done: int, _all: int) -> None:
        calls.append(done)
        if len(calls) == call:
            raise Stop

    return step


def test_a_stop_while_placing_keeps_what_is_placed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between stories the flag is heeded; the next run places the rest."""
    monkeypatch.setattr(curate, "PLACED_TOGETHER", 1)
    bring(desk)
    lay_in(desk, *(release("molit", f"k{n}", title=f"{n}번째 {TITLE}") for n in range(3)))
    with pytest.raises(Stop):
        make_curator(desk).curate(on_step=_stop_after(4))
    assert [False, False, True] == sorted(story.placement is not None for story in stories(desk))
    assert (0, 0, 2) == _figures(make_curator(desk))


@pytest.mark.parametrize("call", [1, 8, 10, 14, 16, 22])
def test_a_stop_while_folding_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """Whenever it comes, the next run makes the same stories, also of older items that the new ones
    have made due."""
    outcomes = []
    monkeypatch.setattr(many, "CHUNK", 2)
    monkeypatch.setattr(neighbours, "TOGETHER", 2)
    monkeypatch.setattr(curate, "TOGETHER", 2)
    monkeypatch.setattr(folding, "TOGETHER", 1)
    for number, last in enumerate((999, call)):
        folder = tmp_path / str(number)
        folder.mkdir()
        desk = make_desk(folder)
        bring(desk, *MONTH[::3])
        lay_in(desk, *MONTH)
        with suppress(Stop):
            make_curator(desk).curate(on_step=_stop_at(last))
        make_curator(desk).curate()
        outcomes.append((partition(desk), _related(desk)))
        desk.store.close()
    assert outcomes[0] == outcomes[1]


def test_few_or_many_at_once_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many items are read, compared and written together changes nothing."""
    outcomes = []
    for size in (500, 1):
        monkeypatch.setattr(many, "CHUNK", size)
        monkeypatch.setattr(neighbours, "TOGETHER", size)
        monkeypatch.setattr(neighbours, "PLACES_KEPT", size)
        monkeypatch.setattr(day_indexes, "ROWS_KEPT", size)
        monkeypatch.setattr(folding, "TOGETHER", size)
        monkeypatch.setattr(curate, "TOGETHER", size)
        monkeypatch.setattr(curate, "PLACED_TOGETHER", size)
        folder = tmp_path / str(size)
        folder.mkdir()
        desk = make_desk(folder)
        bring(desk, *MONTH)
        found = stories(desk)
        outcomes.append(
            (
                {(story.public_id, _placed(story)) for story in found},
                {reason for story in found for reason in map(_reason, story.memberships)},
                _related(desk),
            )
        )
        desk.store.close()
    assert outcomes[0] == outcomes[1]


def _reason(one: Membership) -> tuple[int, str, int | None, str]:
    return one.item_id, one.rule, one.with_item, str(one.detail)


def test_statements_do_not_grow_with_items(desk: Desk) -> None:
    """Twenty times as many items that resemble nothing take no more statements."""
    assert isinstance(desk.store, SqlStore)
    bring(desk)
    counts = []
    for count in (5, 100):
        lay_in(
            desk, *(release("molit", f"{count}-{n}", title=_unlike(count, n)) for n in range(count))
        )
        with _counting(desk.store) as statements:
            make_curator(desk).curate()
        counts.append(len(statements))
    with _counting(desk.store) as statements:
        make_curator(desk).curate()
    assert counts[1] <= counts[0] + 2
    assert 2 == len([one for one in statements if one.startswith("SELECT")])


def _unlike(*numbers: int) -> str:
    """A title without a word in common with another."""
    chance = random.Random(str(numbers))  # noqa: S311 - repeatable on purpose
    return "".join(chance.sample([chr(code) for code in range(0xAC00, 0xD7A3)], 12))


@contextmanager
def _counting(store: SqlStore) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    statements: list[str] = []

    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engines = (store._db.reader, store._db.writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield statements
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def test_a_portals_own_article_stays_by_itself(tmp_path: Path) -> None:
    """What a portal wrote itself is no copy of the release that it is about."""
    article = replace(PORTAL, carries=Carries.ARTICLE)
    desk = make_desk(tmp_path, feeds=(*make_feeds(), article))
    bring(desk, release("molit", "m", title=TITLE, summary=LEAD))
    bring(desk, release("korea", "k", title=TITLE, summary=LEAD))
    found = stories(desk)
    desk.store.close()
    assert [1, 1] == [len(story.members) for story in found]
    assert all(story.related for story in found)


def split_and_join(desk: Desk) -> list[set[str]]:
    """Two stories become one, come apart, join again and part again; the public ids each time."""
    together = release("msit", "b", DAY, title=TITLE, summary=LEAD)
    apart = replace(together, title="전혀 다른 우주발사체 소식", summary=OTHER_LEAD, hash="apart")
    seen: list[set[str]] = []
    bring(desk, release("molit", "a", DAY, title=TITLE, summary=LEAD))
    for item in (apart, together, apart, together, apart):
        bring(desk, replace(item, hash=f"{len(seen)}"))
        seen.append({story.public_id for story in stories(desk)})
    return seen


def test_the_id_of_an_emptied_story_stays_its_first_members(desk: Desk, tmp_path: Path) -> None:
    """A story that lost its last member keeps its id for the item that it began with: whenever
    that stands alone again readers find it under the id they know, the same in every run."""
    kept, gone = mint_public_id("molit", "a"), mint_public_id("msit", "b")
    expected = [{kept, gone}, {kept}, {kept, gone}, {kept}, {kept, gone}]
    assert expected == split_and_join(desk)
    folder = tmp_path / "again"
    folder.mkdir()
    again = make_desk(folder)
    assert expected == split_and_join(again)
    again.store.close()


def test_what_held_others_together_lets_go_of_them(desk: Desk) -> None:
    """An item that is rewritten decides anew for those it was folded with, and they for theirs."""
    bring(desk, release("molit", "a", DAY, title=TITLE, summary=LEAD))
    bridge = release("msit", "b", DAY, title=TITLE, summary=LEAD)
    bring(desk, bridge, release("seoul", "c", DAY, title=f"{TITLE} 안내", summary=LEAD, body="x"))
    bring(desk, replace(bridge, title="우주발사체 소식", summary=OTHER_LEAD, hash="new"))
    assert {
        frozenset({("molit", "a"), ("seoul", "c")}),
        frozenset({("msit", "b")}),
    } == partition(desk)


TITLES = (
    "드론 배송 시작",
    "전기버스 도입",
    "디지털트윈 지도 공개",
    "자율주행 셔틀 운행",
    "수소 충전소 준공",
)


LONG_LEAD = (
    f"{LEAD} {OTHER_LEAD} 추진 일정과 담당 부서는 다음 달에 따로 알리고 누리집에서도 볼 수 있게 한다. "
    "자세한 기준은 지역별 설명회에서 밝히며 신청은 연말까지 받고, 결과는 이듬해 봄에 모든 지방자치단체에 통보하고, 다른 나라에도 널리 알린다."
)
"""Too long for a template that only changes a name: it folds whatever stands over it."""


def under_one_lead(weeks: int) -> list[Item]:
    """Five releases with one lead and unlike titles, the last three so many weeks later each."""
    feeds = ("molit", "msit", "seoul", "gyeonggi", "ulsan")
    return [
        release(feed, "k", DAY + timedelta(weeks=weeks * (n > 1)), title=title, summary=LONG_LEAD)
        for n, (feed, title) in enumerate(zip(feeds, TITLES, strict=True))
    ]


@pytest.mark.parametrize("weeks", [0, 3])
def test_a_lead_that_stands_under_many_titles_folds_nothing(desk: Desk, weeks: int) -> None:
    """When the fourth unlike title comes, those that the lead had folded are told apart again,
    however long ago that was."""
    items = under_one_lead(weeks)
    bring(desk, *items[:2])
    assert 1 == len(stories(desk))
    bring(desk, *items[2:])
    assert 5 == len(stories(desk))


@pytest.mark.parametrize("call", [2, 3])
def test_a_stop_keeps_due_what_a_lead_turned(desk: Desk, call: int) -> None:
    """Also where a run ends once the new keys are written, before or after the new stories are."""
    items = under_one_lead(3)
    bring(desk, *items[:2])
    lay_in(desk, *items[2:])
    with pytest.raises(Stop):
        make_curator(desk).curate(on_step=_stop_at(call))
    make_curator(desk).curate()
    assert 5 == len(stories(desk))


def test_spellings_of_one_title_make_no_boilerplate(tmp_path: Path) -> None:
    """Four copies whose titles differ in a word are copies, not a stock sentence."""
    desk = with_portal(tmp_path)
    endings = ("", " 보급", " 예산", " 협의체")
    feeds = ("molit", "msit", "korea", "lx")
    for feed, ending in zip(feeds, endings, strict=True):
        bring(desk, release(feed, "k", DAY, title=TITLE + ending, summary=LEAD, body="molit"))
    found = stories(desk)
    desk.store.close()
    assert [4] == [len(story.members) for story in found]


def _month() -> list[Item]:
    """Items that fold, chain, veto each other, and share a stock lead, over some weeks."""
    stock = (
        "자세한 내용은 붙임 보도자료를 참고하시기 바랍니다. 문의는 담당 부서로 해 주시기 바랍니다."
    )
    copies = [
        release(feed, f"copy{n}", DAY + timedelta(n), title=title, summary=LEAD)
        for n, (feed, title) in enumerate(
            [
                ("molit", TITLE),
                ("msit", f"[보도자료] {TITLE}"),
                ("seoul", f"{TITLE} 안내"),
                ("gyeonggi", f"2024년 {TITLE}"),
                ("ulsan", f"2025년 {TITLE}"),
            ]
        )
    ]
    chain = [
        release(
            "lx", f"chain{n}", DAY + timedelta(5 * n), title="지능형 교통체계 정기 점검", summary=""
        )
        for n in range(4)
    ]
    stocked = [
        release(feed, f"stock{n}", DAY + timedelta(3 * n), title=title, summary=stock)
        for n, (feed, title) in enumerate(
            zip(("molit", "msit", "seoul", "ulsan", "gyeonggi"), TITLES, strict=True)
        )
    ]
    undated = [release("kits", "paper", None, title=TITLE, summary=LEAD)]
    return [*copies, *chain, *stocked, *undated]


MONTH = _month()


def batches(items: Sequence[Item], chance: random.Random) -> list[list[Item]]:
    shuffled = list(items)
    chance.shuffle(shuffled)
    cuts = sorted(chance.sample(range(1, len(shuffled)), chance.randint(1, 6)))
    return [
        shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)
    ]


@pytest.mark.long
def test_stories_do_not_depend_on_the_order_of_arrival(tmp_path: Path) -> None:
    """The same items in any order and in any batches are the same stories with the same related
    ones."""
    outcomes = []
    for seed in range(8):
        folder = tmp_path / str(seed)
        folder.mkdir()
        desk = make_desk(folder)
        chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        for batch in [MONTH] if seed == 0 else batches(MONTH, chance):
            bring(desk, *batch)
        outcomes.append((partition(desk), _related(desk)))
        desk.store.close()
    assert 3 < len(outcomes[0][0]) < len(MONTH)
    for outcome in outcomes[1:]:
        assert outcomes[0] == outcome


def _related(desk: Desk) -> set[tuple[frozenset[str], frozenset[frozenset[str]]]]:
    """Each story with its related ones, named by their members' keys."""
    names = {
        story.public_id: frozenset(member.item.key for member in story.members)
        for story in stories(desk)
    }
    return {
        (names[story.public_id], frozenset(names[one] for one in story.related))
        for story in stories(desk)
    }


def test_more_candidates_than_are_decided_together_all_get_their_turn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the bound nobody is passed over: each new item meets its own candidates."""
    monkeypatch.setattr(folding, "COMPONENT_MAX", 2)
    pairs = [
        release(feed, f"{feed}{n}", DAY + timedelta(n), title=f"{word} {TITLE}", summary="")
        for n, word in enumerate(("드론", "수소", "전기", "자율", "공간"))
        for feed in ("molit", "msit")
    ]
    bring(desk, *pairs)
    assert not desk.store.uncurated_ids()
    assert 5 == len(stories(desk))


def test_a_plan_made_of_old_reading_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process folds the same items in between: one story comes out, with one id."""
    desk = make_desk(tmp_path)
    bring(desk, release("msit", "b", DAY, title=TITLE, summary=LEAD))
    take_in(desk.store, release("molit", "a", DAY, title=TITLE, summary=LEAD))
    curator, other = make_curator(desk), make_curator(desk)
    read = desk.store.member_ids
    overtaken: list[Collection[int]] = []

    def read_and_be_overtaken(ids: Collection[int]) -> dict[int, tuple[int, ...]]:
        found = read(ids)
        monkeypatch.setattr(desk.store, "member_ids", read)
        other.curate()
        overtaken.append(ids)
        return found

    monkeypatch.setattr(desk.store, "member_ids", read_and_be_overtaken)
    curator.curate()

    (story,) = stories(desk)
    desk.store.close()
    assert 1 == len(overtaken)
    assert {"molit", "msit"} == {member.item.feed_id for member in story.members}


def test_what_was_forgotten_and_changed_meanwhile_is_decided_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy gets another text while a run goes on that keeps nothing: what was decided of its old
    text is not written as what became of the new one."""
    monkeypatch.setattr(neighbours, "PLACES_KEPT", 0)
    monkeypatch.setattr(day_indexes, "ROWS_KEPT", 0)
    monkeypatch.setattr(many, "CHUNK", 2)
    monkeypatch.setattr(neighbours, "TOGETHER", 2)
    desk = make_desk(tmp_path)
    longer = f"{TITLE} 위해 머리 맞댄다"
    lay_in(
        desk,
        release("molit", "a", DAY, title=TITLE, summary=LEAD),
        release("msit", "b", DAY, title=TITLE, summary=LEAD),
        release("molit", "c", DAY + timedelta(1), title=longer, summary=""),
        release("molit", "d", DAY + timedelta(2), title="무관한 농업 소식 하나", summary=""),
    )
    changed = release("msit", "b", DAY, title="우주 발사체 소식 공개", summary=OTHER_LEAD)
    compared = desk.store.compared
    fingerprinted: list[Collection[int]] = []

    def compare_and_be_overtaken(ids: Collection[int]) -> list[Compared]:
        found = compared(ids)
        fingerprinted.append(ids)
        if len(fingerprinted) > 2:
            # All have their fingerprints, and are looked at closely now.
            monkeypatch.setattr(desk.store, "compared", compared)
            lay_in(desk, changed)
        return found

    monkeypatch.setattr(desk.store, "compared", compare_and_be_overtaken)
    make_curator(desk).curate()
    make_curator(desk).curate()

    together = partition(desk)
    desk.store.close()
    assert {
        frozenset({("molit", "a"), ("molit", "c")}),
        frozenset({("msit", "b")}),
        frozenset({("molit", "d")}),
    } == together


CROWDED = [
    *(release("molit", f"m{n}", DAY, title="드론 배송 소식 모음", summary="") for n in range(6)),
    release("seoul", "s", DAY, title="드론 배송 소식 모음", summary=LEAD),
    release("kits", "u", DAY, title=TITLE, summary=LEAD),
    release("msit", "next", DAY + timedelta(1), title="드론 배송 소식 모음", summary=""),
    release("molit", "next", DAY + timedelta(1), title="드론 배송 소식 모음", summary=""),
    release("lx", "m0", DAY, title="드론 배송 소식 모음", canonical_url="https://molit.example/m0"),
]
"""Entries of which more than three of one day have one title; two by two they have a lead, a quiet day
and an address in common."""


def test_a_title_of_a_crowd_folds_nothing_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where too many of a day have one title, only what else they have in common counts, whichever
    of them came first."""
    monkeypatch.setattr(day_index, "CROWD", 3)
    outcomes = []
    for seed in range(6):
        folder = tmp_path / str(seed)
        folder.mkdir()
        desk = make_desk(folder)
        chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        for batch in [CROWDED] if seed == 0 else batches(CROWDED, chance):
            bring(desk, *batch)
        outcomes.append((partition(desk), _related(desk)))
        desk.store.close()
    together = {group for group in outcomes[0][0] if len(group) > 1}
    assert {
        frozenset({("seoul", "s"), ("kits", "u")}),
        frozenset({("msit", "next"), ("molit", "next")}),
        frozenset({("lx", "m0"), ("molit", "m0")}),
    } == together
    for outcome in outcomes[1:]:
        assert outcomes[0] == outcome


def test_what_leaves_a_crowd_lets_the_others_fold(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When one gets another title, the rest are few enough to be one release again."""
    monkeypatch.setattr(day_index, "CROWD", 3)
    four = [release(one, "k", DAY, title=TITLE) for one in ("molit", "msit", "seoul", "kits")]
    bring(desk, *four)
    assert 4 == len(stories(desk))
    bring(desk, replace(four[0], title="철도역 승강장 안전문 교체", hash="other"))
    assert [1, 3] == sorted(len(story.members) for story in stories(desk))


def test_one_title_in_a_whole_feed_costs_no_pairs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feed that calls everything the same has no two of its entries compared."""
    monkeypatch.setattr(day_index, "CROWD", 50)
    lay_in(
        desk,
        *(release("molit", f"k{n}", DAY, title="보도자료 안내", summary="") for n in range(60)),
    )
    pairs: list[int] = []
    meet = Asked.meet

    def note(self: Asked, day: int, there: DayIndex) -> Meeting:
        meeting = meet(self, day, there)
        pairs.append(len(meeting.mine))
        return meeting

    monkeypatch.setattr(Asked, "meet", note)
    make_curator(desk).curate()
    assert {0} == {*pairs}
    assert 60 == len(stories(desk))


@pytest.mark.parametrize(
    ("module", "limit"),
    [(close_looks, "CLOSE_KEPT"), (neighbours, "FOUND_KEPT"), (known_features, "ROOM")],
)
def test_what_is_remembered_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, limit: str
) -> None:
    """A run that forgets at once what it found makes the same stories."""
    outcomes = []
    for kept in (None, 0):
        if kept is not None:
            monkeypatch.setattr(module, limit, kept)
        folder = tmp_path / str(kept)
        folder.mkdir()
        desk = make_desk(folder)
        bring(desk, *MONTH)
        outcomes.append((partition(desk), _related(desk)))
        desk.store.close()
    assert outcomes[0] == outcomes[1]


def test_a_new_primary_is_remembered_with_its_time(desk: Desk) -> None:
    """Readers then see another text under the same id."""
    bring(desk, release("molit", "m", DAY, title=TITLE, summary=LEAD))
    (before,) = stories(desk)
    assert before.primary_changed_at is None

    bring(desk, release("molit", "a", DAY - timedelta(1), title=TITLE, summary=LEAD))

    (after,) = stories(desk)
    assert before.public_id == after.public_id
    assert after.primary.item.key == "a"
    assert after.primary_changed_at == desk.clock.now()
