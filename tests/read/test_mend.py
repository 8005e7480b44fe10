from __future__ import annotations

import time
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.read.mending.mend import mend
from aggregator.read.parsing.documents import read_document
from aggregator.text.clean import clean_title


@pytest.mark.parametrize(
    ("mended", "text"),
    [
        ("<a/>", '\n \ufeff\ufeff<?xml version="1.0" encoding="euc-kr"?>\n<a/>'),
        ("<a>R&amp;D</a>", "<a>R&D</a>"),
        ("<a>가·나\xa0‘다’</a>", "<a>가&middot;나&nbsp;&lsquo;다&rsquo;</a>"),
        ("<a>&lt;b&gt; &amp;lt;</a>", "<a>&lt;b&gt; &amp;lt;</a>"),
        ("<a>x</a>", "<a>\x0bx&#11;</a>"),
        ("<a>&lt;2026 도시&gt; 3 &lt; 5</a>", "<a><2026 도시&gt; 3 < 5</a>"),
        ("<a>&lt;도시&gt;</a>", "<a><도시&gt;</a>"),
        ("<description>d</description>", "<deion>d</deion>"),
        ("<a>x]]&gt;</a>", "<a>x]]></a>"),
        ("<a>‘</a>", "<a>&#145;</a>"),
        ("<a/>", '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a/>'),
        ("<a/>", "<!DOCTYPE rss PUBLIC '-//X//EN' 'x.dtd'><a/>"),
        ("<a>b</a>", "<a><!-- -- & -->b</a>"),
        (
            "<a><![CDATA[R&D &middot; <deion> <2>]]>&amp;</a>",
            "<a><![CDATA[R&D &middot; <deion> <2>]]>&</a>",
        ),
        ("<a>x <![CDATA[<b> & c]]>", "<a>x <![CDATA[<b> & c]"),
        ("<a>&lt;!-- x", "<a><!-- x"),
        ("<rss></rss>", "Warning: line 3\n<?xml version='1.0'?><rss></rss>"),
    ],
)
def test_mend(mended: str, text: str) -> None:
    """Each kind of damage is repaired and CDATA stays as it is."""
    assert mended == mend(text).text


def test_mended_documents_are_well_formed() -> None:
    """What a strict parser refuses it reads after mending."""
    text = " \n<?xml version='1.0' encoding='EUC-KR'?><r>R&D&nbsp;\x0b 1 < 2<![CDATA[<&]]></r>"
    assert "R&D\xa0 1 < 2<&" == ET.fromstring(mend(text).text).text  # noqa: S314


@pytest.mark.parametrize(
    ("mended", "text"),
    [
        ("<a/>", "<!-- notice <rss> --> <?xml version='1.0'?>\n<!-- x -- y --><a/>"),
        ("<rss/>", "<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><rss/>"),
        ("<rss><a>x</a></rss>", "<rss><?xml version='1.0' encoding='euc-kr'?><a>x</a></rss>"),
        ("<rss></rss>", "<b>Notice</b>: x in /y.php<br /><?xml version='1.0'?><rss></rss>"),
        ("<rss></rss>", "<rss></rss>\n<script>ad()</script>"),
        ("<a>&amp;nbsp 가 &amp;T; R&amp;D 예산</a>", "<a>&nbsp 가 &T; R&D 예산</a>"),
        ("<a>〈가〉</a>".replace("〈", "\u2329").replace("〉", "\u232a"), "<a>&lang;가&rang;</a>"),
        ("<a>xy</a>", "<a>x&#x1;&#0;&#11;&#xFFFE;y</a>"),
        ("<a>\U0001f600 \U0001f600</a>", "<a>&#55357;&#56832; &#xD83D;&#xDE00;</a>"),
        ("<a>가 나·</a>", '<!DOCTYPE a [<!ENTITY s "가 나&#183;">]><a>&s;</a>'),
        ("<a>가나</a>", "<!DOCTYPE a [<!ENTITY s '가&t;'><!ENTITY t '나'>]><a>&s;</a>"),
        ("<a>&amp;f;</a>", '<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>'),
        ("<a>&lt;b&gt;</a>", '<!DOCTYPE a [<!ENTITY s "<b>">]><a>&s;</a>'),
        ("<a>&lt;AI 도시> 공모</a>", "<a><AI 도시> 공모</a>"),
        ("<a>&lt;AI> 공모</a>", "<a><AI> 공모</a>"),
        ("<a>&lt;스마트도시> 공모</a>", "<a><스마트도시> 공모</a>"),
        ("<a><등록일>2024</등록일></a>", "<a><등록일>2024</등록일></a>"),
        ("<a>앞&lt;br>뒤&lt;p>끝</a>", "<a>앞<br>뒤<p>끝</a>"),
        ("<a>앞<br/>뒤</a>", "<a>앞<br/>뒤</a>"),
        ('<rss version="2.0"><a b="c d" e="" /></rss>', "<rss version=2.0><a b='c d' e b=x/></rss>"
         .replace("'", '"')),
        ('<a href="http://x.example/y">z</a>', "<a href=http://x.example/y>z</a>"),
        ('<r><e url="http://x.example/y" /></r>', "<r><e url=http://x.example/y/></r>"),
        ("<rss><title>x</title>", "<rss><title>x</title><desc"),
        ("<rss><title>x", "<rss><title>x</ti"),
        ("<rss><a/></rss>", "<rss><a/></rss"),
        (
            "<r><title><![CDATA[a]]></title><title><![CDATA[b]]></title></r>",
            "<r><title><![CDATA[a</title><title><![CDATA[b]]></title></r>",
        ),
        (
            "<r><title><![CDATA[a]]></title><b>c</b></r>",
            "<r><title><![CDATA[a</title><b>c</b></r>",
        ),
        (
            "<a><![CDATA[x <![CDATA[ y ]]> z ]]&gt;</a>",
            "<a><![CDATA[x <![CDATA[ y ]]> z ]]></a>",
        ),
    ],
)  # fmt: skip
def test_further_damage(mended: str, text: str) -> None:
    """Kinds of damage that feeds of the field have, one by one."""
    assert mended == mend(text).text


