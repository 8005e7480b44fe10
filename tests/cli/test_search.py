"""The verb search."""

from __future__ import annotations

import json

import pytest

from aggregator.domain.errors import StoreUnavailable
from aggregator.domain.searching import Waiting
from aggregator.store.sql import SqlStore
from tests.cli.conftest import Program


def test_stories_are_found_with_their_words_marked(fed: Program) -> None:
    """A line for the story, and one for each text that has a hit."""
    done = fed("search", "스마트시티를", "수출")

    assert 0 == done.status
    assert [
        "2024-02-15 issue      molit      [스마트시티] [수출] 지원",
        "      lead [스마트시티] [수출] 지원의 첫 문단이다.",
    ] == done.out.splitlines()
    assert "" == done.err


def test_pages_are_named(fed: Program) -> None:
    """The next one by its cursor, on standard error; the last one names none."""
    first = fed("search", "스마트시티", "--limit", "2")
    last_line = first.err.splitlines()[-1]
    assert last_line.startswith("more: the same search with --after 0.")
    rest = fed("search", "스마트시티", "--after", last_line.rpartition(" ")[2])

    assert (2, 1) == (first.out.count("-02-"), rest.out.count("-02-"))
    assert "" == rest.err


def test_a_shells_quotes_make_a_phrase(fed: Program) -> None:
    """An argument with a space among others is one; alone it is the whole search."""
    assert "[연구 협력]" in fed("search", "연구 협력", "스마트시티").out
    assert "[연구] [협력]" in fed("search", "협력 연구").out
    assert "" == fed("search", "--", "스마트시티", "-연구", "-수출", "-교통").out


def test_nothing_found_is_said(fed: Program) -> None:
    """It is no failure."""
    done = fed("search", "없는낱말")

    assert (0, "", "nothing stored has these words\n") == (done.status, done.out, done.err)


def test_what_can_only_be_read_is_searched(fed: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as it is indexed; how much waits is said."""
    assert "수출" in fed("search", "수출").out
    before = fed("search", "수출").out

    def read_only(*_: object) -> int:
        raise StoreUnavailable("aggregator.db: it is read-only")

    monkeypatch.setattr(SqlStore, "index_stories", read_only)
    monkeypatch.setattr(SqlStore, "waiting", lambda _: Waiting(stories=3, items=0))
    done = fed("search", "수출")

    assert (0, before) == (done.status, done.out)
    assert "the index is behind: 3 stories to be indexed" in done.err


def test_what_waits_is_said(program: Program) -> None:
    """Items that no curation has folded yet are in no story."""
    program("refresh", "--all", "--fetch-only")
    done = program("search", "스마트시티")

    assert "the index is behind: 4 items to be folded (aggregator refresh)" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ['"'], ["-"], ["(((", "AND"], ["NEAR("], ["title:x*"], ["* ^ :"], ["'; DROP TABLE items"],
        ["a" * 100_000], ["\u202e"], ["{a b}:c"], ['"a" + "b"'], ["가" * 400], ["가 OR"], ["NOT"],
    ],
)  # fmt: skip
def test_hostile_words_are_a_search_or_one_clear_line(fed: Program, words: list[str]) -> None:
    """Never a trace, never a syntax of the index."""
    done = fed("search", "--", *words)

    assert done.status in {0, 2}
    assert 1 >= len(done.err.splitlines())
    assert "Traceback" not in done.err
    assert (done.status == 2) == done.err.startswith("aggregator: ")


def test_json_goes_on_by_its_cursors(fed: Program) -> None:
    """The cursor of each story leads to what comes after it."""
    lines = [json.loads(line) for line in fed("search", "스마트시티", "--json").out.splitlines()]
    rest = fed("search", "스마트시티", "--json", "--after", lines[0]["cursor"])

    assert lines[1:] == [json.loads(line) for line in rest.out.splitlines()]
    begin, end = lines[0]["title_marks"][0]
    assert "스마트시티" == lines[0]["title"][begin:end]
