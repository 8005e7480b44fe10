"""The verb digest: what the operator would be told now, and telling it."""

from __future__ import annotations

import asyncio

import click

from aggregator.bootstrap import App
from aggregator.cli.app import State
from aggregator.cli.forms import to_json
from aggregator.domain.errors import AggregatorError, UsageError
from aggregator.services.reports.digest import Delivery, preview_digest, send_digest, ways_of
from aggregator.services.reports.digest_words import posting_of, subject_of, text_of


@click.command()
@click.option("--send", is_flag=True, help="Send it now, whatever the hour, and note it as told.")
@click.option("--json", "as_json", is_flag=True, help="The digest as JSON; nothing for none.")
@click.pass_obj
def digest(state: State, *, send: bool, as_json: bool) -> int:
    """Show what changed with the feeds since the operator was last told.

    Exit status 1 when it could not be sent.
    """
    app = state.app()
    desk, options, now = app.desk, app.config.notify, app.clock.now()
    if send and not ways_of(options):
        raise UsageError(
            f"{app.config.path}: nobody is to be told: set notify.to or notify.webhook"
        )
    made = preview_digest(desk, options, now)
    if made is None and not as_json:
        click.echo(desk.catalogue.text("digest.nothing", "en"))
    elif made is not None:
        posting = posting_of(made, desk.catalogue, desk.bodies)
        if as_json:
            click.echo(to_json(posting))
        else:
            click.echo(f"{subject_of(made, desk.catalogue)}\n")
            click.echo(text_of(made, desk.catalogue, desk.bodies), nl=False)
    return _send(app, state) if send else 0


def _send(app: App, state: State) -> int:
    deliveries = asyncio.run(_tell(app, state))
    for delivery in deliveries:
        said = f"not sent: {delivery.error}" if delivery.error else "sent"
        click.echo(f"{delivery.way}: {said}", err=True)
    failed = any(delivery.error for delivery in deliveries)
    return AggregatorError.exit_status if failed else 0


async def _tell(app: App, state: State) -> tuple[Delivery, ...]:
    fetcher = app.new_operator_fetcher()
    try:
        return await send_digest(
            app.desk,
            app.config.notify,
            app.mailer(state.environ),
            app.poster(fetcher, state.environ),
            app.clock.now(),
        )
    finally:
        await fetcher.aclose()
