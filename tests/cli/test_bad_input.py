"""What goes wrong: one clear line on standard error, its status, and a store as it was."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Done, Program, rss

LIMITED = """
    import resource, sys
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
    from aggregator.cli.app import main
    main()
"""

MISTAKES = (
    r"line 5: defaults\.spacing: '1 second' is no duration",
    r"line 15: feeds\[1\]\.body: there is no body 'seuol' \(did you mean \"seoul\"\?\)",
    r"line \d+: topic\.treshold: ",
)


def one_line(done: Done, status: int, pattern: str) -> None:
    """The command ended with this status and this one line, without a word on standard output."""
    assert (status, "") == (done.status, done.out)
    assert 1 == len(done.err.splitlines()), done.err
    assert done.err.startswith("aggregator: ")
    assert re.search(pattern, done.err), done.err


def started(program: Program, *args: str, before: tuple[str, ...] = ()) -> Done:
    """The command in a process of its own."""
    command = before or (sys.executable, "-m", "aggregator")
    done = subprocess.run(
        [*command, "--config", str(program.config), "--now", NOW, *args],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "AGG_DATABASE": ""},
    )
    return Done(status=done.returncode, out=done.stdout, err=done.stderr)


# --- the configuration ----------------------------------------------------------------------------


def test_no_configuration(program: Program) -> None:
    """The message says how to name another."""
    program.config.unlink()

    one_line(program("draft"), 2, r"feeds\.toml: file: there is no such file \(name it with --conf")
    assert not program.database.exists()


@pytest.mark.parametrize(
    ("spoil", "pattern"),
    [
        (lambda file: (file.unlink(), file.mkdir()), "file cannot be opened: Is a directory"),
        (lambda file: file.write_bytes(b"\xff\xfe\0x"), "line 1: file: the file is not UTF-8"),
        (lambda file: file.write_text("schema = \n"), "line 1: file: no TOML: "),
        (lambda file: file.write_text(""), "the file is empty"),
    ],
)
def test_an_unreadable_configuration(
    program: Program, spoil: Callable[[Path], object], pattern: str
) -> None:
    """Whatever stands in its place, nothing is run."""
    spoil(program.config)

    one_line(program("refresh", "--all"), 2, pattern)
    assert not program.database.exists()


def test_three_mistakes_are_three_lines(program: Program) -> None:
    """In the order of the file, each with its line, its path and what would be right."""
    text = program.config.read_text(encoding="utf-8")
    text = text.replace('spacing = "1s"', 'spacing = "1 second"')
    text = text.replace('body = "seoul"', 'body = "seuol"').replace("threshold", "treshold")
    program.config.write_text(text, encoding="utf-8")

    done = program("check")

    assert (2, "") == (done.status, done.out)
    lines = done.err.splitlines()
    assert 3 == len(lines)
    for pattern, line in zip(MISTAKES, lines, strict=True):
        assert re.search(pattern, line), line


# --- the command line -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "pattern"),
    [
        (("nonsense",), "No such command 'nonsense'. .*see aggregator --help"),
        (("draft", "--nonsense"), "No such option '?--nonsense.*see aggregator draft --help"),
        (("accept", "연구", "--position", "0"), "'--position': 0 is not in the range x>=1"),
        (("accept", "연구", "--section", "sport"), r"no section 'sport' \(one of issue, trend, n"),
        (("accept",), "name one story to accept, or --rest alone"),
        (("accept", "연구", "--rest"), "name one story to accept, or --rest alone"),
        (("accept", "--rest", "--section", "issue"), "name one story to accept, or --rest alone"),
        (("drop",), "name one story to drop, or --rest"),
        (("drop", "연구", "--rest"), "name one story to drop, or --rest"),
        (("refresh", "seuol"), r"no feed is called seuol \(did you mean seoul\?\)"),
        (("refresh", "nonsense"), r"nonsense \(aggregator status lists all feeds\)"),
        (("items", "--feed", "molti"), r"no feed is called molti \(did you mean molit\?\)"),
        (("stories", "--since", "yesterday"), "'--since': 'yesterday' does not match the format"),
        (
            ("stories", "--since", "2024-02-20", "--until", "2024-02-19"),
            "--until 2024-02-19 lies before --since 2024-02-20",
        ),
        (("accept", "연구", "--section", "news"), "news prints an event's days, which '.*' does not"),
        (("publish", "first"), "'first' is not a valid integer"),
        (("translation", "export", "--lang", "fr"), r"no edition in 'fr' \(one of ko, en\)"),
        (("run", "--listen", "nowhere"), "--listen wants host:port such as 127.0.0.1:8080"),
        (("run", "--listen", "127.0.0.1:99999"), "--listen wants host:port"),
        (("add", "--section", "news", "--title", "t", "--until", "2024-03-19"), "--until needs --f"),
        (
            ("add", "--section", "news", "--title", "t", "--from", "2024-03-19", "--until",
             "2024-03-18"),
            "--until 2024-03-18 lies before --from 2024-03-19",
        ),
        (("add", "--section", "trend", "--title", "t", "--author", "123"), "--author wants a name"),
        (("why", " "), "say what is missed: a link, a title"),
    ],
)  # fmt: skip
def test_a_wrong_call(fed: Program, args: tuple[str, ...], pattern: str) -> None:
    """Status 2, and nothing is changed."""
    fed("draft")
    before = fed.rows()

    one_line(fed(*args), 2, pattern)

    assert before == fed.rows()


@pytest.mark.parametrize("now", ["tomorrow", "2024-13-01", "", "10:00"])
def test_a_time_that_is_none(program: Program, now: str) -> None:
    """With an example of one."""
    one_line(program("draft", now=now), 2, r"'--now': .* is no ISO time such as 2024-03-04T10:00")


@pytest.mark.parametrize(
    ("args", "pattern"),
    [
        (("accept", "없는 글"), "no stored story answers to '없는 글'"),
        (("accept", ""), "no stored story answers to ''"),
        (("drop", "스마트시티"), "3 stories answer to '스마트시티': .*; .* .give the whole title"),
        (("explain", "https://nowhere.example/"), "no stored story answers to"),
        (("publish", "7"), r"no issue No\. 7: the draft is No\. 48 \(none is published yet\)"),
        (("translation", "export", "7", "--lang", "en"), r"no issue No\. 7"),
    ],
)
def test_what_is_not_there(fed: Program, args: tuple[str, ...], pattern: str) -> None:
    """Status 1: the call was right, its object is missing; nothing is changed."""
    fed("draft")
    before = fed.rows()

    one_line(fed(*args), 1, pattern)

    assert before == fed.rows()


def test_an_argument_that_is_no_text(program: Program) -> None:
    """Bytes of another charset could be neither stored nor printed."""
    command = [sys.executable, "-m", "aggregator", "--config", str(program.config), "accept"]
    done = subprocess.run([*command, b"\xbd\xba"], capture_output=True, text=True, check=False)

    one_line(Done(status=done.returncode, out=done.stdout, err=done.stderr), 2, "is not UTF-8 text")


# --- documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "pattern"),
    [
        (b"", r"bad\.xml|empty|no feed"),
        (b"hello", "feed"),
        (b"<!doctype html><html><body>maintenance</body></html>", "HTML"),
        (b"\x7fELF\x02\x01\x01\0" + bytes(range(256)) * 8, "text|binary"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)), "text|binary|PDF|feed"),
    ],
)
def test_a_document_that_is_no_feed(program: Program, body: bytes, pattern: str) -> None:
    """Status 1 and a plain sentence; nothing is stored."""
    file = program.folder / "bad.xml"
    file.write_bytes(body)

    one_line(program("check", file), 1, pattern)
    assert not program.database.exists()


def test_a_document_that_cannot_be_read(program: Program) -> None:
    """Missing, or a folder."""
    one_line(program("check", "missing.xml"), 1, "cannot read missing.xml: No such file")
    one_line(program("check", program.folder), 1, "cannot read .*: Is a directory")


def test_an_address_that_does_not_answer(program: Program) -> None:
    """A status that is no feed, or an address that no feed may have."""
    one_line(program("check", "http://molit.example/gone.xml"), 1, "404")
    one_line(program("check", "http://127.0.0.1:1/feed"), 1, "127.0.0.1")


@pytest.mark.parametrize(
    ("body", "status", "pattern"),
    [
        (b'msgid ""\nmsgstr ""\n"Language: fr\\n"\n', 2, "header says Language: fr"),
        (b'msgid ""\nmsgstr ""\n"X-Issue: 47\\n"\n', 2, "header says X-Issue: 47, but the import"),
        (b'msgid "a"\nmsgstr b\n', 2, "no PO file: line 2 is not a keyword with a text"),
        (b"feeds.toml", 2, "no PO file: it has no line that begins with msgid"),
        (b"\xff\xfe", 1, "is not UTF-8 text"),
    ],
)
def test_a_translation_that_cannot_be_taken(
    fed: Program, body: bytes, status: int, pattern: str
) -> None:
    """Of another language or issue, broken, or no PO at all: the file is named, nothing changed."""
    fed("draft")
    before = fed.rows()
    file = fed.folder / "48.po"
    file.write_bytes(body)

    named = fed("translation", "import", "48", file, "--lang", "en")
    piped = fed("translation", "import", "48", "--lang", "en", stdin=body)

    one_line(named, status, rf"/48\.po\b.*{pattern}")
    one_line(piped, status, rf"^aggregator: standard input\b.*{pattern}")

    assert before == fed.rows()


def test_a_file_that_is_not_there(fed: Program) -> None:
    """Neither to read nor to write."""
    one_line(
        fed("translation", "import", "48", "missing.po", "--lang", "en"), 1, "cannot read missing"
    )
    one_line(
        fed("translation", "export", "--lang", "en", "-o", fed.folder / "no" / "48.po"),
        1,
        "cannot write .*48.po: No such file",
    )


# --- the database ---------------------------------------------------------------------------------


@pytest.mark.long
def test_a_database_that_is_locked(fed: Program) -> None:
    """After five seconds it says so, and nothing was changed."""
    fed("draft")
    before = fed.rows()
    holder = sqlite3.connect(fed.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        one_line(fed("accept", "연구"), 1, "database .* is in use by another process; try again")
    finally:
        holder.rollback()
        holder.close()

    assert before == fed.rows()
    assert 0 == fed("accept", "연구").status


@pytest.mark.parametrize(
    "line",
    ["status", "items", "items --feed molit", "stories", "explain 연구", "why 연구", "draft"],
)
def test_what_only_reads_waits_for_nobody(fed: Program, line: str) -> None:
    """While another process writes, everything can be looked at; the draft too, once it is made."""
    fed("draft")
    expected = fed(*line.split())
    holder = sqlite3.connect(fed.database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert expected == fed(*line.split())
    finally:
        holder.rollback()
        holder.close()


def test_a_database_of_a_newer_version(fed: Program) -> None:
    """It is left alone."""
    with sqlite3.connect(fed.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = fed.rows()

    one_line(fed("draft"), 1, "has schema version 9999, this program knows versions up to")

    assert before == fed.rows()


def test_what_is_no_database(program: Program) -> None:
    """A text file in its place is not overwritten; nor is a folder."""
    program.database.write_text("notes " * 400)
    one_line(program("draft"), 1, "not an SQLite database; name another file or move it away")
    assert program.database.read_text().startswith("notes notes")

    program.database.unlink()
    program.database.mkdir()
    one_line(program("draft"), 1, "is a folder: name a file")


def test_a_full_disk(fed: Program, web: dict[str, bytes]) -> None:
    """A refresh that finds no room stores nothing of the feed; with room it stores all of it."""
    before = fed("items").out
    web["/molit.xml"] = rss(*(f"스마트시티 소식 {n} {'가' * 2000}" for n in range(60)))
    command = (sys.executable, "-c", textwrap.dedent(LIMITED), "200000")

    done = started(fed, "refresh", "molit", before=command)

    one_line(done, 1, "database .*: no room to write; free space on its disk")
    assert before == fed("items").out
    assert "58 new items, 2 changed" in fed("refresh", "molit").out


# --- the published site ---------------------------------------------------------------------------


def test_a_site_that_cannot_be_written(fed: Program) -> None:
    """A file in the place of a folder: the issue stays a draft, and is published afterwards."""
    fed("draft")
    before = fed.rows()
    pages = fed.folder / "public" / "issues"
    for file in sorted(pages.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    pages.rmdir()
    pages.write_text("in the way")

    one_line(
        fed("publish", "--accept-warnings", "Kim"),
        1,
        "issues.*make room or give the right to write, then build again",
    )
    assert before == fed.rows()

    pages.unlink()
    assert 0 == fed("publish", "--accept-warnings", "Kim").status


def test_a_refresh_without_a_site_keeps_its_items(program: Program) -> None:
    """What was fetched is stored; the next refresh builds the site."""
    (program.folder / "public").write_text("in the way")

    one_line(program("refresh", "--all"), 1, "public")
    assert 4 == len(program("items").out.splitlines())

    (program.folder / "public").unlink()
    assert 0 == program("refresh").status
    assert (program.folder / "public" / "feed.atom").is_file()


def test_a_port_that_is_taken(program: Program) -> None:
    """The daemon does not start, and names the option that helps."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        one_line(
            program("run", "--listen", f"127.0.0.1:{port}"),
            1,
            rf"cannot serve on 127\.0\.0\.1:{port}: another program listens there \(choose",
        )


# --- output ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("entries", [1, 3000])
def test_a_reader_that_goes_away(program: Program, entries: int) -> None:
    """As ``| head -1`` does: no complaint, status 0, whatever had still to be said."""
    file = program.folder / "feed.xml"
    file.write_bytes(rss(*(f"{n} {'가' * 40}" for n in range(entries))))
    command = [sys.executable, "-m", "aggregator", "check", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        if entries > 1:
            process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()

    assert (0, b"") == (process.returncode, said)


def test_a_terminal_without_korean(program: Program) -> None:
    """What its charset lacks is escaped."""
    file = program.folder / "feed.xml"
    file.write_bytes(rss("첫 글"))
    done = subprocess.run(
        [sys.executable, "-m", "aggregator", "check", str(file)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )

    assert (0, "") == (done.returncode, done.stderr)
    assert "\\uccab \\uae00" in done.stdout
