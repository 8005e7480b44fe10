"""Coming in and going out: login, links, passwords, proxies, languages, People."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator.bootstrap import App
from aggregator.calendar.clocks import FixedClock
from aggregator.domain.errors import StoreError
from aggregator.domain.people import Role
from aggregator.passwords.argon2id import Argon2idHasher
from aggregator.services.people.doorkeeper import Doorkeeper
from aggregator.web.doors.written import WRITTEN
from tests.fixtures.asking import Page
from tests.fixtures.doors import HOST, PASSWORD, Person, desk_opened, person, read, words
from tests.fixtures.program import MARCH_4, opened

NEW = "another sentence of words"
SECURE = '[desk]\naddress = "https://desk.example"\n'
PROXY = '[desk]\ntrusted_header = "X-Remote-User"\nproxies = ["192.0.2.0/28", "10.1.1.1"]\n'
BEHIND = "192.0.2.1"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The desk with somebody of each role."""
    with desk_opened(tmp_path) as made:
        yield made


def later(app: App, **spans: float) -> None:
    """Let time pass."""
    app.clock = FixedClock(app.clock.now() + timedelta(**spans))


def link_of(app: App, name: str) -> str:
    return f"/desk/enter/{app.accounts.link(name, by='test').token}"


def problem(page: Page) -> str:
    (found,) = read(page).xpath("//div[@class='problem']")
    return " ".join(" ".join(found.itertext()).split())


# --- login --------------------------------------------------------------------------------------------


def test_who_knows_the_password_is_in(app: App) -> None:
    """And led to the page that was asked for."""
    kim = Person(app)
    door = kim.get("/desk/people").headers["location"]
    (field,) = read(kim.get(door)).xpath("//main//input[@name='next']")

    came = kim.log_in("admin", next=field.get("value"))

    assert (303, "/desk/people") == (came.status, came.headers["location"])
    assert 200 == kim.get("/desk/people").status


def test_a_name_is_typed_as_one_likes(app: App) -> None:
    """Capitals and blanks around it do not matter."""
    assert 303 == Person(app).log_in(" Admin ").status


def test_the_form_helps_password_managers(app: App) -> None:
    """Fields have labels and say what they are; nothing keeps anybody from pasting."""
    form = read(Person(app).get("/desk/login"))
    for name, complete in (("name", "username"), ("password", "current-password")):
        (field,) = form.xpath(f"//input[@id='{name}']")
        assert 1 == len(form.xpath(f"//label[@for='{name}']"))
        assert (complete, name) == (field.get("autocomplete"), field.get("name"))


def test_where_nobody_has_an_account_the_login_says_so(tmp_path: Path) -> None:
    """And how the first one is made; not where there is one."""
    with opened(tmp_path, 1) as empty:
        assert "aggregator user add NAME --role admin" in words(Person(empty).get("/desk/login"))


def test_where_somebody_has_one_it_does_not(app: App) -> None:
    """Nothing but the form."""
    assert "user add" not in words(Person(app).get("/desk/login"))


