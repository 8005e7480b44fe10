"""How alike two items' titles and leads are, and from where that means something."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from aggregator.curate.copies.features import Features
from aggregator.curate.copies.telling import differ_in_numbers

EQUAL_LEAD = 0.97
"""From here two leads are the same to the letter, but for what a portal or an editor cut."""

SAME_LEAD = 0.75
RETOLD_LEAD = 0.55
"""From here it is looked whether two leads say the same in other words."""

LIKE_LEAD = 0.45
UNLIKE_LEAD = 0.12

SAME_TITLE = 0.86
REWORDED_TITLE = 0.5
"""From here it is looked whether two titles have the same words."""

LIKE_TITLE = 0.5
RELATED_TITLE = 0.4
SAME_TOPIC = 0.3

_MIN_CONTAINED = 9
_CORRECTION_WINDOW = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike titles and leads are, 0 to 1; ``lead`` is None where one side has none.
    ``contained`` is whether one title is a part of the other, ``has_same_lead`` whether the leads
    are one text with the same figures."""

    title: float
    lead: float | None
    contained: bool
    has_same_lead: bool

    @property
    def has_equal_lead(self) -> bool:
        """Whether that text is the same to the letter."""
        return self.has_same_lead and self.lead is not None and self.lead >= EQUAL_LEAD

    @property
    def is_related(self) -> bool:
        """Whether a reader of one may want to see the other."""
        if self.title >= RELATED_TITLE or self.contained:
            return True
        return self.lead is not None and self.lead >= LIKE_LEAD


def compare(a: Features, b: Features, boilerplate_leads: Collection[str]) -> Likeness:
    """How alike two items are; ``boilerplate_leads`` are lead keys that count as absent."""
    has_leads = bool(a.lead and b.lead)
    if has_leads and (a.lead_key in boilerplate_leads or b.lead_key in boilerplate_leads):
        has_leads = False
    lead = _shared(a, b) if has_leads else None
    is_same = lead is not None and lead >= SAME_LEAD
    if is_same and differ_in_numbers(a, b):
        is_same = is_correction(a, b)
    return Likeness(
        title=_likeness_of_titles(a, b),
        lead=lead,
        contained=_is_contained(a.title, b.title),
        has_same_lead=is_same,
    )


# Most copies are equal to the letter, or one is cut, which is seen without their pieces.
def _likeness_of_titles(a: Features, b: Features) -> float:
    return 1.0 if a.title and a.title == b.title else dice(a.title_grams, b.title_grams)


def _shared(a: Features, b: Features) -> float:
    if a.lead in b.lead or b.lead in a.lead:
        return 1.0
    return containment(a.lead_grams, b.lead_grams)


def is_correction(a: Features, b: Features) -> bool:
    """Whether one may replace the other, with other figures."""
    return (a.is_correction or b.is_correction) and abs(a.day - b.day) <= _CORRECTION_WINDOW


def dice(a: frozenset[str], b: frozenset[str]) -> float:
    """Twice the share of what two sets have in common, 0 to 1."""
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def containment(a: frozenset[str], b: frozenset[str]) -> float:
    """The share of the smaller set that is in the larger one, 0 to 1."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _is_contained(a: str, b: str) -> bool:
    """Whether one title is a part of the other, and no short one."""
    shorter, longer = (a, b) if len(a) <= len(b) else (b, a)
    return len(shorter) >= _MIN_CONTAINED and shorter in longer
