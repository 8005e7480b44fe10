"""The verb lint: what is wrong with an issue, before it is published."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

import click

from aggregator.bootstrap import App
from aggregator.cli.app import State
from aggregator.cli.forms import counted, to_json
from aggregator.domain.findings import Finding, Severity, Span
from aggregator.issue.lint.publishing import LinkAnswer, lint_issue
from aggregator.services.editing.draft import Draft, draft_of
from aggregator.services.publishing.linting import ask_links, facts_of

CLEAN, AMBER_FOUND, RED_FOUND = 0, 1, 2
"""The exit status: nothing found, amber at most, red."""


@click.command()
@click.argument("number", type=int, required=False)
@click.option("--offline", is_flag=True, help="Do not ask whether links answer.")
@click.option("--json", "as_json", is_flag=True, help="What was found as one JSON object.")
@click.pass_obj
def lint(state: State, number: int | None, *, offline: bool, as_json: bool) -> None:
    """Say what is wrong with issue NUMBER (the draft when left out) before it is published.

    Red blocks publishing; amber needs somebody's name. Ends with 2 where anything is red, with 1
    where something is amber, else with 0.
    """
    app = state.synced()
    draft = draft_of(app.desk, number)
    links = None if offline else asyncio.run(_ask(app, draft))
    findings = lint_issue(facts_of(app.desk, draft, links=links, mails=app.letters))
    if as_json:
        click.echo(to_json(lint_form(draft.number, findings, links)))
    else:
        titles = {one.story.public_id: one.story.primary.item.title for one in draft.picked}
        click.echo("\n".join(_lines(draft.number, findings, titles, links)))
    sys.exit(_status(findings))


async def _ask(app: App, draft: Draft) -> tuple[LinkAnswer, ...]:
    fetcher = app.new_remembering_fetcher()
    try:
        return await ask_links(fetcher, draft)
    finally:
        await fetcher.aclose()


def _status(findings: Sequence[Finding]) -> int:
    if not findings:
        return CLEAN
    return RED_FOUND if findings[0].severity is Severity.RED else AMBER_FOUND


def _lines(
    number: int,
    findings: Sequence[Finding],
    titles: dict[str, str],
    links: Sequence[LinkAnswer] | None,
) -> list[str]:
    """By severity, each with the item it is about."""
    counts = [
        f"{sum(one.severity is severity for one in findings)} {severity}" for severity in Severity
    ]
    asked = "links not asked" if links is None else f"{counted(len(links), 'link')} asked"
    lines = [f"No. {number}: {', '.join(counts)}; {asked}"]
    for severity in Severity:
        here = [one for one in findings if one.severity is severity]
        if here:
            width = max(len(one.code) for one in here)
            lines += ["", f"{severity} ({len(here)})"]
            for one in here:
                lines += _finding_lines(one, width, titles)
    return lines


def _finding_lines(finding: Finding, width: int, titles: dict[str, str]) -> list[str]:
    remedy = f" ({finding.remedy})" if finding.remedy else ""
    lines = [f"  {finding.code:<{width}}  {finding.message}{remedy}"]
    story, _, field = finding.where.partition("/")
    if story in titles:
        place = " ".join(part for part in (field, finding.language) if part)
        lines.append(f"  {'':<{width}}  {place + ': ' if place else ''}{titles[story]}")
    return lines


def lint_form(
    number: int, findings: Sequence[Finding], links: Sequence[LinkAnswer] | None
) -> dict[str, Any]:
    """What was found of an issue."""
    return {
        "number": number,
        "red": sum(one.severity is Severity.RED for one in findings),
        "amber": sum(one.severity is Severity.AMBER for one in findings),
        "links": None if links is None else len(links),
        "findings": [finding_form(one) for one in findings],
    }


def finding_form(finding: Finding) -> dict[str, Any]:
    """One finding; spans are offsets in characters."""
    story, _, field = finding.where.partition("/")
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "message": finding.message,
        "remedy": finding.remedy or None,
        "where": story or None,
        "field": field or None,
        "language": finding.language or None,
        "at": _span(finding.at),
        "of": _span(finding.of),
    }


def _span(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None