@pytest.mark.parametrize(("name", "password"), [("admin", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_others_are_told_the_same(app: App, name: str, password: str) -> None:
    """Whether there is such an account or not; the summary has the focus and leads to the field."""
    page = Person(app).log_in(name, password)

    assert 401 == page.status
    assert (
        "확인이 필요합니다 계정 이름과 비밀번호가 맞지 않습니다. 다시 입력해 주십시오."
        == problem(page)
    )
    (summary,) = read(page).xpath("//div[@class='problem']")
    assert ("-1", "alert", "") == tuple(summary.get(k) for k in ("tabindex", "role", "autofocus"))
    assert ["#name"] == [link.get("href") for link in summary.iter("a")]
    assert () == page.cookies


def test_a_disabled_account_is_told_the_same(app: App) -> None:
    """With the right password."""
    app.accounts.disable("editor", by="test")

    page = Person(app).log_in("editor")

    assert (401, True) == (page.status, "맞지 않습니다" in problem(page))


def test_an_unknown_name_takes_as_long(app: App) -> None:
    """A password is hashed in any case."""
    app.__dict__["hasher"] = hasher = Argon2idHasher(passes=2, memory=32 * 1024, lanes=1)
    app.accounts.set_password("admin", NEW, by="test")
    hasher.verify("", "")

    def seconds(name: str) -> float:
        start = time.perf_counter()
        assert app.doorkeeper.log_in(name, "wrong", address=name) is None
        return time.perf_counter() - start

    known = min(seconds("admin") for _ in range(3))
    unknown = min(seconds("nobody") for _ in range(3))
    assert 0.5 < unknown / known < 2


def test_what_was_typed_is_no_markup_and_no_password_comes_back(app: App) -> None:
    """The name stays in its field."""
    page = Person(app).log_in('"><script>alert(1)</script>', "hunter2 hunter2")

    assert "<script" not in page.text
    assert "hunter2" not in page.text


def test_a_login_gets_a_new_session(app: App) -> None:
    """The one that the browser had ends, whosever it was."""
    kim = person(app, "reader")
    old = dict(kim.cookies)

    kim.log_in("admin")

    assert kim.token != old["desk-session"]
    assert 303 == Person(app, cookies=old).get("/desk").status


def test_a_session_put_into_the_browser_is_not_taken(app: App) -> None:
    """Only what the desk gave out counts."""
    kim = Person(app, cookies={"desk-session": "made-up"})
    kim.log_in("admin")

    assert "made-up" != kim.token


def test_only_a_hash_of_the_token_is_kept(app: App) -> None:
    """Who reads the database cannot log in with it."""
    kim = person(app, "admin")
    link = app.accounts.link("editor", by="test")
    files = app.config.data_dir.glob("*.db*")
    kept = b"".join(file.read_bytes() for file in files)

    assert b"accounts" in kept
    assert kim.token.encode() not in kept
    assert link.token.encode() not in kept


# --- the throttle -------------------------------------------------------------------------------------


def fail(app: App, name: str, times: int, peer: str = "127.0.0.1") -> Page:
    for _ in range(times):
        page = Person(app, peer=peer).log_in(name, "wrong")
    return page


@pytest.mark.parametrize("name", ["admin", "nobody"])
def test_the_sixth_login_waits(app: App, name: str) -> None:
    """Whether there is such an account or not, and with the right password too."""
    assert 401 == fail(app, name, 5).status

    page = Person(app).log_in(name)

    assert (429, "60") == (page.status, page.headers["retry-after"])
    assert "1분 뒤에" in problem(page)


def test_after_the_wait_the_password_counts(app: App) -> None:
    """And the failures before are forgotten."""
    fail(app, "admin", 5)
    later(app, minutes=1)

    assert 303 == Person(app).log_in("admin").status
    assert 401 == fail(app, "admin", 5).status


def test_another_process_knows_it_too(app: App) -> None:
    """The count is in the database."""
    fail(app, "admin", 5)

    assert 429 == Person(app.with_config(app.config)).log_in("admin").status


def test_an_address_that_tries_many_names_waits(app: App) -> None:
    """Others do not."""
    for number in range(20):
        fail(app, f"name{number}", 1, peer="192.0.2.9")

    assert 429 == Person(app, peer="192.0.2.9").log_in("admin").status
    assert 303 == Person(app, peer="192.0.2.8").log_in("admin").status


def test_an_own_account_does_not_make_an_address_new(app: App) -> None:
    """Guessing at others between two logins of one's own is counted on."""
    for number in range(20):
        assert 401 == fail(app, f"name{number}", 1).status
        if number < 19:
            assert 303 == Person(app).log_in("reader").status

    assert 429 == Person(app).log_in("reader").status


def test_the_log_says_who_and_where_from_and_no_secret(app: App) -> None:
    """Neither passwords nor tokens, nor a name that is none: it may be a password."""
    with capture_logs() as lines:
        person(app, "admin")
        Person(app).log_in("hunter2hunter2", "swordfish swordfish")
        kim = Person(app)
        kim.post(link_of(app, "editor"))

    text = repr(lines)
    assert ["login", "login_failed", "link_made", "login"] == [line["event"] for line in lines]
    assert ("admin", "127.0.0.1") == (lines[0]["account"], lines[0]["address"])
    for secret in ("hunter2", "swordfish", PASSWORD, kim.token):
        assert secret not in text


def test_who_is_not_in_any_more_gets_back_what_was_written(app: App) -> None:
    """As text, and nothing else of the form; a page needs no script for it."""
    form = {
        "text": "<b>Who checks the day?</b>",
        "note.ko": "정정합니다",
        "next": "/desk",
        "base": "x y",
    }
    page = Person(app).post("/desk/items/x/comment", form)

    assert 401 == page.status
    assert ["<b>Who checks the day?</b>", "정정합니다"] == [
        one.text.strip() for one in read(page).xpath("//textarea[@readonly]")
    ]


def test_every_text_that_the_desk_takes_can_be_given_back() -> None:
    """Whatever its form calls it, but for a file that is at hand."""
    folder = resources.files("aggregator.web.desk").joinpath("templates")
    pages = "".join(one.read_text("utf-8") for one in folder.iterdir() if one.is_file())
    names = {*re.findall(r'<textarea[^>]*? name="(\w+)[."]', pages)} - {"po"}

    assert {"text", "rules"} <= names <= WRITTEN


def test_a_link_that_is_refused_is_not_in_the_log(app: App) -> None:
    """It still lets in: what is logged of its path is masked, whatever stands in the way."""
    link = link_of(app, "editor")
    token = link.rpartition("/")[2]
    with capture_logs() as lines:
        assert 421 == Person(app, host="desk.lan").get(link).status
        assert 403 == Person(app).post(link, origin="https://evil.example").status

    assert ["/desk/enter/{token}"] * 2 == [line["path"] for line in lines]
    assert token not in repr(lines)


def test_a_link_is_not_in_the_log_when_the_store_fails(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is 503, and the line says which page it was."""
    link = link_of(app, "editor")

    def broken(*_: object) -> None:
        raise StoreError("the database is locked")

    monkeypatch.setattr(Doorkeeper, "linked", broken)
    with capture_logs() as lines:
        assert 503 == Person(app).get(link).status

    assert ["/desk/enter/{token}"] == [line["path"] for line in lines]


# --- sessions -----------------------------------------------------------------------------------------


def test_a_session_that_nobody_uses_ends(app: App) -> None:
    """After the idle time; each use begins it anew."""
    kim = person(app, "reader")
    later(app, hours=11.9)
    assert 200 == kim.get("/desk").status
    later(app, hours=11.9)
    assert 200 == kim.get("/desk").status
    later(app, hours=12)

    page = kim.get("/desk")
    assert (303, "") == (page.status, kim.token)


def test_a_session_ends_after_its_lifetime(app: App) -> None:
    """However much it is used."""
    kim = person(app, "reader")
    for _ in range(14):
        assert 200 == kim.get("/desk").status
        later(app, hours=11.9)
    later(app, hours=1.5)

    assert 303 == kim.get("/desk").status


def test_who_logs_out_is_out(app: App) -> None:
    """In this browser; a copy of its cookie is worth nothing."""
    kim, other = person(app, "reader"), person(app, "reader")
    copied = dict(kim.cookies)

    assert 303 == kim.post("/desk/logout").status

    assert "" == kim.token
    assert 303 == Person(app, cookies=copied).get("/desk").status
    assert 200 == other.get("/desk").status


@pytest.mark.parametrize("change", ["role", "disable", "password", "reset"])
def test_a_change_ends_every_session(app: App, change: str) -> None:
    """At once."""
    kim = person(app, "editor")
    if change == "role":
        app.accounts.change_role("editor", Role.READER, by="test")
    elif change == "disable":
        app.accounts.disable("editor", by="test")
    elif change == "password":
        app.accounts.set_password("editor", NEW, by="test")
    else:
        app.accounts.reset("editor", by="test")

    assert 303 == kim.get("/desk").status


def test_the_cookie_is_for_the_server_alone(app: App) -> None:
    """No script reads it, no other site sends it with a form. On this machine, by http, it has no
    prefix."""
    (line,) = Person(app).log_in("admin").cookies

    assert line.startswith("desk-session=")
    assert {"httponly", "path=/", "samesite=lax", "max-age=604800"} <= parts(line)
    assert not {"secure", "domain"} & parts(line)


def parts(line: str) -> set[str]:
    return {part.strip().lower() for part in line.split(";")}


def test_by_https_no_other_host_can_set_the_cookie(tmp_path: Path) -> None:
    """It has the prefix that browsers hold to https, this host and every path."""
    with desk_opened(tmp_path, SECURE) as app:
        kim = Person(app, host="desk.example")
        page = kim.log_in("admin", next="")
        assert 403 == page.status  # an origin of http is not the desk's
        own = {"sec_fetch_site": "", "origin": "https://desk.example"}
        page = kim.post("/desk/login", {"name": "admin", "password": PASSWORD}, **own)

        (line,) = page.cookies
        assert line.startswith("__Host-desk-session=")
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= parts(line)
        assert "max-age=31536000" == page.headers["strict-transport-security"]
        assert 200 == kim.get("/desk").status


def test_a_hash_of_old_parameters_is_renewed(app: App) -> None:
    """With the next login, which is no other password: sessions stay."""
    kim = person(app, "admin")
    before = app.accounts.get("admin").password_hash
    app.__dict__["hasher"] = Argon2idHasher(passes=2, memory=8, lanes=1)

    person(app, "admin")

    assert before != app.accounts.get("admin").password_hash
    assert 200 == kim.get("/desk").status


# --- one-time links -----------------------------------------------------------------------------------


def test_looking_at_a_link_does_not_use_it_up(app: App) -> None:
    """Messengers and mail programs look; the button lets in, once."""
    link = link_of(app, "editor")
    for _ in range(3):
        page = Person(app).get(link)
        assert (200, ()) == (page.status, page.cookies)

    kim = Person(app)
    assert 303 == kim.post(link).status
    assert "editor" in words(kim.get("/desk"))
    again = Person(app)
    assert (410, "") == (again.post(link).status, again.token)
    assert 410 == again.get(link).status


def test_a_link_ends_after_its_time(app: App) -> None:
    """An hour, unless the configuration says otherwise."""
    link = link_of(app, "editor")
    later(app, hours=1)

    assert (410, 410) == (Person(app).get(link).status, Person(app).post(link).status)


def test_who_has_no_password_yet_chooses_one(app: App) -> None:
    """By the link, without an old one; it is asked for no more than once."""
    app.accounts.add("new", role=Role.EDITOR, by="test")
    kim = Person(app)
    came = kim.post(link_of(app, "new"))
    assert "/desk/password" == came.headers["location"]
    assert [] == read(kim.get("/desk/password")).xpath("//input[@id='current']")

    done = kim.post("/desk/password", {"new": NEW, "again": NEW})

    assert 303 == done.status
    assert "비밀번호를 바꾸었습니다." in words(kim.get(done.headers["location"]))
    assert 303 == Person(app).log_in("new", NEW).status


def test_long_after_a_link_the_old_password_is_asked_for(app: App) -> None:
    """A browser left open is not somebody's word for ever."""
    kim = Person(app)
    kim.post(link_of(app, "editor"))
    later(app, minutes=15)

    assert 400 == kim.post("/desk/password", {"new": NEW, "again": NEW}).status
    assert 303 == Person(app).log_in("editor").status


# --- the own password ---------------------------------------------------------------------------------


def change(who: Person, current: str = PASSWORD, new: str = NEW, again: str = NEW) -> Page:
    return who.post("/desk/password", {"current": current, "new": new, "again": again})


def test_another_password_ends_all_other_sessions(app: App) -> None:
    """This browser gets a new one."""
    kim, other = person(app, "editor"), person(app, "editor")
    old = kim.token

    assert 303 == change(kim).status

    assert old != kim.token
    assert (200, 303) == (kim.get("/desk").status, other.get("/desk").status)
    assert (401, 303) == (
        Person(app).log_in("editor").status,
        Person(app).log_in("editor", NEW).status,
    )


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"current": "wrong"}, "current"),
        ({"new": "short", "again": "short"}, "new"),
        ({"again": "another"}, "again"),
        ({"new": "editor123456", "again": "editor123456"}, "new"),
    ],
)
def test_a_password_that_is_not_taken_is_explained(
    app: App, typed: dict[str, str], field: str
) -> None:
    """At the field that it is about; nothing is changed."""
    kim = person(app, "editor")
    page = change(kim, **typed)

    assert 400 == page.status
    (summary,) = read(page).xpath("//div[@class='problem']")
    assert [f"#{field}"] == [link.get("href") for link in summary.iter("a")]
    assert 303 == Person(app).log_in("editor").status


