from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import NotAFeed, ReadError, TooDeep, Undecodable
from aggregator.domain.items import Enclosure
from aggregator.read.parsing.documents import read_document
from aggregator.read.parsing.parts import MAX_PARTS, MAX_TEXT

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:ev="http://purl.org/rss/1.0/modules/event/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"'
)
URL = "https://city.example/rss/press.xml"


def rss(items: str, channel: str = "<title>시정 소식</title>") -> bytes:
    return f'<rss version="2.0" {SPACES}><channel>{channel}{items}</channel></rss>'.encode()


def test_rss_entry_is_raw() -> None:
    """Every part of an entry comes out in the document's own words."""
    found = read_document(
        rss(
            "<item><guid isPermaLink='false'>urn:7</guid><title><![CDATA[&quot;국토&middot;교통&quot;]]></title>"
            "<link>/view?a=1&amp;b=2</link><description>짧은 글</description>"
            "<content:encoded><![CDATA[<p>긴 글</p>]]></content:encoded>"
            "<pubDate>Mon, 27 Jul 2026 09:10:00 KST</pubDate><dc:date>2026-07-28</dc:date>"
            "<dc:creator>홍길동 (한국대학교)</dc:creator><category>보도자료</category>"
            "<media:thumbnail url='/t.jpg'/><enclosure url='/a.pdf' type='application/pdf' length='9'/>"
            "<ev:startdate>2026-08-01</ev:startdate><regdate>2026-07-26</regdate></item>"
        ),
        url=URL,
    )
    (entry,) = found.entries
    assert ("rss20", "시정 소식", "utf-8", ()) == (
        found.version, found.title, found.encoding, found.warnings,
    )  # fmt: skip
    assert ("urn:7", "&quot;국토&middot;교통&quot;") == (entry.guid, entry.title)
    assert "https://city.example/view?a=1&b=2" == entry.link
    assert ("짧은 글", "<p>긴 글</p>") == (entry.summary, entry.content)
    assert ("Mon, 27 Jul 2026 09:10:00 KST", "2026-07-28") == (entry.published, entry.updated)
    assert (("홍길동 (한국대학교)",), ("보도자료",)) == (entry.authors, entry.categories)
    assert "https://city.example/t.jpg" == entry.thumbnail
    assert (
        Enclosure(url="https://city.example/a.pdf", media_type="application/pdf", length=9),
    ) == entry.enclosures
    assert {"ev_startdate": "2026-08-01", "regdate": "2026-07-26"} == dict(entry.fields)


def test_atom_entry() -> None:
    """Atom's parts land where RSS's do; xml:base resolves links."""
    found = read_document(
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/x/"><title>A</title>'
        b'<entry><id>tag:a,1</id><title type="html">R&amp;amp;D</title><link href="v/1"/>'
        b"<updated>2024-02-27T09:00:00+09:00</updated><author><name>Hong</name></author>"
        b'<content type="html">&lt;p&gt;text&lt;/p&gt;</content></entry></feed>',
        url=URL,
    )
    (entry,) = found.entries
    assert ("atom10", "https://a.example/x/v/1", "tag:a,1") == (
        found.version, entry.link, entry.guid,
    )  # fmt: skip
    assert ("", "2024-02-27T09:00:00+09:00") == (entry.published, entry.updated)
    assert ("", "<p>text</p>") == (entry.summary, entry.content)


def test_dublin_core_date_alone_is_the_publication() -> None:
    """Where RSS has only dc:date, that is when the entry was published."""
    found = read_document(
        rss("<item><title>t</title><dc:date>2026-09-23 00:00:00</dc:date></item>")
    )
    assert ("2026-09-23 00:00:00", "") == (found.entries[0].published, found.entries[0].updated)


def test_content_before_description_is_not_mixed_up() -> None:
    """The order of the two texts does not matter."""
    item = "<item><title>t</title>{}</item>"
    parts = ["<content:encoded>long text</content:encoded>", "<description>short</description>"]
    for order in (parts, parts[::-1]):
        entry = read_document(rss(item.format("".join(order)))).entries[0]
        assert ("short", "long text") == (entry.summary, entry.content)


def test_entry_without_guid_has_none() -> None:
    """No id is invented from the link, and no link from an id."""
    found = read_document(
        rss(
            "<item><title>a</title><link>/a</link></item><item><title>b</title><guid>77</guid></item>"
        ),
        url=URL,
    )
    assert [("", "https://city.example/a"), ("77", "")] == [(e.guid, e.link) for e in found.entries]


def test_channel_link_resolves_where_no_address_is_known() -> None:
    """A document read from a file still gets whole links."""
    found = read_document(
        rss("<item><title>a</title><link>/a</link></item>", "<link>https://home.example/</link>")
    )
    assert "https://home.example/a" == found.entries[0].link


def test_damaged_document_is_read() -> None:
    """CP949 bytes under a UTF-8 claim, bare ampersands, entities and control characters."""
    text = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>소식</title>'
        "<item><title>R&D 예산 &middot; 펲\x0b</title><deion>본문</deion></item></channel></rss>"
    )
    found = read_document(b"\n" + text.encode("cp949"))
    assert ("R&D 예산 · 펲", "본문") == (found.entries[0].title, found.entries[0].summary)
    assert ("cp949", "utf-8") == (found.encoding, found.claimed)
    assert {
        "charset-mismatch", "control-characters", "bare-ampersands", "html-entities", "cut-tag-names",
    } == set(found.warnings)  # fmt: skip


