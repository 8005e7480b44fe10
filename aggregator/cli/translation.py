"""The verb translation: PO files out and in."""

from __future__ import annotations

from pathlib import Path

import click

from aggregator.cli.app import State
from aggregator.cli.given import read_text, shown_name
from aggregator.cli.hub import tell_hub
from aggregator.domain.errors import SinkError, TranslationError
from aggregator.services.publishing.publish import build_site
from aggregator.services.publishing.translate import export_translation, import_translation


@click.group()
def translation() -> None:
    """Export or import the translations of an issue as gettext PO files."""


@translation.command("export")
@click.argument("number", type=int, required=False)
@click.option("--lang", "language", required=True, help="The language translated into.")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="A file; else standard output."
)
@click.pass_obj
def export(state: State, number: int | None, language: str, output: Path | None) -> None:
    """Write the texts of issue NUMBER (the draft when left out) for translators."""
    text = export_translation(state.app().desk, number, language=language)
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise SinkError(f"cannot write {output}: {error.strerror}") from error


@translation.command("import")
@click.argument("number", type=int)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default=Path("-"))
@click.option("--lang", "language", required=True, help="The language translated into.")
@click.pass_obj
def import_(state: State, number: int, file: Path, language: str) -> None:
    """Read FILE (standard input when left out) as the translation of issue NUMBER into LANG."""
    app = state.synced()
    text = read_text(str(file))
    try:
        imported = import_translation(app.desk, text, number, language=language)
    except TranslationError as error:
        raise TranslationError(f"{shown_name(str(file))}: {error}") from error
    build_site(app.desk, app.press)
    click.echo(
        f"{imported.texts} texts taken for {len(imported.picks)} items,"
        f" {imported.fuzzy} of them fuzzy (their source has changed), {imported.empty} empty"
    )
    for name in imported.unknown:
        click.echo(f"aggregator: the file has a text for nobody here: {name}", err=True)
    for name in imported.korean:
        click.echo(f"aggregator: note: the translation of {name} has Hangul left in it", err=True)
    tell_hub(app)
