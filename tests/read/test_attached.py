from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.items import Attachment, Enclosure, Entry, Image
from aggregator.read.items.attached import MAX_ATTACHED, attachments_of, images_of
from aggregator.read.items.file_names import MAX_NAME

BASE = "https://city.example/news/view.do?nttId=1"


def files(entry: Entry) -> tuple[Attachment, ...]:
    return attachments_of(entry, base_url=BASE)


def linked(markup: str) -> tuple[Attachment, ...]:
    return files(Entry(content=markup))


def shown(markup: str) -> tuple[Image, ...]:
    return images_of(Entry(content=markup), base_url=BASE)


@pytest.mark.parametrize(
    ("url", "media_type", "name", "kind"),
    [
        ("https://a.example/f/%EB%B3%B4%EB%8F%84.hwp", "", "보도.hwp", "hwp"),
        ("https://a.example/f/%BA%B8%B5%B5.hwpx", "", "보도.hwpx", "hwpx"),
        ("https://a.example/get?id=1", "application/pdf", "", "pdf"),
        ("https://a.example/get?id=1", "application/x-hwp; x=y", "", "hwp"),
        ("/files/a.PDF", "application/octet-stream", "a.PDF", "pdf"),
        ("https://a.example/FileDown.do?atchFileId=F1&fileSn=0", "", "", ""),
        ("https://a.example/down.do?id=1&orgName=%EB%B3%B4%EB%8F%84.hwp", "", "보도.hwp", "hwp"),
    ],
)
def test_enclosed_documents(url: str, media_type: str, name: str, kind: str) -> None:
    """An enclosure is a document by its extension, its media type or its servlet."""
    found = files(Entry(enclosures=(Enclosure(url=url, media_type=media_type),)))
    assert [(name, kind)] == [(each.name, each.kind) for each in found]
    assert found[0].url.startswith("https://")


@pytest.mark.parametrize(
    ("url", "media_type"),
    [
        ("https://a.example/a.jpg", "image/jpeg"),
        ("https://a.example/a.mp3", "audio/mpeg"),
        ("https://a.example/a.mp4", ""),
        ("javascript:x()", "application/pdf"),
        ("ftp://a.example/a.pdf", "application/pdf"),
        ("data:application/pdf;base64,x", "application/pdf"),
        ("https://a.example/page", "text/html"),
    ],
)
def test_what_is_no_document(url: str, media_type: str) -> None:
    """Pictures, sound and addresses that are no web addresses are not attached documents."""
    assert () == files(Entry(enclosures=(Enclosure(url=url, media_type=media_type),)))


@pytest.mark.parametrize(
    ("markup", "name", "kind"),
    [
        ("<a href='/x/a.hwp'>보도자료</a>", "a.hwp", "hwp"),
        ("<a href='/common/download.do?fileId=1&amp;tblKey=G'>240227(참고) 도시.hwpx [120KB]</a>",
         "240227(참고) 도시.hwpx", "hwpx"),
        ("<a href='/FileDown.do?atchFileId=1'><span>첨부파일: 1. 계획(안).pdf</span> 다운로드</a>",
         "1. 계획(안).pdf", "pdf"),
        ("<a href='/cmm/fms/FileDown.do?atchFileId=1&fileSn=1'>첨부파일</a>", "", ""),
        ("<a href='/boardDownload.es?bid=1&list_no=2&seq=1'>붙임 세부계획</a>", "붙임 세부계획", ""),
        ("<a href=/f/a.pdf title='설명 자료.pdf'>내려받기</a>", "설명 자료.pdf", "pdf"),
        ("&lt;a href='/x/a.hwp'&gt;보도자료.hwp&lt;/a&gt;", "보도자료.hwp", "hwp"),
        ("<a href='/getFile.do?id=1'>자료.hwp.pdf</a>", "자료.hwp.pdf", "pdf"),
    ],
)  # fmt: skip
def test_linked_documents(markup: str, name: str, kind: str) -> None:
    """A link is a document by its address, its text or its servlet; the text names the file."""
    assert [(name, kind)] == [(each.name, each.kind) for each in linked(markup)]


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='/synap/doc.html?fn=a.hwp'>a.hwp</a>",
        "<a href='/FileDown.do?atchFileId=1'>바로보기</a>",
        "<a href='/viewer.do?file=a.pdf'>보도자료</a>",
        "<a href='/FileDown.do?atchFileId=1'>현장사진.jpg</a>",
        "<a href='/news/list.do'>목록</a>",
        "<a href='javascript:down(1)'>a.hwp</a>",
        "<a href='#'>a.hwp</a>",
        "<script>x='<a href=/a.hwp>a</a>'</script>",
        "<style><a href=/a.hwp>a</a>",
        "<a>a.hwp</a>",
        "",
    ],
)
def test_links_that_are_no_documents(markup: str) -> None:
    """Viewers, pictures, pages and programs are none."""
    assert () == linked(markup)


