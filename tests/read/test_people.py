from __future__ import annotations

import pytest

from aggregator.domain.items import Person
from aggregator.read.items.people import parse_author, split_authors


@pytest.mark.parametrize(
    ("person", "raw"),
    [
        (Person(name="홍길동", affiliation="한국대학교"), "홍길동 (한국대학교)"),
        (
            Person(name="홍길동", affiliation="한국대학교 도시공학과(석사)"),
            "홍길동(한국대학교 도시공학과(석사))",
        ),
        (Person(name="Hong", affiliation="KAIST"), "Hong (KAIST)"),
        (Person(name="행정지원과"), "행정지원과"),
        (Person(name="홍길동"), "press@city.example (홍길동)"),
        (Person(name="Hong"), "Hong <a@b.example>"),
        (Person(name=""), "156759629"),
        (Person(name=""), "press@city.example"),
        (Person(name=""), ""),
    ],
)
def test_parse_author(person: Person, raw: str) -> None:
    """Names and affiliations are told apart; numbers and addresses are no names."""
    assert person == parse_author(raw)


@pytest.mark.parametrize(
    ("names", "raw"),
    [
        (("홍길동 (가나대, 다라대)", "김철수 (KAIST)"), "홍길동 (가나대, 다라대), 김철수 (KAIST)"),
        (("홍길동", "김철수", "이영희"), "홍길동, 김철수·이영희"),
        (("Hong, Gil-dong", "Kim, C."), "Hong, Gil-dong; Kim, C."),
        (("Hong, Gil-dong",), "Hong, Gil-dong"),
    ],
)
def test_split_authors(names: tuple[str, ...], raw: str) -> None:
    """Several authors in one string are parted, never inside brackets or a Latin name."""
    assert names == split_authors(raw)


def test_labels_and_telephones_are_no_part_of_a_name() -> None:
    """What boards print around it."""
    assert Person(name="홍길동") == parse_author("작성자 : 홍길동")
    assert Person(name="홍길동") == parse_author("홍길동(044-201-1234)")
