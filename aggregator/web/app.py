"""The published site and the status pages as an ASGI application."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.bootstrap import App
from aggregator.domain.errors import AggregatorError
from aggregator.observe import get_logger
from aggregator.web.file_kinds import PAGE_POLICY
from aggregator.web.public_files import PublicFiles
from aggregator.web.status_pages import StatusPages

log = get_logger(__name__)

HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class SecurityHeaders:
    """Adds the headers that keep a page from running or framing anything, save where the answer
    has its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with HEADERS added."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)


def make_web_app(current: Callable[[], App]) -> Starlette:
    """The site at ``/``, the status pages below ``/status``, the process check at ``/healthz``.

    ``current`` gives the program under its present configuration, which may be another with each
    request; where its files stand is settled at the start.
    """
    pages = StatusPages(current)

    def healthz(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    public = current().public
    public.mkdir(parents=True, exist_ok=True)
    files = PublicFiles(public, lambda: current().config.publish)

    def missing(request: Request, _: Exception) -> Response:
        return files.missing(request)

    return Starlette(
        routes=[
            Route("/status", pages.list),
            Route("/status/{feed}", pages.feed),
            Route("/status.css", pages.style),
            Route("/healthz", healthz),
            Mount("/", files),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={AggregatorError: _unavailable, 404: missing},
    )


def _unavailable(request: Request, error: Exception) -> PlainTextResponse:
    """Say that the store cannot be read now; why is for the log alone."""
    code = error.code if isinstance(error, AggregatorError) else AggregatorError.code
    log.error("page_failed", path=request.url.path, code=code, error=str(error))
    return PlainTextResponse("temporarily unavailable\n", status_code=503)
