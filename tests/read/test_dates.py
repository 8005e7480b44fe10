from __future__ import annotations

import os
import time as machine
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.items import SEOUL, Precision, When
from aggregator.read.dates.when import AHEAD, MAX_LENGTH, not_ahead, parse_when

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
        "1970-01-01 09:00:00", "20260900562", "156759629", "3시간 전", "Tue, 27 Feb 2024 09:00:00 XYZ", "2024-02-27T25:00:00",
        "2024-02-27 오후 14시간", "9" * 5000, "3.14.15", "02-2110-1234", "031.2026.0213", "제2024-123호", "1,000 ~ 2,000원",
        "2024-02-27호", "2024-02-27 조회수 12", "192.168.0.1",
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


KOREAN = [
    ("2024-02-27T16:00:00", "오후 4:00 2024.2.27"),
    ("2024-02-27T16:00:00", "2024.2.27 4:00 오후"),
    ("2024-02-27T16:30:00", "2024. 2. 27 (화) 오후4시 30분"),
    ("2024-02-27T16:00:00", "2024.02.27 PM 04:00"),
    ("2024-02-27T16:00:00", "2024-02-27 PM4:00"),
    ("2024-02-27T16:05:20", "2024 년 2 월 27 일 16 시 5 분 20 초"),
    ("2024-02-27T16:00:00", "2024년2월27일16시"),
    ("2024-02-27T16:00:00", "2024년 2월 27일(화) 16:00"),
    ("2024-02-27T16:00:00", "2024. 2. 27.(화) 16시"),
    ("2024-02-27T16:00:00", "2024. 2. 27.(화)16:00"),
    ("2024-02-27T16:30:00", "'24. 2. 27.(화) 16시 반"),
    ("2024-02-27T16:00:00", "2024년 2월 27일 화요일 오후 4시 00분 00초 KST"),
    ("2024-02-27T16:00:00", "2024. 2. 27. 오후 4:00:00"),
    ("2024-02-27T12:00:00", "2024-02-27 낮 12시"),
    ("2024-02-27T23:00:00", "2024년 2월 27일 밤 11시"),
    ("2024-02-28T00:30:00", "2024년 2월 27일 밤 12시 30분"),
    ("2024-02-27T01:00:00", "2024년 2월 27일 밤 1시"),
    ("2024-02-27T16:00:00", "Tue, 27 02 2024 16:00:00 +0900"),
    ("2024-02-27T16:00:00", "화, 27 2 2024 16:00:00 +0900"),
    ("2024-02-27T16:00:00", "2024:02:27 16:00:00"),
    ("2024-02-27T16:00:00", "2024. 2. 27.(화) 16:00 ~ 2. 28.(수) 18:00"),
    ("2024-02-27T16:00:00", "2024 02 27 16:00"),
    ("2024-02-27T16:00:00", "/Date(1709017200000+0900)/"),
    ("2024-02-27T16:00:00", "<![CDATA[2024-02-27 16:00]]>"),
    ("2024-02-27T16:00:00", "입력 2024.02.27 16:00 수정 2024.02.28 09:10"),
    ("2024-02-27T16:00:00", "등록일 : 2024-02-27 16:00 | 수정일 : 2024-03-01"),
    ("2024-02-27T12:30:00", "2024-02-27 오후 00:30"),
    ("2024-02-27T16:00:00", "2024-02-27 오후 16:00"),
    ("2024-02-27T16:00:00", "２０２４．０２．２７　１６：００"),
    ("2024-02-27T16:00:00", "2024.02.27\N{NO-BREAK SPACE}16:00"),
    ("2024-02-27T16:00:00", "2024.02.27&nbsp;16:00"),
    ("2024-02-27T16:00:00", "\ufeff2024.02.27 16:00\u200b"),
    ("2024-02-27T16:00:00", "등록일자: 2024-02-27 16:00"),
    ("2024-02-27T16:00:00", "입력 2024.02.27. 오후 4:00"),
    ("2024-02-27T16:00:00", "[작성일] 2024-02-27 16:00"),
    ("2024-02-27T16:00:00", "2024.02.27 16:00 등록"),
    ("2024-02-28T00:00:00", "2024. 2. 27.(화) 24:00"),
    ("2024-02-27T16:05:00", "202402271605"),
    ("2024-02-27T16:05:09", "20240227160509123"),
    ("2024-02-27T16:05:00", "20240227 16:05"),
    ("2024-02-27T16:05:00", "20240227 1605"),
    ("2024-02-27T14:00:00", "2024.2.27.(화) 14:00~16:00"),
]
FOREIGN = [
    ("2024-09-05T08:00:00-05:00", "Thu, 5 Sept 2024 8:00:00 EST"),
    ("2024-09-05T08:00:00-05:00", "Thu 5 Sep 2024  8:00 EST"),
    ("2024-09-05T08:00:00+09:00", "Thu, 05 Sep 24 08:00:00 GMT+0900"),
    ("2024-09-05T08:00:00+09:00", "Thu, 05 Sep 2024 08:00:00 UTC+9"),
    ("2024-09-05T08:00:00-07:00", "Thu, Sep 05 2024 08:00:00 -0700"),
    ("2002-04-03T15:00:00+00:00", "03 Apr 02 1500 GMT"),
    ("2026-09-23T17:00:00+09:00", "Wed Sep 23 2026 17:00:00 GMT+0900 (대한민국 표준시)"),
    ("2026-09-23T17:00:00+00:00", "2026-09-23 17:00:00 +0000 UTC"),
    ("2026-09-23T17:00:00+09:00", "2026-09-23 17:00 (KST)"),
    ("2026-09-23T17:00:00+00:00", "Wed Sep 23 17:00:00 +0000 2026"),
    ("2026-09-23T07:06:00+00:00", "07:06 GMT, 23 Sep 2026"),
    ("2018-09-24T19:18:49-03:00", "Seg, 24 Set 2018 19:18:49 -0300"),
    ("2022-11-16T00:38:15+01:00", "mer, 16 nov 2022 00:38:15 +0100"),
    ("2024-02-27T16:30:00+01:00", "mar., 27 févr. 2024 16:30:00 +0100"),
    ("2004-07-11T12:00:00-05:00", "Κυρ, 11 Ιούλ 2004 12:00:00 EST"),
    ("2004-07-13T09:15:00-05:00", "2004-július-13T9:15-05:00"),
    ("2026-09-23T17:00:00+09:00", "2026-09-23T17:00:00,123+09:00"),
    ("2026-09-23T17:00:00+09:00", "2026-09-23T17:00:00+09"),
    ("2026-09-23T17:02:21+00:00", "20260923T170221.5Z"),
    ("2026-09-23T17:00:00+00:00", "2026-266T17:00:00Z"),
    ("2015-12-31T23:59:59+00:00", "Thu, 31 Dec 2015 23:59:60 GMT"),
    ("2018-02-12T23:42:14+00:00", "1518478934"),
    ("2018-02-12T23:42:14+00:00", "1518478934123"),
    ("2018-02-12T23:42:14+00:00", "/Date(1518478934123)/"),
    ("2024-02-27T16:00:00+09:00", "27-FEB-24 04.00.00.000000 PM"),
    ("2024-02-27T16:00:00+09:00", "Tuesday, February 27th, 2024 at 4:00 p.m."),
    ("2024-02-27T16:30:00+09:00", "27. Februar 2024 16:30 Uhr"),
    ("2024-02-27T16:30:00+09:00", "mardi 27 février 2024 à 16h30"),
    ("2024-02-27T16:30:00+09:00", "27 февраля 2024 г. 16:30"),
    ("2024-02-27T16:30:00+09:00", "2024年2月27日(火) 午後4時30分"),
    ("2024-02-27T16:30:00+09:00", "2/27/2024, 4:30:00 PM"),
    ("2024-02-27T16:30:00+09:00", "27/02/2024 16:30"),
    ("1994-11-06T08:49:37+09:00", "Sun Nov  6 08:49:37 1994"),
]


