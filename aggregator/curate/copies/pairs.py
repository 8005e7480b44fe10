"""Whether two items are one release: vetoes first, then what makes them the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from aggregator.curate.copies.amounts import amounts_in
from aggregator.curate.copies.features import TITLE_GRAM, Features, grams
from aggregator.curate.copies.likeness import (
    LIKE_LEAD,
    LIKE_TITLE,
    REWORDED_TITLE,
    SAME_TITLE,
    SAME_TOPIC,
    UNLIKE_LEAD,
    Likeness,
    compare,
    dice,
    is_correction,
)
from aggregator.curate.copies.telling import are_about, differ_in_facts, have_same_words
from aggregator.curate.copies.vetoes import (
    RETOLD_WINDOW,
    Veto,
    find_veto,
    have_one_text,
    is_another_office,
    is_retold,
    is_told_apart,
    is_vetoed,
)
from aggregator.domain.feeds import Carries

_SPEAKING_LEAD = 120
"""A lead of so many characters is no stock sentence."""

_MIN_TITLE = 12
"""A shorter title may be chosen by two offices for two things, if their leads are unlike."""

_BY_ADDRESS = 4.0
"""How strong one address is."""

BOILERPLATE_TITLES = 4
"""Unlike titles above a lead that says nothing."""

_DIGITS = re.compile(r"\d+")


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


_SOME_VETO = "veto:any"
"""What a glance calls whichever veto it met; ``decide_pair`` names it."""

_RELATED = PairDecision(sameness=Sameness.RELATED, rule="")
_UNLIKE = PairDecision(sameness=Sameness.UNLIKE, rule="")
_RELATED_APART = PairDecision(sameness=Sameness.RELATED, rule=_SOME_VETO)
_APART = PairDecision(sameness=Sameness.UNLIKE, rule=_SOME_VETO)


def decide_pair(a: Features, b: Features, boilerplate_leads: Collection[str]) -> PairDecision:
    """Decide one pair; the same answer for (a, b) and (b, a).

    ``boilerplate_leads`` are lead keys that count as absent because they stand under several
    unlike titles.
    """
    if _is_article_against_release(a, b):
        return _decide_article(a, b)
    like = compare(a, b, boilerplate_leads)
    if release := _one_release(a, b, like):
        return _same("same_release", _BY_ADDRESS, release=release)
    veto = find_veto(a, b, like)
    return _accept(a, b, like) if veto is None else _vetoed(veto, like)


def glance_at_pair(a: Features, b: Features, boilerplate_leads: Collection[str]) -> PairDecision:
    """What ``decide_pair`` comes to where the two are the same, and else how they stand to each other,
    for less: most pairs are alike in too little to be one release, and then no veto is asked for,
    whose rule alone ``decide_pair`` would name. Where one was asked for the decision is a veto here,
    too, whichever it is."""
    if _is_article_against_release(a, b):
        return _decide_article(a, b)
    like = compare(a, b, boilerplate_leads)
    if release := _one_release(a, b, like):
        return _same("same_release", _BY_ADDRESS, release=release)
    found = _accept(a, b, like)
    if found.sameness is Sameness.SAME:
        if not is_vetoed(a, b, like):
            return found
        return _RELATED_APART if like.is_related else _APART
    return _RELATED if like.is_related else _UNLIKE


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
    if is_told_apart(a, b, like):
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
    if len(titles) < BOILERPLATE_TITLES:
        return False
    kinds: list[frozenset[str]] = []
    for title in sorted(titles):
        shingles = grams(title, TITLE_GRAM)
        if all(dice(shingles, kind) < LIKE_TITLE for kind in kinds):
            kinds.append(shingles)
        if len(kinds) >= BOILERPLATE_TITLES:
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
    is_slight = len(a.title) < _MIN_TITLE and unlike_leads and is_another_office(a, b)
    if a.title and a.title == b.title and not is_slight:
        return "same_title", 3.0 + (like.lead or 0.0)
    if like.has_same_lead and _speaks(a, b, like):
        return "same_lead", 2.0 + like.title
    if unlike_leads:
        return None
    if like.title >= SAME_TITLE:
        return "like_titles", 1.5 + like.title / 2
    return ("title_contained", 1.0 + like.title / 2) if like.contained else None


def _is_title_corrected(a: Features, b: Features) -> bool:
    """Whether one title is the other one with another count in it, and of the same time and turn."""
    if not is_correction(a, b) or _DIGITS.sub("", a.title) != _DIGITS.sub("", b.title):
        return False
    one, other = a.facts.numbers, b.facts.numbers
    return all(
        one.get(kind) == other.get(kind)
        for kind in one.keys() | other.keys()
        if not kind.startswith("count ")
    )


def _accept_leads(a: Features, b: Features, like: Likeness) -> tuple[str, float] | None:
    """The rule by which title and lead together, or the words of either, show one release."""
    if like.lead is not None and like.title >= LIKE_TITLE and like.lead >= LIKE_LEAD:
        return "title_and_lead", (like.title + like.lead) / 2
    if abs(a.day - b.day) > RETOLD_WINDOW:
        return None
    if like.title >= REWORDED_TITLE:
        if _is_reworded(a, b, like):
            return "same_words", 1.0 + like.title / 2
        if like.lead is None and _is_title_corrected(a, b):
            return "like_titles", 1.5 + like.title / 2
    return ("retold", 0.5 + like.title / 2) if is_retold(a, b, like) else None


def _speaks(a: Features, b: Features, like: Likeness) -> bool:
    """Whether a shared lead is known to be no stock sentence: the titles have a topic in common, it
    is long, is about both, or is one text of one day that counts something."""
    if like.title >= SAME_TOPIC or like.contained:
        return True
    if min(len(a.lead), len(b.lead)) >= _SPEAKING_LEAD or are_about(a, b):
        return True
    return a.day == b.day and have_one_text(a, b, like) and any(amounts_in(a.told))


def _is_reworded(a: Features, b: Features, like: Likeness) -> bool:
    """Whether two titles are one in other forms of its words, where a lead does not say otherwise."""
    if like.lead is not None and like.lead < LIKE_LEAD:
        return False
    if a.facts.phase != b.facts.phase or (a.home and b.home and is_another_office(a, b)):
        return False
    return have_same_words(a, b) and not differ_in_facts(a, b)


def _figures(like: Likeness) -> dict[str, object]:
    figures: dict[str, object] = {"title": round(like.title, 3)}
    if like.lead is not None:
        figures["lead"] = round(like.lead, 3)
    return figures


def _same(rule: str, strength: float, **detail: object) -> PairDecision:
    return PairDecision(
        sameness=Sameness.SAME, rule=rule, detail=detail, strength=round(strength, 4)
    )


def _vetoed(veto: Veto, like: Likeness) -> PairDecision:
    rule, about = veto
    return PairDecision(
        sameness=Sameness.RELATED if like.is_related else Sameness.UNLIKE,
        rule=f"veto:{rule}",
        detail={**about, **_figures(like)},
    )
