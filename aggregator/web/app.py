"""The published site, the status pages and the desk as an ASGI application."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.bootstrap import App
from aggregator.domain.errors import AggregatorError
from aggregator.observe import get_logger
from aggregator.web.desk.frame import Frame
from aggregator.web.desk.rooms import desk_routes
from aggregator.web.doors.asked import Asked, Handler
from aggregator.web.doors.guard import DeskRoute, Guard, guarded_routes
from aggregator.web.doors.logged import logged_path
from aggregator.web.doors.pages import DoorPages
from aggregator.web.doors.people_pages import PeoplePages
from aggregator.web.doors.roles import ROLES, Table
from aggregator.web.file_kinds import PAGE_POLICY
from aggregator.web.measured import Measured, show_metrics
from aggregator.web.public_files import PublicFiles
from aggregator.web.readiness import Readiness
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


def make_web_app(current: Callable[[], App], roles: Table = ROLES) -> Starlette:
    """The site at ``/``, the status pages below ``/status``, the desk below ``/desk``, the metrics
    at ``/metrics``, the checks of the process at ``/healthz`` and ``/readyz``; each route behind the
    guard of the doors, as ``roles`` say.

    ``current`` gives the program under its present configuration, which may be another with each
    request; where its files stand is settled at the start. Raises LookupError for a route about
    which ``roles`` say nothing.
    """
    frame = Frame(roles)
    doors = DoorPages(frame.pages)
    routes = [
        DeskRoute(name="healthz", path="/healthz", handlers={"GET": _healthz}),
        DeskRoute(name="readyz", path="/readyz", handlers={"GET": Readiness(current).page}),
        DeskRoute(name="metrics", path="/metrics", handlers={"GET": show_metrics}),
        *_status_routes(StatusPages(current)),
        *doors.routes(),
        *PeoplePages(frame.pages).routes(),
        *desk_routes(frame),
    ]
    public = current().public
    public.mkdir(parents=True, exist_ok=True)
    files = PublicFiles(public, lambda: current().config.publish)

    def missing(request: Request, _: Exception) -> Response:
        return files.missing(request)

    made = guarded_routes(routes, {"public": files}, roles, Guard(current, doors.refuse))
    frame.lead_to(routes)
    return Starlette(
        routes=made,
        middleware=[Middleware(Measured, current), Middleware(SecurityHeaders)],
        exception_handlers={AggregatorError: _unavailable, 404: missing},
    )


def _healthz(_: Asked) -> PlainTextResponse:
    return PlainTextResponse("ok\n")


def _status_routes(pages: StatusPages) -> list[DeskRoute]:
    def plain(handler: Callable[[Request], Response]) -> dict[str, Handler]:
        return {"GET": lambda asked: handler(asked.request)}

    return [
        DeskRoute(name="status", path="/status", handlers=plain(pages.list)),
        DeskRoute(name="status_feed", path="/status/{feed}", handlers=plain(pages.feed)),
        DeskRoute(name="status_style", path="/status.css", handlers=plain(pages.style)),
    ]


def _unavailable(request: Request, error: Exception) -> PlainTextResponse:
    """Say that the store cannot be read now; why is for the log alone."""
    code = error.code if isinstance(error, AggregatorError) else AggregatorError.code
    log.error("page_failed", path=logged_path(request), code=code, error=str(error))
    headers = {"Cache-Control": "no-store"}
    return PlainTextResponse("temporarily unavailable\n", status_code=503, headers=headers)