@pytest.mark.parametrize(("expected", "raw"), KOREAN)
def test_times_as_korean_boards_write_them(expected: str, raw: str) -> None:
    """Half days before and behind the time, blanks or none, labels, digits of any width."""
    found = parse_when(raw, zone=SEOUL)
    assert found is not None
    assert (datetime.fromisoformat(expected + "+09:00"), Precision.TIME) == (
        found.at,
        found.precision,
    )


@pytest.mark.parametrize(("expected", "raw"), FOREIGN)
def test_times_as_the_world_writes_them(expected: str, raw: str) -> None:
    """Odd RFC 822, ISO 8601, programs' own ways, months and weekdays in other languages."""
    found = parse_when(raw, zone=SEOUL)
    assert found is not None
    assert (datetime.fromisoformat(expected), Precision.TIME) == (found.at, found.precision)


@pytest.mark.parametrize(
    "raw",
    [
        "26.09.23", "'26.9.23.", "26-09-23", "‘26. 9. 23.(수)", "26년 9월 23일", "09/23/26",
        "09/23/2026", "23/09/2026", "23.09.2026", "23-09-2026", "2026-W39-3", "20260923",
        "2026-09-23+09:00", "2026-09-23Z", "2026-09-23T00:00:00+09:00", "20260923000000",
        "2026년 9월 23일 수요일", "(2026.09.23)", "2026.9.23 ~ 9.25", "2026.9.23(수) ~ 25(금)",
        "2026.09.23–2026.09.25", "2026-09-23 - 2026-09-25", "2026.9.23부터 9.25까지",
        "2026. 9. 23. ~", "23 de septiembre de 2026", "Wed, 23 Sep 2026", "2026-Sep-23",
        "게시일 2026/09/23", "Published: Sept. 23, 2026",
    ],
)  # fmt: skip
def test_spellings_of_one_day(raw: str) -> None:
    """Short years, other orders that allow no other day, periods by their first day, a midnight
    in Korea."""
    midnight = datetime(2026, 9, 23, tzinfo=SEOUL)
    assert When(at=midnight, precision=Precision.DAY) == parse_when(raw, zone=SEOUL)


