"""The key of a feed, found in whatever spelling a document repeats it."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.errors import NotAFeed
from aggregator.ports.reading import Inspected
from aggregator.services.asking.feed_key import make_key, read_quietly

KEY = "AbC/dEf+123=="
OUT = KEY[:3]
FORMS = {
    "plain": KEY,
    "address": quote(KEY, safe=""),
    "part of an address": KEY.replace("=", "%3d"),
    "address in an address": quote(quote(KEY, safe=""), safe=""),
    "JSON": KEY.replace("=", "\\u003d").replace("/", "\\/"),
    "JSON in JSON": json.dumps(KEY.replace("=", "\\u003D")),
    "JSON of XML": KEY.replace("=", "\\u0026#61;"),
    "JSON of an address": quote(KEY, safe="").replace("%", "\\u0025"),
    "XML": KEY.replace("=", "&#x3D;").replace("+", "&#043;"),
    "XML in XML": KEY.replace("=", "&amp;#x3d;"),
    "HTML": KEY.replace("/", "&sol;").replace("=", "&equals;"),
    "letters": "".join(f"&#{ord(sign)};" for sign in KEY),
    "form": KEY.replace("+", " "),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_spelling_is_masked(form: str) -> None:
    """In texts and in bytes."""
    key = make_key(KEY)
    whole = form.strip('"')
    assert ("a *** b", b"a *** b") == (
        key.masked(f"a {whole} b"),
        key.masked_bytes(f"a {whole} b".encode()),
    )


@pytest.mark.parametrize("charset", ["utf-8", "cp949", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_key_is_found_in_every_charset(form: str, charset: str) -> None:
    """Between Korean words, too."""
    assert make_key(KEY).is_in(f"열쇠{form}입니다".encode(charset))


@pytest.mark.parametrize("text", [KEY[:-1], KEY.lower(), "", "a=1&b=2"])
def test_what_is_no_key_stays(text: str) -> None:
    """Not every address is one."""
    key = make_key(KEY)
    assert (text, False) == (key.masked(text), key.is_in(text.encode()))


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=6, max_size=40))
def test_any_key_is_masked(plain: str) -> None:
    """As it is and in an address, of whatever signs it is made."""
    key = make_key(quote(plain, safe=""))
    assert ["***"] * 3 == [key.masked(t) for t in (plain, key.encoded, quote(key.encoded, safe=""))]


@pytest.mark.parametrize("part", ["\\", "%25", "&amp;", "&#0", "AbC"])
def test_no_document_makes_the_search_long(part: str) -> None:
    """However often the beginning of a spelling stands in it."""
    body = part.encode() * 100_000
    began = time.perf_counter()

    assert not make_key(KEY).is_in(body)
    assert 3 > time.perf_counter() - began


@pytest.mark.parametrize("error", [NotAFeed(f"a page called {KEY}"), NotAFeed(quote(KEY))])
def test_an_error_of_the_reading_does_not_tell_the_key(error: NotAFeed) -> None:
    """Nor what it was made of."""

    def read() -> Inspected:
        raise error from ValueError(KEY)

    with pytest.raises(NotAFeed) as caught:
        read_quietly(read, make_key(KEY))

    assert "***" in str(caught.value)
    assert OUT not in f"{caught.value} {caught.value.__cause__}"


def test_a_key_is_not_shown() -> None:
    """Neither by itself nor within a record."""
    assert OUT not in repr(make_key(KEY))
