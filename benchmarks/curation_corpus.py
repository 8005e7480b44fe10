"""Releases of one month for ``benchmarks/curation.py``: made of word lists, the same ones for a seed.

A release has a headline of some 30 characters and a lead of two or three sentences with some 170,
about what ministries and local governments write. One in ten comes again within two days by another
feed: as it was, with a mark or a cut headline, or with another headline above the same lead; one in
twelve is like another one but for the place, the year or the ordinal. One in six is on the topic of
the shipped rules.
"""

# ruff: noqa: SIM905 - words are read more easily without a line and quotes for each

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.domain.items import SEOUL, Item, Precision, When

START = datetime(2026, 10, 1, 8, tzinfo=SEOUL)
DAYS = 31

_COPIES = 10
_LIKE = 12
_TOPICAL = 6

_SUBJECTS = (
    "청년 창업, 전통시장, 어린이 놀이터, 하천 정비, 산림 재난, 도서관, 생활체육, 노인 일자리, 다문화 가정, 지역 축제, 공공 의료, 보육 시설, "
    "농산물 직거래, 수산 자원, 관광 상품, 문화재 보존, 평생학습, 여성 안전, 주거 복지, 소상공인, 사회적 기업, 반려동물, 미세먼지, 폐기물, 상수도, "
    "하수 처리, 가로수, 둘레길, 캠핑장, 어촌 뉴딜, 귀농 귀촌, 향토 음식, 특산물, 청소년 상담, 장애인 이동, 보건소 검진, 치매 안심, 예방 접종, 식품 위생, "
    "소방 안전, 산불 감시, 지진 대피, 폭염 대책, 한파 쉼터, 제설 작업, 교량 점검, 터널 보수, 자전거길, 주차 환경, 골목 상권, 빈집 정비, 도로 포장, 항만 물류, "
    "수출 상담, 외국인 투자, 산업 단지, 뿌리 기업, 신재생 에너지, 태양광, 원전 해체, 반도체 인력, 이차전지, 우주 산업, 바이오 헬스, 콘텐츠 제작, 게임 산업, 미술 전시, "
    "음악회, 연극제, 체육 대회, 마라톤, 씨름, 게이트볼, 야시장, 벚꽃, 단풍, 온천, 해수욕장, 국립공원, 습지 보호, 철새, 갯벌, 양봉, 한우, 인삼, 사과, 감귤, 쌀 소비, 김장"
).split(", ")
_TOPICS = (
    "스마트시티, 스마트도시 서비스, 디지털 트윈, 자율주행 버스, 드론 배송, AI 관제, 지능형 교통 체계, 수요응답형 버스, 도심항공교통, 수소 버스, 전기차 충전, "
    "공간정보, 통합관제센터, 스마트 횡단보도, 데이터허브, 리빙랩, 스마트빌리지, 버스정보시스템, 도시재생, 스마트 주차"
).split(", ")
_WHATS = (
    "지원사업, 실증사업, 기본계획, 업무협약, 설명회, 토론회, 현장 점검, 참여자 모집, 공모 선정, 시범 운영, 본격 추진, 확대 시행, 개선 사업, 교육 과정, 홍보관, "
    "성과 보고회, 평가 우수기관, 국비 확보, 조례 개정, 연구 용역, 협의체 출범, 시설 개방, 안전 대책, 무료 상담, 공동 대응, 특별 단속, 실태 조사, 만족도 조사, 준공식, 착공식"
).split(", ")
_VERBS = (
    "추진한다고 밝혔다, 마련했다고 전했다, 시작한다고 밝혔다, 개최했다, 완료했다, 확대하기로 했다, 선정됐다고 밝혔다, 모집한다고 밝혔다, 운영한다고 밝혔다, 점검했다"
).split(", ")
_ADJECTIVES = (
    "맞춤형, 찾아가는, 주민 참여형, 친환경, 지속 가능한, 현장 중심, 함께하는, 체계적인, 촘촘한, 선제적, 전국 최초, 도내 첫, 새로운, 안전한, 쾌적한, 활력 있는"
).split(", ")
_GOALS = (
    "지역 경제 활성화, 주민 불편 해소, 안전 사고 예방, 일자리 창출, 정주 여건 개선, 예산 절감, 이용객 편의, 경쟁력 강화, 복지 사각지대 해소, 환경 보전, 균형 발전, 생활 밀착 행정, "
    "미래 세대 지원, 공동체 회복, 탄소 중립 실현, 행정 신뢰 제고"
).split(", ")
_FOLK = (
    "시민, 주민, 군민, 청년, 어르신, 학부모, 관광객, 농업인, 상인, 기업인, 이용자, 학생"
).split(", ")
_PEOPLE = "담당 과장, 관계자, 국장, 본부장, 센터장, 시장, 군수, 부시장, 위원장, 이사장".split(", ")
_PLACES = (
    "가람, 누리, 다온, 라온, 마루, 바람, 새솔, 아라, 자람, 초롱, 큰들, 푸른, 하늘, 솔빛, 물빛, 꽃뫼, 별내, 달빛, 해솔, 은빛, 금강, 청송, 백운, 동산, 서림, 남천, 북평, 중원"
).split(", ")
_KINDS = "시 군 구".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An item as it arrives: by which feed and when (aware)."""

    item: Item
    seen_at: datetime


def bodies(count: int) -> list[str]:
    """Names of offices."""
    random_ = random.Random(7)  # noqa: S311 - repeatable on purpose
    names = [
        f"{place}{more}{kind}"
        for place in _PLACES
        for more in ("", "동", "서", "남", "북")
        for kind in _KINDS
    ]
    random_.shuffle(names)
    return names[:count]


def releases(
    count: int, *, seed: int = 1, feeds: Sequence[str], topical: int = _TOPICAL
) -> Iterator[Made]:
    """So many releases in the order of their days. ``feeds`` are ids; one in ``topical`` new ones is on
    the topic of the shipped rules."""
    random_ = random.Random(seed)  # noqa: S311 - repeatable on purpose
    offices = bodies(len(feeds))
    pool: list[Made] = []
    for number in range(count):
        at = START + timedelta(seconds=number * DAYS * 86400 / count)
        draw = random_.random()
        feed = random_.randrange(len(feeds))
        recent = pool[-400:]
        if recent and draw < 1 / _COPIES:
            made = _copy(random_, random_.choice(recent), feeds[feed], at)
        elif recent and draw < 1 / _COPIES + 1 / _LIKE:
            made = _like(random_, random_.choice(recent), feeds[feed], offices, at)
        else:
            made = _new(random_, feeds[feed], offices[feed], at, topical)
        made = replace(
            made, item=replace(made.item, key=f"k{seed}-{number}", hash=f"{number:064x}")
        )
        pool.append(made)
        yield made


def _new(random_: random.Random, feed: str, office: str, at: datetime, topical: int) -> Made:
    topic = random_.randrange(topical) == 0
    subject = random_.choice(_TOPICS if topic else _SUBJECTS)
    other = random_.choice(_SUBJECTS)
    what = random_.choice(_WHATS)
    year = random_.choice(("", "", "2026년 ", "2027년 ", f"제{random_.randrange(2, 40)}회 "))
    title = random_.choice(
        (
            f"{office}, {year}{random_.choice(_ADJECTIVES)} {subject} {what}",
            f"{office} {year}{subject}·{other} {what} {random_.choice(('추진', '실시', '발표', '나서', '눈길'))}",
            f"{year}{subject} {what}… {office} {random_.choice(_GOALS)} 기대",
            f"{office}, {subject} {what}으로 {random_.choice(_GOALS)}",
        )
    )
    number = random_.randrange(2, 900)
    lead = (
        f"{office}는 {random_.choice(_GOALS)}를 위해 {random_.choice(_ADJECTIVES)} {subject} {what}을 {random_.choice(_VERBS)}. "
        f"이번 {what}에는 {random_.choice(_FOLK)} {number}명이 참여하며 사업비 {random_.randrange(1, 300)}억 {random_.randrange(1, 9)}천만 원이 들어간다. "
        f"{office} {random_.choice(_PEOPLE)}은 “{other}과 {random_.choice(_SUBJECTS)} 분야에서도 {random_.choice(_GOALS)}에 힘쓰겠다”고 말했다."
    )
    return Made(
        item=_item(
            feed,
            office=office,
            title=title,
            lead=lead,
            at=at,
            url=f"https://{feed}.example/view?seq={random_.randrange(10**9)}",
        ),
        seen_at=at,
    )


def _copy(random_: random.Random, made: Made, feed: str, at: datetime) -> Made:
    """The same release by another feed."""
    old = made.item
    title = old.title
    match random_.randrange(4):
        case 1:
            title = f"[보도자료] {title}"
        case 2:
            title = title[: max(20, len(title) - 6)] + "…"
        case 3:
            title = f"{random_.choice(_ADJECTIVES)} {random_.choice(_GOALS)} 이끈다"
    item = _item(
        feed,
        office=old.body,
        title=title,
        lead=old.summary,
        at=at,
        url=f"https://{feed}.example/news/{random_.randrange(10**9)}",
    )
    return Made(item=item, seen_at=at)


def _like(
    random_: random.Random, made: Made, feed: str, offices: Sequence[str], at: datetime
) -> Made:
    """Another release after the same pattern."""
    old = made.item
    office = random_.choice(offices)
    title = (
        old.title.replace(old.body, office) if old.body in old.title else f"{office} {old.title}"
    )
    lead = old.summary.replace(old.body, office)
    return Made(
        item=_item(
            feed,
            office=office,
            title=title,
            lead=lead,
            at=at,
            url=f"https://{feed}.example/view?seq={random_.randrange(10**9)}",
        ),
        seen_at=at,
    )


def _item(feed: str, *, office: str, title: str, lead: str, at: datetime, url: str) -> Item:
    return Item(
        feed_id=feed,
        key="",
        guid="",
        link=url,
        canonical_url=url,
        title=title,
        summary=lead,
        content="",
        body=office,
        language="ko",
        published=When(at=at, precision=Precision.TIME),
    )
