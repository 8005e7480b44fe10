"""Whether two items are one release: vetoes first, then what makes them the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from aggregator.curate.amounts import mean_the_same
from aggregator.curate.features import TITLE_GRAM, Features, grams
from aggregator.curate.likeness import (
    LIKE_LEAD,
    LIKE_TITLE,
    RETOLD_LEAD,
    REWORDED_TITLE,
    SAME_TITLE,
    SAME_TOPIC,
    UNLIKE_LEAD,
    Likeness,
    compare,
    dice,
    is_correction,
)
from aggregator.curate.telling import (
    are_about,
    are_about_either,
    are_alike,
    are_formulas,
    differ_in_facts,
    have_other_names_in_place,
    have_same_words,
    is_later_report,
    is_stock_title,
    is_telling,
    name_other_offices,
    speaks_of_home,
)
from aggregator.curate.title_facts import WEAK_MARKERS
from aggregator.domain.feeds import Carries

WINDOW = timedelta(days=7)
"""Items further apart are never compared, save by their release number."""

_SAME_OFFICE_WINDOW = timedelta(hours=36)
RETOLD_WINDOW = timedelta(days=2)
"""Within this time offices that issue one thing together do so, and portals follow."""

_REPORT_AFTER = timedelta(hours=12)
_LONG_LEAD = 200
_SPEAKING_LEAD = 120
"""A lead of so many characters is no stock sentence."""

_MIN_TITLE = 12
"""A shorter title may be chosen by two offices for two things, if their leads are unlike."""

_BOILERPLATE_TITLES = 4


Lead = TypeVar("Lead", str, int)


class Sameness(StrEnum):
    """How two items stand to each other."""

    SAME = "same"
    RELATED = "related"
    UNLIKE = "unlike"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDecision:
    """The rule that fired first and its figures. ``strength`` orders acceptances; a veto keeps
    two items out of one story even when a third is like both."""

    sameness: Sameness
    rule: str
    detail: Mapping[str, object] = field(default_factory=dict)
    strength: float = 0.0

    @property
    def is_veto(self) -> bool:
        """Whether the two may not stand in one story."""
        return self.rule.startswith("veto:")


def decide_pair(a: Features, b: Features, boilerplate_leads: Collection[str]) -> PairDecision:
    """Decide one pair; the same answer for (a, b) and (b, a).

    ``boilerplate_leads`` are lead keys that count as absent because they stand under several
    unlike titles.
    """
    if _is_article_against_release(a, b):
        return _decide_article(a, b)
    like = compare(a, b, boilerplate_leads)
    if release := _one_release(a, b, like):
        return _same("same_release", 4.0, release=release)
    veto = _find_veto(a, b, like)
    if veto is not None:
        return veto if like.is_related else _unlike(veto)
    return _accept(a, b, like)


def sameness_of(a: Features, b: Features, boilerplate_leads: Collection[str]) -> Sameness:
    """What ``decide_pair`` comes to, for less: most pairs are alike in too little to be one release,
    and then no veto is asked for, whose rule alone ``decide_pair`` would name."""
    if _is_article_against_release(a, b):
        return decide_pair(a, b, boilerplate_leads).sameness
    like = compare(a, b, boilerplate_leads)
    if _one_release(a, b, like):
        return Sameness.SAME
    if _accept(a, b, like).sameness is Sameness.SAME and _find_veto(a, b, like) is None:
        return Sameness.SAME
    return Sameness.RELATED if like.is_related else Sameness.UNLIKE


def says_again(a: Features, b: Features, boilerplate_leads: Collection[str]) -> bool:
    """Whether one item says what the other said, however many days lie between: it has the same
    address, normal title or lead, and none of the vetoes but those of time speaks against it.

    One title over unlike leads of two offices is two releases: far apart, many share a headline.
    """
    if _is_article_against_release(a, b):
        return False
    like = compare(a, b, boilerplate_leads)
    if _one_release(a, b, like):
        return True
    is_told_apart = (
        (a.facts.is_personnel and b.facts.is_personnel)
        or _veto_by_numbers(a, b, like)
        or _veto_by_place(a, b, like)
        or _veto_by_phase(a, b, like)
        or _veto_by_words(a, b, like)
    )
    if is_told_apart:
        return False
    is_of_others = bool(a.body and b.body) and a.body != b.body
    is_unlike = is_of_others and like.lead is not None and like.lead < UNLIKE_LEAD
    return like.has_same_lead or (bool(a.title) and a.title == b.title and not is_unlike)


def find_boilerplate(lead_titles: Mapping[Lead, Collection[str]]) -> frozenset[Lead]:
    """The leads that stand under four or more unlike titles.

    ``lead_titles`` holds for each lead, whatever stands for it, the normal titles it was seen under.
    """
    return frozenset(lead for lead, titles in lead_titles.items() if _has_unlike_titles(titles))


def _has_unlike_titles(titles: Collection[str]) -> bool:
    if len(titles) < _BOILERPLATE_TITLES:
        return False
    kinds: list[frozenset[str]] = []
    for title in sorted(titles):
        shingles = grams(title, TITLE_GRAM)
        if all(dice(shingles, kind) < LIKE_TITLE for kind in kinds):
            kinds.append(shingles)
        if len(kinds) >= _BOILERPLATE_TITLES:
            return True
    return False


def _one_release(a: Features, b: Features, like: Likeness) -> str:
    """The release that both items are by their addresses, "" for none."""
    release = _shared_release(a, b)
    return "" if release and _is_landing_page(release, a, b, like) else release


def _shared_release(a: Features, b: Features) -> str:
    """The release that both addresses mean, "" for none: they are equal, or bear one number of the
    policy portal's."""
    if a.number is not None and b.number is not None and a.number.names_same(b.number):
        return a.number.key
    return a.release if a.release == b.release else ""


