"""Each answer counted, and the page that shows what was."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.bootstrap import App
from aggregator.domain.errors import StoreError
from aggregator.observe import get_logger
from aggregator.services.reports.figures import gather_figures
from aggregator.web.doors.asked import Asked

log = get_logger(__name__)

_UNANSWERED = 500
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Measured:
    """Counts each answer by the name of its route, its status and how long it took."""

    def __init__(self, app: ASGIApp, current: Callable[[], App]) -> None:
        self._app = app
        self._current = current

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and count."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = _UNANSWERED
        began = time.perf_counter()

        async def listening(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, listening)
        finally:
            name = getattr(scope.get("route"), "name", None) or "none"
            seconds = time.perf_counter() - began
            self._current().meter.answered(name, status=status, seconds=seconds)


def show_metrics(asked: Asked) -> Response:
    """The metrics; where the store cannot be read now, those of the process."""
    app = asked.app
    try:
        figures = gather_figures(app.desk, app.clock.now())
    except StoreError as error:
        log.warning("figures_not_read", code=error.code, error=str(error))
        figures = None
    body = app.meter.text(figures)
    return Response(body, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
