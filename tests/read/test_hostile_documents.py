"""Documents made to hurt their reader: bounded work, and a named error or an honest reading."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest

from aggregator.domain.errors import (
    EmptyBody,
    HtmlPage,
    NotAFeed,
    ReadError,
    TooDeep,
    Undecodable,
)
from aggregator.domain.items import Item
from aggregator.ports.reading import Inspected
from aggregator.read.parsing.bounds import MAX_DEPTH
from aggregator.read.parsing.parts import MAX_ENTRIES, MAX_PARTS, MAX_TEXT
from aggregator.services.trials.inspect import inspect_document
from tests.fixtures.records import make_feed

pytestmark = pytest.mark.long

SECONDS = 8.0
"""Of processor time; a guard against hanging on a busy machine, no measure of speed."""

SEEN_AT = datetime(2026, 7, 27, tzinfo=UTC)
MANY = 100_000


def read(document: str | bytes, charset: str = "") -> Inspected:
    """A document read within the bound."""
    body = document.encode() if isinstance(document, str) else document
    started = time.process_time()
    try:
        return inspect_document(
            body,
            feed=make_feed(),
            now=SEEN_AT,
            charset=charset,
            base_url="https://molit.example/rss",
        )
    finally:
        assert time.process_time() - started < SECONDS


def refusal(document: str | bytes) -> type[ReadError] | None:
    """The error of a document that is refused."""
    try:
        read(document)
    except ReadError as error:
        return type(error)
    return None


def rss(inner: str, declared: str = "") -> str:
    """A feed of these elements."""
    return (
        f"<rss version='2.0'{declared}><channel><title>보도</title>"
        f"<link>https://molit.example/</link>{inner}</channel></rss>"
    )


def entry(inner: str) -> str:
    """An entry that has these elements too."""
    return f"<item><title>스마트도시</title><link>https://molit.example/1</link>{inner}</item>"


def only(document: str | bytes) -> Item:
    """The one item of a document."""
    (item,) = read(document).items
    return item


def many(make: Callable[[int], str], count: int = 20_000) -> str:
    """Elements that differ by their number."""
    return "".join(map(make, range(count)))


def tag_with(make: Callable[[int], str]) -> str:
    """An element with two hundred thousand attributes."""
    return f"<a{many(make, 200_000)}/>"


# Entities and document types.


def test_laughs_do_not_grow() -> None:
    """Entities of entities are read as text."""
    subset = "<!ENTITY a0 'ha'>" + many(lambda n: f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>", 12)

    item = only(f"<!DOCTYPE l [{subset}]>" + rss(entry("<description>&a12;</description>")))

    assert "&a12;" == item.raw["summary"]


@pytest.mark.parametrize(("length", "count"), [(100_000, 100_000), (1900, 500_000)])
def test_one_long_entity_named_often_does_not_grow(length: int, count: int) -> None:
    """What entities become is bounded in all."""
    subset = f"<!ENTITY a '{'x' * length}'>"

    found = read(
        f"<!DOCTYPE l [{subset}]>" + rss(entry(f"<description>{'&a;' * count}</description>"))
    )

    assert MAX_TEXT >= len(found.parsed.entries[0].summary)


@pytest.mark.parametrize(
    "subset",
    [
        "<!ENTITY x SYSTEM '{canary}'>",
        "<!ENTITY x PUBLIC 'p' '{canary}'>",
        "<!ENTITY % x SYSTEM '{canary}'> %x;",
        "<!ENTITY % p \"<!ENTITY x SYSTEM '{canary}'>\"> %p;",
    ],
)
def test_no_entity_opens_a_file(subset: str, tmp_path: object) -> None:
    """Neither general nor parameter entities, nor the document type's own file."""
    canary = f"{tmp_path}/canary"
    with open(canary, "w", encoding="utf-8") as file:  # noqa: PTH123 - a name is what entities have
        file.write("GEHEIM")
    told = subset.format(canary=f"file://{canary}")

    found = read(
        f"<!DOCTYPE rss SYSTEM 'file://{canary}' [{told}]>"
        + rss(entry("<description>&x;</description>"))
    )

    assert "GEHEIM" not in repr(found)
    assert ["스마트도시"] == [item.title for item in found.items]


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE rss>",
        "<!doctype rss>",
        "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://127.0.0.1:9/rss.dtd'>",
        "<!DOCTYPE rss [<!ELEMENT rss ANY> <!ATTLIST rss version CDATA '2.0'>]>",
        "<!DOCTYPE rss [" + "<!ENTITY a 'x'>" * MANY + "]>",
        "<!DOCTYPE rss [<!-- ]> --> <!ENTITY a 'x'>]>",
    ],
)
def test_a_document_type_is_left_out(doctype: str) -> None:
    """In all its forms."""
    found = read(doctype + rss(entry("")))

    assert ["스마트도시"] == [item.title for item in found.items]


