"""The parent's side of its template and of each child."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence

from aggregator.pool.limits import Limits
from aggregator.pool.template import ENDED, FORK, SETUP_HEAD
from aggregator.pool.wire import (
    FAILED,
    INSPECTED,
    READY,
    REPLY_HEAD,
    BadReply,
    Failure,
    Setup,
    encoded,
    failure_from,
    inspected_from,
    request_of,
    size_of,
)
from aggregator.ports.reading import Document, Inspected

_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[1:]; from aggregator.pool.template import main; main()"
)
_KEPT_VARIABLES = ("PYTHON", "LC_", "LANG", "TZ", "LD_", "DYLD_")
"""How the variables begin that a template gets: none holds a key or a password."""

_ALLOCATOR = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "262144"}
"""For the GNU C library: what was taken in large pieces goes back to the system when it is freed."""

_STOPPING = 2.0
_FUNERAL = 1.0
_SPARE_REPLY = 8 * 1024 * 1024
_REPLY_FACTOR = 4


class ChildGone(Exception):
    """The child's side of the pipe is closed."""


class Template:
    """The process from which children are forked. Raises OSError where it cannot be started."""

    def __init__(self, handler: str, arguments: Sequence[object], limits: Limits) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [sys.executable, "-c", _PROGRAM, *sys.path],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=_environment(),
                # Ctrl-C is meant for the parent, which ends its children in its own time.
                process_group=0,
            )
        setup = encoded(
            Setup(
                handler=handler,
                arguments=tuple(arguments),
                seconds=limits.seconds,
                large=limits.large,
                memory=limits.memory,
                large_memory=limits.large_memory,
                kept=limits.kept,
            )
        )
        self._control.sendall(SETUP_HEAD.pack(len(setup)) + setup)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it can still fork."""
        return self._process.poll() is None

    def fork(self) -> Child:
        """A new child, which may still have to be born. Raises OSError."""
        ours, theirs = socket.socketpair()
        held, leash = socket.socketpair()
        with theirs, leash:
            try:
                socket.send_fds(self._control, [FORK], [theirs.fileno(), leash.fileno()])
            except OSError:
                ours.close()
                held.close()
                raise
        return Child(ours, held)

    async def stop(self) -> None:
        """End it and all its children."""
        self._control.close()
        loop = asyncio.get_running_loop()
        until = loop.time() + _STOPPING
        while self.is_alive and loop.time() < until:  # noqa: ASYNC110 - of a process, no event
            await asyncio.sleep(0.002)
        self.kill()

    def kill(self) -> None:
        """End it at once; its children end when their leashes are let go."""
        self._control.close()
        self._process.kill()
        self._process.wait()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.startswith(_KEPT_VARIABLES)}
    return {**_ALLOCATOR, **kept}


class Child:
    """One process that reads, by the sockets to it."""

    def __init__(self, peer: socket.socket, leash: socket.socket) -> None:
        self._peer = peer
        self._leash = leash
        self._is_ready = False
        self.ends = False
        """Whether it said that it ends after its last reply."""
        for each in (peer, leash):
            each.setblocking(False)  # noqa: FBT003

    @property
    def is_idle(self) -> bool:
        """Whether it is alive and silent, as one should be that reads nothing."""
        try:
            self._peer.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    async def be_ready(self) -> None:
        """Wait until it can read. Raises ChildGone and BadReply."""
        if not self._is_ready:
            kind, _, _ = REPLY_HEAD.unpack(await self._receive(REPLY_HEAD.size))
            if kind != READY:
                raise BadReply("it did not say that it is ready")
            self._is_ready = True

    async def ask(self, document: Document) -> Inspected | Failure:
        """What it makes of a document. Raises ChildGone and BadReply."""
        loop = asyncio.get_running_loop()
        try:
            for piece in request_of(document):
                await loop.sock_sendall(self._peer, piece)
        except OSError as error:
            raise ChildGone from error
        kind, ends, length = REPLY_HEAD.unpack(await self._receive(REPLY_HEAD.size))
        if length > _REPLY_FACTOR * size_of(document) + _SPARE_REPLY:
            raise BadReply(f"{length} bytes")
        self.ends = bool(ends)
        payload = await self._receive(length)
        if kind == INSPECTED:
            return inspected_from(payload)
        if kind == FAILED:
            return failure_from(payload)
        raise BadReply(f"a reply of kind {kind}")

    async def _receive(self, length: int) -> bytearray:
        loop = asyncio.get_running_loop()
        told = bytearray(length)
        view = memoryview(told)
        while view:
            try:
                got = await loop.sock_recv_into(self._peer, view)
            except OSError as error:
                raise ChildGone from error
            if not got:
                raise ChildGone
            view = view[got:]
        return told

    async def cause(self) -> str:
        """How it ended, in words; to be asked when it is gone."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_FUNERAL):
                told = await loop.sock_recv(self._leash, ENDED.size)
        except (OSError, TimeoutError):
            return "for an unknown reason"
        if len(told) < ENDED.size:
            return "with the process that started it"
        status = int(ENDED.unpack(told)[0])
        return f"with status {status}" if status >= 0 else f"by {_signal_name(-status)}"

    def cut_off(self) -> None:
        """Kill it, and let who waits for its answer know."""
        for each in (self._leash, self._peer):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Kill it, if it is still alive; nobody may wait for it."""
        self._peer.close()
        self._leash.close()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
