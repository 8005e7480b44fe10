"""What the rule lab says of whole drafts: who comes in, who goes, who finds no place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aggregator.services.lab.agreement import IssueAgreement
from aggregator.services.lab.proposed_twice import Proposal

SHOWN = 8
"""Stories of a kind that are named for each issue."""


def proposal_lines(issues: Sequence[IssueAgreement], *, every: bool) -> Iterator[str]:
    """What the rules alone would propose otherwise for each issue; nothing without issues."""
    if not issues:
        return
    yield ""
    yield "What the rules alone would propose otherwise (a section takes its best, up to its limit)"
    for issue in issues:
        change = issue.change
        counts = f"{issue.before.proposed} → {issue.after.proposed} proposals"
        is_same = not (change.came or change.gone or change.unplaced)
        yield f"  No. {issue.number}: {counts}{', the same ones' if is_same else ''}"
        yield from _named("+", "", change.came, every=every)
        yield from _named("-", "", change.gone, every=every)
        yield from _named("·", "no place: ", change.unplaced, every=every)


def _named(mark: str, what: str, stories: Sequence[Proposal], *, every: bool) -> Iterator[str]:
    shown = stories if every else stories[:SHOWN]
    for one in shown:
        yield f"    {mark} {one.section}  {one.title}  [{what}{one.why}]"
    if len(shown) < len(stories):
        yield f"    {mark} … and {len(stories) - len(shown)} more (--all shows them)"
