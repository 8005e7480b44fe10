"""The verb changes: what sources changed in releases that were picked or published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from aggregator.cli.app import State
from aggregator.cli.forms import instant, to_json
from aggregator.cli.stories import DAY
from aggregator.domain.changes import Piece, PieceKind
from aggregator.domain.items import SEOUL
from aggregator.services.publishing.change_reports import ChangeReport, change_reports

MARKS = {
    PieceKind.SAME: "{}",
    PieceKind.REMOVED: "[-{}-]",
    PieceKind.ADDED: "{{+{}+}}",
    PieceKind.LEFT_OUT: "…",
}
"""How words are marked, as ``git diff --word-diff`` does."""

COLOURS = {PieceKind.REMOVED: "red", PieceKind.ADDED: "green"}


@click.command()
@click.option("--since", type=DAY, help="Seen on this day or later (YYYY-MM-DD, KST).")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each change.")
@click.pass_obj
def changes(state: State, since: datetime | None, *, as_json: bool) -> None:
    """List what sources changed in releases after they were picked or published, newest first.

    What went is marked [-so-], what came {+so+}.
    """
    desk = state.app().desk
    first = since.replace(tzinfo=SEOUL).astimezone(UTC) if since else None
    reports = change_reports(desk, first)
    for report in reports:
        if as_json:
            click.echo(to_json(change_form(report)))
        else:
            body = desk.bodies.get(report.stored.item.body)
            name = body.name if body else report.stored.item.feed_id
            click.echo("\n".join(_lines(report, name)))
    if not reports and not as_json:
        click.echo("no source has changed a release that was picked or published")


def change_form(report: ChangeReport) -> dict[str, Any]:
    """A change as it leaves."""
    change, item = report.change, report.stored.item
    return {
        "id": change.public_id,
        "at": instant(change.at),
        "story": change.story,
        "feed": item.feed_id,
        "key": item.key,
        "body": item.body or None,
        "title": change.title,
        "link": change.link or None,
        "from_revision": change.from_rev,
        "revision": change.rev,
        "issues": list(report.printed),
        "draft": report.draft,
        "fields": [
            {
                "field": str(one.field),
                "diff": marked(one.pieces),
                "pieces": [{"kind": str(p.kind), "text": p.text} for p in one.pieces],
            }
            for one in change.fields
        ],
    }


def marked(pieces: Sequence[Piece], *, coloured: bool = False) -> str:
    """A difference as one line of text with marks."""
    told = []
    for piece in pieces:
        text = MARKS[piece.kind].format(piece.text)
        told.append(click.style(text, fg=COLOURS.get(piece.kind)) if coloured else text)
    return " ".join(told)


def _lines(report: ChangeReport, body: str) -> Iterator[str]:
    change = report.change
    at = change.at.astimezone(SEOUL)
    yield f"{at:%Y-%m-%d %H:%M}  {body}  {click.style(change.title, bold=True)}"
    yield f"  in {', '.join(_places(report))}"
    for one in change.fields:
        yield f"  {one.field}: {marked(one.pieces, coloured=True)}"


def _places(report: ChangeReport) -> list[str]:
    places = [f"No. {number}" for number in report.printed]
    if report.draft is not None:
        places.append(f"draft No. {report.draft}")
    return places or ["no issue, but published on the site"]
