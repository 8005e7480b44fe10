"""Whether two items are one release: vetoes first, then what makes them the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from aggregator.curate.features import TITLE_GRAM, Features, grams
from aggregator.curate.sketches import BitMap, Sketch
from aggregator.domain.feeds import Carries

WINDOW = timedelta(days=7)
"""Items further apart are never compared, save by their release number."""

_CORRECTION_WINDOW = timedelta(days=3)
_SAME_OFFICE_WINDOW = timedelta(hours=36)
_SAME_LEAD = 0.75
_EQUAL_LEAD = 0.97
_LONG_LEAD = 200
_LIKE_LEAD = 0.45
_UNLIKE_LEAD = 0.12
_SAME_TITLE = 0.86
_LIKE_TITLE = 0.5
_RELATED_TITLE = 0.4
_MIN_CONTAINED = 9
_BOILERPLATE_TITLES = 4
_SLACK = 1e-6
"""So that no rounding tells two items apart that are just alike enough."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Likeness:
    """How alike titles and leads are, 0 to 1; ``lead`` is None where one side has none."""

    title: float
    lead: float | None
    contained: bool

    @property
    def has_same_lead(self) -> bool:
        return self.lead is not None and self.lead >= _SAME_LEAD


def decide_pair(a: Features, b: Features, boilerplate_leads: Collection[str]) -> PairDecision:
    """Decide one pair; the same answer for (a, b) and (b, a).

    ``boilerplate_leads`` are lead keys that count as absent because they stand under several
    unlike titles.
    """
    if _is_article_against_release(a, b):
        return _decide_article(a, b)
    like = _compare(a, b, boilerplate_leads)
    release = _shared_release(a, b)
    if release and not _is_landing_page(release, a, b, like):
        return _same("same_release", 4.0, release=release)
    veto = _find_veto(a, b, like)
    if veto is not None:
        return veto if _is_related(like) else _unlike(veto)
    return _accept(a, b, like)


def glance(a: Sketch, b: Sketch) -> Sameness | None:
    """What ``decide_pair`` says of two items whose addresses do not mean one release, whatever else
    it is told of them; None where that takes a closer look, as it always does before two are the
    same."""
    common = a.title_map.most(b.title_map)
    # Whoever contains the other's title has all its pieces.
    near = common >= min(a.title_map.many, b.title_map.many)
    like_titles = 2 * common + _SLACK > _RELATED_TITLE * (a.title_map.many + b.title_map.many)
    if _may_have_like_leads(a.lead_map, b.lead_map):
        return None
    return _glance_closer(a.title, b.title) if near or like_titles else Sameness.UNLIKE


def _may_have_like_leads(a: BitMap, b: BitMap) -> bool:
    fewer = min(a.many, b.many)
    return fewer > 0 and a.most(b) + _SLACK > _LIKE_LEAD * fewer


def _glance_closer(a: str, b: str) -> Sameness | None:
    """The same, of two of which at most the titles are alike."""
    likeness = dice(grams(a, TITLE_GRAM), grams(b, TITLE_GRAM))
    if likeness >= _SAME_TITLE or _is_contained(a, b):
        return None
    return Sameness.RELATED if likeness >= _RELATED_TITLE else Sameness.UNLIKE


def _is_contained(a: str, b: str) -> bool:
    """Whether one title is a part of the other, and no short one."""
    shorter, longer = sorted((a, b), key=len)
    return len(shorter) >= _MIN_CONTAINED and shorter in longer


