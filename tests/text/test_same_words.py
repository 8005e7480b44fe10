"""Which words are the same to a reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.same_words import squeezed, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("120억 원", "120억원"),
        ("2024. 2. 27.", "2024.02.27"),
        ("2024년 02월 27일", "2024년 2월 27일"),
        ("1,234명", "1234명"),
        ("“말”", "'말'"),
        ("2월~3월", "2월-3월"),
        ("3·1절", "3.1절"),
        ("２０２４년", "2024년"),
        ("09:00", "9:00"),
        ("㈜도시", "(주)도시"),
        ("K-드론", "K드론"),
        ("…", "..."),
        ("<붙임 1> 대상 3곳", "[붙임 1] 대상 3곳"),
        ("< 2024년 계획 >", "2024년 계획"),
        ("≤10", "≤ 10"),
        ("<10", "＜ 10"),
    ],
)
def test_spellings_of_the_same(one: str, other: str) -> None:
    """Nothing another word would be said for."""
    assert squeezed(one) == squeezed(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.5억", "15억"),
        ("12 3", "123"),
        ("-5%", "5%"),
        ("5%", "5"),
        ("△5.2%", "5.2%"),
        ("~5월", "5월"),
        ("02-123-4567", "02-124-4567"),
        ("27.)2", "272"),
        ("1_2", "12"),
        ("1,2", "12"),
        ("3+4", "34"),
        ("010-0123", "010-123"),
        ("홍길동", "홍길순"),
        ("농도 < 10", "농도 > 10"),
        ("농도 ≤ 10", "농도 ≥ 10"),
        ("농도 < 10", "농도 10"),
        ("농도 >-5", "농도 <-5"),
        ("3 < 5", "3 > 5"),
    ],
)
def test_what_only_looks_alike(one: str, other: str) -> None:
    """Digits never join, part or lose their sign."""
    assert squeezed(one) != squeezed(other)


@given(st.lists(st.integers(0, 99_999), min_size=1, max_size=5), st.data())
def test_another_number_is_another_text(numbers: list[int], data: st.DataObject) -> None:
    """Whatever stands between numbers."""
    signs = st.sampled_from([" ", "·", "~", ", ", " / ", "억 원, ", "(", ")", "월 "])
    between = data.draw(st.lists(signs, min_size=len(numbers), max_size=len(numbers)))
    place = data.draw(st.integers(0, len(numbers) - 1))
    other = [n + 1 if at == place else n for at, n in enumerate(numbers)]
    texts = [
        "".join(f"{number}{sign}" for number, sign in zip(each, between, strict=True))
        for each in (numbers, other)
    ]
    assert squeezed(texts[0]) != squeezed(texts[1])


def test_signs_alone_belong_to_the_word_before() -> None:
    """They are shown, and are no words; a letter for a bullet is none either."""
    words = words_of(["ㅇ 도시 – 지원 !", "o 사업"])
    assert ["도시 –", "지원 !", "사업"] == [word.shown for word in words]


def test_a_sign_that_compares_belongs_to_its_number() -> None:
    """Alone in other places, or around a heading, it says nothing."""
    words = words_of(["농도 < 10 값 <", "<2024년 계획> > -5"])
    assert ["농도", "< 10", "값 <", "<2024년", "계획>", "> -5"] == [w.shown for w in words]
    assert ["2024년", "계획"] == [word.key for word in words[3:5]]


def test_addresses_go_without_what_changes_with_each_visit() -> None:
    """Sessions, pages and campaigns are no other address; another number is."""
    (one,) = words_of(["https://www.a.example/v.do;jsessionid=1A?no=3&utm_source=x&pageIndex=2"])
    (other,) = words_of(["http://a.example/v.do?no=3"])
    (third,) = words_of(["http://a.example/v.do?no=4"])
    assert one.key == other.key
    assert one.key != third.key
