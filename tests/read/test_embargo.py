from __future__ import annotations

import time as machine
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.domain.items import SEOUL, Entry, Precision, When
from aggregator.read.dates.embargo import HEAD, LONGEST, parse_embargo

MONDAY = When(at=datetime(2023, 5, 22, 9, tzinfo=SEOUL))
"""22 May 2023, nine o'clock."""

MONDAY_ALONE = When(at=datetime(2023, 5, 22, tzinfo=SEOUL), precision=Precision.DAY)


def asked(
    text: str = "",
    *,
    title: str = "",
    published: When | None = MONDAY,
    fields: Mapping[str, str] | None = None,
) -> str | None:
    """The local time until when it is asked to wait."""
    found = parse_embargo(Entry(fields=fields or {}), title, text, published=published, zone=SEOUL)
    return f"{found.astimezone(SEOUL):%m-%d %H:%M}" if found else None


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("05-22 12:00", "보도시점 (온라인) 2023. 5. 22.(월) 12:00 (지면) 5. 23.(화) 조간 배포 5. 22. 09:00"),
        ("05-22 12:00", "보도시점 (지면) 5. 23.(화) 조간 (인터넷) 2023. 5. 22.(월) 12:00"),
        ("05-22 12:00", "보도 시점 : 2023. 5. 22.(월) 12:00 이후(5.23. 조간) / 배포 일시 : 5. 22. 10:00"),
        ("05-22 12:00", "보도일시\n2023. 5. 23.(화) 조간(온라인 5. 22. 12:00)부터 보도하여 주시기 바랍니다"),
        ("05-22 12:00", "이 보도자료는 2023년 5월 23일(화) 조간부터 보도하여 주시기 바랍니다."),
        ("05-23 06:00", "2023년 5월 23일(화) 석간부터 보도해 주시기 바랍니다."),
        ("05-22 12:00", "보 도 시 점 2023. 5. 22.(월) 12:00"),
        ("05-23 12:00", "보도시점 23일(화) 12:00부터"),
        ("05-22 15:00", "EMBARGOED UNTIL: 22 May 2023, 15:00 KST"),
        ("05-23 11:00", "이 자료는 5월 23일 오전 11시 이후 보도하여 주시기 바랍니다."),
        ("05-22 14:00", "보도시점 ２０２３．　５．　２２．（월） １４：００"),
        ("05-23 10:00", "엠바고: 5. 23. 오전 10시"),
        ("05-23 10:00", "가 나 다 (엠바고 5월 23일(화) 10:00)"),
        ("05-23 10:30", "보도시점 5.23.(화) 국무회의 종료 후(10:30 예정)"),
        ("05-23 06:00", "보도시점 2023-05-23 06:00"),
        ("05-23 06:00", "보도시점 ‘23. 5. 23.(화) 06:00 이후"),
        ("05-23 12:00", "보도시점 5.23.12시 배포 5.22."),
        ("05-24 00:00", "보도시점 5.23.(화) 24:00"),
        ("05-23 00:00", "보도일자 : 2023. 5. 23."),
        ("05-22 12:00", "230523 (조간) 재난 대비 실태를 점검한다"),
    ],
)  # fmt: skip
def test_requests_of_press_offices(expected: str, text: str) -> None:
    """The online time of several; noon before a morning paper, six o'clock of an evening paper."""
    assert expected == asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "보도시점 배포 즉시  배포 2023. 5. 23.(화) 09:00",
        "보도시점 즉시 (5. 23. 조간)",
        "즉시 보도 가능합니다. 5. 23.(화) 10:00 개최",
        "배포일시 2023. 5. 24.(수) 10:00 담당부서 대변인실",
        "배포시점: 5. 23. 10:00",
        "오는 5월 23일 10:00 서울에서 설명회를 연다.",
        "보도시점 2023. 2. 30. 12:00",
        "보도시점 99. 99. 99. 99:99",
        "엠바고",
        "조간 신문은 5월 23일 이를 전했다.",
        "가" * HEAD + "보도시점 5. 23. 10:00",
    ],
)
def test_what_asks_for_nothing(text: str) -> None:
    """At once, when it was handed out, days of the matter itself, and what stands far below."""
    assert asked(text) is None


