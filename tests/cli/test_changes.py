"""Silent edits from end to end: an office's server, the program, the published feed."""

from __future__ import annotations

from dataclasses import replace

import feedparser
import pytest

from tests.cli.conftest import Program
from tests.fixtures.cosmetic import BODY, KINDS, Release, feed_of

PAIRS = [kind.pair(number) for number, kind in enumerate(KINDS, start=1)]
BEFORE = [old for old, _ in PAIRS]
AFTER = [new for _, new in PAIRS]
PLAIN = Release(number=len(KINDS) + 1)
MENDED = replace(PLAIN, body=BODY.replace("120억", "130억"))


class Site:
    """What the program has published."""

    def __init__(self, program: Program, web: dict[str, bytes]) -> None:
        self._program, self._web = program, web

    def visit(self, *entries: Release, hour: int, also: tuple[str, ...] = ()) -> None:
        """The server has these entries now, and the program refreshes at an hour of 4 March."""
        self._web["/molit.xml"] = feed_of(entries)
        done = self._program("refresh", *also, "molit", now=f"2024-03-04T{hour:02}:00")
        assert (0, "") == (done.status, done.err)

    @property
    def document(self) -> bytes:
        return (self._program.folder / "public" / "changes.atom").read_bytes()

    @property
    def entries(self) -> list[feedparser.FeedParserDict]:
        return list(feedparser.parse(self.document).entries)


@pytest.fixture
def site(program: Program, web: dict[str, bytes]) -> Site:
    return Site(program, web)


@pytest.mark.long
def test_fifty_cosmetic_changes_are_none_and_a_sum_is_one(program: Program, site: Site) -> None:
    """All at once, each of its own kind; then one sum. Another refresh and build change nothing."""
    assert len(KINDS) >= 50
    site.visit(*BEFORE, PLAIN, hour=10)
    assert 0 == program("accept", PLAIN.title + f" {PLAIN.number}호").status

    site.visit(*AFTER, PLAIN, hour=11)
    assert [] == site.entries
    assert "no source has changed" in program("changes").out

    site.visit(*AFTER, MENDED, hour=12)
    (entry,) = site.entries
    content = entry.content[0].value
    assert entry.title.endswith(f"{PLAIN.number}호")
    assert 1 == content.count("<del>") == content.count("<ins>")
    assert "<del>120억</del>" in content
    assert "<ins>130억</ins>" in content

    first = site.document
    site.visit(*AFTER, MENDED, hour=13)
    assert 0 == program("publish", "--accept-warnings", "Kim", now="2024-03-04T13:00").status
    assert first == site.document


def test_a_change_outlives_a_stop_before_the_site_is_made(program: Program, site: Site) -> None:
    """What was fetched and no more, because the program was stopped, is told by the next run."""
    site.visit(PLAIN, hour=10)
    site.visit(MENDED, hour=11, also=("--fetch-only",))
    assert [] == site.entries
    site.visit(MENDED, hour=12)
    assert 1 == len(site.entries)


def test_changes_are_listed_with_marks_and_places(program: Program, site: Site) -> None:
    """The newest first; where the release stands, and what went and came."""
    site.visit(PLAIN, hour=10)
    program("publish", "--accept-warnings", "Kim")
    site.visit(MENDED, hour=11)
    program("accept", PLAIN.title)
    site.visit(replace(MENDED, title=f"(정정) {MENDED.title}"), hour=12)
    done = program("changes")
    assert (0, "") == (done.status, done.err)
    name = f"{PLAIN.title} {PLAIN.number}호"
    latest, places, title, first, *_, text = done.out.splitlines()
    assert f"2024-03-04 12:00  국토교통부  (정정) {name}" == latest
    assert "  in No. 48, draft No. 49" == places
    assert "  title: {+(정정)+} 스마트시티 데이터 허브 구축 착수" in title
    assert f"2024-03-04 11:00  국토교통부  {name}" == first
    assert "올해 사업비는 [-120억-] {+130억+} 원이며" in text
    assert "its source has changed" in program("draft").out


def test_changes_since_a_day(program: Program, site: Site) -> None:
    """Of that day in Korea, and later."""
    site.visit(PLAIN, hour=10)
    site.visit(MENDED, hour=11)
    assert "[-120억-]" in program("changes", "--since", "2024-03-04").out
    assert "no source has changed" in program("changes", "--since", "2024-03-05").out


def test_nothing_is_written_by_looking(fed: Program) -> None:
    """The verb only reads."""
    before = fed.rows()
    assert 0 == fed("changes").status
    assert before == fed.rows()
