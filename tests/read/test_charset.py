from __future__ import annotations

import codecs
import gzip
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import Undecodable
from aggregator.read.decoding.charset import codec_name, decode
from aggregator.read.decoding.charset_names import CHARSETS

KOREAN = "<rss><title>국토교통부 스마트도시 공모 펲뷁</title></rss>"


def declared(name: str, text: str = KOREAN) -> str:
    return f'<?xml version="1.0" encoding="{name}"?>\n{text}'


@pytest.mark.parametrize(
    "name",
    ["euc-kr", "EUC-KR", "ks_c_5601-1987", "ksc5601", "x-windows-949", "MS949", "uhc", "korean"],
)
def test_euc_kr_family_is_read_as_cp949(name: str) -> None:
    """Whatever name of the family stands there, syllables outside KS X 1001 are read."""
    found = decode(declared(name).encode("cp949"), header="", override=None)
    assert KOREAN in found.text
    assert ("cp949", name.lower(), ()) == (found.encoding, found.claimed, found.warnings)


@pytest.mark.parametrize(
    ("header", "declaration", "real"),
    [
        ("utf-8", "euc-kr", "cp949"),
        ("", "utf-8", "cp949"),
        ("iso-8859-1", "utf-8", "cp949"),
        ("", "euc-kr", "utf-8"),
        ("euc-kr", "utf-8", "utf-8"),
        ("iso-8859-1", "utf-8", "utf-8"),
        ("utf-16", "utf-8", "utf-8"),
    ],
)
def test_bytes_win_over_claims(header: str, declaration: str, real: str) -> None:
    """A claim that the bytes refute is not believed."""
    found = decode(declared(declaration).encode(real), header=header, override=None)
    assert KOREAN in found.text
    assert real == found.encoding


def test_no_claim_at_all() -> None:
    """Undeclared Korean is recognised."""
    assert KOREAN == decode(KOREAN.encode("cp949"), header="", override=None).text


@pytest.mark.parametrize("real", ["utf-8", "cp949"])
def test_one_broken_sequence_stays_one(real: str) -> None:
    """A damaged character is replaced and the document keeps its charset."""
    body = declared(real if real == "utf-8" else "euc-kr", "가나다" * 30).encode(real)
    body = body.replace("다가".encode(real), b"\xff" + "가".encode(real), 1)
    found = decode(body, header="", override=None)
    assert real == found.encoding
    assert "broken-characters" in found.warnings
    assert found.text.count("가나") >= 29


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF8 * 2, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "utf-32-be"),
    ],
)
def test_marks_and_null_patterns(mark: bytes, name: str) -> None:
    """Byte order marks, doubled ones too, and their absence."""
    found = decode(mark + KOREAN.encode(name), header="", override=None)
    assert (KOREAN, name) == (found.text, found.encoding)


def test_override_wins() -> None:
    """The operator's word is taken over every claim."""
    body = declared("utf-8").encode("cp949")
    assert "cp949" == decode(body, header="utf-8", override="euc-kr").encoding


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"<rss/>", mtime=0),
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"%PDF-1.7",
        bytes(range(32)) * 9,
    ],
)
def test_binary_is_refused(body: bytes) -> None:
    """Images, archives and control characters are no text."""
    with pytest.raises(Undecodable, match="the document is"):
        decode(body, header="utf-8", override=None)


@pytest.mark.parametrize(
    "name", ["rot13", "idna", "utf-7", "unicode_escape", "zip", "../x", "a" * 99, ""]
)
def test_codecs_that_are_no_charsets_stay_out(name: str) -> None:
    """Only charsets of texts may be claimed."""
    assert codec_name(name) is None


@settings(max_examples=100)
@given(st.binary(max_size=200), st.sampled_from(["", "utf-8", "euc-kr", "utf-16", "nonsense"]))
def test_any_bytes_are_text_or_undecodable(body: bytes, header: str) -> None:
    """No other error leaves the room."""
    try:
        assert isinstance(decode(body, header=header, override=None).text, str)
    except Undecodable as error:
        assert "\n" not in str(error)  # noqa: PT017


@pytest.mark.parametrize("name", CHARSETS)
def test_every_charset_that_may_be_forced_is_read(name: str) -> None:
    """A name that the configuration offers is obeyed, whatever the document claims."""
    body = declared("iso-8859-2", "<rss>plain</rss>").encode("ascii")
    found = decode(body, header="utf-8", override=name)
    codec = codec_name(name)
    assert codec is not None
    assert found.encoding in {codec, "windows-1252"}


