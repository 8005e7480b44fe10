"""The report of the rule lab, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from aggregator.cli.fitting import fitted, short_word, width_of_output, wrapped
from aggregator.cli.forms import counted
from aggregator.cli.lab_proposal_lines import proposal_lines
from aggregator.cli.lab_word_lines import changed_word_lines, idle_lines, rejected_lines
from aggregator.services.lab.agreement import IssueAgreement, Score
from aggregator.services.lab.lab import LabReport
from aggregator.services.lab.placing_twice import Answer, Change, Effect, Move, WordChange
from aggregator.services.lab.rulebook import RuleChange

NONE = "none"
"""How no section is called."""

IN_FULL = 3
"""Issues that are each told in full."""

_TITLES = {
    Effect.GAINED: "Gained, stories without a section before (placed by the rules, not yet proposed)",
    Effect.LOST: "Lost, stories without a section now",
    Effect.MOVED: "Moved, stories in another section now",
}


def lab_lines(
    report: LabReport, *, live: Path, other: Path | None, every: bool, width: int | None = None
) -> Iterator[str]:
    """The report line by line; with ``every`` no list is cut. Lines are cut to ``width`` columns, by
    default those of the terminal that standard output is."""
    reach = width or width_of_output()
    for line in _lines(report, live, other, every=every, width=reach):
        yield fitted(line, reach)


def _lines(
    report: LabReport, live: Path, other: Path | None, *, every: bool, width: int | None
) -> Iterator[str]:
    if other is None:
        yield f"{live} as it is; nothing is compared (lab --config FILE tries the rules of FILE)"
    else:
        yield f"{other} tried against {live}"
    if report.span is None:
        yield "no story of these days is stored: nothing to try rules on"
    else:
        yield f"{counted(report.stories, 'story', 'stories')} from {report.span.start} to {report.span.end}"
    if other is not None:
        yield ""
        yield from _rules(report.rules, width)
    if report.span is None:
        return
    yield ""
    yield from _sections(report, is_compared=other is not None)
    if report.words:
        yield ""
        yield from changed_word_lines(report.words, every=every)
    if other is not None:
        yield from _moves(report.moves)
        yield from proposal_lines(report.issues, every=every)
    yield ""
    yield from _issues(report.issues, every=every)
    if report.idle is not None:
        yield ""
        yield from idle_lines(report.idle, report.rules, every=every, width=width)
    yield ""
    yield from rejected_lines(report, every=every)


def _rules(changes: Sequence[RuleChange], width: int | None) -> Iterator[str]:
    if not changes:
        yield "The rules are the same."
        return
    yield "What the rules say otherwise"
    for change in changes:
        if not (change.added or change.removed):
            yield f"  {change.place}  {change.before or '-'} → {change.after or '-'}"
            continue
        yield f"  {change.place}"
        yield from wrapped(change.added, first="    + ", width=width)
        yield from wrapped(change.removed, first="    - ", width=width)


def _sections(report: LabReport, *, is_compared: bool) -> Iterator[str]:
    names = [one.section or NONE for one in report.sections]
    wide = max(len("Stories by section"), *(len(name) + 2 for name in names))
    head = f"{'Stories by section':<{wide}}"
    yield f"{head}  before   after" if is_compared else head
    for name, one in zip(names, report.sections, strict=True):
        line = f"{'  ' + name:<{wide}}  {one.before:>6}"
        if is_compared:
            line += f"  {one.after:>6}"
            line += f"  {one.after - one.before:+d}" if one.after != one.before else ""
        yield line


def _moves(moves: Sequence[Move]) -> Iterator[str]:
    for effect, title in _TITLES.items():
        mine = [move for move in moves if _effect(move) is effect]
        yield ""
        yield f"{title}: {sum(move.count for move in mine)}"
        for move in mine:
            yield f"  {move.source or NONE} → {move.target or NONE}: {move.count}"
            for change in move.examples:
                yield from _change(change)
            left = move.count - len(move.examples)
            if left:
                yield f"    … and {left} more (--all shows them)"


def _effect(move: Move) -> Effect:
    if move.source is None:
        return Effect.GAINED
    return Effect.LOST if move.target is None else Effect.MOVED


def _change(change: Change) -> Iterator[str]:
    yield f"    {change.day or '-'}  {change.body or '-'}  {change.title}"
    old = {one.section: one for one in change.before}
    new = {one.section: one for one in change.after}
    for section in dict.fromkeys((*old, *new)):
        yield from _answers(section, old.get(section), new.get(section))
    if change.words:
        yield from wrapped(map(_word, change.words), first="      words  ")


def _answers(section: str, old: Answer | None, new: Answer | None) -> Iterator[str]:
    was, now = _answer(old), _answer(new)
    if was == now:
        yield f"      {section}  {now}, as before"
        return
    yield f"      {section}  before: {was}"
    yield f"      {' ' * len(section)}  after:  {now}"


def _answer(one: Answer | None) -> str:
    if one is None:
        return "no such section"
    points = f"{one.score:g} of {one.threshold:g} points"
    if one.passed:
        return f"{points}, passed by {one.score - one.threshold:g}"
    is_short = one.why.startswith(f"{one.score:g} points,")
    return f"{points}, failed" if is_short else f"{points}, failed: {one.why}"


def _word(one: WordChange) -> str:
    return f"{short_word(one.word)} {one.before:g} → {one.after:g} ({one.group})"


def _issues(issues: Sequence[IssueAgreement], *, every: bool) -> Iterator[str]:
    yield "Agreement with what editors published (before → after)"
    if not issues:
        yield "  no published issue covers one of these days: nothing to agree with"
    if len(issues) > 1:
        yield f"  {len(issues)} issues together"
        yield from _figures(_total(issues))
    if len(issues) > IN_FULL and not every:
        yield f"  each of them: {'of the section':>20}{'proposed and printed':>24}   printed"
        yield from map(_row, issues)
        yield "  (--all shows each in full)"
        return
    for issue in issues:
        yield f"  No. {issue.number}, {issue.window.start} to {issue.window.end}"
        yield from _figures(issue)


def _figures(issue: IssueAgreement) -> Iterator[str]:
    old, new = issue.before, issue.after
    typed_in = f" (and {issue.typed_in} typed in by hand)" if issue.typed_in else ""
    yield f"    {'printed from feeds':<36}{issue.printed:>4}{typed_in}"
    rows = (
        ("  in the section of the rules", old.first, new.first),
        ("  in their first or second choice", old.second, new.second),
        ("  proposed by the rules alone", old.hit, new.hit),
    )
    for label, before, after in rows:
        yield f"    {label:<36}{before:>4} → {after}"
    for mark, titles in (("+ only now", issue.found), ("- no more", issue.missed)):
        yield from (f"        {mark}: {title}" for title in titles)
    yield f"    {'proposed by the rules alone, in all':<36}{old.proposed:>4} → {new.proposed}"
    yield f"    {'dropped as unfit':<36}{issue.dropped:>4}"
    yield f"    {'  yet in a section':<36}{old.unfit:>4} → {new.unfit}"


def _row(issue: IssueAgreement) -> str:
    old, new = issue.before, issue.after
    first, hit = f"{old.first} → {new.first}", f"{old.hit} → {new.hit}"
    name = f"No. {issue.number}"
    return f"    {name:<12}{first:>20}{hit:>22}{issue.printed:>10}"


def _total(issues: Sequence[IssueAgreement]) -> IssueAgreement:
    return replace(
        issues[0],
        printed=sum(one.printed for one in issues),
        typed_in=sum(one.typed_in for one in issues),
        dropped=sum(one.dropped for one in issues),
        before=_sum([one.before for one in issues]),
        after=_sum([one.after for one in issues]),
        found=(),
        missed=(),
    )


def _sum(scores: Sequence[Score]) -> Score:
    return Score(
        first=sum(one.first for one in scores),
        second=sum(one.second for one in scores),
        unfit=sum(one.unfit for one in scores),
        proposed=sum(one.proposed for one in scores),
        hit=sum(one.hit for one in scores),
    )