def test_a_stolen_session_guesses_no_faster(app: App) -> None:
    """The present password is throttled like a login."""
    kim = person(app, "editor")
    for _ in range(5):
        change(kim, current="wrong")

    assert 400 == change(kim).status


# --- where to go --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "/desk\\..", "/deskevil",
        "/desk//evil.example", "/desk/../feed.atom", "/desk/%2e%2e/x", "javascript:alert(1)",
        "/feed.atom", "/desk\r\nX: y", "/desk/\u202e", "/desk?" + "a" * 600, "",
    ],
)  # fmt: skip
def test_the_door_leads_nowhere_else(app: App, target: str) -> None:
    """Only to pages of the desk on this host."""
    assert "/desk" == Person(app).log_in("admin", next=target).headers["location"]


@pytest.mark.parametrize("target", ["/desk/people?x=//y", "/status", "/status/molit?lang=en"])
def test_a_page_of_the_desk_is_kept(app: App, target: str) -> None:
    """With its query."""
    assert target == Person(app).log_in("admin", next=target).headers["location"]


# --- languages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "ko"),
        ("en-GB,en;q=0.9,ko;q=0.8", "en"),
        ("ja,en;q=0.3,ko;q=0.5", "ko"),
        ("en;q=0, fr", "ko"),
        ("en;q=x", "ko"),
        ("EN", "en"),
    ],
)
def test_the_browser_says_which_language(app: App, accepted: str, language: str) -> None:
    """Until somebody chooses."""
    assert language == read(Person(app).get("/desk/login", accept_language=accepted)).get("lang")


