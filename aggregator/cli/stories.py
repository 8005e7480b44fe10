"""Verbs about stories: stories, explain."""

from __future__ import annotations

from datetime import date, datetime

import click

from aggregator.cli.app import State
from aggregator.cli.explanation_lines import explanation_lines
from aggregator.cli.forms import story_form, to_json
from aggregator.domain.errors import UsageError
from aggregator.services.answers.explain import explain_story
from aggregator.services.editing.find import find_one
from aggregator.services.editing.typed_in import section_typed_into
from aggregator.services.lab.placing_twice import is_typed_in

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--since", type=DAY, help="From this day on (YYYY-MM-DD, KST).")
@click.option("--until", type=DAY, help="Up to this day, inclusive.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each story.")
@click.pass_obj
def stories(state: State, since: datetime | None, until: datetime | None, *, as_json: bool) -> None:
    """List stories, newest day first, with section and score."""
    first, last = _day(since), _day(until)
    if first is not None and last is not None and last < first:
        raise UsageError(f"--until {last} lies before --since {first}")
    desk = state.app().desk
    for story in desk.store.stories(since=first, until=last):
        form = story_form(story)
        if is_typed_in(story):
            form["section"] = section_typed_into(desk, story)
        if as_json:
            click.echo(to_json(form))
            continue
        more = f"  (+{len(form['members']) - 1})" if len(form["members"]) > 1 else ""
        click.echo(
            f"{form['day'] or '-':<10} {form['section'] or '-':<10} {form['score']:>6g} "
            f" {form['body'] or '-':<10} {form['title']}{more}"
        )


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


@click.command()
@click.argument("what")
@click.option("--json", "as_json", is_flag=True, help="The whole explanation as one JSON object.")
@click.pass_obj
def explain(state: State, what: str, *, as_json: bool) -> None:
    """Say why WHAT (a link, a title or a part of it, an id) is folded and placed as it is."""
    app = state.app()
    form = explain_story(app.desk, app.curator, find_one(app.desk, what))
    click.echo(to_json(form) if as_json else "\n".join(explanation_lines(form)))
