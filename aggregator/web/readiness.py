"""The page that says whether the desk is ready, asked for as often as anybody likes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate

from starlette.responses import PlainTextResponse

from aggregator.bootstrap import App
from aggregator.domain.errors import AggregatorError
from aggregator.observe import get_logger
from aggregator.services.reports.ready_checks import (
    Check,
    Heard,
    ask_store,
    is_ready,
    ready_checks,
)
from aggregator.web.doors.asked import Asked

log = get_logger(__name__)

PATIENCE = 2.0
"""Seconds that the database has to answer."""

KEPT = 1.0
"""Seconds for which an answer is good: whoever asks more often asks not the database."""


class Readiness:
    """Looks at the desk, at most once in ``KEPT`` seconds, and waits for the database no longer than
    ``PATIENCE``: one that hangs holds one thread, however many ask."""

    def __init__(self, current: Callable[[], App], *, patience: float = PATIENCE) -> None:
        self._current = current
        self._patience = patience
        self._turn = threading.Lock()
        self._asking: Future[Heard] | None = None
        self._seen: tuple[float, tuple[Check, ...]] | None = None

    def page(self, _: Asked) -> PlainTextResponse:
        """200 where all is well, else 503; a line for each check."""
        checks = self.checks()
        lines = "".join(f"{check.name} {check.state}\n" for check in checks)
        status = 200 if is_ready(checks) else 503
        return PlainTextResponse(lines, status_code=status, headers={"Cache-Control": "no-store"})

    def checks(self) -> tuple[Check, ...]:
        """How it is, or was a moment ago."""
        with self._turn:
            if self._seen is None or time.monotonic() - self._seen[0] > KEPT:
                self._seen = (time.monotonic(), self._look())
            return self._seen[1]

    def _look(self) -> tuple[Check, ...]:
        app = self._current()
        heard, silence = self._hear(app)
        return ready_checks(heard, wanted=app.schema, now=app.clock.now(), silence=silence)

    def _hear(self, app: App) -> tuple[Heard | None, str]:
        if self._asking is None:
            self._asking = _begin(lambda: ask_store(app.desk.store))
        asking = self._asking
        try:
            heard = asking.result(timeout=self._patience)
        except TooLate:
            log.warning("not_ready", check="database", seconds=self._patience)
            return None, "slow"
        except AggregatorError as error:
            log.warning("not_ready", check="database", code=error.code, error=str(error))
            heard = None
        self._asking = None
        return heard, "fault"


def _begin(work: Callable[[], Heard]) -> Future[Heard]:
    """Do work in a thread that does not keep the program from ending."""
    told: Future[Heard] = Future()

    def go() -> None:
        try:
            told.set_result(work())
        except Exception as error:  # noqa: BLE001 - it is raised where the answer is waited for
            told.set_exception(error)

    threading.Thread(target=go, name="readiness", daemon=True).start()
    return told
