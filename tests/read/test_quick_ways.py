"""Reading's short ways give what the long ones give."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.feeds import Identity
from aggregator.domain.items import Entry
from aggregator.read.dates import days, embargo
from aggregator.read.dates.embargo import _flat, _mentions
from aggregator.read.decoding.guess import likeness
from aggregator.read.items.identity import entry_key, entry_keys
from aggregator.read.items.markup import _links_in, _pictures_in, links_in, pictures_in
from aggregator.read.links import addresses
from tests.fixtures.odd_texts import texts

_PARTS = (
    "http://", "https://", "HTTPS://", "//", "a.example", "press.go.kr", "A.example", "127.0.0.1", "[::1]", "[x",
    "localhost", "www.a.kr", ":80", ":99999", "/", "/a", "/../b", "/.", "?", "?a=1", "&b=2", "&amp;", "#", "#c",
    ";", ";x", "%20", "%", " ", "가", "\u202e", "|", "<", "@", "!", "..", "-", "_", "~", "\n", "mailto:a@b.c",
)  # fmt: skip
_ADDRESSES = st.lists(st.sampled_from(_PARTS), max_size=7).map("".join)
_EAST_ASIAN = ("cp949", "cp950", "gb18030", "cp932", "euc_jp")


@given(_ADDRESSES, _ADDRESSES)
def test_an_address_is_resolved_the_same(link: str, base: str) -> None:
    """One that no base changes is told by its form."""
    quickly = addresses.absolute(link, base), addresses.is_web(link)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "_SIMPLE", re.compile("(?!)"))
        plainly = addresses._absolute.__wrapped__(link, base), addresses.is_web(link)

    assert plainly == quickly


@given(_ADDRESSES)
def test_an_address_is_compared_the_same(url: str) -> None:
    """What needs no quoting is not quoted."""
    quickly = addresses._canonical.__wrapped__(url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "_NEVER_QUOTED", re.compile("(?!)"))
        plainly = addresses._canonical.__wrapped__(url)

    assert plainly == quickly


@given(_ADDRESSES)
def test_a_name_is_no_number(host: str) -> None:
    """A host that is not even tried is none."""
    import ipaddress  # noqa: PLC0415

    try:
        ipaddress.ip_address(host)
    except ValueError:
        assert addresses._is_number(host) is False
    else:
        assert addresses._is_number(host) is True


@given(texts)
def test_links_and_pictures_are_found_the_same(markup: str) -> None:
    """Also in what is passed over at once."""
    assert list(_links_in.__wrapped__(markup)) == links_in(markup)
    assert list(_pictures_in.__wrapped__(markup)) == pictures_in(markup)


@given(texts, texts, st.sampled_from(Identity))
def test_the_key_is_the_first_of_all(guid: str, title: str, policy: Identity) -> None:
    """Whatever an identity goes by."""
    entry = Entry(guid=guid, title=title)

    for canonical in ("", "https://a.example/1"):
        assert entry_keys(entry, canonical, None, policy)[0] == entry_key(
            entry, canonical, None, policy
        )


@given(st.text(max_size=300), st.sampled_from(_EAST_ASIAN))
def test_no_text_is_more_than_wholly_like_a_charset(text: str, name: str) -> None:
    """So that a claim which fits well enough needs no guess."""
    body = text.encode(name, "replace")

    assert all(likeness(body, other).score <= 1 for other in _EAST_ASIAN)


@given(texts)
def test_an_edition_of_the_papers_is_named(text: str) -> None:
    """Without 조간 or 석간 no packed day counts; with them the search goes on."""
    if "조간" not in text and "석간" not in text:
        assert not [each for each in _mentions(f"{text} 260717", only_packed=True) if each.edition]
    assert _mentions(f"{text} 260717(조간)", only_packed=True)


@given(
    st.lists(
        st.sampled_from(
            (
                "보",
                "도",
                "시점",
                "엠바고",
                "EMBARGO",
                " until",
                "부터 ",
                "보도하여",
                " ",
                "2월 3일",
                "조간",
                "해제",
                ":",
            )
        ),
        max_size=8,
    ).map("".join)
)
def test_a_request_has_one_of_its_words(text: str) -> None:
    """A text without them is not searched for requests."""
    if embargo._LABEL.search(text) or embargo._ASKED.search(text):
        assert any(word in text for word in embargo._ASKING_WORDS) or "embargo" in text.lower()


@given(
    st.lists(
        st.sampled_from(
            (
                "2",
                "12",
                "2024",
                "'24",
                "월",
                "일",
                "년",
                " ",
                ".",
                "-",
                ",",
                "Feb",
                "February",
                "Tue",
                ", ",
                "W39",
                "12:30",
            )
        ),
        max_size=9,
    ).map("".join)
)
def test_a_day_is_read_the_same(text: str) -> None:
    """A word is not tried as what begins with a digit."""
    quickly = days.read_day(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(days, "_BY_NAME", days._SHAPES)
        assert days.read_day(text) == quickly


@given(st.text(st.characters(max_codepoint=0x7F), max_size=200))
def test_ascii_needs_no_folding(text: str) -> None:
    """Nothing of it is composed or has another spelling."""
    assert " ".join(text.split()) == _flat(text)