@pytest.mark.parametrize(
    "document",
    ["<!DOCTYPE l [" * MANY, "<!DOCTYPE l [" + "<!ENTITY % p SYSTEM 'file:///x'> %p;" * MANY],
)
def test_document_types_without_end_are_no_feed(document: str) -> None:
    """Nor do they take long."""
    assert NotAFeed is refusal(document)


# Nesting.


@pytest.mark.parametrize(
    "document",
    [
        rss(entry("<a>" * MANY + "</a>" * MANY)),
        rss("<item><title>x</title>" * MANY + "</item>" * MANY),
        rss(entry("<media:group>" * MANY + "</media:group>" * MANY)),
        (
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a</id><content type='xhtml'>"
            f"{'<div>' * MANY}x{'</div>' * MANY}</content></entry></feed>"
        ),
        "<a>" * MANY + rss("") + "</a>" * MANY,
        '{"version":"https://jsonfeed.org/version/1","items":' + "[" * MANY,
        '{"items":' + '{"a":' * MANY,
    ],
    ids=["elements", "entries", "groups", "xhtml", "around", "arrays", "objects"],
)
def test_deep_nesting_is_too_deep(document: str) -> None:
    """A hundred thousand levels, of elements or brackets."""
    assert refusal(document) in {TooDeep, NotAFeed}


def test_the_depth_bound_is_the_stated_one() -> None:
    """rss, channel and item are levels too."""
    inner = MAX_DEPTH - 3

    assert refusal(rss(entry("<a>" * inner + "</a>" * inner))) is None
    assert TooDeep is refusal(rss(entry("<a>" * (inner + 1) + "</a>" * (inner + 1))))


@pytest.mark.parametrize(
    "markup",
    [
        "<![CDATA[" + "<div>" * MANY + "글" + "</div>" * MANY + "]]>",
        "<![CDATA[" + "<b>" * MANY + "글]]>",
        "<![CDATA[" + "<table><tr><td>" * MANY + "글]]>",
        "&lt;div&gt;" * MANY + "글" + "&lt;/div&gt;" * MANY,
    ],
    ids=["closed", "open", "tables", "escaped"],
)
def test_deep_html_in_a_text_is_cut(markup: str) -> None:
    """The feed is read; of that entry's text the first characters, without its tags."""
    other = "<item><title>다음</title><guid>2</guid></item>"
    found = read(rss(entry(f"<description>{markup}</description>") + other))

    assert 2 == len(found.items)
    assert "text-cut" in found.warnings
    assert MAX_TEXT >= len(found.parsed.entries[0].summary)
    assert "<div><div>" not in found.items[0].content


def test_open_elements_are_text() -> None:
    """What nobody closes is no element, however much there is of it."""
    assert refusal(f"<rss version='2.0'><channel><item><title>x</title>{'<a>' * MANY}") is None


# Many of a kind.


@pytest.mark.parametrize(
    "inner",
    [
        tag_with(lambda n: f" a{n}='x'"),
        tag_with(lambda n: f" a{n}=x"),
        tag_with(lambda _: " a='x'"),
        tag_with(lambda n: f" xmlns:a{n}='urn:{n}'"),
        many(lambda n: f"<a{n}:a xmlns:a{n}='urn:{n}'/>"),
        many(lambda n: f"<a{n}:a/>"),
        many(lambda n: f"<a{n}>x</a{n}>"),
        many(lambda n: f"<category>c{n}</category>"),
        many(lambda n: f"<author>a{n}@molit.example (홍길동 {n})</author>"),
        many(lambda n: f"<dc:creator>c{n}</dc:creator>"),
        many(lambda n: f"<link>https://molit.example/{n}</link>"),
        many(lambda n: f"<enclosure url='https://molit.example/{n}.hwp' type='x' length='1'/>"),
        "<media:group>"
        + many(lambda n: f"<media:content url='https://molit.example/{n}.jpg'/>")
        + "</media:group>",
        many(lambda n: f"<media:group><media:title>{n}</media:title></media:group>"),
        many(lambda n: f"<content:encoded>{n}</content:encoded>"),
        many(lambda n: f"<description>{n}</description>"),
        many(lambda n: f"<guid>{n}</guid>"),
        many(lambda n: f"<source url='x'>{n}</source>"),
        many(lambda n: f"<georss:point>{n} 2</georss:point>"),
    ],
    ids=[
        "attributes", "bare-attributes", "same-attribute", "namespaces", "own-namespaces",
        "prefixes", "names", "categories", "authors", "creators", "links", "enclosures", "media",
        "groups", "contents", "descriptions", "guids", "sources", "points",
    ],
)  # fmt: skip
def test_many_parts_of_one_entry_are_cut(inner: str) -> None:
    """The entry is read, and so is the one behind it."""
    found = read(rss(entry(inner) + "<item><title>다음</title></item>"))

    parsed = found.parsed.entries[0]
    assert "다음" == found.items[-1].title
    assert MAX_PARTS >= max(
        len(each) for each in (parsed.authors, parsed.categories, parsed.enclosures, parsed.images)
    )


