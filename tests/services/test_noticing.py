"""Silent edits: releases that are read anew, compared, and kept where something else is said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.curate.copies.source_changes import changes_between
from aggregator.domain.changes import PieceKind
from aggregator.domain.items import Revision
from aggregator.fetch.http import HttpFetcher
from aggregator.ports.reading import Document
from aggregator.services.curation.noticing import notice_changes, watch_published
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.editing.edit import accept, drop
from aggregator.services.publishing.change_reports import change_reports
from aggregator.services.publishing.publish import build_site, planet_of, publish_issue
from aggregator.services.trials.inline_reader import InlineReader
from aggregator.services.trials.inspect import read_for
from aggregator.services.visits.refresh import Refresher
from aggregator.store.rows import revision_values
from tests.fetch.make import guard_for
from tests.fixtures.cosmetic import BODY, KINDS, Kind, Release, feed_of
from tests.fixtures.desk import (
    ISSUE_DAY,
    bring,
    make_curator,
    make_press,
    public_files,
    release,
    set_clock,
)
from tests.fixtures.http import Answer, Office, serve
from tests.fixtures.records import make_feed

OFFICES: dict[str, str] = {}
MARCH_4 = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)


def read(entry: Release, rev: int) -> Revision:
    """An entry as a revision of what is read of it."""
    document = Document(
        body=feed_of([entry]), feed=make_feed(), now=MARCH_4, url="http://a.example"
    )
    (item,) = read_for(document, OFFICES.get).items
    return Revision(**revision_values(item, 1, rev, MARCH_4))


def test_there_are_more_than_fifty_kinds() -> None:
    """Each with a name of its own, and each another document."""
    assert len(KINDS) == len({kind.name for kind in KINDS}) > 50
    assert all(feed_of([old]) != feed_of([new]) for old, new in (kind.pair() for kind in KINDS))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_says_nothing_new_is_no_change(kind: Kind) -> None:
    """From the document on, forth and back."""
    old, new = (read(entry, rev) for rev, entry in enumerate(kind.pair(), start=1))
    assert () == changes_between(old, new)
    assert () == changes_between(new, replace(old, rev=3))


def _has_plain_sum(kind: Kind) -> bool:
    """Whether the sum stands on both sides as it is written in print."""
    old, new = kind.pair()
    return "120억" in old.body and "120억" in new.body and not new.raw


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if _has_plain_sum(kind)], ids=lambda kind: kind.name
)
def test_a_sum_is_seen_behind_all_of_it(kind: Kind) -> None:
    """What changes beside it hides nothing."""
    old, new = kind.pair()
    mended = replace(new, body=new.body.replace("120억", "135억"))
    (change,) = changes_between(read(old, 1), read(mended, 2))
    pieces = [(piece.kind, piece.text) for piece in change.pieces]
    assert any(kind is PieceKind.REMOVED and "120억" in text for kind, text in pieces)
    assert any(kind is PieceKind.ADDED and "135억" in text for kind, text in pieces)


SUM = Release()
MENDED = replace(SUM, body=BODY.replace("120억", "130억"))


class Newsroom:
    """A desk whose ministry's feed a loopback server plays; time goes on with each visit."""

    def __init__(self, desk: Desk, folder: Path, office: Office, page: list[bytes]) -> None:
        feed = replace(desk.feeds[0], url="http://molit.example/rss")
        self.desk = replace(desk, feeds=(feed, *desk.feeds[1:]))
        self.desk.sync()
        self.folder, self._office, self._page = folder, office, page

    def visit(self, *entries: Release, curate: bool = True) -> None:
        """The server has these entries now, and an hour later the feed is visited and curated."""
        set_clock(self.desk, self.desk.clock.now() + timedelta(hours=1))
        self._page[:] = [feed_of(entries)]

        async def go() -> None:
            guard = guard_for(self._office)
            async with HttpFetcher(guard=guard, user_agent="desk", spacing=0.0) as fetcher:
                refresher = Refresher(
                    store=self.desk.store,
                    fetcher=fetcher,
                    clock=self.desk.clock,
                    reader=InlineReader(issuer=OFFICES.get),
                )
                (report,) = await refresher.refresh([self.desk.feeds[0]])
                assert not report.error

        asyncio.run(go())
        if curate:
            make_curator(self.desk).curate()

    def build(self) -> str:
        """The site made anew; its feed of changes."""
        build_site(self.desk, make_press(self.folder))
        return public_files(self.folder)["changes.atom"].decode()

    def kept(self) -> list[list[str]]:
        """What went and came in each change that is kept."""
        return [
            [
                piece.text
                for one in change.fields
                for piece in one.pieces
                if piece.kind in {PieceKind.REMOVED, PieceKind.ADDED}
            ]
            for change in self.desk.store.changes()
        ]


@pytest.fixture
def newsroom(desk: Desk, tmp_path: Path) -> Iterator[Newsroom]:
    page = [b""]
    with serve(lambda _: Answer(body=page[0])) as office:
        yield Newsroom(desk, tmp_path, office, page)


def test_a_changed_sum_of_a_picked_release_is_kept(newsroom: Newsroom) -> None:
    """Accepted into a draft, before any site is made."""
    newsroom.visit(SUM)
    accept(newsroom.desk, SUM.title)
    newsroom.visit(MENDED)
    assert [["120억", "130억"]] == newsroom.kept()


def test_a_changed_sum_of_a_published_release_is_kept(newsroom: Newsroom) -> None:
    """It stands in the combined feed; the change is published with the next site, once."""
    newsroom.visit(SUM)
    assert "<entry>" not in newsroom.build()
    newsroom.visit(MENDED)
    first = newsroom.build()
    assert 1 == first.count("<entry>")
    newsroom.visit(MENDED)
    assert first == newsroom.build()
    assert [["120억", "130억"]] == newsroom.kept()


