"""The verb suggestions: editors' corrections as changes of rules to try."""

from __future__ import annotations

from datetime import datetime

import click

from aggregator.cli.app import State
from aggregator.cli.forms import to_json
from aggregator.cli.lab import span_asked
from aggregator.cli.progress import bar
from aggregator.cli.stories import DAY


@click.command()
@click.option("--since", type=DAY, help="Of issues from this day on  [default: a year of stories]")
@click.option("--until", type=DAY, help="Up to this day  [default: the newest story's]")
@click.option("--json", "as_json", is_flag=True, help="The suggestions as one JSON object.")
@click.pass_obj
def suggestions(
    state: State, *, since: datetime | None, until: datetime | None, as_json: bool
) -> None:
    """Say which changes of the rules would have decided as editors did: words to add, conditions
    and thresholds, each with its evidence and its cost.

    Nothing is changed: try a line in the lab, and write it into the configuration if you like it.
    """
    from aggregator.services.lab.suggestions import Advisor

    app = state.app()
    book = app.rulebook(app.config)
    advisor = Advisor(store=app.desk.store, clock=app.clock, book=book)
    with bar("Looking at stories") as progress:
        advice = advisor.advise(span_asked(app, since, until), on_step=progress.show)
    if as_json:
        from aggregator.cli.advice_form import advice_form

        click.echo(to_json(advice_form(advice)))
        return
    from aggregator.cli.advice_lines import advice_lines

    for line in advice_lines(advice, config=app.config.path):
        click.echo(line)
