"""Which bodies and feeds a section is open to."""

from __future__ import annotations

import pytest

from aggregator.config.bodies import shipped_bodies
from aggregator.curate.matching.scope import out_of_scope
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import SectionRule

BODIES = shipped_bodies()


def why(rule: SectionRule, body: str, carries: Carries = Carries.PRESS) -> str:
    one = BODIES[body]
    return out_of_scope(rule, level=one.level, body=one.id, region=one.home_region, carries=carries)


@pytest.mark.parametrize(
    ("rule", "body", "expected"),
    [
        (SectionRule(id="s"), "molit", ""),
        (SectionRule(id="s", regions=frozenset({"gyeonggi"})), "suwon", ""),
        (SectionRule(id="s", regions=frozenset({"gyeonggi"})), "gyeonggi", ""),
        (SectionRule(id="s", regions=frozenset({"gyeonggi"})), "seoul", "region seoul is outside"),
        (SectionRule(id="s", regions=frozenset({"gyeonggi"})), "molit", "without a region"),
        (SectionRule(id="s", not_regions=frozenset({"gyeonggi"})), "suwon", "region gyeonggi is"),
        (SectionRule(id="s", not_regions=frozenset({"gyeonggi"})), "molit", ""),
        (SectionRule(id="s", not_bodies=frozenset({"suwon"})), "suwon", "body suwon is excluded"),
        (SectionRule(id="s", not_bodies=frozenset({"suwon"})), "seongnam", ""),
        (SectionRule(id="s", levels=frozenset({Level.CITY})), "molit", "level ministry"),
        (SectionRule(id="s", bodies=frozenset({"molit"})), "suwon", "body suwon is outside"),
        (SectionRule(id="s", carries=frozenset({Carries.VIDEO})), "molit", "the feed carries"),
    ],
)
def test_scope(rule: SectionRule, body: str, expected: str) -> None:
    """All parts must fit; a first-level government lies in its own region; what is excluded stays out."""
    found = why(rule, body)
    assert expected in found
    assert bool(expected) == bool(found)
