"""The verb evaluate: how right the rules are on rows that people labelled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aggregator.cli.app import State
from aggregator.cli.evaluation_form import distractor_form, keyword_form, pair_form, section_form
from aggregator.cli.evaluation_lines import (
    distractor_lines,
    keyword_lines,
    pair_lines,
    section_lines,
)
from aggregator.cli.forms import to_json
from aggregator.cli.given import read_text, shown_name
from aggregator.cli.progress import bar
from aggregator.services.evaluation.keywords import find_keywords
from aggregator.services.evaluation.rows import read_keywords, read_pairs, read_placed
from aggregator.services.evaluation.sections import place_rows

if TYPE_CHECKING:
    from aggregator.services.evaluation.sections import Answer

F = TypeVar("F", bound=Callable[..., Any])


def _asked(command: F) -> F:
    """What each of the sets is asked with."""
    for decorate in (
        click.option("--json", "as_json", is_flag=True, help="One JSON object."),
        click.option("--errors", is_flag=True, help="Each wrong row, and why it came out so."),
        click.argument("file", type=click.Path(path_type=Path, allow_dash=True)),
    ):
        command = decorate(command)
    return command


@click.group()
def evaluate() -> None:
    """Say how right the rules of the configuration are on rows that people labelled.

    FILE is one of four sets, - is standard input. No database is used, and nothing is fetched.
    """


@evaluate.command()
@_asked
@click.pass_obj
def duplicates(state: State, file: Path, *, errors: bool, as_json: bool) -> None:
    """Fold pairs of releases as the daemon would.

    FILE holds JSON lines with a, b, label (1 for the same release, else 0) and kind. Each pair is
    decided as if nothing else were stored.
    """
    app = state.app()
    pairs = read_pairs(read_text(str(file)), shown_name(str(file)))
    with bar("Folding pairs", len(pairs)) as progress, app.pair_judge() as judge:
        decided = judge.decide(pairs, progress.show)
    _show(pair_form(decided, errors=errors), pair_lines, as_json=as_json)


@evaluate.command()
@_asked
@click.pass_obj
def sections(state: State, file: Path, *, errors: bool, as_json: bool) -> None:
    """Place releases as the daemon would.

    FILE holds JSON lines with title, summary, agency, level, and label or section: the id of a
    section, or null.
    """
    form = section_form(_placed(state, file), errors=errors)
    _show(form, section_lines, as_json=as_json)


@evaluate.command()
@_asked
@click.pass_obj
def distractors(state: State, file: Path, *, errors: bool, as_json: bool) -> None:
    """Count the distractors that get a section.

    FILE holds rows as for sections, most of which belong in none; category says what they are.
    """
    form = distractor_form(_placed(state, file), errors=errors)
    _show(form, distractor_lines, as_json=as_json)


@evaluate.command()
@_asked
@click.pass_obj
def keywords(state: State, file: Path, *, errors: bool, as_json: bool) -> None:
    """Look for words in sentences as the rules do.

    FILE holds lines such as "word|1|sentence": 1 where the word, as it is meant, is there, else 0.
    Masks of the configuration hide it.
    """
    app = state.app()
    rows = read_keywords(read_text(str(file)), shown_name(str(file)))
    form = keyword_form(find_keywords(rows, app.config.rules), errors=errors)
    _show(form, keyword_lines, as_json=as_json)


def _placed(state: State, file: Path) -> list[Answer]:
    app = state.app()
    known = frozenset(section.id for section in app.config.series.sections)
    rows = read_placed(read_text(str(file)), shown_name(str(file)), known)
    with bar("Placing releases", len(rows)) as progress:
        return place_rows(rows, app.new_material(), app.config.rules, progress.show)


def _show(
    form: Mapping[str, Any],
    lines: Callable[[Mapping[str, Any]], Iterable[str]],
    *,
    as_json: bool,
) -> None:
    if as_json:
        click.echo(to_json(form))
        return
    for line in lines(form):
        click.echo(line)
