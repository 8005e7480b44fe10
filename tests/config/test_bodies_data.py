"""The shipped issuing offices, and finding one by its name."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from aggregator.config.bodies import index_names, names_of, shipped_bodies
from aggregator.domain.bodies import Body, Level
from aggregator.text.fold import squash
from aggregator.text.offices import find_issuer

BODIES = shipped_bodies()
SECOND_LEVEL = {Level.CITY, Level.COUNTY, Level.DISTRICT}
FIRST_LEVEL = {Level.METRO, Level.PROVINCE}
INDEX = index_names(BODIES.values())
ABOLISHED = {"jung-incheon", "dong-incheon"}
"""Districts of before 2026-07-01, kept for older items."""


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


def test_counts_of_first_level_governments() -> None:
    """17, and the one of July 2026 beside the two that it was made of."""
    levels = Counter(body.level for body in BODIES.values())
    assert (9, 9) == (levels[Level.METRO], levels[Level.PROVINCE])


def test_counts_of_local_governments() -> None:
    """227 today: 75 cities, 82 counties, 70 autonomous districts; two in Jeju are not autonomous."""
    today = [b for b in BODIES.values() if b.id not in ABOLISHED and b.region != "jeju"]
    levels = Counter(body.level for body in today)
    second = (levels[Level.CITY], levels[Level.COUNTY], levels[Level.DISTRICT])
    assert second == (75, 82, 70)
    assert sum(second) == 227


@pytest.mark.parametrize(
    ("region", "cities", "counties", "districts"),
    [
        ("seoul", 0, 0, 25),
        ("jeonnam-gwangju", 5, 17, 5),
        ("busan", 0, 1, 15),
        ("daegu", 0, 2, 7),
        ("incheon", 0, 2, 9),
        ("daejeon", 0, 0, 5),
        ("ulsan", 0, 1, 4),
        ("sejong", 0, 0, 0),
        ("gyeonggi", 28, 3, 0),
        ("gangwon", 7, 11, 0),
        ("chungbuk", 3, 8, 0),
        ("chungnam", 8, 7, 0),
        ("jeonbuk", 6, 8, 0),
        ("gyeongbuk", 10, 12, 0),
        ("gyeongnam", 8, 10, 0),
        ("jeju", 2, 0, 0),
    ],
)
def test_counts_by_region(region: str, cities: int, counties: int, districts: int) -> None:
    """What lies in each first-level government today."""
    here = [b for b in BODIES.values() if b.region == region and b.id not in ABOLISHED]
    levels = Counter(body.level for body in here)
    assert (cities, counties, districts) == (
        levels[Level.CITY],
        levels[Level.COUNTY],
        levels[Level.DISTRICT],
    )


def test_ministries_of_the_government_organization_act() -> None:
    """19 of them in the order of the act, the offices and commissions behind."""
    wanted = "mofe msit moe mofa unikorea moj mnd mois mpva mcst mafra motir mohw mcee moel mogef"
    assert [*wanted.split(), "molit", "mof", "mss"] == [*BODIES][:19]


def test_orders_are_unique_and_rise() -> None:
    """The lines stand as they are printed."""
    orders = [body.order for body in BODIES.values()]
    assert sorted(set(orders)) == orders


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
        ("LX Korea Land and Geospatial Informatix Corporation", "lx"),
        ("Korea Agency for Infrastructure Technology Advancement (KAIA)", "kaia"),
        ("Korea Policy Briefing", "korea-kr"),
        ("Korea Intelligent Transportation Systems Association", "its-korea"),
        ("Kongju National University", "kongju"),
        ("Seoul National University", "snu"),
        ("Jeju Island", "jeju"),
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


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("국무총리실", "opm"),
        ("통계청", "mods"),
        ("특허청", "moip"),
        ("공소청", "ppo"),
        ("검찰청", "spo"),
        ("강원도", "gangwon"),
        ("전라북도", "jeonbuk"),
        ("전남광주통합특별시", "jeonnam-gwangju"),
        ("전남광주통합특별시청", "jeonnam-gwangju"),
        ("광주특별시", "jeonnam-gwangju"),
        ("전라남도", "jeonnam"),
        ("광주광역시 북구청", "buk-gwangju"),
        ("전남광주통합특별시 해남군", "haenam"),
        ("전남 해남군청", "haenam"),
        ("인천 서구", "seo-incheon"),
        ("서해구청", "seo-incheon"),
        ("인천 중구", "jung-incheon"),
        ("인천광역시 제물포구", "jemulpo"),
        ("경북 군위군", "gunwi"),
        ("수원특례시청", "suwon"),
        ("경남 고성군청", "goseong-gyeongnam"),
        ("Jung-gu, Busan", "jung-busan"),
        ("Seongnam-si, Gyeonggi-do", "seongnam"),
        ("Gwangju-si", "gwangju-gyeonggi"),
        ("Jeju-si", "jeju-city"),
        ("도로교통공단", "koroad"),
        ("서울디지털재단", "seoul-ai"),
        ("전북도", "jeonbuk"),
        ("세종시", "sejong"),
        ("새만금청", "saemangeum"),
        ("국립공주대", "kongju"),
        ("한국지능형교통체계협회(ITS Korea)", "its-korea"),
    ],
)
def test_former_names_and_names_with_a_region(name: str, body: str) -> None:
    """Reorganised offices are found by both names, local ones by any name of their region."""
    assert body == find_issuer(INDEX, name)


LOCAL = [body for body in BODIES.values() if body.level in SECOND_LEVEL]


@pytest.mark.parametrize("body", LOCAL, ids=lambda body: body.id)
def test_every_local_government_is_found_behind_its_region(body: Body) -> None:
    """부산 중구, 부산광역시 중구, 부산 중구청: the region makes the name its own."""
    own = body.name.rpartition(" ")[2]
    region = BODIES[body.region]
    names = [region.name, *(a for a in region.aliases if re.search("[가-힣]", a))]
    for name in [f"{front} {own}" for front in names]:
        assert (body.id, body.id) == (find_issuer(INDEX, name), find_issuer(INDEX, f"{name}청"))


@pytest.mark.parametrize("name", ["", "중구", "고성군", "광주시", "홍길동", "청"])
def test_shared_or_unknown_name_is_nobodys(name: str) -> None:
    """A name that two bodies share decides nothing."""
    assert find_issuer(INDEX, name) is None


@pytest.mark.parametrize("region", ["busan", "daegu", "incheon", "ulsan"])
def test_districts_of_a_large_city_stand_before_its_counties(region: str) -> None:
    """중구 before 기장군: the order of the ministry that keeps the list."""
    here = [b for b in BODIES.values() if b.region == region and b.id not in ABOLISHED]
    levels = [body.level for body in here if body.level in SECOND_LEVEL]
    assert sorted(levels, key=[Level.DISTRICT, Level.COUNTY].index) == levels


def test_cities_of_gyeonggi_stand_in_the_order_of_their_codes() -> None:
    """By age, not by inhabitants: 수원 and 성남 first, 여주 and the three counties last."""
    here = [b.id for b in LOCAL if b.region == "gyeonggi"]
    assert ["suwon", "seongnam", "uijeongbu", "anyang", "bucheon"] == here[:5]
    assert ["yeoju", "yeoncheon", "gapyeong", "yangpyeong"] == here[-4:]


def test_research_institutes_of_one_kind_have_one_level() -> None:
    """The state's institutes for housing, transport and building are no public agencies."""
    assert {Level.INSTITUTE} == {BODIES[name].level for name in ("krihs", "koti", "kict")}


def test_administrative_order() -> None:
    """Ministries, 특별시, 광역시, 특별자치시, 도, then what lies in them, region by region."""
    wanted = ["mofe", "molit", "seoul", "busan", "sejong", "gyeonggi", "jeju", "jongno", "suwon"]
    wanted += ["yangpyeong", "chuncheon", "haenam"]
    assert wanted == sorted(wanted, key=lambda body: BODIES[body].order)


@pytest.mark.parametrize(
    ("body", "day", "region"),
    [
        ("haenam", date(2024, 2, 27), "jeonnam"),
        ("haenam", date(2026, 7, 1), "jeonnam-gwangju"),
        ("dong-gwangju", date(2026, 6, 30), "gwangju"),
        ("jeonnam", date(2024, 2, 27), "jeonnam"),
    ],
)
def test_the_region_of_a_day(body: str, day: date, region: str) -> None:
    """What became one in July 2026 was two before."""
    assert region == BODIES[body].region_on(day)
