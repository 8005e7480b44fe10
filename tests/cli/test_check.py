"""The verb check: one document with everything about it, and what answers at the feeds' addresses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli.live import COLUMNS, fitting
from tests.cli.conftest import Done, Program, rss

BOARD = """<?xml version="1.0" encoding="euc-kr"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>시정 소식</title><link>https://city.example/</link><language>ko</language>
<atom:link rel="self" href="https://city.example/rss"/>
<item><title>첫 글</title><link>/view?id=1&amp;utm_source=rss</link><category>안전</category>
<pubDate>2024.02.13</pubDate><author>국토교통부</author>
<enclosure url="/files/1.pdf" type="application/pdf" length="2048"/>
<description>시는 새 사업을 시작한다고 13일 밝혔다. 시민 누구나 신청할 수 있다고 한다.</description></item>
<item><title>둘째 글</title><guid isPermaLink="false">c-2</guid><link>/view?id=2</link>
<pubDate>2042-02-13 09:00:00</pubDate>
<description><![CDATA[<iframe src="https://city.example/v"></iframe>]]></description></item>
<item><title>셋째 글</title><link>/view?id=3</link><pubDate>내일</pubDate></item>
</channel></rss>"""
BASE = ("--base", "https://city.example/rss")


def board(program: Program) -> Path:
    file = program.folder / "board.xml"
    file.write_bytes(BOARD.encode("cp949"))
    return file


def form(done: Done) -> dict[str, Any]:
    assert (0, "") == (done.status, done.err)
    loaded: dict[str, Any] = json.loads(done.out)
    return loaded


def test_everything_about_a_document_is_on_the_terminal(program: Program) -> None:
    """Charsets, the feed's own words, and how each part of an entry was chosen."""
    done = program("check", board(program), *BASE)

    assert (0, "") == (done.status, done.err)
    for words in (
        "rss20, cp949 (declaration says euc-kr): 시정 소식",
        "self https://city.example/rss",
        "language ko",
        "entries 3",
        "date 2024-02-13 (day alone)   from published '2024.02.13'",
        "key link:https://city.example/view?id=1   by link (policy auto)",
        "link https://city.example/view?id=1&utm_source=rss",
        "canonical https://city.example/view?id=1",
        "text 시는 새 사업을 시작한다고 13일 밝혔다.",
        "category 안전",
        "enclosure https://city.example/files/1.pdf   application/pdf, 2048 bytes",
        "from published '2042-02-13 09:00:00' [clamped]",
        "by guid (policy auto)",
        "text no text (boilerplate)",
        "date none that can be read   given '내일'",
        "warning future-dates: Dates more than three days ahead were not believed",
    ):
        assert words in done.out


def test_everything_is_in_the_json_as_well(program: Program) -> None:
    """The feed's own fields, and of each entry what was read and the strings it was read of."""
    found = form(program("check", board(program), *BASE, "--json"))
    first, second, third = found["items"]

    assert ("cp949", "euc-kr", None, "euc-kr") == (
        found["encoding"],
        found["claimed"],
        found["header"],
        found["declaration"],
    )
    assert ("https://city.example/rss", "ko") == (found["self_url"], found["language"])
    assert {"raw": None, "instant": None} == found["updated"]
    assert ("2024-02-13", ["안전"]) == (first["published"], first["categories"])
    assert ("2024.02.13", "2042-02-13 09:00:00", "내일") == tuple(
        one["date"]["raw"] for one in (first, second, third)
    )
    assert [False, True, False] == [one["date"]["clamped"] for one in (first, second, third)]
    assert [
        {"url": "https://city.example/files/1.pdf", "type": "application/pdf", "length": 2048}
    ] == first["enclosures"]
    assert ("2024.02.13", "첫 글") == (first["raw"]["published"], first["raw"]["title"])
    assert ["stored", "boilerplate", "none"] == [one["text"] for one in found["items"]]
    assert [None, "c-2", None] == [one["guid"] for one in found["items"]]
    assert found["warnings"] == list(found["explained"])


def test_several_documents_are_a_line_each(program: Program) -> None:
    """In the order in which they were named."""
    files = [program.folder / f"{name}.xml" for name in "ab"]
    for file in files:
        file.write_bytes(rss(file.name))
    done = program("check", *files, "--json")

    assert [*map(str, files)] == [json.loads(line)["document"] for line in done.out.splitlines()]


def test_what_cannot_be_read_stops_nothing(program: Program) -> None:
    """Each complaint names its document once; the others are shown."""
    good, bad = program.folder / "good.xml", program.folder / "bad.xml"
    good.write_bytes(rss("첫 글"))
    bad.write_bytes(b"hello")
    done = program("check", "missing.xml", bad, "-", good, stdin=b"")
    first, second, third = done.err.splitlines()

    assert (1, 1) == (done.status, done.out.count("첫 글\n"))
    assert "aggregator: cannot read missing.xml: No such file or directory" == first
    assert f"aggregator: {bad}: plain text beginning 'hello' instead of a feed" in second
    assert third.startswith("aggregator: standard input: an empty body")


