from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import ReadError
from aggregator.domain.items import Enclosure, Entry, Image, ParsedFeed
from aggregator.read.parsing.documents import read_document

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
URL = "https://city.example/rss/press.xml"


def rss(item: str = "", channel: str = "") -> ParsedFeed:
    body = f'<rss version="2.0" {SPACES}><channel>{channel}<item>{item}</item></channel></rss>'
    return read_document(body.encode(), url=URL)


def atom(entry: str = "", feed: str = "", attributes: str = "") -> ParsedFeed:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{feed}<entry>{entry}</entry></feed>'
    return read_document(body.encode(), url=URL)


def test_channel_says_who_it_is() -> None:
    """Everything that RSS has for the feed itself, in its own words."""
    found = rss(
        channel="<title>시정</title><link>/</link><description>새 소식</description><language>ko</language>"
        "<copyright>ⓒ 시청</copyright><managingEditor>press@city.example (대변인실)</managingEditor>"
        "<lastBuildDate>Mon, 27 Jul 2026 09:10:00 KST</lastBuildDate><category>시정</category>"
        "<generator>K2Web</generator><ttl>60</ttl><image><url>/logo.png</url><title>로고</title></image>"
        "<atom:link rel='self' href='press.xml'/><atom:link rel='hub' href='https://hub.example/'/>"
    )
    assert ("시정", "https://city.example/", "새 소식", "ko", "ⓒ 시청") == (
        found.title, found.link, found.subtitle, found.language, found.rights,
    )  # fmt: skip
    assert (("대변인실",), ("시정",), "K2Web", 60) == (
        found.authors, found.categories, found.generator, found.minutes_to_live,
    )  # fmt: skip
    assert "Mon, 27 Jul 2026 09:10:00 KST" == found.updated
    assert "https://city.example/logo.png" == found.image
    assert (URL, "https://hub.example/") == (found.self_url, found.hub_url)


def test_picture_of_rss_1_stands_beside_the_channel() -> None:
    """RDF puts it outside, and outside everything counts as nothing otherwise."""
    found = read_document(
        b'<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b"<channel><title>t</title></channel><image><title>i</title><url>https://a.example/i.png</url></image>"
        b"<item><title>a</title></item></rdf:RDF>"
    )
    assert ("rss10", "t", "https://a.example/i.png") == (found.version, found.title, found.image)


@pytest.mark.parametrize(
    ("entry", "markup"),
    [
        (Entry(content="text"), "<content:encoded>text</content:encoded>"),
        (Entry(summary="text"), "<description>text</description>"),
        (Entry(guid="7"), "<guid isPermaLink='false'>7</guid>"),
        (Entry(guid="7"), "<guid isPermaLink='false'>7</guid><link/>"),
        (Entry(rights="KOGL"), "<dc:rights>KOGL</dc:rights>"),
        (Entry(comments="https://city.example/c"), "<comments>/c</comments>"),
        (Entry(source="원문"), "<source>원문</source>"),
        (Entry(title="t", fields={"itunes_title": "t"}), "<itunes:title>t</itunes:title>"),
        (Entry(summary="s", fields={"itunes_summary": "s"}), "<itunes:summary>s</itunes:summary>"),
        (Entry(summary="s"), "<media:group><media:description>s</media:description></media:group>"),
        (Entry(summary="s", fields={"itunes_subtitle": "s"}), "<itunes:subtitle>s</itunes:subtitle>"),
        (Entry(fields={"itunes_explicit": "clean"}), "<itunes:explicit>clean</itunes:explicit>"),
        (Entry(fields={"itunes_block": "no"}), "<itunes:block>no</itunes:block>"),
        (Entry(fields={"itunes_image": "a"}), "<itunes:image>a</itunes:image>"),
        (Entry(guid="k"), "<dc:identifier>k</dc:identifier>"),
        (Entry(authors=("홍길동",)), "<author>hong@city.example (홍길동)</author>"),
        (Entry(authors=("Hong",)), "<dc:creator>Hong (mailto:hong@city.example)</dc:creator>"),
        (Entry(authors=("a@b.example",)), "<author>a@b.example</author>"),
        (Entry(authors=("홍길동",)), "<author><b>홍길동</b></author>"),
        (Entry(categories=("교통",)), "<category domain='d'>교통</category><category>교통</category>"),
        (Entry(fields={"regdate": "2026", "regdate_type": "d"}), "<regdate type='d'>2026</regdate>"),
        (Entry(link="https://city.example/1", guid="/1"), "<guid>/1</guid><link>/1</link>"),
        (Entry(published="2026.07.27"), "<pubDate><time datetime='d'>2026.07.27</time></pubDate>"),
        (Entry(fields={"language": "ja"}), "<dc:language>ja</dc:language>"),
    ],
)  # fmt: skip
def test_one_element_alone_is_an_entry(entry: Entry, markup: str) -> None:
    """Each part is kept by itself, where it belongs and nowhere else."""
    (found,) = rss(markup).entries
    assert entry == found


