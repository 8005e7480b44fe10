"""What a title says that a copy must say too: numbers by kind, regions, phases, names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from aggregator.curate.copies.amounts import amounts_in

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=\D|$)")
_FULL_DATE = re.compile(r"(?<!\d)(?:20\d\d|\d\d)[.\-/]\s?(\d{1,2})[.\-/]\s?(\d{1,2})(?!\d)")
_SHORT_DATE = re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.?(?=\s|\(|\)|,|자|~|$)")
_SLASHED_DATE = re.compile(r"[\[(](\d{1,2})/(\d{1,2})(?=[\s,)\]~])")
_AS_OF = re.compile(r"(?<!\d)(\d{1,2}(?::\d\d|시))\s?(?:현재|기준)")
_MONTHS = re.compile(r"(?<!\d)(\d{1,2})월?\s?[~∼〜-]\s?(\d{1,2})월")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})월")
_DAY = re.compile(r"(?<![\d.])(\d{1,2})일(?!\s?간)")
_ORDINAL_UNITS = (
    r"차(?!종|량|례|로)",
    "회",
    r"기(?!업|관|술|가)",
    "탄",
    r"호(?!우|선|텔)",
    "단계",
    "번째",
    "편",
    "번",
    "권",
    r"부(?!터|처|산)",
    "주년",
    "주차",
    "년차",
    "일차",
    "강",
    "화",
    "막",
    "세대",
    "집",
)
_ORDINAL = re.compile(rf"(?:제\s?)?(?<!\d)(\d{{1,4}})\s?({'|'.join(_ORDINAL_UNITS)})")
_NOUN_ORDINAL = re.compile(rf"제\s?(\d{{1,3}})(?!\s?(?:{'|'.join(_ORDINAL_UNITS)}|\d))(?=[가-힣])")
_LETTER = re.compile(
    r"(?<![A-Za-z0-9&.·-])([A-Z])(?=[가-힣])"
    r"|\b(?:[Ff]orm|[Tt]ype|[Cc]lass|[Gg]roup|[Gg]rade|[Zz]one|[Tt]eam|[Pp]lan|[Ll]ine|[Hh]epatitis|[Ii]nfluenza)\s([A-Z])\b"
)
_LAST_NUMBER = re.compile(r"(?:\s|[#(])(\d{1,3})\)?$")
_PART = re.compile(r"[(<\[](상|중|하)[)>\]]")
_ROMAN = re.compile(r"(?<![A-Za-z&.-])(I{2,3}|IV|VI{0,3}|IX|I(?=\)?$))(?![A-Za-z&.-])")
_ENGLISH_ORDINAL = re.compile(r"(?<![\d.,])(\d{1,4})(?:st|nd|rd|th)(?![A-Za-z])")
_ENGLISH_NUMBERED = re.compile(
    r"\b(phase|no\.|vol\.|round|stage|step|part|session|week|season|volume|number)\s?(\d{1,4})(?!\d)",
    re.IGNORECASE,
)
_ENGLISH_DATE = re.compile(
    r"\b(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|ober|tember)?\.?"
    r"\s(\d{1,2})(?![\d,.]*\d)",
    re.IGNORECASE,
)
_ENGLISH_COUNT = re.compile(
    r"(?<![\w.,$])(\d[\d,]{0,15}(?:\.\d{1,6})?)[\s-]((?:trillion|billion|million)\s)?([A-Za-z]{3,24}?)s?(?![A-Za-z])"
)
_PERIOD = re.compile(
    r"(상반기|하반기|[1-4]\s?/?4?\s?분기|(?<!\d)[1-5]주(?!년|차|일|민|택)|[12]학기|[상중하]순|오전|오후)"
)
_RANK = re.compile(
    r"(고위공무원|[실국과팀]장급|서기관|사무관|[3-9]급|부이사관|승진|전보|파견|퇴직|신규\s?임용|개방형)"
)
_NO_LAW = re.compile(
    r"(?:불|해|방|기|수|비|편|용|문|어|화|요|용|공|주|마|창작|치료|활용|대처|예방|관리|사용)법$"
)
"""Words that end like a law and are none."""

_LAW = re.compile(
    r"(?<![가-힣])([가-힣]{1,15}(?:법|시행령|시행규칙|조례))(?=\s|」|$|[,·]|\s?(?:개정|제정|시행|국회|공포))"
)
_DECREE = re.compile(r"시행령|시행규칙")
_ALERT = re.compile(
    r"(주의보|경보|특보|관심|주의|경계|심각)(?=\s|[’'\"」)]|$|\s?(?:단계|발령|해제|격상|하향))"
)

_PHASES = (
    ("lifted", re.compile(r"해제|종료|종식")),
    ("issued", re.compile(r"발령|발효|진입|격상")),
    (
        "result",
        re.compile(
            r"(?:선정|공모|모집|접수|심사|평가)\s?결과|결과\s?발표|최종\s?선정|선정(?!\s?(?:평가|위원|공모|계획|절차|기준|방식|심사))|당선|확정(?!\s?신고)|합격"
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

_LATER_STAGE = re.compile(
    r"(?:20\d\d년|내년|연말|까지)(?:\s?(?:말|초|상반기|하반기|\d{1,2}월))?\s?(?:준공|완공|개통|개소|개관)(?:\s?(?:목표|예정))?"
)
"""A stage that a title of another one looks forward to."""

_MARKERS = re.compile(
    r"추가|재공모|재공고|재모집|연장|변경|취소|연기|철회|결과|잠정|확정치|예고|후속|중간\s?점검|사전"
)
_STATISTICS = re.compile(r"(?:통계|동향|집계|지표|지수|추계|현황)\s?(?:\([^()]{0,12}\)\s?)?결과")
"""Here the word says nothing: statistics are results."""

WORD_KINDS = frozenset({"law", "decree", "rank", "alert"})
"""Kinds of "numbers" that are words."""

WEAK_MARKERS = frozenset({"결과", "후속", "연장", "사전", "중간점검"})
"""Markers that one of two headlines over the same text may leave out."""

_PERSONNEL = re.compile(
    r"인사(?:\s?발령|\s?이동|\s?명령)?(?=\s|$|[(\[])|승진\s?내정|임용\s?발령|전보\s?인사"
)
_WORD = re.compile(r"[가-힣]{2,}|[A-Za-z]{2,}|\d+")
_LATIN = re.compile(r"[A-Za-z]")
_ENDING = re.compile(
    r"(?:으로서|으로써|에서는|에서도|에서|에게|으로|까지|부터|보다|처럼|이나|에는|에도|한다|했다|된다|됐다|하다|합니다|됩니다|했습니다|은|는|이|가|을|를|의|에|와|과|도|로|서|만)$",
)
_ENGLISH_ENDING = re.compile(r"(?<=[a-z]{3})(?:ing|ed|es|e|s)$|(?<=[A-Z]{3})S$")
_MIN_WORD = 2
_PREDICATE = re.compile(r"[가-힣]+다$")
_BEFORE_DA = frozenset({4, 20})
"""The final consonants ㄴ and ㅆ (counted as Unicode does): 줄인다, 나섰다."""

_HANGUL = 0xAC00
_FINALS = 28
_COMMON_WORDS = (
    "개최 추진 실시 발표 선정 최종 쾌거 확보 맞손 체결 협약 업무협약 위한 위해 관련 안내 시행 운영 지원 강화 확대 마련 참여 진행 완료 달성 본격 본격화 "
    "나선다 나서 나섰다 밝혀 밝혔다 눈앞 시동 성공 성공적 기대 올해 내년 지난해 이번 함께 국비 사업 공모 공모사업 대상지 대상 신규 자료 보도자료 "
    "새글 새로운 사진 결실 선정돼 뽑혀 확정 등극 낭보 성과 열어 열려 연다 열린 및 등 통해 대한 따른 대비 홍보 기관 전국 지역 관내 우수 맞아 위하 없이 the and for to of in "
    "an on at by with from as is are be will its their into"
)
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words of headlines that say nothing about which release it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleFacts:
    """Numbers, places and stages of one title. ``numbers`` maps a kind to its values; ``phase`` is
    the last stage named, "" for none; ``is_personnel`` marks a notice of appointments."""

    numbers: Mapping[str, frozenset[str]]
    regions: frozenset[str]
    phase: str
    markers: frozenset[str]
    is_personnel: bool


def read_title(title: str, regions: frozenset[str], dated: str = "") -> TitleFacts:
    """The facts of a bare title whose years are spelled out, and which means these regions. ``dated``
    is the date that stood behind it in brackets, and is no part of it."""
    now = _LATER_STAGE.sub("", title)
    return TitleFacts(
        numbers=_numbers(title, dated),
        regions=regions,
        phase=next((name for name, pattern in _PHASES if pattern.search(now)), ""),
        markers=frozenset("".join(m.split()) for m in _MARKERS.findall(_STATISTICS.sub("", title))),
        is_personnel=_PERSONNEL.search(title) is not None,
    )


def stem(word: str) -> str:
    """A word without its particle or verbal ending; an English one without -s, -ed, -ing."""
    if word.isascii():
        return _ENGLISH_ENDING.sub("", word)
    bare = _ENDING.sub("", word)
    return bare if len(bare) >= _MIN_WORD else word


def content_words(title: str) -> frozenset[str]:
    """The words of a title that say what it is about, without endings; no numbers, and no verbs at
    the end of a sentence (줄인다)."""
    stems = {stem(word) for word in _WORD.findall(title) if not word.isdigit()}
    return frozenset(
        word for word in stems if word.casefold() not in _COMMON and not _is_predicate(word)
    )


def _is_predicate(word: str) -> bool:
    if not _PREDICATE.fullmatch(word):
        return False
    return len(word) > _MIN_WORD and (ord(word[-2]) - _HANGUL) % _FINALS in _BEFORE_DA


def as_told(kind: str, value: str) -> str:
    """How running text without blanks says a value of this kind."""
    sign = {"year": "년", "month": "월", "day": "일"}.get(kind)
    return f"{value}{kind.partition(' ')[2] if sign is None else sign}"


def _numbers(title: str, dated: str) -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for kind, value in chain(_dates(title), _counts(title), _ranks(title), _day_behind(dated)):
        kinds.setdefault(kind, set()).add(value)
    return {kind: frozenset(values) for kind, values in sorted(kinds.items())}


def _dates(title: str) -> Iterator[tuple[str, str]]:
    for year in _YEAR.findall(title):
        yield "year", year
    for month, day in _days_in(title):
        yield "month", month.lstrip("0")
        yield "day", day.lstrip("0")
    spans = _MONTHS.findall(title)
    for first, last in spans:
        yield "month", f"{first.lstrip('0')} to {last.lstrip('0')}"
    for month in _MONTH.findall(_MONTHS.sub(" ", title) if spans else title):
        yield "month", month.lstrip("0")
    for day in _DAY.findall(title):
        yield "day", day.lstrip("0")
    for period in _PERIOD.findall(title):
        yield "period", period[0] + period[-2:]
    for hour in _AS_OF.findall(title):
        yield "hour", hour.removesuffix("시").removesuffix(":00").lstrip("0")


def _days_in(text: str) -> list[tuple[str, str]]:
    """Month and day of each date that is written with dots or a stroke."""
    return [
        *_FULL_DATE.findall(text),
        *_SHORT_DATE.findall(text),
        *_SLASHED_DATE.findall(text),
    ]


def _day_behind(dated: str) -> Iterator[tuple[str, str]]:
    for month, day in _days_in(dated):
        yield "dated", f"{month.lstrip('0')}.{day.lstrip('0')}"


def _counts(title: str) -> Iterator[tuple[str, str]]:
    for value, unit in _ORDINAL.findall(title):
        yield f"ordinal {unit}", value.lstrip("0")
    for value in _NOUN_ORDINAL.findall(title):
        yield "ordinal noun", value.lstrip("0")
    for value in _LAST_NUMBER.findall(title):
        yield "ordinal", value
    for value in _PART.findall(title):
        yield "part", value
    for unit, value in amounts_in(title):
        yield f"count {unit}", value
    if _LATIN.search(title):
        yield from _english(title)


def _english(title: str) -> Iterator[tuple[str, str]]:
    for letters in _LETTER.findall(title):
        yield "letter", "".join(letters)
    for value in _ROMAN.findall(title):
        yield "ordinal roman", value
    for value in _ENGLISH_ORDINAL.findall(title):
        yield "ordinal th", value
    for word, value in _ENGLISH_NUMBERED.findall(title):
        yield f"ordinal {word.casefold()}", value
    for month, day in _ENGLISH_DATE.findall(title):
        yield "month", month[:3].casefold()
        yield "day", day.lstrip("0")
    for value, scale, unit in _ENGLISH_COUNT.findall(title):
        yield f"count {unit.casefold()}", f"{value.replace(',', '')}{scale.strip()}"


def _ranks(title: str) -> Iterator[tuple[str, str]]:
    for kind, pattern in (("rank", _RANK), ("law", _LAW), ("alert", _ALERT)):
        for value in pattern.findall(title):
            if kind == "law" and _NO_LAW.search(value):
                continue
            yield kind, value
            if kind == "law":
                decree = _DECREE.search(title)
                yield "decree", decree.group() if decree else "법"
