"""Pages of the desk: how they are made, and those of the doors themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib import resources
from typing import Protocol
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from aggregator.catalogue import LANGUAGES, print_minute
from aggregator.domain.errors import PasswordRefused
from aggregator.domain.people import Proof
from aggregator.publish.templating import make_environment
from aggregator.services.people.doorkeeper import LetIn, TooOften, is_fresh_link
from aggregator.web.doors.asked import HOME, Asked, go_to, safe_next
from aggregator.web.doors.cookies import (
    SESSION,
    forget_session,
    keep_language,
    keep_session,
    read_cookie,
)
from aggregator.web.doors.guard import DeskRoute
from aggregator.web.doors.headers import ScriptedPage
from aggregator.web.doors.origin import SAFE
from aggregator.web.doors.written import written_in

OWN = "aggregator.web.doors"
LOGIN = f"{HOME}/login"
PASSWORD = f"{HOME}/password"
STYLE = f"{HOME}/doors.css"


def login_address(target: str) -> str:
    """The login that leads to a page of the desk."""
    return LOGIN if target == HOME else f"{LOGIN}?{urlencode({'next': target})}"


class Surround(Protocol):
    """What stands around pages behind the doors, made by the room that they lead to: templates of
    ``package`` are found too, ``layout`` is the one that pages extend there."""

    package: str
    layout: str

    def around(self, asked: Asked) -> Mapping[str, object]:
        """What the layout shows."""
        ...

    def after(self, asked: Asked, response: Response) -> None:
        """The page has been made."""
        ...


class DeskTemplates:
    """Fills the templates of the desk's pages. They extend ``layout``: the ``surround``'s for who is
    in, the doorstep's for others."""

    def __init__(self, surround: Surround | None = None) -> None:
        rooms = (OWN, surround.package) if surround else (OWN,)
        self._templates = make_environment(*rooms)
        self._surround = surround

    def page(
        self, asked: Asked, template: str, *, status: int = 200, here: str = "", **view: object
    ) -> Response:
        """A page in the language asked for. ``here`` is the address that shows it again, for what was
        sent by POST."""
        surround = self._surround if asked.visitor is not None else None
        text = self._fill(asked, template, surround, here, view)
        if surround is None:
            return HTMLResponse(text, status_code=status)
        response = ScriptedPage(text, status_code=status)
        surround.after(asked, response)
        return response

    def _fill(
        self,
        asked: Asked,
        template: str,
        surround: Surround | None,
        here: str,
        view: Mapping[str, object],
    ) -> str:
        url = asked.request.url
        if asked.request.method in SAFE:
            here = f"{url.path}?{url.query}" if url.query else url.path
        titles = asked.app.desk.series.titles
        around = surround.around(asked) if surround else {}
        given = {
            "t": asked.text,
            "layout": surround.layout if surround else "desk_base.html",
            "minute": print_minute,
            "language": asked.language,
            "languages": LANGUAGES,
            "series": titles.get(asked.language) or titles["ko"],
            "here": here or HOME,
            "path": url.path,
            "visitor": asked.visitor,
        }
        return self._templates.get_template(template).render({**given, **around, **view})


