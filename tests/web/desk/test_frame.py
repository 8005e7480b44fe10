"""What every page of the desk has around it, and how forms are answered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from starlette.requests import Request

from aggregator.bootstrap import App
from aggregator.domain.errors import AggregatorError, Conflict, NotFound, StoreBusy
from aggregator.domain.people import Role
from aggregator.web.app import make_web_app
from aggregator.web.desk import rooms
from aggregator.web.desk.actions import Done, Unfit, handled, way_back
from aggregator.web.desk.frame import Frame
from aggregator.web.doors.asked import Asked
from aggregator.web.doors.guard import DeskRoute
from aggregator.web.doors.roles import ROLES
from tests.fixtures.asking import Page
from tests.fixtures.doors import Person, desk_opened, person, read, words

JSON = "application/json"
TRIED = "/desk/tried"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with somebody of each role."""
    with desk_opened(tmp_path) as made:
        yield made


@pytest.fixture
def trying(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Asked], Done]], Person]:
    """Somebody at a desk that has one more form and a way to undo."""

    def with_form(action: Callable[[Asked], Done]) -> Person:
        class Tried:
            def __init__(self, frame: Frame) -> None:
                self.frame = frame

            def routes(self) -> list[DeskRoute]:
                form = {"POST": handled(action)}
                undo = {"POST": handled(lambda _: Done(text="undone"))}
                return [
                    DeskRoute(name="tried", path=TRIED, handlers=form),
                    DeskRoute(name="undo", path="/desk/undo", handlers=undo),
                ]

        monkeypatch.setattr(rooms, "PAGES", (*rooms.PAGES, Tried))
        more = {("tried", "POST"): Role.EDITOR, ("undo", "POST"): Role.EDITOR}
        made = make_web_app(lambda: app, {**ROLES, **more})
        monkeypatch.setattr("tests.fixtures.asking.make_web_app", lambda _: made)
        return person(app, "editor")

    return with_form


def places(page: Page) -> list[str]:
    """Where the navigation leads."""
    return [link.get("href") for link in read(page).xpath("//nav[@class='places']//a")]


def flash(page: Page) -> str:
    """What the page says was done."""
    found = read(page).xpath("//*[@role='status']")
    assert 1 == len(found)
    return re.sub(r"\s+", " ", " ".join(found[0].itertext())).strip()


# --- the frame ----------------------------------------------------------------------------------------


def test_the_navigation_has_what_there_is_and_what_one_may_see(app: App) -> None:
    """People is for admins; no page is named that does not exist."""
    reader, admin = (set(places(person(app, role).get("/desk"))) for role in ("reader", "admin"))

    assert {"/desk/people"} == admin - reader
    routes = {route.path for route in make_web_app(lambda: app).routes}  # type: ignore[attr-defined]
    assert admin <= routes


@pytest.mark.parametrize("path", ["/desk", "/desk/people"])
def test_the_page_one_is_on_is_marked(app: App, path: str) -> None:
    """For the eye by style, for others by aria-current; once."""
    page = read(person(app, "admin").get(path))
    marked = page.xpath("//nav[@class='places']//a[@aria-current='page']")

    assert [path] == [link.get("href") for link in marked]


def test_the_working_issue_is_named(app: App) -> None:
    """With its state, on every page behind the doors."""
    for path in ("/desk", "/desk/password"):
        assert "제48호 시작 전" in words(person(app, "reader").get(path))


def test_a_page_is_in_the_language_chosen(app: App) -> None:
    """By the switch, which leads back."""
    kim = person(app, "reader")

    back = kim.post("/desk/language", {"language": "en", "next": "/desk/password"})

    assert "/desk/password" == back.headers["location"]
    page = kim.get("/desk")
    assert ("en", "Today · Desk") == (read(page).get("lang"), read(page).findtext(".//title"))


def test_headings_and_landmarks_are_in_order(app: App) -> None:
    """One h1; no level is left out; a skip link leads to main."""
    page = read(person(app, "admin").get("/desk"))
    levels = [int(one.tag[1]) for one in page.xpath("//h1|//h2|//h3|//h4")]

    assert (1, 1) == (levels[0], levels.count(1))
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert ["#main"] == [link.get("href") for link in page.xpath("//a[@class='skip']")]
    assert 1 == len(page.xpath("//main[@id='main']"))