@pytest.mark.parametrize(
    "raw",
    [
        "2024", "202402", "2024년 2월", "February 2024", "2024-W09", "27 Feb", "16:30", "화요일",
        "어제", "방금 전", "3일 전", "Tomorrow", "not a date",
    ],
)  # fmt: skip
def test_what_names_no_day_is_none(raw: str) -> None:
    """Months, years, times and intervals: which day is meant, only a clock or a guess could say."""
    assert parse_when(raw, zone=SEOUL) is None


@pytest.mark.parametrize(
    "raw",
    [
        "03-04-2024", "26/09/23", "2.10.12", "2026092115", "Thu, 5 Sep 2024 8:00:00 IST",
        "2024-02-27 16", "2024-02-27 오전 16:00",
    ],
)  # fmt: skip
def test_what_could_be_two_instants_is_none(raw: str) -> None:
    """Neither is preferred."""
    assert parse_when(raw, zone=SEOUL) is None


@pytest.mark.parametrize(
    "raw",
    [
        "2026-266", "제2024-123호", "2024-1-23호", "02-2133-1234", "010-1234-5678", "6.0.14",
        "148931234", "0000000001", "20261345", "2024.02.27 조회 123", "2024.2.27 ~ 미정",
    ],
)  # fmt: skip
def test_numbers_are_no_dates(raw: str) -> None:
    """Notices, telephones, versions and ids; and what holds more than a date."""
    assert parse_when(raw, zone=SEOUL) is None