def test_a_complaint_names_its_only_document(program: Program) -> None:
    """As in a list of several, for the logs of scripts."""
    bad = program.folder / "bad.xml"
    bad.write_bytes(b"<html></html>")

    assert program("check", bad).err.startswith(f"aggregator: {bad}: an HTML page")


def test_an_endless_file_is_refused(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a name leads to, memory is bounded."""
    monkeypatch.setattr("aggregator.cli.given.LARGEST", 1 << 20)
    done = program("check", "/dev/zero")

    assert (1, "aggregator: cannot read /dev/zero: it is larger than 1 MiB\n") == (
        done.status,
        done.err,
    )


def test_a_scheme_may_be_written_in_capitals(program: Program) -> None:
    """It is an address all the same."""
    found = form(program("check", "HTTP://molit.example/molit.xml", "--json"))

    assert ["스마트시티 수출 지원", "하천 정비 계획"] == [one["title"] for one in found["items"]]


def test_a_charset_may_be_written_in_capitals(program: Program) -> None:
    """As servers write it."""
    assert "cp949" in program("check", board(program), *BASE, "--encoding", "CP949").out


def test_a_document_is_read_as_a_configured_feed_would(program: Program) -> None:
    """With its address, its body, its charset and zone, and the offices that entries name."""
    text = program.config.read_text(encoding="utf-8")
    settings = 'body = "molit"\nissuer = "author"\ntimezone = "UTC"\nidentity = "title+date"'
    program.config.write_text(text.replace('body = "molit"', settings, 1), encoding="utf-8")
    file = program.folder / "feed.xml"
    entry = (
        "<item><title>글</title><link>/1</link><author>행정안전부</author>"
        "<pubDate>2024-02-13 09:00:00</pubDate></item>"
    )
    file.write_text(f"<rss version='2.0'><channel>{entry}</channel></rss>", encoding="utf-8")
    found = form(program("check", file, "--feed", "molit", "--json"))
    (item,) = found["items"]

    assert ("molit", "mois") == (found["feed"], item["body"])
    assert "http://molit.example/1" == item["link"]
    assert "2024-02-13T18:00:00+09:00" == item["published"]
    assert {"policy": "title+date", "chosen": "title+date"} == item["identity"]
    assert "body mois" in program("check", file, "--feed", "molit").out
    assert "" == program("items").out
    assert 2 == program("status").out.count("not visited yet")


def test_the_options_tell_what_a_file_cannot(program: Program) -> None:
    """Zone, charset, and the server's words."""
    file = program.folder / "feed.xml"
    entry = "<item><title>글</title><pubDate>2024-02-13 09:00:00</pubDate></item>"
    file.write_bytes(f"<rss version='2.0'><channel>{entry}</channel></rss>".encode("cp949"))

    zone = form(program("check", file, "--timezone", "UTC", "--json"))
    assert "2024-02-13T18:00:00+09:00" == zone["items"][0]["published"]
    forced = form(program("check", file, "--encoding", "windows-1252", "--json"))
    assert ("windows-1252", "±Û") == (forced["encoding"], forced["items"][0]["title"])
    header = "text/xml; charset=EUC-KR"
    told = form(program("check", file, "--content-type", header, "--json"))
    assert ("text/xml", "euc-kr", "cp949", "글") == (
        told["media_type"],
        told["header"].lower(),
        told["encoding"],
        told["items"][0]["title"],
    )
    assert "server says euc-kr" in program("check", file, "--content-type", header).out.lower()


def test_standard_input_is_read(program: Program) -> None:
    """By the name that it has everywhere."""
    done = program("check", "-", "--json", stdin=rss("첫 글"))

    assert ("-", "첫 글") == (form(done)["document"], form(done)["items"][0]["title"])


def test_the_time_of_the_command_is_the_time_of_the_reading(program: Program) -> None:
    """What lies ahead of it is not believed; later it is."""
    file = program.folder / "feed.xml"
    file.write_bytes(rss("글", day=28))
    before = form(program("check", file, "--json", now="2024-02-01"))
    after = form(program("check", file, "--json", now="2024-03-01"))

    assert ("2024-02-01", "2024-02-28T09:00:00+09:00") == (
        before["items"][0]["published"],
        after["items"][0]["published"],
    )


def test_a_file_needs_no_configuration(tmp_path: Path) -> None:
    """Neither in this folder nor named."""
    (tmp_path / "feed.xml").write_bytes(rss("첫 글"))
    done = subprocess.run(
        [sys.executable, "-m", "aggregator", "check", "feed.xml"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )

    assert (0, b"") == (done.returncode, done.stderr)
    assert "첫 글" in done.stdout.decode()


def test_nothing_of_a_document_moves_the_cursor(program: Program) -> None:
    """Escape sequences and line breaks of the source are blanks on a terminal."""
    file = program.folder / "feed.xml"
    title = "a&#10;b&#27;[2Jc&#x9b;31m"
    file.write_bytes(
        rss("x")
        .replace(b"<title>x</title>", f"<title>{title}</title>".encode())
        .replace(b"<guid>", "<guid>\x9b31m\u202e".encode())
    )
    out = program("check", file).out

    assert not [c for c in out if c != "\n" and not c.isprintable()]


@pytest.mark.parametrize(
    ("args", "status", "words"),
    [
        (("feed.xml", "--feed", "mollit"), 2, "did you mean molit?"),
        (("feed.xml", "--timezone", "Asia/Soul"), 2, "no time zone"),
        (("feed.xml", "--encoding", "cp-949"), 2, "no known charset"),
        (("--feed", "molit"), 2, "name a file or address"),
        (("--live", "--base", "https://a.example/"), 2, "leave the other options out"),
        (("--all",), 2, "belong to check --live"),
        (("--live", "mollit"), 2, "did you mean molit?"),
        (("-", "-"), 2, "once"),
        (("feed.xml", ""), 2, "an empty name"),
        (("feed.xml", "--schema"), 2, "stands alone"),
        (("--live", "--schema"), 2, "stands alone"),
        (("feed.xml", "--timezone", "KST"), 2, 'did you mean "Asia/Seoul"?'),
        (("feed.xml", "--base", "www.molit.go.kr"), 2, "no web address"),
        (("ftp://city.example/rss",), 2, "no web address"),
        (("http://me:secret@city.example/rss",), 2, "user name or password"),
        (("www.city.example/rss",), 1, "an address begins with http:// or https://"),
        (("a\0b",), 1, "no path"),
    ],
)
def test_a_call_that_makes_no_sense(
    program: Program, args: tuple[str, ...], status: int, words: str
) -> None:
    """One line says what would."""
    done = program("check", *args)

    assert (status, 1) == (done.status, len(done.err.splitlines()))
    assert words in done.err
    assert "secret" not in done.err


def test_what_answers_is_a_table(program: Program, web: dict[str, bytes]) -> None:
    """A row for each active feed; a page instead of a feed is a failure. Nothing is taken in."""
    web["/seoul.xml"] = "<html><title>점검 | 중</title></html>".encode()
    done = program("check", "--live", "--out", program.folder / "answers.md")
    written = (program.folder / "answers.md").read_text(encoding="utf-8")

    assert (1, "") == (done.status, done.err)
    assert "2 feeds visited: works 1, no feed 1" in done.out
    assert "an HTML page titled '점검 | 중' instead of a feed" in done.out
    assert "closed" not in done.out
    assert ["molit", "seoul"] == [
        line.split(" | ")[0].removeprefix("| ")
        for line in written.splitlines()
        if line.startswith(("| molit", "| seoul"))
    ]
    assert "점검 \\| 중" in written
    assert "" == program("items").out
    assert 2 == program("status").out.count("not visited yet")


ROWS = [
    ["a-feed", "200", "application/rss+xml", "1255", "35", "cp949", "euc-kr", "rss20", "5",
     "2024-02-15", "0/5/5", "unreachable from here"],
]  # fmt: skip


def test_a_narrow_terminal_goes_without_the_least_columns() -> None:
    """What tells whether a feed is any good stays to the last."""
    assert [*COLUMNS] == fitting(ROWS, 200)
    assert [name for name in COLUMNS if name not in {"type", "bytes", "ms"}] == fitting(ROWS, 100)
    assert ["feed", "HTTP", "encoding", "entries", "newest", "verdict"] == fitting(ROWS, 80)
    assert ["feed", "entries", "newest", "verdict"] == fitting(ROWS, 20)


def test_an_inactive_feed_may_fail(program: Program, web: dict[str, bytes]) -> None:
    """It is visited when it is named or with --all, and does not count."""
    named = program("check", "--live", "closed", "--json")
    every = program("check", "--live", "--all", "--json")

    assert (0, [("closed", False, 404, "no feed")]) == (named.status, verdicts(named))
    assert (0, ["molit", "seoul", "closed"]) == (every.status, [v[0] for v in verdicts(every)])
    assert "works" == verdicts(every)[0][3]


def verdicts(done: Done) -> list[tuple[str, bool, int, str]]:
    found = (json.loads(line) for line in done.out.splitlines())
    return [(one["feed"], one["active"], one["status"], one["verdict"]) for one in found]


def test_a_feed_of_another_kind_is_not_visited(program: Program) -> None:
    """Not with all others, and by its name neither."""
    text = program.config.read_text(encoding="utf-8")
    text = text.replace("active = false", 'active = false\nkind = "html_list"', 1)
    program.config.write_text(text, encoding="utf-8")

    every = program("check", "--live", "--all", "--json")
    assert ["molit", "seoul"] == [one[0] for one in verdicts(every)]
    named = program("check", "--live", "closed")
    assert 2 == named.status
    assert "does not fetch closed yet" in named.err


def test_a_table_that_cannot_be_written(program: Program) -> None:
    """Is told in one line, after the table on the terminal."""
    done = program("check", "--live", "--out", program.folder)

    assert 1 == done.status
    assert "cannot write" in done.err
    assert "2 feeds visited" in done.out
