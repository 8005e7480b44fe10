"""Titles that say what kind of release it is, and not which."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aggregator.curate.copies.title_facts import TitleFacts

_SHORT = 20
"""Letters of a normal form up to which a title may be one of these. Who writes more says more."""

_OCCASIONS = re.compile(
    r"시무식|종무식|취임식|퇴임식|이임식|기념식|서약식|결의대회|다짐대회|장보기|일손돕기|봉사활동|나눔행사|헌혈|폭력예방|성희롱|청렴교육|"
    r"직원교육|직원대상|워크숍|연찬회|채용|국정감사|업무보고|업무계획|경영공시|경영평가|업무협약|협약체결|표창|이벤트|"
    r"personnel|recruit|workshop"
)
"""What takes place in every office, so that two of them write it above releases of their own."""

_RECURRING = re.compile(
    r"회의|간담회|점검|동향|브리핑|협의회|상황보고|현황|입찰|일일|예보|실적|주의보|경보|특보|meeting|briefing|daily"
)
_STOCK = (
    "주간 월간 일일 금주 다음 주 이번 정례 장관 차관 청장 주요 보도 계획 일정 동정 인사 발령 이동 명령 브리핑 업무 자료 알림 공지 안내 "
    "사항 회의 개최 결과 현황 행사 참고 설명 해명 모음 목록 및 국장급 과장급 실장급 팀장급 전보 승진 임용 personnel announcement weekly "
    "schedule notice"
)
# One way to take each title apart: with several, a long one would be tried in all of them.
_STOCK_TITLES = re.compile(rf"(?:{'|'.join(_STOCK.split())}|\d[년월일차회]?)+")


def is_stock_title(title: str, office: str) -> bool:
    """Whether a normal title only names a kind of release that every office has: 주간보도계획,
    인사발령. ``office`` is the resolved name of its own."""
    return _STOCK_TITLES.fullmatch(title.replace(office, "") if office else title) is not None


def is_of_every_office(title: str, offices: Iterable[str]) -> bool:
    """Whether a normal title is short and tells of an occasion that every office has, without naming
    one of these: 시무식 개최."""
    if len(title) > _SHORT or any(office and office in title for office in offices):
        return False
    return _OCCASIONS.search(title) is not None


def comes_again(title: str, facts: TitleFacts) -> bool:
    """Whether a normal title is one that an office writes day after day: 시장상황점검회의 개최. A number
    says which one it is."""
    return len(title) <= _SHORT and not facts.numbers.keys() - {"year"} and is_recurring(title)


def is_recurring(title: str) -> bool:
    """Whether a normal title names something that is held or told again and again."""
    return _RECURRING.search(title) is not None
