"""The press-release interface through the verbs, with its key in the environment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.cli.conftest import Program
from tests.fixtures.http import serve
from tests.fixtures.press_api import ENCODED_KEY, KEY, PATH, Interface, Release, xml_answer

RELEASES = [
    Release(number="156600001", approved=datetime(2024, 3, 3, 9)),  # noqa: DTZ001 - as it writes
    Release(
        number="156600002",
        approved=datetime(2024, 2, 28, 9),  # noqa: DTZ001
        title="스마트시티 교통 실증",
    ),
]
FEED = """
[[feeds]]
id = "korea-kr-press"
url = "http://127.0.0.1:{port}{path}"
body = "korea-kr"
kind = "press_api"
key_env = "DATA_GO_KR_KEY"
days = 6
issuer = "author"
"""


@pytest.fixture
def interface(program: Program, monkeypatch: pytest.MonkeyPatch) -> Iterator[Interface]:
    """An interface that runs, in the program's configuration; its key is in the environment."""
    monkeypatch.setenv("DATA_GO_KR_KEY", ENCODED_KEY)
    made = Interface(releases=[*RELEASES], echoes=True)
    with serve(made.answer) as office:
        text = program.config.read_text(encoding="utf-8")
        text = text.replace(
            'allow_private = ["', f'allow_private = ["127.0.0.1:{office.port}", "', 1
        )
        text = text.replace('spacing = "1s"', 'spacing = "0s"', 1)
        feed = FEED.format(port=office.port, path=PATH)
        program.config.write_text(text.replace("\n[[feeds]]", f"{feed}\n[[feeds]]", 1), "utf-8")
        yield made


def test_a_refresh_brings_its_releases(program: Program, interface: Interface) -> None:
    """Of the office that each names, from both windows."""
    assert 0 == program("refresh", "korea-kr-press").status

    items = [json.loads(line) for line in program("items", "--json").out.splitlines()]
    assert {"guid:156600001", "guid:156600002"} == {item["key"] for item in items}
    assert {"molit"} == {item["body"] for item in items}
    assert 2 == len(interface.asked)


def test_check_live_visits_it(program: Program, interface: Interface) -> None:
    """With its key, as often as its days need."""
    done = program("check", "--live", "korea-kr-press", "--json")

    told = json.loads(done.out)
    assert (0, "works", 2) == (done.status, told["verdict"], told["entries"])
    assert 2 == len(interface.asked)


@pytest.mark.usefixtures("interface")
def test_a_kept_answer_is_read_as_its_feed_would(program: Program) -> None:
    """From a file, without asking anybody."""
    file = program.folder / "answer.xml"
    file.write_text(xml_answer(RELEASES), encoding="utf-8")
    done = program("check", file, "--feed", "korea-kr-press")

    assert (0, "") == (done.status, done.err)
    assert "key guid:156600001" in done.out


def test_without_a_key_the_feed_says_so(
    program: Program, interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, on the terminal and in the status; nothing is asked."""
    monkeypatch.delenv("DATA_GO_KR_KEY")
    done = program("refresh", "korea-kr-press")
    rows = [json.loads(line) for line in program("status", "--json").out.splitlines()]
    (told,) = [row["error"] for row in rows if row["feed"] == "korea-kr-press"]

    assert (1, [], "api_error") == (done.status, interface.asked, told)
    assert "environment variable DATA_GO_KR_KEY" in done.out + done.err


@pytest.mark.parametrize("key", [KEY, ENCODED_KEY, "0123456789abcdefghijklmnop"])
def test_no_verb_tells_the_key(
    program: Program, interface: Interface, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Neither on the terminal nor in a file, with a right key and with a wrong one."""
    monkeypatch.setenv("DATA_GO_KR_KEY", key)
    answers = program.folder / "answers.md"
    said = [
        program("--verbose", "refresh", "korea-kr-press"),
        program("check", "--live", "korea-kr-press", "--out", answers),
        program("status"),
        program("items", "--json"),
    ]
    files = [file.read_bytes() for file in program.folder.rglob("*") if file.is_file()]
    everything = b"".join([*files, *(f"{done.out}{done.err}".encode() for done in said)])

    assert interface.asked
    assert answers.exists()
    assert [] == [form for form in (key, KEY[:20], ENCODED_KEY[:20]) if form.encode() in everything]
