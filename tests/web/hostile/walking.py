"""Every page that the program serves: the routes of the application, and whatever their pages lead to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.routing import Route

from aggregator.bootstrap import App
from aggregator.web.app import make_web_app
from tests.fixtures.canary import Canary, Own
from tests.fixtures.doors import PASSWORD

_DRAWN = ("svg", "path", "use", "defs", "g", "rect", "title", "desc")
_PAGE = Own(head=("header",), once=("main", "header"))
_ROOM = Own(
    elements=(*Own().elements, "dialog", "iframe", *_DRAWN),
    svg=True,
    head=("header.top", "nav.places"),
    once=("main", "header.top", "nav.places", "dialog"),
)
_STATUS = Own(elements=(*Own().elements, *_DRAWN), svg=True, head=("header.masthead",))
MAIL = Own(elements=(*Own().elements, "style", "center"), style_sheet=True, styles=("",))
"""A mail brings its styles with it."""

_KINDS: tuple[tuple[str, Own], ...] = (
    (r"/desk/preview/[^?]*/mail\.\w+\.html", MAIL),
    (r"/desk/preview/[^?]*\.txt", replace(MAIL, head=())),
    (r"/desk/preview/.", _PAGE),
    (r"/desk(?![\w-])", _ROOM),
    (r"/status(?![\w-])", _STATUS),
    (r"/.*/mail\.html", MAIL),
    (r"/", _PAGE),
)
_PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")
_WALKED = re.compile(r"/(?:desk|status)(?![\w-])")
_FILES = frozenset({"healthz", "status_style", "doors_style", "desk_asset"})
"""Routes that are no pages."""

VALUES: Mapping[str, Callable[[App], list[str]]] = {
    "story": lambda app: [story.public_id for story in app.store.stories()],
    "feed": lambda app: [feed.id for feed in app.desk.feeds],
    "number": lambda _: ["48"],
    "token": lambda _: ["no-such-token"],
    "look": lambda _: ["light"],
    "file": lambda _: ["issues/48/index.html", "mail.ko.html", "mail.ko.txt"],
}
"""What stands for each part of an address that is not fixed: a new one wants a line here."""


def own_of(path: str) -> Own:
    """What a page has of its own, by its path."""
    return next(own for pattern, own in _KINDS if re.match(pattern, path))


def routes_of(app: App) -> Iterator[tuple[str, str]]:
    """Name and path of each page that the application has."""
    for route in make_web_app(lambda: app).routes:
        if isinstance(route, Route) and "GET" in (route.methods or ()) and route.name not in _FILES:
            yield str(route.name), route.path


def pages_of(app: App) -> list[str]:
    """The address of each of them, with every value that its path can have."""
    return [one for name, path in routes_of(app) for one in _filled(app, name, path)]


def _filled(app: App, name: str, path: str) -> list[str]:
    found = _PLACE.search(path)
    if found is None:
        return [path]
    if found[1] not in VALUES:
        raise LookupError(f"nothing says what stands for {{{found[1]}}} in the path of {name}")
    filled = (path.replace(found[0], value) for value in VALUES[found[1]](app))
    return [one for part in filled for one in _filled(app, name, part)]


def sit_down(canary: Canary) -> None:
    """Somebody who may see every page logs in."""
    page = canary.page
    page.goto(f"{canary.base}/desk/login")
    page.fill("#name", "admin")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/desk")


class Walk:
    """Goes from page to page and notes what is not as it should be, by address, and the names of the
    fields of forms that ask for pages."""

    def __init__(self, canary: Canary) -> None:
        self._canary = canary
        self._seen: set[tuple[str, str]] = set()
        self.faults: dict[str, list[str]] = {}
        self.opened: list[str] = []
        self.fields: defaultdict[str, set[str]] = defaultdict(set)

    def through(self, paths: Iterable[str], *, onward: bool = False) -> None:
        """Open each of these pages; ``onward`` also those of the desk and the status pages that they
        lead to, as long as these show something else: another path or another name in the query."""
        todo = [*paths]
        for path in todo:
            self._seen |= _kinds(path)
        while todo:
            path = todo.pop(0)
            found = self._canary.open(f"{self._canary.base}{path}", own_of(path))
            self.opened.append(path)
            if found:
                self.faults[path] = found
            self._note_fields()
            if onward:
                todo += self._new(self._canary.page.eval_on_selector_all("a[href]", _LINKS))

    def _new(self, links: Iterable[str]) -> Iterator[str]:
        for link in links:
            path = link.partition("#")[0].removeprefix(self._canary.base)
            kinds = _kinds(path)
            if _WALKED.match(path) and not kinds <= self._seen:
                self._seen |= kinds
                yield path

    def _note_fields(self) -> None:
        for action, name in self._canary.page.evaluate(_FIELDS):
            path = urlsplit(action).path
            self.fields["/desk/items/x" if path.startswith("/desk/items/") else path].add(name)

    def asking(self, text: str) -> list[str]:
        """The addresses that come of typing ``text`` into each field of each form seen so far."""
        return [
            f"{path}?{urlencode({**dict.fromkeys(names - {name}, ''), name: text})}"
            for path, names in self.fields.items()
            for name in sorted(names)
        ]


_LINKS = "links => links.map(link => link.href)"
_FIELDS = """() => [...document.querySelectorAll("form")].filter(form => form.method !== "post")
    .flatMap(form => [...form.elements].filter(one => one.name).map(one => [form.action, one.name]))"""


def _kinds(path: str) -> set[tuple[str, str]]:
    parts = urlsplit(path)
    page = re.sub(r"^/desk/items/[^/]+", "/desk/items/x", parts.path)
    return {(page, name) for name in ("", *dict(parse_qsl(parts.query)))}
