"""What the shipped rules carry, by subject and in both languages, and what they leave out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from aggregator.config import load_config
from aggregator.curate.matching.words import Matcher, compile_rules
from aggregator.curate.placing.classify import ClassifyInput, classify
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.stories import Placement

LOCAL = Level.CITY
NATIONAL = Level.MINISTRY


@cache
def matcher() -> Matcher:
    return compile_rules(load_config(Path(__file__).parents[2] / "feeds.toml", {}).rules)


def place(
    level: Level, title: str, summary: str = "", carries: Carries = Carries.PRESS
) -> Placement:
    texts = ClassifyInput(
        title=title, summary=summary, content="", level=level, body="anybody", carries=carries
    )
    return classify(texts, matcher())


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        # the city and its eyes
        ("안양 스마트도시통합센터에 몽골 공무원 발길", "버스정보와 방범 CCTV 운영을 둘러봤다."),
        ("City centre cameras learn to spot crowding", "AI analyses crowd density downtown."),
        ("축제장 인파, 통신 데이터로 미리 살핀다", "관제센터가 밀집도를 실시간으로 본다."),
        ("반지하 주택에 침수 경보기 500대", "물이 차면 센서가 감지해 이웃에게 알린다."),
        ("Sensors to close underpass before it floods", "Barriers fall when the water rises."),
        # moving
        ("읍면 주민이 부르면 오는 콜버스 열 개 면으로", "전화나 앱으로 예약한다."),
        ("On-demand bus comes to hillside villages", "Residents call it by phone or app."),
        ("새벽 첫차, 운전자 없이 달린다", "자율주행버스가 출근길을 맡는다."),
        ("Driverless sweepers clean streets at dawn", "The vehicles need no driver."),
        ("Autonomous trucks start on port road", "Freight moves at night."),
        ("구급차 오면 초록불, 긴급차량 우선신호 확대", "교차로 120곳에 시스템을 갖춘다."),
        ("AI traffic lights cut delay at 40 junctions", "Signals follow the flow."),
        ("공영주차장 빈자리, 앱으로 확인", "사물인터넷 센서가 주차면을 읽는다."),
        ("Real-time parking information for public lots", "An app shows vacant spaces."),
        ("관광지와 공항 잇는 UAM 노선 밑그림", "버티포트 후보지를 찾는다."),
        # drones and robots
        ("섬마을에 의약품 드론 배송 시작", "보건소가 처방한 약을 병원 대신 하늘길로 받는다."),
        ("Drones deliver parcels to outer islands", "Orders arrive in twenty minutes."),
        ("공원 밤길 지키는 순찰로봇", "이상이 있으면 관제센터에 알린다."),
        ("Patrol robots watch riverside parks", "They report to the control center."),
        # energy, water, space
        ("음식물쓰레기로 만든 수소, 시내버스에 넣는다", "하루 500kg을 생산한다."),
        ("Thirty hydrogen buses join the fleet", "A station opens at the depot."),
        ("섬 전력망, 마이크로그리드로 바꾼다", "태양광과 저장장치를 잇는다."),
        ("새는 수돗물 AI 누수탐지로 찾는다", "관망에 센서를 달았다."),
        ("AI leak detection saves tap water", "Sensors listen to the pipes."),
        ("땅속 배관 3차원 공간 정보로 관리", "가스와 상수도관을 지도에 담는다."),
        ("Digital twin predicts flooding of storm drains", "The model covers the city."),
        # a farm by contest, care, firms
        ("지역특화 임대형 스마트팜 공모 선정", "청년에게 온실을 빌려준다."),
        ("County wins contest for rental smart farm", "Young growers will rent it."),
        ("홀로 사는 어르신, AI 말벗이 안부 묻는다", "주 1회 전화를 건다."),
        ("AI 기업 해외 진출 돕는다", "스타트업의 투자유치를 지원한다."),
    ],
)
def test_local_subjects(title: str, summary: str) -> None:
    """A city's release on any of the subjects is a candidate of its section."""
    assert "trend" == place(LOCAL, title, summary).section


@pytest.mark.parametrize(
    ("title", "summary", "section"),
    [
        ("스마트도시 수출, 중동 넘어 아세안으로", "정부가 기업의 수주를 돕는다.", "issue"),
        ("Smart city plan passes national committee", "It runs for five years.", "issue"),
        ("심야 자율주행 화물차 고속도로 달린다", "시범운행지구를 넓힌다.", "issue"),
        ("Level 4 autonomous trucks allowed on expressways", "Rules change in May.", "issue"),
        ("인공지능 기본법 국회 통과", "고영향 인공지능의 의무를 정했다.", "issue"),
        ("스마트도시 규제샌드박스 새 과제 모집", "기업과 지자체가 함께 낸다.", "project"),
        ("Applications open for smart city projects", "Cities may apply.", "project"),
        ("Nine cities picked for autonomous bus support", "They share a grant.", "project"),
        ("개인정보 지키는 생성형 인공지능 안내서 공개", "단계별로 살핀다.", "project"),
        ("Guidebook on AI and personal data released", "It has six steps.", "project"),
        ("지자체 디지털 트윈 도입 지원 수요조사", "누리집에서 접수한다.", "project"),
    ],
)
def test_national_subjects(title: str, summary: str, section: str) -> None:
    """What calls, chooses or guides is a project, all else an issue."""
    assert section == place(NATIONAL, title, summary).section


