"""Items and stories made again of kept documents: equal to what was stored, or told apart."""

from __future__ import annotations

import asyncio
import gzip
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.curate.copies.fold_stories import mint_public_id
from aggregator.domain.issues import Shape
from aggregator.domain.items import SEOUL
from aggregator.domain.stories import Verdict
from aggregator.domain.visits import HostHold, Manners
from aggregator.ports.fetching import Fetched, FetchRequest
from aggregator.services.desk import Desk
from aggregator.services.editing.typed_in import NewItem, add_item
from aggregator.services.rebuilding.rebuild import Rebuilder, Rebuilt
from aggregator.services.rebuilding.replay import reader_for
from aggregator.services.rebuilding.stock import digest_of
from aggregator.services.trials.inline_reader import InlineReader
from aggregator.services.visits.refresh import Refresher
from aggregator.store.schema import open_store
from aggregator.store.sql import SqlStore
from tests.fixtures.desk import bring, make_curator, make_desk, release, set_clock
from tests.fixtures.dumping import dump

START = datetime(2024, 2, 20, 9, tzinfo=SEOUL)
HOUR = timedelta(hours=1)
GUID = re.compile("<guid.*</guid>")


@dataclass
class Newsroom:
    """A desk whose feeds serve what the test says, with every document kept."""

    desk: Desk
    store: SqlStore
    served: dict[str, bytes] = field(default_factory=dict)

    async def fetch(self, request: FetchRequest) -> Fetched:
        body = self.served[request.feed_id]
        return Fetched(
            url=request.url,
            status=200,
            body=body,
            media_type="",
            charset="",
            etag=None,
            last_modified=None,
            wire=gzip.compress(body),
            coding="gzip",
        )

    def hold(self, holds: Sequence[HostHold]) -> None:
        """Nobody asks to be left alone."""

    def done_with(self, feed_id: str) -> None:
        """Nothing is held."""

    def take_manners(self) -> tuple[list[Manners], list[HostHold]]:
        """Nobody was visited."""
        return [], []

    async def aclose(self) -> None:
        """Nothing is open."""

    def visit(self, at: datetime, served: Mapping[str, bytes]) -> None:
        """One run of the daemon at ``at``: these feeds answer, what is new is folded."""
        set_clock(self.desk, at)
        self.served = dict(served)
        refresher = Refresher(
            store=self.store,
            fetcher=self,
            clock=self.desk.clock,
            reader=InlineReader(issuer=lambda _: None),
        )
        feeds = [feed for feed in self.desk.feeds if feed.id in served]
        reports = asyncio.run(refresher.refresh(feeds))
        assert [] == [report.error for report in reports if report.error]
        make_curator(self.desk).curate()

    @contextmanager
    def rebuilder(self, folder: Path) -> Iterator[Rebuilder]:
        scratch = open_store(f"sqlite:///{folder / 'scratch.db'}")
        yield Rebuilder(
            live=self.store,
            scratch=scratch,
            feeds=self.desk.feeds,
            bodies=self.desk.bodies,
            rules=self.desk.rules,
            issuer=lambda _: None,
            read=reader_for(lambda _: None),
        )
        scratch.close()
        (folder / "scratch.db").unlink()

    def rebuild(
        self, folder: Path, since: datetime = START, *, feeds: tuple[str, ...] | None = None
    ) -> Rebuilt:
        with self.rebuilder(folder) as rebuilder:
            return rebuilder.rebuild(since, self.desk.clock.now(), feed_ids=feeds)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    opened = open_newsroom(tmp_path)
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database after five days, made once."""
    folder = tmp_path_factory.mktemp("filled")
    opened = open_newsroom(folder)
    fill(opened)
    opened.store.close()
    return folder / "desk.db"


@pytest.fixture
def filled(filled_file: Path, tmp_path: Path) -> Iterator[Newsroom]:
    """The newsroom after five days."""
    shutil.copy(filled_file, tmp_path / "desk.db")
    opened = open_newsroom(tmp_path, now=START + 96 * HOUR)
    yield opened
    opened.store.close()


def open_newsroom(folder: Path, now: datetime = START) -> Newsroom:
    desk = make_desk(folder, now=now)
    assert isinstance(desk.store, SqlStore)
    store = SqlStore(desk.store._db)
    return Newsroom(replace(desk, store=store), store)


def entry(number: int, title: str, *, text: str = "", day: int = 19, link: str = "") -> str:
    """An entry of a feed; without a text it has one of its own."""
    told = text or f"{title}에 관한 자세한 내용을 오늘 기자 회견에서 발표하였다."
    return (
        f"<item><title>{title}</title><guid isPermaLink='false'>no-{number}</guid>"
        f"<link>{link or f'https://www.office.example/view.do?no={number}'}</link>"
        f"<description>{told}</description>"
        f"<pubDate>Mon, {day} Feb 2024 09:30:00 +0900</pubDate></item>"
    )


def undated(number: int, title: str) -> str:
    return f"<item><title>{title}</title><guid>no-{number}</guid></item>"


def rss(*entries: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>보도자료</title>'
        f"<link>https://www.office.example/</link><description/>{''.join(entries)}"
        "</channel></rss>"
    ).encode()


JOINT = (
    "정부는 전국 열 곳의 도시에서 스마트시티 통합 플랫폼을 새로 구축하기로 하고 관계 기관이 함께"
    " 참여하는 협의체를 꾸려 내년까지 사업을 마칠 계획이라고 밝혔다."
)


def fill(newsroom: Newsroom) -> None:
    """Five days of four feeds: new and changed entries, vanishing ones, a site that moves, joint
    releases that arrive together and one after the other, entries without a date."""
    first = [entry(1, "스마트시티 수출 지원단 출범"), entry(2, "하천 정비 기본계획 확정")]
    newsroom.visit(
        START, {"molit": rss(*first), "seoul": rss(entry(41, "서울 스마트시티 교통 혁신"))}
    )
    newsroom.visit(
        START + HOUR,
        {
            "molit": rss(entry(3, "스마트시티 통합 플랫폼 열 곳 구축", text=JOINT), *first),
            "lx": rss(entry(9, "스마트시티 통합 플랫폼 열 곳 구축", text=JOINT)),
            "msit": rss(undated(5, "디지털 전환 현장 간담회 개최")),
        },
    )
    changed = entry(2, "하천 정비 기본계획 확정(수정)")
    newsroom.visit(START + 24 * HOUR, {"molit": rss(changed, *first[:1])})
    newsroom.visit(
        START + 48 * HOUR,
        {
            "seoul": rss(
                entry(4, "스마트시티 통합 플랫폼 열 곳 구축", text=JOINT, day=20),
                entry(
                    41, "서울 스마트시티 교통 혁신", link="https://new.office.example/view.do?no=41"
                ),
            ),
            "msit": rss(
                undated(6, "우주항공 산업 육성 전략 발표"),
                undated(5, "디지털 전환 현장 간담회 개최"),
            ),
        },
    )
    moved = "https://molit.office.example/portal/bbs/view.do?no="
    newsroom.visit(
        START + 96 * HOUR,
        {
            "molit": rss(
                entry(12, "하천 정비 기본계획 확정(수정)", link=f"{moved}2"),
                entry(7, "스마트시티 해외 진출 보고회", day=23),
            )
        },
    )


def tamper(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "desk.db")
    with connection:
        assert 1 == connection.execute(statement).rowcount
    connection.close()


def test_what_was_stored_is_what_the_documents_say(filled: Newsroom, tmp_path: Path) -> None:
    """Over a whole life: equal digests, and nothing that differs."""
    rebuilt = filled.rebuild(tmp_path)

    assert () == rebuilt.differs
    assert rebuilt.stored.digest == rebuilt.recomputed.digest
    assert (9, 9) == (rebuilt.documents, len(rebuilt.stored.items))
    assert 3 == max(len(story.members) for story in rebuilt.stored.stories.values())


@pytest.mark.parametrize("hours", [1, 24, 48, 96])
def test_the_middle_of_a_life_is_made_again(filled: Newsroom, tmp_path: Path, hours: int) -> None:
    """What was known before is known again: keys, dates, stories with older members."""
    rebuilt = filled.rebuild(tmp_path, START + hours * HOUR)

    assert () == rebuilt.differs
    assert rebuilt.is_equal
    assert rebuilt.stored.items


def test_one_feed_is_made_again(filled: Newsroom, tmp_path: Path) -> None:
    """The stories that it shares with others stand as they are."""
    rebuilt = filled.rebuild(tmp_path, feeds=("seoul",))

    assert () == rebuilt.differs
    assert {"seoul"} == {feed for feed, _ in rebuilt.stored.items}
    assert 3 == max(len(story.members) for story in rebuilt.stored.stories.values())


def test_a_tampered_title_is_the_only_difference(filled: Newsroom, tmp_path: Path) -> None:
    """It is named with both readings."""
    tamper(tmp_path, "UPDATE items SET title = 'X' WHERE feed_id = 'seoul' AND guid = 'no-4'")

    rebuilt = filled.rebuild(tmp_path)

    assert 1 == rebuilt.differing
    assert rebuilt.differs[0].startswith("seoul guid:no-4: title is 'X' in the store, '스마트시티")
    assert not rebuilt.is_equal


def test_an_item_before_the_day_is_judged_when_it_came_again(
    filled: Newsroom, tmp_path: Path
) -> None:
    """Its last document says what it is, although its first one is not looked at."""
    tamper(tmp_path, "UPDATE items SET title = 'X' WHERE feed_id = 'seoul' AND guid = 'no-41'")

    rebuilt = filled.rebuild(tmp_path, START + 48 * HOUR)

    assert ["seoul guid:no-41: title"] == [one.partition(" is")[0] for one in rebuilt.differs]


def test_an_item_that_never_came_again_is_not_judged(filled: Newsroom, tmp_path: Path) -> None:
    """No document since tells what it should be."""
    tamper(tmp_path, "UPDATE items SET title = 'X' WHERE feed_id = 'molit' AND guid = 'no-1'")

    assert filled.rebuild(tmp_path, START + 48 * HOUR).is_equal


def test_a_lost_item_is_missed(newsroom: Newsroom, tmp_path: Path) -> None:
    """The documents bring what the store has not."""
    newsroom.visit(START, {"molit": rss(entry(1, "스마트시티 수출 지원단 출범"))})
    connection = sqlite3.connect(tmp_path / "desk.db")
    with connection:
        for table in ("fingerprints", "item_revisions", "memberships", "items"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
    connection.close()

    rebuilt = newsroom.rebuild(tmp_path)

    assert "but it is not stored" in rebuilt.differs[0]


def test_an_unknown_item_is_told(filled: Newsroom, tmp_path: Path) -> None:
    """What the store has and no document brings."""
    bring(filled.desk, release("molit", "untergeschoben"))

    rebuilt = filled.rebuild(tmp_path)

    assert rebuilt.differs[0].startswith("molit untergeschoben: stored, but no kept document")


def test_verdicts_of_editors_hold(newsroom: Newsroom, tmp_path: Path) -> None:
    """What an editor told apart stays apart."""
    newsroom.visit(START, {"molit": rss(entry(3, "스마트시티 통합 플랫폼 구축", text=JOINT))})
    newsroom.visit(START + HOUR, {"lx": rss(entry(9, "하천 정비 안내"))})
    ids = sorted(stored.id for stored in newsroom.store.items())
    said = Verdict(item_a=ids[0], item_b=ids[1], same=False, by="editor", at=START)
    newsroom.store.save_verdicts([said])
    newsroom.visit(
        START + 2 * HOUR, {"lx": rss(entry(9, "스마트시티 통합 플랫폼 구축", text=JOINT))}
    )

    rebuilt = newsroom.rebuild(tmp_path)

    assert 2 == len(rebuilt.recomputed.stories)
    assert rebuilt.is_equal


def test_another_reading_is_applied(filled: Newsroom, tmp_path: Path) -> None:
    """The tampered row says again what its document said; a second look finds nothing."""
    tamper(tmp_path, "UPDATE items SET title = 'X' WHERE feed_id = 'seoul' AND guid = 'no-4'")
    visits = filled.store.visits("seoul")

    with filled.rebuilder(tmp_path) as rebuilder:
        rebuilt = rebuilder.rebuild(START, filled.desk.clock.now())
        written = rebuilder.apply(rebuilt, filled.desk.clock.now())

    assert 1 == written
    assert visits == filled.store.visits("seoul")
    assert filled.rebuild(tmp_path).is_equal


def test_a_better_reading_makes_revisions(newsroom: Newsroom, tmp_path: Path) -> None:
    """What readers see differently is a new revision; what was missing comes with its first
    sight."""
    newsroom.visit(START, {"molit": rss(entry(1, "스마트시티 수출"), entry(2, "하천 정비 계획"))})
    tamper(tmp_path, "UPDATE items SET title = 'X', hash = 'worse' WHERE guid = 'no-1'")
    tamper(tmp_path, "UPDATE items SET entry_key = 'k', key_id = 'k', guid = '', title = 'other', title_head = 'other', link = '', canonical_url = '', day = '2020-01-01', published_at = NULL WHERE guid = 'no-2'")  # fmt: skip
    later = START + 5 * HOUR
    set_clock(newsroom.desk, later)

    with newsroom.rebuilder(tmp_path) as rebuilder:
        rebuilt = rebuilder.rebuild(START, later)
        rebuilder.apply(rebuilt, later)

    stored = {one.item.key: one for one in newsroom.store.items("molit")}
    assert ("스마트시티 수출", 2) == (stored["guid:no-1"].item.title, stored["guid:no-1"].rev)
    assert START == stored["guid:no-2"].first_seen_at
    assert {"guid:no-1", "guid:no-2", "k"} == stored.keys()


def test_a_document_that_cannot_be_read_is_named(filled: Newsroom, tmp_path: Path) -> None:
    """The others are compared all the same."""
    tamper(tmp_path, "UPDATE payloads SET body = x'00' WHERE feed_id = 'lx'")

    rebuilt = filled.rebuild(tmp_path)

    assert 1 == len(rebuilt.unreadable)
    assert rebuilt.unreadable[0].startswith("lx, the document of 2024-02-20T01:00:00+00:00: ")


def test_nothing_kept_is_nothing_compared(filled: Newsroom, tmp_path: Path) -> None:
    """Without documents both sides are empty and equal."""
    rebuilt = filled.rebuild(tmp_path, START + 500 * HOUR)

    assert (0, True, 0) == (rebuilt.documents, rebuilt.is_equal, len(rebuilt.stored.items))


def test_a_feed_that_is_configured_no_more_is_named(filled: Newsroom, tmp_path: Path) -> None:
    """How its documents are to be read is not known; its items are left as they are."""
    filled.desk = replace(
        filled.desk, feeds=tuple(one for one in filled.desk.feeds if one.id != "lx")
    )

    rebuilt = filled.rebuild(tmp_path)

    assert ("lx",) == rebuilt.unknown
    assert [] == [one for one in rebuilt.differs if not one.startswith("story")]


def test_a_public_id_that_no_member_makes_is_told(filled: Newsroom, tmp_path: Path) -> None:
    """Another member's is as good; a foreign one is not."""
    ids = {len(one.members): one.public_id for one in filled.store.stories()}
    member = mint_public_id("seoul", "guid:no-4")
    tamper(tmp_path, f"UPDATE stories SET public_id = '{member}' WHERE public_id = '{ids[3]}'")  # noqa: S608
    assert filled.rebuild(tmp_path).is_equal

    tamper(tmp_path, f"UPDATE stories SET public_id = 'foreign' WHERE public_id = '{member}'")  # noqa: S608
    assert 2 == filled.rebuild(tmp_path).differing


