"""Why two items are one release, and why not: each reason with examples both ways."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.curate.deciding import decide, is_same

FERRY = "두 기관은 섬 여행객의 뱃삯을 절반으로 낮추는 할인권 사업을 다음 달부터 시작한다고 밝혔다."
STOCK = "관계기관이 함께 추진 상황을 살피고 앞으로 필요한 조치를 빈틈없이 해 나갈 계획이다."
OPEN = "공공데이터 개방을 넓히는 협약을 맺고 데이터 품질을 함께 높여 가기로 했다고 밝혔다."


@pytest.mark.parametrize("bodies", [("mof", "mcst"), ("mof", "mof")])
def test_a_lead_about_both_titles_outweighs_them(bodies: tuple[str, str]) -> None:
    """Two titles over one text are one release, of one office or of two."""
    assert is_same(
        decide("섬 여행객 뱃삯 절반으로", "뱃삯 부담 줄인다… 섬 할인권", lead=FERRY, bodies=bodies)
    )


def test_a_lead_that_says_nothing_of_the_titles_does_not() -> None:
    """It may be a sentence that an office puts under everything."""
    assert not is_same(decide("가을 산불 예방 대책", "철도 노조와 임금 협상 타결", lead=STOCK))
    assert not is_same(decide("알림", "철도 노조와 임금 협상 타결", lead=STOCK))


@pytest.mark.parametrize("bodies", [("mois", "mcst"), ("mois", "mois")])
def test_one_form_filled_in_with_two_names_is_two_releases(bodies: tuple[str, str]) -> None:
    """Though the lead speaks of what both titles do, and does not name whom."""
    decision = decide(
        "카카오와 공공데이터 개방 협약", "네이버와 공공데이터 개방 협약", lead=OPEN, bodies=bodies
    )
    assert decision.rule == "veto:names"


@pytest.mark.parametrize(
    ("a", "b", "veto"),
    [
        ("섬 여행객 뱃삯 2차 할인", "섬 할인권 3차 사업", "ordinal"),
        ("2025년 섬 여행객 뱃삯 할인", "2026년 섬 할인권", "year"),
        ("섬 3곳 뱃삯 할인", "섬 5곳 할인권", "count"),
        ("여수 섬 뱃삯 할인", "통영 섬 할인권", "region"),
        ("섬 할인권 받을 여행객 모집", "섬 할인권 받을 여행객 추가 모집", "phase"),
    ],
)
def test_no_lead_outweighs_other_facts(a: str, b: str, veto: str) -> None:
    """Numbers, places and stages are what templates differ in."""
    assert decide(a, b, lead=FERRY).rule == f"veto:{veto}"


def test_offices_of_one_text_may_leave_out_a_weak_marker() -> None:
    """One calls it the result, one does not; within an office the word tells two releases of
    different days apart."""
    titles = "섬 여행객 뱃삯 회의 결과", "섬 할인권 사업 나온다"
    assert is_same(decide(*titles, lead=FERRY))
    assert decide(*titles, lead=FERRY, bodies=("mof", "mof"), hours=25).rule == "veto:phase"


TEMPLE = (
    "행정안전부와 소방청은 목조 문화재의 불을 미리 알아내는 감지기를 전국 사찰 40곳에 달기로 하고 협의체를 꾸렸다.",
    "소방청과 행정안전부가 목조 문화재의 불을 미리 알아내는 감지기를 전국 사찰 40곳에 달기 위해 협의체를 꾸렸다고 밝혔다.",
)
TEMPLE_TITLES = "목조 문화재 화재, 감지기로 막는다", "전국 사찰에 불 감지기"


def test_two_offices_tell_one_thing_in_other_words() -> None:
    """They name each other in another order and end their sentences as they like."""
    assert is_same(decide(*TEMPLE_TITLES, lead=TEMPLE, bodies=("mois", "nfa")))


@pytest.mark.parametrize("change", [("40곳", "50곳"), ("목조 문화재", "지하 주차장")])
def test_other_figures_or_things_are_another_release(change: tuple[str, str]) -> None:
    """A lead that is filled in anew is no lead in other words."""
    lead = (TEMPLE[0], TEMPLE[1].replace(*change))
    assert not is_same(decide(*TEMPLE_TITLES, lead=lead, bodies=("mois", "nfa")))


def test_offices_that_agree_with_others_are_other_releases() -> None:
    """Each title names a partner of whom the other release does not speak."""
    lead = "두 기관은 빈집 정비를 함께 하기로 협약을 맺고 시범지역에서 성과를 살핀 뒤 넓혀 가기로 했다."
    decision = decide(
        "국토부-LH, 빈집 정비 협약",
        "농식품부-관세청, 빈집 정비 협약",
        lead=lead,
        bodies=("molit", "mafra"),
    )
    assert not is_same(decision)


FORUM = (
    "국토교통부는 다음 달 3일 부산에서 해상교량 안전 포럼을 개최한다. 교량 전문가가 참석해 점검 로봇을 소개한다.",
    "국토교통부는 3일 부산에서 해상교량 안전 포럼을 개최했다. 교량 전문가가 참석해 점검 로봇을 소개했다.",
)


def test_what_was_announced_is_not_what_is_reported() -> None:
    """The same sentence about what will be and about what was, a day apart; at once it is one."""
    title = "해상교량 안전 포럼"
    assert (
        decide(title, title, lead=FORUM, bodies=("molit", "molit"), hours=30).rule == "veto:phase"
    )
    assert is_same(decide(title, title, lead=FORUM, bodies=("molit", "molit"), hours=1))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "어린이 보호구역 안전을 위한 인공지능 신호등 설치",
            "어린이 보호구역 안전 위해 AI 신호등 설치",
        ),
        ("바닷길 안전 지키는 등대지기 체험 행사 열려", "바닷길 안전을 지킨다… 등대지기 체험 행사"),
        ("농촌 빈집 고쳐 청년 창업 공간으로", "농촌 빈집 고쳐 청년 창업 공간으로 쓴다"),
        ("개인정보위, 위치정보 처리 안내서 공개", "개인정보보호위원회, 위치정보 처리 안내서 공개"),
        ("Gov't to support drone makers", "Government to Support Drone Makers"),
        ("청년 3천 명에게 창업 자금", "청년 3,000명에게 창업 자금"),
        ("해양 조사 통계(잠정) 결과", "해양 조사 통계(잠정)"),
    ],
)
def test_one_title_in_other_forms_needs_no_lead(a: str, b: str) -> None:
    """Particles, function words, verbs at the end and abbreviations make no other title."""
    lead = "해양수산부는 이번에 마련한 내용을 오는 가을부터 항구마다 알릴 계획이라고 밝혔다."
    assert is_same(decide(a, b, lead=("", lead), hours=20))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "2025년 생활밀착형 바닷길 기술 지원사업 공모",
            "상반기 생활밀착형 바닷길 기술 지원사업 성과",
        ),
        ("드론 바닷길 배송 실증사업 공모", "드론 바닷길 배송 실증사업 공모 결과"),
        ("인공지능기본법 시행령 개정안 공개", "인공지능기본법 개정안 공개"),
        ("바닷길 안내서(상)", "바닷길 안내서(하)"),
        ("전력 수요 전망(7월~9월)", "7월 전력 수요 전망"),
        ("3rd Drone Forum Held", "4th Drone Forum Held"),
        ("Drone Highway Project II", "Drone Highway Project III"),
        ("학교 2천여 개에 태양광 설치", "학교 3,314개에 태양광 설치"),
    ],
)
def test_like_titles_of_other_things(a: str, b: str) -> None:
    """What makes the difference is small and says everything."""
    assert not is_same(decide(a, b))


MEETING = "국제금융센터와 함께 외환시장 상황을 점검하고 필요한 조치를 논의하였다."
DAM = "낙동강 하굿둑의 수문 12개를 새로 바꾸고 어도를 넓혀 연어가 오를 수 있게 한다고 밝혔다."


def test_a_meeting_that_comes_again_with_its_sentence() -> None:
    """Days later it is the next meeting; the same day it is a copy."""
    title = "외환시장 점검회의 개최"
    later = decide(title, title, lead=MEETING, bodies=("mofe", "mofe"), hours=80)
    assert later.rule == "veto:same_office_later"
    assert is_same(decide(title, title, lead=MEETING, bodies=("mofe", "mofe")))


def test_a_release_posted_again_days_later() -> None:
    """A lead that tells what happened is the same release, however late."""
    title = "낙동강 하굿둑 안전관리 개선"
    assert is_same(decide(title, title, lead=DAM, bodies=("molit", "molit"), hours=150))


@pytest.mark.parametrize(
    ("title", "bodies"),
    [
        ("동구 어르신 안부전화 운영", ("dong-busan", "dong-daejeon")),
        ("강서구, 침수 감지기 설치", ("gangseo-seoul", "gangseo-busan")),
        ("고성군 바닷길 걷기 행사", ("goseong-gangwon", "goseong-gyeongnam")),
        ("광주시 도자기 축제 개막", ("gwangju-gyeonggi", "gwangju")),
        ("을지연습 실시", ("mokpo", "naju")),
    ],
)
def test_the_same_title_of_two_cities(title: str, bodies: tuple[str, str]) -> None:
    """Where an office is belongs to what it says, though titles need not name it."""
    lead = "혼자 사는 어르신과 이웃이 함께하는 자리를 마련하고 안전을 살피는 사업을 운영한다."
    assert decide(title, title, lead=lead, bodies=bodies).rule == "veto:region"
    assert is_same(decide(title, title, lead=lead, bodies=(bodies[0], "portal")))


def test_a_province_and_its_city() -> None:
    """One lies in the other, so that an equal text is one release."""
    title = "여수시 섬 박람회 준비 상황 점검"
    assert is_same(decide(title, title, bodies=("yeosu", "jeonnam-gwangju")))


@pytest.mark.parametrize("title", ["주간보도계획", "인사발령", "장관 주요 일정"])
def test_every_office_has_releases_of_that_name(title: str) -> None:
    """A title that only names its kind says nothing between offices."""
    assert decide(title, title).rule == "veto:stock_title"


def test_cities_in_english() -> None:
    """A city's English name is a region too."""
    decision = decide(
        "Suwon City Opens Smart Bus Stops",
        "Yongin City Opens Smart Bus Stops",
        lead="The city has opened new bus stops with screens, heaters and free charging.",
    )
    assert decision.rule == "veto:region"


