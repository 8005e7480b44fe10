"""How long a login has to wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.people import Attempts
from aggregator.services.people.throttle import (
    FORGOTTEN_AFTER,
    PER_ACCOUNT,
    PER_ADDRESS,
    account_key,
    address_key,
    limits_of,
    weigh,
)
from tests.fixtures.records import NOW

LIMITS = limits_of("kim", "192.0.2.7")
ACCOUNT, ADDRESS = LIMITS


def failed(count: int, ago: timedelta = timedelta()) -> Attempts:
    return Attempts(failures=count, last_at=NOW - ago)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10**9, 15)]
)
def test_the_wait_doubles(failures: int, minutes: int) -> None:
    """Up to a quarter of an hour."""
    assert timedelta(minutes=minutes) == PER_ACCOUNT.wait(failures)


def test_an_address_may_fail_more_often() -> None:
    """Many people may share one."""
    assert timedelta() == PER_ADDRESS.wait(19)
    assert timedelta(minutes=1) == PER_ADDRESS.wait(20)


def test_the_first_try_is_counted() -> None:
    """Under both keys, before anybody looks at the password."""
    assert {ACCOUNT: failed(1), ADDRESS: failed(1)} == weigh(LIMITS, {}, NOW)


def test_a_try_within_the_wait_is_told_until_when() -> None:
    """It is not counted."""
    assert NOW + timedelta(seconds=30) == weigh(
        LIMITS, {ACCOUNT: failed(5, timedelta(seconds=30))}, NOW
    )


def test_a_clock_set_back_keeps_nobody_out() -> None:
    """What failed ahead of now has failed now, and one failure waits for nothing."""
    weighed = weigh(LIMITS, {ACCOUNT: failed(1, -timedelta(days=30))}, NOW)

    assert {ACCOUNT: failed(2), ADDRESS: failed(1)} == weighed


def test_a_try_after_the_wait_is_counted_on() -> None:
    """The next wait is longer."""
    weighed = weigh(LIMITS, {ACCOUNT: failed(5, timedelta(minutes=1))}, NOW)

    assert {ACCOUNT: failed(6), ADDRESS: failed(1)} == weighed


def test_the_longer_of_two_waits_counts() -> None:
    """An address that guesses at many accounts waits at each."""
    known = {ACCOUNT: failed(5), ADDRESS: failed(22)}

    assert NOW + timedelta(minutes=4) == weigh(LIMITS, known, NOW)


def test_a_day_later_all_is_forgotten() -> None:
    """The count begins anew."""
    weighed = weigh(LIMITS, {ACCOUNT: failed(90, FORGOTTEN_AFTER)}, NOW)

    assert {ACCOUNT: failed(1), ADDRESS: failed(1)} == weighed


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_failures_never_wait_less(fewer: int, more: int) -> None:
    """Whatever the numbers."""
    low, high = sorted((fewer, more))
    assert PER_ACCOUNT.wait(low) <= PER_ACCOUNT.wait(high)


def test_a_name_does_not_stand_in_its_key() -> None:
    """People type passwords into the wrong field."""
    assert "hunter2" not in account_key("hunter2")


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "address:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "address:192.0.2.7"),
        ("testclient", "address:unknown"),
        ("", "address:unknown"),
    ],
)
def test_a_customer_has_one_key(address: str, key: str) -> None:
    """Of IPv6 the half that he can count through at will is left out."""
    assert key == address_key(address)