def test_the_switch_is_kept(app: App) -> None:
    """And the page that it stood on is shown again."""
    kim = Person(app)
    page = kim.get("/desk/login?next=%2Fdesk%2Fpeople", accept_language="ko")
    (here,) = read(page).xpath("//form[@action='/desk/language']//input[@name='next']")

    done = kim.post("/desk/language", {"language": "en", "next": here.get("value")})

    assert "/desk/login?next=%2Fdesk%2Fpeople" == done.headers["location"]
    assert "en" == read(kim.get("/desk/login", accept_language="ko")).get("lang")


def test_a_language_that_is_none_is_not_kept(app: App) -> None:
    """Nothing comes into the cookie that is not in the catalogue."""
    assert () == Person(app).post("/desk/language", {"language": "xx; path=/"}).cookies


# --- proxies ------------------------------------------------------------------------------------------


def test_a_trusted_proxy_says_who_asks(tmp_path: Path) -> None:
    """No login, no cookie; what somebody may do is still in his account."""
    with desk_opened(tmp_path, PROXY) as app:
        behind = Person(app, peer=BEHIND)

        assert 200 == behind.get("/desk", x_remote_user="Editor").status
        assert 403 == behind.get("/desk/people", x_remote_user="editor").status
        assert {} == behind.cookies


