"""What every page of the desk has around it: the way to the others, the issue that is being worked on,
who is here, in which language, and what was just done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from aggregator.catalogue import print_day, print_weekday
from aggregator.domain.people import Role
from aggregator.services.reports.today import working_issue
from aggregator.web.desk.assets import Assets
from aggregator.web.desk.flash import forget, read_flash
from aggregator.web.desk.standing import stands_of
from aggregator.web.doors.asked import HOME, Asked
from aggregator.web.doors.guard import DeskRoute
from aggregator.web.doors.origin import SAFE
from aggregator.web.doors.pages import DeskTemplates
from aggregator.web.doors.roles import Table

PLACES = {
    "today": "t",
    "inbox": "i",
    "draft": "d",
    "translation": "l",
    "preview": "p",
    "issues": "n",
    "feeds": "f",
    "lab": "r",
    "missing": "w",
    "search": "s",
    "people": "u",
    "log": "h",
}
"""The names of the routes that the navigation leads to, in its order: those that exist; and the letters
that lead there behind ``g``."""


EDITED_HERE = frozenset({"inbox", "draft", "translation", "search", "missing"})
"""Pages on which one can change what the issue prints: they say beforehand that it is approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page that the navigation leads to, its letter, and the least role that may see it."""

    name: str
    letter: str
    path: str
    least: Role


class Frame:
    """Makes the pages of the desk. ``pages`` fills the templates, of the doors' pages for who is in,
    too. The navigation is made of the routes that ``lead_to`` is given."""

    package = "aggregator.web.desk"
    layout = "frame.html"

    def __init__(self, roles: Table) -> None:
        self._roles = roles
        self._paths: dict[str, str] = {}
        self._places: tuple[Place, ...] = ()
        self.assets = Assets()
        self.pages = DeskTemplates(self)

    def lead_to(self, routes: Iterable[DeskRoute]) -> None:
        """These are the routes that there are."""
        self._paths = {route.name: route.path for route in routes}
        self._places = tuple(
            Place(name=name, letter=letter, path=self._paths[name], least=least)
            for name, letter in PLACES.items()
            if name in self._paths and isinstance(least := self._roles[name, "GET"], Role)
        )

    def path(self, name: str) -> str:
        """The path of a route, "" where there is none of that name: then nothing leads there."""
        return self._paths.get(name, "")

    def page(
        self,
        asked: Asked,
        template: str,
        *,
        place: str = "",
        status: int = 200,
        here: str = "",
        **view: object,
    ) -> Response:
        """A page. ``place`` is the entry of the navigation that it belongs to, where its address does
        not say so; ``here`` the address that shows it again, for what was sent by POST."""
        return self.pages.page(
            asked, template, status=status, here=here, **({"place": place} if place else {}), **view
        )

    def part(self, asked: Asked, template: str, *, here: str, **view: object) -> str:
        """A piece of the page at ``here``, for the script to put in the place of the old one."""
        made = self.pages.page(asked, template, status=200, here=here, **view)
        return bytes(made.body).decode("utf-8")

    def around(self, asked: Asked) -> Mapping[str, object]:
        """What ``frame.html`` shows."""
        role = asked.who.role
        places = [place for place in self._places if role.includes(place.least)]
        working = working_issue(asked.app.desk)
        return {
            "places": places,
            "place": _place_of(asked.request.url.path, places),
            "working": working,
            "stands": stands_of(asked, working),
            "edited_here": EDITED_HERE,
            "flash": read_flash(asked) if asked.request.method in SAFE else None,
            "path_of": self.path,
            "asset": self.assets.address,
            "day": print_day,
            "weekday": lambda day: print_weekday(day, asked.language, asked.app.desk.catalogue),
            "may_edit": role.includes(Role.EDITOR),
            "may_publish": role.includes(Role.PUBLISHER),
            "is_admin": role.includes(Role.ADMIN),
        }

    def after(self, asked: Asked, response: Response) -> None:
        """What was to be said has been said."""
        if asked.request.method in SAFE and read_flash(asked) is not None:
            forget(asked, response)


def _place_of(path: str, places: Iterable[Place]) -> str:
    """The entry of the navigation under which a path lies, the closest; Today is none for others."""
    found = [
        place
        for place in places
        if path == place.path or (place.path != HOME and path.startswith(f"{place.path}/"))
    ]
    return max(found, key=lambda place: len(place.path)).name if found else ""