def test_entry_that_says_nothing_is_told() -> None:
    """It stays in its place and has its warning."""
    found = rss()
    assert ((Entry(),), ("empty-entries",)) == (found.entries, found.warnings)


def test_entry_without_page_leads_to_its_file() -> None:
    """A release that is only a file is reached there; a missing length is 0."""
    (found,) = rss("<title>t</title><enclosure url='/a.hwp' type='application/x-hwp'/>").entries
    assert "https://city.example/a.hwp" == found.link
    assert (
        Enclosure(url="https://city.example/a.hwp", media_type="application/x-hwp"),
    ) == found.enclosures


def test_caption_of_a_picture_is_not_the_text() -> None:
    """What a media element says is said of the picture, with its credit and rights."""
    (found,) = rss(
        "<title>제목</title><description>본문</description><media:group>"
        "<media:content url='/a.jpg' medium='image'><media:description>설명</media:description>"
        "<media:title>사진 제목</media:title><media:credit>홍길동</media:credit>"
        "<media:thumbnail url='/s.jpg'/></media:content>"
        "<media:content url='/b.jpg' type='image/jpeg'/><media:content url='/c.mp4' type='video/mp4' fileSize='5'/>"
        "<media:copyright url='https://kogl.example/1'>ⓒ 시청</media:copyright></media:group>"
    ).entries
    assert ("제목", "본문", "") == (found.title, found.summary, found.content)
    assert (
        Image(url="https://city.example/a.jpg", alt="설명", credit="홍길동", licence="ⓒ 시청"),
        Image(url="https://city.example/b.jpg", credit="ⓒ 시청", licence="ⓒ 시청"),
        Image(url="https://city.example/s.jpg", alt="설명", credit="홍길동", licence="ⓒ 시청"),
    ) == found.images
    assert "https://city.example/s.jpg" == found.thumbnail
    assert (
        Enclosure(url="https://city.example/c.mp4", media_type="video/mp4", length=5),
    ) == found.enclosures


def test_owner_of_a_podcast_is_not_its_author() -> None:
    """Both are named; the author is the author."""
    found = rss(
        channel="<itunes:author>시정방송</itunes:author><itunes:owner><itunes:name>시청</itunes:name></itunes:owner>"
    )
    assert ("시정방송",) == found.authors


def test_author_of_an_atom_feed_is_that_of_its_entries() -> None:
    """An entry without author has the one of its source, else the one of the feed."""
    author = "<author><name>{}</name></author>"
    assert ("feed",) == atom("<id>1</id>", author.format("feed")).entries[0].authors
    source = f"<source>{author.format('source')}</source>"
    assert ("source",) == atom(source, author.format("feed")).entries[0].authors
    own = author.format("own")
    assert ("own",) == atom(own + source, author.format("feed")).entries[0].authors


def test_links_by_their_relation() -> None:
    """The page, the files, the comments, the licence and the rest are told apart."""
    (found,) = atom(
        "<link rel='related' href='/r'/><link rel='http://www.iana.org/assignments/relation/alternate' href='/p'/>"
        "<link rel='enclosure'>/e</link><link rel='enclosure' href='/f' length='x'/>"
        "<link rel='replies' type='application/atom+xml' href='/c.xml'/><link rel='replies' type='text/html' href='/c'/>"
        "<link rel='license' href='https://creativecommons.org/licenses/by/4.0/'/>"
    ).entries
    assert "https://city.example/p" == found.link
    assert ["https://city.example/e", "https://city.example/f"] == [
        each.url for each in found.enclosures
    ]
    assert "https://city.example/c" == found.comments
    assert "https://creativecommons.org/licenses/by/4.0/" == found.rights
    assert {"link_related": "/r"} == found.fields


def test_base_of_the_document_resolves_links_and_texts() -> None:
    """xml:base may itself be relative; ids are never resolved."""
    (found,) = atom(
        "<id>7</id><link href='v/1'/><content type='html'>&lt;a href='w' title='x'&gt;&lt;img src=\"https://b.example/i\"&gt;"
        "</content>",
        attributes="xml:base='/x/'",
    ).entries
    assert ("7", "https://city.example/x/v/1") == (found.guid, found.link)
    assert (
        "<a href='https://city.example/x/w' title='x'><img src=\"https://b.example/i\">"
        == found.content
    )


