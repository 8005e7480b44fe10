"""Who visits which feed, and what happens to the leases of those that died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.ports.storing import Store
from aggregator.services.visits.leases import LEASE, Leases, is_dead
from aggregator.store.schema import open_store
from tests.fixtures.records import NOW, make_feed

WANTED = {"molit": "molit.example"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'desk.db'}")
    opened.sync_feeds([make_feed()], NOW)
    yield opened
    opened.close()


def token_of_another_process(*, alive: bool) -> Iterator[str]:
    code = "from aggregator.services.visits.leases import make_token; print(make_token(), flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        token = process.stdout.readline().strip()
        if not alive:
            process.kill()
            process.wait()
        yield token
        process.kill()


def test_the_lease_of_a_process_that_died_is_given_back(store: Store) -> None:
    """A crash keeps nobody from visiting at once."""
    for token in token_of_another_process(alive=False):
        assert is_dead(token)
        store.claim_feeds(WANTED, now=NOW, until=NOW + LEASE, token=token)
        assert ["molit"] == Leases(store=store).take(WANTED, NOW)


def test_a_process_that_nobody_has_asked_about_yet_has_ended() -> None:
    """The system keeps its number until its parent asks; in a container that may be never."""
    for token in token_of_another_process(alive=True):
        pid = int(token.split("/")[1])
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert is_dead(token)


def test_the_lease_of_a_living_process_holds(store: Store) -> None:
    """Until it runs out."""
    for token in token_of_another_process(alive=True):
        assert not is_dead(token)
        store.claim_feeds(WANTED, now=NOW, until=NOW + LEASE, token=token)
        assert [] == Leases(store=store).take(WANTED, NOW)
        assert ["molit"] == Leases(store=store).take(WANTED, NOW + LEASE + timedelta(seconds=1))


@pytest.mark.parametrize(
    "token",
    ["", "me", "other-host/1/2/x", "a/b/c/d", "other/1/1/x", "x/99999999999999/1/x"],
)
def test_what_cannot_be_told_counts_as_living(token: str) -> None:
    """The leases of another machine run out by themselves."""
    assert not is_dead(token)


def test_a_number_that_was_given_again_is_another_process() -> None:
    """The process of that number began at another time."""
    host, pid, _, rest = Leases(store=None).token.split("/")  # type: ignore[arg-type]
    assert is_dead(f"{host}/{pid}/1/{rest}")
