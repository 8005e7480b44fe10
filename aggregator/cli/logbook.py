"""The verb log: who did what to which issue, when, from what to what, and why."""

from __future__ import annotations

from typing import Any

import click

from aggregator.cli.app import State
from aggregator.cli.explanation_lines import printable
from aggregator.cli.forms import instant, to_json
from aggregator.domain.editing import ActionKind, LogFilter, LogLine
from aggregator.domain.errors import NotFound
from aggregator.domain.items import SEOUL
from aggregator.services.desk import Desk
from aggregator.services.editing.find import find_one
from aggregator.services.editing.logbook import MOST, logbook, reason_of, story_in

KINDS = [kind.value for kind in ActionKind]
LONGEST = 60
"""Characters of a text in a line for people."""


@click.command()
@click.argument("story", required=False)
@click.option("--by", "actor", default="", metavar="NAME", help="What this person did.")
@click.option("--issue", "number", type=int, metavar="NUMBER", help="Of this published issue.")
@click.option("--draft", "of_draft", is_flag=True, help="Of the issue in the making.")
@click.option("--kind", type=click.Choice(KINDS), help="Actions of this kind.")
@click.option("--after", type=click.IntRange(0), default=0, help="Older than the line of this id.")
@click.option(
    "--limit",
    type=click.IntRange(1, MOST),
    default=50,
    show_default=True,
    help="Lines at most.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each line of the log.")
@click.pass_obj
def log(
    state: State,
    story: str | None,
    *,
    actor: str,
    number: int | None,
    kind: str | None,
    after: int,
    limit: int,
    of_draft: bool,
    as_json: bool,
) -> None:
    """Show who did what, the newest first: in all issues, or to STORY (a link, a title or a part of it,
    an id)."""
    desk = state.app().desk
    wanted = LogFilter(
        actor=actor,
        issue_id=_issue(desk, number, of_draft=of_draft),
        story=find_one(desk, story).public_id if story else "",
        kind=ActionKind(kind) if kind else None,
    )
    page = logbook(desk, wanted, after=after, size=limit)
    for line in page.lines:
        click.echo(to_json(log_form(line)) if as_json else _line(line))
    if as_json:
        return
    if not page.lines:
        click.echo("the log has nothing of that kind")
    elif page.next:
        click.echo(f"older lines: --after {page.next}")


def _issue(desk: Desk, number: int | None, *, of_draft: bool) -> int | None:
    """The issue that is meant, by id."""
    issues = desk.store.issue_heads(desk.series.id)
    if number is not None:
        found = next((one.id for one in issues if one.number == number), None)
        if found is None:
            raise NotFound(f"there is no published issue No. {number} (--draft is the one at work)")
        return found
    if of_draft:
        drafts = [one for one in issues if one.number is None]
        if not drafts:
            raise NotFound("no issue is in the making yet: aggregator draft opens one")
        return max(drafts, key=lambda one: one.window).id
    return None


def log_form(line: LogLine) -> dict[str, Any]:
    """A line of the log as it leaves."""
    edit = line.edit
    return {
        "id": line.id,
        "at": instant(edit.at),
        "by": edit.actor,
        "reason": str(reason_of(line)),
        "kind": str(line.kind) if line.kind is not None else None,
        "action": line.action or None,
        "undoes": line.undoes or None,
        "undone_by": line.undone_by or None,
        "target": edit.target,
        "story": story_in(line) or None,
        "field": edit.field,
        "old": edit.old,
        "new": edit.new,
        "why": edit.cause,
    }


def _line(line: LogLine) -> str:
    edit = line.edit
    at = f"{edit.at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
    what = str(line.kind) if line.kind is not None else edit.field
    told = f"{at}  {edit.actor}  {what}  {edit.target}  {edit.field}: {_short(edit.old)} -> "
    told += _short(edit.new)
    if edit.cause:
        told += f"  [{_short(edit.cause)}]"
    marks = [f"undoes {line.undoes}"] if line.undoes else []
    marks += [f"undone by {line.undone_by}"] if line.undone_by else []
    number = f"  #{line.action}" if line.action else ""
    return printable(told) + number + (f" ({', '.join(marks)})" if marks else "")


def _short(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        return "-"
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