def test_a_change_before_it_was_picked_is_none(newsroom: Newsroom) -> None:
    """Nobody had it by then."""
    newsroom.visit(SUM)
    newsroom.visit(MENDED)
    accept(newsroom.desk, SUM.title)
    newsroom.build()
    newsroom.visit(MENDED)
    assert [] == newsroom.kept()


def test_a_release_that_nobody_has_may_change(newsroom: Newsroom) -> None:
    """Neither picked nor published: its section is none of the newsletter's."""
    plain, mended = (replace(one, title="하천 정비") for one in (SUM, MENDED))
    newsroom.visit(plain)
    newsroom.build()
    newsroom.visit(mended)
    assert [] == newsroom.kept()


def test_a_source_that_changes_back_has_changed_twice(newsroom: Newsroom) -> None:
    """And again: each is an entry of its own."""
    newsroom.visit(SUM)
    newsroom.build()
    newsroom.visit(MENDED)
    newsroom.visit(SUM)
    newsroom.visit(MENDED)
    assert [["120억", "130억"], ["130억", "120억"], ["120억", "130억"]] == newsroom.kept()
    assert 3 == newsroom.build().count("<entry>")


def test_changes_of_several_visits_are_told_one_by_one(newsroom: Newsroom) -> None:
    """Also where curation comes late, as it does after a crash."""
    newsroom.visit(SUM)
    newsroom.build()
    newsroom.visit(MENDED, curate=False)
    newsroom.visit(replace(MENDED, title=f"(정정) {MENDED.title}"), curate=False)
    assert [] == newsroom.kept()
    notice_changes(newsroom.desk.store)
    assert [["120억", "130억"], ["(정정)"]] == newsroom.kept()
    make_curator(newsroom.desk).curate()
    assert 2 == newsroom.build().count("<entry>")


def test_a_crash_while_noticing_is_made_good(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is curated: the next curation finds the same work, and does it once."""
    newsroom.visit(SUM)
    newsroom.build()
    newsroom.visit(MENDED, curate=False)

    def crash(*_: object) -> int:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(type(newsroom.desk.store), "save_noticed", crash)
        with pytest.raises(SystemExit):
            make_curator(newsroom.desk).curate()
    make_curator(newsroom.desk).curate()
    make_curator(newsroom.desk).curate()
    assert [["120억", "130억"]] == newsroom.kept()


def test_a_revision_that_comes_while_the_site_is_made_is_told(newsroom: Newsroom) -> None:
    """The site shows the one before: a reader who has that is told of the next."""
    newsroom.visit(SUM)
    press = make_press(newsroom.folder)
    planet = planet_of(newsroom.desk, press.pictures)
    newsroom.visit(MENDED)
    watch_published(newsroom.desk.store, planet.stories)
    assert [["120억", "130억"]] == newsroom.kept()


def test_the_issue_that_printed_it_is_named(newsroom: Newsroom) -> None:
    """In the feed and in the report, also while a draft has it again."""
    newsroom.visit(SUM)
    publish_issue(newsroom.desk, make_press(newsroom.folder), number=48)
    newsroom.visit(MENDED)
    document = newsroom.build()
    assert "https://news.example/issues/48/" in document
    assert "No. 48 (2024.3.4)에 실림" in document
    (report,) = change_reports(newsroom.desk)
    assert ((48,), None) == (report.printed, report.draft)
    accept(newsroom.desk, SUM.title, section="project")
    (report,) = change_reports(newsroom.desk)
    assert ((48,), 49) == (report.printed, report.draft)


def test_a_pick_tells_that_its_source_has_changed(newsroom: Newsroom) -> None:
    """Until the editor accepts it as it is now."""
    newsroom.visit(SUM)
    accept(newsroom.desk, SUM.title)
    (picked,) = open_draft(newsroom.desk).picked
    assert not picked.source_changed
    newsroom.visit(MENDED)
    (picked,) = open_draft(newsroom.desk).picked
    assert picked.source_changed
    accept(newsroom.desk, SUM.title)
    (picked,) = open_draft(newsroom.desk).picked
    assert not picked.source_changed


def test_what_an_editor_rejected_is_not_told(newsroom: Newsroom) -> None:
    """It has left the combined feed, and its changes with it; they are kept."""
    newsroom.visit(SUM)
    newsroom.build()
    newsroom.visit(MENDED)
    drop(newsroom.desk, SUM.title)
    assert "<entry>" not in newsroom.build()
    assert [["120억", "130억"]] == newsroom.kept()


def test_what_is_held_back_is_not_told(newsroom: Newsroom) -> None:
    """An embargoed release in the draft: its change is published with it, not before."""
    held = replace(SUM, date="Tue, 05 Mar 2024 09:00:00 +0900")
    newsroom.visit(held)
    accept(newsroom.desk, SUM.title)
    newsroom.visit(replace(held, body=MENDED.body))
    assert [["120억", "130억"]] == newsroom.kept()
    assert "<entry>" not in newsroom.build()
    set_clock(newsroom.desk, ISSUE_DAY + timedelta(days=1))
    assert 1 == newsroom.build().count("<entry>")


def test_what_editors_mend_is_no_sources_change(desk: Desk, tmp_path: Path) -> None:
    """An item that was typed in comes from this desk."""
    bring(desk, release("desk", "손으로 쓴 소식"))
    accept(desk, "손으로 쓴", section="trend")
    bring(desk, release("desk", "손으로 쓴 소식", summary="고친 문단이다."))
    assert [] == desk.store.changes()
