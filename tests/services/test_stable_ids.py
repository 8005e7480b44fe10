"""An entry's id stays through every change of its source, of editors and of the configuration: in the
combined feed, those of sections and of bodies, as Atom, RSS and JSON alike. No entry comes twice, and
`updated` moves only where readers see something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.domain.items import SEOUL
from aggregator.domain.visits import FeedState
from aggregator.ports.refreshing import RefreshPlan
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import accept
from aggregator.services.editing.rulings import forget, merge, split
from tests.fixtures.cosmetic import KINDS, feed_of
from tests.fixtures.desk import FEBRUARY_20, make_curator, public_files
from tests.fixtures.house import House, Release, Shown, rss
from tests.fixtures.records import make_visit

START = FEBRUARY_20
DAY = timedelta(days=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House.opened(tmp_path)
    yield opened
    opened.desk.store.close()


def release(number: int, title: str, *, host: str = "molit.example", **more: object) -> Release:
    """An entry of its own day and text, with a guid where ``more`` names one."""
    plain = Release(
        title=title,
        link=f"http://{host}/news/view.do?no={number}",
        text=f"{title}에 관한 {number}번째 보도자료로, 담당 부서는 세부 내용을 별도로 안내한다고 밝혔다.",
        at=datetime(2024, 2, 10 + number, 9, tzinfo=SEOUL),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


EXPORT, HYDROGEN, BUS = (
    release(1, "스마트시티 수출 지원단 출범"),
    release(2, "수소 스마트시티 시범도시 착공"),
    release(3, "스마트시티 버스 정류장 개선"),
)
THREE = (BUS, HYDROGEN, EXPORT)


def with_guids(*releases: Release, prefix: str = "guid") -> list[Release]:
    return [replace(one, guid=f"{prefix}-{one.link[-1]}") for one in releases]


def ids(entries: list[Shown]) -> list[str]:
    return [entry.id for entry in entries]


def without_links(shown: dict[str, list[Shown]]) -> dict[str, list[Shown]]:
    return {stem: [replace(entry, link="") for entry in found] for stem, found in shown.items()}


def moved(releases: tuple[Release, ...] | list[Release], old: str, new: str) -> list[Release]:
    return [replace(one, link=one.link.replace(old, new)) for one in releases]


@pytest.mark.parametrize("guids", [False, True], ids=["links", "guids"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("http://", "https://"),
        ("molit.example", "www.molit-new.example"),
        ("/news/view.do", "/b/v"),
    ],
    ids=["https", "host", "path"],
)
def test_the_source_moves(house: House, old: str, new: str, *, guids: bool) -> None:
    """To https, to another host, to other pages, with or without ids of its own: the entries
    follow and nothing else is different."""
    releases = with_guids(*THREE) if guids else [*THREE]
    house.visit(molit=rss(*releases))
    before = house.shown()
    house.visit(molit=rss(*moved(releases, old, new)))
    after = house.shown()

    assert without_links(before) == without_links(after)
    assert [entry.link.replace(old, new) for entry in before["feed"]] == [
        entry.link for entry in after["feed"]
    ]
    assert 3 == len(after["feed"])


def test_every_guid_is_another(house: House) -> None:
    """A site with a new program: the same releases under other ids, and nothing else."""
    house.visit(molit=rss(*with_guids(*THREE)))
    before = house.shown()
    house.visit(molit=rss(*with_guids(*THREE, prefix="uuid")))

    assert before == house.shown()


def test_one_guid_is_another(house: House) -> None:
    """One release is posted again by its office under another id and the same address."""
    releases = with_guids(*THREE)
    house.visit(molit=rss(*releases))
    before = house.shown()
    house.visit(molit=rss(replace(releases[0], guid="other"), *releases[1:]))

    assert before == house.shown()


def test_guids_come_and_go(house: House) -> None:
    """A feed that had none gets some, and loses them again."""
    house.visit(molit=rss(*THREE))
    before = house.shown()
    house.visit(molit=rss(*with_guids(*THREE)))
    assert before == house.shown()
    house.visit(molit=rss(*THREE))
    assert before == house.shown()


def test_all_at_once(house: House) -> None:
    """Another host, https, other pages and other ids in one night."""
    house.visit(molit=rss(*with_guids(*THREE)))
    before = house.shown()
    new = [
        replace(one, link=f"https://portal.example/p/{number}", guid=f"urn:{number}")
        for number, one in enumerate(THREE, start=700)
    ]
    house.visit(molit=rss(*new))

    assert without_links(before) == without_links(house.shown())


def test_a_title_is_edited(house: House) -> None:
    """Its entry alone is updated, by the instant at which that was seen."""
    releases = with_guids(*THREE)
    house.visit(molit=rss(*releases))
    before = house.combined()
    edited = replace(releases[1], title="[정정] 수소 스마트시티 시범도시 착공 연기")
    house.visit(molit=rss(releases[0], edited, releases[2]))
    after = house.combined()

    assert ids(before) == ids(after)
    assert [before[0], before[2]] == [after[0], after[2]]
    assert edited.title == after[1].title
    assert house.desk.clock.now() == after[1].updated


def test_a_title_is_edited_where_the_link_is_the_identity(house: House) -> None:
    """The same without ids of the source's own."""
    house.visit(molit=rss(*THREE))
    before = house.combined()
    house.visit(molit=rss(BUS, replace(HYDROGEN, title=f"{HYDROGEN.title} 연기"), EXPORT))
    after = house.combined()

    assert ids(before) == ids(after)
    assert [True, False, True] == [a == b for a, b in zip(before, after, strict=True)]


