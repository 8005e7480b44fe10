"""The section of a story, decided from its words, its office and what its feed carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.curate.words import Hit, Matcher, find_hits
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import FIELDS, Condition, GroupTest, SectionRule
from aggregator.domain.stories import Placement

FEED_FIELD = "feed"
"""The field of the hit that an item has because of what its feed carries."""

_TITLE_REACH = 500
_TEXT_REACH = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyInput:
    """What is looked at, all of it plain text, the first 500 characters of the title and 4000 of
    the rest. ``level`` and ``body`` are of the issuing body,
    ``carries`` of the primary item's feed."""

    title: str
    summary: str
    content: str
    level: Level
    body: str
    carries: Carries
    language: str = "ko"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What the words of one story came to."""

    hits: tuple[Hit, ...]
    points: Mapping[str, float]
    places: Mapping[str, frozenset[str]]
    topic_points: float

    def holds(self, test: GroupTest) -> bool:
        places = self.places.get(test.group, frozenset())
        return bool(places) if not test.field else bool(places & {test.field, FEED_FIELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """How one section answered. ``score`` is in points."""

    rule: SectionRule
    rank: int
    score: float
    passed: bool
    why: str

    @property
    def order(self) -> tuple[float, int, int]:
        """Best margin first, then priority, then the order of the rules."""
        return (self.rule.threshold - self.score, -self.rule.priority, self.rank)


def classify(texts: ClassifyInput, rules: Matcher) -> Placement:
    """Place a story: the section that passes with the widest margin over its threshold.

    Deterministic, and the same for the same words. A group named like a value of ``Carries``
    (``video``, ``paper``, ``event``) is also hit, in every field, when the feed carries that.
    """
    facts = _gather(texts, rules)
    outcomes = [
        _judge(section, rank, texts, facts, rules)
        for rank, section in enumerate(rules.rules.sections)
    ]
    passed = sorted((o for o in outcomes if o.passed), key=lambda o: o.order)
    failed = sorted((o for o in outcomes if not o.passed), key=lambda o: o.order)
    winner = passed[0] if passed else None
    best = winner or (failed[0] if failed else None)
    return Placement(
        section=winner.rule.id if winner else None,
        score=round(best.score, 2) if best else 0.0,
        ruleset=rules.rules.hash,
        trace=_trace(texts, rules, facts, outcomes, passed[1:] or failed),
    )


def _gather(texts: ClassifyInput, rules: Matcher) -> _Facts:
    values = (
        texts.title[:_TITLE_REACH],
        texts.summary[:_TEXT_REACH],
        texts.content[:_TEXT_REACH],
    )
    hits = find_hits(rules, dict(zip(FIELDS, values, strict=True)))
    hits += _feed_hit(texts.carries, rules)
    points: dict[str, float] = {}
    places: dict[str, set[str]] = {}
    for hit in hits:
        points[hit.group] = points.get(hit.group, 0.0) + hit.points
        places.setdefault(hit.group, set()).add(hit.field)
    return _Facts(
        hits=hits,
        points={group: round(value, 3) for group, value in sorted(points.items())},
        places={group: frozenset(fields) for group, fields in places.items()},
        topic_points=round(sum(points.get(g, 0.0) for g in rules.rules.topic.groups), 3),
    )


def _feed_hit(carries: Carries, rules: Matcher) -> tuple[Hit, ...]:
    for group in rules.rules.groups:
        if group.id == carries.value:
            points = round(group.weight * rules.rules.field_weights.get("title", 1.0), 3)
            return (
                Hit(
                    group=group.id,
                    word=carries.value,
                    field=FEED_FIELD,
                    start=0,
                    end=0,
                    points=points,
                ),
            )
    return ()


def _judge(
    rule: SectionRule, rank: int, texts: ClassifyInput, facts: _Facts, rules: Matcher
) -> _Outcome:
    score = facts.topic_points + sum(facts.points.get(group, 0.0) for group in rule.bonus)
    score = round(score + rule.bonus_levels.get(texts.level, 0.0), 3)
    obstacle = (
        _out_of_scope(rule, texts)
        or _off_topic(rule, facts, rules)
        or _missing(rule, facts)
        or _refused(rule, texts, facts)
    )
    if not obstacle and score < rule.threshold:
        obstacle = f"{score:g} points, {rule.threshold:g} needed"
    why = obstacle or f"{score:g} points reach {rule.threshold:g}"
    return _Outcome(rule=rule, rank=rank, score=score, passed=not obstacle, why=why)


def _out_of_scope(rule: SectionRule, texts: ClassifyInput) -> str:
    if rule.levels and texts.level not in rule.levels:
        return f"level {texts.level} is outside its scope"
    if rule.bodies and texts.body not in rule.bodies:
        return f"body {texts.body} is outside its scope"
    if rule.carries and texts.carries not in rule.carries:
        return f"the feed carries {texts.carries}, which is outside its scope"
    return ""


def _off_topic(rule: SectionRule, facts: _Facts, rules: Matcher) -> str:
    topic = rules.rules.topic
    conditions = topic.must_any + rule.must_any
    if conditions and _first_held(conditions, facts) is None:
        return "no condition of the topic holds"
    needed = topic.threshold if rule.topic_threshold is None else rule.topic_threshold
    if facts.topic_points < needed:
        return f"{facts.topic_points:g} topic points, {needed:g} needed"
    return ""


def _missing(rule: SectionRule, facts: _Facts) -> str:
    for alternatives in rule.require:
        if _first_held(alternatives, facts) is None:
            return f"none of {', '.join(str(c) for c in alternatives)}"
    return ""


def _refused(rule: SectionRule, texts: ClassifyInput, facts: _Facts) -> str:
    held = _first_held(rule.none, facts)
    if held is not None:
        return f"refused by {held}"
    title = texts.title.casefold()
    for word in rule.none_words:
        if word.casefold() in title:
            return f"refused by the word {word} in the title"
    return ""


def _first_held(conditions: Sequence[Condition], facts: _Facts) -> Condition | None:
    for condition in conditions:
        for test in condition.tests:
            if not facts.holds(test):
                break
        else:
            return condition
    return None


def _trace(
    texts: ClassifyInput,
    rules: Matcher,
    facts: _Facts,
    outcomes: Sequence[_Outcome],
    others: Sequence[_Outcome],
) -> dict[str, Any]:
    topic = rules.rules.topic
    every = topic.must_any + tuple(c for s in rules.rules.sections for c in s.must_any)
    held = _first_held(every, facts)
    return {
        "hits": [_as_plain(hit) for hit in facts.hits],
        "points": dict(facts.points),
        "topic": {
            "points": facts.topic_points,
            "threshold": topic.threshold,
            "condition": str(held) if held else None,
        },
        "level": texts.level.value,
        "carries": texts.carries.value,
        "language": texts.language,
        "sections": {outcome.rule.id: _figures(outcome) for outcome in outcomes},
        "runner_up": others[0].rule.id if others else None,
    }


def _as_plain(hit: Hit) -> dict[str, Any]:
    # As ``asdict`` would, which copies each value and takes ten times as long.
    return {
        "group": hit.group,
        "word": hit.word,
        "field": hit.field,
        "start": hit.start,
        "end": hit.end,
        "points": hit.points,
    }


def _figures(outcome: _Outcome) -> dict[str, Any]:
    return {
        "score": outcome.score,
        "threshold": outcome.rule.threshold,
        "passed": outcome.passed,
        "why": outcome.why,
    }
