"""Forms that change something: carried out, and answered to a browser or to the script.

A browser is sent back to where it came from, and the page there says what was done. The script, which
asks for ``application/json``, gets that as JSON:

    {"ok": true, "flash": "…", "kind": "done", "version": 4, "undo": "17", "html": "…",
     "standing": {"name": "draft", "word": "…", "notice": "…", "lost": true}}
    {"ok": false, "flash": "…", "kind": "problem", "code": "conflict", "detail": "…", …}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from starlette.responses import JSONResponse, Response

from aggregator.domain.errors import (
    AggregatorError,
    Conflict,
    IllegalTransition,
    NotFound,
    RenderError,
)
from aggregator.observe import get_logger
from aggregator.web.desk.flash import Flash, Kind, say_next
from aggregator.web.desk.standing import told_to_script
from aggregator.web.doors.asked import HOME, Asked, Handler, go_to, safe_next
from aggregator.web.doors.logged import logged_path

log = get_logger(__name__)

_FRAGMENT = re.compile(r"[A-Za-z][\w-]{0,80}", re.ASCII)
_DOORSTEP = tuple(f"{HOME}/{door}" for door in ("login", "logout", "enter", "language"))
_NOTHING: Mapping[str, object] = {}
_UNAVAILABLE = 503
_STATUSES = ((Conflict, 409), (IllegalTransition, 409), (NotFound, 404))


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What an action came to. ``text`` says it in the page's language; ``version`` is what was changed
    at its new version, ``undo`` the id of the action that takes it back ("" for none), ``html`` what the
    script puts in the place of the old, ``focus`` the id of the element that gets the focus,
    ``more`` what else the script is told. ``to`` is another page than the one it came from, ``see`` that
    of what is new by it."""

    text: str
    version: int | None = None
    undo: str = ""
    html: str = ""
    focus: str = ""
    to: str = ""
    see: str = ""
    more: Mapping[str, object] = field(default_factory=dict)


class Unfit(Exception):
    """What was sent cannot be used; ``key`` is a text of the catalogue that says why, with its
    ``values``. ``more`` is what else the script is told, ``focus`` the field it is about."""

    def __init__(
        self, key: str, *, focus: str = "", more: Mapping[str, object] = _NOTHING, **values: object
    ) -> None:
        self.key = key
        self.focus = focus
        self.more = more
        self.values = values
        super().__init__(key)


Action = Callable[[Asked], Done | Response]
"""Carries out a form; a whole page in answer where there is more to ask. It raises Unfit, or an
error of the domain."""


def handled(action: Action, *, back: str = HOME) -> Handler:
    """The handler of a form. Who sent it is led to its field ``next``, a page of the desk, else
    ``back``. What goes wrong is said there: nobody gets a page that only says no."""

    def answer(asked: Asked) -> Response:
        try:
            done = action(asked)
        except Unfit as unfit:
            flash = Flash(kind=Kind.PROBLEM, text=asked.text(unfit.key, **unfit.values))
            told = {"code": unfit.key, **unfit.more}
            return _answer(asked, flash, told, status=422, to=way_back(asked, back, unfit.focus))
        except RenderError:
            raise
        except AggregatorError as error:
            return _failed(asked, error, way_back(asked, back))
        if isinstance(done, Response):
            return done
        flash = Flash(text=done.text, undo=done.undo, see=done.see)
        told = {"version": done.version, "undo": done.undo, "see": done.see, "html": done.html}
        told |= done.more
        target = done.to or way_back(asked, back, done.focus)
        return _answer(asked, flash, told, status=200, to=target)

    return answer


def wants_json(asked: Asked) -> bool:
    """Whether the script asks, and not the browser itself."""
    return "application/json" in asked.request.headers.get("accept", "").lower()


def way_back(asked: Asked, fallback: str = HOME, focus: str = "") -> str:
    """Where a form is led to: its field ``next`` where that is a page of the desk behind the doors,
    else ``fallback``; with ``focus`` to that element of it."""
    target = safe_next(asked.form["next"]) if asked.form.get("next") else fallback
    path = unquote(target.partition("?")[0])
    if not (path == HOME or path.startswith(f"{HOME}/")) or path.startswith(_DOORSTEP):
        target = fallback
    return f"{target}#{focus}" if _FRAGMENT.fullmatch(focus) else target


def error_text(asked: Asked, error: AggregatorError) -> str:
    """An error of the domain in the page's language, by its code."""
    key = f"desk.error.{error.code}"
    return asked.text(key if key in asked.app.desk.catalogue.texts else "desk.error.other")


def _failed(asked: Asked, error: AggregatorError, to: str) -> Response:
    log.warning("action_failed", path=logged_path(asked.request), code=error.code, error=str(error))
    flash = Flash(kind=Kind.PROBLEM, text=error_text(asked, error), detail=str(error))
    status = next((code for kind, code in _STATUSES if isinstance(error, kind)), 422)
    if error.retryable:
        status = _UNAVAILABLE
    return _answer(asked, flash, {"code": error.code, "detail": str(error)}, status=status, to=to)


def _answer(
    asked: Asked, flash: Flash, told: Mapping[str, object], *, status: int, to: str
) -> Response:
    if wants_json(asked):
        is_done = flash.kind is Kind.DONE
        body = {"ok": is_done, "flash": flash.text, "kind": flash.kind, "next": to, **told}
        # What was done may have taken the issue to another stage: the page around it says which, as
        # long as the store answers.
        if status < _UNAVAILABLE:
            body["standing"] = told_to_script(asked)
        return JSONResponse(body, status_code=status)
    response = go_to(to)
    say_next(asked, response, flash)
    return response