@pytest.mark.parametrize(
    "raw",
    [
        "0000-00-00", "0001-01-01T00:00:00", "1970-01-01", "1970-01-01T00:00:00Z", "0",
        "1899-12-30", "9999-12-31", "2024.02.30", "2023-02-29", "2024-02-27 24:30",
        "2024-02-27T16:00:00+15:00", "2024-02-27T16:00:00+09:75",
    ],
)  # fmt: skip
def test_what_programs_write_for_nothing_is_none(raw: str) -> None:
    """Zeros, the first and last days of calendars, and days and times that do not exist."""
    assert parse_when(raw, zone=SEOUL) is None


def test_a_single_letter_is_no_zone() -> None:
    """Half of those who wrote them had the sign wrong: the feed's zone holds."""
    assert parse_when("5 Sep 2024 08:00:00", zone=SEOUL) == parse_when(
        "5 Sep 2024 08:00:00 A", zone=SEOUL
    )


def test_an_offset_goes_before_a_name() -> None:
    """Where both stand, the number says what was meant."""
    found = parse_when("2024-02-27 16:00:00 +0100 (KST)", zone=SEOUL)
    assert found is not None
    assert datetime(2024, 2, 27, 15, tzinfo=UTC) == found.at


SHAPES = [
    "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S.0 %z", "%Y.%m.%d. %H:%M:%S %z", "%Y%m%dT%H%M%S%z",
    "%Y%m%d%H%M%S %z", "%Y년 %m월 %d일 %H시 %M분 %S초 %z", "%Y. %m. %d.(%a) %I:%M:%S %p %z",
    "%a, %d %b %Y %H:%M:%S %z", "%A, %d-%b-%Y %H:%M:%S %z", "%a %b %d %H:%M:%S %z %Y",
    "%B %d, %Y %I:%M:%S %p %z", "%Y-%jT%H:%M:%S%z", "%G-W%V-%uT%H:%M:%S%z",
    "%m/%d/%Y %H:%M:%S %z", "%d %B %Y, %H.%M.%S %z", "%H:%M:%S %z %d %b %Y",
]  # fmt: skip


@settings(max_examples=150)
@given(
    st.datetimes(min_value=datetime(1972, 1, 1), max_value=datetime(2099, 12, 30)),  # noqa: DTZ001
    st.integers(min_value=-47, max_value=55),
    st.sampled_from(SHAPES),
)
def test_written_instants_are_read_back(moment: datetime, quarters: int, shape: str) -> None:
    """What is written with its zone comes back to the second, whatever the feed's zone is."""
    written = timezone(timedelta(minutes=15 * quarters))
    expected = moment.replace(microsecond=0, tzinfo=written)
    found = parse_when(expected.strftime(shape), zone=ZoneInfo("America/Bogota"))
    assert found is not None
    assert expected == found.at


@settings(max_examples=100)
@given(
    st.datetimes(min_value=datetime(1972, 1, 1), max_value=datetime(2068, 12, 30)),  # noqa: DTZ001
    st.sampled_from(
        [
            "{0:%Y}. {0.month}. {0.day}. {1} {2}:{0:%M}", "{0:%Y}년 {0.month}월 {0.day}일 {1} {2}시 {0.minute}분",
            "{0:%Y.%m.%d} {2}:{0:%M} {1}", "{1} {2}:{0:%M} {0:%Y-%m-%d}", "{0:%y.%m.%d} {1} {2}:{0:%M}",
            "작성일 : {0:%y-%m-%d} {1}{2}:{0:%M}",
        ]
    ),
)  # fmt: skip
def test_half_days_are_read_back(moment: datetime, shape: str) -> None:
    """오전 12시 is the first hour of the day, 오후 12시 that after noon."""
    expected = moment.replace(second=0, microsecond=0, year=max(moment.year, 1972), tzinfo=SEOUL)
    half, hour = ("오전", "오후")[expected.hour >= 12], expected.hour % 12 or 12
    found = parse_when(shape.format(expected, half, hour), zone=SEOUL)
    assert found is not None
    assert expected == found.at