def test_assets_change_their_address_with_what_they_hold(app: App) -> None:
    """So that browsers may keep them."""
    kim = person(app, "reader")
    (sheet,) = read(kim.get("/desk")).xpath("//link[@rel='stylesheet']/@href")
    found = kim.get(sheet)

    assert re.fullmatch(r"/desk/assets/desk\.css\?[0-9a-f]{8}", sheet)
    assert (200, "max-age=31536000, immutable") == (found.status, found.headers["cache-control"])
    assert 404 == kim.get("/desk/assets/frame.html").status


# --- forms --------------------------------------------------------------------------------------------


def test_a_form_leads_back_and_says_what_was_done_once(trying: Callable[..., Person]) -> None:
    """With the way to take it back; the next page says nothing more."""
    kim = trying(lambda _: Done(text="<b>moved</b>", undo="17", focus="item-3"))

    back = kim.post(TRIED, {"next": "/desk/password?a=1"})

    assert (303, "/desk/password?a=1#item-3") == (back.status, back.headers["location"])
    page = kim.get("/desk/password")
    assert "<b>moved</b> 되돌리기" == flash(page)
    (undo,) = read(page).xpath("//form[@action='/desk/undo']//input[@name='action']/@value")
    assert "17" == undo
    assert "" == flash(kim.get("/desk"))


def test_the_script_is_told_in_json(trying: Callable[..., Person]) -> None:
    """All that it needs to show the row anew."""
    kim = trying(lambda _: Done(text="moved", version=4, undo="17", html="<li>", more={"x": 1}))

    page = kim.post(TRIED, accept=JSON)

    told = {"ok": True, "flash": "moved", "kind": "done", "next": "/desk"}
    more = {"version": 4, "undo": "17", "see": "", "html": "<li>", "x": 1}
    stands = {"name": "unopened", "word": "시작 전", "notice": "", "lost": False}
    assert (200, told | more | {"standing": stands}) == (page.status, json.loads(page.text))
    assert "" == flash(kim.get("/desk"))


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (Conflict("version 3 is 4 by now"), 409, "그사이 다른 사람이"),
        (NotFound("no such story"), 404, "찾는 항목이 더는 없습니다."),
        (StoreBusy("the database is locked"), 503, "데이터베이스가 바쁩니다."),
        (Unfit("desk.error.usage", more={"field": "note"}), 422, "이렇게는 할 수 없습니다."),
    ],
)
def test_what_cannot_be_done_is_said(
    trying: Callable[..., Person], error: AggregatorError | Unfit, status: int, text: str
) -> None:
    """On the page that it came from, as a problem; to the script by a status."""

    def fail(_: Asked) -> Done:
        raise error

    kim = trying(fail)

    back = kim.post(TRIED, {"next": "/desk/password"})
    assert (303, "/desk/password") == (back.status, back.headers["location"])
    said = flash(kim.get("/desk/password"))
    assert said.startswith(f"오류: {text}")
    page = kim.post(TRIED, accept=JSON)
    told = json.loads(page.text)
    assert (status, False) == (page.status, told["ok"])
    assert told["flash"].startswith(text)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/status",
        "/desk/../x",
        "/desk/logout",
        "/desk%0a",
    ],
)
def test_a_form_leads_nowhere_else(trying: Callable[..., Person], target: str) -> None:
    """Only to pages of the desk behind the doors."""
    kim = trying(lambda _: Done(text="done"))

    assert "/desk" == kim.post(TRIED, {"next": target}).headers["location"]


def test_a_flash_that_nobody_wrote_is_nothing(app: App) -> None:
    """A page is shown whatever the cookie holds."""
    kim = person(app, "reader")
    for value in ("x", "bnVsbA", "WzEsMiwzLDRd", "%%%"):
        kim.cookies["desk-flash"] = value
        page = kim.get("/desk")
        assert (200, "") == (page.status, flash(page))


def test_a_place_to_focus_is_a_name(app: App) -> None:
    """Nothing else comes behind the sign."""
    asked = Asked(
        request=Request({"type": "http"}),
        app=app,
        visitor=None,
        form={"next": "/desk/password"},
        language="ko",
    )

    assert "/desk/password" == way_back(asked, focus='x" y')
    assert "/desk/password#item-3" == way_back(asked, focus="item-3")
