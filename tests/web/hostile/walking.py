"""Every page that the program serves: the routes of the application, and whatever their pages lead to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.routing import Route

from aggregator.bootstrap import App
from aggregator.web.app import make_web_app

_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
_WALKED = re.compile(r"/(?:desk|status)(?![\w-])")
_FILES = frozenset({"healthz", "status_style", "doors_style", "desk_asset"})
"""Routes that are no pages."""


def _stories(app: App) -> list[str]:
    return [story.public_id for story in app.store.stories()]


VALUES: Mapping[str, Callable[[App], list[str]]] = {
    "story": _stories,
    "feed": lambda app: [feed.id for feed in app.desk.feeds],
    "number": lambda _: ["48"],
    "token": lambda _: ["no-such-token"],
    "look": lambda _: ["light"],
    "file": lambda _: ["issues/48/index.html", "issues/48/mail.html"],
}
"""What stands for each part of an address that is not fixed: a new one wants a line here."""


def routes_of(app: App) -> Iterator[tuple[str, str]]:
    """Name and path of each page that the application has."""
    for route in make_web_app(lambda: app).routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()) and route.name not in _FILES:
            yield str(route.name), route.path


def pages_of(app: App) -> Iterator[str]:
    """The address of each of them, with every value that its path can have."""
    for name, path in routes_of(app):
        yield from _filled(app, name, path)


def _filled(app: App, name: str, path: str) -> list[str]:
    found = _PLACE.search(path)
    if found is None:
        return [path]
    if found[1] not in VALUES:
        raise LookupError(f"nothing says what stands for {{{found[1]}}} in the path of {name}")
    values = VALUES[found[1]](app)
    filled = (path.replace(found[0], value) for value in values)
    return [one for part in filled for one in _filled(app, name, part)]


class Led:
    """Where pages lead to: the addresses of the desk and the status pages that show something else than
    all before, another page or another name in its query."""

    def __init__(self, base: str, known: Iterable[str]) -> None:
        self._base = base
        self._seen: set[tuple[str, str]] = set()
        self.new(known)

    def new(self, links: Iterable[str]) -> list[str]:
        """Of these links those that are new."""
        found = []
        for link in links:
            address = link.partition("#")[0]
            kinds = _kinds(address.removeprefix(self._base))
            if _WALKED.match(address.removeprefix(self._base)) and not kinds <= self._seen:
                self._seen |= kinds
                found.append(address)
        return found


def _kinds(address: str) -> set[tuple[str, str]]:
    parts = urlsplit(address)
    path = re.sub(r"^/desk/items/[^/]+", "/desk/items/x", parts.path)
    return {(path, name) for name in ("", *dict(parse_qsl(parts.query)))}
