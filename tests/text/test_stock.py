"""Lines that only lead to a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.stock import is_handle

WORDS = [
    "바로보기",
    "원문 보기",
    "한글 뷰어",
    "내려 받기",
    "첨부파일",
    "감사합니다",
    "download",
    "12건",
]
SIGNS = [" ", "·", "|", ";", "(", ")", "..", ",\n", "- "]
FILES = ["a.pdf", "가나 다.hwp", "https://a.example/b?c=1 ", "1.2 MB", "..,3kb"]


@pytest.mark.parametrize(
    ("line", "leads"),
    [
        ("", True),
        ("붙임 보도자료.hwp (1.2 MB) 다운로드", True),
        ("[바로보기] https://a.example/file?id=12", True),
        ("보도자료 원문 보기", True),
        ("보도자료를 냈다", False),
        ("다운로드 안내", False),
        ("세종시는 12건을 선정했다.", False),
        ("계획.hwp를 고쳤다", False),
        ("바로보기 " * 100, False),
    ],
)
def test_a_line_leads_to_a_file_or_says_something(*, line: str, leads: bool) -> None:
    assert leads is is_handle(line)


@given(st.lists(st.sampled_from([*WORDS, *FILES, *SIGNS]), max_size=8))
def test_words_on_buttons_lead_to_files_in_any_order(parts: list[str]) -> None:
    """Whatever signs stand between them."""
    assert is_handle(" ".join(parts))


@given(
    st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=4),
    st.lists(st.sampled_from([*WORDS, *SIGNS]), max_size=4),
)
def test_one_word_of_its_own_is_enough(before: list[str], after: list[str]) -> None:
    """Wherever it stands among the others."""
    assert not is_handle(" ".join([*before, "스마트도시", *after]))
