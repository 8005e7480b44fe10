"""Suggestions for the rules, for JSON."""

from __future__ import annotations

from typing import Any

from aggregator.cli.forms import instant
from aggregator.services.lab.corrections import Decision, Kind
from aggregator.services.lab.suggestions import Advice, Suggestion


def advice_form(advice: Advice) -> dict[str, Any]:
    """The advice as docs/json.md has it."""
    span = advice.span
    return {
        "span": {"start": span.start.isoformat(), "end": span.end.isoformat()} if span else None,
        "decisions": {str(kind): advice.count(kind) for kind in Kind},
        "suggestions": [_suggestion(one) for one in advice.suggestions],
        "unexplained": [_decision(one) for one in advice.unexplained],
        "behind": [
            {"group": one.group, "word": one.word, "dropped": one.dropped, "taken": one.taken}
            for one in advice.behind
        ],
        "contradictions": [
            {"rule": one.rule, "same": one.same, "pairs": [list(pair) for pair in one.pairs]}
            for one in advice.contradictions
        ],
    }


def _suggestion(one: Suggestion) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "from": one.source,
        "to": one.target,
        "lines": [
            {"key": line.key, "table": line.table, "how": line.how, "line": line.text}
            for line in one.trial.lines
        ],
        "word": one.trial.word or None,
        "says": one.trial.says,
        "evidence": [_decision(decision) for decision in one.evidence],
        "of": one.of,
        "touched": one.touched,
        "harmed": one.harmed,
        "others": one.others,
        "looked_at": one.looked_at,
    }


def _decision(one: Decision) -> dict[str, Any]:
    return {
        "id": one.story.public_id,
        "day": one.day.isoformat() if one.day else None,
        "title": one.title,
        "from": one.placement.section,
        "to": one.section,
        "by": one.by or None,
        "at": instant(one.at),
        "why": one.why or None,
    }
