"""Which stored item an entry is, whatever its site did to addresses and ids."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.feeds import Feed
from aggregator.domain.items import SEOUL, Entry, Item, ParsedFeed, StoredItem, When
from aggregator.ports.refreshing import KnownItem, RefreshPlan
from aggregator.read.items.normalise import read_items
from aggregator.services.intake.refresh_plan import (
    keys_of,
    make_plan,
    match_items,
    other_ids,
    wanted_candidates,
)
from tests.fixtures.records import NOW

FEED = Feed(id="city", url="https://www.city.example/rss", title="시정 소식", body="city")
BOARD = "https://www.city.example/www/selectBbsNttView.do?bbsNo=27&nttNo={}"


@dataclass
class Shelf:
    """Keeps items as a store does, so that plans can be applied by the thousand."""

    rows: dict[int, StoredItem] = field(default_factory=dict)
    at: datetime = NOW

    def plan(self, items: Sequence[Item]) -> RefreshPlan:
        """What a visit that brings these would write."""
        kept = [_known(row) for row in self.rows.values()]
        keys = set(keys_of(items))
        known = {each.key: each for each in kept if each.key in keys}
        wanted = wanted_candidates(known, items)
        like = [
            each
            for each in kept
            if wanted
            and (
                each.title in wanted.titles
                or (each.published and each.published.day in wanted.days)
            )
        ]
        matches = match_items(known, items, like)
        stored = {each: self.rows[each] for each in other_ids(matches)}
        return make_plan("city", matches, self.at, stored)

    def visit(self, *entries: Entry) -> RefreshPlan:
        """Read a document, plan, and apply the plan."""
        self.at += timedelta(hours=1)
        plan = self.plan(read(*entries, at=self.at))
        self.apply(plan)
        return plan

    def apply(self, plan: RefreshPlan) -> None:
        moved = {each.item_id: each for each in plan.moved}
        for each in moved.values():
            assert self.rows[each.item_id].item.key == each.old_key
        self.rows = {
            number: replace(row, item=replace(row.item, key=moved[number].new_key))
            if number in moved
            else row
            for number, row in self.rows.items()
        }
        numbers = {row.item.key: number for number, row in self.rows.items()}
        assert len(numbers) == len(self.rows), "two items have one key"
        for item in plan.new:
            assert item.key not in numbers
            number = len(self.rows) + 1
            self.rows[number] = StoredItem(
                id=number, item=item, rev=1, first_seen_at=self.at, last_seen_at=self.at
            )
        for item in plan.changed:
            row = self.rows[numbers[item.key]]
            self.rows[row.id] = replace(row, item=item, rev=row.rev + 1)
        for renewed in plan.relinked:
            assert numbers[renewed.item.key] == renewed.item_id
            row = self.rows[renewed.item_id]
            self.rows[row.id] = replace(row, item=renewed.item)

    @property
    def titles(self) -> list[str]:
        return sorted(row.item.title for row in self.rows.values())

    @property
    def keys(self) -> list[str]:
        return [self.rows[number].item.key for number in sorted(self.rows)]


def _known(row: StoredItem) -> KnownItem:
    item = row.item
    return KnownItem(
        id=row.id, key=item.key, hash=item.hash, rev=row.rev, guid=item.guid, link=item.link,
        canonical_url=item.canonical_url, title=item.title, summary=item.summary,
        published=item.published,
    )  # fmt: skip


def read(*entries: Entry, at: datetime = NOW) -> list[Item]:
    """The items of a document with these entries."""
    parsed = ParsedFeed(
        version="rss20", title="", link="", language="", encoding="", claimed="", entries=entries
    )
    return read_items(parsed, FEED, issuer=lambda _: None, base_url=FEED.url, seen_at=at)[0]


def entry(number: int, title: str = "", *, day: int = 20, **more: str) -> Entry:
    """An entry of the board; its headline is that of its number."""
    plain = Entry(
        link=BOARD.format(number),
        title=title or f"소식 {number}",
        published=f"2024-02-{day:02} 09:00:00",
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def visits(*documents: Sequence[Entry]) -> tuple[Shelf, RefreshPlan]:
    """The store after these visits, and the last plan; the last document then brings nothing."""
    shelf = Shelf()
    for document in documents:
        plan = shelf.visit(*document)
    keys, again = shelf.keys, shelf.visit(*reversed(documents[-1]))
    assert (0, 0, 0, 0) == tuple(
        len(part) for part in (again.new, again.changed, again.moved, again.relinked)
    )
    assert keys == shelf.keys
    return shelf, plan


# --- what stays one -------------------------------------------------------------------------------

THREE = [entry(n) for n in (1, 2, 3)]


def guids(*names: str, entries: Sequence[Entry] = THREE) -> list[Entry]:
    """The entries with these guids."""
    return [replace(each, guid=name) for each, name in zip(entries, names, strict=True)]


def linked(old: str, new: str, entries: Sequence[Entry] = THREE) -> list[Entry]:
    """The entries with another spelling of their links."""
    return [replace(each, link=each.link.replace(old, new)) for each in entries]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (THREE, linked("https:", "http:")),
        (THREE, linked("www.city.example", "www.town.example")),
        (THREE, linked("/www/", "/eng/")),
        (THREE, guids("1", "2", "3")),
        (guids("11", "12", "13"), THREE),
        (guids("11", "12", "13"), guids("21", "22", "23")),
        (guids("11", "12", "13"), guids("12", "13", "11")),
        (guids("11", "12", "13"), guids("0", "0", "0")),
        (guids("11", "12", "13"), guids("same", "same", "same")),
        (guids("11", "12", "13"), guids(*(BOARD.format(n) + "&call_from=x" for n in (1, 2, 3)))),
        (
            [replace(each, link="") for each in guids("11", "12", "13")],
            [replace(each, link="") for each in guids("a-1", "b-2", "c-3")],
        ),
        (
            [replace(each, link=f"https://a.example/p/{n}") for n, each in enumerate(THREE)],
            [replace(each, link=f"https://b.example/v?x={n + 7}") for n, each in enumerate(THREE)],
        ),
    ],
    ids=[
        "https", "host", "folder", "guids appear", "guids vanish", "other guids", "guids swap",
        "one guid for all", "one long guid for all", "addresses for guids", "guids without links",
        "another site",
    ],
)  # fmt: skip
def test_no_move_doubles_an_item(first: list[Entry], then: list[Entry]) -> None:
    """After the move the same three items are there, none of them changed for a reader."""
    shelf, plan = visits(first, then)
    assert ["소식 1", "소식 2", "소식 3"] == shelf.titles
    assert (0, 0) == (len(plan.new), len(plan.changed))
    assert {1} == {row.rev for row in shelf.rows.values()}


def test_a_moved_item_says_where_it_was() -> None:
    """Old and new key are named, with the public ids that stay with their stories."""
    _, plan = visits([entry(1)], [entry(1, guid="a-1")])
    (moved,) = plan.moved
    link = "link:https://city.example/selectBbsNttView.do?bbsNo=27&nttNo=1"
    assert (1, link, "guid:a-1") == (moved.item_id, moved.old_key, moved.new_key)
    assert 3 == len(set(moved.public_ids))


def test_a_host_move_renews_the_link() -> None:
    """The stored link is the new one, and no reader is told of a change."""
    shelf, plan = visits(THREE, linked("www.city.example", "city.go.example"))
    assert 3 == len(plan.relinked)
    assert all("city.go.example" in row.item.link for row in shelf.rows.values())


def test_a_session_renews_nothing() -> None:
    """What is another at every visit writes nothing."""
    _, plan = visits(THREE, linked("View.do", "View.do;jsessionid=AB12.node1"))
    assert ((), (), 3) == (plan.relinked, plan.moved, len(plan.unchanged))


def test_another_page_behind_the_link_is_a_change() -> None:
    """An office that corrects a wrong link is heard."""
    one, other = (
        entry(1, guid="a-1", link=f"https://www.city.example/{p}") for p in ("a/x", "b/y")
    )
    _, plan = visits([one], [other])
    assert 1 == len(plan.changed)


@pytest.mark.parametrize("count", [2, 3])
def test_a_renumbered_board_is_known_again(count: int) -> None:
    """Three equal headlines of one day under other numbers are no chance; two are left apart."""
    before, after = (
        [entry(n, f"스마트도시 통합 플랫폼 공모 {n % 100}차") for n in range(first, first + count)]
        for first in (101, 901)
    )
    shelf, plan = visits(before, after)
    assert (count == 3, 3 if count == 3 else 4) == (plan.renumbered, len(shelf.rows))


LEAD = "{} 사업을 이달부터 시행하며 관련 예산과 일정을 시민에게 안내한다고 밝혔다."


def told(number: int, **more: str) -> Entry:
    """An entry with a headline and a full text of its own."""
    title = f"{number}지구 정비" if number % 2 else f"청년수당 {number}차 접수"
    return replace(entry(number, title, summary=LEAD.format(title)), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ([told(n) for n in range(1, 8)],
         [replace(told(n), link=BOARD.format(n + 3)) for n in range(1, 8)]),
        ([told(n, link="", guid=f"g{n}") for n in range(1, 8)],
         [told(n, link="", guid=f"g{n + 1}") for n in range(1, 8)]),
        ([told(n, link=f"https://a.example/news/{n}") for n in (1, 2, 3)],
         [told(n, link=f"https://a.example/portal/view.do?no={n}") for n in (1, 2, 3)]),
        ([told(n, link=f"https://a.example/v.do?id={n}&pos={n}") for n in (1, 2, 3)],
         [told(n, link=f"https://a.example/v.do?id={n}&pos={n + 1}") for n in (1, 2, 3)]),
        ([told(1, link="", guid="771")], [told(1, link="", guid="991")]),
        ([told(1), told(2)], [replace(told(n), link=BOARD.format(900 + n)) for n in (1, 2)]),
    ],
    ids=["board counts on", "guids are places", "paths", "places in links", "guid", "two pages"],
)  # fmt: skip
def test_no_renumbering_overwrites_or_changes_anything(
    first: list[Entry], then: list[Entry]
) -> None:
    """Headline, instant and text say which is which when numbers have come to mean others."""
    shelf, plan = visits(first, then)
    assert (sorted(each.title for each in first), 0, 0) == (
        shelf.titles,
        len(plan.new),
        len([each for each in plan.changed if len(first) >= 3]),
    )


def test_a_date_that_is_read_at_last_doubles_nothing() -> None:
    """Entries without links, at first undated."""
    first = [told(n, link="", published="") for n in (1, 2)]
    shelf, plan = visits(first, [told(n, link="") for n in (1, 2)])
    assert (0, 2, 2) == (len(plan.new), len(plan.changed), len(shelf.rows))


def test_renumbered_is_told_of_the_feed_alone() -> None:
    """Guids that changed as a whole are told; what only we spell otherwise is not."""
    _, plan = visits(guids("11", "12", "13"), guids("21", "22", "23"))
    assert plan.renumbered
    shelf = Shelf()
    shelf.visit(*THREE)
    for number, row in shelf.rows.items():
        old = row.item.canonical_url.replace("example/", "example/www/")
        item = replace(row.item, key=f"link:{old}", canonical_url=old)
        shelf.rows[number] = replace(row, item=item)
    plan = shelf.visit(*THREE)
    assert (3, False) == (len(plan.moved), plan.renumbered)
    assert (0, 0) == (len(plan.new), len(plan.changed))


# --- what stays apart -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entries",
    [
        [entry(n, "외교부 인사") for n in (1, 2, 3)],
        [entry(n, "외교부 인사", guid=str(10 + n)) for n in (1, 2, 3)],
        [entry(n, "외교부 인사", guid="press-1") for n in (1, 2, 3)],
        [entry(n, "시장상황점검회의 개최", day=20 + n) for n in (1, 2, 3)],
        [entry(0, "외교부 인사", link="", guid=str(10 + n)) for n in (1, 2, 3)],
        [entry(0, "외교부 인사", link=f"https://a.example/v?u={u}") for u in "abc"],
        [entry(0, "외교부 인사", link="", guid=f"{name}/x", summary=f"{name * 40} 국장을 임명했다.")
         for name in "김이박"],
        [entry(n, guid="1") for n in (1, 2, 3)],
        [entry(n, guid="press-1", day=20 + n) for n in (1, 2, 3)],
        [entry(n, f"{w} 안내", link="https://a.example/list", day=20 + n)
         for n, w in enumerate(("청년수당", "도로공사", "축제개막"))],
        [entry(n, "주간 행사 일정", link="https://a.example/list.do?menu=1", day=6 * n,
               summary="이번 주 일정입니다.") for n in (1, 2, 3)],
        [entry(0, "외교부 인사", link="", guid=name, published=f"2024-02-20 {hour}:00:00")
         for hour, name in enumerate(("5e0c-x", "9f1d7c", "c3a"), start=10)],
    ],
    ids=[
        "numbers", "guids", "one guid", "days", "guids without links", "unknown board", "texts",
        "short guid", "reused guid", "list link", "weekly on a list", "hours",
    ],
)  # fmt: skip
@pytest.mark.parametrize("at_once", [False, True], ids=["in turn", "at once"])
def test_different_releases_stay_apart(entries: list[Entry], at_once: bool) -> None:  # noqa: FBT001
    """Three releases are three, one visit each or all in one document."""
    documents = [entries] if at_once else [[each] for each in entries]
    shelf, _ = visits(*documents)
    assert 3 == len(shelf.rows)


@pytest.mark.parametrize(
    ("guid", "link"), [("press-1", ""), ("", "https://a.example/list.do?menu=1")]
)
def test_another_release_of_the_day_overwrites_nothing(guid: str, link: str) -> None:
    """Neither a guid alone nor the link of a list holds a wholly other headline and text."""
    one, other = (
        entry(0, title, guid=guid, link=link, summary=LEAD.format(title))
        for title in ("청년수당 접수", "도로 굴착 공사")
    )
    other = replace(other, summary="주민 불편을 줄이려고 밤에 공사를 한다고 구청이 알렸다.")
    shelf, plan = visits([one], [other])
    assert (1, (), 2) == (len(plan.new), plan.changed, len(shelf.rows))


def test_a_reused_guid_is_stable_in_any_order() -> None:
    """Old and new owner, alone and together, forth and back: two items, each its own."""
    old, new = entry(1, guid="press-1"), entry(2, guid="press-1", day=21)
    shelf = Shelf()
    for document in ([old], [new], [old, new], [new], [old], [new, old], [new]):
        plan = shelf.visit(*document)
        assert ["소식 1", "소식 2"][: len(shelf.rows)] == shelf.titles
        assert () == plan.changed
    assert 2 == len(shelf.rows)


def test_a_release_on_two_boards_is_not_moved_while_both_are_there() -> None:
    """A page leaves a place only when nothing of the document is left there."""
    other = "https://www.city.example/news/read.do?no={}"
    both = [entry(1, "공모 안내"), entry(2), entry(9, "다른 소식", link=other.format(7))]
    shelf, _ = visits(both, [entry(2), entry(9, "공모 안내", link=other.format(8))])
    assert 4 == len(shelf.rows)


# --- what readers see -----------------------------------------------------------------------------


def test_the_date_of_a_first_visit_stays() -> None:
    """A date too far ahead is when the item was first seen, also after it changed."""
    far = entry(1, published="2031-01-01 00:00:00")
    shelf, _ = visits([far])
    first = shelf.rows[1].item.published
    assert first is not None
    assert first.clamped
    shelf.visit(replace(far, title="소식 1 (수정)"))
    assert ("소식 1 (수정)", first, 2) == (
        shelf.rows[1].item.title,
        shelf.rows[1].item.published,
        shelf.rows[1].rev,
    )


def _as_of_old(row: StoredItem, **seen: object) -> StoredItem:
    """A row as an earlier version of the program left it."""
    item = replace(row.item, hash="1:" + "0" * 64, attachments=(), images=(), licence="", **seen)  # type: ignore[arg-type]
    return replace(row, item=item)


def test_another_version_changes_nothing_by_itself() -> None:
    """What an old version stored is renewed without a revision, with what it could not read."""
    shelf, _ = visits(THREE)
    shelf.rows = {number: _as_of_old(row) for number, row in shelf.rows.items()}
    plan = shelf.visit(*THREE)
    assert (0, 0, 3) == (len(plan.new), len(plan.changed), len(plan.relinked))
    assert {1} == {row.rev for row in shelf.rows.values()}
    assert 3 == len(shelf.visit(*THREE).unchanged)


def test_what_the_old_version_read_wrong_is_a_change() -> None:
    """A reader who saw another headline or day is told."""
    shelf, _ = visits(THREE)
    wrong = When(at=datetime(2024, 2, 19, 18, tzinfo=SEOUL))
    shelf.rows[1] = _as_of_old(shelf.rows[1], title="¼Ò½Ä")
    shelf.rows[2] = _as_of_old(shelf.rows[2], published=wrong)
    shelf.rows[3] = _as_of_old(shelf.rows[3])
    plan = shelf.visit(*THREE)
    assert {"소식 1", "소식 2"} == {item.title for item in plan.changed}


# --- random histories -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Release:
    """What an office really published."""

    number: int
    title: str
    day: date


@dataclass(frozen=True)
class Site:
    """How the site prints its releases at one time."""

    scheme: str = "https"
    host: str = "www.city.example"
    folder: str = "www"
    guid: str = "none"

    def entry(self, release: Release, place: int) -> Entry:
        """A release at this place of the list."""
        number = release.number
        link = (
            f"{self.scheme}://{self.host}/{self.folder}/selectBbsNttView.do?bbsNo=27&nttNo={number}"
        )
        names = {
            "none": "",
            "number": str(1000 + number),
            "other number": f"n{number}",
            "address": link,
            "tracked": f"{link}&call_from=rss",
            "one for all": "press",
            "place": f"press-{place}",
        }
        return Entry(
            guid=names[self.guid],
            link=link,
            title=release.title,
            published=f"{release.day.isoformat()} 09:00:00",
        )


TITLES = ("외교부 인사", "시장상황점검회의 개최", "청년수당 접수", "도로 공사 안내", "축제 개막")
SITES = st.builds(
    Site,
    scheme=st.sampled_from(["http", "https"]),
    host=st.sampled_from(["www.city.example", "town.example"]),
    folder=st.sampled_from(["www", "portal", "eng"]),
    guid=st.sampled_from(
        ["none", "number", "other number", "address", "tracked", "one for all", "place"]
    ),
)
STEPS = st.tuples(SITES, st.integers(0, 4), st.integers(1, 8), st.integers(0, 2**16))


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_a_random_history_has_as_many_items_as_releases(
    steps: list[tuple[Site, int, int, int]], chance: random.Random
) -> None:
    """Whatever a site does to addresses, guids, order and window, no item is lost or doubled, and
    none changes for a reader."""
    shelf, seen = Shelf(), set[Release]()
    told: list[Release] = []
    for site, more, window, seed in steps:
        for _ in range(more):
            day = date(2024, 2, 1) + timedelta(days=chance.randrange(3))
            told.append(Release(len(told) + 1, chance.choice(TITLES), day))
        listed = told[-window:]
        entries = [site.entry(release, place) for place, release in enumerate(listed)]
        random.Random(seed).shuffle(entries)  # noqa: S311 - no secret
        plan = shelf.visit(*entries)
        seen.update(listed)
        assert () == plan.changed
        again = shelf.visit(*reversed(entries))
        assert ((), (), (), ()) == (again.new, again.changed, again.moved, again.relinked)
    assert sorted(release.title for release in seen) == shelf.titles
    numbers = [int(row.item.link.rpartition("=")[2]) for row in shelf.rows.values()]
    assert sorted(release.number for release in seen) == sorted(numbers)
