"""The whole program against the hostile internet, every limit at its default."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.domain.health import Health
from aggregator.domain.items import SEOUL
from tests.faults.fault import Fault
from tests.faults.good import FAULTS as GOOD
from tests.faults.good import releases
from tests.faults.program import Internet, Program, Run, health_of, internet, make_program
from tests.faults.table import BY_NAME, FAULTS

NOW = datetime(2026, 3, 3, 10, tzinfo=SEOUL)
STEP = timedelta(hours=26)
"""Between two rounds: longer than any host is left alone, and each on another day."""

ROUNDS = max(len(fault.ends) for fault in FAULTS)
MEMORY = 400_000_000
WALL = 300.0
"""Seconds that all rounds together may take."""

pytestmark = pytest.mark.long


@dataclass(slots=True, kw_only=True)
class Round:
    """What one round of visits left: states and stored titles by feed, and how the run went."""

    run: Run
    states: Mapping[str, Health]
    says: Mapping[str, str]
    titles: Mapping[str, Sequence[str]]
    milliseconds: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Course:
    """All rounds, and what the server noted."""

    web: Internet
    program: Program
    rounds: list[Round]
    items: str


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """The program's visits to all faults beside twenty good feeds."""
    folder = tmp_path_factory.mktemp("faults")
    with internet("tests.faults.table", FAULTS, folder / "web") as web:
        program = make_program(folder / "program", web)
        rounds = [_visit(program, number) for number in range(ROUNDS)]
        items = program.run("items", "--json").out
        yield Course(web=web, program=program, rounds=rounds, items=items)


def _visit(program: Program, number: int) -> Round:
    """One round: everybody at first, then only those who change."""
    names = [one.name for one in FAULTS if len(one.ends) > number]
    chosen = ("--all",) if number == 0 else tuple(n for n in names if n not in program.refused)
    run = program.run("refresh", "--json", *chosen, now=NOW + number * STEP)
    status = program.run("status", "--json").lines()
    titles = defaultdict[str, list[str]](list)
    for item in program.run("items", "--json").lines():
        titles[item["feed"]].append(item["title"])
    return Round(
        run=run,
        states={line["feed"]: health_of(line) for line in status},
        says={line["feed"]: line["says"] or "" for line in status},
        titles=titles,
    )


VISITS = [
    pytest.param(one, number, id=f"{one.name}-{number + 1}" if len(one.ends) > 1 else one.name)
    for one in FAULTS
    for number in range(len(one.ends))
]


@pytest.mark.parametrize(("fault", "number"), VISITS)
def test_visit_ends_in_its_own_state_with_the_right_items(
    course: Course, fault: Fault, number: int
) -> None:
    """Each fault ends as its name says, each honest oddity is read right."""
    assert fault.name not in course.program.refused, course.program.refused[fault.name]
    seen = course.rounds[number]
    state, titles = seen.states[fault.name], seen.titles.get(fault.name, [])
    assert fault.ends[number].fits(state, titles), (
        f"expected {fault.ends[number]}; found {state} with {str(titles)[:300]}"
        f" ({seen.says[fault.name]})"
    )


@pytest.mark.parametrize("number", range(ROUNDS))
def test_no_round_hangs_or_breaks_down(course: Course, number: int) -> None:
    """Each run ends by itself, says that feeds failed, and shows no trace of a fault of its own."""
    run = course.rounds[number].run
    assert run.status in {0, 1}
    assert "Traceback" not in run.err
    assert len(run.lines()) > 0


def test_every_feed_is_reported_once(course: Course) -> None:
    """Each feed that was to be visited has its one line."""
    told = sorted(line["feed"] for line in course.rounds[0].run.lines())
    assert sorted(one.name for one in FAULTS if one.name not in course.program.refused) == told


def test_all_rounds_end_in_time(course: Course) -> None:
    """Faults take their time beside each other, not one after the other."""
    seconds = [round(one.run.seconds, 1) for one in course.rounds]
    assert sum(seconds) < WALL, seconds