def test_a_digest_is_of_feeds_and_days(newsroom: Newsroom) -> None:
    """Another feed's items do not touch it; its own do."""
    newsroom.visit(START, {"molit": rss(entry(1, "스마트시티 수출"))})
    before = digest_of(newsroom.store, START, START + HOUR, ["molit"])

    newsroom.visit(START, {"seoul": rss(entry(61, "서울 교통 혁신 방안"))})
    assert before == digest_of(newsroom.store, START, START + HOUR, ["molit"])

    newsroom.visit(START, {"molit": rss(entry(2, "하천 정비 계획"))})
    assert before != digest_of(newsroom.store, START, START + HOUR, ["molit"])


def test_the_database_stays_as_it_is(filled: Newsroom, tmp_path: Path) -> None:
    """Comparing writes nothing into it."""
    before = dump(tmp_path / "desk.db")

    filled.rebuild(tmp_path)

    assert before == dump(tmp_path / "desk.db")


BOARD = {
    1: "스마트시티 수출 지원단 출범",
    2: "하천 정비 기본계획 확정",
    3: "도시 교통 혁신 방안 발표",
    4: "해외 협력 공모 선정 결과",
}


def board(counted_from: int, **changes: str) -> bytes:
    """The releases of a board that counts them from another number; some with other words."""
    return rss(
        *(
            entry(counted_from + number, changes.get(f"no{number}", title), text=f"{title} 자료다.")
            if f"no{number}" not in changes
            else entry(counted_from + number, changes[f"no{number}"])
            for number, title in BOARD.items()
        )
    )


