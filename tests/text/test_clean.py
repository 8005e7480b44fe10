from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.text.clean import (
    clean_html,
    clean_title,
    first_paragraph,
    is_boilerplate,
    is_cut_off,
    one_line,
    plain_text,
    strip_boilerplate,
    with_breaks,
    with_links,
)
from aggregator.text.xml_chars import xml_safe

REL = 'rel="noopener noreferrer nofollow"'
STOCK = (
    "<a href='https://portal.example/v.do?newsId=1' target='_blank'><img src='b.gif'/></a><br/><br/>"
    "[참고] 위성 2호 발사 예정 관련 보도자료 내용입니다. 자세한 내용은 첨부파일을 참고하시기 바랍니다.<br/>"
    "[자료제공 :<a href='https://portal.example'><img src='l.gif'/>(portal.example)</a>]<br/>"
)
LEAD = "국토교통부는 2024년 지역개발사업 공모를 본격 추진한다고 27일 밝혔다."


def test_clean_html_makes_links_absolute() -> None:
    """Relative links are resolved and every link says that it is not followed."""
    assert (
        '<p><a href="https://city.example/view?a=1&amp;b=2" rel="noopener noreferrer nofollow">'
        "보기</a></p>"
    ) == clean_html('<p><a href="/view?a=1&b=2">보기</a></p>', "https://city.example/rss/x.xml")


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<p onclick='x()'>a</p>",
        "<a href='javascript:x()'>a</a>",
        "<a href='data:text/html,x'>a</a>",
        "<iframe src='//x'>a</iframe>",
        "<svg><script>x()</script></svg>",
        "<p style='position:fixed'>a</p>",
        "&lt;script&gt;alert(1)&lt;/script&gt;&lt;p&gt;a&lt;/p&gt;",
    ],
)
def test_clean_html_disarms(markup: str) -> None:
    """Nothing that runs, frames or styles survives."""
    found = clean_html(markup, "https://x.example/").lower()
    assert not re.search(
        r"<script|<img|<iframe|<svg|onclick|onerror|javascript:|data:|style=", found
    )


def test_clean_html_drops_relative_targets_without_base() -> None:
    """A relative link leads nowhere when nobody says what it is relative to."""
    assert "a" == clean_html("<a href='/b'>a</a>")
    assert "/b" not in clean_html("<a href='/b'>a</a>", "no address")


def test_plain_text_gives_block_elements_lines() -> None:
    """Paragraphs, breaks and list items are lines of their own; entities are undone."""
    assert "가·나\n다\n라 마" == plain_text("<p>가&amp;middot;나</p>다<br>\n<ul><li>라\n마</ul>")


def test_first_paragraph_passes_over_labels_and_subtitles() -> None:
    """The embargo line, the office in charge and a dashed subtitle are no lead."""
    markup = (
        "<p>보도시점: 2024.2.27.(화) 11:00</p><p>담당부서 | 지역정책과</p>"
        f"<p>- 첨단기술 더해 지역 키운다 -</p><p>{LEAD}</p><p>둘째 문단이다.</p>"
    )
    assert LEAD == first_paragraph(markup)


@pytest.mark.parametrize(
    "markup",
    [
        f"{LEAD}<br><br>둘째 문단이다.",
        f"{LEAD}\n\n둘째 문단이다.",
        f"<div>{LEAD}</div><div>둘째 문단이다.</div>",
        f"&lt;p&gt;{LEAD}&lt;/p&gt;&lt;p&gt;둘째 문단이다.&lt;/p&gt;",
        f"<p>보도자료<br>{LEAD}</p><p>둘째 문단이다.</p>",
    ],
)
def test_first_paragraph_knows_the_ways_to_part_paragraphs(markup: str) -> None:
    """Elements, double breaks and blank lines set paragraphs apart."""
    assert LEAD == first_paragraph(markup)


def test_first_paragraph_takes_a_short_line_when_there_is_no_sentence() -> None:
    """A note of two words is still all that its source says."""
    assert "일반 안내" == first_paragraph("일반 안내")


def test_first_paragraph_passes_over_the_headline() -> None:
    """A text that begins with its own headline starts after it."""
    assert LEAD == first_paragraph(
        f"<p>지역개발사업 공모.</p><p>{LEAD}</p>", title="지역개발사업 공모"
    )


