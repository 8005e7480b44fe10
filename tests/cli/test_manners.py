"""Politeness whichever verb asks: hosts that want rest have it, and every exchange is noted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.cli.conftest import Program, rss
from tests.fixtures.desk import PNG
from tests.fixtures.http import Answer, Asked, redirect, serve

RESTED = "asked to be left alone until 2024-03-04 11:00 KST"
VERBS = [
    ("capture", "molit"),
    ("check", "http://molit.example/molit.xml"),
    ("check", "--live", "molit"),
    ("discover", "http://molit.example/molit.xml"),
]
"""The verbs that ask one host without a visit of the schedule."""


@dataclass
class Offices:
    """The server of all offices: what each host and path answers, and its own log by host."""

    answers: dict[str, Answer] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)

    def answer(self, asked: Asked) -> Answer:
        host = asked.headers["host"]
        answer = self.answers.get(f"{host}{asked.path}", Answer(status=404, body=b"not here"))
        self.requests[host] += 1
        self.unchanged[host] += answer.status == 304
        self.bytes[host] += len(answer.body)
        return answer

    def rest(self, host: str, *paths: str) -> None:
        """From now on the host wants an hour of rest, whatever is asked."""
        wish = Answer(status=429, headers=[("Retry-After", "3600")])
        self.answers |= {f"{host}{path}": wish for path in paths}


@pytest.fixture
def offices() -> Offices:
    return Offices(
        {
            "molit.example/molit.xml": Answer(body=rss("스마트시티 수출 지원")),
            "seoul.example/seoul.xml": Answer(body=rss("스마트시티 연구 협력", feed="seoul")),
            "lx.example/picture": Answer(body=PNG),
        }
    )


@pytest.fixture
def port(offices: Offices) -> Iterator[int]:
    """The loopback port that answers for every office."""
    with serve(offices.answer) as office:
        yield office.port


def ledger(program: Program) -> dict[str, tuple[int, int, int]]:
    """What the program says of how it treated each host: requests, 304s, bytes."""
    found = [json.loads(line) for line in program("status", "--hosts", "--json").out.splitlines()]
    return {
        one["host"]: (one["requests"], one["not_modified"], one["bytes"])
        for one in found
        if one["requests"]
    }


def log(offices: Offices) -> dict[str, tuple[int, int, int]]:
    """The same by the server's own log."""
    return {
        host: (count, offices.unchanged[host], offices.bytes[host])
        for host, count in offices.requests.items()
    }


def take_picture(program: Program) -> None:
    """An issue is published whose one item shows a picture."""
    typed = ("--section", "issue", "--title", "스마트시티", "--url", "https://lx.example/1")
    done = program("add", *typed, "--day", "2024-02-20", "--thumbnail", "http://lx.example/picture")
    assert (0, "") == (done.status, done.err)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_host_that_wants_rest_is_not_asked(
    program: Program, offices: Offices, verb: tuple[str, ...]
) -> None:
    """Whoever was told so, an earlier visit here: one line says until when, in Seoul's time."""
    offices.rest("molit.example", "/molit.xml")
    assert 1 == program("refresh", "molit").status

    done = program(*verb)

    assert 1 == offices.requests["molit.example"]
    told = [line for line in (done.out + done.err).splitlines() if RESTED in line]
    assert 1 == len(told)
    assert f"molit.example {RESTED}" in told[0]


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_wish_for_rest_is_remembered(
    program: Program, offices: Offices, verb: tuple[str, ...]
) -> None:
    """Whichever verb was told of it, the next one of any kind knows."""
    offices.rest("molit.example", "/molit.xml")
    program(*verb)

    done = program("refresh", "--all")

    assert 1 == offices.requests["molit.example"]
    assert f"molit: molit.example {RESTED}" in done.err


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_each_exchange_is_in_the_ledger(
    program: Program, offices: Offices, verb: tuple[str, ...]
) -> None:
    """After several verbs it still equals the server's own log, hops of a redirect included."""
    offices.answers["molit.example/molit.xml"] = redirect("http://seoul.example/seoul.xml")
    program("refresh", "--all")

    program(*verb)

    assert log(offices) == ledger(program)
    assert {"molit.example": 2, "seoul.example": 3} == offices.requests


def test_visits_of_many_feeds_are_all_in_the_ledger(program: Program, offices: Offices) -> None:
    """Those that failed, too."""
    del offices.answers["seoul.example/seoul.xml"]

    program("check", "--live", "--all")

    assert log(offices) == ledger(program)
    assert {"molit.example", "seoul.example", "closed.example"} == ledger(program).keys()


def test_a_host_at_rest_is_no_failure_of_its_feed(program: Program, offices: Offices) -> None:
    """It was not asked, so nothing is said of it but that."""
    offices.rest("molit.example", "/molit.xml")
    program("refresh", "molit")

    done = program("check", "--live", "--json")

    molit, seoul = map(json.loads, done.out.splitlines())
    assert ("left alone", "host_held", 0) == (molit["verdict"], molit["error"], done.status)
    assert "works" == seoul["verdict"]


def test_pictures_are_in_the_ledger(program: Program, offices: Offices) -> None:
    """The fetching of an issue's pictures is an exchange like any other."""
    take_picture(program)

    assert 0 == program("publish", "--accept-warnings", "Kim", 48).status

    assert {"lx.example": (1, 0, len(PNG))} == log(offices) == ledger(program)


def test_the_host_of_a_picture_has_its_rest(program: Program, offices: Offices) -> None:
    """The issue appears without it, and says why."""
    take_picture(program)
    offices.rest("lx.example", "/picture", "/feed")
    program("check", "http://lx.example/feed")

    done = program("publish", "--accept-warnings", "Kim", 48)

    assert (0, 1) == (done.status, offices.requests["lx.example"])
    assert f"no thumbnail from http://lx.example/picture: lx.example {RESTED}" in done.err


def test_telling_the_operator_is_in_the_ledger(program: Program, offices: Offices) -> None:
    """A webhook's host is a host like any other, and may ask for rest."""
    hook = "http://molit.example/hook"
    text = program.config.read_text(encoding="utf-8")
    notify = f'notify = {{ webhook = "{hook}" }}'
    program.config.write_text(f"{notify}\n{text}", encoding="utf-8")
    del offices.answers["seoul.example/seoul.xml"]
    program("refresh", "--all")
    offices.rest("molit.example", "/hook")

    assert 1 == program("digest", "--send").status
    assert log(offices) == ledger(program)

    again = program("digest", "--send")
    assert f"molit.example {RESTED}" in again.err
    assert log(offices) == ledger(program)
