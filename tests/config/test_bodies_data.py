"""The shipped issuing offices, and finding one by its name."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from aggregator.config.bodies import find_issuer, index_names, names_of, shipped_bodies
from aggregator.domain.bodies import Level
from aggregator.text.fold import squash

BODIES = shipped_bodies()
SECOND_LEVEL = {Level.CITY, Level.COUNTY, Level.DISTRICT}
FIRST_LEVEL = {Level.METRO, Level.PROVINCE}
INDEX = index_names(BODIES.values())


def test_line_ids_are_unique() -> None:
    """No line of the data replaces another."""
    ids = re.findall(r'^  \["([^"]+)"', _data(), re.MULTILINE)
    assert [name for name, count in Counter(ids).items() if count > 1] == []


def _data() -> str:
    from importlib.resources import files  # noqa: PLC0415 - used here alone

    return files("aggregator.config").joinpath("bodies.toml").read_text(encoding="utf-8")


def test_ids_are_slugs() -> None:
    """Ids can be written in feeds.toml."""
    assert [i for i in BODIES if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i)] == []


def test_names_belong_to_one_body() -> None:
    """No official name, print name or alias is shared."""
    owners: dict[str, set[str]] = {}
    for body in BODIES.values():
        for name in names_of(body):
            owners.setdefault(squash(name), set()).add(body.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_counts_of_local_governments() -> None:
    """17 of the first level; 226 below: 75 cities, 82 counties, 69 autonomous districts."""
    levels = Counter(b.level for b in BODIES.values() if b.region != "jeju")
    second = (levels[Level.CITY], levels[Level.COUNTY], levels[Level.DISTRICT])
    assert sum(1 for body in BODIES.values() if body.level in FIRST_LEVEL) == 17
    assert second == (75, 82, 69)
    assert sum(second) == 226


def test_every_region_exists() -> None:
    """A region is a government of the first level; local ones below it always have one."""
    for body in BODIES.values():
        assert not body.region or BODIES[body.region].level in FIRST_LEVEL
        assert bool(body.region) or body.level not in SECOND_LEVEL


def test_print_names_stand_in_both_languages() -> None:
    """Korean in Hangul (a few brands aside), English in ASCII."""
    for body in BODIES.values():
        assert re.search("[가-힣]", body.print_names["ko"])
        assert body.print_names["en"].isascii()
        assert body.print_names["en"].strip()


def test_no_short_form_of_a_ministry_is_printed() -> None:
    """국토부 is an alias: a ministry prints its official name."""
    for body in BODIES.values():
        if body.level is Level.MINISTRY:
            assert body.name == body.print_names["ko"]
    assert {"국토부", "문체부", "과기정통부"}.isdisjoint(
        b.print_names["ko"] for b in BODIES.values()
    )


@pytest.mark.parametrize(
    ("body", "korean", "english"),
    [
        ("molit", "국토교통부", "Ministry of Land, Infrastructure, and Transport"),
        ("korea-kr", "대한민국 정책브리핑", "Korea Policy Briefing"),
        ("seoul", "서울시", "Seoul"),
        ("gyeonggi", "경기도", "Gyeonggi-do"),
        ("chungbuk", "충청북도", "Chungcheongbuk-do"),
        ("jeju", "제주특별자치도", "Jeju Island"),
        ("ulsan", "울산광역시", "Ulsan City"),
        ("seongnam", "성남시", "Seongnam City"),
        ("haenam", "해남군", "Haenam-gun"),
        ("lx", "한국국토정보공사", "LX Korea Land Information Corporation"),
        (
            "kaia",
            "국토교통과학기술진흥원",
            "Korea Agency for Infrastructure Technology Advancement (KAIA)",
        ),
    ],
)
def test_bylines_of_printed_issues(body: str, korean: str, english: str) -> None:
    """The bylines that readers know."""
    assert {"ko": korean, "en": english} == dict(BODIES[body].print_names)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("국토부", "molit"),
        ("국토교통부", "molit"),
        ("Ministry of Land, Infrastructure and Transport", "molit"),
        ("molit", "molit"),
        ("산업통상자원부", "motir"),
        ("환경부", "mcee"),
        ("기획재정부", "mofe"),
        ("서울특별시", "seoul"),
        ("충북도", "chungbuk"),
        ("울산시", "ulsan"),
        ("경기도청", "gyeonggi"),
        ("해남군청", "haenam"),
        ("경기 수원시", "suwon"),
        ("부산 중구", "jung-busan"),
        ("LX공사", "lx"),
        ("강원도 고성군", "goseong-gangwon"),
        ("광주광역시", "gwangju"),
        ("경기도 광주시", "gwangju-gyeonggi"),
    ],
)
def test_body_is_found_by_any_of_its_names(name: str, body: str) -> None:
    """Aliases, former names, English names and offices all lead to the body."""
    assert body == find_issuer(INDEX, name)


@pytest.mark.parametrize("name", ["", "중구", "고성군", "광주시", "홍길동", "청"])
def test_shared_or_unknown_name_is_nobodys(name: str) -> None:
    """A name that two bodies share decides nothing."""
    assert find_issuer(INDEX, name) is None


def test_administrative_order() -> None:
    """Ministries, 특별시, 광역시, 특별자치시, 도, then what lies in them, region by region."""
    wanted = ["mofe", "molit", "seoul", "busan", "sejong", "gyeonggi", "jeju", "jongno", "suwon"]
    wanted += ["yangpyeong", "chuncheon", "haenam"]
    assert wanted == sorted(wanted, key=lambda body: BODIES[body].order)
