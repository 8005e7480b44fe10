"""The verb rebuild: the database held against the documents that were kept."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Program

SINCE = ("--from-raw", "--since", "2024-03-04")


@pytest.fixture
def kept(fed: Program, web: dict[str, bytes]) -> Program:
    """The program after its first refresh, the documents of which are kept."""
    connection = sqlite3.connect(fed.database)
    with connection:
        connection.execute("DELETE FROM payloads")
        connection.executemany(
            "INSERT INTO payloads (feed_id, seen_at, body, coding, charset, media_type, url, size)"
            " VALUES (?, '2024-03-04 01:00:00.000000', ?, '', '', '', ?, 1)",
            [
                (name, web[f"/{name}.xml"], f"http://{name}.example/{name}.xml")
                for name in ("molit", "seoul")
            ],
        )
    connection.close()
    return fed


def change(program: Program, statement: str) -> None:
    connection = sqlite3.connect(program.database)
    with connection:
        connection.execute(statement)
    connection.close()


def test_equal(kept: Program) -> None:
    """Both digests, and that they are one; nothing is left behind."""
    before = kept.rows()

    done = kept("rebuild", *SINCE)

    said, stored, recomputed, equal = done.out.splitlines()
    assert (0, "") == (done.status, done.err)
    assert "2 documents since 2024-03-04 read again, 2 feeds compared" == said
    assert "equal" == equal
    assert stored.split()[1:] == recomputed.split()[1:]
    assert stored.endswith("  4 items, 4 stories")
    assert before == kept.rows()
    assert [] == list(kept.folder.glob(".rebuild*"))


def test_a_difference(kept: Program) -> None:
    """Named, with status 1; --apply takes it away."""
    change(kept, "UPDATE items SET title = 'X' WHERE guid = 'molit-1'")

    done = kept("rebuild", *SINCE)
    assert 1 == done.status
    assert [
        "not equal: 1 difference",
        "  molit guid:molit-1: title is 'X' in the store, '스마트시티 수출 지원' recomputed",
    ] == done.out.splitlines()[3:]

    done = kept("rebuild", *SINCE, "--apply")
    assert (1, "1 item written") == (done.status, done.out.splitlines()[-1])
    assert 0 == kept("rebuild", *SINCE).status


def test_as_json(kept: Program) -> None:
    """One object, with the fields of docs/json.md."""
    told = json.loads(kept("rebuild", *SINCE, "--feed", "seoul", "--json").out)

    docs = Path(__file__).parents[2] / "docs" / "json.md"
    chapter = docs.read_text(encoding="utf-8").partition("\n## rebuild")[2].partition("\n## ")[0]
    documented = {line.split("`")[1] for line in chapter.splitlines() if line.startswith("| `")}
    assert told.keys() == documented
    assert {"seoul": "2024-03-04T10:00:00+09:00"} == told["feeds"]
    assert (True, 2) == (told["equal"], told["stored"]["items"])


def test_nothing_kept_is_a_failure(kept: Program) -> None:
    """Nothing was compared, so nothing may look equal: status 1 and one line of complaint."""
    done = kept("rebuild", "--from-raw", "--since", "2024-03-05")

    assert (1, "") == (done.status, done.out)
    assert (
        "aggregator: nothing was compared: no document is kept since 2024-03-05 (keep.raw"
        " says for how long documents are)\n"
    ) == done.err


def test_nothing_kept_is_not_equal_in_json(kept: Program) -> None:
    """It is neither equal nor different."""
    done = kept("rebuild", "--from-raw", "--since", "2024-03-05", "--json")

    told = json.loads(done.out)
    assert (1, None, 0) == (done.status, told["equal"], told["documents"])


def test_nothing_kept_of_a_feed_is_a_failure(kept: Program) -> None:
    """Although others have documents, and whether or not others are named too."""
    change(kept, "DELETE FROM payloads WHERE feed_id = 'molit'")

    alone = kept("rebuild", *SINCE, "--feed", "molit")
    beside = kept("rebuild", *SINCE, "--feed", "molit", "--feed", "seoul")

    assert (1, "") == (alone.status, alone.out)
    assert "nothing was compared: no document of molit is kept since 2024-03-04" in alone.err
    assert (1, "equal") == (beside.status, beside.out.splitlines()[-1])
    assert "aggregator: not compared: no document of molit is kept since 2024-03-04" in beside.err


@pytest.mark.parametrize(
    "args",
    [
        ("--since", "2024-03-04"),
        ("--from-raw",),
        (*SINCE, "--feed", "molti"),
        ("--from-raw", "--since", "yesterday"),
    ],
)
def test_what_cannot_be_asked_for(program: Program, args: tuple[str, ...]) -> None:
    """Status 2."""
    assert 2 == program("rebuild", *args).status
