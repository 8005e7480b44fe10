"""The published site and the status page as an ASGI application."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from pathlib import PurePath, PurePosixPath
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from aggregator.bootstrap import App
from aggregator.catalogue import Catalogue, print_minute
from aggregator.domain.errors import AggregatorError
from aggregator.domain.visits import FeedState
from aggregator.observe import get_logger
from aggregator.publish.templating import make_environment

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
    """The site at ``/``, the status page at ``/status``, the process check at ``/healthz``.

    ``current`` gives the program under its present configuration, which may be another with each
    request; where its files stand is settled at the start.
    """
    templates = make_environment("aggregator.web")

    def status(request: Request) -> HTMLResponse:
        language = "en" if request.query_params.get("lang") == "en" else "ko"
        page = templates.get_template("status.html")
        return HTMLResponse(page.render(**status_view(current(), language)))

    def healthz(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    public = current().public
    public.mkdir(parents=True, exist_ok=True)
    return Starlette(
        routes=[
            Route("/status", status),
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


def status_view(app: App, language: str) -> dict[str, Any]:
    """What the status page shows: each feed in words, the ill ones first."""
    desk = app.desk
    states = desk.store.feed_states()
    counts = desk.store.count_items()
    text = desk.catalogue.text
    rows = []
    for feed in desk.feeds:
        state = states.get(feed.id) or FeedState(feed_id=feed.id)
        body = desk.bodies.get(feed.body)
        rows.append(
            {
                "id": feed.id,
                "body": body.print_name(language) if body else feed.body,
                "stored": counts.get(feed.id, 0),
                "last_ok": print_minute(state.last_ok_at) if state.last_ok_at else "-",
                "failing": feed.active and bool(state.error_code),
                "state": text(_state_key(desk.catalogue, state, active=feed.active), language),
                "detail": (state.error_text or "") if feed.active else "",
                "failures": state.failures,
            }
        )
    rows.sort(key=lambda row: not row["failing"])
    return {
        "language": language,
        "other": "ko" if language == "en" else "en",
        "rows": rows,
        "ill": sum(row["failing"] for row in rows),
        "now": print_minute(app.clock.now()),
        "t": lambda key, **values: text(key, language, **values),
    }


def _state_key(catalogue: Catalogue, state: FeedState, *, active: bool) -> str:
    if not active:
        return "status.off"
    if state.error_code:
        key = f"fault.{state.error_code}"
        # Another version of the program may have stored a code that this one has no words for.
        return key if key in catalogue.texts else "fault.fetch_failed"
    return "status.ok" if state.last_ok_at else "status.new"
