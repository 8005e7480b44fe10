"""Verbs about published issues: correct one, list what was corrected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import click

from aggregator.bootstrap import App
from aggregator.catalogue import print_minute
from aggregator.cli.app import State
from aggregator.cli.changes import marked
from aggregator.cli.forms import counted, instant, to_json
from aggregator.domain.corrections import CorrectedField, Correction
from aggregator.domain.errors import IllegalTransition, PublishError, UsageError
from aggregator.domain.mailing import DeliveryState
from aggregator.publish.differences import compare
from aggregator.services.publishing.printed import published_issue

FIELDS = [name.value for name in CorrectedField if name.has_text]


@click.command()
@click.argument("number", type=int)
@click.argument("item")
@click.option("--field", "name", type=click.Choice(FIELDS), help="The text to put right.")
@click.option("--value", help="The new text: of the first edition, or of all (day, body, link).")
@click.option("--value-ko", help="The new text in Korean.")
@click.option("--value-en", help="The new text in English.")
@click.option("--withdraw", is_flag=True, help="Withdraw the item: it stays visible, marked.")
@click.option("--restore", is_flag=True, help="Take a withdrawal back.")
@click.option("--note-ko", default="", help="What Korean readers are told.")
@click.option("--note-en", default="", help="What English readers are told.")
@click.option("--by", metavar="NAME", required=True, help="Who answers for it; for the log.")
@click.option(
    "--accept-warnings",
    "accepted_by",
    metavar="NAME",
    default="",
    help="Who answers for what the lint finds amber in the corrected texts.",
)
@click.option("--json", "as_json", is_flag=True, help="The correction as one JSON object.")
@click.pass_obj
def correct(
    state: State,
    number: int,
    item: str,
    name: str | None,
    *,
    value: str | None,
    value_ko: str | None,
    value_en: str | None,
    withdraw: bool,
    restore: bool,
    note_ko: str,
    note_en: str,
    by: str,
    accepted_by: str,
    as_json: bool,
) -> None:
    """Put ITEM of the published issue NUMBER right, in the open, and rebuild the site.

    ITEM is a headline or a part of it, a link, or an id. Without --field a note is added.
    """
    from aggregator.services.publishing.corrected_texts import ANY, Wanted
    from aggregator.services.publishing.correcting import record_correction
    from aggregator.services.publishing.publish import build_site

    values = {ANY: value, "ko": value_ko, "en": value_en}
    given = {language: text for language, text in values.items() if text is not None}
    wanted = Wanted(
        number=number,
        item=item,
        field=_field(name, given, withdraw=withdraw, restore=restore),
        by=by,
        values=given,
        notes={"ko": note_ko, "en": note_en},
        accepted_by=accepted_by,
    )
    app = state.synced()
    recorded = record_correction(app.desk, wanted, issuer=app.config.issuer)
    correction = recorded.correction
    try:
        written = build_site(app.desk, app.press)
    except PublishError:
        click.echo(f"aggregator: it is recorded; publish {number} shows it on the site", err=True)
        raise
    page = app.public / "issues" / str(number) / "index.html"
    if as_json:
        click.echo(to_json(correction_form(number, correction) | {"files": written}))
        return
    click.echo(f"No. {number} is corrected: {counted(written, 'file')} written")
    click.echo("\n".join(_lines(correction)))
    languages = [edition.language for edition in recorded.issue.editions]
    click.echo("\n".join([*_untold(correction, languages), *_mails(app, correction), str(page)]))


def _field(
    name: str | None, values: dict[str, str], *, withdraw: bool, restore: bool
) -> CorrectedField:
    """What is corrected. Raises UsageError for what does not go together."""
    asked = [one for one in (name, withdraw, restore) if one]
    if len(asked) > 1:
        raise UsageError("--field, --withdraw and --restore are three things: give one of them")
    if name is None and values:
        raise UsageError(f"which text is to change? name it: --field {'|'.join(FIELDS)}")
    if name is not None:
        return CorrectedField(name)
    if withdraw:
        return CorrectedField.WITHDRAWN
    return CorrectedField.RESTORED if restore else CorrectedField.NOTE


def _lines(correction: Correction) -> Iterator[str]:
    at = print_minute(correction.at)
    yield f"{at} KST  {correction.field}  {click.style(correction.title, bold=True)}"
    for language, text in correction.texts.items():
        yield f"  {language}: {marked(compare(text.old, text.new), coloured=True)}"
    for language, note in correction.notes.items():
        yield f"  note ({language}): {note}"


def _untold(correction: Correction, languages: list[str]) -> Iterator[str]:
    """Which editions have no note in their own language."""
    for language in languages:
        if language in correction.notes or not correction.concerns(language):
            continue
        _, other = correction.note_in(language)
        shown = f"its page shows the one in {other}" if other else "its page shows what changed"
        yield f"no note in {language}: {shown}"


def _mails(app: App, correction: Correction) -> Iterator[str]:
    """What became of the mails, which nothing can change once they are sent."""
    mails = app.store.deliveries(app.config.series.id, issue_id=correction.issue_id)
    if not mails:
        yield "mail: none was sent from here; one that was sent by hand cannot be recalled"
    for one in mails:
        if one.language in correction.mailed:
            yield (
                f"mail ({one.language}): it was sent and cannot be recalled; its readers learn of"
                " the correction from the page and the feeds alone"
            )
        elif one.state is DeliveryState.SENDING:
            yield (
                f"mail ({one.language}): being sent at this moment, without the correction; if the"
                " server does not take it, the next one has it"
            )
        elif one.state is not DeliveryState.SENT:
            yield f"mail ({one.language}): not sent yet, it will go out corrected"


@click.command()
@click.argument("number", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each correction.")
@click.pass_obj
def corrections(state: State, number: int | None, *, as_json: bool) -> None:
    """List the corrections of published issues, or of issue NUMBER, newest first."""
    app = state.app()
    # In a draft nothing was corrected, and what is no issue is told.
    with suppress(IllegalTransition):
        if number is not None:
            published_issue(app.desk, number)
    numbers = {issue.id: issue.number for issue in app.store.issues(app.config.series.id)}
    found = [
        (of, one)
        for one in app.store.corrections(app.config.series.id)
        if (of := numbers[one.issue_id]) is not None and number in {None, of}
    ]
    found.sort(key=lambda pair: pair[1].at)
    for of, one in reversed(found):
        if as_json:
            click.echo(to_json(correction_form(of, one)))
        else:
            click.echo(f"No. {of}, by {one.by}")
            click.echo("\n".join(_lines(one)))
    if not found and not as_json:
        click.echo("nothing was corrected" + (f" in No. {number}" if number else ""))


def correction_form(number: int, correction: Correction) -> dict[str, Any]:
    """A correction as it leaves."""
    return {
        "id": correction.public_id,
        "number": number,
        "at": instant(correction.at),
        "by": correction.by,
        "story": correction.story,
        "title": correction.title,
        "field": str(correction.field),
        "texts": {
            language: {
                "old": text.old,
                "new": text.new,
                "diff": marked(compare(text.old, text.new)),
            }
            for language, text in correction.texts.items()
        },
        "notes": dict(correction.notes),
        "mailed": list(correction.mailed),
    }
