"""Every route of the application, from every place, as everybody: nobody gets further than the table
of roles says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.routing import Mount, Route

from aggregator.bootstrap import App
from aggregator.domain.people import DeskOptions, Role
from aggregator.web.app import make_web_app
from aggregator.web.doors.headers import (
    DESK_HEADERS,
    DESK_POLICY,
    FRAMING_POLICY,
    SCRIPT_POLICY,
)
from aggregator.web.doors.roles import ROLES, Least, Open, least_of
from tests.fixtures.asking import ask
from tests.fixtures.doors import HOST, Person, desk_opened, person

ELSEWHERE = [
    {"sec_fetch_site": "cross-site", "origin": "https://evil.example"},
    {"sec_fetch_site": "same-site", "origin": "http://127.0.0.1:9999"},
    {"sec_fetch_site": "", "origin": "https://evil.example"},
    {"sec_fetch_site": "", "origin": "null"},
    {"sec_fetch_site": "", "origin": ""},
    {"sec_fetch_site": "same-origin", "origin": "https://evil.example"},
    {"sec_fetch_site": "none", "origin": "null"},
]
FILLED = {
    "name": "reader",
    "asset": "desk.css",
    "token": "no-such-token",
    "feed": "molit",
    "number": "48",
    "look": "light",
    "file": "issues/48/index.html",
    "story": "no-such-story",
    "field": "headline",
    "language": "ko",
    "comment": "1",
}
FRAMED = re.compile(r"/desk/preview/.+")
"""Documents that are shown in frames: they have a policy of their own (tests/web/desk)."""

OWN_SCRIPT = re.compile(r'<script src="/desk/assets/[a-z]+\.js\?[0-9a-f]{8}" defer></script>')
UNGUARDED = {Open.WORLD, Open.METER}
"""What holds nothing of the desk; who reads the metrics is in test_meter_door.py."""

PLACE = re.compile(r"\{(\w+)(?::\w+)?\}")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The desk with somebody of each role; what is asked here changes nothing."""
    with desk_opened(tmp_path_factory.mktemp("routes")) as made:
        yield made


@pytest.fixture(scope="module")
def people(app: App) -> dict[str, Person]:
    """A browser for each role, and one in which nobody is logged in ("")."""
    return {name: person(app, name) for name in ("", *Role)}


def walked(app: App) -> list[tuple[str, str, str]]:
    """Name, method and a path of every route that the application really has."""
    found: list[tuple[str, str, str]] = []
    for route in make_web_app(lambda: app).routes:
        if isinstance(route, Mount):
            found.append((str(route.name), "*", f"{route.path}/"))
            continue
        assert isinstance(route, Route), f"{route} is a kind of route that nobody guards"
        path = PLACE.sub(lambda place: FILLED[place[1]], route.path)
        methods = (route.methods or set()) - {"HEAD"}
        found += [(str(route.name), method, path) for method in sorted(methods)]
    return found


def rows(app: App) -> list[tuple[str, str, Least]]:
    """Method, path and what the table asks for, of every route but the public files."""
    return [
        (method, path, least_of(ROLES[name, method], DeskOptions()))
        for name, method, path in walked(app)
        if method != "*"
    ]


def asked(who: Person, method: str, path: str, **headers: str) -> int:
    if method == "GET":
        return who.get(path, **headers).status
    return who.post(path, {}, **headers).status


def test_the_table_has_a_row_for_every_route_and_no_other(app: App) -> None:
    """Names and methods are those that the application has."""
    assert sorted(ROLES) == sorted((name, method) for name, method, _ in walked(app))


def test_a_route_without_a_row_stops_the_start(app: App) -> None:
    """Whichever it is."""
    for row in ROLES:
        less = {key: value for key, value in ROLES.items() if key != row}
        with pytest.raises(LookupError, match=f"no row says who may use {row[0]}"):
            make_web_app(lambda: app, less)


def test_a_row_without_a_route_stops_the_start(app: App) -> None:
    """It would be a mistake in a name."""
    with pytest.raises(LookupError, match="belongs to no route"):
        make_web_app(lambda: app, {**ROLES, ("nowhere", "GET"): Role.EDITOR})


def test_a_mount_is_for_the_world_alone(app: App) -> None:
    """Nobody would guard what is below it."""
    with pytest.raises(LookupError, match="nobody guards a mount"):
        make_web_app(lambda: app, {**ROLES, ("public", "*"): Role.READER})


def test_nobody_is_led_to_the_door(app: App, people: dict[str, Person]) -> None:
    """A page leads to the login; a form that was sent is told that it was not carried out."""
    for method, path, least in rows(app):
        if not isinstance(least, Role):
            continue
        if method == "GET":
            page = people[""].get(path)
            assert (303, True) == (
                page.status,
                page.headers["location"].startswith("/desk/login"),
            ), path
        else:
            assert 401 == asked(people[""], method, path), path


@pytest.mark.parametrize("role", Role)
def test_a_lower_role_is_refused(app: App, people: dict[str, Person], role: Role) -> None:
    """On every route that asks for a higher one."""
    higher = [
        (method, path)
        for method, path, least in rows(app)
        if isinstance(least, Role) and not role.includes(least)
    ]
    assert role is Role.ADMIN or higher
    for method, path in higher:
        assert 403 == asked(people[role], method, path), (role, method, path)