def test_cut_off_document_gives_what_arrived() -> None:
    """The entries before the cut are kept and the cut is told."""
    whole = rss("<item><title>a</title></item><item><title>b</title></item>")
    found = read_document(whole[: whole.index(b"b</title>")])
    assert "a" == found.entries[0].title
    assert {"cut-off", "not-well-formed"} <= set(found.warnings)


def test_entities_of_a_document_type_do_no_harm() -> None:
    """No file of the machine gets in, and a bomb stays small."""
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE r [<!ENTITY e0 "boom">{names}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    found = read_document(bomb.encode() + rss("<item><title>x&e11;&f;</title></item>"))
    assert len(found.entries[0].title) < 10_000
    assert "root:" not in found.entries[0].title


@pytest.mark.parametrize(
    ("message", "body"),
    [
        (
            "an HTML page titled '시스템 점검' instead",
            "<!DOCTYPE html><html><head><title>시스템 점검</title>",
        ),
        ("an HTML page without a title instead", "<html><body>x</body></html>"),
        ("an empty body instead", ""),
        ("an empty body instead", " \n"),
        ("a JSON document instead", '{"a": 1}'),
        ("an XML document <urlset> instead", "<urlset><url/></urlset>"),
        ("plain text beginning 'Not found' instead", "Not found"),
        ("plain text beginning '/etc/passwd' instead", "/etc/passwd"),
    ],
)
def test_what_is_no_feed_is_named(message: str, body: str) -> None:
    """The error says in plain words what came instead."""
    with pytest.raises(NotAFeed, match=message):
        read_document(body.encode())


def test_binary_is_undecodable() -> None:
    """An image is refused before it is parsed."""
    with pytest.raises(Undecodable):
        read_document(b"\x89PNG\r\n\x1a\n" + bytes(100))


def test_a_feed_without_entries_is_a_feed() -> None:
    """A quiet board is not broken."""
    assert ((), ("no-entries",)) == (
        (found := read_document(rss(""))).entries, found.warnings,
    )  # fmt: skip


def test_texts_and_parts_are_bounded() -> None:
    """A text of a million characters and a thousand authors cost no more than a long release."""
    parts = "".join(
        f"<category>c{n}</category><dc:creator>a{n}</dc:creator>"
        f"<enclosure url='https://x.example/{n}' type='image/png' length='1'/>"
        for n in range(200)
    )
    text = "가" * 300_000
    found = read_document(
        rss(f"<item><title>t</title><description>{text}</description>{parts}</item>")
    )
    entry = found.entries[0]
    assert MAX_TEXT == len(entry.summary)
    assert (MAX_PARTS, MAX_PARTS) == (len(entry.categories), len(entry.enclosures))
    assert len(entry.authors) <= MAX_PARTS
    assert {"text-cut", "parts-cut"} <= set(found.warnings)


FRAGMENTS = st.sampled_from(
    [
        b"<rss version='2.0'>", b"<channel>", b"<item>", b"</item>", b"<title>", b"</title>", b"&",
        b"<![CDATA[", b"]]>", b"<link>", b"http://[", b"<guid>", b"<pubDate>", b"9999-99-99T99:99Z",
        b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<entry>", b"<content type='xhtml'>",
        b"<content type='application/x' mode='base64'>", b"<div>", b"\xb0\xa1", b"\xff", b"<!DOCTYPE",
        b"<rdf:RDF>", b"<georss:point>", b"1 x", b"<enclosure url='' length='x'/>", b"<author>",
        b"<media:content url='//['/>", b"<category domain=''>", b"<!--", b"&#xD800;", b"&#99999999;",
        b"<itunes:explicit>", b"<source url='http://['>", b"xml:base='http://['", b"<a href='", b">",
    ]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=120), st.lists(FRAGMENTS, max_size=25).map(b"".join)))
def test_any_bytes_are_a_feed_or_a_read_error(body: bytes) -> None:
    """Nothing but the two errors leaves, and small inputs take no time."""
    started = time.process_time()
    try:
        read_document(body, url=URL)
    except ReadError as error:
        assert "\n" not in str(error)  # noqa: PT017
    assert time.process_time() - started < 2


def test_thousands_of_elements_that_nobody_closes_are_too_deep() -> None:
    """Their tags were taken for text, and what is left would pass for a feed without entries."""
    with pytest.raises(TooDeep, match="never closed"):
        read_document(b"<rss><channel>" + b"<a>" * 10_000)


def test_elements_that_html_lets_stand_open_are_none_of_these() -> None:
    """A long text in old HTML has thousands of line breaks."""
    text = b"<![CDATA[" + b"<br>" * 10_000 + b"]]>"
    body = (
        b"<rss><channel><item><title>x</title><description>%s</description></item></channel></rss>"
    )
    assert 1 == len(read_document(body % text).entries)