def test_nested_entities_do_not_grow() -> None:
    """Entities that multiply each other stay names."""
    nested = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    text = mend(f'<!DOCTYPE a [<!ENTITY e0 "bomb">{nested}]><a>{"&e9;" * 50}&e1;</a>').text
    assert "&amp;e9;" in text
    assert text.endswith("bomb" * 10 + "</a>")
    assert len(text) < 2000


def test_many_references_to_a_long_entity_are_bounded() -> None:
    """What all references together become has a limit."""
    text = f'<!DOCTYPE a [<!ENTITY e "{"x" * 2000}">]><a>{"&e;" * 100_000}</a>'
    assert len(mend(text).text) < 1_200_000


@pytest.mark.parametrize(
    "title", ["<2026 도시혁신> 공모", "<AI 도시> 공모", "<스마트도시> R&D 공모"]
)
@pytest.mark.parametrize("frame", ["{}", "<![CDATA[{}]]>"])
def test_headlines_in_angle_brackets_reach_the_reader(title: str, frame: str) -> None:
    """A headline that looks like a tag is whole after reading and cleaning."""
    body = (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>t</title>"
        f"<item><title>{frame.format(title)}</title><link>https://a.example/1</link></item>"
        "</channel></rss>"
    )
    entry = read_document(body.encode()).entries[0]
    assert title == clean_title(entry.title)


_NAMES = st.sampled_from(["a", "b", "item", "title", "dc:date", "등록일", "AI"])
_WORDS = st.text(alphabet=st.sampled_from("가나 ab·<>&\"']-!?;#x1"), max_size=12)


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, key, value, parts: (
            f"<{name} {key}={quoteattr(value)}>{''.join(parts)}</{name}>"
        ),
        _NAMES,
        st.sampled_from(["x", "href"]),
        _WORDS,
        st.lists(inner, max_size=4),
    )


_LEAVES = st.one_of(
    _WORDS.map(escape),
    _WORDS.map(lambda text: f"<![CDATA[{text.replace(']', '')}]]>"),
    _WORDS.map(lambda text: f"<!--{text.replace('-', '')}-->"),
    st.sampled_from(["<br/>", "&#44032;", "&quot;"]),
)


@settings(max_examples=100)
@given(_element(st.recursive(_LEAVES, _element, max_leaves=12)))
def test_well_formed_documents_mean_the_same(inner: str) -> None:
    """What a strict parser reads, it reads alike after mending."""
    text = f"<r xmlns:dc='urn:dc'>{inner}</r>"
    canonical = ET.canonicalize(text)
    assert canonical == ET.canonicalize(mend(text).text)


_PIECES = [
    "<",
    ">",
    "!",
    "-",
    "[",
    "]",
    "&",
    "#",
    ";",
    "x1",
    "?",
    "'",
    '"',
    "a",
    "/",
    "=",
    "가",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<rss>",
    "</rss>",
    "<?xml",
    "amp;",
    "<a",
    "</a>",
    "&amp;",
]


def test_what_a_server_printed_behind_an_open_section_goes() -> None:
    """The root's end is one also where the text before it was to be literal."""
    mended = mend("<rss><item><title><![CDATA[가</title></item></rss>>\nnotice")
    assert mended.text == "<rss><item><title><![CDATA[가]]></title></item></rss>"
    assert set(mended.warnings) == {"open-cdata", "trailing-junk"}


_OF_ONE_ROOT = [*(set(_PIECES) - {"<rss>", "</rss>", "]]>"}), "<![CDATA[<b>]]>", " "]


@settings(max_examples=200)
@example("<rss><![CDATA[</rss>>")
@given(
    st.lists(st.sampled_from(sorted(_OF_ONE_ROOT)), max_size=25)
    .map("".join)
    .map("<rss>{}</rss>".format)
)
def test_mending_twice_changes_nothing(text: str) -> None:
    """A mended document of one root is its own mending."""
    once = mend(text).text
    assert once == mend(once).text


@settings(max_examples=100)
@given(st.text(alphabet=st.sampled_from("<>!-[]CDATA&#;x1? \n'\"gtOYPE\x00"), max_size=120))
def test_mending_never_fails_nor_grows_wildly(text: str) -> None:
    """Any text is mended, a second time too, to at most a few times its length."""
    once = mend(text).text
    assert len(once) <= 6 * len(text) + 10
    mend(once)


@pytest.mark.parametrize(
    "opening",
    [
        "<!--",
        "<![CDATA[",
        "<!DOCTYPE [",
        "<!DOCTYPE ",
        "<?",
        "&#",
        "<a ",
        "<a b='",
        "</",
        "<?xml ",
        "<t><![CDATA[",
        "<a b=c ",
        "<![CDATA[]]>",
        "<!ENTITY ",
        "\n",
        "]]>",
        "&a;",
        "<a>",
    ],
)
def test_open_ended_constructs_take_no_time(opening: str) -> None:
    """Many beginnings without an end are looked through once."""
    started = time.process_time()
    mend("<rss>" + opening * 100_000)
    assert time.process_time() - started < 2
