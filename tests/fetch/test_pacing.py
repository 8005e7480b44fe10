"""One exchange at a time with a host, and a pause between two."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from itertools import pairwise

from aggregator.ports.fetching import Fetched, FetchRequest
from tests.fetch.make import fetch_all, guard_for
from tests.fixtures.http import Answer, Asked, Office, serve

SPACING = 0.05


def run(office: Office, hosts: list[str], *, spacing: float = SPACING) -> dict[str, list[Asked]]:
    """Fetch from all hosts at once; what each was asked, in order."""
    requests = [
        FetchRequest(feed_id=f"f{number}", url=f"http://{host}/{number}")
        for number, host in enumerate(hosts)
    ]
    answers = asyncio.run(fetch_all(guard_for(office), requests, spacing=spacing))
    assert all(isinstance(answer, Fetched) for answer in answers)
    by_host: dict[str, list[Asked]] = defaultdict(list)
    for asked in office.asked:
        by_host[asked.headers["host"].partition(":")[0]].append(asked)
    return by_host


def test_a_host_is_asked_one_thing_at_a_time_with_a_pause() -> None:
    """The next request comes no sooner than the spacing after the last answer was sent."""
    with serve(Answer(body=b"x", pause=0.02)) as office:
        (asked,) = run(office, ["a.example"] * 4).values()
    assert 4 == len(asked)
    for earlier, later in pairwise(asked):
        assert SPACING <= later.began - earlier.ended


def test_ports_of_one_host_are_one_host() -> None:
    """Another port is no way to ask a host twice at once."""
    with serve(Answer(body=b"x", pause=0.02)) as office:
        (asked,) = run(office, ["a.example", "a.example:8080", "a.example:81"]).values()
    for earlier, later in pairwise(asked):
        assert earlier.ended < later.began


def test_hosts_do_not_wait_for_each_other() -> None:
    """A slow host holds up nobody else: all others have answered before it does."""

    def script(asked: Asked) -> Answer:
        return Answer(body=b"x", pause=0.5 if asked.headers["host"] == "slow.example" else 0.0)

    with serve(script) as office:
        run(office, ["slow.example", "a.example", "b.example", "c.example"])
    assert "slow.example" == office.asked[-1].headers["host"]


def test_a_failed_exchange_gives_its_turn_on() -> None:
    """A host that answers nonsense is asked again like any other."""
    with serve([Answer(raw=b"nonsense\r\n\r\n"), Answer(body=b"x")]) as office:
        requests = [FetchRequest(feed_id="f", url=f"http://a.example/{n}") for n in range(2)]
        answers = asyncio.run(fetch_all(guard_for(office), requests, spacing=0.01))
    assert 1 == sum(isinstance(answer, Fetched) for answer in answers)


def test_waiting_for_a_turn_uses_up_no_time() -> None:
    """The timeout is for the exchange: who waits behind others is not timed out by them."""
    with serve(Answer(body=b"x", pause=0.12)) as office:
        requests = [
            FetchRequest(feed_id="f", url=f"http://a.example/{n}", timeout=1.0) for n in range(9)
        ]
        answers = asyncio.run(fetch_all(guard_for(office), requests))
    assert all(isinstance(answer, Fetched) for answer in answers)
