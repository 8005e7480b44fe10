"""What the lab shows of a trial: pure, without markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aggregator.catalogue import Catalogue
from aggregator.domain.issues import Series
from aggregator.domain.problems import Problem
from aggregator.services.lab.agreement import IssueAgreement, Score
from aggregator.services.lab.bench import Outcome
from aggregator.services.lab.lab import LabReport
from aggregator.services.lab.placing_twice import Effect, Move
from aggregator.web.desk.views import section_title

SHOWN = 60
"""Rows of a list that are shown."""

IDLE = 200
"""Words without a hit that are shown."""


def result_view(
    report: LabReport, series: Series, catalogue: Catalogue, language: str
) -> dict[str, Any]:
    """The report as the page lays it out."""

    def title(section: str | None) -> str:
        if section is None:
            return catalogue.text("desk.lab.no_section", language)
        return section_title(series, section, language)

    idle = report.idle
    words = [(group, word) for group, some in (idle.words if idle else {}).items() for word in some]
    return {
        "span": report.span,
        "stories": report.stories,
        "rules": report.rules[:SHOWN],
        "more_rules": max(0, len(report.rules) - SHOWN),
        "sections": [
            {"title": title(one.section), "before": one.before, "after": one.after}
            for one in report.sections
        ],
        "effects": [_effect(report.moves, effect, title) for effect in Effect],
        "words": report.words[:SHOWN],
        "more_words": max(0, len(report.words) - SHOWN),
        "issues": [_issue(one) for one in reversed(report.issues)],
        "idle": words[:IDLE],
        "more_idle": max(0, len(words) - IDLE),
        "masks": (idle.masks if idle else ())[:IDLE],
        "dropped": report.dropped,
        "rejected": report.rejected[:SHOWN],
    }


def _effect(moves: Sequence[Move], effect: Effect, title: Any) -> dict[str, Any]:  # noqa: ANN401
    mine = [one for one in moves if _effect_of(one) is effect]
    return {
        "key": f"desk.lab.{effect}",
        "count": sum(one.count for one in mine),
        "moves": [
            {
                "source": title(one.source),
                "target": title(one.target),
                "count": one.count,
                "examples": one.examples,
                "more": one.count - len(one.examples),
            }
            for one in mine
        ],
    }


def _effect_of(move: Move) -> Effect:
    if move.source is None:
        return Effect.GAINED
    return Effect.LOST if move.target is None else Effect.MOVED


def _issue(one: IssueAgreement) -> dict[str, Any]:
    rows: list[tuple[str, str, str, bool]] = [
        _compared("first", one.before.first, one.after.first, one.printed),
        _compared("second", one.before.second, one.after.second, one.printed),
        _compared("proposed", one.before.hit, one.after.hit, 0, scores=(one.before, one.after)),
    ]
    if one.dropped:
        rows.append(_compared("unfit", one.before.unfit, one.after.unfit, one.dropped))
    return {
        "number": one.number,
        "printed": one.printed,
        "rows": rows,
        "found": one.found[:SHOWN],
        "missed": one.missed[:SHOWN],
        "came": one.change.came[:SHOWN],
        "gone": one.change.gone[:SHOWN],
    }


def _compared(
    name: str, before: int, after: int, of: int, *, scores: tuple[Score, Score] | None = None
) -> tuple[str, str, str, bool]:
    """A figure by both rules, each of how many; whether they differ."""
    totals = tuple(one.proposed for one in scores) if scores else (of, of)
    shown = [f"{count}/{total}" for count, total in zip((before, after), totals, strict=True)]
    return f"desk.lab.agree_{name}", shown[0], shown[1], shown[0] != shown[1]


def says(
    mistakes: Sequence[Problem], outcome: Outcome | None, catalogue: Catalogue, language: str
) -> str:
    """The result in one line, for who hears the page."""
    if mistakes:
        return catalogue.text("desk.lab.says_mistakes", language, count=len(mistakes))
    if outcome is None:
        return ""
    if outcome.failed:
        return catalogue.text("desk.lab.failed", language)
    if outcome.report is None:
        return catalogue.text("desk.lab.counting", language, done=outcome.done, of=outcome.of)
    counts = {
        effect.value: sum(one.count for one in outcome.report.moves if _effect_of(one) is effect)
        for effect in Effect
    }
    return catalogue.text("desk.lab.says", language, stories=outcome.report.stories, **counts)
