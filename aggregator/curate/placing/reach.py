"""What the rules of a section can come to at best, so that one that never fires is known for it.

Everything here errs towards what a story may reach: what is called out of reach is so for every
story, whatever its words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import FIELDS, Condition, GroupTest, RuleSet, SectionRule

_ROUNDING = 0.001
"""Points are rounded to three places, so that a bound missed by less may be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What stories can reach by ``rules``. ``words`` is how many words of each group can count."""

    rules: RuleSet
    words: Mapping[str, int]

    def idle_group(self, condition: Condition) -> str:
        """A group of the condition that no story can hit, so that it never holds; "" where there is
        none. A group named like what a feed may carry can be hit without words."""
        carried = {carries.value for carries in Carries}
        for test in condition.tests:
            if not self.words.get(test.group, 0) and test.group not in carried:
                return test.group
        return ""

    def topic_points(self, section: SectionRule | None = None) -> float:
        """The most points for the topic gate, of stories that ``section`` does not refuse."""
        groups = self.rules.topic.groups
        return max((self._sum(groups, section, c) for c in carries_left(section)), default=0.0)

    def points(self, section: SectionRule) -> float:
        """The most points that the section can give a story which it does not refuse."""
        groups = (*self.rules.topic.groups, *section.bonus)
        words = max((self._sum(groups, section, c) for c in carries_left(section)), default=0.0)
        levels = section.levels or frozenset(Level)
        return round(words + max(section.bonus_levels.get(level, 0.0) for level in levels), 3)

    def _sum(self, groups: Iterable[str], section: SectionRule | None, carries: Carries) -> float:
        return round(sum(self._most(group, section, carries) for group in groups), 3)

    def _most(self, name: str, section: SectionRule | None, carries: Carries) -> float:
        """The most points of one group; a group of negative weight need not be hit."""
        closed = _closed_fields(name, section)
        group = next(group for group in self.rules.groups if group.id == name)
        counted = min(self.rules.group_cap, self.words.get(name, 0))
        points = 0.0
        for field in FIELDS:
            factor = self.rules.field_weights.get(field, 0.0)
            if field not in closed:
                points += max(0.0, round(group.weight * factor, 3) * counted)
        if name == carries.value:
            points += round(group.weight * self.rules.field_weights.get("title", 1.0), 3)
        return points


def falls_short(points: float, needed: float) -> bool:
    """Whether a bound is beyond doubt below what is needed."""
    return points + _ROUNDING < needed


def refuses(section: SectionRule, condition: Condition) -> Condition | None:
    """The condition of ``none`` that holds for every story for which ``condition`` holds."""
    return next((one for one in section.none if _implies(condition, one)), None)


def carries_left(section: SectionRule | None) -> Collection[Carries]:
    """What a feed may carry whose stories the section does not refuse for that alone."""
    if section is None:
        return tuple(Carries)
    refused = {c.tests[0].group for c in section.none if len(c.tests) == 1}
    allowed = section.carries or frozenset(Carries)
    return [carries for carries in Carries if carries in allowed and carries.value not in refused]


def always_loses(rules: RuleSet, rank: int) -> SectionRule | None:
    """The section that takes every story that the section at ``rank`` could take.

    It asks for nothing that this one does not ask for, adds the same points, and needs fewer, or as
    many and wins the tie.
    """
    loser = rules.sections[rank]
    for place, other in enumerate(rules.sections):
        if (
            place != rank
            and _asks_no_more(other, loser, rules)
            and _adds_the_same(other, loser)
            and _wins(other, loser, is_earlier=place < rank)
        ):
            return other
    return None


def _closed_fields(group: str, section: SectionRule | None) -> Collection[str]:
    """Fields in which a hit of the group refuses the story."""
    closed: set[str] = set()
    for condition in section.none if section else ():
        if len(condition.tests) == 1 and condition.tests[0].group == group:
            field = condition.tests[0].field
            closed.update([field] if field else FIELDS)
    return closed


def _implies(condition: Condition, other: Condition) -> bool:
    """Whether ``other`` holds wherever ``condition`` does."""
    return all(any(_is_narrower(own, test) for own in condition.tests) for test in other.tests)


def _is_narrower(test: GroupTest, other: GroupTest) -> bool:
    return test.group == other.group and other.field in {"", test.field}


def _asks_no_more(other: SectionRule, loser: SectionRule, rules: RuleSet) -> bool:
    scopes: Sequence[tuple[Collection[object], Collection[object]]] = (
        (other.levels, loser.levels),
        (other.bodies, loser.bodies),
        (other.regions, loser.regions),
        (other.carries, loser.carries),
    )
    gate = (*rules.topic.must_any, *other.must_any)
    return (
        all(not wide or (narrow and set(narrow) <= set(wide)) for wide, narrow in scopes)
        and other.not_bodies <= loser.not_bodies
        and other.not_regions <= loser.not_regions
        and (not gate or bool(rules.topic.must_any or loser.must_any))
        and all(any(_implies(own, one) for one in gate) for own in loser.must_any if gate)
        and all(_is_asked(either, loser) for either in other.require)
        and all(any(_implies(one, own) for own in loser.none) for one in other.none)
        and set(other.none_words) <= set(loser.none_words)
        and _gate(other, rules) <= _gate(loser, rules)
    )


def _is_asked(either: Sequence[Condition], loser: SectionRule) -> bool:
    """Whether one of the loser's requirements already makes one of ``either`` hold."""
    return any(
        all(any(_implies(own, one) for one in either) for own in required)
        for required in loser.require
    )


def _gate(section: SectionRule, rules: RuleSet) -> float:
    own = section.topic_threshold
    return rules.topic.threshold if own is None else own


def _adds_the_same(other: SectionRule, loser: SectionRule) -> bool:
    levels = loser.levels or frozenset(Level)
    return sorted(other.bonus) == sorted(loser.bonus) and all(
        other.bonus_levels.get(level, 0.0) == loser.bonus_levels.get(level, 0.0) for level in levels
    )


def _wins(other: SectionRule, loser: SectionRule, *, is_earlier: bool) -> bool:
    if other.threshold != loser.threshold:
        return other.threshold < loser.threshold
    if other.priority != loser.priority:
        return other.priority > loser.priority
    return is_earlier