@pytest.mark.parametrize("markup", [STOCK, "", "<iframe title='보도자료' src='x'>보기</iframe>"])
def test_first_paragraph_of_nothing(markup: str) -> None:
    """A portal's stock sentence, an empty text and a viewer frame have no paragraph."""
    assert "" == first_paragraph(markup)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, "이 자료는 국토교통부의 보도자료를 전재하여 제공함을 알려드립니다."),
        (True, "상세 내용은 본문을 참고하세요."),
        (True, "첨부파일 참조"),
        (True, "  \n"),
        (True, plain_text(STOCK)),
        (False, LEAD),
        (False, "변경된 내용이 없습니다."),
        (False, "문체부는 공공누리 유형을 새로 정비한다."),
    ],
)
def test_boilerplate_is_told_from_text(expected: bool, text: str) -> None:  # noqa: FBT001
    """Stock sentences say nothing; a sentence that merely resembles one does."""
    assert expected is is_boilerplate(text)


def test_strip_boilerplate_keeps_the_rest() -> None:
    """Only the stock sentence goes."""
    assert LEAD == strip_boilerplate(f"{LEAD} 자세한 내용은 첨부파일을 참고하시기 바랍니다.")


@pytest.mark.parametrize(
    ("title", "markup"),
    [
        ("<2026 도시혁신> 공모", "<2026 도시혁신> 공모"),
        ("<2026 도시혁신> 공모", "&lt;2026 도시혁신&gt; 공모"),
        ("굵은 <AI 도시> 제목", "<b>굵은</b> <AI 도시> 제목"),
        ("<스마트도시> 안내", "<스마트도시> 안내"),
        ("노동착취·인권", "노동착취&amp;amp;middot;인권"),
        ("앞 뒤", "앞<br/>뒤 ]]>"),
        ("제목", "<![CDATA[제목]]>"),
        ("안내 (26. 4. 20.~)", "안내 (26. 4. 20.~)}"),
        ("{집합}", "{집합}"),
        ("가 나", "가\x0b\u202e나"),
        ("R&D 예산", "R&D 예산"),
        ("제목", "<script>x()</script>제목"),
    ],
)
def test_clean_title(title: str, markup: str) -> None:
    """A headline keeps its words and loses what is only markup or damage."""
    assert title == clean_title(markup)


@pytest.mark.parametrize(
    ("title", "markup"),
    [
        ("제목", "제목 <br"),
        ("제목 끝", "제목 <!-- 주석 --> 끝"),
        ("<Time> 전시", "<Time> 전시"),
        ("시간", "<time>시간</time>"),
        ("<2026 도시혁신> 공모", "&amp;lt;2026 도시혁신&amp;gt; 공모"),
        ("‘24년 “공모”", "&lsquo;24년 &ldquo;공모&rdquo;"),
        ("가 < 나", "가 &#60 나"),
        ("굵은 제목", "<b<b>>굵은</b> 제목"),
        ("[보도자료] (석간) 【참고】 제목", "  [보도자료]  (석간) 【참고】\n제목 "),
        ("제목", "&lt;![CDATA[제목]]&gt;"),
        ("\u2329가\u232a", "&lang;가&rang;"),
    ],
)
def test_clean_title_of_further_damage(title: str, markup: str) -> None:
    """Comments, cut tags and references without end go, marks and words in brackets stay."""
    assert title == clean_title(markup)


@pytest.mark.parametrize(
    "markup",
    [
        f"<![CDATA[ {LEAD} ]]>",
        f"&lt;![CDATA[{LEAD}]]&gt;",
        f"<p><![CDATA[{LEAD}]]></p>",
        f"<script>var a = 'x';</script><p>{LEAD}</p>",
        f"(function(w,d){{w.x=d}})(window,document); {LEAD}",
        f"<p>var x = 1; document.write('y');</p><p>{LEAD}</p>",
        f'p.HStyle0 {{style-name:"바탕글"; margin-left:0}} {LEAD}',
        f"<!--[if !mso]><style>v{{x:y}}</style><![endif]--><p>{LEAD}</p>",
        f"<table><tr><td>담당부서</td><td>지역정책과</td></tr></table><p>{LEAD}</p>",
        f"<table><tr><td>{LEAD}</td></tr></table>",
        f"<p>&nbsp;</p><p>보도자료.hwp 바로보기</p><p>{LEAD}</p>",
    ],
)
def test_first_paragraph_behind_noise(markup: str) -> None:
    """Marks of CDATA sections, programs, style rules, tables of offices and files are passed over."""
    assert LEAD == first_paragraph(markup)


def test_braces_of_a_text_are_no_program() -> None:
    """Braces in prose stay."""
    assert "집합 {가, 나} 이다." == plain_text("집합 {가, 나} 이다.")


