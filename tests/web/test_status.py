"""The status pages, on a store in which every state occurs."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from aggregator.bootstrap import App, open_app
from aggregator.catalogue import Catalogue
from aggregator.domain.health import Condition, Health
from aggregator.domain.visits import OTHER_HOSTS, FeedState, Manners, Outcome
from aggregator.publish.site import assets
from aggregator.web.app import HEADERS
from tests.fixtures.all_states import (
    LONG_HEAD,
    NOW,
    advice_on,
    config_text,
    feed_name,
    fill,
    name_of,
    write_all,
)
from tests.fixtures.asking import ask
from tests.fixtures.browser import needs_browser, phone_widths
from tests.fixtures.program import opened
from tests.fixtures.records import make_visit

CATALOGUE = Catalogue.load()
TEXTS = [("", "ko"), ("lang=en", "en")]
FEEDS = "//ul[@class='feeds']"
CHOICES = "//ul[@class='choices']"
MENU = "//nav[@class='menu']"
PAGES = [("/status", ""), ("/status", "show=hosts"), ("/status/molit", "")]
FORBIDDEN = "//script | //style | //iframe | //form | //*[@style or @onclick or @onload]"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The program with a feed in each state; nobody changes it."""
    app = open_app(write_all(tmp_path_factory.mktemp("states")), now=NOW, environ={})
    fill(app, len(Health))
    yield app
    app.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """The program with two feeds that nobody visited."""
    with opened(tmp_path, 1) as made:
        yield made


def page(app: App, path: str = "/status", query: str = "") -> Any:  # noqa: ANN401 - lxml's element
    """A page as a browser reads it."""
    answer = ask(app, path, query=query)
    assert (200, "text/html; charset=utf-8") == (answer.status, answer.headers["content-type"])
    return html.fromstring(answer.text)


def words(element: Any) -> str:  # noqa: ANN401 - lxml's element
    """The text of an element, blanks as one."""
    return " ".join(" ".join(element.itertext()).split())


@pytest.mark.parametrize(("query", "language"), [*TEXTS, ("lang=ko", "ko"), ("lang=xx", "ko")])
def test_every_state_is_said_in_words(full: App, query: str, language: str) -> None:
    """The worst first, in the language asked for."""
    read = page(full, query=query)

    assert language == read.get("lang")
    names = [name_of(health) for health in Health]
    assert [CATALOGUE.text(name, language) for name in names] == [
        words(tag) for tag in read.xpath(f"{FEEDS}//b[@class='tag']")
    ]


@pytest.mark.parametrize(("query", "language"), TEXTS)
def test_an_ill_feed_says_since_when_and_what_to_do(full: App, query: str, language: str) -> None:
    """Each in its row."""
    rows = page(full, query=query).xpath(f"{FEEDS}/li")

    for health in (health for health in Health if health.is_ill):
        row = rows[[*Health].index(health)]
        assert "ill" == row.get("class")
        for expected in (
            CATALOGUE.text(advice_on(health), language),
            CATALOGUE.text("status.since", language, day="2024.2.27"),
            CATALOGUE.text("status.last_ok", language),
        ):
            assert expected in words(row)


def test_a_row_has_last_success_and_next_visit(full: App) -> None:
    """To the minute; a feed that is gone has no next visit."""
    rows = page(full, query="lang=en").xpath(f"{FEEDS}/li")

    assert "Last read 2024.3.4 09:57 Next visit 2024.3.4 10:57" in words(
        rows[[*Health].index(Health.OK)]
    )
    assert "Next visit not visited" in words(rows[[*Health].index(Health.GONE)])


def test_feeds_can_be_filtered_without_a_script(full: App) -> None:
    """Each state that occurs has a link with its count, which shows those and no others."""
    read = page(full)
    links = read.xpath(f"{CHOICES}//a")

    assert ["?", "?show=ill", *(f"?show={health}" for health in Health)] == [
        link.get("href") for link in links
    ]
    assert ["25", "20"] == [words(link.find("b")) for link in links[:2]]
    for link in links[1:]:
        query = link.get("href").removeprefix("?")
        chosen = page(full, query=query)
        assert words(link.find("b")) == str(len(chosen.xpath(f"{FEEDS}/li")))
        assert [link.get("href")] == [
            one.get("href") for one in chosen.xpath(f"{CHOICES}//a[@aria-current]")
        ]


