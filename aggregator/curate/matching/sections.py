"""The sections of a rule set, compiled: conditions are sets of bits, what an office and the kind of
its feed decide alone is decided once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from aggregator.curate.matching.scope import out_of_scope
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import FIELDS, Condition, GroupTest, RuleSet, SectionRule

FEED_FIELD = "feed"
"""The field of the hit that an item has because of what its feed carries."""

_KEPT = 4096


class Obstacle(StrEnum):
    """What kept a story out of a section, in the order in which it is looked for: a story that
    failed at a later one came nearer."""

    SCOPE = "scope"
    """Its office or its feed is none of the section's."""
    TOPIC = "topic"
    """No condition of the topic gate holds."""
    TOPIC_POINTS = "topic_points"
    """The words of the topic have too few points."""
    REQUIRED = "required"
    """The section asks for words that it has not."""
    REFUSED = "refused"
    """It has words that the section refuses."""
    POINTS = "points"
    """It stays below the section's threshold."""


STAGES = {obstacle: place for place, obstacle in enumerate(Obstacle)}
"""How far a story came before each."""

Stage = tuple[str, int]
"""An obstacle, and how far a story came that it stopped (with a minus)."""

Stopped = tuple[str, int, str]
"""The same with the sentence about it."""


def stage(obstacle: Obstacle) -> Stage:
    """The stage of an obstacle."""
    return obstacle.value, -STAGES[obstacle]