@pytest.mark.parametrize(
    "markup",
    [
        "<iframe src='/synap/skin/doc.html?fn=1' title='보도자료'></iframe><a href='/v'>바로보기</a>",
        "<object data='x.pdf'>이 브라우저는 지원하지 않습니다</object>",
        "첨부파일: 240227_보도자료.hwp (120KB) 바로보기 다운로드",
        "https://www.city.example/synap/skin/doc.html?fn=abc&rs=/x",
        "<img src='btn.gif' alt='본문보기'>",
        "한글뷰어 다운로드 | PDF뷰어 다운로드",
        "해당 게시물의 내용은 첨부파일을 확인하여 주시기 바랍니다.",
        "붙임 보도자료 1부. 끝.",
        "보도자료입니다.",
        "-",
    ],
)
def test_frames_and_buttons_are_no_text(markup: str) -> None:
    """What only leads to a file is boilerplate and has no paragraph."""
    assert is_boilerplate(plain_text(markup))
    assert "" == first_paragraph(markup)


@pytest.mark.parametrize("cut", ["<!--", "</b", "<br", "<a href="])
def test_cut_tags_in_a_row_are_no_text(cut: str) -> None:
    """However many there are."""
    assert "공모" == clean_title(f"공모{cut * 20}")


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(["&", "amp;", "lt;", "gt;", "#39;", "nbsp", "<", ">", "b", "/", "2026 ", "가",
                         "<b>", "</b>", "<![CDATA[", "]]>", "}", "{", "<!--", "-->", "quot;", " "]),
        max_size=12,
    ).map("".join)
)  # fmt: skip
def test_cleaning_a_title_twice_changes_nothing(markup: str) -> None:
    """A clean title is its own cleaning, and entities undone stay so."""
    title = clean_title(markup)
    assert title == clean_title(title)


def test_cut_off_texts_end_in_dots() -> None:
    """An excerpt that its feed shortened is recognised by its end."""
    assert is_cut_off("국토교통부는 27일 …")
    assert not is_cut_off(LEAD)


def test_xml_safe_removes_what_xml_forbids() -> None:
    """Control characters, lone surrogates and non-characters go, tabs and emoji stay."""
    assert "a\tb😀" == xml_safe("a\t\x00\x0b\ud800\ufffe\uffffb😀")


@pytest.mark.parametrize(
    ("markup", "cleaned"),
    [
        ("a&#1 b", "a b"),
        ("<p>&#x2;c</p>", "<p>c</p>"),
        ('<a href="java&#1script:alert(1)">x</a>', "x"),
        (
            '<a href="https://a.example/&#1">x</a>',
            '<a href="https://a.example/" rel="noopener noreferrer nofollow">x</a>',
        ),
    ],
)
def test_references_to_what_xml_forbids_are_gone(markup: str, cleaned: str) -> None:
    """Also without their semicolon; and an address that this makes is looked at again."""
    assert cleaned == clean_html(markup)


@settings(max_examples=100)
@given(st.text(alphabet=st.sampled_from("<>/&;pb!-[]CDATA \n\"'=가a1\x00\ud800#x"), max_size=80))
def test_no_markup_breaks_the_cleaning(markup: str) -> None:
    """Any text gives text without forbidden characters; a plain title is one line."""
    for text in (clean_html(markup, "https://x.example/"), plain_text(markup), clean_title(markup)):
        assert text == xml_safe(text)
    assert "\n" not in clean_title(markup)
    assert "\n" not in first_paragraph(markup)


def test_deep_markup_keeps_its_text() -> None:
    """Thousands of open elements take no time; what they say stays, as paragraphs."""
    started = time.process_time()
    assert "<p>본문 &lt;1&gt;</p>" == clean_html("<div>" * 40_000 + "본문 &lt;1&gt;")
    assert time.process_time() - started < 1


def test_a_long_line_of_cues_takes_no_time() -> None:
    """Stock sentences are looked for in time that grows with the length of a line."""
    line = "자료 내용 첨부 저작권 가나다 " * 90_000
    started = time.process_time()
    strip_boilerplate(line)
    assert time.process_time() - started < 2


def test_links_are_led_elsewhere_or_undone() -> None:
    """Each web link is asked for; text and mail addresses stay."""
    made = clean_html(
        "<p><a href='http://10.0.0.1/x'>안</a> <a href='https://a.example/?b=1&amp;c=2'>밖</a>"
        " <a href='mailto:a@b.example'>편지</a></p>"
    )
    kept = with_links(made, lambda url: url if "example" in url else "")
    assert kept == made.replace(f'<a href="http://10.0.0.1/x" {REL}>안</a>', "안")
    assert made == with_links(made, lambda url: url)