@pytest.mark.parametrize(
    "title",
    [
        "Ministry selects nine smart city sites",
        "Ministry picks 12 cities for smart city solutions",
        "Ministry names five autonomous driving pilot zones",
        "Ministry chooses Daegu for smart city testbed",
        "Ministry designates three new hydrogen cities",
        "Ministry shortlists nine cities for hydrogen city project",
        "Ministry inviting proposals for regional digital projects",
        "Ministry opens call for regional software projects",
        "자율주행 시범운행지구 신규 지정 5곳",
        "수소도시 3곳 추가 지정",
        "드론특별자유화구역 47곳 신규 지정",
    ],
)
def test_what_was_chosen_is_a_project_in_any_form(title: str) -> None:
    """Verbs in the present as well as participles, and a number of places on either side."""
    assert "project" == place(NATIONAL, title).section


def test_one_place_that_is_designated_is_an_issue() -> None:
    """Without a number nothing was chosen among many."""
    assert "issue" == place(NATIONAL, "광주 전역 자율주행 실증도시로 지정").section


@pytest.mark.parametrize(
    "title",
    [
        "지하 공동구도 로봇이 순찰한다",
        "AI로 침수 위험 미리 알린다",
        "AI cameras to run in every tunnel for safety",
    ],
)
def test_technology_at_work_for_the_city_is_an_issue(title: str) -> None:
    """A national office need not name the city where it says what is done for it."""
    assert "issue" == place(NATIONAL, title).section


@pytest.mark.parametrize(
    "title",
    [
        "철도 승강장 안전문 실시간 점검 강화",
        "데이터로 본 고속도로 귀성길",
        "산업용 로봇 안전성 국제표준 회의",
    ],
)
def test_technology_and_a_place_alone_are_no_issue(title: str) -> None:
    """A national office says besides what is done."""
    assert place(NATIONAL, title).section is None


@pytest.mark.parametrize(
    "title",
    [
        "로봇산업 수출상담회 개최",
        "관광객 1천만 돌파 데이터 분석",
        "스마트관광 앱 여행 할인 행사",
        "Province launches AI job matching for seniors",
        "Robot makers meet buyers",
    ],
)
def test_weak_words_in_compounds(title: str) -> None:
    """A meeting of buyers advises nobody, and tourists are no tourism."""
    assert place(LOCAL, title).section is None


@pytest.mark.parametrize(
    "title",
    ["재난 안전문자 데이터로 알린다", "지하차도 안전문제 AI로 푼다", "관광 안내 로봇 도입"],
)
def test_masks_leave_other_compounds(title: str) -> None:
    """Safety messages and safety problems are about safety, and tourism is a service."""
    trace = place(LOCAL, title).trace
    assert "civic" in trace["points"]


@pytest.mark.parametrize("level", [LOCAL, NATIONAL])
@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("고병원성 조류인플루엔자(AI) 확산 차단", "오리농장 이동을 제한한다."),
        ("벼 병해충 드론 공동방제", "농가의 일손을 던다."),
        ("불꽃과 함께하는 드론쇼", "축제 개막을 알린다."),
        ("드론축구단 창단", "청소년 20명이 뛴다."),
        ("Drone light show for the new year", "Two thousand drones will fly."),
        ("초등생 로봇 코딩 캠프 참가자 모집", "방학에 열린다."),
        ("Robot coding camp for children", "Forty students take part."),
        ("스마트폰 과의존 예방 교육", "학교를 찾아간다."),
        ("스마트 축산 교육생 모집", "농업인 30명을 뽑는다."),
        ("전기차 구매보조금 신청", "승용차 300대를 지원한다."),
        ("지하주차장 전기차 화재 진압훈련", "소방관이 참여했다."),
        ("시내버스 임금협상 타결", "노사가 합의했다."),
        ("도시가스 공급관 설치비 지원", "단독주택이 대상이다."),
        ("도시농부 텃밭 분양", "주민에게 나눈다."),
        ("데이터 분석 청년인턴 채용", "기간제로 일한다."),
        ("의료 인공지능 임상 연구 지원", "병원이 함께한다."),
        ("국방 드론 전투단 창설", "장병을 훈련한다."),
        ("생성형 AI 저작권 공청회", "창작자의 의견을 듣는다."),
        ("Smart factory subsidies for small firms", "Manufacturing gets support."),
        ("시장, 전통시장 찾아 상인 격려", "명절 물가를 살폈다."),
    ],
)
def test_near_misses(title: str, summary: str, level: Level) -> None:
    """The same words in another field are no candidates, whoever says them."""
    assert place(level, title, summary).section is None


@pytest.mark.parametrize(
    ("carries", "section"),
    [
        (Carries.VIDEO, "special"),
        (Carries.PAPER, "literature"),
        (Carries.EVENT, "news"),
    ],
)
@pytest.mark.parametrize("title", ["디지털트윈으로 보는 도시", "The digital twin of a city"])
def test_what_the_feed_carries_is_enough(title: str, carries: Carries, section: str) -> None:
    """A feed of films, papers or events needs no word that says so."""
    assert section == place(Level.INSTITUTE, title, carries=carries).section


@pytest.mark.parametrize(
    "title",
    [
        "스마트시티 구축사업 추진",
        "스마트시티 온실가스 감축",
        "스마트시티 안전장치 확대",
        "스마트시티 이동정보 공개",
        "스마트시티 서비스 해운대구에 도입",
    ],
)
def test_words_of_other_fields_are_not_found_inside_others(title: str) -> None:
    """축사, 온실, 전장, 동정 and 해운 stand in common words of this field too."""
    against = [h for h in place(LOCAL, title).trace["hits"] if h["points"] < 0]

    assert [] == against


def test_the_runner_up_of_a_national_story_is_its_other_section() -> None:
    """Issue or project is the editors' taste, so each stands next to the other."""
    call = place(NATIONAL, "스마트도시 조성사업 공모")
    law = place(NATIONAL, "스마트도시법 개정")

    assert ("project", "issue") == (call.section, call.trace["runner_up"])
    assert ("issue", "project") == (law.section, law.trace["runner_up"])