class DoorPages:
    """Login, logout, one-time links, the own password, the language."""

    def __init__(self, templates: DeskTemplates) -> None:
        self._templates = templates
        assets = resources.files(OWN).joinpath("assets")
        self._style = assets.joinpath("doors.css").read_bytes()

    def routes(self) -> list[DeskRoute]:
        """The routes of the doors."""
        enter = {"GET": self.show_link, "POST": self.use_link}
        password = {"GET": self.show_password, "POST": self.set_password}
        return [
            DeskRoute(
                name="login", path=LOGIN, handlers={"GET": self.show_login, "POST": self.log_in}
            ),
            DeskRoute(name="logout", path=f"{HOME}/logout", handlers={"POST": self.log_out}),
            DeskRoute(name="language", path=f"{HOME}/language", handlers={"POST": self.speak}),
            DeskRoute(name="enter", path=f"{HOME}/enter/{{token}}", handlers=enter),
            DeskRoute(name="password", path=PASSWORD, handlers=password),
            DeskRoute(name="doors_style", path=STYLE, handlers={"GET": self.style}),
        ]

    def refuse(self, asked: Asked, status: int, reason: str) -> Response:
        """The page that says no; ``reason`` is a text of the catalogue."""
        return self._templates.page(
            asked,
            "refused.html",
            status=status,
            reason=asked.text(reason),
            written=written_in(asked.form),
        )

    def style(self, _: Asked) -> Response:
        """The style sheet of the doors."""
        headers = {"Cache-Control": "max-age=300"}
        return Response(self._style, media_type="text/css; charset=utf-8", headers=headers)

    # --- login ----------------------------------------------------------------------------------------

    def show_login(self, asked: Asked) -> Response:
        """The form of the login; who is in already is led on."""
        target = asked.request.query_params.get("next", "")
        if asked.visitor is not None:
            return go_to(safe_next(target))
        return self._login(asked, target)

    def log_in(self, asked: Asked) -> Response:
        """Let in whoever knows the password."""
        name, target = asked.form.get("name", ""), asked.form.get("next", "")
        password = asked.form.get("password", "")
        came = asked.app.doorkeeper.log_in(name, password, address=asked.address)
        if isinstance(came, LetIn):
            return self._let_in(asked, came, safe_next(target))
        if isinstance(came, TooOften):
            left = max((came.until - asked.app.clock.now()).total_seconds(), 1)
            text = asked.text("doors.too_often", count=math.ceil(left / 60))
            page = self._login(asked, target, status=429, name=name, problem=text)
            page.headers["Retry-After"] = str(math.ceil(left))
            return page
        problem = asked.text("doors.wrong")
        return self._login(asked, target, status=401, name=name, problem=problem)

    def _login(
        self, asked: Asked, target: str, *, status: int = 200, name: str = "", problem: str = ""
    ) -> Response:
        target = safe_next(target)
        return self._templates.page(
            asked,
            "login.html",
            status=status,
            here=login_address(target),
            next=target if target != HOME else "",
            name=name[:64],
            problem=problem,
            nobody=not asked.app.accounts.all(),
        )

    def _let_in(self, asked: Asked, came: LetIn, target: str) -> Response:
        """The browser gets the new session; the one it had, whosever it was, ends."""
        if old := read_cookie(asked.request, SESSION, asked.options):
            asked.app.doorkeeper.log_out(old)
        response = go_to(target)
        keep_session(response, came.token, asked.options)
        return response

    def log_out(self, asked: Asked) -> Response:
        """End the session."""
        if token := read_cookie(asked.request, SESSION, asked.options):
            asked.app.doorkeeper.log_out(token)
        response = go_to(LOGIN)
        forget_session(response, asked.options)
        return response

    def speak(self, asked: Asked) -> Response:
        """Keep the language that was chosen."""
        response = go_to(safe_next(asked.form.get("next", "")))
        language = asked.form.get("language", "")
        if language in LANGUAGES:
            keep_language(response, language, asked.options)
        return response

    # --- one-time links -------------------------------------------------------------------------------

    def show_link(self, asked: Asked) -> Response:
        """Whom a link lets in, and the button that does. What only looks at links (a mail program, a
        messenger's preview) does not use them up."""
        account = asked.app.doorkeeper.linked(asked.request.path_params["token"])
        status = 410 if account is None else 200
        return self._templates.page(asked, "link.html", status=status, account=account)

    def use_link(self, asked: Asked) -> Response:
        """Let in whoever has the link, once; to choose a password where there is none."""
        token = asked.request.path_params["token"]
        came = asked.app.doorkeeper.use_link(token, address=asked.address)
        if came is None:
            return self._templates.page(asked, "link.html", status=410, account=None)
        return self._let_in(asked, came, HOME if came.account.password_hash else PASSWORD)

    # --- the own password -----------------------------------------------------------------------------

    def show_password(self, asked: Asked) -> Response:
        """The form for another password."""
        return self._password(asked)

    def set_password(self, asked: Asked) -> Response:
        """Take another password. All sessions end, and this browser gets a new one."""
        account, form = asked.who.account, asked.form
        new = form.get("new", "")
        if new != form.get("again", ""):
            return self._password(asked, {"again": asked.text("people.refused.differ")})
        door = asked.app.doorkeeper
        current = form.get("current", "")
        if not door.may_choose_password(asked.who, current, address=asked.address):
            return self._password(asked, {"current": asked.text("people.refused.current")})
        try:
            asked.app.accounts.set_password(account.name, new, by=account.name)
        except PasswordRefused as refused:
            told = asked.text(f"people.refused.{refused.reason}")
            return self._password(asked, {"new": told})
        came = door.again(account, Proof.PASSWORD, address=asked.address)
        if came is None or asked.who.session is None:
            return go_to(HOME)
        return self._let_in(asked, came, f"{PASSWORD}?done=1")

    def _password(self, asked: Asked, problems: Mapping[str, str] | None = None) -> Response:
        return self._templates.page(
            asked,
            "password.html",
            status=400 if problems else 200,
            here=PASSWORD,
            problems=problems or {},
            done="done" in asked.request.query_params,
            fresh=is_fresh_link(asked.who, asked.app.clock.now()),
        )
