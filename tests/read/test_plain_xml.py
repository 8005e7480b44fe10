"""The quick way of reading plain feeds: what it reads is what feedparser reads, field by field."""

from __future__ import annotations

import gzip
import html
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.errors import ReadError
from aggregator.domain.feeds import Feed, Parser
from aggregator.read.decoding.charset import decode
from aggregator.read.mending.mend import mend
from aggregator.read.parsing.plain_xml import parse_plainly
from aggregator.read.parsing.xml_feed import read_xml
from aggregator.services.trials.inspect import inspect_document
from benchmarks.refresh_corpus import Revision, write
from tests.fixtures.feedparser_documents import HOW, feedparser_documents

ROOT = Path(__file__).parents[2]
URL = "https://news.example/feed"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:own="https://own.example/ns"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)
ATOM = 'xmlns="http://www.w3.org/2005/Atom"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'


def mended(body: bytes) -> str | None:
    """A document as it comes to the parsers; None for what does not."""
    try:
        return mend(decode(body, header="", override=None).text).text
    except ReadError:
        return None


def outcome(text: str, *, quick: bool) -> object:
    """What a document is read as, or why it is not."""
    try:
        return read_xml(text, url=URL, quick=quick)
    except ReadError as error:
        return repr(error)


def differing(documents: Iterable[tuple[str, bytes]]) -> tuple[list[str], int]:
    """The documents that the two ways read differently, and how many were plain."""
    wrong: list[str] = []
    plain = 0
    for name, body in documents:
        text = mended(body)
        if text is None or parse_plainly(text) is None:
            continue
        plain += 1
        if outcome(text, quick=True) != outcome(text, quick=False):
            wrong.append(name)
    return wrong, plain


def rss(inner: str, channel: str = "", *, root: str = NAMESPACES) -> str:
    """A document of RSS 2.0 with one item."""
    return (
        f'<rss version="2.0" {root}><channel><title>보도자료</title><link>https://news.example/</link>'
        f"{channel}<item><title>첫 기사</title>{inner}</item></channel></rss>"
    )


def atom(inner: str, feed: str = "", *, root: str = ATOM) -> str:
    """A document of Atom with one entry."""
    return f"<feed {root}><title>소식</title>{feed}<entry><id>urn:1</id>{inner}</entry></feed>"


def rdf(inner: str, channel: str = "", *, root: str = f"{RDF} {DC}") -> str:
    """A document of RSS 1.0 with one item."""
    return (
        f'<rdf:RDF {root}><channel rdf:about="/"><title>소식</title>{channel}</channel>'
        f'<item rdf:about="/1"><title>제목</title>{inner}</item></rdf:RDF>'
    )


def test_the_zoo_is_read_alike() -> None:
    """Each case that is plain; most are, for what is odd in them was mended before."""
    cases = sorted((ROOT / "tests" / "zoo").glob("*.xml"))

    wrong, plain = differing((case.name, case.read_bytes()) for case in cases)

    assert wrong == []
    assert plain > len(cases) // 2


def test_feedparsers_own_documents_are_read_alike() -> None:
    """Which of them are plain: they show one oddity each, and many have that in a known element."""
    documents = feedparser_documents()
    if not documents:
        pytest.skip(HOW)

    wrong, plain = differing(documents.items())

    assert wrong == []
    assert plain > 100


def test_made_feeds_are_plain_and_read_alike(tmp_path: Path) -> None:
    """All formats of the benchmark's feeds."""
    write(tmp_path / "feeds", 40, Revision(newest=datetime(2026, 11, 30, tzinfo=UTC)))
    made = [
        (each.name, gzip.decompress(each.read_bytes())) for each in (tmp_path / "feeds").iterdir()
    ]

    assert differing(made) == ([], 40)