@pytest.mark.parametrize("kept_before", [True, False])
def test_an_item_that_was_renumbered_before_the_day_is_known(
    newsroom: Newsroom, tmp_path: Path, *, kept_before: bool
) -> None:
    """Its board counted anew, later it changed beyond recognition under its new number: it is that
    item still, whether or not the document of that time is kept."""
    newsroom.visit(START, {"molit": board(0)})
    newsroom.visit(START + 24 * HOUR, {"molit": board(40)})
    newsroom.visit(START + 48 * HOUR, {"molit": board(40, no2="우주 산업 육성 전략 공청회 개최")})
    if not kept_before:
        forget_documents(tmp_path, 2)

    rebuilt = newsroom.rebuild(tmp_path, START + 48 * HOUR)

    assert () == rebuilt.differs
    assert 4 == len(rebuilt.stored.items)


@pytest.mark.parametrize("kept_before", [True, False])
def test_an_item_that_is_renumbered_on_the_day_is_known(
    newsroom: Newsroom, tmp_path: Path, *, kept_before: bool
) -> None:
    """It changes under its old number first, and then the board counts anew."""
    newsroom.visit(START, {"molit": board(0)})
    newsroom.visit(START + 24 * HOUR, {"molit": board(0, no2="우주 산업 육성 전략 공청회 개최")})
    newsroom.visit(START + 48 * HOUR, {"molit": board(40, no2="우주 산업 육성 전략 공청회 개최")})
    if not kept_before:
        forget_documents(tmp_path, 1)

    rebuilt = newsroom.rebuild(tmp_path, START + 24 * HOUR)

    assert () == rebuilt.differs
    assert 4 == len(rebuilt.stored.items)


