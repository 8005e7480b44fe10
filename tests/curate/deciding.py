"""Two items of two feeds, decided as folding does with the offices that are shipped."""

from __future__ import annotations

from aggregator.config.bodies import shipped_bodies
from aggregator.curate.copies.features import FeatureContext, features
from aggregator.curate.copies.office_names import build_aliases, offices_of
from aggregator.curate.copies.pairs import PairDecision, Sameness, decide_pair, glance_at_pair
from aggregator.curate.gazetteer import homes_of
from tests.curate.make import make_item

BODIES = shipped_bodies().values()
CONTEXT = FeatureContext(
    aliases=build_aliases(BODIES), homes=homes_of(BODIES), offices=offices_of(BODIES)
)


def decide(
    a: str,
    b: str,
    *,
    lead: str | tuple[str, str] = "",
    bodies: tuple[str, str] = ("mof", "mcst"),
    hours: float = 3,
) -> PairDecision:
    """What becomes of two items of two feeds; the second comes so many hours later."""
    leads = (lead, lead) if isinstance(lead, str) else lead
    one = features(make_item(1, a, summary=leads[0], body=bodies[0], feed="one"), CONTEXT)
    other = features(
        make_item(2, b, summary=leads[1], body=bodies[1], feed="other", hours=hours), CONTEXT
    )
    forth, back = decide_pair(one, other, ()), decide_pair(other, one, ())
    assert (forth.sameness, forth.rule) == (back.sameness, back.rule)
    glance = glance_at_pair(one, other, ())
    assert forth.sameness is glance.sameness
    assert forth == glance or not is_same(forth)
    assert forth.is_veto or not glance.is_veto
    return forth


def is_same(decision: PairDecision) -> bool:
    return decision.sameness is Sameness.SAME
