"""Names looked up in threads of their own: one that hangs holds up nothing but names."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_MOST_THREADS = 16


@dataclass(frozen=True, slots=True)
class _Question:
    host: str
    port: int
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[list[str]]


class Names:
    """Asks the system for addresses, in a few threads that end when nothing is left to ask.

    They are no pool of ``concurrent.futures``: that one waits for its threads when the program
    ends, and a name server that does not answer would hold it up.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._questions: deque[_Question] = deque()
        self._threads = 0

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of ``host`` as the system orders them. Raises OSError or UnicodeError."""
        loop = asyncio.get_running_loop()
        question = _Question(host, port, loop, loop.create_future())
        with self._lock:
            self._questions.append(question)
            more = self._threads < _MOST_THREADS
            self._threads += more
        if more:
            threading.Thread(target=self._work, name="names", daemon=True).start()
        return await question.answer

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._questions:
                    self._threads -= 1
                    return
                question = self._questions.popleft()
            if not question.answer.cancelled():
                _tell(question, *_look_up(question))


def _look_up(question: _Question) -> tuple[list[str], Exception | None]:
    try:
        found = socket.getaddrinfo(question.host, question.port, 0, socket.SOCK_STREAM)
        return [str(info[4][0]) for info in found], None
    except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked must hear of it
        return [], error


def _tell(question: _Question, found: list[str], error: Exception | None) -> None:
    def settle() -> None:
        if question.answer.done():
            return
        if error is None:
            question.answer.set_result(found)
        else:
            question.answer.set_exception(error)

    call: Callable[[], None] = settle
    # Whoever asked may have gone, and the loop with him.
    with contextlib.suppress(RuntimeError):
        question.loop.call_soon_threadsafe(call)
