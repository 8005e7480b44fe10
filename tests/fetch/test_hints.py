"""What servers say about when to come again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.hints import LONGEST, hints, max_age, retry_after
from aggregator.ports.fetching import Fetched, Hints, NotModified
from tests.fetch.make import get
from tests.fixtures.http import Answer, serve

NOW = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)
DATE = (b"date", b"Thu, 29 Feb 2024 09:00:00 GMT")


def seconds(name: bytes, *headers: tuple[bytes, bytes]) -> float | None:
    hint = max_age(headers, NOW) if name == b"max_age" else retry_after(headers, NOW)
    return None if hint is None else hint.total_seconds()


@pytest.mark.parametrize(
    ("expected", "headers"),
    [
        (600, [(b"Cache-Control", b"public, max-age=600")]),
        (600, [(b"cache-control", b'MAX-AGE="600"')]),
        (540, [(b"Cache-Control", b"max-age=600"), (b"Age", b"60")]),
        (None, [(b"Cache-Control", b"max-age=600"), (b"Age", b"600")]),
        (600, [(b"Cache-Control", b"max-age=600"), (b"Age", b"-5")]),
        (None, [(b"Cache-Control", b"no-cache"), (b"Cache-Control", b"max-age=600")]),
        (None, [(b"Cache-Control", b"max-age=600, no-store")]),
        (None, [(b"Cache-Control", b"max-age=0")]),
        (None, [(b"Cache-Control", b"max-age=-1")]),
        (None, [(b"Cache-Control", b"max-age=ten")]),
        (604800, [(b"Cache-Control", b"max-age=31536000")]),
        (None, [(b"Cache-Control", b"max-age=99999999999999999999")]),
        (3600, [DATE, (b"Expires", b"Thu, 29 Feb 2024 10:00:00 GMT")]),
        (1800, [DATE, (b"Expires", b"Thu, 29 Feb 2024 10:00:00 GMT"), (b"Age", b"1800")]),
        (
            600,
            [
                DATE,
                (b"Expires", b"Fri, 01 Mar 2024 10:00:00 GMT"),
                (b"Cache-Control", b"max-age=600"),
            ],
        ),
        (60, [(b"Expires", b"Thu, 29 Feb 2024 12:01:00 GMT")]),
        (None, [(b"Expires", b"0")]),
        (None, [(b"Expires", b"Thu, 01 Jan 1970 00:00:00 GMT")]),
        (None, []),
    ],
)
def test_how_long_an_answer_stays_good(
    expected: float | None, headers: list[tuple[bytes, bytes]]
) -> None:
    """Cache-Control before Expires, less what is gone, within a week."""
    assert expected == seconds(b"max_age", *headers)


@pytest.mark.parametrize(
    ("expected", "headers"),
    [
        (120, [(b"Retry-After", b"120")]),
        (0, [(b"Retry-After", b"0")]),
        (None, [(b"Retry-After", b"-1")]),
        (None, [(b"Retry-After", b"soon")]),
        (None, [(b"Retry-After", b"1" * 5000)]),
        (604800, [(b"Retry-After", b"9999999999")]),
        (3600, [DATE, (b"Retry-After", b"Thu, 29 Feb 2024 10:00:00 GMT")]),
        (3600, [(b"Retry-After", b"Thu, 29 Feb 2024 13:00:00 GMT")]),
        (3600, [(b"Retry-After", b"Thursday, 29-Feb-24 13:00:00 GMT")]),
        (0, [DATE, (b"Retry-After", b"Thu, 29 Feb 2024 08:00:00 GMT")]),
        (604800, [(b"Retry-After", b"Fri, 31 Dec 9999 23:59:59 GMT")]),
        (None, [(b"Retry-After", b"Fri, 31 Dec 99999 23:59:59 GMT")]),
        (None, []),
    ],
)
def test_when_a_server_wants_to_be_asked_again(
    expected: float | None, headers: list[tuple[bytes, bytes]]
) -> None:
    """Seconds or a date, by the server's own clock, within a week."""
    assert expected == seconds(b"retry", *headers)


NAMES = st.sampled_from([b"Cache-Control", b"Expires", b"Age", b"Date", b"Retry-After"])
DATES = st.datetimes().map(lambda when: when.strftime("%a, %d %b %Y %H:%M:%S GMT").encode())
VALUES = st.one_of(
    st.binary(max_size=80),
    st.integers().map(lambda number: b"%d" % number),
    st.integers().map(lambda number: b"max-age=%d" % number),
    DATES,
)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8))
def test_nothing_goes_beyond_its_bounds(headers: list[tuple[bytes, bytes]]) -> None:
    """Whatever the headers say, a hint lies between nothing and a week."""
    found = hints(headers, NOW)
    assert found.max_age is None or timedelta(0) < found.max_age <= LONGEST
    wait = retry_after(headers, NOW)
    assert wait is None or timedelta(0) <= wait <= LONGEST


@pytest.mark.parametrize(
    ("expected", "headers"),
    [
        (90, [(b"Cache-Control", b"max-age=90")]),
        (30, [(b"Retry-After", b"30")]),
        (90, [(b"Cache-Control", b"max-age=90"), (b"Retry-After", b"30")]),
        (300, [(b"Cache-Control", b"max-age=90"), (b"Retry-After", b"300")]),
        (300, [(b"Cache-Control", b"no-cache"), (b"Retry-After", b"300")]),
        (3600, [DATE, (b"Retry-After", b"Thu, 29 Feb 2024 10:00:00 GMT")]),
        (None, [(b"Retry-After", b"0")]),
        (None, []),
    ],
)
def test_a_good_answer_may_ask_for_rest(
    expected: float | None, headers: list[tuple[bytes, bytes]]
) -> None:
    """Retry-After beside a body counts like its age: whichever is longer."""
    wait = None if expected is None else timedelta(seconds=expected)
    assert Hints(max_age=wait) == hints(headers, NOW)


@pytest.mark.parametrize("status", [200, 304])
def test_hints_come_with_the_answer(status: int) -> None:
    """With a body and without one."""
    headers = [("Cache-Control", "max-age=90"), ("Retry-After", "120")]
    with serve(Answer(status=status, headers=headers)) as office:
        answer = get(office, etag='"1"')
    assert isinstance(answer, Fetched if status == 200 else NotModified)
    assert Hints(max_age=timedelta(seconds=120)) == answer.hints