def test_each_document_once_in_its_order() -> None:
    """A file that is enclosed and linked is one, with the name that the link tells."""
    entry = Entry(
        enclosures=(Enclosure(url="https://city.example/FileDown.do?atchFileId=1&fileSn=0"),),
        summary="<a href='/FileDown.do?fileSn=0&amp;atchFileId=1'>가.hwp</a>"
        "<a href='/FileDown.do?atchFileId=1&amp;fileSn=1'>나.pdf</a>",
    )
    assert [("가.hwp", "hwp"), ("나.pdf", "pdf")] == [(f.name, f.kind) for f in files(entry)]


def test_fields_with_addresses() -> None:
    """A field that holds an address is a document, named by the field of the same number."""
    entry = Entry(
        fields={
            "clipname1": "보도자료.hwp",
            "clipurl1": "/common/download.do?fileId=1&tblKey=GN",
            "clipname2": "붙임.hwp",
            "filename": "설명.pdf",
            "fileurl": "https://a.example/d/9.pdf",
            "link2": "https://a.example/page",
        }
    )
    assert [("보도자료.hwp", "hwp"), ("설명.pdf", "pdf")] == [
        (each.name, each.kind) for each in files(entry)
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\temp\\보도.hwp", "보도.hwp"),
        ("1/4분기 실적.hwp", "1-4분기 실적.hwp"),
        ("보도\u202e자료\u200b.hwp", "보도자료.hwp"),
        ("가\n  나.hwp", "가 나.hwp"),
        ("R&amp;amp;D 계획.hwp", "R&D 계획.hwp"),
        ("<b>굵은</b> 계획.hwp", "굵은 계획.hwp"),
    ],
)
def test_names_are_harmless(text: str, name: str) -> None:
    """A name is one line without folders, markup and marks of direction."""
    assert name == linked(f"<a href='/x/1.hwp'>{text}</a>")[0].name


def test_names_and_numbers_are_bounded() -> None:
    """A long name keeps its extension, and no entry has more than twenty files."""
    (one,) = linked(f"<a href='/getFile.do?id=1' title='{'가' * 190}{'나' * 50}.hwp'>받기</a>")
    assert len(one.name) <= MAX_NAME
    assert one.name.endswith("….hwp")
    many = "".join(f"<a href='/f/{n}.pdf'>{n}</a>" for n in range(50))
    assert MAX_ATTACHED == len(linked(many))


def test_pictures_of_media_come_first() -> None:
    """Media elements, enclosures and the text each give pictures, every one once."""
    entry = Entry(
        images=(Image(url="https://a.example/1.jpg", alt="회의", credit="시청", licence=""),),
        enclosures=(
            Enclosure(url="https://a.example/2.png", media_type="image/png"),
            Enclosure(url="https://a.example/3.webp"),
            Enclosure(url="https://a.example/4.hwp"),
        ),
        content="<img src='https://a.example/1.jpg'><img src='/5.jpg' alt='현장'>",
    )
    assert [
        ("https://a.example/1.jpg", "회의", "시청"),
        ("https://a.example/2.png", "", ""),
        ("https://a.example/3.webp", "", ""),
        ("https://city.example/5.jpg", "현장", ""),
    ] == [(each.url, each.alt, each.credit) for each in images_of(entry, base_url=BASE)]


@pytest.mark.parametrize(
    "tag",
    [
        "<img src='/c.gif' width=1 height=1>",
        "<img src='/c.gif' style='width:1px;height:1px'>",
        "<img src='/rss/btn_textview.gif'>",
        "<img src='/rss/icon_logo.gif'>",
        "<img src='/images/logo.png'>",
        "<img src='/i/a.png' alt='국토교통부 로고'>",
        "<img src='/i/a.png' alt='바로보기'>",
        "<img src='/i/img_opentype01.png' alt='공공누리 제1유형'>",
        "<img src='data:image/png;base64,AAAA'>",
        "<img src='javascript:x()'>",
        "<img>",
        "<img src='https://feeds.feedburner.example/~r/x/y'>",
    ],
)
def test_furniture_is_no_picture(tag: str) -> None:
    """Counters, buttons, logos and embedded data are no pictures of a release."""
    assert () == shown(f"<p>{tag}</p>")


