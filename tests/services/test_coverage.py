"""Coverage of regions by the last issues and the draft."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from aggregator.issue.coverage import coverage_rows
from aggregator.services.desk import Desk
from aggregator.services.editing.actions import accept
from aggregator.services.editing.issue_at_hand import picked_of, working_issue
from aggregator.services.publishing.publish import publish_issue
from aggregator.services.reports.coverage import Coverage, CoverageBook
from tests.fixtures.desk import ISSUE_DAY, bring, make_bodies, make_press, release, set_clock
from tests.fixtures.editing import editor_of, issue_id_of, story_named


def counted(desk: Desk, book: CoverageBook) -> Coverage:
    """The table of the working issue."""
    issue = working_issue(desk)
    return book.coverage(desk, issue, picked_of(desk, issue))


def cells(table: Coverage) -> dict[str, tuple[int, int]]:
    """Items of the issues before and of the draft, by region; rows without any left out."""
    return {
        row.region: (row.total, row.total_now) for row in table.rows if row.total or row.total_now
    }


def test_a_published_issue_is_counted_with_the_draft_beside_it(desk: Desk, tmp_path: Path) -> None:
    """By the region that a body lies in; national bodies are one row."""
    bring(desk, release("seoul", "가"), release("molit", "나"))
    for name in "가나":
        accept(editor_of(desk), issue_id_of(desk), story_named(desk, name))
    book = CoverageBook()
    assert (0, {"seoul": (0, 1), "": (0, 1)}) == (
        counted(desk, book).issues,
        cells(counted(desk, book)),
    )
    publish_issue(desk, make_press(tmp_path), number=48)
    set_clock(desk, ISSUE_DAY + timedelta(days=28))
    bring(desk, release("gyeonggi", "다", date(2024, 3, 10)))
    accept(editor_of(desk), issue_id_of(desk), story_named(desk, "다"))

    table = counted(desk, book)

    assert 1 == table.issues
    assert {"": (1, 0), "seoul": (1, 0), "gyeonggi": (0, 1)} == cells(table)


def test_a_print_is_read_once(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It never changes."""
    bring(desk, release("seoul", "가"))
    accept(editor_of(desk), issue_id_of(desk), story_named(desk, "가"))
    publish_issue(desk, make_press(tmp_path), number=48)
    set_clock(desk, ISSUE_DAY + timedelta(days=28))
    book = CoverageBook()
    first = counted(desk, book)
    monkeypatch.setattr("aggregator.services.reports.coverage.thaw", lambda _: None)

    assert {"seoul": (1, 0)} == cells(first) == cells(counted(desk, book))


def test_every_region_has_a_row_and_one_that_is_gone_too() -> None:
    """In the administrative order, national bodies first."""
    rows = coverage_rows([{("atlantis", "trend"): 2}], {}, ["trend"], make_bodies())

    assert ["", "seoul", "ulsan", "gyeonggi", "atlantis"] == [row.region for row in rows]
    assert 2 == rows[-1].total