def test_one_line_has_single_blanks() -> None:
    """Line ends and runs of blanks are one blank, and what XML forbids is gone."""
    assert "a b" == one_line(" a\x00\n\t b ")


@pytest.mark.parametrize(
    "hostile",
    [
        "{",
        "{a:",
        "function(",
        "a{",
        "var x =",
        "$(",
        "]]>",
        "a.hwp ",
        "http://",
        "<!-- ",
        "&#60 ",
        "<p",
        "(",
        "첨부 ",
        "}",
        "&lt;",
        "<script>",
        "관련 ",
        "<a ",
        "<!--",
        "저작권자",
    ],
)
def test_hostile_repetition_takes_no_time(hostile: str) -> None:
    """Work grows with the length of a text, not with its square."""
    text = hostile * (60_000 // len(hostile)) + "x"
    started = time.process_time()
    for clean in (clean_html, plain_text, first_paragraph, clean_title, is_boilerplate):
        clean(text)
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("title", "markup"),
    [
        ("<S>등급 신설", "<S>등급 신설"),
        ("<A> <B> <C> 구역", "<A> <B> <C> 구역"),
        ("<Big> 콘서트", "<Big> 콘서트"),
        ("굵게", "<B>굵게</B>"),
        ("A<B 비교", "A<B 비교"),
        ("A<B to C", "A<B to C"),
        ("제목", "제목 <a hr"),
        ("제목", "제목 <A HREF='/x"),
        ("소프트하이픈", "소프트\xad하이픈"),
        ("한글 제목", "\u1112\u1161\u11ab\u1100\u1173\u11af 제목"),
        ("제목", "&#0;제목"),
        ("😀", "&#55357;&#56832;"),
        ("😀", "&amp;#xD83D;&amp;#xDE00;"),
        ("제목", "<o:p></o:p>제목"),
        ("제목", "<?xml:namespace prefix = o />제목"),
        ("👨\u200d👩\u200d👧 가족", "👨\u200d👩\u200d👧 가족"),
    ],
)
def test_clean_title_of_brackets_and_signs(title: str, markup: str) -> None:
    """Words in brackets stay, what word processors and databases leave goes."""
    assert title == clean_title(markup)


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("A<B이고 B<C이면 A<C", "A<B이고 B<C이면 A<C"),
        ("A<B, C>D", "A<B, C>D"),
        ("<Seoul 2026> 개막", "<Seoul 2026> 개막"),
        ("<AI 도시> 공모", "<p><AI 도시> 공모</p>"),
        ("<A> 등급", "<p><A> 등급</p>"),
        ("사랑 <3 이다", "사랑 <3 이다"),
        ("<!주목> </끝>", "<!주목> </끝>"),
        ("굵은 글", "<B>굵은 글</B>"),
        ("굵은 글", "<b>굵은 글"),
        ("글", "<daum:x>글</daum:x><v:shape/>"),
        ("글", "<custom-box class='x'>글<other>"[:-7]),
        ("글", '<img alt="<AI 도시> 사진" src="/a.jpg">글'),
        ("글", "<script>if (a<b && c>d) x();</script>글"),
        ("a b", "<td>a</td><td>b</td>"),
        ("소프트하이픈", "<p>소프트\xad하이픈</p>"),
        ("예산 {국비: 50%; 지방비: 50%} 편성", "예산 {국비: 50%; 지방비: 50%} 편성"),
    ],
)
def test_plain_text_keeps_the_writers_own_brackets(text: str, markup: str) -> None:
    """What has the form of a tag and is none is text; tags that HTML does not know are tags."""
    assert text == plain_text(markup)


def test_clean_html_keeps_the_writers_own_brackets() -> None:
    """They are escaped, never tags."""
    assert "<p>&lt;AI 도시&gt; A&lt;B</p>" == clean_html("<p><AI 도시> A<B</p>")


