"""Servers that repeat a feed's key in spellings of their own: no verb writes or tells it."""

from __future__ import annotations

import gzip
import json
import sqlite3

import pytest

from tests.cli.conftest import Program

KEY = "AbCdEf123=="
SEEN = "AbCdEf123"
LINK = f"http://molit.example/news?n=1&k={KEY}"


def _xml(link: str) -> str:
    return (
        f"<rss version='2.0'><channel><title>T {link}</title><link>{link}</link><item>"
        f"<title>스마트시티 교통 실증</title><link>{link}</link><guid>{link}</guid>"
        f"<description>스마트시티 본문 {link}</description>"
        "<pubDate>Thu, 15 Feb 2024 09:00:00 +0900</pubDate></item></channel></rss>"
    )


def _json(link: str) -> bytes:
    item = {
        "id": link,
        "url": link,
        "title": "스마트시티 교통 실증",
        "content_text": f"본문 {link}",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "home_page_url": link}
    return json.dumps(feed | {"items": [item]}).replace("=", "\\u003d").encode()


PLAIN = LINK.replace("&", "&amp;")
ECHOES = {
    "utf-8": _xml(PLAIN).encode(),
    "utf-16": f'<?xml version="1.0" encoding="utf-16"?>{_xml(PLAIN)}'.encode("utf-16"),
    "entities": _xml(PLAIN.replace("=", "&#x3D;")).encode(),
    "entities of entities": _xml(PLAIN.replace("==", "&amp;#x3d;&amp;#x3d;")).encode(),
    "an entity of its own": (
        f"<!DOCTYPE rss [<!ENTITY two '=='>]>{_xml(PLAIN.replace('==', '&two;'))}".encode()
    ),
    "JSON": _json(LINK),
    "utf-16 that is no feed": f"<p>{LINK}</p>".encode("utf-16"),
}


@pytest.fixture(params=[*ECHOES.values()], ids=[*ECHOES])
def echo(
    request: pytest.FixtureRequest,
    program: Program,
    web: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> bytes:
    """A feed that is asked for with a key and repeats it."""
    monkeypatch.setenv("ECHO_KEY", KEY)
    body: bytes = request.param
    web[f"/echo?k={KEY.replace('=', '%3D')}"] = body
    feed = (
        '\n[[feeds]]\nid = "echo"\nurl = "http://molit.example/echo?k={key}"\ntitle = "Echo"\n'
        'body = "molit"\nkey_env = "ECHO_KEY"\n'
    )
    text = program.config.read_text(encoding="utf-8")
    program.config.write_text(text.replace("\n[[feeds]]", f"{feed}\n[[feeds]]", 1), "utf-8")
    return body


def written(program: Program) -> bytes:
    """Everything below the program's folder; kept documents without their compression."""
    files = [file.read_bytes() for file in program.folder.rglob("*") if file.is_file()]
    (database,) = program.folder.rglob("*.db")
    with sqlite3.connect(database) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own name
                kept = [one for one in row if isinstance(one, bytes)]
                files += [gzip.decompress(one) for one in kept if one[:2] == b"\x1f\x8b"]
    return b"\n".join(files).replace(b"\0", b"")


@pytest.mark.usefixtures("echo")
def test_no_verb_writes_or_tells_it(program: Program) -> None:
    """Neither of a document that is read nor of one that is not; what it says is taken in."""
    done = [
        program("--verbose", "refresh", "echo"),
        program("refresh"),
        program("build"),
        program("check", "--live", "echo", "--json"),
        program("check", "http://molit.example/echo?k={key}", "--feed", "echo"),
        program("check", "http://molit.example/echo?k={key}", "--feed", "echo", "--json"),
        program("capture", "echo"),
        program("capture", "--last", "1", "echo"),
        program("status", "--json"),
        program("items", "--json"),
    ]
    told = "".join(f"{one.out}{one.err}" for one in done)

    assert "echo" in told
    assert SEEN not in told
    assert SEEN.encode() not in written(program)


def test_what_it_says_is_taken_in(program: Program, echo: bytes) -> None:
    """With stars in place of the key, in every text."""
    program("refresh", "echo")
    items = [json.loads(line) for line in program("items", "--json").out.splitlines()]

    links = (
        ["http://molit.example/news?n=1&k=***"] if b"<p>" not in echo.replace(b"\0", b"") else []
    )
    assert links == [item["link"] for item in items]


def test_a_document_is_kept_where_the_key_could_be_masked(program: Program, echo: bytes) -> None:
    """Also as a capture; else one line says why it is not."""
    program("refresh", "echo")
    kept = program("capture", "--list", "echo").out
    captured = program("capture", "echo")

    is_plain = b"\0" not in echo and b"<!ENTITY" not in echo
    assert (is_plain, 0 if is_plain else 1) == (bool(kept), captured.status)
    assert is_plain is ("repeats the key of its feed" not in captured.err)
