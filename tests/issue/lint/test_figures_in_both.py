"""Numbers, sums and days in Korean and in English: what is the same is passed over, what is not is
told."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.issue.lint.english import MONTHS, read_english
from aggregator.issue.lint.figures import compare_figures
from aggregator.issue.lint.korean import read_korean
from aggregator.issue.lint.pairs import Pair
from aggregator.issue.lint.weekdays import check_weekdays

PRINTED = date(2024, 2, 27)


def codes(source: str, translation: str, *, printed_on: date | None = PRINTED) -> list[str]:
    """What the lint says of the figures of a text."""
    pair = Pair(source=source, translation=translation, printed_on=printed_on)
    return [f.code for f in (*compare_figures(pair), *check_weekdays(pair))]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("23억 5천만 원을 들인다", "It costs 2.35 billion won."),
        ("23억 5천만 원", "KRW 2.35 billion"),
        ("1조 2,345억 원", "1.2345 trillion won"),
        ("2천500만 원", "25 million won"),
        ("1,500만 달러", "US$15 million"),
        ("1,500만 달러", "15 million US dollars"),
        ("9조7천억원", "₩9.7 trillion"),
        ("약 23억 4,700만 원", "2.3 billion won"),
        ("2~3만 명", "20,000 to 30,000 people"),
        ("2∼3백만 원", "2-3 million won"),
        ("1만5천 가구", "15,000 households"),
        ("제3차 계획", "the third plan"),
        ("제12차 회의", "the 12th meeting"),
        ("4차 산업혁명", "the Fourth Industrial Revolution"),
        ("30.5% 늘었다", "It grew by 30.5 per cent."),
        ("5%포인트", "5 percentage points"),
        ("두 기관이 6종을", "Two agencies made six kinds."),
        ("3월 5일", "March 5"),
        ("3월 5일", "5 March"),
        ("3월 5일", "on the 5th of March 2024"),
        ("2024.3.5.", "March 5, 2024"),
        ("'24. 3. 5.", "5 March 2024"),
        ("3월 19~23일", "19-23 March"),
        ("3월 19일부터 4월 2일까지", "from March 19 to April 2"),
        ("11월 25일부터 27일까지", "from 25 to 27 November"),
        ("2024년 상반기", "the first half of 2024"),
        ("2024~2026년", "from 2024 to 2026"),
        ("3년간", "between 2024 and 2026"),
        ("올해 시작해", "It starts in 2024."),
        ("내년까지", "until 2025"),
        ("27일 밝혔다", "The city said so."),
        ("16일(금) 오후 4시", "Friday 16 February at 4 p.m."),
        ("14:00에", "at 2 p.m."),
        ("3분의 2가", "two-thirds of them"),
        ("5G 기반", "based on 5G"),
        ("전화 02-3667-3114", "phone 02-3667-3114"),
        ("20개 도시", "twenty cities"),
        ("24개 도시", "twenty-four cities"),
        ("10만 명", "one hundred thousand people"),
        ("1박 2일", "a two-day trip"),
        ("5일간 열린다", "It takes five days."),
    ],
)
def test_the_same_in_other_words(source: str, translation: str) -> None:
    """Myriads, ordinals, ranges, forms of days: nothing to tell."""
    assert [] == codes(source, translation)


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("23억 5천만 원", "235 million won", ["amount-wrong"]),
        ("23억 5천만 원", "2.35 trillion won", ["amount-wrong"]),
        ("200억 원", "20 billion dollars", ["amount-wrong"]),
        ("23억 4,700만 원", "2.3 billion won", ["number-rounded"]),
        ("23억 원", "money", ["amount-missing"]),
        ("돈을", "20 billion won", ["amount-added"]),
        ("제3차 계획", "the fourth plan", ["number-wrong"]),
        ("30%", "30", ["number-wrong"]),
        ("2만 명", "2,000 people", ["number-wrong"]),
        ("7개 도시", "cities", ["number-missing"]),
        ("도시", "seven cities", ["number-added"]),
        ("3월 5일", "March 6", ["day-wrong"]),
        ("3월 5일", "5 May", ["day-wrong"]),
        ("3월 5일", "in March", ["day-wrong"]),
        ("5일까지", "by 5 September", ["day-wrong"]),
        ("2024년", "2023", ["day-wrong"]),
        ("오후 4시", "at 4 a.m.", ["hour-wrong"]),
        ("16일(금)", "Thursday 16 February", ["weekday-wrong"]),
        ("2월 16일", "Thursday 16 February", ["weekday-wrong"]),
        ("전화 02-3667-3114", "phone 02-3667-3141", ["phone-wrong"]),
    ],
)
def test_what_a_machine_changed(source: str, translation: str, expected: list[str]) -> None:
    """One finding, by the kind of what is wrong."""
    assert expected == codes(source, translation)


def korean_sum(value: int) -> str:
    """23억 5,000만: a whole number with myriads."""
    parts = []
    for scale, name in ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, "")):
        count, value = divmod(value, scale)
        if count:
            parts.append(f"{count:,}{name}")
    return " ".join(parts)


def english_sum(value: int) -> str:
    """2.35 billion: a whole number, exact."""
    for scale, name in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if value >= scale:
            digits = f"{value // scale:,}.{value % scale:0{len(str(scale)) - 1}}".rstrip("0")
            return f"{digits.rstrip('.')} {name}"
    return f"{value:,}"


SUMS = st.builds(
    lambda head, zeros: head * 10**zeros, st.integers(2, 9999), st.integers(4, 11)
)  # what budgets are


@given(SUMS)
def test_a_sum_is_read_alike_in_both(value: int) -> None:
    """However large, and wherever its digits end."""
    (korean,) = read_korean(f"{korean_sum(value)} 원을 들여")
    (english,) = read_english(f"It costs {english_sum(value)} won in all.")

    assert (Fraction(value), Fraction(value)) == (korean.value, english.value)


@given(SUMS)
def test_a_sum_that_agrees_is_passed_over(value: int) -> None:
    """As a translator renders it."""
    assert [] == codes(
        f"{korean_sum(value)} 원을 들여", f"It costs {english_sum(value)} won in all."
    )


@given(SUMS, st.sampled_from([10, 100, 1000, 10_000]), st.booleans())
def test_a_sum_off_by_powers_of_ten_is_told(value: int, factor: int, up: bool) -> None:  # noqa: FBT001
    """Upwards and downwards: the slip between 억 and billion."""
    wrong = value * factor if up or value % factor else value // factor

    told = codes(f"{korean_sum(value)} 원을 들여", f"It costs {english_sum(wrong)} won in all.")

    assert ["amount-wrong"] == told


@given(SUMS, st.integers(0, 3))
def test_a_changed_digit_is_told(value: int, place: int) -> None:
    """A digit more at any of the leading places."""
    digits = str(value)
    place = min(place, len(digits) - 1)
    wrong = value + 10 ** (len(digits) - 1 - place)

    told = codes(f"{korean_sum(value)} 원", f"{english_sum(wrong)} won")

    assert told in (["amount-wrong"], ["number-rounded"])


DAYS = st.dates(date(2020, 1, 1), date(2029, 12, 31))


@given(DAYS, st.sampled_from(["{d} {m} {y}", "{m} {d}, {y}", "{d} {m}", "{m} {d}"]))
def test_a_day_that_agrees_is_passed_over(day: date, form: str) -> None:
    """In every order of its parts, with the year or without."""
    english = form.format(d=day.day, m=MONTHS[day.month - 1], y=day.year)

    assert [] == codes(f"{day.year}년 {day.month}월 {day.day}일 연다", f"It opens on {english}.")


@given(DAYS, st.integers(1, 27))
def test_another_day_is_told(day: date, later: int) -> None:
    """Some days off, in the month or beyond it."""
    other = day + timedelta(days=later)
    english = f"{other.day} {MONTHS[other.month - 1]} {other.year}"

    told = codes(f"{day.year}년 {day.month}월 {day.day}일 연다", f"It opens on {english}.")

    assert ["day-wrong"] == told


@given(st.integers(2, 99_999).filter(lambda n: not 1900 <= n <= 2099))
def test_a_plain_number_survives(value: int) -> None:
    """With commas or without."""
    assert [] == codes(f"버스 {value:,}대를", f"They buy {value} buses.")


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_the_reading(source: str, translation: str) -> None:
    """Whatever stands there, spans lie within the text."""
    for text, read in ((source, read_korean), (translation, read_english)):
        assert all(0 <= q.span.start < q.span.end <= len(text) for q in read(text, None))