def find_boilerplate(lead_titles: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The lead keys that stand under four or more unlike titles.

    ``lead_titles`` holds for each lead key the normal titles it was seen under.
    """
    return frozenset(lead for lead, titles in lead_titles.items() if _has_unlike_titles(titles))


def _has_unlike_titles(titles: Collection[str]) -> bool:
    kinds: list[frozenset[str]] = []
    for title in sorted(titles):
        shingles = grams(title, TITLE_GRAM)
        if all(dice(shingles, kind) < _LIKE_TITLE for kind in kinds):
            kinds.append(shingles)
        if len(kinds) >= _BOILERPLATE_TITLES:
            return True
    return False


def _shared_release(a: Features, b: Features) -> str:
    """The release that both addresses mean, "" for none: they are equal, or bear one number of the
    policy portal's."""
    if a.number is not None and b.number is not None and a.number.names_same(b.number):
        return a.number.key
    return a.release if a.release == b.release else ""


def _is_landing_page(release: str, a: Features, b: Features, like: _Likeness) -> bool:
    """Whether one feed links unlike entries to one page: then the page is no release's own."""
    if a.feed != b.feed or not release.startswith("url:"):
        return False
    return a.title != b.title and not _is_related(like)


def _is_article_against_release(a: Features, b: Features) -> bool:
    return (a.carries is Carries.ARTICLE) != (b.carries is Carries.ARTICLE)


def _decide_article(a: Features, b: Features) -> PairDecision:
    like = _compare(a, b, ())
    sameness = Sameness.RELATED if _is_related(like) else Sameness.UNLIKE
    return PairDecision(sameness=sameness, rule="veto:article", detail=_figures(like))


def _compare(a: Features, b: Features, boilerplate_leads: Collection[str]) -> _Likeness:
    has_leads = bool(a.lead and b.lead)
    if has_leads and (a.lead_key in boilerplate_leads or b.lead_key in boilerplate_leads):
        has_leads = False
    return _Likeness(
        title=dice(a.title_grams, b.title_grams),
        lead=containment(a.lead_grams, b.lead_grams) if has_leads else None,
        contained=_is_contained(a.title, b.title),
    )


def _find_veto(a: Features, b: Features, like: _Likeness) -> PairDecision | None:
    gap = abs(a.day - b.day)
    if gap > WINDOW:
        return _veto("window", like, days=gap.days)
    is_corrected = (a.is_correction or b.is_correction) and gap <= _CORRECTION_WINDOW
    return (
        (None if is_corrected else _veto_by_numbers(a, b, like))
        or _veto_by_place_or_phase(a, b, like)
        or _veto_by_words(a, b, like)
        or _veto_by_office(a, b, like)
    )


def _veto_by_numbers(a: Features, b: Features, like: _Likeness) -> PairDecision | None:
    for kind in sorted(a.facts.numbers.keys() & b.facts.numbers.keys()):
        left, right = a.facts.numbers[kind], b.facts.numbers[kind]
        if _conflict(left, right):
            return _veto(kind.split()[0], like, a=sorted(left), b=sorted(right))
    return None


def _veto_by_place_or_phase(a: Features, b: Features, like: _Likeness) -> PairDecision | None:
    if _conflict(a.facts.regions, b.facts.regions):
        return _veto("region", like, a=sorted(a.facts.regions), b=sorted(b.facts.regions))
    if a.facts.phase and b.facts.phase and a.facts.phase != b.facts.phase:
        return _veto("phase", like, a=a.facts.phase, b=b.facts.phase)
    markers = _markers_left(a, b) | _markers_left(b, a)
    if markers and not (a.is_truncated or b.is_truncated):
        return _veto("phase", like, only_one=sorted(markers))
    return None


def _veto_by_words(a: Features, b: Features, like: _Likeness) -> PairDecision | None:
    if _share_long_lead(a, b, like):
        return None
    left, right = _words_left(a, b), _words_left(b, a)
    return _veto("names", like, a=left, b=right) if left and right else None


def _veto_by_office(a: Features, b: Features, like: _Likeness) -> PairDecision | None:
    if a.facts.is_personnel and b.facts.is_personnel and a.day != b.day:
        return _veto("personnel", like, days=abs(a.day - b.day).days)
    if a.body and a.body == b.body and _gap(a, b) > _SAME_OFFICE_WINDOW and not like.has_same_lead:
        return _veto("same_office_later", like, hours=round(_gap(a, b) / timedelta(hours=1)))
    return None


def _accept(a: Features, b: Features, like: _Likeness) -> PairDecision:
    figures = _figures(like)
    unlike_leads = like.lead is not None and like.lead < _UNLIKE_LEAD
    if a.title and a.title == b.title:
        return _same("same_title", 3.0 + (like.lead or 0.0), **figures)
    if like.has_same_lead:
        return _same("same_lead", 2.0 + like.title, **figures)
    if like.title >= _SAME_TITLE and not unlike_leads:
        return _same("like_titles", 1.5 + like.title / 2, **figures)
    if like.contained and not unlike_leads:
        return _same("title_contained", 1.0 + like.title / 2, **figures)
    if like.lead is not None and like.title >= _LIKE_TITLE and like.lead >= _LIKE_LEAD:
        return _same("title_and_lead", (like.title + like.lead) / 2, **figures)
    sameness = Sameness.RELATED if _is_related(like) else Sameness.UNLIKE
    return PairDecision(sameness=sameness, rule="likeness", detail=figures)


def dice(a: frozenset[str], b: frozenset[str]) -> float:
    """Twice the share of what two sets have in common, 0 to 1."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def containment(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of the smaller set that is in the larger one, 0 to 1."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


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


def _share_long_lead(a: Features, b: Features, like: _Likeness) -> bool:
    """Whether the leads are equal and too long for a template that only changes a name."""
    is_long = min(len(a.lead), len(b.lead)) >= _LONG_LEAD
    return is_long and like.lead is not None and like.lead >= _EQUAL_LEAD


def _gap(a: Features, b: Features) -> timedelta:
    if a.at is not None and b.at is not None:
        return abs(a.at - b.at)
    return abs(a.day - b.day)


def _is_related(like: _Likeness) -> bool:
    return like.title >= _RELATED_TITLE or like.contained or (like.lead or 0.0) >= _LIKE_LEAD


def _figures(like: _Likeness) -> dict[str, object]:
    figures: dict[str, object] = {"title": round(like.title, 3)}
    if like.lead is not None:
        figures["lead"] = round(like.lead, 3)
    return figures


def _same(rule: str, strength: float, **detail: object) -> PairDecision:
    return PairDecision(
        sameness=Sameness.SAME, rule=rule, detail=detail, strength=round(strength, 4)
    )


def _veto(rule: str, like: _Likeness, **detail: object) -> PairDecision:
    return PairDecision(
        sameness=Sameness.RELATED, rule=f"veto:{rule}", detail={**detail, **_figures(like)}
    )


def _unlike(veto: PairDecision) -> PairDecision:
    return PairDecision(sameness=Sameness.UNLIKE, rule=veto.rule, detail=veto.detail)
