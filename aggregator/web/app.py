"""The published site and the status pages as an ASGI application."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import PurePath, PurePosixPath
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from aggregator.bootstrap import App
from aggregator.domain.errors import AggregatorError
from aggregator.observe import get_logger
from aggregator.web.status_pages import StatusPages

log = get_logger(__name__)

MEDIA_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class PublicFiles(StaticFiles):
    """Files under ``public/`` with the media types that feed readers expect."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file; hidden ones, such as one that is being written, are not there."""
        if any(part.startswith(".") and part != "." for part in PurePath(path).parts):
            return "", None
        return super().lookup_path(path)

    def file_response(self, *args: Any, **more: Any) -> Response:  # noqa: ANN401 - the base class's
        """Serve a file under its own type."""
        response = super().file_response(*args, **more)
        path = PurePosixPath(str(getattr(response, "path", "")))
        if path.suffix in MEDIA_TYPES and "content-type" in response.headers:
            response.headers["content-type"] = MEDIA_TYPES[path.suffix]
        return response


class SecurityHeaders(BaseHTTPMiddleware):
    """Adds the headers that keep a page from running or framing anything."""

    async def dispatch(
        self, request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Answer, with HEADERS added."""
        response = await call_next(request)
        response.headers.update(HEADERS)
        return response


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
    return Starlette(
        routes=[
            Route("/status", pages.list),
            Route("/status/{feed}", pages.feed),
            Route("/status.css", pages.style),
            Route("/healthz", healthz),
            Mount("/", PublicFiles(directory=public, html=True)),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={AggregatorError: _unavailable},
    )


def _unavailable(request: Request, error: Exception) -> PlainTextResponse:
    """Say that the store cannot be read now; why is for the log alone."""
    code = error.code if isinstance(error, AggregatorError) else AggregatorError.code
    log.error("page_failed", path=request.url.path, code=code, error=str(error))
    return PlainTextResponse("temporarily unavailable\n", status_code=503)