@pytest.mark.parametrize(
    ("expected", "title"),
    [
        ("05-22 12:00", "[5.23.화.조간] 도시를 잇다"),
        ("05-22 12:00", "[해양수산부][5.23.화.조간] 도시를 잇다"),
        ("05-22 12:00", "[5.23.조간] 도시를 잇다"),
        ("05-22 12:00", "[5.23(화) 조간] 도시를 잇다"),
        ("05-22 12:00", "도시를 잇다 (2023.5.23. 조간)"),
        ("05-23 06:00", "(5.23. 석간) 도시를 잇다"),
        ("05-23 06:00", "(5월 23일 석간) 도시를 잇다"),
        ("05-22 12:00", "230523 (조간) 도시를 잇다"),
        (None, "(조간) 도시를 잇다"),
        (None, "(석간) 도시를 잇다"),
        (None, "5.23. 개막 (사진) 도시를 잇다"),
    ],
)
def test_marks_of_titles(expected: str | None, title: str) -> None:
    """A mark without a day is of the day of publication, which its hours have passed."""
    assert expected == asked(title=title)


def test_an_evening_paper_of_today_before_six() -> None:
    """The one case in which a mark without a day asks for something."""
    early = When(at=datetime(2023, 5, 22, 5, 30, tzinfo=SEOUL))
    assert "05-22 06:00" == asked(title="(석간) 도시를 잇다", published=early)


def test_the_field_of_the_open_data_api() -> None:
    """Month first, in Korean time; its name in any case, and it goes before text and title."""
    for name in ("EmbargoDate", "embargodate", "ns_EMBARGODATE", "embargo_date"):
        assert "05-23 12:00" == asked(
            "보도시점 5. 24. 06:00", title="[5.25.조간] 가", fields={name: "05/23/2023 12:00:00"}
        )


def test_an_empty_field_leaves_the_word_to_the_text() -> None:
    """So does one that holds no date."""
    assert "05-24 06:00" == asked("보도시점 5. 24. 06:00", fields={"EmbargoDate": ""})
    assert "05-24 06:00" == asked(
        "보도시점 5. 24. 06:00", fields={"EmbargoDate": "00/00/0000 00:00:00"}
    )


def test_the_text_goes_before_the_title() -> None:
    """And "at once" is a word, too."""
    assert "05-23 14:00" == asked("보도시점 5. 23. 14:00", title="[5.24.조간] 가")
    assert asked("보도시점 : 즉시", title="(5.24. 석간) 가") is None


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (None, "보도시점 2023. 5. 22.(월) 09:00"),
        (None, "보도시점 2023. 5. 22.(월) 06:00"),
        (None, "보도시점 2023. 5. 21.(일) 12:00"),
        ("05-22 09:01", "보도시점 2023. 5. 22.(월) 09:01"),
        ("05-29 09:00", "보도시점 2023. 5. 29.(월) 09:00"),
        (None, "보도시점 2023. 5. 29.(월) 09:01"),
        (None, "보도시점 2022. 5. 23.(월) 12:00"),
        (None, "보도시점 2024. 5. 23.(월) 12:00"),
    ],
)
def test_only_the_days_after_publication_count(expected: str | None, text: str) -> None:
    """What was published at its hour is free, and a far day is a slip."""
    assert expected == asked(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (None, "보도시점 2023. 5. 22.(월) 18:00"),
        ("05-23 06:00", "보도시점 2023. 5. 23.(화) 06:00"),
        (None, "보도시점 2023. 5. 23.(화) 조간"),
        ("05-29 23:00", "보도시점 2023. 5. 29.(월) 23:00"),
        (None, "보도시점 2023. 5. 30.(화) 00:00"),
    ],
)
def test_a_day_is_compared_with_a_day(expected: str | None, text: str) -> None:
    """Where the date of publication has no hour, another hour of that day is not later."""
    assert expected == asked(text, published=MONDAY_ALONE)


