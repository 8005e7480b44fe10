"""The mail of an issue: read back as mail programs read it, and held against its bounds."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from aggregator.catalogue import Catalogue
from aggregator.domain.errors import RenderError
from aggregator.domain.issues import Edition, Phrase, PrintedItem, PrintedSection, Shape
from aggregator.domain.mailing import MailingList, MailOptions
from aggregator.domain.publishing import Planet, PrintedIssue
from aggregator.publish.layout import Layout
from aggregator.publish.mail.maker import MOST_BYTES, MadeMail, mail_files, make_mail
from aggregator.publish.mail.message import LINE_BYTES, domain_of
from aggregator.publish.mail.sheet import Cast, cut, portable_url
from aggregator.publish.mail.wrapping import COLUMNS, fold, width, wrap
from tests.fixtures.planets import english_edition, korean_edition, make_planet

LIST = MailingList(
    language="ko",
    to="news@lists.example",
    id="news.lists.example",
    unsubscribe_url="https://lists.example/leave/" + "x" * 90,
    unsubscribe_mail="leave@lists.example",
)
OPTIONS = MailOptions(sender="desk@news.example", reply_to="kim@office.example", lists=(LIST,))
ELEMENTS = {"html", "head", "meta", "title", "style", "body", "div", "table", "tbody", "tr", "td"}
ELEMENTS |= {"p", "h1", "h2", "h3", "a", "span", "img", "ul", "li"}
"""All elements that a mail has; each is known to every program that shows mail."""


def cast_of(planet: Planet, mail: MailOptions = OPTIONS) -> Cast:
    return Cast(
        series=replace(planet.series, mail=mail),
        options=planet.options,
        layout=Layout(languages=planet.series.languages),
        catalogue=Catalogue.load(),
        pictures=planet.thumbnails,
    )


def issue_of(*editions: Edition) -> PrintedIssue:
    at = datetime(2024, 3, 4, 1, 0, tzinfo=UTC)
    return PrintedIssue(number=48, published_at=at, editions=editions)


def made(*items: PrintedItem, mail: MailOptions = OPTIONS, **fields: object) -> MadeMail:
    """The mail of No. 48, with these items in its first section where there are any."""
    edition = korean_edition()
    if items:
        section = PrintedSection(id="issue", label="스마트시티 이슈", items=items)
        edition = replace(edition, sections=(section,))
    cast = cast_of(make_planet(), mail)
    return make_mail(cast, issue_of(edition, english_edition()), edition, **fields)  # type: ignore[arg-type]


def read(mail: MadeMail) -> EmailMessage:
    message = email.message_from_bytes(mail.letter.body, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert [] == message.defects
    return message


def page_of(mail: MadeMail) -> Any:  # noqa: ANN401 - the stubs know less than lxml
    return lxml_html.document_fromstring(mail.html)


def item(**fields: object) -> PrintedItem:
    plain = PrintedItem(
        story="z9",
        shape=Shape.ARTICLE,
        headline=Phrase(text="경기도, 전기버스 2,000여 대", language="ko"),
        byline="2024.2.27 / 경기도",
        blurb=Phrase(text="전기버스가 도민의 발이 된다. " * 12, language="ko"),
        url="https://gyeonggi.example/2",
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def headlines(mail: MadeMail) -> Sequence[str]:
    return [one.text_content().strip() for one in page_of(mail).iter("h3")]


def test_the_headers_say_who_what_and_when() -> None:
    """Read back as they were meant, Hangul whole."""
    message = read(made())

    assert "스마트시티 코리아 뉴스레터 <desk@news.example>" == message["From"]
    assert "스마트시티 코리아 뉴스레터 No. 48 (2024.3.4)" == message["Subject"]
    assert ("news@lists.example", "kim@office.example") == (message["To"], message["Reply-To"])
    assert datetime(2024, 3, 4, 1, 0, tzinfo=UTC) == message["Date"].datetime
    assert "<smart-city.48.ko@news.example>" == message["Message-ID"]
    assert ("ko", "auto-generated") == (message["Content-Language"], message["Auto-Submitted"])


def test_the_list_is_left_with_one_click() -> None:
    """As RFC 2369 and RFC 8058 have it; a long address stays whole."""
    message = read(made())

    assert "<news.lists.example>" == message["List-Id"]
    ways = f"<{LIST.unsubscribe_url}>, <mailto:leave@lists.example>"
    assert ways == message["List-Unsubscribe"]
    assert "List-Unsubscribe=One-Click" == message["List-Unsubscribe-Post"]
    assert f"List-Unsubscribe: <{LIST.unsubscribe_url}>,\r\n".encode() in made().letter.body
    assert LIST.unsubscribe_url in made().text
    assert f'href="{LIST.unsubscribe_url}"' in made().html


def test_without_a_list_the_mail_says_nothing_of_one() -> None:
    """It goes to an empty group, from the host of the tag authority."""
    mail = made(mail=MailOptions())
    message = read(mail)

    assert ("undisclosed-recipients:;", "noreply@news.example") == (
        message["To"],
        message["From"].addresses[0].addr_spec,
    )
    assert [] == [name for name in message if name.startswith("List-")]
    assert "수신 거부" not in mail.html + mail.text


def test_a_mail_alone_leaves_a_list() -> None:
    """Then no program may offer one click."""
    only = MailingList(language="ko", to="a@lists.example", unsubscribe_mail="leave@lists.example")
    mail = made(mail=replace(OPTIONS, lists=(only,)))

    assert "<mailto:leave@lists.example>" == read(mail)["List-Unsubscribe"]
    assert "List-Unsubscribe-Post" not in read(mail)
    assert 'href="mailto:leave@lists.example"' in mail.html


def test_the_text_stands_before_the_html() -> None:
    """Programs show the last part that they can."""
    message = read(made())
    parts = [part.get_content_type() for part in message.iter_parts()]

    assert ("multipart/alternative", ["text/plain", "text/html"]) == (
        message.get_content_type(),
        parts,
    )
    text, page = message.iter_parts()
    assert made().text == text.get_content().replace("\r\n", "\n")
    assert made().html == page.get_content().replace("\r\n", "\n")


def test_lines_end_as_they_must() -> None:
    """In CRLF, after 998 bytes at most, also where a text has no blank to break at."""
    endless = Phrase(text="가" * 3000, language="ko")
    for mail in (made(), made(item(blurb=endless))):
        assert mail.letter.body.count(b"\n") == mail.letter.body.count(b"\r\n")
        assert LINE_BYTES >= max(map(len, mail.letter.body.split(b"\r\n")))
    page = read(made(item(blurb=endless))).get_body(("html",))
    assert page is not None
    assert "quoted-printable" == page["Content-Transfer-Encoding"]


def test_hangul_travels_as_it_is() -> None:
    """No part grows by a third or threefold."""
    assert ["8bit", "8bit"] == [
        part["Content-Transfer-Encoding"] for part in read(made()).iter_parts()
    ]


def test_the_same_issue_gives_the_same_bytes() -> None:
    """Boundary and Message-ID too."""
    assert made() == made()


def test_a_test_says_so_and_names_no_list() -> None:
    """Under an id of its own, so that no program takes it for the issue."""
    at = datetime(2024, 3, 4, 0, 30, tzinfo=UTC)
    mail = made(to="kim@office.example", test=at)
    message = read(mail)

    assert "[시험 발송] 스마트시티 코리아 뉴스레터 No. 48 (2024.3.4)" == message["Subject"]
    assert "kim@office.example" == message["To"]
    assert "<smart-city.48.ko.test-20240304003000000000@news.example>" == message["Message-ID"]
    assert [] == [name for name in message if name.startswith("List-")]
    note = "시험 발송입니다. 구독자에게는 보내지 않았습니다."
    assert (True, True) == (note in mail.text, note in mail.html)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_html_is_what_programs_know(language: str) -> None:
    """Parsed by a strict reader: known elements, each id once, alt texts, one level of headings
    after the other, every table only for the frame."""
    edition = korean_edition() if language == "ko" else english_edition()
    mail = make_mail(cast_of(make_planet()), issue_of(korean_edition(), edition), edition)
    root = page_of(mail)
    elements = list(root.iter("*"))

    assert language == root.get("lang")
    assert set() == {one.tag for one in elements} - ELEMENTS
    ids = [one.get("id") for one in elements if one.get("id")]
    assert len(ids) == len(set(ids))
    assert [] == [one for one in elements if one.tag == "img" and not one.get("alt")]
    assert [] == [t for t in elements if t.tag == "table" and t.get("role") != "presentation"]
    levels = [int(one.tag[1]) for one in elements if re.fullmatch(r"h[1-6]", one.tag)]
    assert 1 == levels[0] == min(levels)
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert mail.html.count("<") == mail.html.count(">")


def test_everything_opened_is_closed() -> None:
    """The document is well formed even as XML, but for elements without content."""
    stack: list[str] = []
    for close, tag in re.findall(r"<(/?)([a-z0-9]+)[^<>]*>", made().html):
        if close:
            assert tag == stack.pop()
        elif tag not in {"meta", "img"}:
            stack.append(tag)
    assert [] == stack


def test_styles_stand_in_the_elements_and_dark_mode_in_the_head() -> None:
    """Programs that throw the head away show the light mail."""
    mail = made()
    head, _, body = mail.html.partition("</head>")

    assert 1 == mail.html.count("prefers-color-scheme: dark")
    assert "prefers-color-scheme: dark" in head
    assert '<meta name="color-scheme" content="light dark">' in head
    assert "<style" not in body.replace("<!--[if mso]>", "")
    root = page_of(mail)
    assert [] == [t for t in root.iter("td", "h1", "h2", "h3", "p") if not t.get("style")]


def test_nothing_is_loaded_but_copies_of_ours() -> None:
    """No style sheet, no font, no picture of a stranger."""
    root = page_of(made())

    assert ["https://news.example/thumbnails/1.png"] == [one.get("src") for one in root.iter("img")]
    assert [] == [*root.iter("link"), *root.iter("script")]
    assert "url(" not in made().html


def test_links_lead_where_they_say() -> None:
    """To the page, the archive, the other edition and each source; all are whole addresses."""
    links = [one.get("href") for one in page_of(made()).iter("a")]

    assert {
        "https://news.example/issues/48/",
        "https://news.example/issues/",
        "https://news.example/issues/48/en/",
        "https://molit.example/news/1",
        "https://video.example/watch?v=1",
    } <= set(links)
    assert all(str(link).startswith("https://") for link in links)


def test_the_shapes_are_printed_as_on_the_page() -> None:
    """Byline, poster with note, authors, lines of an event, parts in another language."""
    mail = made()
    root = page_of(mail)

    assert "영상 보기" == next(root.iter("img")).get("alt")
    assert "강원평 (한국지능형교통체계협회) / 김경석 (국립공주대학교)" in mail.text
    assert "* 행사명: 2024 Smart City Summit & Expo\n" in mail.text
    (fact, *_) = root.find_class("fact")
    assert "행사명: 2024 Smart City Summit & Expo" == fact.text_content()
    assert ["en"] == [one.get("lang") for one in fact.iter("span")]
    ulsan = next(one for one in root.iter("h3") if "Ulsan" in one.text_content())
    assert "en" == ulsan.get("lang")


def test_a_video_without_a_picture_is_still_watched() -> None:
    """By a link in words, in place of the note about the picture."""
    mail = made(item(shape=Shape.MEDIA, note="※ 영상 보기 > 이미지 클릭"))

    assert "영상 보기 " in page_of(mail).text_content()
    assert "이미지 클릭" not in mail.html + mail.text
    assert "영상 보기:\nhttps://gyeonggi.example/2\n" in mail.text


def test_a_correction_is_dated() -> None:
    """As on the page."""
    edition = korean_edition()
    at = datetime(2024, 3, 5, 1, 0, tzinfo=UTC)
    issue = replace(issue_of(edition), corrected={"ko": at})
    mail = make_mail(cast_of(make_planet()), issue, edition)

    assert "발행 후 수정일: 2024.3.5" in mail.text
    assert "발행 후 수정일: 2024.3.5" in mail.html


def test_what_comes_from_feeds_is_only_text() -> None:
    """Markup is shown, addresses of other kinds are no links, no header begins in a title."""
    evil = item(
        headline=Phrase(text="<script>alert(1)</script>\r\nBcc: all@x.example", language="ko"),
        blurb=Phrase(text="</td><img src=x onerror=y>\x00\ud800", language="ko"),
        url="javascript:alert(1)",
    )
    mail = made(evil)

    assert ["<script>alert(1)</script> Bcc: all@x.example"] == headlines(mail)
    root = page_of(mail)
    assert [] == [*root.iter("script"), *root.iter("img")]
    assert "javascript:" not in mail.html + mail.text
    assert "Bcc" not in read(mail)


def test_a_title_begins_no_header() -> None:
    """Line ends in what becomes the subject or a name are blanks."""
    edition = replace(korean_edition(), title="뉴스\r\nBcc: all@x.example", heading="No.\n48")
    mail = make_mail(cast_of(make_planet()), issue_of(edition), edition)

    assert "Bcc" not in read(mail)
    assert "뉴스 Bcc: all@x.example No. 48" == read(mail)["Subject"]


def test_a_long_issue_is_cut_and_leads_to_the_page() -> None:
    """Blurbs first; every headline stays, and each cut item says where the rest is."""
    many = [item(story=f"s{n}") for n in range(60)]
    mail = made(*many)

    assert MOST_BYTES > len(mail.letter.body)
    assert mail.is_cut
    assert 60 == len(headlines(mail))
    assert 'href="https://news.example/issues/48/#item-s59"' in mail.html
    assert "https://news.example/issues/48/#item-s59\n" in mail.text
    assert "웹에서 이어 읽기" in mail.html


def test_a_month_as_it_is_usual_is_not_cut() -> None:
    """Sixteen items with their whole blurbs."""
    mail = made(*(item(story=f"s{n}") for n in range(16)))
    assert (False, True) == (mail.is_cut, len(mail.letter.body) < MOST_BYTES // 1.5)


def test_an_endless_issue_shows_the_first_items() -> None:
    """And how many more there are."""
    mail = made(*(item(story=f"s{n}") for n in range(2000)))

    assert MOST_BYTES > len(mail.letter.body)
    assert 20 <= len(headlines(mail)) < 2000
    assert f"웹에서 {2000 - len(headlines(mail))}건 더 보기" in mail.html
    assert "https://news.example/issues/48/#issue" in mail.text


def test_a_frame_that_fills_a_mail_is_an_error() -> None:
    """It says what to shorten."""
    edition = replace(korean_edition(), tagline="가 " * 40_000)
    with pytest.raises(RenderError, match="shorten title, tagline"):
        make_mail(cast_of(make_planet()), issue_of(edition), edition)


def test_an_endless_address_gives_way_to_the_page() -> None:
    """No line of the mail is broken for it."""
    mail = made(item(url="https://gyeonggi.example/?" + "x" * 2000))

    assert 'href="https://news.example/issues/48/#item-z9"' in mail.html
    assert "https://news.example/issues/48/#item-z9\n" in mail.text


def test_the_text_is_readable() -> None:
    """Lines of 72 columns, Hangul counted as two; addresses whole, on lines of their own."""
    url = "https://gyeonggi.example/" + "x" * 100
    lines = made(item(url=url)).text.splitlines()

    assert url in lines
    assert COLUMNS >= max(width(line) for line in lines if not line.startswith("https://"))
    assert [] == [line for line in lines if "https://" in line and not line.startswith("https://")]


def test_hangul_in_an_address_is_encoded() -> None:
    """A mail program makes a link of the whole address."""
    assert "https://a.example/%EA%B0%80?q=%EB%82%98#x" == portable_url(
        "https://a.example/가?q=나#x"
    )
    assert "https://xn--o39a40g.example/%20" == portable_url("https://가나.example/%20")


@pytest.mark.parametrize(
    ("text", "limit", "wanted"),
    [
        ("가나 다라 마바", None, "가나 다라 마바"),
        ("가나 다라 마바", 8, "가나 다라 마바"),
        ("가나 다라 마바", 7, "가나 다라…"),
        ("가나다라마바사", 4, "가나다…"),
        ("가나, 다라", 5, "가나…"),
        ("가나", 0, ""),
    ],
)
def test_a_text_is_cut_behind_a_word(text: str, limit: int | None, wanted: str) -> None:
    """With the mark that there was more."""
    assert wanted == cut(text, limit)


@given(st.text(), st.integers(2, 80))
def test_wrapping_loses_nothing(text: str, columns: int) -> None:
    """No line is too wide, and together they have every character but blanks, in order."""
    lines = wrap(text, columns)

    assert all(width(line) <= columns for line in lines)
    assert "".join(text.split()) == "".join("".join(lines).split())


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"])))
def test_folding_only_moves_blanks(text: str) -> None:
    """HTML shows the same."""
    assert text == fold(text).replace("\n", " ")


def test_the_domain_of_an_authority() -> None:
    """A host, or that of a mail address."""
    assert ["news.example", "news.example"] == [
        domain_of("news.example,2024"),
        domain_of("desk@news.example,2024-05-01"),
    ]


def published(mail: MailOptions = OPTIONS) -> dict[str, str]:
    """The public files of the mail of No. 48 in Korean, by name."""
    planet = make_planet()
    planet = replace(planet, series=replace(planet.series, mail=mail))
    made = mail_files(planet, Layout(languages=planet.series.languages), Catalogue.load())
    folder = "issues/48/"
    return {
        one.path.removeprefix(folder): one.body.decode()
        for one in made
        if one.path.rpartition("/")[0] + "/" == folder
    }


def test_public_copies_hold_nothing_of_the_list() -> None:
    """Whoever followed the link would sign a subscriber off, and the list's address is not for all."""
    files = published()
    assert {"mail.html", "mail.txt", "issue.eml"} == files.keys()
    for name, text in files.items():
        assert not re.search(r"lists\.example|수신 거부|List-|구독자에게", text), name
    assert "\r\nTo: undisclosed-recipients:;\r\n" in files["issue.eml"]
    assert "\r\nMessage-ID: <smart-city.48.ko@news.example>\r\n" in files["issue.eml"]


def test_what_is_sent_names_the_list_as_before() -> None:
    """Only the copies on the site are without it."""
    sent = read(make_mail(cast_of(make_planet()), issue_of(korean_edition()), korean_edition()))
    assert ("news@lists.example", "<smart-city.48.ko@news.example>") == (
        sent["To"],
        sent["Message-ID"],
    )
    assert "leave/" in sent["List-Unsubscribe"]


@pytest.mark.parametrize("mail", [OPTIONS, MailOptions()], ids=["with a list", "without one"])
def test_search_engines_take_the_page_for_the_mail(mail: MailOptions) -> None:
    """The copy says so itself; the mail, which nobody finds there, does not."""
    files = published(mail)
    head = files["mail.html"].partition("</head>")[0]
    assert '<meta name="robots" content="noindex">' in head
    assert '<link rel="canonical" href="https://news.example/issues/48/">' in head
    assert "robots" not in files["issue.eml"]