def forget_documents(folder: Path, visits: int) -> None:
    """The documents of the first visits are kept no more."""
    tamper_many(folder, f"DELETE FROM payloads WHERE id <= {visits}", visits)  # noqa: S608


def tamper_many(folder: Path, statement: str, rows: int) -> None:
    connection = sqlite3.connect(folder / "desk.db")
    with connection:
        assert rows == connection.execute(statement).rowcount
    connection.close()


def test_a_date_that_was_not_believed_then_is_not_now(newsroom: Newsroom, tmp_path: Path) -> None:
    """Of two releases with the same words the one whose date lay ahead comes again without one: its
    date was unknown then, although the row of today has none to say so."""
    twins = [entry(1, "하천 정비 계획", text=JOINT), entry(2, "하천 정비 계획", text=JOINT, day=28)]
    newsroom.visit(START, {"molit": rss(*twins)})
    again = (
        f"<item><title>하천 정비 계획</title><guid>no-6</guid><description>{JOINT}</description>"
        "<link>https://new.office.example/view.do?no=6</link></item>"
    )
    newsroom.visit(START + HOUR, {"molit": rss(again)})

    rebuilt = newsroom.rebuild(tmp_path, START + HOUR)

    assert () == rebuilt.differs
    assert {"guid:no-6"} == {key for _, key in rebuilt.stored.items}


