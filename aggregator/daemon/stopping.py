"""Signals: which end a program that runs, and which lets it read its configuration again."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def heeded(stop: Callable[[], object], reload: Callable[[], object]) -> Iterator[None]:
    """Let SIGINT and SIGTERM call ``stop``, and SIGHUP ``reload``, while the block runs."""
    loop = asyncio.get_running_loop()
    called = {signal.SIGINT: stop, signal.SIGTERM: stop, signal.SIGHUP: reload}
    for number, call in called.items():
        loop.add_signal_handler(number, call)
    try:
        yield
    finally:
        for number in called:
            loop.remove_signal_handler(number)
