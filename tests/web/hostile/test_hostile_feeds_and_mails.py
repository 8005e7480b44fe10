"""What feeds and mails carry of items that mean harm: text and links for readers, nothing else."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import nh3
import pytest
from lxml import etree, html

from aggregator.domain.publishing import PrintedIssue
from aggregator.services.publishing.printed import printed_issues
from aggregator.text.public_url import public_url
from tests.fixtures import mime_lint
from tests.fixtures.browsing import browser_at_hand, needs_hands
from tests.fixtures.canary import canary_in
from tests.fixtures.hostile_newsroom import opened_again
from tests.fixtures.walking import MAIL

if TYPE_CHECKING:
    from playwright.sync_api import Route

pytestmark = pytest.mark.long

TAGS = frozenset(
    {
        "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em",
        "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s", "small",
        "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
    }
)  # fmt: skip
ATTRIBUTES = {"a": {"href", "title", "rel"}, "abbr": {"title"}, "td": {"colspan", "rowspan"},
              "th": {"colspan", "rowspan"}, "*": {"lang"}}  # fmt: skip
CONTROL = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What no text for readers holds: controls, and what turns it around."""
LEADS = ("href", "src", "url", "xmlUrl", "htmlUrl", "icon", "logo", "image", "external_url",
         "home_page_url", "feed_url", "banner_image")  # fmt: skip
CHUNK = 12


@pytest.fixture(scope="module")
def public(folders: dict[str, Path]) -> Path:
    """The site that was made of every payload, as it arrived and as it was pasted."""
    return folders["printed"] / "public"


def files(public: Path, *endings: str) -> Iterator[tuple[str, bytes]]:
    """Each file with one of these endings."""
    for file in sorted(public.rglob("*")):
        if file.name.endswith(endings):
            yield str(file.relative_to(public)), file.read_bytes()


def strings(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a JSON document with the name it stands under."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from strings(one, str(key))
    elif isinstance(value, list):
        for one in value:
            yield from strings(one, name)
    elif isinstance(value, str):
        yield name, value


def read_xml(body: bytes) -> Iterator[tuple[str, str]]:
    """Every text and attribute of a feed with its name, and ``html`` for what is markup."""
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, load_dtd=False))
    for one in root.iter(etree.Element):
        tag = etree.QName(one).localname
        is_html = one.get("type") == "html" or tag in {"encoded", "description"}
        yield "html" if is_html else tag, one.text or ""
        for name, value in one.attrib.items():
            yield etree.QName(name).localname, str(value)


def read_feed(path: str, body: bytes) -> list[tuple[str, str]]:
    """The same of a feed in whatever form."""
    if path.endswith(".json"):
        named = strings(json.loads(body))
        return [("html" if name == "content_html" else name, text) for name, text in named]
    return [*read_xml(body)]


