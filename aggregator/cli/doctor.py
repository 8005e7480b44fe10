"""The verb doctor: what of the desk and its machine is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from aggregator.cli.app import State
from aggregator.cli.forms import to_json
from aggregator.doctor.finding import Finding, Level, fault, fine, warn
from aggregator.domain.errors import AggregatorError, ConfigError, StoreError

if TYPE_CHECKING:
    from aggregator.bootstrap import App

_MARKS = {Level.OK: "ok      ", Level.WARNING: "warning ", Level.FAULT: "fault   "}


@click.command()
@click.option("--network", is_flag=True, help="Also connect to a few servers of feeds.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a look and line.")
@click.pass_obj
def doctor(state: State, *, network: bool, as_json: bool) -> int:
    """Look at configuration, database, clock, files, certificates and settings; change nothing.

    Exit status 1 where something is a fault.
    """
    found = list(_look(state, network=network))
    for one in found:
        click.echo(to_json(_form(one)) if as_json else _line(one))
    if not as_json:
        counts = [sum(one.level is level for one in found) for level in reversed(Level)]
        click.echo("{} faults, {} warnings, {} fine".format(*counts))
    is_ill = any(one.level is Level.FAULT for one in found)
    return AggregatorError.exit_status if is_ill else 0


def _look(state: State, *, network: bool) -> Iterator[Finding]:
    from aggregator.bootstrap import open_app

    try:
        app = open_app(state.config, now=state.now, environ=state.environ)
    except ConfigError as error:
        for problem in error.problems:
            remedy = "mend it; docs/config.md describes every key"
            yield fault("config", str(state.config), str(problem), remedy)
        return
    yield from _configuration(app)
    yield from _machine(app)
    yield from _database(app)
    if network:
        from aggregator.doctor.network import look_at_network

        yield from look_at_network(app.config.feeds, app.guard())


def _configuration(app: App) -> Iterator[Finding]:
    from aggregator.doctor.settings import look_at_settings

    file = str(app.config.path)
    yield fine("config", file, f"{len(app.config.feeds)} feeds")
    for problem in app.config.warnings:
        yield warn("config", file, str(problem), "see `aggregator check`")
    yield from look_at_settings(app.config, app.environ)


def _machine(app: App) -> Iterator[Finding]:
    from aggregator.doctor.files import look_at_files
    from aggregator.doctor.machine import look_at_machine, look_at_pins
    from aggregator.doctor.parts import database_file, new_tls_context

    config = app.config
    yield from look_at_files(config.data_dir, config.path, database_file(config.database_url))
    zones = {config.timezone, "Asia/Seoul", *(feed.timezone for feed in config.feeds)}
    yield from look_at_machine(zones, new_tls_context, app.clock.now())
    pins = {feed.tls.certificate for feed in config.feeds if feed.active and feed.tls.certificate}
    yield from look_at_pins(pins)


def _database(app: App) -> Iterator[Finding]:
    from aggregator.doctor.database import look_at_database
    from aggregator.doctor.parts import database_file, store_as_it_is
    from aggregator.store.schema import REVISIONS

    url = app.config.database_url
    file = database_file(url)
    if file is not None and not file.exists():
        remedy = "nothing: the first verb that needs it makes it"
        yield warn("database", str(file), "it is not there yet", remedy)
        return
    try:
        with store_as_it_is(url) as store:
            where = store.place.removeprefix("database ")
            yield from look_at_database(
                store, where, wanted=app.schema, known=REVISIONS, now=app.clock.now()
            )
    except StoreError as error:
        yield fault("database", str(file or "the server"), str(error), "see docs/config.md")


def _line(one: Finding) -> str:
    line = f"{_MARKS[one.level]}{one.check}  {one.where}: {one.says}"
    return f"{line}\n        → {one.remedy}" if one.remedy else line


def _form(one: Finding) -> dict[str, str]:
    return {
        "level": one.level.value,
        "check": one.check,
        "where": one.where,
        "says": one.says,
        "remedy": one.remedy,
    }
