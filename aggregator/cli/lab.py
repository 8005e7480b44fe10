"""The verb lab: other rules tried on stored stories."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator.cli.app import State
from aggregator.cli.forms import to_json
from aggregator.cli.progress import bar
from aggregator.cli.stories import DAY
from aggregator.domain.errors import UsageError
from aggregator.domain.items import SEOUL

if TYPE_CHECKING:
    from aggregator.bootstrap import App
    from aggregator.config.records import Config
    from aggregator.domain.issues import Window

EXAMPLES = 5
"""Stories that are shown of each kind of change."""


@click.command()
@click.option(
    "--config",
    "other",
    type=click.Path(path_type=Path),
    help="The configuration with the rules to try; without it the live ones are looked at.",
)
@click.option("--since", type=DAY, help="Stories from this day on  [default: a year of them]")
@click.option("--until", type=DAY, help="Up to this day  [default: the newest story's]")
@click.option(
    "--examples",
    type=click.IntRange(min=0),
    default=EXAMPLES,
    show_default=True,
    help="Show so many stories of each kind of change.",
)
@click.option("--all", "every", is_flag=True, help="Show all of them, and all words without a hit.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@click.pass_obj
def lab(
    state: State,
    *,
    other: Path | None,
    since: datetime | None,
    until: datetime | None,
    examples: int,
    every: bool,
    as_json: bool,
) -> None:
    """Try other rules on the stored stories: what they gain, lose and move, and how they agree with
    what editors published.

    The live configuration is the one named before the verb. Nothing is written.
    """
    from aggregator.services.lab.lab import Lab

    app = state.app()
    live = app.config
    tried = live if other is None else _load(state, other)
    span = span_asked(app, since, until)
    book = app.rulebook(live)
    one = Lab(
        store=app.desk.store,
        clock=app.clock,
        live=book,
        other=app.rulebook(tried).beside(book) if other is not None else book,
    )
    with bar("Placing stories") as progress:
        report = one.run(span, examples=None if every else examples, on_step=progress.show)
    if as_json:
        from aggregator.cli.lab_form import lab_form

        click.echo(to_json(lab_form(report, live=live.path, other=other)))
        return
    from aggregator.cli.lab_lines import lab_lines

    for line in lab_lines(report, live=live.path, other=other, every=every):
        click.echo(line)


def span_asked(app: App, since: datetime | None, until: datetime | None) -> Window | None:
    """The days to look at; None where there is no story. Raises UsageError for an end before its
    beginning."""
    from aggregator.services.lab.lab import span_of

    first, last = (value.date() if value else None for value in (since, until))
    if first is not None and last is not None and last < first:
        raise UsageError(f"--until {last} lies before --since {first}")
    return span_of(app.desk.store, _today(app), since=first, until=last)


def _today(app: App) -> date:
    return app.clock.now().astimezone(SEOUL).date()


def _load(state: State, path: Path) -> Config:
    """The configuration to try. Raises ConfigError with its mistakes, and UsageError where it has
    no words at all: then it is hardly what was meant."""
    from aggregator.config.load import load_config

    config = load_config(path, state.environ)
    for problem in config.warnings:
        click.echo(f"{config.path}: warning: {problem}", err=True)
    if not config.rules.groups:
        raise UsageError(
            f"{path} has no rules to try, no [groups.…]: make it a copy of {state.config} and change"
            " that"
        )
    return config