def test_a_language_is_kept(full: App) -> None:
    """By every link to another page of these, and the other language is one click away."""
    for path, query in (("/status", "lang=en&show=ill"), ("/status/html", "lang=en")):
        read = page(full, path, query)
        inner = [
            link.get("href")
            for link in read.xpath(f"//main//a | {MENU}//a")
            if "status" in link.get("href") or link.get("href").startswith("?")
        ]
        assert inner
        assert [] == [href for href in inner if "lang=en" not in href]
        (korean,) = read.xpath("//nav[@class='switch']//a[@lang='ko']")
        assert "lang=ko" in korean.get("href")
    (korean,) = page(full, query="lang=en&show=ill").xpath("//nav[@class='switch']//a[@lang='ko']")
    assert "?lang=ko&show=ill" == korean.get("href")


def test_links_lead_to_pages(full: App) -> None:
    """From the list to each feed and back."""
    for link in page(full).xpath(f"{FEEDS}//h2/a"):
        read = page(full, f"/{link.get('href')}")
        assert ["../desk", "../status", "../status?show=hosts"] == [
            one.get("href") for one in read.xpath(f"{MENU}//a")
        ]


def test_a_feed_that_is_not_configured_has_no_page(full: App) -> None:
    """Whatever it is called."""
    for name in ("desk", "none", "%00", "..", "html/x"):
        answer = ask(full, f"/status/{name}")
        assert 404 == answer.status
        assert HEADERS.items() <= {k: answer.headers.get(k.lower()) for k in HEADERS}.items()


def test_one_feed_has_its_evidence(full: App) -> None:
    """What was seen, escaped; its settings; its last visits."""
    answer = ask(full, "/status/html", query="lang=en")
    read: Any = html.fromstring(answer.text)
    shown = words(read)

    assert "<script" not in answer.text
    assert " ".join(LONG_HEAD.split()) == words(read.xpath("//pre")[0])
    for expected in (
        "A web page came instead of the feed",
        "What to do: If it stays for days",
        "Status 200",
        "Came from https://www-6.example/rss/news.xml",
        "Rhythm about 3 a working day",
        "Licence KOGL-1",
    ):
        assert expected in shown
    assert 20 == len(read.xpath("//tbody/tr"))
    assert 6 == len(read.xpath("//tbody/tr[@class='ill']"))


def test_a_move_is_told_with_its_address(full: App) -> None:
    """And that visits follow it."""
    assert "Moved to https://new-20.example/feed (seen on 3 days, visited there)" in words(
        page(full, "/status/moved", "lang=en")
    )


def test_a_remark_says_why(app: App) -> None:
    """Where a move leads before it is followed, and how long it has been quiet."""
    for health, says in (
        (Health.MOVED, "it redirects for good to https://new.example/ (seen on 1 of 3 days)"),
        (Health.QUIET, "its newest entry is 400 days old (2023-01-30)"),
    ):
        state = FeedState(feed_id="msit", condition=Condition(health=health, since=NOW, says=says))
        app.desk.store.record_visit(state, make_visit("msit"))
        (said,) = page(app, query=f"show={health}").xpath(f"{FEEDS}//p[@class='says']")
        assert says == words(said)


@pytest.mark.parametrize(
    ("name", "key"), [("moved", "status.unverified"), ("refused", "status.proxy")]
)
def test_what_is_reached_loosely_is_warned_of(full: App, name: str, key: str) -> None:
    """In the list and on the feed's own page."""
    warning = CATALOGUE.text(key, "ko", proxy="http://proxy.example:3128")
    for path in ("/status", f"/status/{name}"):
        assert warning in [words(one) for one in page(full, path).xpath("//*[@class='warning']")]


def test_a_proxys_password_is_not_shown(full: App) -> None:
    """User and password stay in the configuration."""
    secret = "http://kim:s3cret@proxy.example:3128"  # noqa: S105 - the test's own
    feeds = tuple(replace(feed, proxy=secret) for feed in full.desk.feeds)
    other = App(full.config, full.clock, {})
    other.__dict__ |= {"store": full.store, "desk": replace(full.desk, feeds=feeds)}
    for path in ("/status", "/status/html"):
        text = ask(other, path).text
        assert ("proxy.example:3128" in text, "s3cret" in text) == (True, False)


