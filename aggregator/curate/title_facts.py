"""What a title says that a copy must say too: numbers by kind, regions, phases, names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from aggregator.curate.gazetteer import find_regions

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=\D|$)")
_FULL_DATE = re.compile(r"(?<!\d)(?:20\d\d|\d\d)[.\-/]\s?(\d{1,2})[.\-/]\s?(\d{1,2})(?!\d)")
_SHORT_DATE = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.?(?=\s|\(|\)|자|~|$)")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})월")
_DAY = re.compile(r"(?<![\d.])(\d{1,2})일(?!\s?간)")
_ORDINAL = re.compile(
    r"(?:제\s?)?(?<!\d)(\d{1,4})\s?(차(?!종|량|례|로)|회|기(?!업|관|술|가)|탄|호(?!우|선|텔)|단계|번째|편|번|권|부(?!터|처|산)|주년|주차|년차|일차|강|화|막|세대|집)",
)
_LAST_NUMBER = re.compile(r"\s[#(]?(\d{1,3})\)?$")
_PERIOD = re.compile(
    r"(상반기|하반기|[1-4]\s?/?4?\s?분기|(?<!\d)[1-5]주(?!년|차|일|민|택)|[12]학기|[상중하]순|오전|오후)"
)
_COUNT = re.compile(
    r"(?<![\d.])(\d[\d,]{0,15}(?:\.\d{1,6})?)\s?((?:만|억|천|백|조){0,4})\s?"
    r"(여?\s?(?:원|달러|유로|명|곳|개소|개사|개국|개|종|건|대|팀|%p?|퍼센트|km|㎞|ha|㎡|m|가구|세대|인|마리|톤|배|위|동|점|필지|세|년간|개월|일간|시간|층|호|척|권역|품목|마을|지구|노선))",
)
_RANK = re.compile(
    r"(고위공무원|[실국과팀]장급|서기관|사무관|[3-9]급|부이사관|승진|전보|파견|퇴직|신규\s?임용|개방형)"
)
_LAW = re.compile(
    r"(?<![가-힣])([가-힣]{1,15}(?:법|시행령|시행규칙|조례))(?=\s|」|$|[,·]|\s?(?:개정|제정|시행|국회|공포))"
)
_ALERT = re.compile(
    r"(주의보|경보|특보|관심|주의|경계|심각)(?=\s|[’'\"」)]|$|\s?(?:단계|발령|해제|격상|하향))"
)

_PHASES = (
    ("lifted", re.compile(r"해제|종료|종식")),
    ("issued", re.compile(r"발령|발효|진입|격상")),
    (
        "result",
        re.compile(
            r"선정\s?결과|결과\s?발표|최종\s?선정|선정(?!\s?(?:평가|위원|공모|계획))|당선|확정|합격"
        ),
    ),
    ("juror", re.compile(r"(?:평가|심사|자문)\s?위원(?:\s?(?:후보|공개))?\s?(?:모집|공모)")),
    ("briefing", re.compile(r"설명회|공청회|간담회")),
    ("completion", re.compile(r"준공|완공|개통|개소|개관")),
    ("start", re.compile(r"착수|착공|기공|첫\s?삽")),
    ("closing", re.compile(r"폐막|폐회|성료|마무리|성과\s?(?:보고|공유)|수료")),
    ("opening", re.compile(r"개막|막\s?(?:올라|오른)|개회")),
    ("call", re.compile(r"공모(?!전)|모집|공고|접수")),
)
"""In the order of precedence: a title with 공모 and 선정 tells of the selection."""

_MARKERS = re.compile(
    r"추가|재공모|재공고|재모집|연장|변경|취소|연기|철회|결과|잠정|확정치|예고|후속|중간\s?점검|사전"
)
_PERSONNEL = re.compile(
    r"인사(?:\s?발령|\s?이동|\s?명령)?(?=\s|$|[(\[])|승진\s?내정|임용\s?발령|전보\s?인사"
)
_WORD = re.compile(r"[가-힣]{2,}|[A-Za-z]{2,}|\d+")
_ENDING = re.compile(
    r"(?:으로서|으로써|에서는|에서도|에서|에게|으로|까지|부터|보다|처럼|이나|에는|에도|한다|했다|된다|됐다|하다|합니다|됩니다|했습니다|은|는|이|가|을|를|의|에|와|과|도|로|서|만)$",
)
_MIN_WORD = 2
_COMMON_WORDS = (
    "개최 추진 실시 발표 선정 최종 쾌거 확보 맞손 체결 협약 업무협약 위한 위해 관련 안내 시행 운영 지원 강화 확대 마련 참여 진행 완료 달성 본격 본격화 "
    "나선다 나서 나섰다 밝혀 밝혔다 눈앞 시동 성공 성공적 기대 올해 내년 지난해 이번 함께 국비 사업 공모 공모사업 대상지 대상 신규 자료 보도자료 "
    "새글 새로운 사진 결실 선정돼 뽑혀 확정 등극 낭보 성과 열어 열려 연다 열린 및 등 통해 대한 따른 대비 홍보 기관 전국 지역 관내 우수 맞아 위하 the and for to of in"
)
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words of headlines that say nothing about which release it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleFacts:
    """Numbers, places and stages of one title. ``numbers`` maps a kind to its values; ``phase`` is
    the last stage named, "" for none; ``is_personnel`` marks a notice of appointments."""

    numbers: dict[str, frozenset[str]]
    regions: frozenset[str]
    phase: str
    markers: frozenset[str]
    is_personnel: bool


def read_title(title: str) -> TitleFacts:
    """The facts of a bare title whose years are spelled out."""
    return TitleFacts(
        numbers=_numbers(title),
        regions=find_regions(title),
        phase=next((name for name, pattern in _PHASES if pattern.search(title)), ""),
        markers=frozenset("".join(m.split()) for m in _MARKERS.findall(title)),
        is_personnel=_PERSONNEL.search(title) is not None,
    )


def stem(word: str) -> str:
    """A word without its particle or verbal ending."""
    bare = _ENDING.sub("", word)
    return bare if len(bare) >= _MIN_WORD else word


def content_words(title: str) -> frozenset[str]:
    """The words of a title that say what it is about, without endings."""
    stems = {stem(word) for word in _WORD.findall(title)}
    return frozenset(word for word in stems if word not in _COMMON and not word.isdigit())


def _numbers(title: str) -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, value in chain(_dates(title), _counts(title), _ranks(title)):
        kinds.setdefault(kind, set()).add(value)
    return {kind: frozenset(values) for kind, values in sorted(kinds.items())}


def _dates(title: str) -> Iterator[tuple[str, str]]:
    for year in _YEAR.findall(title):
        yield "year", year
    for month, day in (*_FULL_DATE.findall(title), *_SHORT_DATE.findall(title)):
        yield "month", month.lstrip("0")
        yield "day", day.lstrip("0")
    for month in _MONTH.findall(title):
        yield "month", month.lstrip("0")
    for day in _DAY.findall(title):
        yield "day", day.lstrip("0")
    for period in _PERIOD.findall(title):
        yield "period", period[0] + period[-2:]


def _counts(title: str) -> Iterator[tuple[str, str]]:
    for value, unit in _ORDINAL.findall(title):
        yield f"ordinal {unit}", value.lstrip("0")
    for value in _LAST_NUMBER.findall(title):
        yield "ordinal", value
    for value, scale, unit in _COUNT.findall(title):
        yield f"count {unit.strip().removeprefix('여').strip()}", value.replace(",", "") + scale


def _ranks(title: str) -> Iterator[tuple[str, str]]:
    for kind, pattern in (("rank", _RANK), ("law", _LAW), ("alert", _ALERT)):
        for value in pattern.findall(title):
            yield kind, value
