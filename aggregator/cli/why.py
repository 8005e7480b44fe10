"""The verb why: where something is that an editor misses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from aggregator.catalogue import Catalogue
from aggregator.cli.app import State
from aggregator.cli.explanation_lines import printable
from aggregator.cli.forms import counted, instant, to_json
from aggregator.cli.searching import index_what_is_due
from aggregator.domain.errors import UsageError
from aggregator.issue.edition import day_of
from aggregator.services.answers.never_seen import NearFeed, NearTitle
from aggregator.services.answers.why import Whereabouts, why_missing
from aggregator.services.answers.why_reply import Reply
from aggregator.services.desk import Desk


@click.command()
@click.argument("what")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each story that answers.")
@click.pass_obj
def why(state: State, what: str, *, as_json: bool) -> None:
    """Say why WHAT (a link, a title or a part of it, an id) is missing, or where it is."""
    if not what.strip():
        raise UsageError("say what is missed: a link, a title or a part of it, or an id")
    app = state.app()
    index_what_is_due(app.desk.store)
    found, more = why_missing(app.desk, app.curator, app.config.issuers, what)
    if as_json:
        for one in found:
            click.echo(to_json(why_form(app.desk, what, one)))
        return
    if len(found) > 1:
        click.echo(f"{len(found) + more} stories answer to {what!r}")
    if more:
        for one in found:
            click.echo(_one_line(one))
        click.echo(f"… and {more} more: give a longer part of the title, the link or the id")
        return
    for number, one in enumerate(found):
        if number or len(found) > 1:
            click.echo("")
        click.echo("\n".join(_lines(app.desk, one)))


# --- JSON -----------------------------------------------------------------------------------------


def why_form(desk: Desk, words: str, one: Whereabouts) -> dict[str, Any]:
    """The answer about one thing."""
    story = one.story
    day = day_of(story) if story else None
    return {
        "asked": words,
        **_reply_form(one.reply),
        "id": story.public_id if story else None,
        "title": _title(one) or None,
        "body": (story.primary.item.body or None) if story else None,
        "day": day.isoformat() if day else None,
        "site": one.site or None,
        "note": one.note or None,
        "feeds": [_feed_form(near, desk.catalogue) for near in one.feeds],
        "titles": [
            {
                "title": near.title,
                "day": near.day.isoformat(),
                "alike": near.alike,
                "feed": near.feed_id,
                "id": near.story,
            }
            for near in one.titles
        ],
    }


def _reply_form(reply: Reply) -> dict[str, Any]:
    return {
        "answer": reply.answer.value,
        "says": reply.says,
        "do": reply.do or None,
        "figures": dict(reply.figures),
        "then": _reply_form(reply.then) if reply.then else None,
    }


def _feed_form(near: NearFeed, catalogue: Catalogue) -> dict[str, Any]:
    report = near.report
    return {
        "feed": report.feed.id,
        "because": near.because,
        "health": report.health.value,
        "since": instant(report.since),
        "says": report.says or None,
        "do": catalogue.text(report.advice, "en"),
        "last_ok": instant(report.state.last_ok_at),
        "next_check": instant(report.state.next_check_at),
        "items": report.items,
        "first_day": near.first_day.isoformat() if near.first_day else None,
        "last_day": near.last_day.isoformat() if near.last_day else None,
    }


# --- lines ----------------------------------------------------------------------------------------


def _title(one: Whereabouts) -> str:
    if one.story is not None:
        return one.story.primary.item.title
    return one.item.item.title if one.item is not None else ""


def _one_line(one: Whereabouts) -> str:
    """The answer in short, where too many were asked for: who is meant, and what says why."""
    story = one.story
    name = f"{day_of(story) or '-'}  {story.public_id}  " if story else ""
    return f"  {name}{printable(_title(one))}: {one.reply.answer.value.replace('_', ' ')}"


def _lines(desk: Desk, one: Whereabouts) -> Iterator[str]:
    if title := _title(one):
        yield click.style(printable(title), bold=True)
    if one.story is not None:
        item = one.story.primary.item
        body = desk.bodies.get(item.body)
        name = body.name if body else "no body"
        yield f"  {name}, {day_of(one.story) or 'no date'}, id {one.story.public_id}"
    replies = [*_chain(one.reply)]
    for reply in replies:
        yield f"  {printable(reply.says)}"
    if one.note:
        yield f"  {'note:':<5} {one.note}"
    if one.site:
        yield f"  {'site:':<5} {one.site}"
    for reply in replies:
        if reply.do:
            yield f"  {'do:':<5} {printable(reply.do)}"
    for near in one.feeds:
        yield from _feed_lines(desk, near)
    if one.titles:
        yield "  did you mean"
        yield from map(_title_line, one.titles)


def _chain(reply: Reply | None) -> Iterator[Reply]:
    while reply is not None:
        yield reply
        reply = reply.then


def _title_line(near: NearTitle) -> str:
    name = f"id {near.story}" if near.story else "not folded yet"
    return f"    {near.day}  {printable(near.title)}  ({near.feed_id}, {name})"


def _feed_lines(desk: Desk, near: NearFeed) -> Iterator[str]:
    report = near.report
    state = report.state
    health = desk.catalogue.text(report.name, "en")
    since = f" since {_minute(instant(report.since))}" if report.since else ""
    yield f"  nearest feed: {report.feed.id} ({near.because}): {health}{since}"
    if report.says and report.health.is_ill:
        yield f"    {printable(report.says)}"
    visits = [f"last went well {_minute(instant(state.last_ok_at)) or 'never'}"]
    if report.feed.active and state.suspended_at is None:
        now = desk.clock.now()
        due = state.next_check_at
        visits.append(f"next visit {_minute(instant(due)) if due and due > now else 'now'}")
    yield f"    {', '.join(visits)}"
    if near.first_day is not None:
        days = f"{near.first_day} to {near.last_day}"
        yield f"    {counted(report.items, 'item')} of it stored, of {days}"
    else:
        yield "    no item of it is stored"


def _minute(at: str | None) -> str:
    return f"{at[:16].replace('T', ' ')} KST" if at else ""