@pytest.mark.parametrize(
    ("peer", "name"), [("192.0.2.99", "admin"), (BEHIND, "nobody"), (BEHIND, "gone"), (BEHIND, "")]
)
def test_others_are_not_believed(tmp_path: Path, peer: str, name: str) -> None:
    """Not from elsewhere, not of accounts that are not there or disabled."""
    with desk_opened(tmp_path, PROXY) as app:
        app.accounts.add("gone", role=Role.ADMIN, by="test")
        app.accounts.disable("gone", by="test")

        assert 303 == Person(app, peer=peer).get("/desk", x_remote_user=name).status


def test_a_proxy_makes_accounts_where_it_is_said(tmp_path: Path) -> None:
    """With the least that the configuration names; never under a name that is none."""
    with desk_opened(tmp_path, f'{PROXY}auto_create = "reader"\n') as app:
        behind = Person(app, peer=BEHIND)

        assert 200 == behind.get("/desk", x_remote_user="choi@press.example").status
        assert Role.READER is app.accounts.get("choi@press.example").role
        assert 303 == behind.get("/desk", x_remote_user="../choi").status


def test_the_address_behind_a_proxy_is_throttled(tmp_path: Path) -> None:
    """The last one that is no proxy; what a stranger wrote before it does not count."""
    with desk_opened(tmp_path, PROXY) as app:
        behind = Person(app, peer=BEHIND)
        for number in range(20):
            came = {"x_forwarded_for": f"198.51.100.{number}, 203.0.113.7, 10.1.1.1"}
            behind.post("/desk/login", {"name": f"name{number}", "password": "x"}, **came)

        form = {"name": "admin", "password": PASSWORD}
        waits = behind.post("/desk/login", form, x_forwarded_for="203.0.113.7")
        other = behind.post("/desk/login", form, x_forwarded_for="203.0.113.8")
        assert (429, 303) == (waits.status, other.status)


def test_a_stranger_cannot_say_where_he_comes_from(app: App) -> None:
    """Without a configured proxy the header is nobody's word."""
    for number in range(20):
        form = {"name": f"name{number}", "password": "x"}
        Person(app).post("/desk/login", form, x_forwarded_for=f"198.51.100.{number}")

    form = {"name": "admin", "password": PASSWORD}
    assert 429 == Person(app).post("/desk/login", form, x_forwarded_for="203.0.113.8").status


