"""What kept a story out of every section: which came nearest, and what it lacked there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from aggregator.curate.matching.hit_marks import named
from aggregator.curate.matching.sections import FEED_FIELD, Obstacle
from aggregator.curate.placing.nearest import nearest_section
from aggregator.domain.rules import Condition, GroupTest, RuleSet
from aggregator.domain.stories import Placement
from aggregator.services.answers.why_reply import Answer, Reply

WORDS = 6
"""Words that a sentence names at most."""

HALVES = 3
"""Conditions that hold in part and are named."""

_ANSWERS = {
    Obstacle.SCOPE: Answer.OUT_OF_SCOPE,
    Obstacle.TOPIC: Answer.OFF_TOPIC,
    Obstacle.TOPIC_POINTS: Answer.BELOW_THRESHOLD,
    Obstacle.REQUIRED: Answer.LACKS_WORDS,
    Obstacle.REFUSED: Answer.REFUSED,
    Obstacle.POINTS: Answer.BELOW_THRESHOLD,
}


class _Case(NamedTuple):
    """A placement's trace, the rules that made it, and the texts that they looked at, by field."""

    trace: Mapping[str, Any]
    rules: RuleSet
    texts: Mapping[str, str]


def no_section(
    public_id: str, placement: Placement, rules: RuleSet, texts: Mapping[str, str]
) -> Reply:
    """The answer for a story that the rules place nowhere; ``texts`` are what they looked at, by
    field."""
    trace = placement.trace
    nearest = nearest_section(trace, rules) or ""
    outcome: Mapping[str, Any] = trace["sections"].get(nearest, {})
    obstacle = Obstacle(outcome.get("obstacle") or Obstacle.SCOPE)
    case = _Case(trace, rules, texts)
    figures = _figures(nearest, obstacle, outcome, case)
    taken = _taken(case)
    away = f"; words took points: {_counted(taken)}" if taken else ""
    says = f"in no section: {_says(nearest, obstacle, figures, trace)}{away}"
    return Reply(
        answer=_ANSWERS[obstacle],
        says=says,
        do=f"aggregator explain {public_id} shows every word and section; aggregator accept"
        f" {public_id} --section {'SECTION' if obstacle is Obstacle.SCOPE else nearest} puts it in by"
        " hand",
        figures={**figures, "taken": taken},
    )


def _figures(
    nearest: str, obstacle: Obstacle, outcome: Mapping[str, Any], case: _Case
) -> dict[str, Any]:
    score, needed = outcome.get("score", 0.0), outcome.get("threshold", 0.0)
    if obstacle in {Obstacle.TOPIC, Obstacle.TOPIC_POINTS}:
        rules = case.rules
        own = next((one.topic_threshold for one in rules.sections if one.id == nearest), None)
        score = case.trace["topic"]["points"]
        needed = rules.topic.threshold if own is None else own
    return {
        "nearest": None if obstacle is Obstacle.SCOPE else nearest,
        "score": score,
        "threshold": needed,
        "short": round(max(0.0, needed - score), 3),
        "why": outcome.get("why", ""),
        "gate": _half_open(nearest, case) if obstacle is Obstacle.TOPIC else None,
    }


def _says(
    nearest: str, obstacle: Obstacle, figures: Mapping[str, Any], trace: Mapping[str, Any]
) -> str:
    points = f"{figures['score']:g} points, {figures['threshold']:g} needed"
    short = f"{points}: {figures['short']:g} short"
    if obstacle is Obstacle.POINTS:
        return f"{nearest} came nearest, {short}"
    if obstacle is Obstacle.TOPIC_POINTS:
        return f"{nearest} came nearest, but the topic's words have {short}"
    if obstacle is Obstacle.TOPIC:
        return (
            f"{nearest} came nearest, but no condition of the topic gate holds"
            f" ({figures['gate'] or 'it has no word of any'})"
        )
    if obstacle is Obstacle.SCOPE:
        reasons = dict.fromkeys(one["why"] for one in trace["sections"].values())
        return f"none is for it ({'; '.join(reasons) or 'there is none'})"
    return f"{nearest} came nearest, with {figures['score']:g} points, but: {figures['why']}"


def _half_open(nearest: str, case: _Case) -> str:
    """Which conditions of the gate hold in part, and what each lacks: "core+tech lacks core"; and
    the words that were found for them."""
    own = next((one.must_any for one in case.rules.sections if one.id == nearest), ())
    places = {(hit["group"], name) for hit in case.trace["hits"] for name in ("", hit["field"])}
    parts: list[str] = []
    groups: set[str] = set()
    for condition in dict.fromkeys((*case.rules.topic.must_any, *own)):
        lacking = [str(Condition(tests=(t,))) for t in condition.tests if not _holds(t, places)]
        near = {t.group for t in condition.tests if (t.group, "") in places}
        if near:
            parts.append(f"{condition} lacks {' and '.join(lacking)}")
            groups |= near
    if not parts:
        return ""
    words = dict.fromkeys(
        named(hit, case.texts) for hit in case.trace["hits"] if hit["group"] in groups
    )
    more = f" and {len(parts) - HALVES} more" if len(parts) > HALVES else ""
    return f"{'; '.join(parts[:HALVES])}{more}; found {', '.join([*words][:WORDS])}"


def _holds(test: GroupTest, places: Collection[tuple[str, str]]) -> bool:
    return (test.group, test.field) in places or (
        bool(test.field) and (test.group, FEED_FIELD) in places
    )


def _taken(case: _Case) -> dict[str, float]:
    """The words that took points, with these."""
    sums: dict[str, float] = {}
    for hit in case.trace["hits"]:
        if hit["points"] < 0:
            name = f"{named(hit, case.texts)} ({hit['group']})"
            sums[name] = round(sums.get(name, 0.0) + hit["points"], 3)
    return dict(sorted(sums.items(), key=lambda one: (-abs(one[1]), one[0])))


def _counted(words: Mapping[str, float]) -> str:
    named = ", ".join(f"{word} {points:+g}" for word, points in [*words.items()][:WORDS])
    return f"{named} and {len(words) - WORDS} more" if len(words) > WORDS else named