@pytest.mark.parametrize(
    "document",
    [
        rss("<link>https://a.example/1</link><pubDate>Tue, 01 Dec 2026 09:00:00 +0900</pubDate>"),
        rss('<guid isPermaLink="false">1</guid><enclosure url="/a.pdf" type="Application/PDF"/>'),
        rss("<author>a@b.example (홍길동)</author><dc:creator>대변인실</dc:creator>"),
        rss(
            '<category domain="d">교통</category><category>교통</category><dc:subject>버스</dc:subject>'
        ),
        rss(
            "<content:encoded>&lt;p&gt;본문&lt;/p&gt;</content:encoded><description>요약</description>"
        ),
        rss('<media:thumbnail url="/a.jpg"/><media:content url="/a.mp4" type="Video/MP4"/>'),
        rss("<writer>담당자</writer><no>12</no><comments>/1#comments</comments>"),
        rss("", "<image><url>/logo.png</url><title>로고</title></image><ttl>60</ttl>"),
        rss("", '<atom:link rel="self" href="/rss"/><webMaster>w@b.example</webMaster>'),
        rss("<link>/?a=1&amp;copy;=2</link>", "<sy:updatePeriod>hourly</sy:updatePeriod>"),
        atom('<title type="html">&lt;b&gt;제목&lt;/b&gt;</title><link href="/1"/>'),
        atom('<link rel="alternate" type="text/plain" href="/1.txt"/><summary>요약</summary>'),
        atom('<content type="html">본문</content><link rel="enclosure" href="/a.pdf" length="9"/>'),
        atom(
            "<author><name>홍길동</name><email>h@a.example</email></author><published>x</published>"
        ),
        atom('<category term="t" label="표지"/>', "<icon>/i.png</icon><subtitle>부제</subtitle>"),
        atom("<title>t</title>", root=f'{ATOM} xml:lang="ko_KR"'),
        rdf(
            "<dc:date>2026-12-01</dc:date>",
            '<items><rdf:Seq><rdf:li resource="/1"/></rdf:Seq></items>',
        ),
    ],
)
def test_plain_documents_are_read_quickly(document: str) -> None:
    """Each known element, and the same of it as feedparser has."""
    assert parse_plainly(document) is not None
    assert outcome(document, quick=True) == outcome(document, quick=False)


@pytest.mark.parametrize(
    "document",
    [
        "not a document",
        rss("<link>https://a.example/1</link")[:-20],
        rss("<title>zwei</title>"),
        rss("<description>eins <b>fett</b></description>"),
        rss("behind a title"),
        rss("<own:thing>1</own:thing>"),
        rss('<link xml:base="https://b.example/">/1</link>'),
        rss('<description xml:lang="en">text</description>'),
        rss("<source url='https://a.example/rss'>other</source>"),
        rss("<media:title>zwei</media:title>"),
        rss("<pubdate>in small letters</pubdate>"),
        rss("", "<skipHours><hour>1</hour></skipHours>"),
        rss("</item><description>behind an item</description><item>"),
        rss("", root='xmlns="http://purl.org/rss/1.0/"'),
        rss("", root='xmlns:dc="https://other.example/"'),
        rss("", root='xmlns:x="http://purl.org/rss/1.0/"'),
        atom('<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a</div></content>'),
        atom('<content type="application/pdf">AAAA</content>'),
        atom('<content src="/1"/>'),
        atom('<title type="">AAAA</title>'),
        atom("<title>1</title><link>https://a.example/1</link>"),
        atom("<author><name>1</name></author><author><name>2</name></author>"),
        atom("<summary>\u00c2\u0093</summary>"),
        atom("<own>1</own>"),
        rdf("", root=f'{RDF} xmlns:a="http://www.w3.org/2005/Atom"'),
        rdf('</item><image rdf:about="/i"/><item rdf:about="/2">'),
    ],
)
def test_whatever_is_unusual_is_left_to_feedparser(document: str) -> None:
    """One thing that is not plain, and the whole document is read by feedparser."""
    assert parse_plainly(document) is None


