"""The verb mail: sending issues, a test to one address, and how far each mail has come."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from aggregator.bootstrap import App
from aggregator.catalogue import print_minute
from aggregator.cli.app import State
from aggregator.cli.forms import instant, to_json
from aggregator.domain.errors import AggregatorError, UsageError
from aggregator.domain.mailing import Delivery, DeliveryState, Outcome
from aggregator.domain.publishing import PrintedIssue


@click.group()
def mail() -> None:
    """Send issues by mail, try one out, or see what was sent."""


@mail.command()
@click.argument("number", type=int)
@click.pass_obj
def send(state: State, number: int) -> int:
    """Send what of issue NUMBER has not been sent: each edition once to its list.

    Exit status 1 where a list did not get it.
    """
    app = state.app()
    with _ended_by_sigterm():
        app.postman(state.environ).send_issue(number)
    mails = _deliveries(app, number)
    for delivery in mails:
        click.echo(_line(delivery))
    missing = any(delivery.state is not DeliveryState.SENT for delivery in mails)
    return AggregatorError.exit_status if missing else 0


@mail.command()
@click.argument("number", type=int)
@click.option("--to", required=True, help="The one address that gets it.")
@click.option("--lang", "languages", multiple=True, help="An edition; all where none is named.")
@click.pass_obj
def test(state: State, number: int, *, to: str, languages: tuple[str, ...]) -> int:
    """Send issue NUMBER, published or still a draft, to one address, marked as a test."""
    from aggregator.config.addresses import read_mail
    from aggregator.config.values import BadValue

    try:
        read_mail(to)
    except BadValue as error:
        raise UsageError(f"--to: {error}") from error
    app = state.app()
    issue = _printed(app, number)
    # Each once, however often it is named.
    asked = tuple(dict.fromkeys(languages)) or tuple(edition.language for edition in issue.editions)
    answers = app.postman(state.environ).send_test(issue, asked, to)
    for language, answer in zip(asked, answers, strict=True):
        is_taken = answer.outcome is Outcome.TAKEN
        said = "sent" if is_taken else f"not sent: {answer.reason}"
        click.echo(f"No. {number}  {language}  {to}  {said}")
    failed = any(answer.outcome is not Outcome.TAKEN for answer in answers)
    return AggregatorError.exit_status if failed else 0


@mail.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a mail and line.")
@click.pass_obj
def status(state: State, *, as_json: bool) -> None:
    """List the mails of all issues: which went out, which wait, which were given up."""
    mails = _deliveries(state.app(), None)
    for delivery in mails:
        click.echo(to_json(_form(delivery)) if as_json else _line(delivery))
    if not mails and not as_json:
        click.echo("No mail was queued yet.")


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does: a mail that is under way is given back."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _printed(app: App, number: int) -> PrintedIssue:
    """The issue as it is read now, or as its draft would be printed now."""
    from aggregator.services.editing.draft import draft_of
    from aggregator.services.publishing.publish import as_printed

    return as_printed(app.desk, draft_of(app.desk, number))


def _deliveries(app: App, number: int | None) -> list[Delivery]:
    mails = app.store.deliveries(app.config.series.id)
    return [one for one in mails if number is None or one.number == number]


def _line(delivery: Delivery) -> str:
    head = f"No. {delivery.number}  {delivery.language}  {delivery.address}"
    return f"{head}  {_said(delivery)}"


def _form(delivery: Delivery) -> dict[str, Any]:
    """A mail, for JSON."""
    waits = delivery.state is DeliveryState.PENDING
    sends = delivery.state is DeliveryState.SENDING
    return {
        "number": delivery.number,
        "language": delivery.language,
        "to": delivery.address,
        "state": delivery.state.value,
        "queued": instant(delivery.queued_at),
        "settled": instant(delivery.settled_at),
        "next_try": instant(delivery.next_try_at) if waits else None,
        "claimed_until": instant(delivery.lease_until) if sends else None,
        "attempts": delivery.attempts,
        "message_id": delivery.message_id or None,
        "error": delivery.error or None,
    }


def _said(delivery: Delivery) -> str:
    """How far a mail has come, in one phrase."""
    if delivery.state is DeliveryState.SENT and delivery.settled_at is not None:
        return f"sent {print_minute(delivery.settled_at)}  {delivery.message_id}"
    if delivery.state is DeliveryState.FAILED:
        return f"given up: {delivery.error}"
    if delivery.state is DeliveryState.SENDING:
        until = print_minute(delivery.lease_until) if delivery.lease_until is not None else ""
        return f"being sent: claimed until {until} (KST); goes again then if its sender died"
    again = f"to be sent {print_minute(delivery.next_try_at)}"
    return f"{again}; last time: {delivery.error}" if delivery.error else again