@pytest.mark.parametrize(
    ("markup", "credit"),
    [
        (
            "<figure><img src='/a.jpg'><figcaption>개막식 (사진=서울시)</figcaption></figure>",
            "서울시",
        ),
        (
            "<figure><img src='/a.jpg'><figcaption>개막식. 사진 제공: 부산시청</figcaption></figure>",
            "부산시청",
        ),
        ("<figure><img src='/a.jpg'><figcaption>개막식 ⓒ 홍길동</figcaption></figure>", "홍길동"),
        ("<figure><img src='/a.jpg'><figcaption>개막식</figcaption></figure>", ""),
        ("<img src='/a.jpg'><br>▲ (사진=한국관광공사) 개막식", "한국관광공사"),
        ("<img src='/a.jpg'><p>시는 사진 공모전을 연다. 사진: 없음</p>", ""),
        ("<img src='/a.jpg'><p>사진 공모전을 연다.</p>", ""),
    ],
)
def test_credit_where_it_is_certain(markup: str, credit: str) -> None:
    """A caption or the words right behind a picture name who made it; nothing is guessed."""
    assert [credit] == [each.credit for each in shown(markup)]


def test_licences_of_pictures_are_their_own() -> None:
    """The licence of the text does not cover a picture; that in its caption does."""
    text = "<p>본 저작물은 공공누리 제1유형으로 개방합니다.</p>"
    assert "" == shown(f"<img src='/a.jpg'>{text}")[0].licence
    own = "<figure><img src='/a.jpg'><figcaption>강 (CC BY 4.0)</figcaption></figure>"
    assert "CC-BY-4.0" == shown(own)[0].licence


def test_late_pictures_are_found() -> None:
    """A picture that a program loads when it comes into view has its address elsewhere."""
    found = shown("<img src='data:image/gif;base64,R0' data-src='/late.jpg'>")
    assert ["https://city.example/late.jpg"] == [each.url for each in found]


@pytest.mark.parametrize(
    "hostile", ["<a ", "<a href='", "<a href=/a.pdf>", "<img src=/a.jpg>", "<figure>", "<script>",
                "<figcaption>", "<figure><img src=/a.jpg><figcaption>x</figcaption>", "&lt;a "]
)  # fmt: skip
def test_hostile_markup_takes_no_time(hostile: str) -> None:
    """Work grows with the length of a text."""
    entry = Entry(content=hostile * (200_000 // len(hostile)))
    started = time.process_time()
    files(entry)
    images_of(entry, base_url=BASE)
    assert time.process_time() - started < 3


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from([*"<>/='\"& ", "a href", "img src", "figure", ".hwp", "/x", "http://", "가",
                         "figcaption", "\u202e", "..", "\\"]),
        max_size=40,
    ).map("".join)
)  # fmt: skip
def test_any_markup_gives_harmless_results(markup: str) -> None:
    """Whatever a feed has, addresses are web addresses and names one short line."""
    entry = Entry(content=markup, summary=markup, fields={"fileurl1": markup, "filename1": markup})
    for each in files(entry):
        assert each.url.startswith(("http://", "https://"))
        assert len(each.name) <= MAX_NAME
        assert not set("\n\\/\u202e") & set(each.name)
    for image in images_of(entry, base_url=BASE):
        assert image.url.startswith(("http://", "https://"))


def test_what_is_enclosed_as_a_file_is_one() -> None:
    """Also where neither its type nor its address says of what kind."""
    url = "https://city.example/board/get?id=3"
    entry = Entry(enclosures=(Enclosure(url=url, media_type="application/octet-stream"),))
    assert (Attachment(url=url),) == files(entry)


@pytest.mark.parametrize("name", ["사진.egg", "발표.show", "자료.7z", "표.cell", "서식.hml"])
def test_files_of_korean_programs(name: str) -> None:
    """Archives and office files that are at home here."""
    (found,) = linked(f'<a href="/dl/1">{name}</a>')
    assert (name, name.rpartition(".")[2]) == (found.name, found.kind)


def test_a_caption_behind_a_picture_says_whose_it_is() -> None:
    """Only the line right behind, and only where a mark shows that it is a caption."""
    (found,) = shown('<img src="/a.jpg"><p>▲ 착공식 (사진 제공: 하늘시)</p><p>본문</p>')
    assert "하늘시" == found.credit
    (other,) = shown('<img src="/a.jpg"><p>본문이다.</p><p>▲ 착공식 (사진 제공: 하늘시)</p>')
    assert "" == other.credit


def test_a_picture_with_several_sizes_alone() -> None:
    """The first of them."""
    (found,) = shown('<img srcset="/a-1x.jpg 1x, /a-2x.jpg 2x">')
    assert "https://city.example/a-1x.jpg" == found.url