def test_relative_link_stays_where_nothing_is_known() -> None:
    """Without any address the link is what the document says, unless it names another scheme."""
    body = (
        "<rss version='2.0'><channel><item><title>t</title><link>{}</link></item></channel></rss>"
    )
    links = [read_document(body.format(link).encode()).entries[0].link
             for link in ("/view/1", "/view/1</link><guid>/view/1</guid><link>/view/1", "javascript:alert(1)", "//a.example/")]  # fmt: skip
    assert ["/view/1", "/view/1", "", ""] == links


def test_xhtml_text_is_markup() -> None:
    """The wrapping element goes, the rest stays."""
    (found,) = atom(
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>글 <b>굵게</b></p></div></content>"
    ).entries
    assert "<p>글 <b>굵게</b></p>" == found.content


def test_undeclared_prefixes_are_declared() -> None:
    """A forgotten namespace costs nothing but a warning."""
    found = read_document(
        b"<rss version='2.0'><channel><item><title>t</title><dc:creator>a</dc:creator><x:y>z</x:y>"
        b"</item></channel></rss>"
    )
    assert (("a",), {"x_y": "z"}) == (found.entries[0].authors, dict(found.entries[0].fields))
    assert ("undeclared-prefixes",) == found.warnings


def test_colon_in_a_literal_text_is_no_prefix() -> None:
    """A text that shows markup has no warning."""
    assert () == rss("<title><![CDATA[<x:y> a:b='c']]></title>").warnings


def test_channel_alone_is_a_feed() -> None:
    """CDF, and RSS whose outermost element was lost."""
    assert "cdf" == read_document(b"<CHANNEL><TITLE>t</TITLE></CHANNEL>").version
    found = read_document(b"<channel><title>t</title><item><title>a</title></item></channel>")
    assert ("rss", "a") == (found.version, found.entries[0].title)


MUTATED = (
    f'<rss version="2.0" {SPACES}><channel><title>시정</title><link>https://city.example/</link><item>'
    "<title><![CDATA[제목 &amp; 글]]></title><link>/view?a=1&amp;b=2</link><guid isPermaLink='false'>7</guid>"
    "<pubDate>Mon, 27 Jul 2026 09:10:00 KST</pubDate><description>&lt;p&gt;글&lt;/p&gt;</description>"
    "<media:group><media:content url='/a.jpg'><media:credit>x</media:credit></media:content></media:group>"
    "<source url='https://b.example'>원문</source><enclosure url='/a.pdf' length='9' type='application/pdf'/>"
    "<itunes:image href='/i.png'/><author>a@b.example (홍)</author></item></channel></rss>"
).encode()  # fmt: skip

CUTS = st.lists(st.tuples(st.integers(0, len(MUTATED)), st.integers(0, 40), st.binary(max_size=6)))


@settings(max_examples=100, deadline=None)
@given(CUTS, st.integers(0, len(MUTATED)))
def test_damaged_document_is_read_or_refused(cuts: list[tuple[int, int, bytes]], end: int) -> None:
    """Holes, foreign bytes and a cut anywhere: entries or one of the two errors."""
    body = MUTATED
    for at, length, put in cuts:
        body = body[:at] + put + body[at + length :]
    try:
        read_document(body[: max(end, 1)], url=URL)
    except ReadError as error:
        assert "\n" not in str(error)  # noqa: PT017