@pytest.mark.parametrize(
    "inner",
    ["<item/>" * 300_000, "<item>" * MANY + "</item>"],
    ids=["nothing", "open"],
)
def test_a_million_entries_are_not_read_to_the_end(inner: str) -> None:
    """The first ones are, or it is said to be nested."""
    try:
        found = read(rss(inner))
    except TooDeep:
        return

    assert MAX_ENTRIES == len(found.parsed.entries)
    assert "too-many-entries" in found.warnings


def test_what_stands_before_the_last_entry_read_is_kept() -> None:
    """Reading ends there, with everything before."""
    found = read(rss(many(lambda n: f"<item><title>제목 {n}</title></item>", MAX_ENTRIES + 500)))

    assert f"제목 {MAX_ENTRIES - 1}" == found.items[-1].title
    assert "보도" == found.parsed.title


def test_thousands_of_copies_are_one_item() -> None:
    """An entry that stands there again is the same one."""
    found = read(rss(entry("<guid>1</guid><description>본문이다.</description>") * 3000))

    assert 1 == len(found.items)


# Long texts.


@pytest.mark.parametrize("text", ["가나 " * 500_000, "a" * 5_000_000 + "😀"])
@pytest.mark.parametrize("name", ["title", "description", "link"])
def test_a_text_of_five_megabytes_is_fine(name: str, text: str) -> None:
    """On one line, in any element."""
    assert 1 == len(read(rss(f"<item><title>x</title><{name}>{text}</{name}></item>")).items)


RUNS = (
    " ", "<", "&", "[", "]", "(", ")", "{", "}", "'", '"', "0", "a", "가", "<![CDATA[", "<!--",
    "-->", "]]", "\n", "\r\n", "[보도", "[보도자료]", "(석간)", "[9.23.목.조간]", "2026.", "2026년 ",
    "<b>", "<b ", "</b>", "<a href=", "&lt;", "&amp;", "&#", "&#55357;", "http://", "//", "../",
    "?a=", "#", ";", "%", "@", "a@", ".", ",", "-", "=", "*", "\\", "|", "·", "~", "function(",
    "{a:b;}", "var a=", "\u1100\u1161", "\u202e", "기자 ", '="', "<?", "<!", "<!DOCTYPE", "이다. ",
)  # fmt: skip
FIELDS = ("title", "description", "link", "guid", "category", "author", "pubDate", "regdate")


@pytest.mark.parametrize("run", RUNS)
def test_long_runs_make_no_pattern_look_back(run: str) -> None:
    """Forty thousand characters of a sign in every element, and as a document."""
    text = run * (40_000 // len(run))
    literal = "<![CDATA[" + text.replace("]]>", "]] >") + "]]>"
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")

    for name in FIELDS:
        read(rss(f"<item><title>x</title><{name}>{literal}</{name}></item>"))
    read(rss(f'<item><title>x</title><enclosure url="{escaped}" type="{escaped}"/></item>'))
    refusal(text)
    refusal(f"<rss version='2.0'><channel><item><title>x</title>{text}")


# Bytes.


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff\ufeff"])
def test_wide_characters_are_read(codec: str, mark: str) -> None:
    """UTF-16 and UTF-32, with marks and without."""
    assert "스마트도시" == only((mark + rss(entry(""))).encode(codec)).title


@pytest.mark.parametrize("body", [b"\xff" * MANY, b"\0" * MANY, b"\x00\xd8" * MANY, b"\x80" * 9])
def test_noise_is_refused(body: bytes) -> None:
    """Whatever the bytes are, there is a name for it."""
    assert refusal(body) in {Undecodable, NotAFeed}


def test_broken_bytes_do_not_hide_their_neighbours() -> None:
    """What can be read of a title is."""
    body = rss(entry("")).encode().replace("도시".encode(), b"\xff\xfe\x00")

    assert only(body).title.startswith("스마트")


def test_control_characters_are_left_out() -> None:
    """All that XML forbids, as bytes and as references."""
    controls = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32)]))
    references = "".join(f"&#{number};" for number in range(32))
    item = only(
        rss(
            f"<item><title>스마트{controls}도시{references}</title><guid>1</guid>"
            f"<description>{'본문이다. ' * 100}</description></item>"
        )
    )

    assert "스마트도시" == "".join(item.title.split())
    assert item.title.isprintable()


