"""Korean regions named in a text: the 17 first-level ones and every city, county and district."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

_FIRST_LEVEL = {
    "서울": "서울특별시 서울시 Seoul",
    "부산": "부산광역시 부산시 Busan",
    "대구": "대구광역시 대구시 Daegu",
    "인천": "인천광역시 인천시 Incheon",
    "광주": "광주광역시 광주시 Gwangju",
    "대전": "대전광역시 대전시 Daejeon",
    "울산": "울산광역시 울산시 Ulsan",
    "세종": "세종특별자치시 세종시 Sejong",
    "경기": "경기도 Gyeonggi",
    "강원": "강원특별자치도 강원도 Gangwon",
    "충북": "충청북도 충북도 Chungcheongbuk Chungbuk",
    "충남": "충청남도 충남도 Chungcheongnam Chungnam",
    "전북": "전북특별자치도 전라북도 전북도 Jeollabuk Jeonbuk",
    "전남": "전라남도 전남도 Jeollanam Jeonnam",
    "경북": "경상북도 경북도 Gyeongsangbuk Gyeongbuk",
    "경남": "경상남도 경남도 Gyeongsangnam Gyeongnam",
    "제주": "제주특별자치도 제주도 제주시 Jeju",
}
_SECOND_LEVEL = {
    "서울": "종로구 용산구 성동구 광진구 동대문구 중랑구 성북구 강북구 도봉구 노원구 은평구 서대문구 마포구 "
    "양천구 강서구 구로구 금천구 영등포구 동작구 관악구 서초구 강남구 송파구 강동구 중구 동구 서구 남구 북구",
    "부산": "영도구 부산진구 동래구 해운대구 사하구 금정구 연제구 수영구 사상구 기장군",
    "대구": "수성구 달서구 달성군 군위군",
    "인천": "미추홀구 연수구 남동구 부평구 계양구 제물포구 영종구 검단구 강화군 옹진군",
    "광주": "광산구",
    "대전": "유성구 대덕구",
    "울산": "울주군",
    "경기": "수원시 용인시 고양시 화성시 성남시 부천시 남양주시 안산시 평택시 안양시 시흥시 파주시 김포시 "
    "의정부시 하남시 광명시 군포시 양주시 오산시 이천시 안성시 구리시 의왕시 포천시 여주시 동두천시 과천시 "
    "양평군 가평군 연천군 장안구 권선구 팔달구 영통구 수정구 중원구 분당구 만안구 동안구 상록구 단원구 "
    "덕양구 일산동구 일산서구 처인구 기흥구 수지구 원미구 소사구 오정구",
    "강원": "춘천시 원주시 강릉시 동해시 태백시 속초시 삼척시 홍천군 횡성군 영월군 평창군 정선군 철원군 "
    "화천군 양구군 인제군 고성군 양양군",
    "충북": "청주시 충주시 제천시 보은군 옥천군 영동군 증평군 진천군 괴산군 음성군 단양군 상당구 서원구 "
    "흥덕구 청원구",
    "충남": "천안시 공주시 보령시 아산시 서산시 논산시 계룡시 당진시 금산군 부여군 서천군 청양군 홍성군 "
    "예산군 태안군 동남구 서북구",
    "전북": "전주시 군산시 익산시 정읍시 남원시 김제시 완주군 진안군 무주군 장수군 임실군 순창군 고창군 "
    "부안군 완산구 덕진구",
    "전남": "목포시 여수시 순천시 나주시 광양시 담양군 곡성군 구례군 고흥군 보성군 화순군 장흥군 강진군 "
    "해남군 영암군 무안군 함평군 영광군 장성군 완도군 진도군 신안군",
    "경북": "포항시 경주시 김천시 안동시 구미시 영주시 영천시 상주시 문경시 경산시 의성군 청송군 영양군 "
    "영덕군 청도군 고령군 성주군 칠곡군 예천군 봉화군 울진군 울릉군",
    "경남": "창원시 진주시 통영시 사천시 김해시 밀양시 거제시 양산시 의령군 함안군 창녕군 남해군 하동군 "
    "산청군 함양군 거창군 합천군 의창구 성산구 마산합포구 마산회원구 진해구",
    "제주": "서귀포시",
}
_WORDS_OF_THEIR_OWN = (
    "예산 부여 음성 영양 고령 장수 강진 영광 장성 진도 달성 기장 강화 남해 고성 인제 동해 화성 오산 사천 이천 "
    "구리 상주 양산 구미 영동 공주 완주 광명 정선 보은 성주 무주 의성 청도 양주 안성 수정 중원 장안 단원 "
    "연수 남동 수영 사상 사하 금정 연제 상당 서원 청원 동남 서북 오정 소사 동안 강남 강북 강동 강서 성동 동작 "
    "관악 유성 광산 성산 "
)
_AMBIGUOUS = frozenset(_WORDS_OF_THEIR_OWN.split())
"""Stems that are words of their own; they name a place only before 시, 군 or 구."""

_FULL_ENDINGS = "시군구도"
_MIN_STEM = 2
_AFTER_STEM = (
    r"(?=(?:특별자치도|특별자치시|특별시|광역시|도|시|군|구|시청|군청|구청|도청|시의회|군의회|도의회|시민|군민|도민|형|권)?"
    r"(?:은|는|이|가|을|를|의|에|에서|에게|서|로|으로|와|과|도|만|까지|부터|발|산)?(?![가-힣]))"
)
_BEFORE = r"(?<![가-힣])"


def find_regions(text: str) -> frozenset[str]:
    """Ids of the regions that ``text`` names; one below the first level implies its parent.

    An id is the short Korean name (``충북``) or parent and name (``충북/청주시``). Names stand at
    the left edge of a word or right after another region (``전남나주``). Districts that several
    metropolitan cities have (``중구``) are one id without a parent.
    """
    found: set[str] = set()
    for match in _pattern().finditer(text):
        region = _ids()[match.group()]
        found.add(region)
        parent, _, name = region.partition("/")
        if name and parent:
            found.add(parent)
    return frozenset(found)


@lru_cache(maxsize=1)
def _ids() -> Mapping[str, str]:
    """Every spelling and the region it names."""
    ids: dict[str, str] = {}
    for parent, names in _SECOND_LEVEL.items():
        for name in names.split():
            is_shared = len(name) == _MIN_STEM and name[-1] == "구"
            region = f"/{name}" if is_shared else f"{parent}/{name}"
            ids[name] = region
            stem = name[:-1]
            if len(stem) >= _MIN_STEM and stem not in _AMBIGUOUS and name[-1] != "구":
                ids[stem] = region
    for short, names in _FIRST_LEVEL.items():
        ids[short] = short
        for name in names.split():
            ids[name] = short
    return MappingProxyType(ids)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    full, stems, latin = [], [], []
    for name in sorted(_ids(), key=lambda n: (-len(n), n)):
        if name.isascii():
            latin.append(name)
        elif (
            name in _FIRST_LEVEL
            or name[-1] not in _FULL_ENDINGS
            or _ids()[name][:-1].endswith(name)
        ):
            stems.append(name)
        else:
            full.append(name)
    names = "|".join(full)
    short = "|".join(s for s in stems if s != "경기")
    inner = rf"(?:{names})|(?:{short}){_AFTER_STEM}"
    adjacent = "|".join(sorted(_FIRST_LEVEL))
    return re.compile(
        rf"{_BEFORE}(?:{inner}|경기(?=\s(?:남부|북부|동부|서부)|도|\s?[,·'‘“「\"])|(?:{adjacent})(?={inner}))"
        rf"|(?<={adjacent})(?:{inner})"
        rf"|\b(?:{'|'.join(latin)})(?![a-z])",
    )
