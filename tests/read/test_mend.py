from __future__ import annotations

import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.read.mend import mend


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


@settings(max_examples=100)
@given(st.text(alphabet=st.sampled_from("<>!-[]CDATA&#;x1? \n'\"gtOYPE\x00"), max_size=120))
def test_mending_never_fails_nor_grows_wildly(text: str) -> None:
    """Any text is mended, a second time too, to at most a few times its length."""
    once = mend(text).text
    assert len(once) <= 6 * len(text) + 10
    mend(once)


@pytest.mark.parametrize("opening", ["<!--", "<![CDATA[", "<!DOCTYPE [", "<!DOCTYPE ", "<?", "&#"])
def test_open_ended_constructs_take_no_time(opening: str) -> None:
    """Many beginnings without an end are looked through once."""
    started = time.process_time()
    mend("<rss>" + opening * 100_000)
    assert time.process_time() - started < 2