def _is_landing_page(release: str, a: Features, b: Features, like: Likeness) -> bool:
    """Whether one feed links unlike entries to one page: then the page is no release's own."""
    if a.feed != b.feed or not release.startswith("url:"):
        return False
    return a.title != b.title and not like.is_related


def _is_article_against_release(a: Features, b: Features) -> bool:
    return (a.carries is Carries.ARTICLE) != (b.carries is Carries.ARTICLE)


def _decide_article(a: Features, b: Features) -> PairDecision:
    like = compare(a, b, ())
    sameness = Sameness.RELATED if like.is_related else Sameness.UNLIKE
    return PairDecision(sameness=sameness, rule="veto:article", detail=_figures(like))


def _find_veto(a: Features, b: Features, like: Likeness) -> PairDecision | None:
    gap = abs(a.day - b.day)
    if gap > WINDOW:
        return _veto("window", like, days=gap.days)
    return (
        (None if is_correction(a, b) else _veto_by_numbers(a, b, like))
        or _veto_by_place(a, b, like)
        or _veto_by_phase(a, b, like)
        or _veto_by_words(a, b, like)
        or _veto_by_office(a, b, like)
    )


def _veto_by_numbers(a: Features, b: Features, like: Likeness) -> PairDecision | None:
    for kind in sorted(a.facts.numbers.keys() & b.facts.numbers.keys()):
        left, right = a.facts.numbers[kind], b.facts.numbers[kind]
        if _conflict(left, right) and not mean_the_same(left, right):
            return _veto(kind.split()[0], like, a=sorted(left), b=sorted(right))
    return None


def _veto_by_place(a: Features, b: Features, like: Likeness) -> PairDecision | None:
    if _conflict(a.facts.regions, b.facts.regions):
        return _veto("region", like, a=sorted(a.facts.regions), b=sorted(b.facts.regions))
    if a.home is None or b.home is None or not a.home.is_apart(b.home):
        return None
    if speaks_of_home(a, b) or speaks_of_home(b, a):
        return None
    return _veto("region", like, a=a.home.label, b=b.home.label)


def _veto_by_phase(a: Features, b: Features, like: Likeness) -> PairDecision | None:
    if a.facts.phase and b.facts.phase and a.facts.phase != b.facts.phase:
        return _veto("phase", like, a=a.facts.phase, b=b.facts.phase)
    if _may_report(a, b, like) and is_later_report(a, b):
        return _veto("phase", like, tense="one lead announces, the other reports")
    markers = _markers_left(a, b) | _markers_left(b, a)
    if not markers or a.is_truncated or b.is_truncated:
        return None
    if markers <= WEAK_MARKERS and _is_another_office(a, b) and _is_retold(a, b, like):
        return None
    return _veto("phase", like, only_one=sorted(markers))


def _veto_by_words(a: Features, b: Features, like: Likeness) -> PairDecision | None:
    left, right = _words_left(a, b), _words_left(b, a)
    if not left or not right or _share_long_lead(a, b, like):
        return None
    is_swap = have_other_names_in_place(a, b) and (
        like.title >= LIKE_TITLE or len(left) == len(right) == 1
    )
    if not is_swap and _is_retold(a, b, like):
        return None
    return _veto("names", like, a=left, b=right)


def _veto_by_office(a: Features, b: Features, like: Likeness) -> PairDecision | None:
    if a.facts.is_personnel and b.facts.is_personnel and a.day != b.day:
        return _veto("personnel", like, days=abs(a.day - b.day).days)
    if _is_another_office(a, b) and is_stock_title(a) and is_stock_title(b):
        return None if like.has_same_lead else _veto("stock_title", like)
    is_later = bool(a.body) and a.body == b.body and _gap(a, b) > _SAME_OFFICE_WINDOW
    if is_later and (not like.has_same_lead or are_formulas(a, b)):
        return _veto("same_office_later", like, hours=round(_gap(a, b) / timedelta(hours=1)))
    return None


def _is_retold(a: Features, b: Features, like: Likeness) -> bool:
    """Whether the leads show one release under two titles: they are about both, and equal, or of two
    offices and alike in all they tell."""
    if like.lead is None or like.lead < RETOLD_LEAD or abs(a.day - b.day) > RETOLD_WINDOW:
        return False
    if not is_telling(a, b):
        return False
    if name_other_offices(a, b):
        return False
    is_joint = _is_another_office(a, b)
    if like.has_equal_lead:
        return are_about(a, b) or (is_joint and are_about_either(a, b))
    if not is_joint or (a.home is not None and b.home is not None):
        return False
    return are_alike(a, b) and are_about(a, b)