def test_a_verdict_on_an_item_that_was_renumbered_holds(newsroom: Newsroom, tmp_path: Path) -> None:
    """Under whatever number the item goes at the time when it counts."""
    joint = ("스마트시티 통합 플랫폼 구축", JOINT)

    def molit(counted_from: int, **changes: str) -> bytes:
        first = entry(counted_from, joint[0], text=joint[1])
        return board(counted_from, **changes).replace(b"<item>", f"{first}<item>".encode(), 1)

    newsroom.visit(START, {"molit": molit(0)})
    newsroom.visit(START + HOUR, {"lx": rss(entry(90, "하천 정비 안내"))})
    ids = {stored.item.key: stored.id for stored in newsroom.store.items()}
    one, other = sorted([ids["guid:no-0"], ids["guid:no-90"]])
    said = Verdict(item_a=one, item_b=other, same=False, by="editor", at=START)
    newsroom.store.save_verdicts([said])
    newsroom.visit(START + 24 * HOUR, {"molit": molit(40)})
    newsroom.visit(START + 48 * HOUR, {"lx": rss(entry(90, joint[0], text=joint[1]))})
    newsroom.visit(START + 49 * HOUR, {"molit": molit(40, no2="하천 정비 기본계획 확정(수정)")})

    rebuilt = newsroom.rebuild(tmp_path, START + 48 * HOUR)

    assert () == rebuilt.differs
    assert [1] * len(rebuilt.stored.stories) == [
        len(story.members) for story in rebuilt.recomputed.stories.values()
    ]