@pytest.mark.parametrize("percent", range(0, 100, 4))
def test_a_truncated_document_is_read_or_refused(percent: int) -> None:
    """Wherever it breaks off, without an entry that is none."""
    whole = rss(
        many(
            lambda n: (
                f"<item><title>제목 {n}</title><guid>{n}</guid>"
                f"<description><![CDATA[<p>본문 {n}]]></description></item>"
            ),
            20,
        )
    ).encode()
    try:
        found = read(whole[: len(whole) * percent // 100])
    except NotAFeed:
        return

    assert [f"제목 {n}" for n in range(len(found.items))] == [item.title for item in found.items]


# What texts say.


@pytest.mark.parametrize(
    "title", ["%s %d %n", "{0} {title}", "${jndi:ldap://x}", "{{7*7}}", "'; DROP TABLE items;--"]
)
def test_formats_are_text(title: str) -> None:
    """Nobody fills them in."""
    assert title == only(rss(f"<item><title>{title}</title><guid>1</guid></item>")).title


def test_line_ends_in_titles_are_blanks() -> None:
    """No header, log or mail gets a second line of it."""
    item = only(rss("<item><title>제목&#13;&#10;Bcc: x@y.example</title><guid>1</guid></item>"))

    assert "제목 Bcc: x@y.example" == item.title


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:x", "vbscript:x", "file:///x"]
)
def test_links_that_are_programs_are_dropped(link: str) -> None:
    """From entries and from texts."""
    item = only(
        rss(
            f"<item><title>x</title><guid>1</guid><link>{link}</link>"
            f"<description><![CDATA[<a href='{link}'>글이다.</a>]]></description></item>"
        )
    )

    assert "" == item.link
    assert "href" not in item.content


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 01 Jan 0001 00:00:00 GMT", "0001-01-01", "0001-01-01T00:00:00+23:59",
        "Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59-23:59", "10000-01-01", "0000-00-00",
        "2026-02-30", "99999999999999", "Mon, 27 Jul 2026 99:99:99 +9999", "2026-07-27 24:00:00",
    ],
)  # fmt: skip
def test_impossible_dates_do_no_harm(date: str) -> None:
    """An item is read, and its date is no later than its first sight allows."""
    item = only(rss(entry(f"<pubDate>{date}</pubDate>")))

    assert item.published is None or item.published.at.year <= SEEN_AT.year


def test_every_zone_is_a_date_or_none() -> None:
    """Names of zones, whether known to feeds or not."""
    names = sorted(available_timezones())
    document = rss(
        "".join(
            f"<item><title>{name}</title><guid>{name}</guid>"
            f"<pubDate>Mon, 27 Jul 2026 09:10:00 {name}</pubDate></item>"
            for name in names
        )
    )

    assert names == [item.title for item in read(document).items]


def test_surrogates_in_names_of_json_are_left_out() -> None:
    """They are no text, and could not be stored."""
    found = read(
        '{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"x\\ud800",'
        '"_a\\ud800":"b","_c":{"d\\udfff":"e"}}]}'
    )

    assert {"a": "b", "c_d": "e"} == dict(found.parsed.entries[0].fields)


def test_huge_numbers_of_json_are_their_digits() -> None:
    """No arithmetic is done with them."""
    digits = "9" * MANY
    found = read(
        '{"version":"https://jsonfeed.org/version/1","items":[{"id":' + digits + ',"title":"x"}]}'
    )

    assert "x" == found.items[0].title


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", EmptyBody),
        (b" \n", EmptyBody),
        (b"<!DOCTYPE html><html><head><title>x</title></head></html>", HtmlPage),
        (b"<html><body>" + b"<div>" * MANY, HtmlPage),
        (b"{}", NotAFeed),
        (b"<" * 1_000_000, NotAFeed),
        (b"&" * 1_000_000, NotAFeed),
        (b" " * 5_000_000, EmptyBody),
    ],
    ids=["nothing", "blank", "page", "deep-page", "json", "angles", "ampersands", "blanks"],
)
def test_what_came_instead_has_a_name(body: bytes, kind: type[ReadError]) -> None:
    """So that a feed's state can say it."""
    assert kind is refusal(body)
