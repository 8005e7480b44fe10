"""The verb demo: issue No. 48 from built-in feeds, through the same verbs that anybody uses."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from aggregator.bootstrap import App, open_app
from aggregator.cli.app import run_verb
from aggregator.demo.interface import ENVIRON
from aggregator.demo.script import (
    START,
    demo_config,
    feed_titles,
    glossary_file,
    prepare_folder,
    session_lines,
    translation_file,
)
from aggregator.demo.server import serve_offices
from aggregator.domain.errors import NotFound, PortTaken, SinkError, UsageError
from aggregator.domain.people import Role

FOLDER = Path("var/demo")
ANY_PORT = 0
ADMIN = "demo"
"""The account that the demo's link lets in."""
SHOWN = 100
"""Characters of a command line that are printed."""


@click.command()
@click.option("--once", is_flag=True, help="Publish, print what was made, and end.")
@click.option("--draft", "stop_at_draft", is_flag=True, help="End before the editor's session.")
@click.option(
    "--desk",
    "edit",
    is_flag=True,
    help="Leave the editor's session to you: the desk has the draft.",
)
@click.option("--listen", help="host:port to serve on  [default: 127.0.0.1:8080, or a free port]")
@click.option("--without", multiple=True, metavar="FEED", help="Leave this feed out; repeatable.")
def demo(
    listen: str | None, without: tuple[str, ...], *, once: bool, stop_at_draft: bool, edit: bool
) -> None:
    """Draft and publish issue No. 48 of March 2024 from feeds that come with the program.

    A loopback server plays the offices; no internet is needed. Everything is written below
    var/demo/ of the current folder, which is made anew each time.
    """
    titles = feed_titles()
    unknown = sorted(set(without) - set(titles))
    if unknown:
        raise UsageError(f"the demo has no feed {', '.join(unknown)} (one of {', '.join(titles)})")
    folder = FOLDER.resolve()
    config = folder / "feeds.toml"
    with serve_offices(titles) as port:
        try:
            prepare_folder(folder)
            config.write_text(demo_config(port, without), encoding="utf-8")
            (folder / "glossary.toml").write_text(glossary_file(), encoding="utf-8")
            (folder / "issue-48.en.po").write_text(translation_file(), encoding="utf-8")
        except OSError as error:
            raise SinkError(f"cannot write below {folder}: {error.strerror}") from error
        _carry_out(config, "refresh --all")
        _carry_out(config, "draft")
        for line in () if stop_at_draft or edit else session_lines():
            _carry_out(config, line, tolerant=bool(without))
        if not once and not stop_at_draft:
            _stay(config, listen)
            return
    begins = f"aggregator --config {FOLDER / 'feeds.toml'} --now {START:%Y-%m-%dT%H:%M}"
    click.echo(f"to go on with it: {begins} VERB")


def _carry_out(config: Path, line: str, *, tolerant: bool = True) -> None:
    """Show a command line and carry it out at the demo's time, as if it had been typed."""
    shown = line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
    click.echo(click.style(f"$ aggregator {shown}", bold=True))
    words = [
        str(config.parent / word) if word.endswith(".po") else word for word in shlex.split(line)
    ]
    try:
        run_verb(["--config", str(config), "--now", START.isoformat(), *words], environ=ENVIRON)
    except NotFound as error:
        if not tolerant:
            raise
        click.echo(f"aggregator: {error}", err=True)


def _stay(config: Path, listen: str | None) -> None:
    """Serve what was made with the clock running, until stopped."""
    from aggregator.cli.daemon import address, serve
    from aggregator.daemon import listen_on

    app = open_app(config, now=START, environ=ENVIRON, running=True)
    try:
        host, port = address(app, listen)
        try:
            bound = listen_on(host, port)
        except PortTaken:
            if listen is not None:
                raise
            bound = listen_on(host, ANY_PORT)
        _invite(app, *bound.getsockname()[:2])
        serve(app, bound)
    finally:
        app.close()


def _invite(app: App, host: str, port: int) -> None:
    """Print a one-time link by which the demo's admin gets to the desk."""
    from aggregator.cli.users import link_address
    from aggregator.services.people.tokens import new_token

    admin = app.accounts.ensure(ADMIN, role=Role.ADMIN, display_name="Demo", by="demo")
    if not admin.password_hash:
        # One that nobody knows: who has none is asked to choose one first.
        app.accounts.set_password(admin.name, new_token(), by="demo")
    made = app.accounts.link(admin.name, by="demo")
    # Served on every address: this machine is reached by its own.
    name = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    base = f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
    click.echo(f"the desk, once: {link_address(app, made.token, base=base)}")