def type_in(newsroom: Newsroom, number: int, at: datetime) -> None:
    """An editor adds an article that no feed brings."""
    set_clock(newsroom.desk, at)
    section = next(one for one in newsroom.desk.series.sections if one.shape is Shape.ARTICLE)
    item = NewItem(
        section=section.id,
        title=f"직접 넣은 소식 {number}",
        url=f"https://news.example/{number}",
        day=date(2024, 2, 19),
        body="molit",
    )
    add_item(newsroom.desk, make_curator(newsroom.desk), item)


def test_what_editors_typed_in_is_as_it_was(newsroom: Newsroom, tmp_path: Path) -> None:
    """It has no text of its own to be read anew, whenever the next one is typed in."""
    type_in(newsroom, 1, START)
    type_in(newsroom, 2, START + HOUR)
    newsroom.visit(START + 2 * HOUR, {"molit": rss(entry(1, "스마트시티 수출 지원단 출범"))})
    type_in(newsroom, 3, START + 3 * HOUR)

    rebuilt = newsroom.rebuild(tmp_path, START + 2 * HOUR)

    assert () == rebuilt.differs


def test_items_of_one_guid_are_as_they_were(newsroom: Newsroom, tmp_path: Path) -> None:
    """They are told apart by their links, each of which an item read alone does not need."""

    def of_site(*numbers: int) -> bytes:
        plain = (entry(n, f"스마트시티 {n} 지구 착공") for n in numbers)
        return rss(
            *(GUID.sub("<guid>http://www.office.example/rss.do</guid>", one) for one in plain)
        )

    for hour, numbers in enumerate([(1, 2), (3, 4), (5, 6), (6, 7)]):
        newsroom.visit(START + hour * HOUR, {"molit": of_site(*numbers)})

    rebuilt = newsroom.rebuild(tmp_path, START + 2 * HOUR)

    assert () == rebuilt.differs
    assert 7 == len(list(newsroom.store.items("molit")))
