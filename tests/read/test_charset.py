from __future__ import annotations

import codecs
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.errors import Undecodable
from aggregator.read.charset import CHARSETS, codec_name, decode

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
