"""Preconditions and codings, as RFC 9110 decides them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.web.conditions import Coding, choose_coding, has_copy, parse_http_date, wants_page

ETAG = '"0a1b"'
AT = int(datetime(2024, 3, 4, 1, 0, tzinfo=UTC).timestamp())
SAME = "Mon, 04 Mar 2024 01:00:00 GMT"
EARLIER = "Mon, 04 Mar 2024 00:59:59 GMT"


@pytest.mark.parametrize(
    "header",
    [
        '"0a1b"',
        'W/"0a1b"',
        "*",
        " * ",
        '"x", "0a1b"',
        '"x","y" , W/"0a1b"',
        ', ,"0a1b",',
        '"a,b", "0a1b"',
        '\t"0a1b"\t',
    ],
)
def test_a_tag_in_the_list_is_a_copy(header: str) -> None:
    """Compared weakly, wherever in the list; a star is any."""
    assert has_copy(header, None, ETAG, AT)


@pytest.mark.parametrize(
    "header", ["", '"0A1B"', "0a1b", '"0a1b', 'w/"0a1b"', '"x"', '"*"', '*, "x"', '"x" "0a1b"']
)
def test_no_tag_of_the_list_is_no_copy(header: str) -> None:
    """Other tags, those without quotes, and what comes after something malformed."""
    assert not has_copy(header, None, ETAG, AT)


def test_the_date_is_not_looked_at_beside_tags() -> None:
    """Not even where the tags are malformed (section 13.2.2)."""
    assert not has_copy('"x"', SAME, ETAG, AT)
    assert not has_copy("nonsense", SAME, ETAG, AT)
    assert not has_copy("", SAME, ETAG, AT)
    assert has_copy(ETAG, EARLIER, ETAG, AT)


@pytest.mark.parametrize(
    ("header", "copy"),
    [
        (SAME, True),
        (EARLIER, False),
        ("Mon, 04 Mar 2034 01:00:00 GMT", True),
        ("Monday, 04-Mar-24 01:00:00 GMT", True),
        ("Mon Mar  4 01:00:00 2024", True),
        ("Mon Mar  4 00:00:00 2024", False),
    ],
)
def test_a_date_from_the_change_on_is_a_copy(header: str, copy: bool) -> None:  # noqa: FBT001
    """In all three forms of an HTTP date."""
    assert copy == has_copy(None, header, ETAG, AT)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "now",
        "Mon, 32 Mar 2034 01:00:00 GMT",
        "Mon, 04 Mar 2034 25:00:00 GMT",
        "Mon, 04 Mar 2034 01:00:00 +0900",
        "Mon, 04 Mar 2034 01:00:00",
        "mon, 04 mar 2034 01:00:00 gmt",
        "2034-03-04T01:00:00Z",
        "Mon, 4 Mar 2034 01:00:00 GMT",
        f"{SAME}, {SAME}",
        "Mon, 04 Mar 0000 01:00:00 GMT",
        "Mon, 0٤ Mar 2034 01:00:00 GMT",
    ],
)
def test_a_malformed_date_counts_as_not_given(header: str) -> None:
    """The whole file is the answer."""
    assert not has_copy(None, header, ETAG, AT)


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31)))  # noqa: DTZ001
def test_dates_are_read_back(naive: datetime) -> None:
    """Whatever instant a server writes."""
    instant = naive.replace(tzinfo=UTC, microsecond=0)
    assert int(instant.timestamp()) == parse_http_date(format_datetime(instant, usegmt=True))


tags = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, blacklist_characters='"'), max_size=8
)


@given(
    tag=tags,
    listed=st.none() | st.lists(st.tuples(st.sampled_from(["", "W/"]), tags), max_size=4),
    offset=st.none() | st.integers(-3, 3),
)
def test_the_decision_is_the_standards(
    tag: str, listed: list[tuple[str, str]] | None, offset: int | None
) -> None:
    """Against the four steps of section 13.2.2 that matter here, said again in words of sets."""
    since = None if offset is None else _date(AT + offset)
    header = None if listed is None else ", ".join(f'{weak}"{one}"' for weak, one in listed)
    if listed is not None:
        expected = tag in {one for _, one in listed}
    else:
        expected = offset is not None and offset >= 0
    assert expected == has_copy(header, since, f'"{tag}"', AT)


def _date(at: int) -> str:
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)
    return format_datetime(instant, usegmt=True)


@pytest.mark.parametrize("header", ["\n", '"a"\n', ",\n", '"a", \n'])
def test_a_list_that_ends_in_a_line_end_comes_to_an_end(header: str) -> None:
    """What is no tag ends the list; a place before it is not looked at for ever."""
    assert not has_copy(header, None, ETAG, AT)


@example("\n", "")
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_header_breaks_the_decision(one: str, other: str) -> None:
    """Nonsense is never a copy, unless it is a star or names the tag."""
    if one.strip(" \t") != "*" and "0a1b" not in one:
        assert not has_copy(one, other, ETAG, AT)
    choose_coding(one, compressed=True)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, Coding.IDENTITY),
        ("", Coding.IDENTITY),
        ("gzip", Coding.GZIP),
        ("x-gzip", Coding.GZIP),
        ("GZIP", Coding.GZIP),
        ("br, gzip;q=0.1", Coding.GZIP),
        ("gzip;q=0", Coding.IDENTITY),
        ("gzip;q=0.000", Coding.IDENTITY),
        ("gzip;q=0.5, identity", Coding.IDENTITY),
        ("gzip, identity;q=0.5", Coding.GZIP),
        ("*", Coding.GZIP),
        ("*;q=0", None),
        ("gzip;q=0, *", Coding.IDENTITY),
        ("br", Coding.IDENTITY),
        ("identity;q=0", None),
        ("identity;q=0, br", None),
        ("identity;q=0, gzip", Coding.GZIP),
        ("identity;q=0, *;q=0.1", Coding.GZIP),
        ("*;q=0, identity", Coding.IDENTITY),
        ("gzip;q=2", Coding.IDENTITY),
        ("gzip;level=9", Coding.IDENTITY),
        ("gzip;q=nan", Coding.IDENTITY),
    ],
)
def test_a_coding_is_chosen(accepted: str | None, coding: Coding | None) -> None:
    """By the wishes with their qualities; what is malformed is no wish."""
    assert coding is choose_coding(accepted, compressed=True)


def test_what_gains_nothing_stays_plain() -> None:
    """A picture is packed only for who refuses it plain."""
    assert Coding.IDENTITY is choose_coding("gzip", compressed=False)
    assert Coding.GZIP is choose_coding("gzip, identity;q=0", compressed=False)


CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
NEWSBOAT = "application/rss+xml,application/rdf+xml,application/atom+xml,text/html"


@pytest.mark.parametrize(
    ("accepted", "page"),
    [
        (None, False),
        ("", False),
        ("*/*", False),
        ("text/html", True),
        (CHROMIUM, True),
        ("text/html, application/xml;q=0.9, */*;q=0.8", True),
        ("TEXT/HTML;charset=utf-8, */*;q=0.1", True),
        ("text/html, */*", False),
        ("text/html;q=0", False),
        ("text/html;q=0.5, application/atom+xml", False),
        ("text/html;q=0.5, application/*;q=0.6, */*;q=0.1", False),
        ("text/html, application/atom+xml;q=0.9, */*;q=0.1", True),
        ("text/html;q=x", False),
        (NEWSBOAT, False),
        ("application/atom+xml,application/rss+xml,application/xml;q=0.9,*/*;q=0.1", False),
    ],
)
def test_who_would_rather_have_a_page(accepted: str | None, page: bool) -> None:  # noqa: FBT001
    """Who names text/html and likes nothing of a feed as well."""
    assert page is wants_page(accepted, "application/atom+xml")