def test_the_picture_says_itself_in_words(full: App) -> None:
    """For those who do not see it."""
    pictures = page(full, query="lang=en").xpath(f"{FEEDS}//svg")

    assert ["img"] * len(Health) == [one.get("role") for one in pictures]
    labels = [one.get("aria-label") for one in pictures]
    assert "60 days: 31 with releases, 8 failed, last failure 2024.3.4" == labels[6]
    assert "60 days: not visited" == labels[[*Health].index(Health.NEW)]


@pytest.mark.parametrize(
    ("path", "query"),
    [("/status", ""), ("/status", "show=hosts"), ("/status", "show=ok"), ("/status/html", "")],
)
def test_the_policy_has_nothing_to_forbid(full: App, path: str, query: str) -> None:
    """No script, no style of an element, nothing from elsewhere, and no id twice."""
    text = ask(full, path, query=query).text
    read: Any = html.fromstring(text)

    assert [] == read.xpath(FORBIDDEN)
    assert all("//" not in link.get("href") for link in read.xpath("//link | //a | //use"))
    ids = [one.get("id") for one in read.xpath("//*[@id]")]
    assert len(set(ids)) == len(ids)


def test_the_style_is_served(full: App) -> None:
    """Under the name that the pages ask for, from a list's page as from a feed's."""
    answer = ask(full, "/status.css")
    assert (200, "text/css; charset=utf-8") == (answer.status, answer.headers["content-type"])
    for path, root in (("/status", ""), ("/status/html", "../")):
        assert f"{root}status.css" in [
            one.get("href") for one in page(full, path).xpath("//link[@rel='stylesheet']")
        ]


def test_classes_of_the_picture_are_styled(full: App) -> None:
    """Each way of drawing has a colour, and failures and remarks a shape besides."""
    style = ask(full, "/status.css").text
    drawn = {path.get("class") for path in page(full).xpath("//svg//path")}

    assert {"off", "w", "r", "f"} == drawn
    assert all(re.search(rf"\.{name} {{[^}}]*stroke: ", style) for name in drawn)
    assert re.search(r"\.r {[^}]*stroke-dasharray", style)


def test_hosts(full: App) -> None:
    """The ledger, and who asked to be left alone."""
    rows = page(full, query="show=hosts&lang=en").xpath("//tbody/tr")

    assert len(Health) == len(rows)
    assert ["www-16.example 1456 1200 5.1 MiB 93.5 MiB 1.0 2024.3.4 12:00 (429)"] == [
        " ".join(words(cell) for cell in row) for row in rows if "429" in words(row)
    ]


@pytest.mark.parametrize("query", ["show=hosts", "show=hosts&lang=en"])
def test_hosts_that_share_a_row_are_named_so(app: App, query: str) -> None:
    """Not by the sign that stands for them in the store."""
    app.desk.store.record_visits([], manners=[Manners(host=OTHER_HOSTS, requests=3)])
    (row,) = page(app, query=query).xpath("//tbody/tr")
    language = "en" if "en" in query else "ko"
    assert CATALOGUE.text("status.other_hosts", language) == words(row[0])


@pytest.mark.parametrize(("path", "query"), [("/status/html", ""), ("/status", "show=hosts")])
def test_values_bring_their_columns_name(full: App, path: str, query: str) -> None:
    """A narrow screen has no room for columns: each row is a card there, whose values are told
    apart by their names. When and what needs none."""
    table = page(full, path, query).xpath("//table")[0]
    names = [words(cell) for cell in table.xpath("./thead//th")]

    for row in table.xpath("./tbody/tr"):
        told = [cell.get("data-name") for cell in row]
        bare = told.count(None)
        assert [None] * bare + names[bare:] == told
        assert bare < 4


@pytest.mark.parametrize(("path", "query"), PAGES)
def test_a_refused_configuration_is_told_on_every_page(app: App, path: str, query: str) -> None:
    """With the file's name and each mistake; nothing is said while all is well."""
    assert [] == page(app, path, query).xpath("//*[@role='alert']")
    app.refused = ("line 21: no <such> key", "line 123: '1 hour' is no duration")
    (alert,) = page(app, path, query).xpath("//main//*[@role='alert']")
    assert "(feeds.toml)" in words(alert)
    assert [*app.refused] == [words(one) for one in alert.xpath(".//li")]