@pytest.mark.parametrize(
    "text",
    [
        "첨부서류를 갖추어 3월 2일까지 신청하면 된다.",
        "첨부파일을 확인하는 척하는 피싱 메일이 늘었다.",
        "시민은 첨부 자료 확인 없이 민원을 낼 수 있게 된다.",
        "첨부된 자료를 확인한 결과 법령 위반이 드러났다.",
        "붙임을 참고해 신청서를 쓰면 되며, 접수는 3월 2일부터 10일까지다.",
        "무단 전재를 금지하는 규정을 새로 만들었다고 밝혔다.",
        "내용 없는 법안이라는 지적에 대해 설명드립니다.",
        "자료 제공을 거부한 업체에 과태료를 부과한다.",
        "관련 사항은 붙임 서식에 적어 구청에 제출하시기 바랍니다.",
        "피해 없음",
    ],
)
def test_texts_about_files_are_texts(text: str) -> None:
    """A sentence that goes on is no stock sentence, and not cut in two."""
    assert text == strip_boilerplate(text)
    assert text == first_paragraph(text)


@pytest.mark.parametrize(
    "text",
    [
        "본문 내용은 첨부파일을 확인하시기 바랍니다",
        "세부내용 붙임 참조",
        "상기 내용 첨부파일 참조",
        "관련 내용은 첨부를 참고해주세요.",
        "보도내용은 첨부파일을 확인바랍니다.",
        "보도자료를 첨부하오니 참고하시기 바랍니다.",
        "보도자료를 첨부합니다.",
        "보도자료 참조",
        "첨부와 같이 보도자료를 배포합니다.",
        "해당 게시물의 본문은 첨부파일로 제공됩니다.",
        "이 게시물은 첨부파일로만 제공됩니다.",
        "해당 자료는 첨부파일로 확인 가능합니다.",
        "등록된 내용이 없습니다.",
        "본문이 없습니다.",
        "자료 내용 없음",
        "문서뷰어로 보기",
        "이 브라우저는 iframe을 지원하지 않습니다",
        "Your browser does not support iframes.",
        "<정책브리핑 www.korea.kr>",
        "첨부파일 다운로드(1건)",
        "자세한 내용은 첨부파일을 참조해 주시기 바랍니다. 감사합니다.",
    ],
)
def test_more_words_in_place_of_a_text(text: str) -> None:
    """Pointers to files, in the words of many boards."""
    assert is_boilerplate(text)
    assert "" == first_paragraph(text.replace("<", "&lt;"))


def test_bare_ampersands_take_no_time() -> None:
    """A text of nothing else is read as fast as any."""
    started = time.process_time()
    assert "&" * 300_000 == plain_text("&" * 300_000)
    clean_html("&a " * 100_000)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    "hostile", ["a\u202eb", "a&#x202e;b", "a&#8238;b", "<b>a\u2067</b>b", "a\u200bb"]
)
def test_clean_html_turns_no_text_around(hostile: str) -> None:
    """Marks that nobody sees, as characters or as references."""
    assert "ab" == plain_text(clean_html(hostile))
    assert not re.search("[\u200b\u202a-\u202e\u2060-\u2069]|&#", clean_html(hostile))


def test_with_links_turns_no_text_around() -> None:
    """What was stored before is published clean."""
    assert "<p>ab</p>" == with_links("<p>a\u202eb</p>", str)


@pytest.mark.parametrize("target", ["javascript:x()", "data:text/html,x", "/relative"])
def test_a_link_without_target_is_text(target: str) -> None:
    """An element that leads nowhere is none."""
    assert "<p>보기 <b>글</b></p>" == clean_html(
        f'<p>보기 <a href="{target}" title="t"><b>글</b></a></p>'
    )


def test_with_links_unwraps_what_leads_nowhere() -> None:
    """That which it takes the target of, and that which had none; others stay."""
    kept = '<a href="https://a.example/" rel="noopener noreferrer nofollow">나</a>'
    gone = '<a href="http://10.0.0.1/" rel="noopener noreferrer nofollow">가</a>'
    bare = '<a rel="noopener noreferrer nofollow">다</a>'
    assert f"가 {kept} 다" == with_links(
        f"{gone} {kept} {bare}", lambda url: url if "a.ex" in url else ""
    )


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("가\n\n나\n다", "<p>가</p><p>나<br>다</p>"),
        ("가\r\n \r\n\r\n나 &amp; 다\n", "<p>가</p><p>나 &amp; 다</p>"),
        ("<b>가\n\n나</b>", "<p><b>가</b></p><p><b>나</b></p>"),
        ("<p>가</p>\n\n<p>나\n다</p>", "<p>가</p>\n\n<p>나\n다</p>"),
        ("가<br>\n나", "가<br>\n나"),
        ("가 나", "가 나"),
    ],
)
def test_paragraphs_of_plain_text(markup: str, expected: str) -> None:
    """Blank lines and ends of lines, where nothing else parts the text."""
    assert expected == with_breaks(markup)
