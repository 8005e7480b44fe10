"""The cookies of the desk: the session's token, the chosen language, and what the next page says.

Where the desk's address is https, they have the prefix ``__Host-`` and are ``Secure``: no other host
and no page over http can set or read them. On this machine alone, over http, browsers do not agree
whether they may keep such cookies, so there they go without; nobody is on the way to read them.
"""

from __future__ import annotations

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from aggregator.domain.people import DeskOptions

SESSION = "desk-session"
LANGUAGE = "desk-language"
FLASH = "desk-flash"
_A_YEAR = timedelta(days=365)
_LONGEST = 128
_A_MOMENT = timedelta(minutes=1)
_LONGEST_FLASH = 3500
_PREFIX = "__Host-"


def cookie_name(name: str, options: DeskOptions) -> str:
    """The name under which browsers keep a cookie."""
    return f"{_PREFIX}{name}" if options.is_secure else name


def read_cookie(request: Request, name: str, options: DeskOptions) -> str:
    """What a cookie holds, "" where there is none or it is none of ours."""
    value = request.cookies.get(cookie_name(name, options), "")
    return value if len(value) <= (_LONGEST_FLASH if name == FLASH else _LONGEST) else ""


def keep_session(response: Response, token: str, options: DeskOptions) -> None:
    """Let the browser keep a session's token, for as long as it can last."""
    _set(response, SESSION, token, options.lifetime, options)


def keep_language(response: Response, language: str, options: DeskOptions) -> None:
    """Let the browser keep the chosen language."""
    _set(response, LANGUAGE, language, _A_YEAR, options)


def keep_flash(response: Response, value: str, options: DeskOptions) -> None:
    """Let the browser keep what the next page says, for a minute."""
    _set(response, FLASH, value, _A_MOMENT, options)


def forget_flash(response: Response, options: DeskOptions) -> None:
    """Take away what has been said."""
    _set(response, FLASH, "", timedelta(), options)


def forget_session(response: Response, options: DeskOptions) -> None:
    """Take the session's token away."""
    _set(response, SESSION, "", timedelta(), options)


def _set(response: Response, name: str, value: str, age: timedelta, options: DeskOptions) -> None:
    response.set_cookie(
        cookie_name(name, options),
        value,
        max_age=int(age.total_seconds()),
        path="/",
        secure=options.is_secure,
        httponly=True,
        samesite="lax",
    )