@pytest.mark.long
@needs_browser
def test_no_status_page_is_wider_than_a_phone(full: App, tmp_path: Path) -> None:
    """At 375 pixels every page is styled and scrolls in one direction only, tables too."""
    refused = App(full.config, full.clock, {})
    refused.__dict__ |= {"store": full.store, "desk": full.desk}
    refused.refused = ("line 21: " + "feeds[15].select.item." * 9,)
    files = {
        "status.css": ask(full, "/status.css").text.encode(),
        **{one.path: one.body for one in assets()},
    }
    names = []
    for number, (path, query) in enumerate([*PAGES[:2], ("/status/html", "")]):
        for language in ("ko", "en"):
            name = f"{'status/' if path.count('/') > 1 else ''}{language}-{number}.html"
            asked = f"{query}&lang={language}".strip("&")
            files[name] = ask(refused, path, query=asked).text.encode()
            names.append(name)
    for name, body in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(body)

    assert [f"{name} 375 375 800" for name in names] == phone_widths(tmp_path, *names)


def test_what_a_server_said_is_escaped(app: App) -> None:
    """Markup in an error's text is shown, never carried out."""
    state = FeedState(
        feed_id="msit",
        failures=3,
        error_code="not_a_feed",
        error_text="an HTML page <script>alert('시스템 점검')</script> instead of a feed",
        last_ok_at=NOW,
    )
    app.desk.store.record_visit(state, make_visit("msit", outcome=Outcome.FAILED))
    text = ask(app, "/status", query="lang=en").text

    assert "&lt;script&gt;alert(" in text
    assert "<script" not in text
    assert "failed 3 times in a row" in text


def test_what_was_stored_before_states_were_is_told_by_its_error(app: App) -> None:
    """A code of another version of the program too."""
    for code, health in (("timeout", Health.SLOW), ("from_the_future", Health.HTTP_ERROR)):
        state = FeedState(feed_id="msit", error_code=code, error_text="it failed", last_try_at=NOW)
        app.desk.store.record_visit(state, make_visit("msit", outcome=Outcome.FAILED))
        assert CATALOGUE.text(f"health.{health}", "ko") == words(
            page(app).xpath("//b[@class='tag']")[0]
        )


def test_an_empty_store_has_pages_too(app: App) -> None:
    """Nobody was visited yet."""
    assert len(app.desk.feeds) == len(page(app, query="show=new").xpath(f"{FEEDS}/li"))
    assert CATALOGUE.text("status.empty", "ko") in words(page(app, query="show=ill"))
    assert CATALOGUE.text("status.hosts_empty", "ko") in words(page(app, query="show=hosts"))
    assert CATALOGUE.text("status.visits_empty", "ko") in words(page(app, "/status/molit"))


@pytest.mark.long
def test_a_thousand_feeds_are_one_page(tmp_path: Path) -> None:
    """In less than 1.5 MB. Most days of most feeds are stored, in every
    state alike, which is more to say than of feeds that are well."""
    count = 1000
    file = tmp_path / "feeds.toml"
    file.write_text(config_text(count), encoding="utf-8")
    app = open_app(file, now=NOW, environ={})
    try:
        fill_days(app, count)
        answer = ask(app, "/status")
    finally:
        app.close()

    assert count == answer.text.count('role="img"')
    assert len(answer.text.encode()) < 1_500_000


def fill_days(app: App, count: int) -> None:
    """As ``fill``, but the days alone are copied from the first round of feeds."""
    fill(app, len(Health))
    app.sync()
    connection = sqlite3.connect(app.config.data_dir / "aggregator.db")
    with connection:
        for number in range(len(Health), count):
            first, copy = feed_name(number % len(Health)), feed_name(number)
            for table in ("feed_days", "feed_state"):
                names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                values = ", ".join("?" if name == "feed_id" else name for name in names)
                connection.execute(
                    f"INSERT INTO {table} ({', '.join(names)})"  # noqa: S608 - the test's own
                    f" SELECT {values} FROM {table} WHERE feed_id = ?",
                    (copy, first),
                )
    connection.close()


def test_the_desk_is_one_step_away(app: App) -> None:
    """From every page: who came from there goes back."""
    for path, href in (("/status", "desk"), ("/status/molit", "../desk")):
        (link,) = page(app, path).xpath(f"{MENU}//a[text()='편집실']")
        assert href == link.get("href")
