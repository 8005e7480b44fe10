"""Whether a section is open to the stories of a body and a feed."""

from __future__ import annotations

from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import SectionRule


def out_of_scope(
    rule: SectionRule, *, level: Level, body: str, region: str, carries: Carries
) -> str:
    """Why a story is outside the section's scope; "" where it is inside.

    ``level``, ``body`` and ``region`` ("" for national bodies) are of the issuing body, ``carries``
    of its feed.
    """
    if rule.levels and level not in rule.levels:
        return f"level {level} is outside its scope"
    if rule.bodies and body not in rule.bodies:
        return f"body {body} is outside its scope"
    if rule.regions and region not in rule.regions:
        where = f"region {region}" if region else "a body without a region"
        return f"{where} is outside its scope"
    if rule.carries and carries not in rule.carries:
        return f"the feed carries {carries}, which is outside its scope"
    return _excluded(rule, body, region)


def _excluded(rule: SectionRule, body: str, region: str) -> str:
    if body in rule.not_bodies:
        return f"body {body} is excluded from it"
    if region in rule.not_regions:
        return f"region {region} is excluded from it"
    return ""
