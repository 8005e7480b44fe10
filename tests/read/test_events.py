from __future__ import annotations

from datetime import date

import pytest

from aggregator.domain.items import SEOUL, Entry, EventFacts
from aggregator.read.dates.events import parse_event


def test_event_from_fields() -> None:
    """Days, venues, subject and telephone are found by the names of their elements."""
    entry = Entry(
        title="스마트시티 &amp; 엑스포",
        fields={
            "ev_startdate": "2024-03-19", "ev_enddate": "2024.3.22.",
            "location": "타이베이 전시센터 2관; 가오슝 전시센터", "ev_subject": "디지털 전환", "tel": "02-0000-3114",
        },
    )  # fmt: skip
    assert (
        EventFacts(
            name="스마트시티 & 엑스포", starts_on=date(2024, 3, 19), ends_on=date(2024, 3, 22),
            venues=("타이베이 전시센터 2관", "가오슝 전시센터"), subject="디지털 전환", phone="02-0000-3114",
        )
    ) == parse_event(entry, SEOUL)  # fmt: skip


@pytest.mark.parametrize(
    ("ends_on", "fields"),
    [
        (date(2024, 3, 22), {"행사기간": "2024.3.19 ~ 3.22"}),
        (date(2024, 3, 22), {"period": "2024.3.19. ~ 22."}),
        (date(2024, 4, 2), {"period": "2024년 3월 19일(화) ~ 2024년 4월 2일(화)"}),
        (date(2024, 3, 19), {"gd_when_starttime": "", "dtstart": "20240319"}),
        (date(2024, 3, 19), {"start": "2024-03-19", "end": "2023-01-01"}),
        (date(2024, 3, 22), {"start": "2024.3.19 ~ 3.22"}),
        (date(2024, 3, 21), {"start": "2024.3.19 ~ 3.22", "end": "2024.3.21"}),
        (date(2024, 3, 20), {"cal_dtstart": "20240318T150000Z", "cal_dtend": "20240319T150000Z"}),
    ],
)
def test_days_of_an_event(ends_on: date, fields: dict[str, str]) -> None:
    """Ranges in one field, shortened ends and impossible ends."""
    event = parse_event(Entry(title="t", fields=fields), SEOUL)
    assert event is not None
    assert (date(2024, 3, 19), ends_on) == (event.starts_on, event.ends_on)


@pytest.mark.parametrize(
    ("period", "ends_on"),
    [
        ("2024.12.30 ~ 1.2", date(2025, 1, 2)),
        ("2024.12.30 ~ 2", date(2025, 1, 2)),
        ("2024.4.29 ~ 3", date(2024, 5, 3)),
        ("2024.3.19 ~ 3.11", date(2024, 3, 19)),
        ("2024.2.27 ~ 2.29", date(2024, 2, 29)),
    ],
)
def test_a_short_end_is_the_next_such_day(period: str, ends_on: date) -> None:
    """It lies after the start, in the next year where it must; what would be a year off is none."""
    event = parse_event(Entry(title="t", fields={"period": period}), SEOUL)
    assert event is not None
    assert ends_on == event.ends_on


@pytest.mark.parametrize("fields", [{}, {"location": "서울"}, {"startdate": "곧"}, {"period": "~"}])
def test_no_first_day_no_event(fields: dict[str, str]) -> None:
    """An entry that names no day announces no event."""
    assert parse_event(Entry(title="t", fields=fields), SEOUL) is None
