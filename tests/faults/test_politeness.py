"""How hosts are treated, as their own log has it, and whether the ledger says the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from aggregator.domain.items import SEOUL
from aggregator.domain.visits import Manners
from aggregator.store.schema import open_store
from tests.faults.polite import DAY, FAULTS, GUESTS, HELD, PAIR, RETRY_AFTER, SHARED, TAG
from tests.faults.program import Internet, Program, internet, make_program

NOW = datetime(2026, 3, 3, 10, tzinfo=SEOUL)
HOLD = timedelta(seconds=RETRY_AFTER)
SPACING = 1.0
DEFAULT_SPACING = 2.0
CLOCKS = 0.005
"""Seconds by which two clocks of one machine may differ."""

NOISE = 0.06
"""Seconds that a busy machine may take from one end of a connection to the other."""

HOSTS = tuple(one.name for one in FAULTS if not one.url)
Line = dict[str, Any]

pytestmark = pytest.mark.long


@dataclass(slots=True, kw_only=True)
class Course:
    """Runs in turn. After each: the requests so far, and the ledger."""

    web: Internet
    program: Program
    logs: list[list[Line]] = field(default_factory=list)
    ledgers: list[dict[str, Manners]] = field(default_factory=list)

    def visit(self, *args: str, after: timedelta = timedelta()) -> None:
        """Run the program once more and keep what the server saw."""
        run = self.program.run("refresh", *args, now=NOW + after)
        assert "Traceback" not in run.err
        self.logs.append(self.web.requests())
        self.ledgers.append(_ledger(self.program.folder))

    def during(self, number: int) -> list[Line]:
        """The requests of one run."""
        return self.logs[number][len(self.logs[number - 1]) if number else 0 :]


def _ledger(folder: Path) -> dict[str, Manners]:
    store = open_store(f"sqlite:///{folder / 'aggregator.db'}")
    try:
        return {one.host: one for one in store.manners()}
    finally:
        store.close()


ALL, EARLY, HELD_STILL, FREE_AGAIN, DUE = range(5)
"""The runs of the course."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """All feeds; only what is due, ten minutes later; all while a host is held, and after; what is
    due two days later."""
    folder = tmp_path_factory.mktemp("politeness")
    with internet("tests.faults.polite", FAULTS, folder / "web") as web:
        program = make_program(folder / "program", web, defaults=f'spacing = "{SPACING:g}s"')
        course = Course(web=web, program=program)
        course.visit("--all")
        course.visit(after=timedelta(minutes=10))
        course.visit("--all", after=HOLD - timedelta(minutes=5))
        course.visit("--all", after=HOLD + timedelta(minutes=5))
        course.visit(after=timedelta(days=2))
        yield course


def by_host(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """Requests of each host in the order in which they began."""
    found = defaultdict(list)
    for line in sorted(lines, key=lambda one: one["began"]):
        found[line["host"]].append(line)
    return found


def gaps(lines: Sequence[Line]) -> list[float]:
    """Seconds between the end of an exchange and the beginning of the next, host by host."""
    hosts = by_host(lines).values()
    return [b["began"] - a["ended"] for host in hosts for a, b in pairwise(host)]


def test_each_feed_is_asked(course: Course) -> None:
    """The first run asks every feed, those of a shared host one after the other."""
    (shared,) = {line["host"] for line in course.during(ALL) if line["name"] == "shared"}
    paths = sorted(line["path"] for line in by_host(course.during(ALL))[shared])
    own = ["/feed.xml", *(f"/{name}.xml" for name in SHARED[1:])]
    assert sorted([*own, *(f"/{name}.xml" for name in GUESTS)]) == paths


@pytest.mark.parametrize("number", [ALL, HELD_STILL, FREE_AGAIN, DUE])
def test_a_host_is_never_asked_twice_at_once(course: Course, number: int) -> None:
    """Whatever leads to a host, its feeds or redirects of others, it answers one at a time."""
    found = gaps(course.during(number))
    assert len(found) > 5
    assert min(found) > 0


@pytest.mark.parametrize("number", [ALL, HELD_STILL, FREE_AGAIN, DUE])
def test_spacing_is_kept(course: Course, number: int) -> None:
    """Between two exchanges with a host lies the configured pause."""
    assert min(gaps(course.during(number))) >= SPACING - CLOCKS


def test_spacing_wastes_no_time(course: Course) -> None:
    """The pause is kept on each host, not all over: while the busiest is asked time and again, the
    others are asked too, neither before nor behind it."""
    hosts = by_host(course.during(ALL))
    busiest = max(hosts.values(), key=len)
    end = max(line["ended"] for line in busiest)
    others = [line["began"] for host in hosts.values() if host is not busiest for line in host]
    assert busiest[0]["began"] < max(others) < end


def test_nothing_is_asked_before_it_is_due(course: Course) -> None:
    """Ten minutes later no feed is due, and nobody is asked."""
    assert [] == course.during(EARLY)


def test_what_is_due_is_asked(course: Course) -> None:
    """Two days later every feed is due."""
    assert {*HOSTS} == {line["name"] for line in course.during(DUE)}


def test_a_held_host_is_left_alone_across_runs(course: Course) -> None:
    """Before the time that Retry-After names nobody asks the host, not even for another feed."""
    first = [line for line in course.during(ALL) if line["name"] == "held"]
    assert [429] == [line["status"] for line in first]
    assert "held" not in {line["name"] for line in course.during(HELD_STILL)}


def test_a_hold_is_no_matter_of_others(course: Course) -> None:
    """Other hosts are asked meanwhile."""
    assert {*HOSTS} - {"held"} == {line["name"] for line in course.during(HELD_STILL)}


def test_a_held_host_is_asked_afterwards(course: Course) -> None:
    """When the time has passed both feeds of the host are read."""
    again = [line for line in course.during(FREE_AGAIN) if line["name"] == "held"]
    assert sorted(["/feed.xml", f"/{HELD[1]}.xml"]) == sorted(line["path"] for line in again)
    assert [200, 200] == [line["status"] for line in again]


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [("tagged", "if-none-match", TAG), ("dated", "if-modified-since", DAY)],
)
def test_validators_are_sent_back_verbatim(
    course: Course, name: str, header: str, value: str
) -> None:
    """The first question has none, each later one has what came."""
    lines = course.web.requests(name)
    assert [None, value, value, value] == [line["headers"].get(header) for line in lines]
    assert [200, 304, 304, 304] == [line["status"] for line in lines]


def test_the_program_says_who_it_is(course: Course) -> None:
    """Each request names the program."""
    agents = {line["headers"].get("user-agent", "") for line in course.logs[-1]}
    assert len(agents) == 1
    assert all("newsletter" in agent or "aggregator" in agent for agent in agents)


@pytest.mark.parametrize("number", [ALL, FREE_AGAIN, DUE])
@pytest.mark.parametrize("name", HOSTS)
def test_the_ledger_counts_what_the_log_has(course: Course, name: str, number: int) -> None:
    """Requests, 304s and octets of bodies as sent, of each host."""
    host = course.web.place.addresses[name]
    lines = by_host(course.logs[number])[host]
    entry = course.ledgers[number][host]
    assert len(lines) == entry.requests
    assert sum(line["status"] == 304 for line in lines) == entry.not_modified
    assert sum(line["body_bytes"] for line in lines) == entry.bytes


def test_the_ledger_knows_what_304s_saved(course: Course) -> None:
    """Each 304 saved the document that it left unsent."""
    host = course.web.place.addresses["tagged"]
    lines = by_host(course.logs[DUE])[host]
    assert 3 * lines[0]["body_bytes"] == course.ledgers[DUE][host].bytes_saved


@pytest.mark.parametrize("name", ["shared", "packed"])
def test_the_ledger_knows_the_shortest_gap(course: Course, name: str) -> None:
    """The shortest pause of the first run; none where a host was asked once."""
    host = course.web.place.addresses[name]
    lines = by_host(course.during(ALL))[host]
    entry = course.ledgers[ALL][host]
    if len(lines) == 1:
        assert entry.shortest_gap is None
    else:
        assert min(gaps(lines)) == pytest.approx(entry.shortest_gap, abs=NOISE)


def test_the_ledger_has_no_other_host(course: Course) -> None:
    """Nobody is in it who was not asked."""
    assert by_host(course.logs[-1]).keys() == course.ledgers[-1].keys()


def test_default_spacing_is_two_seconds(tmp_path: Path) -> None:
    """Two feeds of one host, nothing configured."""
    with internet("tests.faults.polite", FAULTS, tmp_path / "web") as web:
        program = make_program(tmp_path / "program", web, names=PAIR)
        program.run("refresh", "--all", now=NOW)
        (gap,) = gaps(web.requests())
    assert gap >= DEFAULT_SPACING - CLOCKS