HEAD, TAIL = b"<rss version='2.0'><channel><item>", b"</item></channel></rss>"
SIZE = 100_000
PATHOLOGICAL = {
    "nested": HEAD + b"<x>" * (SIZE // 7) + b"</x>" * (SIZE // 7) + TAIL,
    "never closed": HEAD + b"<x>" * (SIZE // 3),
    "only closed": HEAD + b"</x>" * (SIZE // 4) + TAIL,
    "attributes": HEAD + b"<x " + b" ".join(b"a%d='1'" % n for n in range(SIZE // 9)) + b"/>" + TAIL,
    "namespaces": HEAD + b"".join(b"<n%d:a xmlns:n%d='u%d'/>" % (n, n, n) for n in range(SIZE // 8)) + TAIL,
    "prefixes": HEAD + b"".join(b"<n%d:a/>" % n for n in range(SIZE // 10)) + TAIL,
    "categories": HEAD + b"".join(b"<category>%d</category>" % n for n in range(SIZE // 6)) + TAIL,
    "one name": HEAD + b"<author>" + b"a" * SIZE + b"</author>" + TAIL,
    "many names": HEAD + b"<author>a</author>" * (SIZE // 18) + TAIL,
    "references": HEAD + b"<title>" + b"&nbsp;&#65;&" * (SIZE // 12) + b"</title>" + TAIL,
    "quotes": HEAD + b"<a b='" * (SIZE // 6) + TAIL,
    "declarations": HEAD + b"<!x" * (SIZE // 3) + TAIL,
    "instructions": HEAD + b"<?x" * (SIZE // 3) + TAIL,
    "comments": HEAD + b"<!--" * (SIZE // 4) + TAIL,
    "literals": HEAD + b"<![CDATA[x]]>" * (SIZE // 13) + TAIL,
    "pictures": HEAD + b"<media:group><media:content url='/a'>" * (SIZE // 37) + TAIL,
    "one tag": HEAD + b"<a" + b" " * SIZE + b"/>" + TAIL,
    "one text": HEAD + b"<title>" + b"x" * SIZE + b"</tile>" + TAIL,
    "empty entries": HEAD + b"</item><item>" * (SIZE // 13) + TAIL,
    "JSON nested": b'{"items":' + b"[" * SIZE,
    "JSON digits": b'{"items":[{"id":' + b"1" * SIZE + b"}]}",
    "JSON items": b'{"items":[' + b'{"id":1},' * (SIZE // 9) + b"{}]}",
}  # fmt: skip


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_pathological_document_takes_time_in_proportion(name: str) -> None:
    """Some 100,000 bytes of the worst shapes are a matter of a second; what grows with the square of
    the length takes minutes."""
    started = time.process_time()
    try:
        read_document(PATHOLOGICAL[name], url=URL)
    except ReadError as error:
        assert "\n" not in str(error)  # noqa: PT017
    assert time.process_time() - started < 3


def test_the_true_address_comes_before_a_counting_service() -> None:
    """A link that only leads on to the release is replaced by what it leads to."""
    parsed = read_document(
        b'<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel>'
        b"<item><title>x</title><link>https://count.example/~r/1</link>"
        b"<feedburner:origLink>https://city.example/news/1</feedburner:origLink></item>"
        b"</channel></rss>"
    )
    assert "https://city.example/news/1" == parsed.entries[0].link


@pytest.mark.parametrize(
    "item",
    [
        "<title>제목</title><url>https://city.example/1</url>",
        "<title>제목</title><guid>7</guid><atom:link href='/1'/>",
        "<title>제목</title><guid>7</guid><atom:link href='/1' type='application/pdf'/>",
        "<title>제목</title><guid>7</guid><atom:content type='application/pdf' src='/1'/>",
    ],
)
def test_entry_leads_where_it_says(item: str) -> None:
    """A link of any kind, an address elsewhere, or a text that lies elsewhere."""
    assert "https://city.example/1" == rss(item).entries[0].link


def test_page_of_an_author_is_not_that_of_the_entry() -> None:
    """Nor is that of a contributor."""
    person = "<name>홍길동</name><uri>https://hong.example/</uri>"
    (found,) = atom(
        f"<title>a</title><author>{person}</author><contributor>{person}</contributor>"
    ).entries
    assert ("", {"contributor": "홍길동"}) == (found.link, found.fields)


def test_file_named_in_the_text_of_an_enclosure() -> None:
    """Boards write the address between the tags."""
    (found,) = rss("<link>/1</link><enclosure>/a.hwp</enclosure>").entries
    assert (Enclosure(url="https://city.example/a.hwp"),) == found.enclosures


@pytest.mark.parametrize(
    "item",
    [
        "<image><url>/a.jpg</url><title>사진</title><link>/</link></image>",
        "<image>/a.jpg</image>",
        "<thumbnail>/a.jpg</thumbnail>",
        "<img>/a.jpg</img>",
    ],
)
def test_picture_of_an_item(item: str) -> None:
    """However a board names it, it is the entry's, and its caption is not the headline."""
    feed = rss(f"<title>제목</title><link>/1</link>{item}", "<image><url>/logo.png</url></image>")
    (found,) = feed.entries
    assert ("제목", "https://city.example/1", (Image(url="https://city.example/a.jpg"),)) == (
        found.title, found.link, found.images,
    )  # fmt: skip
    assert "https://city.example/logo.png" == feed.image


def test_what_a_group_says_is_said_of_its_pictures_alone() -> None:
    """Each has its own credit; an address may stand between the tags."""
    (found,) = rss(
        "<media:group><media:content url='/a.jpg'/><media:credit>가</media:credit>"
        "<media:title>표지</media:title><media:license href='https://a.example/by'>나</media:license>"
        "</media:group>"
        "<media:group><media:thumbnail>/b.jpg</media:thumbnail><media:credit>나</media:credit>"
        "<media:license>KOGL 1</media:license></media:group>"
    ).entries
    assert [("https://city.example/a.jpg", "가"), ("https://city.example/b.jpg", "나")] == [
        (each.url, each.credit) for each in found.images
    ]
    assert [("표지", "https://a.example/by"), ("", "KOGL 1")] == [
        (each.alt, each.licence) for each in found.images
    ]


def test_film_describes_an_atom_entry_that_says_nothing() -> None:
    """As video portals write it."""
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry>'
        "<media:group><media:description>영상 설명</media:description></media:group></entry></feed>"
    )
    assert "영상 설명" == read_document(body.encode()).entries[0].summary


def test_undeclared_prefixes_of_a_damaged_document() -> None:
    """It is not the feed's home page where it is fetched."""
    found = read_document(
        b"<rss version='2.0'><channel><link>https://a.example/</link><atom:link rel='self' "
        b"href='https://a.example/rss'/><item><title>t</title><b></i></item></channel></rss>"
    )
    assert ("https://a.example/", "https://a.example/rss") == (found.link, found.self_url)


def test_namespace_of_the_first_rss() -> None:
    """Netscape's was written in several ways."""
    found = read_document(
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        b' xmlns="http://channel.netscape.com/rdf/simple/0.9/"><channel><title>t</title></channel>'
        b"<item><title>a</title></item></rdf:RDF>"
    )
    assert ("rss090", "a") == (found.version, found.entries[0].title)


def test_logo_comes_before_the_cover_of_a_podcast() -> None:
    """Whichever stands first; the cover stands in for it."""
    cover = "<itunes:image href='/cover.jpg'/>"
    found = [rss(channel=f"<image><url>/logo.png</url></image>{cover}"), rss(channel=cover)]
    assert ["https://city.example/logo.png", "https://city.example/cover.jpg"] == [
        each.image for each in found
    ]


def test_picture_that_rss_1_only_points_at() -> None:
    """The channel names it, and no element describes it."""
    found = read_document(
        b'<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<channel><title>t</title><image rdf:resource="https://a.example/i.png"/></channel>'
        b"<item><title>a</title></item></rdf:RDF>"
    )
    assert "https://a.example/i.png" == found.image


def test_language_of_an_entry() -> None:
    """Its own word, or the nearest xml:lang; a channel's element speaks for the channel alone."""
    found = atom(
        "<title>a</title></entry><entry xml:lang='en'><title>b</title></entry>"
        "<entry><content type='html' xml:lang='en_US'>c</content>",
        attributes="xml:lang='ko'",
    )
    assert ["ko", "en", "en-US"] == [each.fields["language"] for each in found.entries]
    (plain,) = rss("<title>a</title>", channel="<language>ko</language>").entries
    assert {} == plain.fields


@pytest.mark.parametrize(
    "attributes",
    [
        'xmlns="http://www.w3.org/1999/xhtml"',
        'xmlns="http://purl.org/dc/elements/1.1/"',
        'xmlns="http://www.w3.org/2005/Atom"',
        'xmlns="http://city.example/rss"',
    ],
)
def test_rss_in_a_namespace_is_rss(attributes: str) -> None:
    """RSS has no namespace; what a document declares for all of it by mistake does no harm."""
    found = read_document(
        f'<rss version="2.0" {attributes}><channel><title>t</title>'
        "<item><title>a</title></item></channel></rss>".encode()
    )
    assert ("rss20", "t", "a") == (found.version, found.title, found.entries[0].title)


def test_rss_with_a_prefix_is_rss() -> None:
    """A program may have put every element into a namespace with a name."""
    found = read_document(
        b'<ns0:rss xmlns:ns0="http://city.example/"><ns0:channel><ns0:title>t</ns0:title>'
        b"<ns0:item><ns0:title>a</ns0:title></ns0:item></ns0:channel></ns0:rss>"
    )
    assert ("t", "a", ()) == (found.title, found.entries[0].title, found.warnings)


@pytest.mark.parametrize("end", ["</titel>", "</tilte> ", "", "</description>"])
def test_text_without_its_end_tag_swallows_nothing(end: str) -> None:
    """What follows is read, and so is the next entry."""
    found = rss(
        f"<title>첫째{end}<link>/1</link><description>본문</description></item>"
        "<item><title>둘째</title><description>끝이 없다</item><item><title>셋째</title>"
    )
    assert [("첫째", "본문"), ("둘째", "끝이 없다"), ("셋째", "")] == [
        (each.title, each.summary) for each in found.entries
    ]
    assert "https://city.example/1" == found.entries[0].link