def test_the_year_is_the_nearest() -> None:
    """On the last day of December the second of January is that of the next year."""
    last = When(at=datetime(2023, 12, 31, 9, tzinfo=SEOUL))
    assert "01-01 12:00" == asked("보도시점 1. 2.(화) 조간", published=last)
    leap = When(at=datetime(2024, 2, 28, 9, tzinfo=SEOUL))
    assert "02-29 06:00" == asked("보도시점 2. 29.(목) 06:00", published=leap)


def test_without_a_date_there_is_nothing_to_wait_for() -> None:
    """The nearest year could not be told, nor whether the hour has passed."""
    assert asked("보도시점 2023. 5. 23. 12:00", published=None) is None


HOSTILE = "보도시점 엠바고부터 보도하여온라인인터넷(지면)조간석간0123456789.:년월일시오전후화 []()즉배포\n"


@settings(max_examples=100)
@given(st.text(HOSTILE, max_size=300), st.text(HOSTILE, max_size=80), st.booleans())
def test_any_text_asks_within_a_week_or_not_at_all(text: str, title: str, day: bool) -> None:  # noqa: FBT001
    """Nothing raises, and nothing is held longer than that."""
    published = MONDAY_ALONE if day else MONDAY
    found = parse_embargo(
        Entry(fields={"EmbargoDate": title}), title, text, published=published, zone=SEOUL
    )
    assert found is None or published.at < found <= published.at + LONGEST + timedelta(days=1)
    assert found is None or found.tzinfo is not None


@settings(max_examples=60)
@given(
    st.datetimes(min_value=datetime(2001, 1, 1), max_value=datetime(2080, 1, 1)),  # noqa: DTZ001
    st.integers(min_value=1, max_value=7 * 24 * 60),
    st.sampled_from(
        [
            "보도시점 {0:%Y}. {0.month}. {0.day}.(화) {0:%H:%M} 이후",
            "보도일시: {0.month}월 {0.day}일 {0.hour}시 {0.minute}분 / 배포 즉시",
            "보도시점 (온라인) '{0:%y}. {0.month}. {0.day}. {0:%H:%M} (지면) 1. 2. 조간",
            "{0:%Y-%m-%d %H:%M} 이후 보도하여 주시기 바랍니다.",
        ]
    ),
)
def test_written_requests_are_read_back(published: datetime, minutes: int, shape: str) -> None:
    """To the minute, for every day of the year."""
    seen = published.replace(second=0, microsecond=0, tzinfo=UTC)
    until = (seen + timedelta(minutes=minutes)).astimezone(SEOUL)
    found = parse_embargo(Entry(), "", shape.format(until), published=When(at=seen), zone=SEOUL)
    assert until == found


@pytest.mark.parametrize(
    "text",
    ["보도시점 " * 20_000, "5. 23. " * 20_000, "(" * 100_000, "1" * 100_000, "[5.23.화" * 20_000,
     "부터 보도하여" * 20_000, "ﷺ" * 100_000, " " * 100_000],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    """Only its head is read, and in one go."""
    started = machine.perf_counter()
    asked(text, title=text)
    assert machine.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("expected", "title"),
    [
        ("05-22 12:00", "(23일 조간) 도시재생 공모"),
        ("05-22 15:00", "[엠바고 5.22.(월) 15:00] 도시재생 공모"),
        ("05-22 15:00", "[5.22. 15:00 엠바고] 도시재생 공모"),
        ("05-23 12:00", "[5월 23일 12시 이후 보도] 도시재생 공모"),
        ("05-22 15:00", "(엠바고: 22일 15시) 도시재생 공모"),
        (None, "[엠바고] 도시재생 공모"),
        (None, "도시재생 공모(5.23. 15:00 설명회)"),
        (None, "23일간의 여행(60일 조간)"),
    ],
)
def test_requests_in_the_brackets_of_a_title(expected: str | None, title: str) -> None:
    """A day of the month alone is the nearest one; a bracket that asks for nothing is none."""
    assert expected == asked(title=title)
