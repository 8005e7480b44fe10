"""Counterparts that took each other's place, native numerals, and letters of other scripts."""

from __future__ import annotations

import pytest

from aggregator.domain.glossary import Glossary
from aggregator.issue.lint.pairs import Names, Pair
from aggregator.issue.lint.translation import lint_translation


def codes(source: str, translation: str, names: Names | None = None) -> list[str]:
    """Severity and code of what is found, but for the lengths."""
    found = lint_translation(Pair(source=source, translation=translation), names or Names())
    return [f"{one.severity} {one.code}" for one in found]


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("도시 열두 곳을 잇는다.", "It links twelve cities."),
        ("도시 열두 곳을 잇는다.", "It links 12 cities."),
        (
            "마을 스무 곳과 단지 서른다섯 곳을 고친다.",
            "It mends 20 villages and thirty-five estates.",
        ),
        ("2024년 상반기에 연다.", "It opens in the first half of 2024."),
        (
            "상반기와 하반기에 한 번씩 연다.",
            "It opens once in the first half and once in the second half.",
        ),
        ("절반을 낸다.", "It pays half."),
        ("절반으로 줄었다.", "It was halved."),
        ("절반을 낸다.", "It pays 50 per cent."),
        ("면적은 5,000㎡다.", "It covers 5,000 m²."),
        ("면적은 5,000㎡다.", "It covers 5,000 square metres."),
        ("길이 3.2km 구간이다.", "The section is 3.2 kilometres long."),
        ("길이 3km, 폭 3m인 길이다.", "The road is 3 km long and 3 m wide."),
    ],
)
def test_the_same_is_passed_over(source: str, translation: str) -> None:
    """In words or in figures."""
    assert [] == codes(source, translation)


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("도시 열두 곳을 잇는다.", "It links 20 cities.", "red number-wrong"),
        ("2024년 상반기에 연다.", "It opens in the second half of 2024.", "red day-wrong"),
        ("하반기에 문을 연다.", "It opens in the first half of the year.", "red day-wrong"),
        ("절반을 나라에서 낸다.", "The state pays a third of it.", "red number-wrong"),
        ("면적은 5,000㎡다.", "It covers 5,000 km².", "red unit-wrong"),
        ("길이 32km 구간이다.", "The section is 32 metres long.", "red unit-wrong"),
        ("서울시가 버스를 늘린다.", "Seoul adds buses。", "red script-left"),
        ("서울시가 버스를 늘린다.", "Seoul adds バス to its lines.", "red script-left"),
    ],
)
def test_what_became_its_counterpart(source: str, translation: str, expected: str) -> None:
    """Is red beyond doubt."""
    assert expected in codes(source, translation)


def test_a_word_that_is_kept_may_have_kana() -> None:
    """As the glossary says."""
    names = Names(glossary=Glossary(keep=("トヨタ",)))
    assert [] == codes("도요타와 협력한다.", "The city works with トヨタ.", names)