def copy_of(one: Release, host: str, **more: object) -> Release:
    """The same release as another office has it."""
    link = one.link.replace("molit.example", host)
    return replace(one, **({"link": link} | more))  # type: ignore[arg-type]


def with_weak_msit(house: House) -> None:
    """The ministry of science stands for no release that another has."""
    house.configure(
        [replace(feed, authority=40) if feed.id == "msit" else feed for feed in house.desk.feeds]
    )


def test_another_release_takes_the_first_place(house: House) -> None:
    """The issuing office comes after the one that repeats it: the entry is now its own, in the same
    place of the feed, and updated by that."""
    with_weak_msit(house)
    first, other = copy_of(EXPORT, "msit.example"), copy_of(HYDROGEN, "msit.example")
    house.visit(msit=rss(first, other))
    before = house.combined()
    house.visit(molit=rss(EXPORT))
    after = house.combined()

    assert ids(before) == ids(after)
    assert before[0] == after[0]
    assert (EXPORT.link, house.desk.clock.now()) == (after[1].link, after[1].updated)
    shown = house.shown()
    assert [before[1].id] == ids(shown["bodies/molit"])
    assert [before[0].id] == ids(shown["bodies/msit"])


def test_a_copy_that_comes_later_updates_nothing(house: House) -> None:
    """It is one more place where the release stands."""
    with_weak_msit(house)
    house.visit(molit=rss(*THREE))
    before = house.shown()
    house.visit(msit=rss(copy_of(EXPORT, "msit.example")))

    assert before == house.shown()


def test_a_story_is_split_and_joined_again(house: House) -> None:
    """What stays keeps its id and date; what was taken out is a new entry, and goes with the
    split; split off once more it is the same entry as before."""
    with_weak_msit(house)
    other = copy_of(EXPORT, "msit.example")
    house.visit(molit=rss(*THREE), msit=rss(other))
    before = house.combined()
    assert 3 == len(before)

    done = split(house.desk, make_curator(house.desk), EXPORT.link, [other.link])
    house.build()
    apart = house.combined()
    (new,) = [entry for entry in apart if entry.id not in ids(before)]
    assert before == [entry for entry in apart if entry is not new]
    assert (other.link, EXPORT.at) == (new.link, new.updated)

    forget(house.desk, make_curator(house.desk), [done.ruling])
    house.build()
    assert before == house.combined()

    house.later()
    split(house.desk, make_curator(house.desk), EXPORT.link, [other.link])
    house.build()
    assert apart == house.combined()


def test_the_primary_is_split_off(house: House) -> None:
    """What stays keeps the id; another release is in its first place, and that is an update."""
    with_weak_msit(house)
    other = copy_of(EXPORT, "msit.example")
    house.visit(molit=rss(*THREE), msit=rss(other))
    before = house.combined()
    house.later()
    split(house.desk, make_curator(house.desk), EXPORT.link, [EXPORT.link])
    house.build()
    after = {entry.id: entry for entry in house.combined()}

    stays = after[before[2].id]
    assert 4 == len(after)
    assert (other.link, house.desk.clock.now()) == (stays.link, stays.updated)
    assert before[:2] == [after[one.id] for one in before[:2]]


