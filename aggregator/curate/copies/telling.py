"""What two leads tell: whether it is the same in other words, and whether it is about the titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from aggregator.curate.copies.features import Features
from aggregator.curate.copies.plain_titles import is_recurring
from aggregator.curate.copies.title_facts import content_words
from aggregator.curate.gazetteer import find_regions

_MIN_TELLING = 60
"""Letters (a Hangul syllable is two) below which a lead tells too little to outweigh the titles."""

_COVERED = 0.85
_COVERED_BACK = 0.6
_MIN_TOLD = 4
"""Words that a lead must have for its words to be compared."""

_MIN_ABOUT = 3
_MIN_ABOUT_ONE = 2
_MIN_TITLE = 4
_LONG_WORDS = 12
"""Letters that three words must have together to say as much as four."""

_MAX_LEFT = 3
"""One in so many words of the longer title may be missing in the shorter one."""

_FORMULA = 160
"""Characters up to which a lead may be the same at every meeting."""

_EVERYWHERE = (
    "현장 점검 방문 회의 간담회 업무협약 협약 추진상황 상황 관계자 주민 의견 개선 방안 계획 논의 행사 정책 정부 기관 관계기관 "
    "협력 보고 설명회 시장 국민 시민 도민 군민 분야 회원 위원 관계 사항 현황 보급 조성 구축 개발 활용 제공 준비 상호 양성 소통 격려 "
    "보도 배포 기술 교류 시범사업 사람 기업 미래 혁신 찾아 앞두 city ministry government minister korea new plan support meeting act "
    "law bill amended amendment revised"
)
_GENERIC = frozenset(_EVERYWHERE.split())
"""Words of many leads; that one stands in a title and in its lead shows nothing."""

_WHO = re.compile(r"[가-힣](?:장|차관|장관|총리|지사|청|위원회|공사|공단)$|[가-힣]{2}(?:부|처)$")
"""Ends of words that say who acts, not what about."""

_VERBAL = re.compile(
    r"(?:(?:하|되|시키)(?:고자|고|기|며|면서|는|여|도록|지|자|게|려고|려|던)?|(?:했|됐|한|된|하였|되었)다고|한|할|될|된|해|돼)$"
)
_SAID_ON = frozenset({"일밝", "일발", "일전", "일공"})
"""Behind the day on which an office says it (7일 밝혔다), which each of two offices has its own of."""

_HANGUL = re.compile("[가-힣]")
_FIGURE = re.compile(r"(?<=(\D\D))(\d+)(?=(\D\D))")
_DIGITS = re.compile(r"\d+(?!\d|차관)")
"""Numbers, but for the rank of a vice minister."""

_TEXTS_KEPT = 512
"""Leads of which it is remembered what they say: each is held against several."""

_EVENTS = "개최|진행|실시|체결|참석|참가|방문|출범|발족|운영"
_AHEAD = re.compile(rf"(?:{_EVENTS})(?:한다|할|하기로|된다|될)|열린다|연다|열\s?계획")
_BEHIND = re.compile(
    rf"(?:{_EVENTS})(?:했|하였|됐|되었|한\s?바)|열렸|열었|마쳤|마무리했|성황리|성료"
)


def is_telling(a: Features, b: Features) -> bool:
    """Whether both leads are long enough to say what their releases are."""
    return min(_letters(a.lead), _letters(b.lead)) >= _MIN_TELLING


def are_alike(a: Features, b: Features) -> bool:
    """Whether two leads say the same in other words: what one tells stands in the other, leaving
    aside who issues them and how the sentence ends."""
    if differ_in_numbers(a, b) or is_later_report(a, b):
        return False
    one, other = _told_words(a, b), _told_words(b, a)
    if min(len(one), len(other)) < _MIN_TOLD:
        return False
    there, back = _share(one, b.text), _share(other, a.text)
    return max(there, back) >= _COVERED and min(there, back) >= _COVERED_BACK


def are_about(a: Features, b: Features) -> bool:
    """Whether the leads speak of what both titles speak of, so that they are no stock sentences."""
    one, other = _named(a, b.lead), _named(b, a.lead)
    is_enough = len(one) + len(other) >= _MIN_ABOUT and len({*one, *other}) > 1
    return bool(one and other) and is_enough


def are_about_either(a: Features, b: Features) -> bool:
    """Whether equal leads speak of what one title does, or name the offices of both: then they are
    no stock sentences, and the other title says it in words of its own."""
    one, other = _named(a, b.lead), _named(b, a.lead)
    if max(len(one), len(other)) >= _MIN_ABOUT_ONE:
        return True
    is_joint = all(
        release.office and release.office in a.lead and release.office in b.lead
        for release in (a, b)
    )
    return is_joint and bool(one or other)


def have_other_names_in_place(a: Features, b: Features) -> bool:
    """Whether two titles are one form filled in with other names: what one has and the other has
    not stands nowhere in the other release."""
    return _stand_nowhere(_left(a, b.title), b) and _stand_nowhere(_left(b, a.title), a)


def have_same_words(a: Features, b: Features) -> bool:
    """Whether all words of one title stand in the other, which has few more."""
    one, other = _left(a, b.title), _left(b, a.title)
    return (not one and _says_enough(a) and len(other) * _MAX_LEFT <= len(b.words)) or (
        not other and _says_enough(b) and len(one) * _MAX_LEFT <= len(a.words)
    )


def differ_in_numbers(a: Features, b: Features) -> bool:
    """Whether the leads give other figures for one thing, as a form does that is filled in anew."""
    if a.lead in b.lead or b.lead in a.lead:
        return False
    one, other = _figures(a.lead), _figures(b.lead)
    return any(one[place].isdisjoint(other[place]) for place in one.keys() & other.keys())


def differ_in_facts(a: Features, b: Features) -> bool:
    """Whether each title gives a number, of whatever kind, that the other release does not."""
    one, other = a.facts.numbers, b.facts.numbers
    return _numbers_alone(one, b.text) and _numbers_alone(other, a.text)


def name_other_offices(a: Features, b: Features) -> bool:
    """Whether each title names an office that the other release does not speak of."""
    return _names_alone(a, b) and _names_alone(b, a)


def speaks_of_home(one: Features, other: Features) -> bool:
    """Whether a local government's release speaks of where the other office is, by a name that is
    not its own too."""
    if one.home is None or other.home is None:
        return False
    own, there = one.home, other.home
    if there.place and there.place != own.place:
        stem = there.place[:-1]
        return stem not in own.regions and stem in one.text
    names = there.regions - own.regions
    return any(name in one.text and not own.place.startswith(name) for name in names)


def is_later_report(a: Features, b: Features) -> bool:
    """Whether one lead says that something will take place and the other that it did."""
    return _tense(a.told) * _tense(b.told) < 0


def are_formulas(a: Features, b: Features) -> bool:
    """Whether the leads may be the ones of every meeting of a kind: short, without any number, and
    under a title that comes again and again."""
    if min(len(a.lead), len(b.lead)) > _FORMULA:
        return False
    return all(is_recurring(one.title) and not _DIGITS.search(one.lead) for one in (a, b))


def name_their_own_offices(a: Features, b: Features) -> bool:
    """Whether each lead names its own office and neither the other one's, as a form that each fills in
    with its name."""
    if not a.office or not b.office or a.office == b.office:
        return False
    return (
        a.office in a.lead
        and b.office in b.lead
        and a.office not in b.text
        and b.office not in a.text
    )


def _says_enough(one: Features) -> bool:
    """Whether a title has so many words, or as long ones, that they say which release it is."""
    letters = sum(len(word[0]) for word in one.words)
    return len(one.words) >= _MIN_TITLE or (len(one.words) >= _MIN_ABOUT and letters >= _LONG_WORDS)


def _letters(lead: str) -> int:
    return len(lead) + len(_HANGUL.findall(lead))


def _numbers_alone(numbers: Mapping[str, frozenset[str]], text: str) -> bool:
    return any(value not in text for values in numbers.values() for value in values)


@lru_cache(maxsize=_TEXTS_KEPT)
def _figures(lead: str) -> Mapping[tuple[str, str], set[str]]:
    """The numbers of a lead by the letters around them."""
    found: dict[tuple[str, str], set[str]] = {}
    for before, number, after in _FIGURE.findall(lead):
        if after not in _SAID_ON:
            found.setdefault((before, after), set()).add(number)
    return found


def _names_alone(one: Features, other: Features) -> bool:
    return any(
        (len(word) > 1 or _WHO.search(word[0])) and not any(name in other.text for name in word)
        for word in one.words
    )


def _told_words(one: Features, other: Features) -> list[str]:
    offices = {one.office, other.office}
    roots = {_VERBAL.sub("", word) or word for word in content_words(one.told.casefold())}
    return [root for root in roots if len(root) > 1 and root not in offices]


def _share(words: Iterable[str], text: str) -> float:
    found = [word in text for word in words]
    return sum(found) / len(found) if found else 0.0


def _named(one: Features, lead: str) -> list[str]:
    """The words of a title that say what it is about and stand in ``lead``."""
    return [
        spellings[0]
        for spellings in one.words
        if len(spellings) == 1
        and spellings[0] in lead
        and spellings[0] not in _GENERIC
        and not _WHO.search(spellings[0])
        and not find_regions(spellings[0])
    ]


def _left(one: Features, title: str) -> list[str]:
    return [word[0] for word in one.words if not any(spelling in title for spelling in word)]


def _stand_nowhere(words: Iterable[str], release: Features) -> bool:
    return not any(word in release.text for word in words)


@lru_cache(maxsize=_TEXTS_KEPT)
def _tense(told: str) -> int:
    """1 for what is ahead, -1 for what is over, 0 for neither or both."""
    return bool(_AHEAD.search(told)) - bool(_BEHIND.search(told))
