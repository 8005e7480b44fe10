"""What a process that reads may use, and how the system is told."""

from __future__ import annotations

import contextlib
import fcntl
import math
import os
import resource
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024

_MOST_FILES = 32
_STATM = Path("/proc/self/statm")
_OOM = Path("/proc/self/oom_score_adj")
_FIRST_VICTIM = "1000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of reading.

    ``children`` documents are read at once, each for at most ``seconds`` of wall time. Reading may
    take ``memory`` bytes beyond what a process has at its start, and ``large_memory`` for documents
    of more than ``large`` bytes, of which only one is read at a time. A process that kept more than
    ``kept`` bytes of what it took is replaced.
    """

    children: int = 2
    seconds: float = 20.0
    large: int = MEGABYTE
    memory: int = 64 * MEGABYTE
    large_memory: int = 128 * MEGABYTE
    kept: int = 24 * MEGABYTE

    def memory_for(self, size: int) -> int:
        """The bytes that reading a document of ``size`` bytes may take."""
        return self.large_memory if size > self.large else self.memory


def resident() -> int:
    """Bytes of this process that are in memory; 0 where the system does not tell."""
    return _pages(1)


def mapped() -> int:
    """Bytes of address space of this process; 0 where the system does not tell."""
    return _pages(0)


def _pages(field: int) -> int:
    try:
        return int(_STATM.read_bytes().split()[field]) * resource.getpagesize()
    except (OSError, IndexError, ValueError):
        return 0


def shut_in() -> None:
    """Take from this process what reading does not need: writing files, more than a few of them
    open, dumping its memory, signals that are meant for its parent. The kernel, short of memory,
    is to end it first."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _MOST_FILES),
    ):
        _lower(what, most, for_good=True)
    with contextlib.suppress(OSError):
        # FSIZE does not hold for what is no file.
        _OOM.write_text(_FIRST_VICTIM, encoding="ascii")


def bound_document(*, base: int, memory: int, seconds: float) -> None:
    """Bound what follows: address space to ``memory`` bytes beyond ``base``, and processor time to
    ``seconds``, for a parent that is too busy to look at its clock."""
    if base:
        _lower(resource.RLIMIT_AS, base + memory)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, math.ceil(usage.ru_utime + usage.ru_stime + seconds) + 1)


def _lower(what: int, most: int, *, for_good: bool = False) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    # A limit that a system does not have, or refuses, leaves the deadline.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(what, (most, most if for_good else hard))


def end_with_peer(peer: socket.socket, *, watch: bool) -> None:
    """While ``watch`` holds, this process is ended as soon as the other side of ``peer`` closes:
    the default of SIGIO. Otherwise it would notice only when it has read its document."""
    flags = fcntl.fcntl(peer, fcntl.F_GETFL)
    if watch:
        fcntl.fcntl(peer, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(peer, fcntl.F_SETFL, flags | os.O_ASYNC)
    else:
        fcntl.fcntl(peer, fcntl.F_SETFL, flags & ~os.O_ASYNC)