@pytest.mark.parametrize(
    "name",
    [
        "EUC_KR", "euckr", "ksc_5601", "KS_C_5601-1989", "windows-949", "CP949", "x-windows-949",
        "ms949", "x-euc-kr", '"euc-kr"', "euc-kr; charset=euc-kr",
    ],
)  # fmt: skip
def test_further_names_of_the_family(name: str) -> None:
    """Spelling, quotes and repeated parameters do not hide the family."""
    assert "cp949" == codec_name(name)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("johab", "johab"),
        ("iso-2022-kr", "iso2022_kr"),
        ("gb2312", "gb18030"),
        ("x-sjis", "cp932"),
        ("iso-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("tis-620", "cp874"),
        ("utf-8,utf-8", "utf-8"),
    ],
)
def test_names_are_read_as_wide_as_they_are_used(name: str, codec: str) -> None:
    """A narrow name stands for the charset that includes it."""
    assert codec == codec_name(name)


@pytest.mark.parametrize("codec", ["johab", "iso2022_kr"])
def test_rare_korean_charsets_are_read_when_claimed(codec: str) -> None:
    """Charsets that only a claim can tell are read by it."""
    text = declared(codec.replace("_", "-"), "<rss><title>국토교통부 공모</title></rss>")
    assert text == decode(text.encode(codec), header="", override=None).text


@pytest.mark.parametrize("claim", ["", "euc-kr", "utf-8"])
@pytest.mark.parametrize("word", ["년", "공모", "서울시 [보도자료]", "AI 챗봇", "‘24년"])
def test_one_word_is_enough(word: str, claim: str) -> None:
    """A document with a single Korean word is read, declared, undeclared or declared falsely."""
    text = (
        declared(claim, f"<rss><title>{word}</title></rss>")
        if claim
        else f"<rss><t>{word}</t></rss>"
    )
    assert word in decode(text.encode("cp949"), header="", override=None).text


@pytest.mark.parametrize("header", ["iso-8859-1", "us-ascii", "windows-1252"])
@pytest.mark.parametrize("real", ["cp949", "utf-8"])
def test_the_default_of_a_server_is_no_proof(header: str, real: str) -> None:
    """Korean is read although the server claims a Western charset for everything."""
    found = decode(KOREAN.replace("펲뷁", "").encode(real), header=header, override=None)
    assert "국토교통부 스마트도시 공모" in found.text
    assert "charset-mismatch" in found.warnings


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1252", "Café crème à la française, déjà vu"),
        ("cp1252", "This is a £“test.”"),
        ("cp1252", "São Paulo: ações e reações, coração"),
        ("cp1252", "Straße über München – 20 °C"),
        ("iso8859-15", "Prix : 20 \u20ac à l'\u0153uvre"),
        ("cp1250", "Příliš žluťoučký kůň úpěl"),
        ("cp1251", "Новости: Правительство России сообщило"),
        ("koi8-r", "Новости: Правительство России сообщило"),
        ("cp932", "日本語のニュースとお知らせ"),
        ("euc_jp", "日本語のニュースとお知らせ"),
        ("gb18030", "中国政府网新闻和信息"),
        ("cp950", "臺北市政府的新聞與活動"),
        ("cp1253", "Καλημέρα κόσμε και ειδήσεις"),
    ],
)
def test_other_languages_are_not_taken_for_korean(codec: str, text: str) -> None:
    """What is declared truly is read as declared, and mostly also what is not declared at all."""
    body = f"<rss><title>{text}</title></rss>".encode(codec)
    header = "us-ascii" if codec == "cp1252" else codec
    assert text in decode(body, header=header, override=None).text
    assert "windows-949" != decode(body, header="", override=None).encoding
    if codec != "iso8859-15":
        assert text in decode(body, header="", override=None).text