@settings(max_examples=60)
@given(st.integers(min_value=1_000_000_000, max_value=1_899_999_999), st.booleans())
def test_seconds_since_1970_are_read_back(seconds: int, milliseconds: bool) -> None:  # noqa: FBT001
    """Ten digits are seconds, thirteen milliseconds."""
    found = parse_when(f"{seconds}{'250' * milliseconds}", zone=SEOUL)
    assert found is not None
    assert datetime.fromtimestamp(seconds, tz=UTC) == found.at


ALPHABET = (
    "0123456789-./: 년월일시분오전후KSTZTWapm+'(),[]~화부터작성일Sepfévr年月\N{NO-BREAK SPACE}"
)


@settings(max_examples=200)
@given(st.one_of(st.text(ALPHABET, max_size=MAX_LENGTH), st.text(max_size=MAX_LENGTH)))
def test_any_string_is_a_date_or_none(raw: str) -> None:
    """No string raises, and what is read lies in sensible years."""
    found = parse_when(raw, zone=SEOUL)
    assert found is None or 1970 <= found.at.year <= 2101


@pytest.mark.parametrize(
    "raw",
    [
        "1" * 80, "1." * 40, "1-" * 40, "a," * 40, "화 " * 40, "2024년 " * 15, "2024.2.27 ~ " * 6,
        "오전 " * 25, "Sep " * 20, "(" * 80, "작성일" * 26, "&nbsp;" * 13, ": " * 40, " " * 240,
    ],
)  # fmt: skip
def test_no_string_takes_long(raw: str) -> None:
    """Thousands of entries are read in one visit."""
    started = machine.perf_counter()
    for _ in range(20):
        parse_when(raw, zone=SEOUL)
    assert machine.perf_counter() - started < 2


@pytest.fixture(params=["America/New_York", "Asia/Seoul"])
def zone_of_the_machine(request: pytest.FixtureRequest) -> Iterator[None]:
    if not hasattr(machine, "tzset"):
        pytest.skip("this system's zone cannot be set")
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    machine.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    machine.tzset()


@pytest.mark.usefixtures("zone_of_the_machine")
def test_the_zone_of_the_machine_does_not_count() -> None:
    """A Korean laptop and a server in UTC read the same."""
    found = [parse_when(raw, zone=SEOUL) for _, raw in KOREAN]
    assert [datetime.fromisoformat(f"{text}+09:00") for text, _ in KOREAN] == [
        when.at for when in found if when
    ]
    assert datetime(2018, 2, 12, 23, 42, 14, tzinfo=UTC) == getattr(
        parse_when("1518478934", zone=SEOUL), "at", None
    )


FRIDAY = datetime(2024, 2, 23, 9, tzinfo=SEOUL)


@pytest.mark.parametrize(
    "at",
    [
        FRIDAY - timedelta(days=4000),
        FRIDAY,
        datetime(2024, 2, 26, 12, tzinfo=SEOUL),
        datetime(2024, 2, 26, 14, 59, 59, tzinfo=UTC),
    ],
)
def test_a_date_is_believed_up_to_some_days_ahead(at: datetime) -> None:
    """On Friday Monday's releases are handed out, for whatever hour of it."""
    for precision in Precision:
        when = When(at=at, precision=precision)
        assert when == not_ahead(when, seen_at=FRIDAY)


@settings(max_examples=60)
@given(
    st.datetimes(min_value=datetime(2001, 1, 1), max_value=datetime(2080, 1, 1)),  # noqa: DTZ001
    st.timedeltas(min_value=AHEAD + timedelta(days=1), max_value=timedelta(days=20_000)),
)
def test_what_lies_further_ahead_is_of_the_day_it_was_seen(
    seen: datetime, ahead: timedelta
) -> None:
    """The day in Seoul, marked; and the same again when that is asked again."""
    seen_at = seen.replace(tzinfo=UTC)
    found = not_ahead(When(at=seen_at + ahead), seen_at=seen_at)
    assert (seen_at.astimezone(SEOUL).date(), Precision.DAY, True) == (
        found.day,
        found.precision,
        found.clamped,
    )
    assert found.at <= seen_at
    assert found == not_ahead(found, seen_at=seen_at)