def _accept(a: Features, b: Features, like: Likeness) -> PairDecision:
    figures = _figures(like)
    found = _accept_titles(a, b, like) or _accept_leads(a, b, like)
    if found is not None:
        rule, strength = found
        return _same(rule, strength, **figures)
    sameness = Sameness.RELATED if like.is_related else Sameness.UNLIKE
    return PairDecision(sameness=sameness, rule="likeness", detail=figures)


def _accept_titles(a: Features, b: Features, like: Likeness) -> tuple[str, float] | None:
    """The rule by which the titles show one release where the leads do not say otherwise, and its
    strength; a shared lead comes before titles that are only alike."""
    unlike_leads = like.lead is not None and like.lead < UNLIKE_LEAD
    is_slight = len(a.title) < _MIN_TITLE and unlike_leads and _is_another_office(a, b)
    if a.title and a.title == b.title and not is_slight:
        return "same_title", 3.0 + (like.lead or 0.0)
    if like.has_same_lead and _speaks(a, b, like):
        return "same_lead", 2.0 + like.title
    if unlike_leads:
        return None
    if like.title >= SAME_TITLE:
        return "like_titles", 1.5 + like.title / 2
    return ("title_contained", 1.0 + like.title / 2) if like.contained else None


def _accept_leads(a: Features, b: Features, like: Likeness) -> tuple[str, float] | None:
    """The rule by which title and lead together, or the words of either, show one release."""
    if like.lead is not None and like.title >= LIKE_TITLE and like.lead >= LIKE_LEAD:
        return "title_and_lead", (like.title + like.lead) / 2
    if abs(a.day - b.day) > RETOLD_WINDOW:
        return None
    if like.title >= REWORDED_TITLE and _is_reworded(a, b, like):
        return "same_words", 1.0 + like.title / 2
    return ("retold", 0.5 + like.title / 2) if _is_retold(a, b, like) else None


def _conflict(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether each side names something that the other does not."""
    return bool(a - b) and bool(b - a)


def _markers_left(a: Features, b: Features) -> set[str]:
    """Words such as 추가 in the title of ``a`` that ``b`` mentions nowhere."""
    return {marker for marker in a.facts.markers if marker not in b.text}


def _words_left(a: Features, b: Features) -> list[str]:
    """What the title of ``a`` is about and ``b`` mentions nowhere."""
    return [
        spellings[0]
        for spellings in a.words
        if not any(spelling in b.text for spelling in spellings)
    ]


def _share_long_lead(a: Features, b: Features, like: Likeness) -> bool:
    """Whether the leads are equal and too long for a template that only changes a name."""
    return like.has_equal_lead and min(len(a.lead), len(b.lead)) >= _LONG_LEAD


def _speaks(a: Features, b: Features, like: Likeness) -> bool:
    """Whether a shared lead is known to be no stock sentence: the titles have a topic in common, it
    is long, or it is about both."""
    if like.title >= SAME_TOPIC or like.contained:
        return True
    return min(len(a.lead), len(b.lead)) >= _SPEAKING_LEAD or are_about(a, b)


def _is_reworded(a: Features, b: Features, like: Likeness) -> bool:
    """Whether two titles are one in other forms of its words, where a lead does not say otherwise."""
    if like.lead is not None and like.lead < LIKE_LEAD:
        return False
    if a.facts.phase != b.facts.phase or (a.home and b.home and _is_another_office(a, b)):
        return False
    return have_same_words(a, b) and not differ_in_facts(a, b)


def _may_report(a: Features, b: Features, like: Likeness) -> bool:
    """Whether one of two that are like each other may report what the other announced."""
    if like.lead is None or like.has_equal_lead or _gap(a, b) < _REPORT_AFTER:
        return False
    return like.lead >= LIKE_LEAD or like.title >= LIKE_TITLE


def _is_another_office(a: Features, b: Features) -> bool:
    return not a.body or a.body != b.body


def _gap(a: Features, b: Features) -> timedelta:
    if a.at is not None and b.at is not None:
        return abs(a.at - b.at)
    return abs(a.day - b.day)


def _figures(like: Likeness) -> dict[str, object]:
    figures: dict[str, object] = {"title": round(like.title, 3)}
    if like.lead is not None:
        figures["lead"] = round(like.lead, 3)
    return figures


def _same(rule: str, strength: float, **detail: object) -> PairDecision:
    return PairDecision(
        sameness=Sameness.SAME, rule=rule, detail=detail, strength=round(strength, 4)
    )


def _veto(rule: str, like: Likeness, **detail: object) -> PairDecision:
    return PairDecision(
        sameness=Sameness.RELATED, rule=f"veto:{rule}", detail={**detail, **_figures(like)}
    )


def _unlike(veto: PairDecision) -> PairDecision:
    return PairDecision(sameness=Sameness.UNLIKE, rule=veto.rule, detail=veto.detail)
