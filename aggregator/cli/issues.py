"""Verbs about the issue: draft, accept, drop, add, publish."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime

import click

from aggregator.cli.app import State
from aggregator.cli.forms import draft_form, pick_form, to_json
from aggregator.cli.hub import tell_hub
from aggregator.cli.publication import publication_form, publication_lines
from aggregator.cli.stories import DAY
from aggregator.domain.errors import UsageError
from aggregator.domain.issues import PickField, Section, Shape
from aggregator.domain.items import SEOUL, EventFacts
from aggregator.issue.edition import Picked, day_of
from aggregator.issue.lines import byline, event_days
from aggregator.issue.texts import own_text, source_texts
from aggregator.issue.translation import Outstanding
from aggregator.issue.windows import is_overdue
from aggregator.read.items.people import parse_author
from aggregator.services.desk import Desk
from aggregator.services.editing import edit
from aggregator.services.editing.draft import Draft, open_draft
from aggregator.services.editing.editor import Editor
from aggregator.services.editing.typed_in import NewItem, add_item
from aggregator.services.editing.undecided import accept_rest
from aggregator.services.publishing import publish as publishing

POSITION_HELP = "Its place among those placed by hand, which stand before the others."


@click.command()
@click.option("--propose", is_flag=True, help="Fill the free places now, before their day.")
@click.option("--skip", is_flag=True, help="Give this issue up; it takes no number.")
@click.option(
    "--review/--no-review",
    default=None,
    help="Whether the issue may repeat what earlier ones printed, as the review of a year does.",
)
@click.option("--json", "as_json", is_flag=True, help="The draft as one JSON object.")
@click.pass_obj
def draft(state: State, *, propose: bool, skip: bool, review: bool | None, as_json: bool) -> None:
    """Show the issue in the making: its items by section, and the trays.

    On its draft day the free places are filled by the rules, once; what arrives later waits.
    """
    if skip and (propose or review is not None):
        raise UsageError("--skip gives the issue up: it goes with neither --propose nor --review")
    desk = state.synced().desk
    if skip:
        issue = edit.skip_draft(desk)
        click.echo(f"the issue over {issue.window.start} to {issue.window.end} is skipped")
        return
    found = open_draft(desk, propose=propose, review=review)
    if as_json:
        click.echo(to_json(draft_form(found)))
    else:
        click.echo("\n".join(_lines(desk, found)))
        filled = found.issue.proposed_at
        if propose and filled is not None and filled < desk.clock.now():
            click.echo(
                f"\nthe places were filled on {filled.astimezone(SEOUL):%Y-%m-%d %H:%M} KST, which"
                " is done once: accept takes a story from the trays"
            )


def _lines(desk: Desk, draft: Draft) -> list[str]:
    issue = draft.issue
    window = f"{issue.window.start} to {issue.window.end}"
    lines = [f"No. {draft.number}, {issue.issue_on} ({issue.status}), window {window}"]
    if issue.review:
        lines.append("a review: what earlier issues printed may be proposed again")
    lines += _translations(draft.translations)
    if issue.proposed_at is None:
        lines.append(f"free places are filled on {draft.due_at:%Y-%m-%d %H:%M} KST")
    if is_overdue(issue, desk.clock.now().astimezone(SEOUL).date()):
        lines.append("its day has passed: publish it, or give it up with draft --skip")
    for section in desk.series.sections:
        here = [one for one in draft.picked if one.pick.section == section.id]
        if here:
            lines += ["", f"{section.id}  {' / '.join(section.titles.values())}"]
            lines += [_line(desk, section, one) for one in here]
    trays = {"late": draft.late, "waiting": draft.waiting, "carried over": draft.carried}
    for name, tray in trays.items():
        if tray:
            lines += ["", f"{name} ({len(tray)})"]
            lines += [
                f"  {day_of(one.story) or '-'}  {one.story.primary.item.title}  [{one.why}]"
                for one in tray
            ]
    return lines


def _translations(translations: Mapping[str, Outstanding]) -> list[str]:
    """One line about what is still to be translated; none where all is."""
    parts = [
        f"{language} {one.missing} missing, {one.fuzzy} out of date"
        for language, one in translations.items()
        if one.missing or one.fuzzy
    ]
    return [f"translations: {'; '.join(parts)}"] if parts else []


def _line(desk: Desk, section: Section, one: Picked) -> str:
    item = one.story.primary.item
    mark = "+" if one.pick.state == "accepted" else " "
    printed = _facts(desk, section.shape, one)
    line = f" {mark} {item.title}\n     {printed or '-'}  [{one.pick.state}: {one.pick.why}]"
    if one.source_changed:
        line += "\n     ! its source has changed since it was picked: aggregator changes shows what"
    return line


def _facts(desk: Desk, shape: Shape, one: Picked) -> str:
    """The line below the title as the section prints it: day and body, authors, or days and
    venues."""
    item = one.story.primary.item
    texts = source_texts(one.story.primary, shape)

    def text(name: PickField) -> str:
        return own_text(name, texts, one.pick.texts, item.language)

    if shape is Shape.PAPER:
        return text(PickField.AUTHORS)
    if shape is Shape.EVENT:
        days = event_days(item.event) if item.event else ""
        return " / ".join(part for part in (days, text(PickField.VENUE)) if part)
    body = desk.bodies.get(item.body)
    return byline(day_of(one.story), body.print_name("ko") if body else "")


@click.command()
@click.argument("what", required=False)
@click.option(
    "--rest",
    is_flag=True,
    help="Accept every proposal as it stands, but for those that somebody set aside for later.",
)
@click.option("--section", help="Put it into this section instead of the rules' one.")
@click.option("--position", type=click.IntRange(1), help=POSITION_HELP)
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each pick.")
@click.pass_obj
def accept(
    state: State,
    what: str | None,
    section: str | None,
    position: int | None,
    *,
    rest: bool,
    as_json: bool,
) -> None:
    """Put WHAT (a link, a title or a part of it, an id) into the draft."""
    if (what is None) is not rest or (rest and (section or position)):
        raise UsageError("name one story to accept, or --rest alone for all that the rules propose")
    app = state.synced()
    if what is None:
        for picked in accept_rest(Editor(desk=app.desk, curator=app.curator)):
            _say(picked, as_json=as_json)
        return
    edited = edit.accept(app.desk, what, section=section, position=position)
    _say_edited(edited, as_json=as_json)


@click.command()
@click.argument("what", required=False)
@click.option(
    "--rest",
    is_flag=True,
    help="Leave out every proposal that was not accepted; the feed keeps them.",
)
@click.option("--why", default="", help="The reason, for the log.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each pick.")
@click.pass_obj
def drop(state: State, what: str | None, why: str, *, rest: bool, as_json: bool) -> None:
    """Reject WHAT: it leaves the draft and the combined feed and is not proposed again.

    With --rest the proposals that were not accepted are left out of this issue for want of room.
    """
    if (what is None) is not rest:
        raise UsageError("name one story to drop, or --rest for all that were not accepted")
    desk = state.synced().desk
    dropped = (
        edit.leave_out_rest(desk, why=why) if what is None else [edit.drop(desk, what, why=why)]
    )
    for picked in dropped:
        _say(picked, as_json=as_json)


def _say(picked: Picked, *, as_json: bool, moved_from: str = "") -> None:
    if as_json:
        click.echo(to_json(pick_form(picked)))
        return
    pick = picked.pick
    moved = f", moved from {moved_from}" if moved_from else ""
    title = picked.story.primary.item.title
    click.echo(f"{pick.state} in {pick.section or 'no section'}{moved}: {title}")


def _say_edited(edited: edit.Edited, *, as_json: bool) -> None:
    _say(edited.picked, as_json=as_json, moved_from=edited.moved_from)
    for note in edited.notes:
        click.echo(f"aggregator: note: {note}", err=True)


@click.command()
@click.option("--section", required=True, help="The section's id; its shape says what is needed.")
@click.option("--title", required=True, help="The headline.")
@click.option("--url", default="", help="What the headline links to.")
@click.option("--body", default="", help="The issuing body: id, name or alias.")
@click.option("--day", type=DAY, help="The printed day (YYYY-MM-DD).")
@click.option("--blurb", default="", help="The first paragraph, or a paper's abstract.")
@click.option("--author", "authors", multiple=True, help='"Name (affiliation)"; repeat in order.')
@click.option("--thumbnail", default="", help="A video's picture.")
@click.option("--event-name", default="", help="The event's name where it is not the title.")
@click.option("--from", "starts", type=DAY, help="The event's first day.")
@click.option("--until", "ends", type=DAY, help="The event's last day.")
@click.option("--venue", "venues", multiple=True, help="A venue; may be repeated.")
@click.option("--subject", default="", help="The event's subject.")
@click.option("--phone", default="", help="The event's telephone.")
@click.option("--position", type=click.IntRange(1), help=POSITION_HELP)
@click.option("--language", default="ko", show_default=True, help="The language of these texts.")
@click.option("--json", "as_json", is_flag=True, help="The pick as one JSON object.")
@click.pass_obj
def add(
    state: State,
    *,
    section: str,
    title: str,
    url: str,
    body: str,
    day: datetime | None,
    blurb: str,
    authors: tuple[str, ...],
    thumbnail: str,
    event_name: str,
    starts: datetime | None,
    ends: datetime | None,
    venues: tuple[str, ...],
    subject: str,
    phone: str,
    position: int | None,
    language: str,
    as_json: bool,
) -> None:
    """Type an item into the draft, in any section's shape.

    Articles and videos need --url and --day; papers --author and --blurb; events --from.
    """
    app = state.synced()
    event = None
    if ends is not None and starts is None:
        raise UsageError("--until needs --from, the event's first day")
    if starts is not None:
        event = EventFacts(
            name=event_name or title,
            starts_on=starts.date(),
            ends_on=_last_day(starts, ends),
            venues=venues,
            subject=subject,
            phone=phone,
        )
    new = NewItem(
        section=section,
        title=title,
        url=url,
        body=body,
        day=day.date() if day else None,
        blurb=blurb,
        authors=tuple(parse_author(author) for author in authors),
        thumbnail=thumbnail,
        event=event,
        language=language,
    )
    _say_edited(add_item(app.desk, app.curator, new, position=position), as_json=as_json)


def _last_day(starts: datetime, ends: datetime | None) -> date:
    last = (ends or starts).date()
    if last < starts.date():
        raise UsageError(f"--until {last} lies before --from {starts.date()}")
    return last


@click.command()
@click.argument("number", type=int, required=False)
@click.option(
    "--accept-warnings",
    "accepted_by",
    metavar="NAME",
    default="",
    help="Who answers for the amber findings of the lint; the log keeps the name.",
)
@click.option("--json", "as_json", is_flag=True, help="What was made as one JSON object.")
@click.pass_obj
def publish(state: State, number: int | None, accepted_by: str, *, as_json: bool) -> None:
    """Publish the draft and rebuild the site; a published NUMBER only rebuilds it.

    What the lint finds red must be mended first; what it finds amber, somebody answers for.
    """
    app = state.synced()
    app.curator.curate()
    gate = app.gate(" ".join(accepted_by.split()))
    made = asyncio.run(publishing.publish(app.desk, app.press, number=number, gate=gate))
    for warning in made.warnings:
        click.echo(f"aggregator: {warning}", err=True)
    page = app.public / "issues" / str(made.issue.number) / "index.html"
    if as_json:
        click.echo(to_json(publication_form(made, page)))
    else:
        click.echo("\n".join([*publication_lines(made, page), *_translations(made.translations)]))
    tell_hub(app)
