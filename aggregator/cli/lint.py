"""The verb lint: what is wrong with an issue, before it is published."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from aggregator.bootstrap import App
from aggregator.cli.app import State
from aggregator.cli.forms import counted, to_json
from aggregator.domain.findings import Finding, Severity, Span
from aggregator.issue.lint.publishing import IssueFacts, LinkAnswer, lint_issue
from aggregator.services.editing.draft import draft_of
from aggregator.services.publishing.linting import LINKS_AT_MOST, ask_links, facts_of, pages_of


@click.command()
@click.argument("number", type=int, required=False)
@click.option("--offline", is_flag=True, help="Do not ask whether links answer.")
@click.option("--json", "as_json", is_flag=True, help="What was found as one JSON object.")
@click.pass_obj
def lint(state: State, number: int | None, *, offline: bool, as_json: bool) -> None:
    """Say what is wrong with issue NUMBER (the draft when left out) before it is published.

    Red blocks publishing; amber needs somebody's name. Of a published issue it looks at what is
    printed, with its corrections. Ends with 1 where anything is found, else with 0.
    """
    app = state.synced()
    facts = facts_of(app.desk, draft_of(app.desk, number), mails=app.letters)
    if not offline:
        facts = replace(facts, links=asyncio.run(_ask(app, facts)))
    findings = lint_issue(facts)
    click.echo(
        to_json(lint_form(facts, findings)) if as_json else "\n".join(_lines(facts, findings))
    )
    sys.exit(1 if findings else 0)


async def _ask(app: App, facts: IssueFacts) -> tuple[LinkAnswer, ...]:
    fetcher = app.new_remembering_fetcher()
    try:
        return await ask_links(fetcher, facts)
    finally:
        await fetcher.aclose()


def _left_out(facts: IssueFacts) -> int:
    """How many pages nobody asked for, as there are so many of them."""
    return len(pages_of(facts)) - len(facts.links) if facts.links is not None else 0


def _lines(facts: IssueFacts, findings: Sequence[Finding]) -> list[str]:
    """By severity, each with the item it is about."""
    links, titles = facts.links, {item.story: item.title for item in facts.items}
    counts = [
        f"{sum(one.severity is severity for one in findings)} {severity}" for severity in Severity
    ]
    asked = "links not asked" if links is None else f"{counted(len(links), 'link')} asked"
    if left := _left_out(facts):
        asked += f", {left} more not (at most {LINKS_AT_MOST})"
    lines = [f"No. {facts.number}: {', '.join(counts)}; {asked}"]
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
    lines += [f"  {'':<{width}}  {titles[one]}" for one in finding.stories if one in titles]
    return lines


def lint_form(facts: IssueFacts, findings: Sequence[Finding]) -> dict[str, Any]:
    """What was found of an issue."""
    return {
        "number": facts.number,
        "red": sum(one.severity is Severity.RED for one in findings),
        "amber": sum(one.severity is Severity.AMBER for one in findings),
        "links": None if facts.links is None else len(facts.links),
        "links_left_out": _left_out(facts),
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
        "stories": [*finding.stories],
        "language": finding.language or None,
        "at": _span(finding.at),
        "of": _span(finding.of),
    }


def _span(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None
