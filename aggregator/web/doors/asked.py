"""What a page of the desk is asked: the request, who asks, and in which language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from aggregator.bootstrap import App
from aggregator.catalogue import LANGUAGES
from aggregator.domain.people import DeskOptions, Visitor
from aggregator.web.doors.cookies import LANGUAGE, read_cookie
from aggregator.web.doors.origin import client_address

HOME = "/desk"
_LONGEST = 500
_ROOMS = ("/desk", "/status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as pages see it. ``visitor`` is None on the doorstep alone, ``form`` holds the
    fields of a POST by name, the last of each."""

    request: Request
    app: App
    visitor: Visitor | None
    form: Mapping[str, str]
    language: str

    @property
    def options(self) -> DeskOptions:
        """``[desk]`` as it is now."""
        return self.app.config.desk

    @property
    def who(self) -> Visitor:
        """The visitor of a page that asks for a role. Raises LookupError on the doorstep: that is a
        mistake in the program."""
        if self.visitor is None:
            raise LookupError(f"{self.request.url.path} asks who is there, and its row does not")
        return self.visitor

    @property
    def address(self) -> str:
        """Where the request comes from, for the log and the throttle."""
        return address_of(self.request, self.options)

    @property
    def root(self) -> str:
        """The origin of the desk: its address, else what the browser asked, which is this machine."""
        return self.options.address or f"http://{self.request.headers.get('host', '')}"

    def text(self, key: str, /, **values: object) -> str:
        """A text of the catalogue in the page's language."""
        return self.app.desk.catalogue.text(key, self.language, **values)


Handler = Callable[[Asked], Response]
"""Answers one method of a route. It may ask the store: it runs in a thread of its own."""


def address_of(request: Request, options: DeskOptions) -> str:
    """Where a request comes from."""
    peer = request.client.host if request.client else ""
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    return client_address(peer, forwarded, options)


def language_of(request: Request, options: DeskOptions) -> str:
    """The language that was chosen with the switch, else the one that the browser prefers, else
    Korean."""
    chosen = read_cookie(request, LANGUAGE, options)
    return chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def preferred(accepted: str) -> str:
    """The language of the catalogue that Accept-Language (RFC 9110, section 12.5.4) wants most."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:_LONGEST].split(",")):
        tag, _, weight = part.partition(";")
        base = tag.strip().lower().partition("-")[0]
        quality = _quality(weight)
        if base in LANGUAGES and quality > 0:
            wanted.append((-quality, place, base))
    return min(wanted)[2] if wanted else LANGUAGES[0]


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if name.strip().lower() == "q" and 0 <= quality <= 1 else 0.0


def safe_next(target: str) -> str:
    """Where to go after the door: a page of the desk or the status pages on this host, else Today."""
    if not (target.isascii() and target.isprintable()) or len(target) > _LONGEST:
        return HOME
    path = unquote(target.partition("?")[0])
    hostile = any(sign in path for sign in ("\\", "//", "..", "#")) or not path.isprintable()
    inside = any(path == room or path.startswith(f"{room}/") for room in _ROOMS)
    return target if inside and not hostile else HOME


def go_to(target: str) -> RedirectResponse:
    """Send the browser to a page of this host, by GET."""
    return RedirectResponse(target, status_code=303)
