"""The verb capture: documents kept as they come, and cases of the zoo made of them."""

from __future__ import annotations

import gzip
import json
import sqlite3
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Program, rss
from tests.zoo.cases import _case
from tests.zoo.ours import check

STAMP = "20240304T010000Z"


@pytest.fixture
def kept(program: Program) -> Program:
    """The program with documents of two visits to a feed in its database."""
    assert 0 == program("refresh", "--all").status
    rows = [
        ("2024-03-02 01:00:00.000000", rss("하나"), ""),
        ("2024-03-03 01:00:00.000000", gzip.compress(rss("둘")), "gzip"),
    ]
    connection = sqlite3.connect(program.database)
    with connection:
        connection.execute("DELETE FROM payloads")
        connection.executemany(
            "INSERT INTO payloads (feed_id, seen_at, body, coding, charset, media_type, url, size)"
            " VALUES ('molit', ?, ?, ?, 'utf-8', 'text/xml',"
            " 'http://molit.example/molit.xml?serviceKey=s3cret', 1)",
            rows,
        )
    connection.close()
    return program


def test_a_document_is_kept_as_it_came(program: Program, web: dict[str, bytes]) -> None:
    """Beside what came with it."""
    web["/molit.xml"] = rss("스마트시티").replace(b"utf-8", b"euc-kr")

    done = program("capture", "molit")

    folder = program.folder / "captures" / f"molit-{STAMP}"
    told = tomllib.loads((folder / "capture.toml").read_text(encoding="utf-8"))
    assert 0 == done.status
    assert web["/molit.xml"] == (folder / "document-1.xml").read_bytes()
    assert ("molit", "http://molit.example/molit.xml") == (
        told["feed"],
        told["documents"][0]["url"],
    )
    assert len(web["/molit.xml"]) == told["documents"][0]["bytes"]
    assert str(folder) in done.out


def test_nothing_is_taken_in(program: Program) -> None:
    """A capture is no visit: neither items nor the schedule change."""
    program("capture", "molit")

    assert "" == program("items").out
    assert "never" in program("status").out


def test_a_page_in_place_of_a_feed_is_kept_too(program: Program, web: dict[str, bytes]) -> None:
    """It is what a person wants to look at."""
    web["/molit.xml"] = b"sorry"

    assert 0 == program("capture", "molit").status
    assert (
        b"sorry"
        == (program.folder / "captures" / f"molit-{STAMP}" / "document-1.feed").read_bytes()
    )


def test_a_feed_that_fails_does_not_stop_the_next(program: Program, web: dict[str, bytes]) -> None:
    """Status 1, and the other's capture."""
    del web["/molit.xml"]

    done = program("capture", "molit", "seoul")

    assert 1 == done.status
    assert "aggregator: molit: " in done.err
    assert (program.folder / "captures" / f"seoul-{STAMP}").is_dir()


def test_two_at_one_time_are_two(program: Program) -> None:
    """The second one is numbered."""
    program("capture", "molit")
    program("capture", "molit")

    assert [f"molit-{STAMP}", f"molit-{STAMP}-2"] == sorted(
        one.name for one in (program.folder / "captures").iterdir()
    )


def test_kept_documents_are_listed(kept: Program) -> None:
    """With time, size and coding, the key in their address left out."""
    first, second = kept("capture", "molit", "--list").out.splitlines()

    assert first.startswith("molit            2024-03-02T10:00:00+09:00 ")
    assert " bytes gzip  text/xml  http://molit.example/molit.xml" in second
    assert "s3cret" not in first + second


def test_the_last_kept_documents_are_taken(kept: Program) -> None:
    """The newest ones, without their coding, without a visit."""
    done = kept("capture", "molit", "--last", 1)

    folder = kept.folder / "captures" / "molit-20240303T010000Z"
    assert 0 == done.status
    assert rss("둘") == (folder / "document-1.xml").read_bytes()
    assert [folder.name] == [one.name for one in folder.parent.iterdir()]
    assert "s3cret" not in (folder / "capture.toml").read_text(encoding="utf-8")


def test_where_nothing_is_kept(program: Program) -> None:
    """It is said, with status 1."""
    done = program("capture", "molit", "--last", 3)

    assert (1, True) == (done.status, "no document of it is kept" in done.err)


def test_a_case_holds_as_it_was_made(program: Program, web: dict[str, bytes]) -> None:
    """It says what the program reads today; a person corrects it."""
    web["/molit.xml"] = rss("첫째", "둘째 &amp; 셋째").decode().encode("cp949", "ignore")
    path = program.folder / "301-new.json"

    done = program("capture", "molit", "--case", path)

    case = _case(path)
    assert 0 == done.status
    assert ["301-new.xml"] == [file.name for file in case.files]
    assert web["/molit.xml"] == path.with_suffix(".xml").read_bytes()
    told = json.loads(path.read_text(encoding="utf-8"))
    assert ["첫째", "둘째 & 셋째"] == [entry["title"] for entry in told["entries"]]
    assert told["claim"].startswith("TODO")


@pytest.mark.parametrize("body", [rss("첫째", "둘째"), b"<html><body>sorry</body></html>", b'{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [{"id": "1", "title": "x", "date_published": "2024-02-03T00:00:00Z"}]}'])  # fmt: skip
def test_a_case_is_green(
    program: Program, web: dict[str, bytes], body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The zoo's own check finds nothing wrong in it, also where a document is refused."""
    web["/molit.xml"] = body
    path = program.folder / "301-new.json"
    assert 0 == program("capture", "molit", "--case", path).status
    monkeypatch.setattr("tests.zoo.cases.HERE", path.parent)

    assert [] == check(_case(path), program.folder)


def test_a_case_is_never_written_over(program: Program) -> None:
    """Nor its document."""
    document = program.folder / "301-new.xml"
    document.write_bytes(b"mine")

    done = program("capture", "molit", "--case", program.folder / "301-new.json")

    assert (2, b"mine") == (done.status, document.read_bytes())
    assert not (program.folder / "301-new.json").exists()


@pytest.mark.parametrize(
    "args",
    [
        ("molti",),
        ("molit", "--list", "--last", "1"),
        ("molit", "seoul", "--case", "301-x.json"),
        ("molit", "--last", "2", "--case", "301-x.json"),
        ("molit", "--case", "x.json"),
    ],
)
def test_what_cannot_be_asked_for(program: Program, args: tuple[str, ...]) -> None:
    """Wrong use is status 2 and writes nothing."""
    before = sorted(Path(program.folder).iterdir())

    assert 2 == program("capture", *args).status
    assert before == [one for one in sorted(program.folder.iterdir()) if "aggregator.db" not in one.name]  # fmt: skip