def bad_markup(text: str) -> str:
    """What a strict cleaner would still take out of a piece of HTML, "" for nothing."""
    if "<" not in text:
        return ""
    cleaned = nh3.clean(
        text,
        tags=set(TAGS),
        attributes={name: set(names) for name, names in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    one, other = (etree.tostring(html.fragment_fromstring(x, "div")) for x in (text, cleaned))
    return "" if one == other else text[:200]


def test_every_feed_is_sound_and_holds_nothing_but_text_and_links(public: Path) -> None:
    """Each form of each feed, in each language: well-formed, no active markup, no scheme but http, https
    and mailto, no control characters."""
    faults: dict[str, list[str]] = {}
    seen = 0
    for path, body in files(public, ".atom", ".rss", ".json", ".opml"):
        for name, text in read_feed(path, body):
            seen += 1
            bad = [f"control in {name}"] if CONTROL.search(text) else []
            if name in LEADS and ":" in text and not public_url(text):
                bad.append(f"{name}={text[:100]}")
            if name == "html":
                bad += [f"markup {fault}" for fault in [bad_markup(text)] if fault]
                bad += [f"leads {one}" for one in _targets(text) if not _is_open(one)]
            if bad:
                faults.setdefault(path, []).extend(bad)
    assert seen > 3_000
    assert {} == faults


def _targets(text: str) -> list[str]:
    if "<" not in text:
        return []
    found: list[Any] = html.fragment_fromstring(text, "div").xpath(".//@href | .//@src")
    return [str(one) for one in found]


def _is_open(target: str) -> bool:
    return bool(public_url(target)) or urlsplit(target).scheme == "mailto"


def test_a_bad_feed_would_be_seen() -> None:
    """What the checks are made of does find it."""
    for text in (
        "<p onclick=x>a</p>",
        "<script>x</script>",
        '<a href="javascript:x">a</a>',
        "<svg><p>x</p></svg>",
        '<p style="position:fixed">x</p>',
    ):
        assert bad_markup(text), text
    assert CONTROL.search("a\u202eb")
    assert not _is_open("data:text/html,x")


@needs_hands
def test_a_reader_that_shows_what_feeds_hold_runs_nothing(public: Path) -> None:
    """The HTML of all entries of the feeds, in a page that has no policy."""
    base, faults = "http://reader.example/", {}
    with browser_at_hand() as browser, canary_in(browser, base) as canary:
        for path, body in files(public, "feed.atom", "feed.rss", ".json"):
            parts = [text for name, text in read_feed(path, body) if name == "html"]
            page = f"<!doctype html><meta charset=utf-8><header>x</header>{'<hr>'.join(parts)}"
            canary.page.route("**/*", shows(page))
            canary.page.goto(base)
            if canary.alarms:
                faults[path] = [*canary.alarms]
            canary.alarms.clear()
            canary.page.unroute("**/*")
    assert {} == faults


def shows(page: str) -> Callable[[Route], None]:
    """A server that has this page and no other."""
    return lambda route: route.fulfill(body=page, content_type="text/html")


# --- mails ----------------------------------------------------------------------------------------


def chunks(printed: PrintedIssue) -> Iterator[PrintedIssue]:
    """The issue in issues that are small enough for a mail to print all of it."""
    longest = max(len(section.items) for one in printed.editions for section in one.sections)
    for start in range(0, longest, CHUNK // 4):
        yield replace(
            printed,
            editions=tuple(
                replace(
                    edition,
                    sections=tuple(
                        replace(section, items=section.items[start : start + CHUNK // 4])
                        for section in edition.sections
                    ),
                )
                for edition in printed.editions
            ),
        )


@pytest.fixture(scope="module")
def letters(public: Path) -> list[bytes]:
    """A mail of every few items, in each language."""
    with opened_again(public.parent) as app:
        return [
            app.letters.letter(one, language, to="list@news.example").body
            for printed in printed_issues(app.desk)
            for one in chunks(printed)
            for language in ("ko", "en")
        ]


def test_every_mail_is_sound(letters: list[bytes]) -> None:
    """Headers, lines and parts; what a headline says is in no header."""
    assert len(letters) > 20
    expected = None
    for body in letters:
        assert [] == mime_lint.faults(body)
        message = email.message_from_bytes(body, policy=email.policy.default)
        names = [name.lower() for name in message]
        expected = expected or names
        assert expected == names
        assert not re.search(r"canary|script", "".join(map(str, message.values())))
        assert ["text/plain", "text/html"] == [
            one.get_content_type() for one in message.iter_parts()
        ]


def test_the_text_of_a_mail_has_no_controls(letters: list[bytes]) -> None:
    """A terminal or a mail program is told nothing."""
    for body in letters:
        message = email.message_from_bytes(body, policy=email.policy.default)
        plain, markup = (one.get_content() for one in message.iter_parts())
        assert not CONTROL.search(plain), CONTROL.search(plain)
        assert not CONTROL.search(markup), CONTROL.search(markup)


@needs_hands
def test_no_mail_runs_or_loads_anything(letters: list[bytes], tmp_path: Path) -> None:
    """As a file that somebody opens: nothing there but our own pictures, and nothing wider than the
    screen."""
    faults = {}
    with (
        browser_at_hand() as browser,
        canary_in(browser, "file:", "https://news.example/") as canary,
    ):
        for number, body in enumerate(letters):
            message = email.message_from_bytes(body, policy=email.policy.default)
            file = tmp_path / f"{number}.html"
            file.write_text([*message.iter_parts()][1].get_content(), encoding="utf-8")
            if found := canary.open(file.as_uri(), MAIL):
                faults[number] = found
    assert {} == faults
