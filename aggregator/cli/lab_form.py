"""The report of the rule lab, for JSON."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from aggregator.domain.issues import Window
from aggregator.services.lab.agreement import IssueAgreement, Score
from aggregator.services.lab.changed_words import ChangedWord
from aggregator.services.lab.lab import LabReport
from aggregator.services.lab.placing_twice import Answer, Change, Effect
from aggregator.services.lab.proposed_twice import Proposal
from aggregator.services.lab.rulebook import RuleChange
from aggregator.services.lab.word_usage import IdleWords


def lab_form(report: LabReport, *, live: Path, other: Path | None) -> dict[str, Any]:
    """The report as docs/json.md has it."""
    changes = [one for move in report.moves for one in move.examples]
    return {
        "live": str(live),
        "other": str(other) if other else None,
        "span": _span(report.span) if report.span else None,
        "stories": report.stories,
        "rules": [_rule(one) for one in report.rules],
        "sections": [
            {"section": one.section, "before": one.before, "after": one.after}
            for one in report.sections
        ],
        "words": [_changed_word(one) for one in report.words],
        "moves": [
            {"from": one.source, "to": one.target, "stories": one.count} for one in report.moves
        ],
        **{
            str(effect): [_change(one) for one in changes if one.effect is effect]
            for effect in Effect
        },
        "issues": [_issue(one) for one in report.issues],
        "idle": _idle(report.idle) if report.idle else None,
        "dropped": report.dropped,
        "rejected": [
            {"group": one.group, "word": one.word, "dropped": one.dropped, "taken": one.taken}
            for one in report.rejected
        ],
    }


def _span(span: Window) -> dict[str, str]:
    return {"start": span.start.isoformat(), "end": span.end.isoformat()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _rule(one: RuleChange) -> dict[str, Any]:
    return {
        "key": one.place,
        "before": one.before or None,
        "after": one.after or None,
        "added": list(one.added),
        "removed": list(one.removed),
    }


def _changed_word(one: ChangedWord) -> dict[str, Any]:
    return {
        "group": one.group,
        "word": one.word,
        "added": one.added,
        "removed": one.removed,
        "before": one.before,
        "after": one.after,
        "elsewhere": one.elsewhere,
        "examples": [
            {"id": story.story, "day": _day(story.day), "title": story.title}
            for story in one.examples
        ],
    }


def _change(one: Change) -> dict[str, Any]:
    return {
        "id": one.story,
        "day": _day(one.day),
        "body": one.body or None,
        "title": one.title,
        "from": one.source,
        "to": one.target,
        "before": [_answer(answer) for answer in one.before],
        "after": [_answer(answer) for answer in one.after],
        "words": [
            {"group": word.group, "word": word.word, "before": word.before, "after": word.after}
            for word in one.words
        ],
    }


def _answer(one: Answer) -> dict[str, Any]:
    return {
        "section": one.section,
        "score": one.score,
        "threshold": one.threshold,
        "passed": one.passed,
        "why": one.why,
    }


def _issue(one: IssueAgreement) -> dict[str, Any]:
    return {
        "number": one.number,
        "window": _span(one.window),
        "printed": one.printed,
        "typed_in": one.typed_in,
        "dropped": one.dropped,
        "before": _score(one.before),
        "after": _score(one.after),
        "found": list(one.found),
        "missed": list(one.missed),
        "came": [_proposal(each) for each in one.change.came],
        "gone": [_proposal(each) for each in one.change.gone],
        "unplaced": [_proposal(each) for each in one.change.unplaced],
    }


def _proposal(one: Proposal) -> dict[str, str]:
    return {"id": one.story, "section": one.section, "title": one.title, "why": one.why}


def _score(one: Score) -> dict[str, int]:
    return {
        "first_choice": one.first,
        "first_or_second": one.second,
        "unfit": one.unfit,
        "proposed": one.proposed,
        "hit": one.hit,
    }


def _idle(one: IdleWords) -> dict[str, Any]:
    return {
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "stories": one.stories,
        "oldest": one.oldest.isoformat() if one.oldest else None,
        "words": {group: list(words) for group, words in one.words.items()},
        "masks": list(one.masks),
    }
