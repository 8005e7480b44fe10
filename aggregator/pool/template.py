"""The process that imports what reads once, and forks a child whenever its parent asks for one.

It has one thread and never sees a document. Its standard input is a socket of its parent; each
request there is one byte with two sockets: the child's own, and its leash. Whoever holds the other
end of a leash lets the child live; when it is closed the child is killed. On its end, how the child
ended is told there.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
from struct import Struct

from aggregator.pool.child import Read, serve
from aggregator.pool.limits import Limits
from aggregator.pool.wire import Setup, setup_from

SETUP_HEAD = Struct("!I")
ENDED = Struct("!i")
"""How a child ended: its exit status, or a signal's number below zero."""

FORK = b"f"


def main() -> None:
    """Serve the parent at standard input until it is gone; then end every child."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    control = socket.socket(fileno=0)
    head = _whole(control, SETUP_HEAD.size)
    if len(head) < SETUP_HEAD.size:
        return
    setup = setup_from(_whole(control, SETUP_HEAD.unpack(head)[0]))
    gc.disable()
    read = reader_of(setup.handler, setup.arguments)
    gc.collect()
    gc.enable()
    gc.freeze()
    _Nursery(control, read, setup).run()
    # At once: a child's death must not be told to what is being taken apart.
    os._exit(0)


def reader_of(handler: str, arguments: tuple[object, ...]) -> Read:
    """The reader that ``module:function`` makes of ``arguments``."""
    module, _, name = handler.partition(":")
    made: Read = getattr(importlib.import_module(module), name)(*arguments)
    return made


def _whole(control: socket.socket, length: int) -> bytes:
    told = bytearray()
    while len(told) < length and (piece := control.recv(length - len(told))):
        told += piece
    return bytes(told)


class _Nursery:
    """The children of one template, by the descriptor of their leash."""

    def __init__(self, control: socket.socket, read: Read, setup: Setup) -> None:
        self._control = control
        self._read = read
        self._limits = Limits(
            seconds=setup.seconds,
            large=setup.large,
            memory=setup.memory,
            large_memory=setup.large_memory,
            kept=setup.kept,
        )
        self._leashes: dict[int, socket.socket] = {}
        self._children: dict[int, socket.socket] = {}
        self._poll = select.poll()
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)  # noqa: FBT003
        self._woken.setblocking(False)  # noqa: FBT003

    def run(self) -> None:
        """Fork, kill and bury as the parent asks, until it is gone."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for each in (self._control, self._woken):
            self._poll.register(each, select.POLLIN)
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._woken.fileno():
                    self._bury()
                elif descriptor in self._leashes:
                    self._kill(descriptor)
                elif descriptor == self._control.fileno() and not self._fork():
                    self._end()
                    return

    def _fork(self) -> bool:
        """One more child; False where the parent is gone."""
        try:
            asked, descriptors, _, _ = socket.recv_fds(self._control, 1, 2)
        except OSError:
            return False
        if asked != FORK or len(descriptors) != len(("child", "leash")):
            return False
        peer, leash = (socket.socket(fileno=each) for each in descriptors)
        pid = os.fork()
        if not pid:
            self._be_child(peer, leash)
        peer.close()
        self._children[pid] = leash
        self._leashes[leash.fileno()] = leash
        self._poll.register(leash, select.POLLIN)
        return True

    def _be_child(self, peer: socket.socket, leash: socket.socket) -> None:
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for each in (self._woken, self._waker, leash, *self._leashes.values()):
                each.close()
            self._control.detach()
            nowhere = os.open(os.devnull, os.O_RDWR)
            # A library that aborts says so on standard error; the parent says it once and better.
            for standard in (0, 1, 2):
                os.dup2(nowhere, standard)
            os.close(nowhere)
            with contextlib.suppress(EOFError, OSError):
                serve(peer, self._read, self._limits)
            status = 0
        finally:
            os._exit(status)

    def _end(self) -> None:
        """Kill the children and wait for them, so that what they used is counted as ours."""
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
        for pid in self._children:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)

    def _kill(self, descriptor: int) -> None:
        leash = self._leashes.pop(descriptor)
        self._poll.unregister(descriptor)
        for pid, held in self._children.items():
            if held is leash:
                # It is not buried yet, so the number is still its own.
                os.kill(pid, signal.SIGKILL)

    def _bury(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._woken.recv(4096)
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = found
                leash = self._children.pop(pid)
                if self._leashes.pop(leash.fileno(), None) is not None:
                    self._poll.unregister(leash)
                with contextlib.suppress(OSError):
                    leash.send(ENDED.pack(os.waitstatus_to_exitcode(status)), socket.MSG_DONTWAIT)
                leash.close()