Bits = tuple[int, ...]
"""Conditions that are alternatives: each holds where all its bits are there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section's conditions as bits, and what is said where one of them decides.

    ``needed`` and ``topic_needed`` are the thresholds in words. One of ``gate`` or of the topic's own
    conditions must hold where ``is_gated``. ``titles`` are words that refuse in a title, case folded.
    """

    id: str
    threshold: float
    needed: str
    order: tuple[int, int]
    is_gated: bool
    gate: Bits
    topic_threshold: float
    topic_needed: str
    require: tuple[tuple[Bits, Stopped], ...]
    none: tuple[tuple[int, Condition], ...]
    titles: tuple[tuple[str, str], ...]
    bonus: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known of a story before its words are looked at.

    ``sections`` has with each section what keeps this office out, None where nothing does, and the
    points that it has there. ``feed_group`` is the group that is hit because the feed carries that.
    """

    level: str
    carries: str
    sections: tuple[tuple[Section, Stopped | None, float], ...]
    feed_group: str | None
    feed_points: float


class Opening(NamedTuple):
    """What the bits of a story decide alone: the conditions that hold, of those that open a gate, and
    for each section, where that is so, that its gate is shut and what it requires in vain."""

    held: tuple[str, ...]
    sections: tuple[tuple[Stopped | None, Stopped | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """All sections of one rule set. ``marks`` are the bits that a hit sets, by field and group;
    ``gate`` has the topic's own conditions, ``conditions`` all those that open a gate, in the order in
    which they are tried."""

    rules: RuleSet
    sections: tuple[Section, ...]
    marks: Mapping[str, Mapping[str, int]]
    gate: Bits
    conditions: tuple[tuple[int, str], ...]
    _settings: dict[tuple[Level, str, str, Carries], Setting] = field(default_factory=dict)
    _openings: dict[int, Opening] = field(default_factory=dict)

    def setting(self, level: Level, body: str, region: str, carries: Carries) -> Setting:
        """What these four decide."""
        key = (level, body, region, carries)
        known = self._settings.get(key)
        if known is None:
            known = _setting(self, level, body, region, carries)
            if len(self._settings) < _KEPT:
                self._settings[key] = known
        return known

    def opening(self, bits: int) -> Opening:
        """What these bits decide."""
        known = self._openings.get(bits)
        if known is None:
            known = _opening(self, bits)
            if len(self._openings) < _KEPT:
                self._openings[bits] = known
        return known


def _opening(sections: Sections, bits: int) -> Opening:
    is_on_topic = _any_holds(sections.gate, bits)
    shut = (*stage(Obstacle.TOPIC), "no condition of the topic holds")
    return Opening(
        held=tuple(
            text for condition, text in sections.conditions if bits & condition == condition
        ),
        sections=tuple(
            (
                None if is_on_topic or _is_open(section, bits) else shut,
                next(
                    (why for either, why in section.require if not _any_holds(either, bits)), None
                ),
            )
            for section in sections.sections
        ),
    )


def _is_open(section: Section, bits: int) -> bool:
    return not section.is_gated or _any_holds(section.gate, bits)


def _any_holds(conditions: Bits, bits: int) -> bool:
    return any(bits & condition == condition for condition in conditions)


def compile_sections(ruleset: RuleSet) -> Sections:
    """Compile the topic's and the sections' conditions."""
    bits = _Numbers(ruleset)
    topic = ruleset.topic
    every = topic.must_any + tuple(c for section in ruleset.sections for c in section.must_any)
    return Sections(
        rules=ruleset,
        sections=tuple(
            _section(rule, rank, ruleset, bits) for rank, rule in enumerate(ruleset.sections)
        ),
        marks={
            name: {group.id: bits.of_hit(group.id, name) for group in ruleset.groups}
            for name in (*FIELDS, FEED_FIELD)
        },
        gate=tuple(map(bits.of, topic.must_any)),
        conditions=tuple((bits.of(one), str(one)) for one in dict.fromkeys(every)),
    )


class _Numbers:
    """Which bit stands for which test."""

    def __init__(self, ruleset: RuleSet) -> None:
        self._bits: dict[GroupTest, int] = {}
        for condition in _all_conditions(ruleset):
            for test in condition.tests:
                self._bits.setdefault(test, 1 << len(self._bits))

    def of(self, condition: Condition) -> int:
        """The bits of all tests of a condition."""
        return self._union(condition.tests)

    def of_hit(self, group: str, name: str) -> int:
        """The bits that a hit of a group in a field sets; what a feed carries is in every field."""
        return self._union(
            test
            for test in self._bits
            if test.group == group and (name == FEED_FIELD or test.field in {"", name})
        )

    def _union(self, tests: Iterable[GroupTest]) -> int:
        bits = 0
        for test in tests:
            bits |= self._bits[test]
        return bits


def _all_conditions(ruleset: RuleSet) -> Iterator[Condition]:
    yield from ruleset.topic.must_any
    for section in ruleset.sections:
        yield from section.must_any
        yield from section.none
        for alternatives in section.require:
            yield from alternatives


def _section(rule: SectionRule, rank: int, ruleset: RuleSet, bits: _Numbers) -> Section:
    topic = ruleset.topic
    required = stage(Obstacle.REQUIRED)
    needed = topic.threshold if rule.topic_threshold is None else rule.topic_threshold
    return Section(
        id=rule.id,
        threshold=rule.threshold,
        needed=f"{rule.threshold:g} needed",
        order=(-rule.priority, rank),
        is_gated=bool(topic.must_any or rule.must_any),
        gate=tuple(map(bits.of, rule.must_any)),
        topic_threshold=needed,
        topic_needed=f"{needed:g} needed",
        require=tuple(
            (
                tuple(map(bits.of, either)),
                (*required, f"asks for {' or '.join(condition.words for condition in either)}"),
            )
            for either in rule.require
        ),
        none=tuple((bits.of(condition), condition) for condition in rule.none),
        titles=tuple(
            (word.casefold(), f"refused by the word {word} in the title")
            for word in rule.none_words
        ),
        bonus=rule.bonus,
    )


def _setting(sections: Sections, level: Level, body: str, region: str, carries: Carries) -> Setting:
    rules = sections.rules
    group = next((group for group in rules.groups if group.id == carries.value), None)
    factor = rules.field_weights.get("title", 1.0)
    scope = stage(Obstacle.SCOPE)
    return Setting(
        level=level.value,
        carries=carries.value,
        sections=tuple(
            (
                section,
                (*scope, why) if why else None,
                rule.bonus_levels.get(level, 0.0),
            )
            for section, rule in zip(sections.sections, rules.sections, strict=True)
            for why in [out_of_scope(rule, level=level, body=body, region=region, carries=carries)]
        ),
        feed_group=group.id if group else None,
        feed_points=round(group.weight * factor, 3) if group else 0.0,
    )
