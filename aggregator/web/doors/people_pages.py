"""The page People: who may work at the desk, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.responses import Response

from aggregator.domain.errors import AccountRefused, NotFound
from aggregator.domain.people import Role
from aggregator.services.people.accounts import Link
from aggregator.web.doors.asked import HOME, Asked, go_to
from aggregator.web.doors.guard import DeskRoute
from aggregator.web.doors.pages import DeskTemplates

PEOPLE = f"{HOME}/people"
DONE = ("role", "disabled", "enabled")
"""What the page may say was done."""


class PeoplePages:
    """Answers for admins. A password is never typed here: whoever is new or has forgotten it gets a
    link."""

    def __init__(self, templates: DeskTemplates) -> None:
        self._templates = templates

    def routes(self) -> list[DeskRoute]:
        """The routes of the page."""
        one = f"{PEOPLE}/{{name}}"
        return [
            DeskRoute(name="people", path=PEOPLE, handlers={"GET": self.show, "POST": self.add}),
            DeskRoute(name="person_role", path=f"{one}/role", handlers={"POST": self.set_role}),
            DeskRoute(
                name="person_disable", path=f"{one}/disable", handlers={"POST": self.disable}
            ),
            DeskRoute(name="person_enable", path=f"{one}/enable", handlers={"POST": self.enable}),
            DeskRoute(name="person_reset", path=f"{one}/reset", handlers={"POST": self.reset}),
        ]

    def show(self, asked: Asked) -> Response:
        """All accounts."""
        return self._page(asked)

    def add(self, asked: Asked) -> Response:
        """Make an account, and show the link that lets somebody in."""
        name, role = asked.form.get("name", ""), asked.form.get("role", "")
        accounts, by = asked.app.accounts, asked.who.account.name
        # A form that names none is of nobody's making; the least is what it may get.
        if role and role not in {*Role}:
            return self._refused(asked, "role", typed=asked.form)
        try:
            made = accounts.add(
                name,
                role=Role(role) if role else Role.READER,
                display_name=asked.form.get("display", ""),
                by=by,
            )
            return self._page(asked, link=accounts.link(made.name, by=by))
        except AccountRefused as refused:
            return self._refused(asked, refused.reason, typed=asked.form)

    def set_role(self, asked: Asked) -> Response:
        """Give somebody another role."""
        role = asked.form.get("role", "")
        if role not in {*Role}:
            return self._refused(asked, "role")
        return self._change(asked, "role", role=Role(role))

    def disable(self, asked: Asked) -> Response:
        """Let somebody in no more."""
        return self._change(asked, "disabled")

    def enable(self, asked: Asked) -> Response:
        """Let somebody in again."""
        return self._change(asked, "enabled")

    def _change(self, asked: Asked, what: str, *, role: Role = Role.READER) -> Response:
        name, by = asked.request.path_params["name"], asked.who.account.name
        if name == by:
            return self._refused(asked, "self")
        accounts = asked.app.accounts
        try:
            if what == "role":
                accounts.change_role(name, role, by=by)
            elif what == "disabled":
                accounts.disable(name, by=by)
            else:
                accounts.enable(name, by=by)
        except AccountRefused as refused:
            return self._refused(asked, refused.reason)
        except NotFound:
            return self._refused(asked, "gone", status=404)
        return go_to(f"{PEOPLE}?{urlencode({'done': what, 'who': name})}")

    def reset(self, asked: Asked) -> Response:
        """Take somebody's password away, and show the link by which another one can be chosen."""
        name, by = asked.request.path_params["name"], asked.who.account.name
        if name == by:
            return self._refused(asked, "self")
        try:
            return self._page(asked, link=asked.app.accounts.reset(name, by=by))
        except AccountRefused as refused:
            return self._refused(asked, refused.reason)
        except NotFound:
            return self._refused(asked, "gone", status=404)

    def _refused(
        self,
        asked: Asked,
        reason: str,
        *,
        status: int = 400,
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        problem = asked.text(f"people.refused.{reason}")
        return self._page(asked, status=status, problem=problem, typed=typed)

    def _page(
        self,
        asked: Asked,
        *,
        status: int = 200,
        link: Link | None = None,
        problem: str = "",
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        query = asked.request.query_params
        found = asked.app.accounts.all()
        done, who = query.get("done", ""), query.get("who", "")
        is_true = done in DONE and who in {one.name for one in found}
        return self._templates.page(
            asked,
            "people.html",
            status=status,
            here=PEOPLE,
            people=found,
            roles=[*Role],
            own=asked.who.account.name,
            done=asked.text(f"people.done.{done}", name=who) if is_true else "",
            link=link,
            link_url=f"{asked.root}{HOME}/enter/{link.token}" if link else "",
            problem=problem,
            typed=typed or {},
        )
