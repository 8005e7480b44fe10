"""What goes of a page because it says nothing, and what stays."""

from __future__ import annotations

import pytest

from aggregator.text.page_noise import file_without_size, title_without_noise, without_noise


@pytest.mark.parametrize(
    "line",
    [
        "조회수 123",
        "추천 3 댓글 4 스크랩 1",
        "1,234 views",
        "최종수정일 : 2024. 2. 27. 오후 3:22",
        "페이스북 트위터 카카오톡 공유 인쇄",
        "이전글 지난 소식 30건",
        "Copyright ⓒ 2024 MOLIT. All rights reserved.",
        "[새글]",
        "D-3",
    ],
)
def test_a_line_that_says_nothing_goes(line: str) -> None:
    """As a whole."""
    assert ["앞", "뒤"] == without_noise(["앞", line, "뒤"])


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("지원한다. 조회수 1,234회", "지원한다."),
        ("도시경제과 | 조회 12 | 02-123-4567", "도시경제과 | 02-123-4567"),
        ("[새글] 홈 > 알림 · 조회 12 · 보도자료실 > 국토", "홈 > 알림 · 보도자료실 > 국토"),
        ("[새글] 사업비 120억 원", "사업비 120억 원"),
        ("보도자료.hwp (123KB) 다운로드 12회", "보도자료.hwp"),
    ],
)
def test_of_a_line_goes_what_stands_by_itself(line: str, kept: str) -> None:
    """After a sentence, between bars, in brackets, behind a file."""
    assert [kept] == [" ".join(one.split()) for one in without_noise([line])]


@pytest.mark.parametrize(
    "line",
    [
        "영상이 조회수 120만 회를 넘었다",
        "홍보영상 조회수 1,000회",
        "공유주차 30곳을 연다",
        "다음 글은 장관이 썼다",
        "인쇄 업체 12곳에 3억 원",
        "댓글 3만 개가 달린 정책",
        "최종 수정된 사업비는 120억 원",
        "교통 / 환경 · 안전 • 복지 | 문화",
        "농도가 c > d 인 곳",
    ],
)
def test_what_a_sentence_says_stays(line: str) -> None:
    """The same words within it."""
    assert [line] == without_noise([line])


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("[NEW] 도시 120곳", "도시 120곳"),
        ("도시 120곳 [3]", "도시 120곳"),
        ("도시 120곳(조회 12)", "도시 120곳"),
        ("[정정] 도시 120곳", "[정정] 도시 120곳"),
        ("도시 이야기 (3)", "도시 이야기 (3)"),
        ("조회수 12", "조회수 12"),
    ],
)
def test_a_headline_without_badges(title: str, kept: str) -> None:
    """The marks of press offices stay, and so does a headline that is nothing else."""
    assert kept == title_without_noise(title)


def test_the_name_of_a_file() -> None:
    """Its size and how often it was taken are not it."""
    assert "정오표 2.hwp" == file_without_size("정오표 2.hwp [12.5 KB] (다운로드 3)")