NOUNS = ("바닷길", "등대", "갯벌", "어린이", "안전", "체험", "교실", "수산물", "할인권", "박람회")
TITLES = st.lists(st.sampled_from(NOUNS), min_size=4, max_size=7, unique=True)
DRESSES = st.sampled_from(
    [
        lambda title: f"[보도자료] {title}",
        lambda title: f"{title} [설명자료]",
        lambda title: f"새글 {title}",
        lambda title: f"“{title}”",
        lambda title: html.escape(html.escape(f"'{title}'")),
        lambda title: title.replace(" ", ""),
        lambda title: title.replace(" ", "·"),
        lambda title: f"<b>{title}</b>",
    ]
)


@settings(max_examples=80)
@given(TITLES, DRESSES, DRESSES)
def test_how_a_title_is_dressed_never_separates(
    nouns: list[str], one: object, other: object
) -> None:
    """Badges, quotes, spacing and escapes belong to the site."""
    title = " ".join(nouns)
    assert callable(one)
    assert callable(other)
    assert is_same(decide(one(title), other(title)))


@settings(max_examples=60)
@given(TITLES, st.integers(0, 6), st.sampled_from(["의", "을", "에"]))
def test_particles_never_separate(nouns: list[str], place: int, particle: str) -> None:
    """A particle more or less is the same title."""
    changed = [*nouns]
    at = place % (len(nouns) - 1)
    changed[at] += particle
    assert is_same(decide(" ".join(nouns), " ".join(changed)))


FORMS = st.sampled_from(["{}년", "제{}차", "{}월", "{}곳", "{}기", "{}분기", "{}억 원"])


@settings(max_examples=80)
@given(TITLES, FORMS, st.lists(st.integers(1, 4), min_size=2, max_size=2, unique=True))
def test_another_number_always_separates(nouns: list[str], form: str, values: list[int]) -> None:
    """Whatever else is equal, lead and day included."""
    offset = 2020 if form == "{}년" else 0
    a, b = (" ".join((form.format(value + offset), *nouns)) for value in values)
    assert not is_same(decide(a, b, lead=FERRY))


@settings(max_examples=60)
@given(
    TITLES,
    st.lists(
        st.sampled_from(["부산", "여수시", "평창군", "서귀포", "Suwon"]),
        min_size=2,
        max_size=2,
        unique=True,
    ),
)
def test_another_region_always_separates(nouns: list[str], places: list[str]) -> None:
    """Whatever else is equal."""
    a, b = (" ".join((place, *nouns)) for place in places)
    assert not is_same(decide(a, b, lead=FERRY))