def test_memory_of_the_tree_is_bounded(course: Course) -> None:
    """The program and its children stay below 400 MB together."""
    most = [[share // 1_000_000 for share in one.run.shares] for one in course.rounds]
    assert max(one.run.memory for one in course.rounds) < MEMORY, f"MB by round and process: {most}"


@pytest.mark.parametrize("fault", [pytest.param(one, id=one.name) for one in GOOD])
def test_good_feed_arrives_whole(course: Course, fault: Fault) -> None:
    """Twenty good feeds have all their items after the last round, in their own words."""
    number = int(fault.name.removeprefix("good-"))
    assert sorted(releases(number)) == sorted(course.rounds[-1].titles[fault.name])


def test_nothing_of_another_feed_is_overwritten(course: Course) -> None:
    """Who claims ids, links and titles of a good feed gets items of its own."""
    items = [json.loads(line) for line in course.items.splitlines()]
    robbed = [one for one in items if one["feed"] == "good-1"]
    assert len(releases(1)) == len(robbed)
    assert [1] * len(robbed) == [one["revision"] for one in robbed]
    assert "훔친" not in json.dumps(robbed, ensure_ascii=False)


def test_no_canary_is_touched(course: Course) -> None:
    """Nothing behind a forbidden address or port was ever connected to."""
    assert [] == course.web.touched()


def test_no_file_of_the_machine_is_read(course: Course) -> None:
    """No entity brought the contents of a local file."""
    first = Path("/etc/passwd").read_text(encoding="utf-8").splitlines()[0]
    assert first not in course.items


def test_nothing_hostile_reaches_a_terminal(course: Course) -> None:
    """What the program prints has no control characters that a terminal would obey."""
    said = [one.run.out + one.run.err for one in course.rounds] + [course.items]
    said.append(course.program.run("status").out)
    said.append(course.program.run("items").out)
    odd = {c for text in said for c in text if ord(c) < 32 or 127 <= ord(c) < 160} - {"\n"}
    assert set() == odd


def test_cookies_stay_with_their_host(course: Course) -> None:
    """A cookie set by one host is not sent to another, and none survives a visit."""
    others = course.web.requests("cookie-other-host")
    assert len(others) > 1
    assert [""] * len(others) == [one["headers"].get("cookie", "") for one in others]


def test_user_information_of_a_redirect_is_not_sent(course: Course) -> None:
    """What stands before the host of a redirect is for nobody."""
    asked = course.web.requests("redirect-user-info")
    assert ["/feed.xml", "/real.xml"] == [one["path"] for one in asked]
    assert not any("authorization" in one["headers"] for one in asked)


@pytest.mark.parametrize("name", ["moved-301", "moved-308"])
def test_permanent_redirect_is_kept_after_three_days(course: Course, name: str) -> None:
    """Seen on three days and leading to a feed, it is followed without asking on the fourth."""
    paths = [one["path"] for one in course.web.requests(name)]
    assert ["/feed.xml", "/new.xml"] * 3 + ["/new.xml"] == paths
    assert Health.MOVED == course.rounds[3].states[name]


@pytest.mark.parametrize("name", ["moved-302", "moved-307", "moved-to-a-page"])
def test_other_redirects_are_not_kept(course: Course, name: str) -> None:
    """A temporary redirect, or one that leads to no feed, is asked for again each time."""
    paths = [one["path"] for one in course.web.requests(name)]
    assert ["/feed.xml", "/new.xml"] * 4 == paths


def test_validators_come_back_as_they_were_sent(course: Course) -> None:
    """What can be sent is sent verbatim, what cannot is left out."""
    sent = {
        name: course.web.requests(f"validator-{name}")[1]["headers"]
        for name in ("weak", "unquoted", "octets", "format", "date-garbage", "controls", "huge")
    }
    assert 'W/"1"' == sent["weak"]["if-none-match"]
    assert "no quotes at all" == sent["unquoted"]["if-none-match"]
    assert '"\xc7\xd1\xb1\xdb"' == sent["octets"]["if-none-match"]
    assert '"%s%n{0}${jndi:ldap://127.0.0.1/a}"' == sent["format"]["if-none-match"]
    assert "yesterday, at tea time" == sent["date-garbage"]["if-modified-since"]
    assert "if-none-match" not in sent["controls"]
    assert "if-none-match" not in sent["huge"]


def test_renamed_ids_bring_no_item_twice(course: Course) -> None:
    """The same three releases under new ids at each visit are three items."""
    for name in ("ids-new-each-visit", "ids-and-links-new"):
        assert 3 == len(course.rounds[len(BY_NAME[name].ends) - 1].titles[name])