@pytest.mark.parametrize(
    ("real", "damage", "shown"),
    [
        ("utf-8", "교".encode()[:2], "국토\ufffd통부"),
        ("utf-8", "교".encode()[1:], "국토\ufffd통부"),
        ("utf-8", b"\xe9", "국토\ufffd통부"),
        ("utf-8", b"\x92", "국토\ufffd통부"),
        ("cp949", "교".encode("cp949")[:1], "국토\ufffd통부"),
        ("cp949", "교".encode("cp949")[1:], "국토\ufffd통부"),
        ("cp949", b"\xff", "국토\ufffd통부"),
    ],
)
def test_a_broken_sequence_is_one_mark_where_it_was(real: str, damage: bytes, shown: str) -> None:
    """A cut character is shown once, at its place, and its neighbours are read."""
    head = "<rss><title>국토교통부 스마트도시 공모</title><title>국토".encode(real)
    body = head + damage + "통부 공고</title></rss>".encode(real)
    for header in ("", "utf-8" if real == "utf-8" else "euc-kr"):
        found = decode(body, header=header, override=None)
        assert f"<title>{shown} 공고</title>" in found.text
        assert 1 == found.text.count("\ufffd")
        assert real == found.encoding


def test_the_single_byte_of_an_english_text_is_western() -> None:
    """One accented letter in a text that is ASCII elsewhere is a letter, whatever is declared."""
    body = declared("utf-8", "<rss><title>A caf\u00e9 in Paris</title></rss>").encode("cp1252")
    assert "café" in decode(body, header="", override=None).text


def test_emoji_in_halves_are_joined() -> None:
    """Characters that a database stored as two surrogates are one character again."""
    body = "<rss><title>공모 ".encode() + b"\xed\xa0\xbd\xed\xb8\x80" + b"</title></rss>"
    assert "공모 \U0001f600<" in decode(body, header="utf-8", override=None).text


@pytest.mark.parametrize("name", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    "before", ["", "\n", "\r\n \n", "\ufeff", "\ufeff\ufeff", "\n\ufeff", "\ufeff\n"]
)
@pytest.mark.parametrize("text", [KOREAN, declared("utf-16")])
def test_marks_and_blank_lines_before_a_document(name: str, before: str, text: str) -> None:
    """Byte order marks go in every number and place, and so do the blank lines among them."""
    found = decode((before + text).encode(name), header="", override=None)
    assert (text, name) == (found.text, found.encoding)


def test_mark_of_utf_16_before_single_bytes() -> None:
    """A mark that the text behind it contradicts is dropped."""
    found = decode(codecs.BOM_UTF16_LE + KOREAN.encode(), header="", override=None)
    assert (KOREAN, "utf-8") == (found.text, found.encoding)


def test_declaration_behind_blank_lines_and_marks_is_heard() -> None:
    """What stands before the declaration does not hide it."""
    body = b"\n \xef\xbb\xbf\n" + declared("euc-kr", "<rss>\uc170</rss>").encode("cp949")
    assert "\uc170" in decode(body, header="", override=None).text


@pytest.mark.parametrize("codec", ["utf-8", "cp949", "johab", "iso2022_kr", "utf-16", "utf-32"])
@settings(max_examples=40)
@given(
    text=st.text(alphabet=st.sampled_from("가나다라시도공모사업국토교통부년 ·abc<>\n"), max_size=60)
)
def test_declared_korean_comes_back_whole(codec: str, text: str) -> None:
    """Whatever charset Korean is truly declared in, every character comes back."""
    document = declared(codec.replace("_", "-"), f"<rss>{text}</rss>")
    assert document == decode(document.encode(codec), header="", override=None).text


@pytest.mark.parametrize(
    ("codec", "letters"),
    [
        ("cp932", "あいうカナ日本語。"),
        ("euc_jp", "あいうカナ日本語。"),
        ("gb18030", "中国政府新闻，的一"),
        ("cp950", "中國政府新聞，的一"),
        ("koi8-r", "привет ПРИВЕТ"),
        ("cp1251", "привет ПРИВЕТ"),
        ("iso8859-7", "αβγδ ΑΒΓ"),
        ("cp874", "สวัสดีชาวโลก"),
        ("cp1255", "שלום עולם"),
    ],
)
@settings(max_examples=40)
@given(data=st.data())
def test_declared_texts_of_others_come_back_whole(
    codec: str, letters: str, data: st.DataObject
) -> None:
    """The charsets of other languages are obeyed where they are declared and fit."""
    text = letters + data.draw(st.text(alphabet=st.sampled_from(letters), max_size=40))
    document = declared(codec, f"<rss>{text}</rss>")
    assert document == decode(document.encode(codec), header="", override=None).text


