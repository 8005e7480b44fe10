"""Suggestions for the rules, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from aggregator.cli.fitting import fitted, short_word, width_of_output
from aggregator.cli.forms import counted
from aggregator.domain.items import SEOUL
from aggregator.services.lab.contradictions import Contradiction
from aggregator.services.lab.corrections import Decision, Kind
from aggregator.services.lab.suggestions import LEAST, Advice, Suggestion

BEHIND = 10
"""Words behind dropped stories that are shown."""


def advice_lines(advice: Advice, *, config: Path, width: int | None = None) -> Iterator[str]:
    """The advice line by line, cut to ``width`` columns, by default those of the terminal."""
    reach = width or width_of_output()
    for line in _lines(advice, config):
        yield fitted(line, reach)


def _lines(advice: Advice, config: Path) -> Iterator[str]:
    if advice.span is None:
        yield "No story of these days is stored: nothing to learn from."
        return
    yield f"Editors' decisions in the issues of {advice.span.start} to {advice.span.end}"
    yield from _counts(advice)
    if not advice.suggestions:
        yield ""
        yield f"Nothing to suggest: that takes {LEAST} corrections with something in common."
    for number, one in enumerate(advice.suggestions, start=1):
        yield ""
        yield from _suggestion(number, one)
    if advice.unexplained:
        yield ""
        yield "Corrections that no simple change of the rules mends"
        for decision in advice.unexplained:
            yield from _decision(decision)
    if advice.behind:
        yield ""
        yield "Words behind the dropped stories"
        for word in advice.behind[:BEHIND]:
            yield f"  {short_word(word.word)} ({word.group}): {word.dropped} dropped, {word.taken} taken"
    yield from _contradictions(advice)
    if advice.suggestions:
        yield ""
        yield "To try one, write its line into a copy of the configuration, then look:"
        yield f"  cp {config} other.toml"
        yield f"  aggregator --config {config} lab --config other.toml"


def _counts(advice: Advice) -> Iterator[str]:
    for kind, says in (
        (Kind.AGREED, "as the rules have it"),
        (Kind.MISSED, "taken, though the rules have no section for it"),
        (Kind.MOVED, "taken into another section than the rules'"),
        (Kind.DROPPED, "dropped as unfit, though the rules have a section for it"),
    ):
        yield f"  {advice.count(kind):>5}  {says}"


def _suggestion(number: int, one: Suggestion) -> Iterator[str]:
    many = len(one.evidence)
    yield f"{number}. Mends {many} of {one.of} stories {_way(one)}"
    yield f"   They {one.trial.says}."
    for line in one.trial.lines:
        yield f"   In {line.table}, {line.how}:"
        yield f"     {line.text}"
    yield from _costs(one)
    for decision in one.evidence:
        yield from _decision(decision)


def _way(one: Suggestion) -> str:
    if one.kind is Kind.MISSED:
        return f"that editors took into {one.target}"
    if one.kind is Kind.DROPPED:
        return f"of {one.source} that editors dropped"
    return f"that editors moved from {one.source} to {one.target}"


def _costs(one: Suggestion) -> Iterator[str]:
    if not one.trial.word:
        yield f"   Cost: {one.harmed} of {one.touched} stories that the rules place rightly,"
        yield f"   and {one.others} of {one.looked_at} undecided ones, would go elsewhere."
        return
    if not (one.touched or one.others):
        yield "   Cost: no other story has it."
        return
    others = "1 undecided story has" if one.others == 1 else f"{one.others} undecided stories have"
    yield f"   Cost: {others} it,"
    yield f"   and {one.touched} that the rules place rightly, of which {one.harmed} would go elsewhere."


def _decision(one: Decision) -> Iterator[str]:
    yield f"   - {one.day or '-'}  {one.title}"
    way = f"{one.placement.section or 'none'} → {one.section or 'dropped'}"
    who = f", {one.by}" if one.by else ""
    when = f" on {one.at.astimezone(SEOUL):%Y-%m-%d}" if one.at else ""
    yield f"     {way}{who}{when}" + (f": {one.why}" if one.why else "")


def _contradictions(advice: Advice) -> Iterator[str]:
    if not advice.contradictions:
        return
    yield ""
    yield "Folding that editors overruled (its rules have no keys in the file)"
    for one in advice.contradictions:
        yield f"  {one.rule}: {counted(len(one.pairs), 'pair')} {_verdict(one)}"
        for pair in one.pairs:
            yield from (f"    {mark} {title}" for mark, title in zip("-+", pair, strict=True))


def _verdict(one: Contradiction) -> str:
    return "that it keeps apart, joined" if one.same else "that it folds, split"
