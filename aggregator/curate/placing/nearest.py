"""Which section came nearest to taking a story that none took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aggregator.curate.matching.sections import STAGES, Obstacle
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import Condition, RuleSet, SectionRule

_KINDS = frozenset({Carries.VIDEO.value, Carries.PAPER.value, Carries.EVENT.value})
"""Groups that say what kind of thing a story is. A release is none of these for want of a word."""


def nearest_section(trace: Mapping[str, Any], rules: RuleSet) -> str | None:
    """The one that stopped the story last (scope, topic, words, points), then the one that lacks
    the fewest points. Sections for another kind of thing (they require a video, a paper or an event,
    and nothing says that it is one) come behind all others whose scope fits; where no scope fits it
    is the runner-up of the ``trace``, which says nothing."""
    groups = {str(hit["group"]) for hit in trace["hits"]}
    outcomes: Mapping[str, Mapping[str, Any]] = trace["sections"]
    ranked = [
        (
            _is_of_another_kind(rule, groups),
            -STAGES[Obstacle(outcome["obstacle"])],
            outcome["threshold"] - outcome["score"],
            number,
            rule.id,
        )
        for number, rule in enumerate(rules.sections)
        if (outcome := outcomes.get(rule.id)) and outcome["obstacle"] not in {None, Obstacle.SCOPE}
    ]
    runner_up: str | None = trace["runner_up"]
    return min(ranked)[-1] if ranked else runner_up


def _is_of_another_kind(rule: SectionRule, groups: set[str]) -> bool:
    """Whether all alternatives of something that it requires ask for a kind that the story is not."""
    return any(
        all(_asks_for_kind(one, groups) for one in alternatives) for alternatives in rule.require
    )


def _asks_for_kind(condition: Condition, groups: set[str]) -> bool:
    return any(test.group in _KINDS and test.group not in groups for test in condition.tests)
