"""The verb user: who may work at the desk."""

from __future__ import annotations

import sys
from typing import Any

import click

from aggregator.bootstrap import App
from aggregator.cli.app import State
from aggregator.cli.forms import instant, to_json
from aggregator.domain.errors import UsageError
from aggregator.domain.people import Account, Role
from aggregator.services.people.accounts import Link
from aggregator.services.people.names import check_name
from aggregator.services.people.passwords import check_password

BY = "command line"
"""Who the log says it was."""

LONGEST_LINE = 4096
ROLE = click.Choice([role.value for role in Role])
STDIN_HELP = "Read the password from standard input, its first line, instead of asking."


@click.group()
def user() -> None:
    """Say who may work at the desk, and let them in.

    A role may do all that those before it may: reader, editor, publisher, admin.
    """


@user.command()
@click.argument("name")
@click.option("--role", type=ROLE, default=Role.READER.value, show_default=True, help="The role.")
@click.option("--display", default="", help="How pages and the log call somebody.  [default: NAME]")
@click.option("--stdin", "from_stdin", is_flag=True, help=STDIN_HELP)
@click.option("--no-password", is_flag=True, help="None yet; a link is printed instead.")
@click.pass_obj
def add(
    state: State, name: str, role: str, display: str, *, from_stdin: bool, no_password: bool
) -> None:
    """Make an account NAME, of letters, digits and . _ @ - signs."""
    if from_stdin and no_password:
        raise UsageError("--stdin and --no-password exclude each other")
    app = state.app()
    made = check_name(name)
    password = None if no_password else _password(made, from_stdin=from_stdin)
    account = app.accounts.add(
        made, role=Role(role), display_name=display, password=password, by=BY
    )
    click.echo(f"account {account.name} made ({account.role})")
    if no_password:
        _show_link(app, app.accounts.link(account.name, by=BY))


@user.command()
@click.argument("name")
@click.option("--stdin", "from_stdin", is_flag=True, help=STDIN_HELP)
@click.pass_obj
def passwd(state: State, name: str, *, from_stdin: bool) -> None:
    """Give NAME another password; all its sessions end."""
    accounts = state.app().accounts
    account = accounts.get(name)
    accounts.set_password(account.name, _password(account.name, from_stdin=from_stdin), by=BY)
    click.echo(f"{account.name} has another password; its sessions have ended")


@user.command()
@click.argument("name")
@click.argument("new_role", metavar="ROLE", type=ROLE)
@click.pass_obj
def role(state: State, name: str, new_role: str) -> None:
    """Give NAME another role: reader, editor, publisher or admin; all its sessions end."""
    state.app().accounts.change_role(name, Role(new_role), by=BY)
    click.echo(f"{check_name(name)} is {new_role} now")


@user.command()
@click.argument("name")
@click.pass_obj
def disable(state: State, name: str) -> None:
    """Let nobody in as NAME any more; all its sessions end."""
    state.app().accounts.disable(name, by=BY)
    click.echo(f"{check_name(name)} is let in no more")


@user.command()
@click.argument("name")
@click.pass_obj
def enable(state: State, name: str) -> None:
    """Let NAME in again."""
    state.app().accounts.enable(name, by=BY)
    click.echo(f"{check_name(name)} is let in again")


@user.command()
@click.argument("name")
@click.pass_obj
def link(state: State, name: str) -> None:
    """Print a link that lets NAME in once, and then to choose a password."""
    app = state.app()
    _show_link(app, app.accounts.link(name, by=BY))


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each account.")
@click.pass_obj
def list_(state: State, *, as_json: bool) -> None:
    """List all accounts, by name."""
    found = state.app().accounts.all()
    if as_json:
        for one in found:
            click.echo(to_json(account_form(one)))
        return
    if not found:
        click.echo("there are no accounts (aggregator user add NAME --role admin makes one)")
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        click.echo(_line(one, width))


def link_address(app: App, token: str, *, base: str = "") -> str:
    """Where a link leads: at the desk's address, else at ``base``, else where the daemon listens."""
    listen = app.config.listen
    host = f"[{listen.host}]" if ":" in listen.host else listen.host
    root = app.config.desk.address or base or f"http://{host}:{listen.port}"
    return f"{root}/desk/enter/{token}"


def _show_link(app: App, made: Link) -> None:
    until = f"{instant(made.until)}"[:16].replace("T", " ")
    click.echo(f"lets {made.account.name} in once, until {until} KST:", err=True)
    click.echo(link_address(app, made.token))
    if not app.config.desk.address:
        listen = app.config.listen
        said = f"it leads to {listen.host}:{listen.port}, server.listen: change that where run has"
        click.echo(f"{said} another --listen", err=True)


def _password(name: str, *, from_stdin: bool) -> str:
    """A password that was typed or piped in, judged before anything is done. Raises
    PasswordRefused, UsageError."""
    if from_stdin:
        line = sys.stdin.readline(LONGEST_LINE)
        if not line:
            raise UsageError("standard input holds no password")
        given = line.rstrip("\r\n")
    else:
        given = click.prompt(
            f"Password for {name}", hide_input=True, confirmation_prompt="Once more", err=True
        )
    check_password(given, name)
    return str(given)


def _line(one: Account, width: int) -> str:
    last = (
        f"{instant(one.last_login_at)}"[:16].replace("T", " ") if one.last_login_at else "never in"
    )
    notes = ((one.disabled, "disabled"), (not one.password_hash, "no password"))
    told = ", ".join(text for is_so, text in notes if is_so)
    line = f"{one.name:<{width}}  {one.role:<9}  {last:<16}  {one.display_name}"
    return f"{line}  ({told})" if told else line


def account_form(one: Account) -> dict[str, Any]:
    """An account, for JSON."""
    return {
        "name": one.name,
        "display_name": one.display_name,
        "role": one.role.value,
        "disabled": one.disabled,
        "has_password": bool(one.password_hash),
        "created": instant(one.created_at),
        "last_login": instant(one.last_login_at),
    }
