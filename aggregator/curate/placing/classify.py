"""The section of a story, decided from its words, its office and what its feed carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from aggregator.curate.matching.hit_marks import named
from aggregator.curate.matching.hits import Hit, Tally, tally_hits
from aggregator.curate.matching.sections import (
    FEED_FIELD,
    Obstacle,
    Opening,
    Section,
    Setting,
    Stopped,
    stage,
)
from aggregator.curate.matching.words import Matcher
from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import GroupTest
from aggregator.domain.stories import Placement

TITLE_REACH = 500
TEXT_REACH = 4000
"""Characters of the title, and of summary and content, that are looked at."""

_Place = tuple[bool, float, tuple[int, int], str, float, int]
"""Whether a section refuses, what it lacks to its threshold, its priority and place in the rules (the
order of choice), its id and score, and how far the story came there (with a minus)."""

_TOPIC_POINTS = stage(Obstacle.TOPIC_POINTS)
_REFUSED = stage(Obstacle.REFUSED)
_POINTS = stage(Obstacle.POINTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyInput:
    """What is looked at, all of it plain text, the first 500 characters of the title and 4000 of
    the rest. ``level``, ``body`` and ``region`` (its home region, "" for national bodies) are of the
    issuing body, ``carries`` of the primary item's feed."""

    title: str
    summary: str
    content: str
    level: Level
    body: str
    carries: Carries
    region: str = ""
    language: str = "ko"


class _Facts(NamedTuple):
    """What the words of one story came to. ``texts`` are what was looked at, by field, and ``title``
    the whole title."""

    hits: Sequence[Hit]
    points: Mapping[str, float]
    bits: int
    topic: float
    opening: Opening
    texts: Mapping[str, str]
    title: str


def classify(texts: ClassifyInput, rules: Matcher) -> Placement:
    """Place a story: the section that passes with the widest margin over its threshold.

    Deterministic, and the same for the same words. A group named like a value of ``Carries``
    (``video``, ``paper``, ``event``) is also hit, in every field, when the feed carries that.
    """
    setting = rules.sections.setting(texts.level, texts.body, texts.region, texts.carries)
    fields = read_texts(texts)
    tally = _find(fields, setting, rules)
    opening = rules.sections.opening(tally.bits)
    facts = _Facts(
        hits=tally.hits,
        points=tally.points(),
        bits=tally.bits,
        topic=tally.points_of(rules.rules.topic.groups),
        opening=opening,
        texts=fields,
        title=texts.title,
    )
    figures, order = _judge(setting, facts)
    is_placed = bool(order) and not order[0][0]
    trace: dict[str, Any] = {
        "hits": facts.hits,
        "points": facts.points,
        "topic": {
            "points": facts.topic,
            "threshold": rules.rules.topic.threshold,
            "condition": opening.held[0] if opening.held else None,
            "held": [*opening.held],
        },
        "level": setting.level,
        "carries": setting.carries,
        "language": texts.language,
        "sections": figures,
        "runner_up": _runner_up(order, is_placed=is_placed),
    }
    if rules.short_sighted and (unread := _unread(fields, rules)):
        trace["unread"] = unread
    return Placement(
        section=order[0][3] if is_placed else None,
        score=round(order[0][4], 2) if order else 0.0,
        ruleset=rules.rules.hash,
        trace=trace,
    )


def _judge(setting: Setting, facts: _Facts) -> tuple[dict[str, dict[str, Any]], list[_Place]]:
    """What each section says, and the sections from the first to the last choice."""
    figures: dict[str, dict[str, Any]] = {}
    order: list[_Place] = []
    decided = zip(setting.sections, facts.opening.sections, strict=True)
    for (section, out_of_scope, bonus), (shut, lacking) in decided:
        score = _score(section, bonus, facts) if bonus or section.bonus else facts.topic
        threshold = section.threshold
        stopped = out_of_scope or shut or _stopped(section, score, lacking, facts)
        if stopped is None:
            why = f"{score:g} points reach {threshold:g}"
            obstacle, came = None, 0
        else:
            obstacle, came, why = stopped
        figures[section.id] = {
            "score": score,
            "threshold": threshold,
            "passed": obstacle is None,
            "obstacle": obstacle,
            "why": why,
        }
        order.append(
            (obstacle is not None, threshold - score, section.order, section.id, score, came)
        )
    order.sort()
    return figures, order


def _runner_up(order: Sequence[_Place], *, is_placed: bool) -> str | None:
    """The section that came second; where none passed, or no second one did, the one that stopped the
    story last."""
    others = order[1:] if is_placed else order
    passed = [place for place in others if not place[0]]
    if passed:
        return passed[0][3]
    return min([(place[5], place) for place in others])[1][3] if others else None


def read_texts(texts: ClassifyInput) -> dict[str, str]:
    """What is looked at, by field: the spans of hits count in it."""
    return {
        "title": texts.title[:TITLE_REACH],
        "summary": texts.summary[:TEXT_REACH],
        "content": texts.content[:TEXT_REACH],
    }


def _unread(fields: Mapping[str, str], rules: Matcher) -> list[dict[str, Any]]:
    """Which patterns did not look at a whole field, and after how many characters they stopped."""
    return [
        {"word": word, "field": name, "after": reach}
        for word, reach in rules.short_sighted.items()
        for name, text in fields.items()
        if len(text) > reach
    ]


def _find(fields: Mapping[str, str], setting: Setting, rules: Matcher) -> Tally:
    tally = tally_hits(rules, fields)
    group = setting.feed_group
    if group is not None:
        hit: Hit = {
            "group": group,
            "word": setting.carries,
            "field": FEED_FIELD,
            "start": 0,
            "end": 0,
            "points": setting.feed_points,
        }
        tally.add(hit, rules.sections.marks[FEED_FIELD][group])
    return tally


def _score(section: Section, bonus: float, facts: _Facts) -> float:
    more = 0.0
    for group in section.bonus:
        more += facts.points.get(group, 0.0)
    return round(facts.topic + more + bonus, 3) if more or bonus else facts.topic


def _stopped(
    section: Section, score: float, lacking: Stopped | None, facts: _Facts
) -> Stopped | None:
    """Why a section that is open refuses a story in its scope, None where it takes it; ``lacking`` is
    what it requires in vain."""
    if facts.topic < section.topic_threshold:
        return (*_TOPIC_POINTS, f"{facts.topic:g} topic points, {section.topic_needed}")
    if lacking:
        return lacking
    if refusal := _refusal(section, facts):
        return (*_REFUSED, refusal)
    if score < section.threshold:
        return (*_POINTS, f"{score:g} points, {section.needed}")
    return None


def _refusal(section: Section, facts: _Facts) -> str:
    for bits, condition in section.none:
        if facts.bits & bits == bits:
            tests = condition.tests
            words = dict.fromkeys(
                named(hit, facts.texts)
                for hit in facts.hits
                if any(_is_of(hit, test) for test in tests)
            )
            return f"refused by {condition.words}: {', '.join(words)}"
    if section.titles:
        title = facts.title.casefold()
        for word, why in section.titles:
            if word in title:
                return why
    return ""


def _is_of(hit: Hit, test: GroupTest) -> bool:
    return hit["group"] == test.group and (
        not test.field or hit["field"] in {test.field, FEED_FIELD}
    )
