"""Regions named in texts."""

from __future__ import annotations

import pytest

from aggregator.config.bodies import shipped_bodies
from aggregator.curate.gazetteer import complete, find_regions, homes_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("충북도, 청주에서 연다", {"충북", "충북/청주시"}),
        ("전남나주시 소식", {"전남", "전남/나주시"}),
        ("예산 2억 원을 들인다", set()),
        ("예산군 사과", {"충남", "충남/예산군"}),
        ("경기 침체 대응", set()),
        ("경기, 공모 선정", {"경기"}),
        ("부산물 처리", set()),
        ("부산 서구", {"부산", "/서구"}),
        ("전라북도와 전북특별자치도", {"전북"}),
        ("완도와 청도군", {"전남", "전남/완도군", "경북", "경북/청도군"}),
        ("Seoul and Gyeonggi-do", {"서울", "경기"}),
        ("금산 신안사", {"충남", "충남/금산군"}),
    ],
)
def test_regions_are_found(text: str, expected: set[str]) -> None:
    """Names and stems count as whole words; stems that are words only before 시, 군, 구."""
    assert expected == find_regions(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("제주시와 서귀포시", {"제주", "제주/제주시", "제주/서귀포시"}),
        ("수원특례시 소식", {"경기", "경기/수원시"}),
        ("경기 광주시 도자기", {"경기", "경기/광주시"}),
        ("경기도수원시", {"경기", "경기/수원시"}),
        ("강원 고성군 산불", {"강원", "/고성군"}),
        ("고성군 공룡", {"/고성군"}),
        ("충북 음성 인삼", {"충북", "충북/음성군"}),
        ("충남 예산 확보", {"충남"}),
        ("전남광주통합특별시 출범", {"전남", "광주"}),
        ("부산 강서구와 영종구", {"부산", "/강서구", "인천", "인천/영종구"}),
        ("군위군 사과", {"대구", "대구/군위군"}),
        ("인천공항 새 단장", {"인천"}),
        ("영주권 신청", set()),
        ("중구난방 행정", set()),
        ("서구식 식단", set()),
        ("금융권 여수신 동향", set()),
        ("인성 함양 교육", set()),
        ("Jeju City and Seogwipo", {"제주", "제주/제주시", "제주/서귀포시"}),
        ("Suwon opens, Jung-gu follows", {"경기", "경기/수원시", "/중구"}),
        ("North Jeolla Province", {"전북"}),
        ("Gangnam-gu library", {"서울", "서울/강남구"}),
    ],
)
def test_regions_below_the_first_level(text: str, expected: set[str]) -> None:
    """Shared names have no parent of their own; words that only begin like a place are none."""
    assert expected == find_regions(text)


BODIES = shipped_bodies()
HOMES = homes_of(BODIES.values())


def test_every_local_government_is_known() -> None:
    """By its name in Korean and in English; districts by the name that several have."""
    for body in BODIES.values():
        if body.id not in HOMES or not HOMES[body.id].place:
            continue
        place = HOMES[body.id].place
        found = find_regions(f"{place}, 새 소식")
        assert any(region.endswith(f"/{place}") for region in found) or place == "광주시", place
        assert find_regions(body.print_name("en")), body.id


def test_a_shared_name_is_completed_by_where_its_office_is() -> None:
    """Which 동구 it is need not be said in a title; the office knows. What is said stays."""
    assert complete(frozenset({"/동구"}), HOMES["dong-busan"]) == {"/동구", "부산"}
    assert complete(frozenset({"/동구", "대구"}), HOMES["dong-busan"]) == {"/동구", "대구"}
    found = complete(frozenset({"광주"}), HOMES["gwangju-gyeonggi"])
    assert found == {"광주", "경기", "경기/광주시"}
    assert complete(frozenset({"/동구"}), None) == {"/동구"}


def test_who_lies_in_whom() -> None:
    """A city is not apart from its province; two cities are, and two provinces."""
    assert not HOMES["suwon"].is_apart(HOMES["gyeonggi"])
    assert HOMES["suwon"].is_apart(HOMES["yongin"])
    assert HOMES["gyeonggi"].is_apart(HOMES["gangwon"])
    assert HOMES["dong-busan"].is_apart(HOMES["dong-daejeon"])
    assert not HOMES["yeosu"].is_apart(HOMES["jeonnam"])