def test_two_stories_are_merged_by_hand(house: House) -> None:
    """The first named stays as it is; the other is gone, and comes back when that is taken back."""
    house.visit(molit=rss(*THREE))
    before = house.combined()
    done = merge(house.desk, make_curator(house.desk), [EXPORT.link, BUS.link])
    house.build()
    merged = house.combined()
    assert [before[1].id, before[2].id] == sorted(
        ids(merged), key=[before[1].id, before[2].id].index
    )

    forget(house.desk, make_curator(house.desk), [done.ruling])
    house.build()
    assert ids(before) == ids(house.combined())


def test_two_stories_are_folded_by_an_edit_and_parted_by_another(house: House) -> None:
    """Two releases that an edit makes one: the entry that was there first stays, and is alone; when
    they part again the other one has the id that it had."""
    with_weak_msit(house)
    other = replace(
        copy_of(EXPORT, "msit.example"),
        title="과기정통부 스마트시티 통신망 실증",
        text="통신망 실증 사업에 참여할 기관을 모집하고 결과를 연말에 발표할 예정이라고 과기정통부가 알렸다.",
        guid="m-1",
    )
    house.visit(molit=rss(EXPORT))
    house.visit(msit=rss(other))
    two = house.combined()
    assert 2 == len(two)
    mine = next(entry for entry in two if entry.link == EXPORT.link)

    house.visit(msit=rss(replace(other, title=EXPORT.title, text=EXPORT.text)))
    assert [mine] == house.combined()

    house.visit(msit=rss(other))
    assert sorted(ids(two)) == sorted(ids(house.combined()))
    assert mine in house.combined()


def test_the_database_is_rebuilt(house: House) -> None:
    """Of the documents that were kept, after all this has happened: every file is the same."""
    with_weak_msit(house)
    releases = with_guids(*THREE)
    house.visit(molit=rss(*releases), msit=rss(copy_of(EXPORT, "msit.example")))
    house.visit(molit=rss(*moved(releases, "http://", "https://")))
    house.visit(molit=rss(*moved(with_guids(*THREE, prefix="u"), "http://", "https://")))
    before = public_files(house.folder)
    rebuilt = house.rebuild(START - DAY)

    assert rebuilt.is_equal
    assert before == public_files(house.folder)


def test_a_story_that_the_rules_lost_is_rebuilt_under_its_id(house: House) -> None:
    """Where rows differ from what their documents say, they are mended and keep their ids."""
    house.visit(molit=rss(*THREE))
    before = house.shown()
    stored = next(one for one in house.desk.store.items() if one.item.title == BUS.title)
    now = house.desk.clock.now()
    damaged = replace(stored.item, title="스마트시티 �", hash="damaged")
    house.desk.store.apply_refresh(
        RefreshPlan(feed_id="molit", seen_at=now, changed=(damaged,)),
        FeedState(feed_id="molit", last_ok_at=now),
        make_visit("molit", now),
    )
    make_curator(house.desk).curate()
    house.build()
    house.rebuild(START - DAY)

    assert {stem: ids(found) for stem, found in before.items()} == {
        stem: ids(found) for stem, found in house.shown().items()
    }
    assert [entry.title for entry in before["feed"]] == [e.title for e in house.combined()]


def test_the_rules_change_a_section(house: House) -> None:
    """The entry goes to the other section's feed as it is, and nothing is updated."""
    house.visit(molit=rss(*THREE))
    before = house.shown()
    rules = house.desk.rules
    first, *rest = rules.sections
    others = (replace(first, id="project"), *rest)
    house.desk = replace(house.desk, rules=replace(rules, sections=others, hash="rules-2"))
    house.later()
    make_curator(house.desk).curate()
    house.build()
    after = house.shown()

    assert before["feed"] == after["feed"] == after["sections/project"]
    assert [] == after["sections/issue"]
    assert before["bodies/molit"] == after["bodies/molit"]


