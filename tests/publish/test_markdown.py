"""Issues as Markdown, read back by a CommonMark parser."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from aggregator.catalogue import Catalogue
from aggregator.domain.issues import Phrase, PrintedItem, PrintedSection, Shape
from aggregator.publish.markdown import escape_markdown, markdown_link, render_markdown
from aggregator.text.clean import one_line
from aggregator.text.xml_chars import xml_safe
from tests.fixtures.planets import issues

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
CATALOGUE = Catalogue.load()
PAGE = "https://news.example/issues/48/"


def shown(text: str) -> str | None:
    """What a reader sees of escaped text; None where any of it is markup."""
    tokens = PARSER.parse(escape_markdown(text))
    if not tokens:
        return ""
    if ["paragraph_open", "inline", "paragraph_close"] != [token.type for token in tokens]:
        return None
    parts = tokens[1].children or []
    if {part.type for part in parts} - {"text", "text_special"}:
        return None
    return "".join(part.content for part in parts)


@given(st.text("ab1 2.)(-+=#*_`~[]<>!&;:|\\/'\"\n\t가", max_size=30) | st.text(max_size=30))
@example("1. one")
@example("12) twelve")
@example("- dash")
@example("# heading")
@example("<script>alert(1)</script>")
@example("&lt;b&gt; &copy")
@example("[x](javascript:alert(1))")
@example("![x](https://evil.example/a.png)")
@example("[x]: https://evil.example")
@example("~~struck~~ **strong** __strong__ `code`")
@example("a | b\n--- | ---")
@example("line  \nbreak\\")
@example("***")
def test_no_text_is_markup(text: str) -> None:
    """Whatever a source writes is shown as it is written, on one line."""
    assert one_line(xml_safe(text)).strip() == shown(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2024.2.27 / 경기도", "2024.2.27 / 경기도"),
        ("K-스마트시티 (3.5%) + a: b!", "K-스마트시티 (3.5%) + a: b!"),
        ("https://evil.example", r"https\://evil.example"),
        ("see www.evil.example", r"see www\.evil.example"),
        ("a@evil.example", r"a\@evil.example"),
    ],
)
def test_a_person_can_read_it(text: str, written: str) -> None:
    """Only what could be markup is escaped, an address that would turn into a link too."""
    assert written == escape_markdown(text)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a.example/>x",
        "http://localhost/",
        "x",
        "",
    ],
)
def test_only_public_web_addresses_are_links(url: str) -> None:
    """Of others the text remains."""
    assert "text" == markdown_link("text", url)


@pytest.mark.parametrize(
    "url", ["https://a.example/?a=1&copy;=2", "https://a.example/(x)_*y*", "http://a.example/가"]
)
def test_an_address_leads_where_it_led(url: str) -> None:
    """Brackets and what looks like a character reference stay what they are."""
    link = (PARSER.parse(markdown_link("a]b", url))[1].children or [])[0]
    assert ("link_open", PARSER.normalizeLink(url)) == (link.type, link.attrs["href"])


def test_a_hostile_item_stays_an_item() -> None:
    """One heading for it, in its place, and no link but its own and that of the page."""
    hostile = Phrase(
        text="x](javascript:1)\n# [y](https://evil.example) <img src=x>", language="ko"
    )
    item = PrintedItem(
        story="a1",
        shape=Shape.ARTICLE,
        headline=hostile,
        byline=hostile.text,
        blurb=hostile,
        authors=hostile,
        note=hostile.text,
        lines=((hostile, hostile),),
        url="https://molit.example/1",
    )
    issue = issues()[1]
    section = PrintedSection(id="issue", label=hostile.text, items=(item,))
    edition = replace(issue.editions[0], sections=(section,), tagline=hostile.text)
    tokens = PARSER.parse(render_markdown(issue, edition, PAGE, CATALOGUE).decode())
    assert ["h1", "h2", "h3"] == [token.tag for token in tokens if token.type == "heading_open"]
    inline = [part for token in tokens for part in token.children or []]
    links = [part.attrs["href"] for part in inline if part.type == "link_open"]
    assert ["https://molit.example/1", PAGE] == links
    assert not {"image", "html_inline"} & {part.type for part in inline}


def test_a_correction_is_said() -> None:
    """With its day, below the heading; in the edition that was corrected alone."""
    issue = replace(issues()[1], corrected={"ko": datetime(2024, 3, 5, 16, 0, tzinfo=UTC)})
    korean, english = (
        render_markdown(issue, edition, PAGE, CATALOGUE).decode() for edition in issue.editions
    )
    assert "*발행 후 수정일: 2024.3.6*" in korean
    assert "Corrected" not in english


def test_an_empty_issue_says_so() -> None:
    """Instead of nothing."""
    issue = issues()[1]
    edition = replace(issue.editions[1], sections=())
    assert b"This issue holds no items." in render_markdown(issue, edition, PAGE, CATALOGUE)


def test_a_video_is_a_link_in_words() -> None:
    """Markdown shows no picture that could be clicked."""
    item = PrintedItem(
        story="d4",
        shape=Shape.MEDIA,
        headline=Phrase(text="도시 수출", language="ko"),
        note="※ 영상 보기 > 이미지 클릭",
        url="https://video.example/1",
    )
    issue = issues()[1]
    section = PrintedSection(id="special", label="스페셜", items=(item, replace(item, url="")))
    edition = replace(issue.editions[0], sections=(section,))
    made = render_markdown(issue, edition, "https://news.example/", Catalogue.load()).decode()
    assert 1 == made.count("\n[영상 보기](<https://video.example/1>)\n")
    assert 1 == made.count("영상 보기")
    assert "이미지" not in made
