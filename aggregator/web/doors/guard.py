"""The guard before every route: where from, who, as what. Nothing is answered but through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.bootstrap import App
from aggregator.domain.people import Role, Visitor
from aggregator.observe import get_logger
from aggregator.web.doors.asked import HOME, Asked, Handler, go_to, language_of
from aggregator.web.doors.cookies import SESSION, forget_session, read_cookie
from aggregator.web.doors.headers import guard_headers
from aggregator.web.doors.logged import logged_path
from aggregator.web.doors.meter_door import TOKEN, meter_refusal
from aggregator.web.doors.origin import SAFE, is_at_home, is_own_request, is_proxy
from aggregator.web.doors.roles import Least, Open, Table, least_of

log = get_logger(__name__)

LARGEST_FORM = 1024 * 1024
"""Bytes of a form."""

MOST_FIELDS = 1000
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRoute:
    """A route of the desk: its name in the table of roles, its path, and who answers each method."""

    name: str
    path: str
    handlers: Mapping[str, Handler]


Refuse = Callable[[Asked, int, str], Response]
"""Makes the page that refuses: what was asked, the status, and the reason's name in the
catalogue."""


class _Refused(Exception):
    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(reason)


def guarded_routes(
    routes: Sequence[DeskRoute],
    mounts: Mapping[str, ASGIApp],
    roles: Table,
    guard: Guard,
) -> list[BaseRoute]:
    """The routes of the application, each behind ``guard``, and the applications that answer all that
    is below ``/``, in their order. Raises LookupError for a route without a row in ``roles``, and
    for a row without a route."""
    asked = [(route.name, method) for route in routes for method in route.handlers]
    asked += [(name, "*") for name in mounts]
    if missing := [row for row in asked if row not in roles]:
        raise LookupError(f"no row says who may use {missing[0][0]} by {missing[0][1]}")
    if idle := [row for row in roles if row not in asked]:
        raise LookupError(f"the row of {idle[0][0]} by {idle[0][1]} belongs to no route")
    if shut := [name for name in mounts if roles[name, "*"] is not Open.WORLD]:
        raise LookupError(f"the row of {shut[0]} asks for a role, and nobody guards a mount")
    made: list[BaseRoute] = [
        Route(
            route.path,
            _Guarded(route, {m: roles[route.name, m] for m in route.handlers}, guard),
            methods=[*route.handlers],
            name=route.name,
        )
        for route in routes
    ]
    return made + [Mount("/", app, name=name) for name, app in mounts.items()]


class Guard:
    """Decides about requests. ``current`` gives the program under its present configuration,
    ``refuse`` makes the page that says no."""

    def __init__(self, current: Callable[[], App], refuse: Refuse) -> None:
        self._current = current
        self._refuse = refuse

    async def answer(self, request: Request, handler: Handler, row: Least) -> Response:
        """What ``handler`` answers, or why it is not asked."""
        app = self._current()
        least = least_of(row, app.config.desk)
        if least is Open.METER:
            return await _measured(request, app, handler)
        try:
            if least is not Open.WORLD:
                _check_origin(request, app)
            form = {} if request.method in SAFE else await _form(request)
        except _Refused as refused:
            return await run_in_threadpool(self._say_no, request, app, refused)
        return await run_in_threadpool(self._let_in, request, app, (handler, least, form))

    def _let_in(
        self, request: Request, app: App, to: tuple[Handler, Least, Mapping[str, str]]
    ) -> Response:
        handler, least, form = to
        if least is Open.WORLD:
            return handler(_asked(request, app, None, form))
        visitor = find_visitor(request, app)
        if isinstance(least, Role) and visitor is None:
            response = self._to_the_door(request, app, form)
        elif isinstance(least, Role) and visitor and not visitor.role.includes(least):
            log.warning("role_refused", account=visitor.account.name, path=logged_path(request))
            asked = _asked(request, app, visitor, {})
            response = self._refuse(asked, 403, "doors.refused.role")
        else:
            response = handler(_asked(request, app, visitor, form))
        guard_headers(response, app.config.desk)
        return response

    def _to_the_door(self, request: Request, app: App, form: Mapping[str, str]) -> Response:
        """Nobody is let in here: a page leads to the login and back, anything else is told so, and
        gets back what it wrote."""
        if request.method in SAFE:
            target = request.url.path
            target += f"?{request.url.query}" if request.url.query else ""
            query = "" if target == HOME else f"?{urlencode({'next': target})}"
            response: Response = go_to(f"{HOME}/login{query}")
        else:
            asked = _asked(request, app, None, form)
            response = self._refuse(asked, 401, "doors.refused.login")
        if read_cookie(request, SESSION, app.config.desk):
            forget_session(response, app.config.desk)
        return response

    def _say_no(self, request: Request, app: App, refused: _Refused) -> Response:
        log.warning("request_refused", path=logged_path(request), reason=refused.reason)
        response = self._refuse(_asked(request, app, None, {}), refused.status, refused.reason)
        guard_headers(response, app.config.desk)
        return response


class _Guarded:
    """One route as an ASGI application."""

    def __init__(self, route: DeskRoute, rows: Mapping[str, Least], guard: Guard) -> None:
        self._route = route
        self._rows = rows
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        method = "GET" if request.method == "HEAD" else request.method
        answer = self._guard.answer(request, self._route.handlers[method], self._rows[method])
        await (await answer)(scope, receive, send)


async def _measured(request: Request, app: App, handler: Handler) -> Response:
    """The metrics for whoever may read them. Programs ask: they get no page."""
    peer = request.client.host if request.client else ""
    refusal = meter_refusal(peer, request.headers, app.environ.get(TOKEN, ""))
    if refusal is None:
        return await run_in_threadpool(handler, _asked(request, app, None, {}))
    log.warning("metrics_refused", address=peer, status=int(refusal))
    headers = {"Cache-Control": "no-store"}
    if refusal is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return PlainTextResponse(f"{refusal.phrase.lower()}\n", status_code=refusal, headers=headers)


def find_visitor(request: Request, app: App) -> Visitor | None:
    """Who asks: whom a trusted proxy names, else who holds a session."""
    options = app.config.desk
    peer = request.client.host if request.client else ""
    if options.trusted_header and is_proxy(peer, options):
        names = request.headers.getlist(options.trusted_header)
        if names:
            # Two of them: somebody wrote one before the proxy wrote its own.
            known = len(names) == 1
            return app.doorkeeper.vouched_for(names[0], app.accounts) if known else None
    token = read_cookie(request, SESSION, options)
    return app.doorkeeper.recognise(token) if token else None


def _asked(request: Request, app: App, visitor: Visitor | None, form: Mapping[str, str]) -> Asked:
    return Asked(
        request=request,
        app=app,
        visitor=visitor,
        form=form,
        language=language_of(request, app.config.desk),
    )


def _check_origin(request: Request, app: App) -> None:
    options = app.config.desk
    if not is_at_home(request.headers.get("host", ""), options):
        raise _Refused(421, "doors.refused.host")
    if not is_own_request(request.method, request.headers, options):
        raise _Refused(403, "doors.refused.origin")


async def _form(request: Request) -> Mapping[str, str]:
    """The fields of a form. Raises _Refused for any other body, and for one that is too large."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise _Refused(413, "doors.refused.form")
    if not body:
        return {}
    if kind != _FORM:
        raise _Refused(415, "doors.refused.form")
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise _Refused(400, "doors.refused.form") from error
    return dict(pairs)