def test_an_editor_changes_a_section(house: House) -> None:
    """The same for the one story that an editor puts elsewhere."""
    house.visit(molit=rss(*THREE))
    before = house.shown()
    open_draft(house.desk)
    accept(house.desk, HYDROGEN.link, section="trend")
    house.build()
    after = house.shown()

    assert before["feed"] == after["feed"]
    assert [before["feed"][1]] == after["sections/trend"]
    assert [before["feed"][0], before["feed"][2]] == after["sections/issue"]


def test_the_feed_has_another_address(house: House) -> None:
    """The configuration names a new one: the entries are the same, whatever the document calls
    them."""
    house.visit(molit=rss(*with_guids(*THREE)))
    before = house.shown()
    house.configure(
        [
            replace(feed, url="https://new.example/feed.xml") if feed.id == "molit" else feed
            for feed in house.desk.feeds
        ]
    )
    house.visit(molit=rss(*with_guids(*THREE)))
    assert before == house.shown()

    house.visit(molit=rss(*with_guids(*THREE, prefix="new")))
    assert before == house.shown()


def test_the_feed_is_removed(house: House) -> None:
    """Its stories stay where they are, and when it comes back so do they."""
    house.visit(
        molit=rss(*THREE), ulsan=rss(release(4, "울산 스마트시티 교통", host="ulsan.example"))
    )
    before = house.shown()
    all_feeds = house.desk.feeds
    house.configure([feed for feed in all_feeds if feed.id != "molit"])
    house.visit(ulsan=house.served["ulsan"])
    assert before == house.shown()

    house.configure(all_feeds)
    house.visit(molit=house.served["molit"])
    assert before == house.shown()


def test_the_primarys_feed_is_removed(house: House) -> None:
    """A story of two offices keeps its id."""
    with_weak_msit(house)
    house.visit(molit=rss(EXPORT), msit=rss(copy_of(EXPORT, "msit.example")))
    before = house.combined()
    house.configure([feed for feed in house.desk.feeds if feed.id != "molit"])
    house.visit(msit=house.served["msit"])

    assert ids(before) == ids(house.combined())


def test_a_visit_that_brings_nothing_leaves_every_byte(house: House) -> None:
    """However often it comes, in whatever order the document has its entries."""
    house.visit(molit=rss(*with_guids(*THREE)))
    before = public_files(house.folder)
    house.visit(molit=rss(*with_guids(*THREE)))
    house.visit(molit=rss(*with_guids(*reversed(THREE))))

    assert before == public_files(house.folder)


def test_new_ones_stand_where_their_day_is(house: House) -> None:
    """Newest first by the source's own date, whenever they came."""
    house.visit(molit=rss(BUS, EXPORT))
    before = house.combined()
    house.visit(molit=rss(BUS, HYDROGEN, EXPORT))
    after = house.combined()

    assert [before[0], before[1]] == [after[0], after[2]]
    assert [BUS.link, HYDROGEN.link, EXPORT.link] == [entry.link for entry in after]


def test_what_only_looks_changed_dates_no_entry(house: House) -> None:
    """Every way to touch a release without saying anything new: the instant of its last real change
    stays. A text that is cut off is another for who reads it, though no word of it was changed."""
    pairs = [kind.pair(number) for number, kind in enumerate(KINDS, start=1)]
    house.visit(molit=feed_of([before for before, _ in pairs]))
    house.visit(molit=feed_of([after for _, after in pairs]))
    items = list(house.desk.store.items("molit"))

    assert len(pairs) == len(items)
    assert ["the rest of what was cut off"] == [
        kind.name
        for kind, item in zip(KINDS, sorted(items, key=lambda one: one.id), strict=True)
        if item.changed_at is not None
    ]


def test_a_quote_of_another_shape_dates_no_entry(house: House) -> None:
    """The entry has the new title, and its date stays; another word moves it."""
    quoted = replace(BUS, title="스마트시티 '버스' 정류장 개선")
    house.visit(molit=rss(quoted))
    (before,) = house.combined()
    house.visit(molit=rss(replace(quoted, title="스마트시티 ‘버스’ 정류장 개선")))
    (after,) = house.combined()
    assert replace(before, title=after.title) == after

    house.visit(molit=rss(replace(quoted, title="스마트시티 ‘버스’ 정류장 폐쇄")))
    (changed,) = house.combined()
    assert changed.updated > after.updated