@pytest.mark.parametrize("role", Role)
def test_who_may_see_a_page_sees_it(app: App, people: dict[str, Person], role: Role) -> None:
    """Each page that the role is enough for."""
    for method, path, least in rows(app):
        if method == "GET" and isinstance(least, Role) and role.includes(least):
            assert asked(people[role], method, path) in {200, 303}, path


@pytest.mark.parametrize("headers", ELSEWHERE, ids=lambda one: " ".join(one.values()) or "silent")
def test_a_form_of_another_origin_is_refused(
    app: App, people: dict[str, Person], headers: dict[str, str]
) -> None:
    """On every route, the login too, even from somebody who may do all. What says nothing of where
    it comes from is no better."""
    for method, path, _ in rows(app):
        if method != "GET":
            assert 403 == asked(people["admin"], method, path, **headers), path


@pytest.mark.parametrize(
    ("mode", "dest"), [("no-cors", "image"), ("no-cors", "script"), ("navigate", "iframe")]
)
def test_a_page_of_another_site_shows_nothing_of_the_desk(
    app: App, people: dict[str, Person], mode: str, dest: str
) -> None:
    """Not as a picture, a script or a frame; a link leads in."""
    other = {"sec_fetch_site": "cross-site", "sec_fetch_mode": mode, "sec_fetch_dest": dest}
    link = {**other, "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    for method, path, least in rows(app):
        if method == "GET" and least not in UNGUARDED:
            assert 403 == asked(people["admin"], method, path, **other), path
            assert 403 != asked(people["admin"], method, path, **link), path


def test_another_name_for_this_address_leads_nowhere(app: App, people: dict[str, Person]) -> None:
    """Else somebody's own name, led to this machine, would be of the desk's origin."""
    stranger = Person(app, host="evil.example", cookies=dict(people["admin"].cookies))
    for method, path, least in rows(app):
        if least not in UNGUARDED:
            assert 421 == asked(stranger, method, path), path


def test_head_is_guarded_like_get(app: App, people: dict[str, Person]) -> None:
    """It asks for the same page."""
    for method, path, least in rows(app):
        if method == "GET" and isinstance(least, Role):
            assert 303 == ask(app, path, method="HEAD", host=HOST).status, path
    cookie = f"desk-session={people['reader'].token}"
    assert 403 == ask(app, "/desk/people", method="HEAD", host=HOST, cookie=cookie).status


def test_only_post_changes_anything(app: App) -> None:
    """There is no route for any other method."""
    assert {"GET", "POST", "*"} == {method for _, method, _ in walked(app)}


def test_every_answer_of_the_desk_is_guarded(app: App, people: dict[str, Person]) -> None:
    """Whoever asks, and whatever comes of it, refusals too: the same headers on each."""
    for method, path, least in rows(app):
        if least in UNGUARDED or FRAMED.fullmatch(path):
            continue
        for name, who in people.items():
            page = who.get(path) if method == "GET" else who.post(path, {}, **ELSEWHERE[0])
            sent = {key: page.headers.get(key.lower()) for key in DESK_HEADERS}
            has_script = "<script" in page.text
            policy = SCRIPT_POLICY if has_script else DESK_POLICY
            policy = FRAMING_POLICY if "<iframe" in page.text else policy
            assert {**DESK_HEADERS, "Content-Security-Policy": policy} == sent, (path, name)


@pytest.mark.parametrize("policy", [DESK_POLICY, SCRIPT_POLICY, FRAMING_POLICY])
def test_the_policy_lets_nothing_else_run(policy: str) -> None:
    """No inline style, nothing from elsewhere, in nobody's frame."""
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_doorstep_runs_no_script(people: dict[str, Person]) -> None:
    """Only pages behind the doors have one, the desk's own."""
    assert "script-src" not in DESK_POLICY
    assert DESK_POLICY == people[""].get("/desk/login").headers["content-security-policy"]
    inside = people["reader"].get("/desk").headers["content-security-policy"]
    assert f"{DESK_POLICY}; script-src 'self'; connect-src 'self'" == inside


def test_no_page_has_a_script_or_a_style_of_its_own(app: App, people: dict[str, Person]) -> None:
    """The policy would stop it, and the page would be broken."""
    for method, path, least in rows(app):
        if method == "GET" and least not in UNGUARDED and not FRAMED.fullmatch(path):
            for who in people.values():
                text = OWN_SCRIPT.sub("", who.get(path).text.lower())
                assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text), path


def test_what_the_world_may_see_is_written_down(app: App) -> None:
    """A new page is not public by mistake."""
    world = {path for method, path, least in rows(app) if least is Open.WORLD}
    styles = {"/status.css", "/desk/doors.css", "/desk/assets/desk.css"}
    assert {"/healthz", "/readyz", *styles} == world


def test_the_status_pages_may_be_opened_to_all(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """By the configuration; nothing else is with them."""
    with desk_opened(tmp_path_factory.mktemp("open"), '[desk]\nstatus = "public"\n') as made:
        stranger = Person(made, host="news.example")
        assert [200, 200, 421] == [
            stranger.get(path).status for path in ("/status", "/status/molit", "/desk")
        ]
