"""The rules that choose a section: word groups with weights, a topic gate, sections with scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries

FIELDS = ("title", "summary", "content")
"""The fields of an item that rules look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Words that count the same. ``weight`` is the points per hit before the field's factor;
    a word that starts with ``re:`` is a regular expression."""

    id: str
    weight: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTest:
    """``core`` or ``core@title``: the group has a hit, in ``field`` where that is not ""."""

    group: str
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """``core+tech``: all of the tests hold."""

    tests: tuple[GroupTest, ...]

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read ``group``, ``group@field`` and ``a+b``. Names are checked by the configuration."""
        tests = []
        for part in text.split("+"):
            group, _, place = part.strip().partition("@")
            tests.append(GroupTest(group=group, field=place))
        return cls(tests=tuple(tests))

    @property
    def words(self) -> str:
        """The condition in plain English: "a word of core in the title and one of tech"."""
        first, *others = (
            f"of {test.group}" + (f" in the {test.field}" if test.field else "")
            for test in self.tests
        )
        return " and ".join((f"a word {first}", *(f"one {other}" for other in others)))

    def __str__(self) -> str:
        return "+".join(f"{t.group}@{t.field}" if t.field else t.group for t in self.tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """The gate: the points of ``groups`` reach ``threshold`` and one of ``must_any`` holds."""

    groups: tuple[str, ...]
    must_any: tuple[Condition, ...]
    threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRule:
    """Which stories belong in a section.

    Scope: ``levels``, ``bodies``, ``regions`` and ``carries``, empty meaning any, all of which must
    fit; ``not_bodies`` and ``not_regions`` never do. ``must_any`` are further conditions that open the topic gate for this section, ``topic_threshold`` replaces the gate's.
    ``require`` is an AND of ORs, ``none`` refuses on any hit of these conditions, ``none_words``
    on any of these words in the title; ``bonus`` groups and ``bonus_levels`` add points;
    ``threshold`` must be reached. Higher ``priority`` wins a tie.
    """

    id: str
    levels: frozenset[Level] = frozenset()
    bodies: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    carries: frozenset[Carries] = frozenset()
    not_bodies: frozenset[str] = frozenset()
    not_regions: frozenset[str] = frozenset()
    must_any: tuple[Condition, ...] = ()
    require: tuple[tuple[Condition, ...], ...] = ()
    none: tuple[Condition, ...] = ()
    none_words: tuple[str, ...] = ()
    bonus: tuple[str, ...] = ()
    bonus_levels: Mapping[Level, float] = field(default_factory=dict)
    topic_threshold: float | None = None
    threshold: float = 0.0
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """All rules of one series. ``field_weights`` by field; ``group_cap`` distinct words of a group
    count per field; ``masks`` are longer words that swallow the words they cover; ``hash``
    identifies the rules, so that a change makes old placements due again."""

    field_weights: Mapping[str, float]
    group_cap: int
    masks: tuple[str, ...]
    groups: tuple[Group, ...]
    topic: Topic
    sections: tuple[SectionRule, ...]
    hash: str
