"""Leases of feeds: who visits which, so that two programs never visit a host at once.

A token names the process that holds a lease. What a process of this machine held that has died is
given back at once; what another machine's held runs out by itself.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.ports.refreshing import VisitStore

LEASE = timedelta(minutes=2)
"""For how long a lease holds unless it is renewed."""

RENEWED_AFTER = LEASE / 4
"""How often a lease is renewed while its holder works."""

_PARTS = 4
_STATE, _START_TIME = 0, 19
"""Places of the state and the start time among the fields of /proc/<pid>/stat that follow the command's
name."""

_ENDED = frozenset("ZX")
"""States of a process that has ended and that its parent has not asked about yet."""


def make_token() -> str:
    """A token of this process, another one at each call."""
    pid = os.getpid()
    return f"{socket.gethostname()}/{pid}/{_started(pid)}/{uuid.uuid4().hex}"


def _started(pid: int) -> str:
    """When a process began, in the system's own count, "" where that cannot be told: a number that
    was given to another process meanwhile is not the same process."""
    fields = _fields(pid)
    return fields[_START_TIME] if fields else ""


def _fields(pid: int) -> list[str]:
    """What the system says of a process, none where it says nothing."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return stat.rpartition(")")[2].split()


def is_dead(token: str) -> bool:
    """Whether the holder was a process of this machine that has ended."""
    parts = token.split("/")
    if len(parts) != _PARTS or parts[0] != socket.gethostname() or not parts[1].isdecimal():
        return False
    pid = int(parts[1])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    fields = _fields(pid)
    if fields and fields[_STATE] in _ENDED:
        return True
    return bool(parts[2]) and _started(pid) != parts[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leases:
    """The leases of one run of the program."""

    store: VisitStore
    token: str = field(default_factory=make_token)

    def take(self, wanted: Mapping[str, str], now: datetime) -> list[str]:
        """Lease these feeds (their hosts by id), or renew their leases; those that were got."""
        for token in self.store.lease_tokens():
            if token != self.token and is_dead(token):
                self.store.release_feeds(token)
        return self.store.claim_feeds(wanted, now=now, until=now + LEASE, token=self.token)

    def renew(self, wanted: Mapping[str, str], now: datetime) -> None:
        """Hold what is not visited yet for longer."""
        self.store.claim_feeds(wanted, now=now, until=now + LEASE, token=self.token)

    def give_back(self) -> None:
        """What was not visited is due as it was."""
        self.store.release_feeds(self.token)