# --- forms --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status"), [("application/json", 415), ("multipart/form-data; boundary=x", 415)]
)
def test_only_forms_are_taken(app: App, kind: str, status: int) -> None:
    """Of the kind that the desk's pages send."""
    page = Person(app).post("/desk/login", {"name": "admin"}, content_type=kind)

    assert status == page.status


def test_a_form_is_bounded(app: App) -> None:
    """In bytes and in fields."""
    kim = person(app, "admin")

    assert 413 == kim.post("/desk/people", {"name": "a" * 1024 * 1024}).status
    assert 400 == kim.post("/desk/people", {f"f{n}": "" for n in range(1001)}).status


# --- People -------------------------------------------------------------------------------------------


def test_an_account_is_made_with_a_link(app: App) -> None:
    """Which lets somebody in to choose a password: no admin ever types one."""
    admin = person(app, "admin")
    page = admin.post("/desk/people", {"name": "Park", "display": "박지현", "role": "editor"})

    (field,) = read(page).xpath("//input[@id='link']")
    prefix = f"http://{HOST}"
    assert field.get("value").startswith(f"{prefix}/desk/enter/")
    park = Person(app)
    assert 303 == park.post(field.get("value").removeprefix(prefix)).status
    assert "박지현" in words(park.get("/desk"))
    assert Role.EDITOR is app.accounts.get("park").role


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"name": "editor"}, "이미 있는 계정 이름입니다."),
        ({"name": "박지현"}, "쓸 수 없는 계정 이름입니다."),
        ({}, "쓸 수 없는 계정 이름입니다."),
        ({"name": "x", "display": "a\u202eb"}, "표시 이름은"),
        ({"name": "x", "role": "boss"}, "목록에 있는 권한을 골라 주십시오."),
    ],
)
def test_an_account_that_cannot_be_made_is_explained(
    app: App, form: dict[str, str], reason: str
) -> None:
    """And nothing is made."""
    count = len(app.accounts.all())
    page = person(app, "admin").post("/desk/people", form)

    assert (400, True) == (page.status, reason in problem(page))
    assert count == len(app.accounts.all())


def test_a_role_is_changed(app: App) -> None:
    """And said so."""
    admin = person(app, "admin")
    done = admin.post("/desk/people/reader/role", {"role": "publisher"})

    assert Role.PUBLISHER is app.accounts.get("reader").role
    assert "reader 계정의 권한을 바꾸었습니다." in words(admin.get(done.headers["location"]))


def test_a_person_is_let_in_no_more_and_again(app: App) -> None:
    """By one button each."""
    admin = person(app, "admin")
    admin.post("/desk/people/reader/disable")
    assert 401 == Person(app).log_in("reader").status

    admin.post("/desk/people/reader/enable")
    assert 303 == Person(app).log_in("reader").status


def test_a_password_is_reset_by_a_link(app: App) -> None:
    """The old one is none any more."""
    page = person(app, "admin").post("/desk/people/reader/reset")

    assert 1 == len(read(page).xpath("//input[@id='link']"))
    assert 401 == Person(app).log_in("reader").status


@pytest.mark.parametrize("act", ["role", "disable", "reset"])
def test_nobody_changes_himself(app: App, act: str) -> None:
    """A slip would lock the door behind oneself."""
    page = person(app, "admin").post(f"/desk/people/admin/{act}", {"role": "reader"})

    assert (400, Role.ADMIN) == (page.status, app.accounts.get("admin").role)


def test_the_page_says_nothing_that_is_not_so(app: App) -> None:
    """Whatever a link puts into its address."""
    admin = person(app, "admin")
    for query in ("done=role&who=evil", "done=evil&who=admin", "done=role"):
        assert [] == read(admin.get(f"/desk/people?{query}")).xpath("//p[@class='done']")


def test_somebody_who_is_not_there_is_not_found(app: App) -> None:
    """An account of another name is not made by changing it."""
    page = person(app, "admin").post("/desk/people/nobody/disable")

    assert 404 == page.status


def test_the_clock_of_the_tests_is_the_desks(app: App) -> None:
    """Times are told in Asia/Seoul."""
    assert MARCH_4 == app.clock.now()
    assert "2024.3.4 10:00" in words(person(app, "reader").get("/desk"))