TEXTS = st.text(
    st.one_of(
        st.sampled_from("가나 \n\t<>&;'\"#.,:/-_()[]@?=%0Aaz\u00a0\u00e9\u00c3\u00a9\u200b\u202e…"),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=24,
)
WORDS = st.one_of(
    TEXTS,
    st.sampled_from([
        "", " ", "/1?a=1&b=2", "https://a.example/1", "a@b.example (홍길동)", "홍길동 <a@b.example>",
        "Tue, 01 Dec 2026 09:00:00 +0900", "2026-12-01", "&lt;b&gt;", "&amp;amp;", "<p>글</p>", "caf\u00c3\u00a9",
        "//a.example/1", "http:///a.example", "mailto:a@b.example", "true", "html", "self",
    ]),
)  # fmt: skip
PLAIN_RSS = {
    "title": "type", "link": "", "guid": "isPermaLink", "pubDate": "", "description": "", "author": "",
    "category": "domain", "comments": "", "writer": "", "language": "", "dc:creator": "", "dc:date": "",
    "dc:subject": "", "content:encoded": "", "ttl": "",
}  # fmt: skip
PLAIN_ATOM = {
    "title": "type", "id": "", "updated": "", "published": "", "summary": "type", "content": "type",
    "rights": "type", "icon": "",
}  # fmt: skip
BARE = {
    "enclosure": "url type length", "media:thumbnail": "url width", "media:content": "url type medium",
    "atom:link": "rel href type", "link": "rel href type title", "category": "term label scheme",
}  # fmt: skip
"""Elements that have attributes alone."""
RSS_TAGS = [
    *PLAIN_RSS, "image", "source", "media:group", "own:thing", "b", "pubdate", "generator", "lastBuildDate",
    "managingEditor", "webMaster", "copyright", "sy:updatePeriod",
]  # fmt: skip
ATOM_TAGS = [*PLAIN_ATOM, "logo", "subtitle", "generator", "contributor", "source", "author"]
ATTRIBUTES = ["type", "href", "url", "rel", "version", "uri", "xml:lang", "xml:base", "src"]
VALUES = st.one_of(
    WORDS, st.sampled_from(["true", "false", "html", "text", "self", "enclosure", "/a"])
)


@st.composite
def elements(draw: st.DrawFn, tag: str, attributes: list[str]) -> str:
    """One element with some of these attributes."""
    named = draw(st.lists(st.sampled_from(attributes), unique=True)) if attributes else []
    said = "".join(f' {name}="{html.escape(draw(VALUES))}"' for name in named)
    return f"<{tag}{said}>{html.escape(draw(WORDS))}</{tag}>"


@st.composite
def bare_elements(draw: st.DrawFn, tag: str) -> str:
    """One element with all its attributes and no text."""
    said = "".join(f' {name}="{html.escape(draw(VALUES))}"' for name in BARE[tag].split())
    return f"<{tag}{said}/>"


@st.composite
def wild_elements(draw: st.DrawFn, tags: list[str]) -> str:
    """One element with what it may not have."""
    tag = draw(st.sampled_from(tags))
    inner = draw(st.sampled_from(["<name>홍길동</name>", "<url>/a.png</url>", "<b>글</b>", "글"]))
    named = draw(st.lists(st.sampled_from(ATTRIBUTES), max_size=1))
    said = "".join(f' {name}="/1"' for name in named)
    return f"<{tag}{said}>{inner}</{tag}>"


@st.composite
def parts(draw: st.DrawFn, *, is_rss: bool) -> str:
    """What stands in a channel or an entry: mostly known elements, once each."""
    known = PLAIN_RSS if is_rss else PLAIN_ATOM
    bare = ["enclosure", "media:thumbnail", "media:content"] if is_rss else ["link", "category"]
    tags = draw(st.lists(st.sampled_from([*known, *bare]), unique=True, max_size=6))
    found = [
        draw(bare_elements(tag) if tag in bare else elements(tag, known[tag].split()))
        for tag in tags
    ]
    if draw(st.integers(0, 9)) == 0:
        found.insert(0, draw(wild_elements(RSS_TAGS if is_rss else ATOM_TAGS)))
    return "".join(found)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A document of RSS or Atom."""
    is_rss = draw(st.booleans())
    inside = parts(is_rss=is_rss)
    tag = "item" if is_rss else "entry"
    entries = draw(st.lists(inside, max_size=3))
    inner = "".join(f"<{tag}>{each}</{tag}>" for each in entries)
    head = draw(inside) if draw(st.booleans()) else "<title>소식</title>"
    if is_rss:
        return f'<rss version="2.0" {NAMESPACES}><channel>{head}{inner}</channel></rss>'
    return f"<feed {ATOM}>{head}{inner}</feed>"


@given(documents())
def test_both_ways_read_the_same(document: str) -> None:
    """Whatever stands in a document, plain or not."""
    text = mended(document.encode())
    assert text is not None
    assert outcome(text, quick=True) == outcome(text, quick=False)


def _subsets() -> Iterator[str]:
    """Each two elements of an item or an entry beside each other, in both orders."""
    for tags, whole in ((RSS_TAGS, rss), (ATOM_TAGS, atom)):
        for one in tags:
            for other in tags:
                yield whole(f"<{one}>/1</{one}><{other}>둘 &amp; 셋</{other}>")


def test_no_two_elements_change_each_other() -> None:
    """The order in which elements come matters to feedparser."""
    wrong, plain = differing((each, each.encode()) for each in _subsets())

    assert wrong == []
    assert plain > 100


def test_the_switch_leaves_every_document_to_feedparser(monkeypatch: pytest.MonkeyPatch) -> None:
    """``parser = "feedparser"`` of a feed."""
    asked: list[str] = []

    def noted(text: str) -> None:
        asked.append(text)

    monkeypatch.setattr("aggregator.read.parsing.xml_feed.parse_plainly", noted)
    feed = Feed(id="f", url=URL, title="소식", body="", parser=Parser.FEEDPARSER)

    found = inspect_document(rss("").encode(), feed=feed, now=datetime(2026, 12, 1, tzinfo=UTC))
    inspect_document(
        rss("").encode(),
        feed=replace(feed, parser=Parser.AUTO),
        now=datetime(2026, 12, 1, tzinfo=UTC),
    )

    assert [item.title for item in found.items] == ["첫 기사"]
    assert len(asked) == 1