@pytest.mark.parametrize("byte", [b"\xb0", b"\xff", b"\xc2", b"\xea\xb0", b"\x81 "])
def test_large_noise_takes_no_time(byte: bytes) -> None:
    """Two megabytes of broken bytes are read in time that grows with their number."""
    body = b"<rss>" + byte * (2_000_000 // len(byte))
    started = time.process_time()
    decode(body, header="euc-kr", override=None)
    assert time.process_time() - started < 4


def test_one_syllable_in_an_attribute() -> None:
    """Markup around a single syllable does not hide it."""
    body = declared("euc-kr", '<rss>&lt;img alt="년" /></rss>').encode("cp949")
    assert 'alt="년"' in decode(body, header="", override=None).text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cp437", "Ça été"),
        ("ibm866", "Привет"),
        ("macintosh", "Ça été"),
        ("x-mac-cyrillic", "Привет"),
        ("koi8-u", "Україна"),
        ("ebcdic-cp-us", "Caf\u00e9"),
        ("cp500", "Caf\u00e9"),
        ("ms-ansi", "Caf\u00e9"),
    ],
)
def test_old_charsets_are_read_where_they_are_declared(name: str, text: str) -> None:
    """What DOS, the old Mac and mainframes wrote is obeyed as declared."""
    codec = {"x-mac-cyrillic": "mac-cyrillic", "ms-ansi": "cp1252"}.get(name, name)
    document = declared(name, f"<rss>{text}</rss>")
    assert document == decode(document.encode(codec), header="", override=None).text


def test_a_korean_text_that_claims_to_be_chinese() -> None:
    """The bytes can be read as GBK too, as noise."""
    found = decode(declared("gb2312").encode("cp949"), header="", override=None)
    assert KOREAN in found.text
    assert ("cp949", ("charset-mismatch",)) == (found.encoding, found.warnings)


@pytest.mark.parametrize(
    "name", ["johab", "x-johab", "ks_c_5601-1992", "cp1361", "euc-kr", "utf-8"]
)
def test_johab(name: str) -> None:
    """The combining code of the nineties, under its names and under wrong ones."""
    text = "<rss><title>국토교통부 도시재생 공모 결과 발표</title></rss>"
    found = decode(declared(name, text).encode("johab"), header="", override=None)
    assert text in found.text
    assert "johab" == found.encoding


def test_an_entry_in_another_charset_than_its_document() -> None:
    """An aggregating board copied an entry of an older one; both are read."""
    new, old = "<title>스마트도시 공모</title>", "<title>주택공급 대책 및 도시재생</title>"
    utf_8 = decode(declared("utf-8", new).encode() + old.encode("cp949"), header="", override=None)
    cp949 = decode(
        declared("euc-kr", new).encode("cp949") + old.encode(),
        header="",
        override=None,
    )
    for found in (utf_8, cp949):
        assert f"{new}{old}" in found.text
        assert "\ufffd" not in found.text
    assert ("charset-mismatch",) == utf_8.warnings


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_utf_8_encoded_a_second_time(wrong: str) -> None:
    """As a program leaves it that takes UTF-8 for Latin-1 and writes UTF-8."""
    twice = "".join(
        bytes([code]).decode(wrong, "ignore") or chr(code)
        for code in "서울시 및 인천시 ‘도시’·공간".encode()
    )
    text = f"<title>{twice}</title><p>서울 Âge é»</p>" if wrong == "latin-1" else twice
    found = decode(declared("utf-8", text).encode(), header="", override=None)
    assert "서울시 및 인천시" in found.text
    assert "charset-mismatch" in found.warnings


def test_cp949_encoded_a_second_time() -> None:
    """A whole document that somebody read as windows-1252."""
    text = "국토교통부 도시재생 공모".encode("cp949").decode("latin-1")
    found = decode(declared("utf-8", f"<a>{text}</a>").encode(), header="", override=None)
    assert "<a>국토교통부 도시재생 공모</a>" in found.text


@pytest.mark.parametrize(
    "text", ["Café à Genève, forêt, naïveté", "Ångström ÄÖÜ äöü ßß ÅÆØ", "«Ñandú» ÁÉÍÓÚ ÀÈÌ"]
)
def test_accents_are_not_korean(text: str) -> None:
    """Western texts in UTF-8 stay as they are."""
    assert text in decode(declared("utf-8", text).encode(), header="", override=None).text
