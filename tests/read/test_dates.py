from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.items import SEOUL, Precision, When
from aggregator.read.dates import parse_when

KST = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("expected", "raw"),
    [
        ("2026-09-23T07:06:00+00:00", "Wed, 23 Sep 2026 07:06:00 GMT"),
        ("2026-09-11T16:01:49+09:00", "Fri, 11 Sep 2026 16:01:49 +0900"),
        ("2026-07-27T09:10:00+09:00", "Mon, 27 Jul 2026 09:10:00 KST"),
        ("2026-07-29T12:00:00+09:00", "WED, 29 JUL 2026 12:00:00 KST"),
        ("2009-05-20T08:47:51+09:00", "수, 20 5월 2009 08:47:51 +0900"),
        ("2024-02-27T09:00:00+09:00", "화요일, 27 2월 2024 09:00:00 KST"),
        ("2026-09-23T17:00:00+09:00", "2026-09-23 17:00:00.0"),
        ("2026-09-23T12:00:00+09:00", "2026-09-23T12:00:00+0900"),
        ("2024-02-29T15:00:00+00:00", "2024-02-29T15:00:00.123Z"),
        ("2024-02-29T15:00:00+09:00", "2024-02-29T15:00:00+09:00[Asia/Seoul]"),
        ("2026-09-21T15:02:21+09:00", "20260921150221"),
        ("2026-07-21T18:00:00+09:00", "07/21/2026 18:00:00"),
        ("2024-02-27T16:00:00+09:00", "2024년 2월 27일 오후 4:00"),
        ("2024-02-27T16:00:00+09:00", "2024년 02월 27일 16:00:00"),
        ("2024-02-27T16:00:00+09:00", "2024-02-27 오후 4:00:00"),
        ("2024-02-27T00:30:00+09:00", "2024년 2월 27일 (화) 오전 12:30"),
        ("2024-02-27T14:00:00+09:00", "2024. 2. 27.(화) 14:00"),
        ("2024-02-27T16:30:00+09:00", "2024-02-27 16시 30분"),
        ("2026-09-24T17:00:00+09:00", "Thu Sep 24 17:00:00 KST 2026"),
        ("2024-02-27T16:00:00+09:00", "February 27, 2024 4:00 PM"),
        ("1994-11-06T08:49:37+00:00", "Sunday, 06-Nov-94 08:49:37 GMT"),
        ("2024-02-27T09:00:00-08:00", "Tue, 27 Feb 2024 09:00:00 PST"),
    ],
)
def test_times(expected: str, raw: str) -> None:
    """Every shape with a time of day means one instant; without a zone it is Korean time."""
    found = parse_when(raw, zone=SEOUL)
    assert found is not None
    assert (datetime.fromisoformat(expected), Precision.TIME) == (found.at, found.precision)


@pytest.mark.parametrize(
    ("expected", "raw"),
    [
        (date(2026, 9, 23), "2026-09-23 00:00:00"),
        (date(2026, 9, 23), "2026-09-23 00:00:00.0"),
        (date(2026, 2, 13), "2026.02.13"),
        (date(2026, 9, 1), "2026.09.01."),
        (date(2026, 9, 23), "2026/09/23"),
        (date(2015, 8, 27), "2015-08-27"),
        (date(2026, 9, 23), "26.09.23"),
        (date(2024, 3, 19), "’24. 3. 19."),
        (date(2024, 2, 27), "20240227"),
        (date(2024, 2, 27), "2024년 2월 27일(화)"),
        (date(2024, 2, 27), "등록일 : 2024-02-27"),
    ],
)
def test_days(expected: date, raw: str) -> None:
    """A date alone, or with a bare midnight, is a day: that day's midnight in Seoul."""
    midnight = datetime(expected.year, expected.month, expected.day, tzinfo=SEOUL)
    assert When(at=midnight, precision=Precision.DAY) == parse_when(raw, zone=SEOUL)


@pytest.mark.parametrize(
    "raw",
    [
        "", "not-a-date", "2026", "2026-02", "2월 27일", "2026-02-30", "0000-00-00 00:00:00",
        "1970-01-01 09:00:00", "20260900562", "156759629", "27/02/2024", "3시간 전",
        "2024.2.27 ~ 2024.3.1", "Tue, 27 Feb 2024 09:00:00 XYZ", "2024-02-27T25:00:00",
        "2024-02-27 오후 14시간", "9" * 5000,
    ],
)  # fmt: skip
def test_unsure_is_none(raw: str) -> None:
    """No guess is made for what is ambiguous, impossible, incomplete or an id."""
    assert parse_when(raw, zone=SEOUL) is None


def test_naive_times_are_of_the_feeds_zone() -> None:
    """The zone of the feed, not the machine's, completes a time."""
    found = parse_when("2024-07-01 12:00", zone=ZoneInfo("Europe/Paris"))
    assert found is not None
    assert datetime(2024, 7, 1, 10, tzinfo=UTC) == found.at


def test_the_printed_day_of_a_date_alone_does_not_depend_on_the_zone() -> None:
    """A day is that day everywhere."""
    found = parse_when("2024-02-29", zone=ZoneInfo("Pacific/Auckland"))
    assert found is not None
    assert date(2024, 2, 29) == found.day


@settings(max_examples=100)
@given(
    st.datetimes(min_value=datetime(1972, 1, 1), max_value=datetime(2099, 12, 31)),  # noqa: DTZ001
    st.sampled_from(
        ["%Y-%m-%dT%H:%M:%S+09:00", "%a, %d %b %Y %H:%M:%S +0900", "%Y.%m.%d. %H:%M:%S KST"]
    ),
)
def test_written_instants_are_read_back(moment: datetime, shape: str) -> None:
    """What is written with its zone comes back to the second."""
    expected = moment.replace(microsecond=0, tzinfo=KST)
    found = parse_when(expected.strftime(shape), zone=ZoneInfo("UTC"))
    assert found is not None
    assert expected == found.at


@settings(max_examples=100)
@given(st.text(alphabet=st.sampled_from("0123456789-./: 년월일오전후KSTZ+'(),화"), max_size=40))
def test_any_string_is_a_date_or_none(raw: str) -> None:
    """No string raises, and what is read lies in sensible years."""
    found = parse_when(raw, zone=SEOUL)
    assert found is None or 1970 <= found.at.year <= 2101
