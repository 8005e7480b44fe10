"""The verb user."""

from __future__ import annotations

import json
import re

import pytest

from aggregator.cli import users
from tests.cli.conftest import Done, Program
from tests.cli.test_json import documented

PASSWORD = "a sentence of several words"  # noqa: S105 - the password of everybody here


def add(program: Program, name: str = "kim", *options: str, password: str = PASSWORD) -> Done:
    return program("user", "add", name, "--stdin", *options, stdin=f"{password}\n".encode())


def listed(program: Program) -> list[dict[str, object]]:
    return [json.loads(line) for line in program("user", "list", "--json").out.splitlines()]


def test_an_account_is_made_and_listed(program: Program) -> None:
    """With its role; nobody has been in yet."""
    assert (
        "account kim made (admin)\n"
        == add(program, "Kim", "--role", "admin", "--display", "김").out
    )

    assert "kim  admin      never in          김\n" == program("user", "list").out


def test_the_json_is_as_documented(program: Program) -> None:
    """And has no hash."""
    add(program)

    (form,) = listed(program)
    assert documented("account") == form.keys()
    assert ("kim", "reader", True) == (form["name"], form["role"], form["has_password"])


def test_no_accounts_are_told(program: Program) -> None:
    """With what would make one."""
    assert "user add NAME --role admin" in program("user", "list").out


def test_a_password_is_no_argument() -> None:
    """Other users of a machine see arguments."""
    names = {
        option for one in (users.add, users.passwd) for param in one.params for option in param.opts
    }
    assert {"--stdin"} == {name for name in names if "pass" in name or "stdin" in name} - {
        "--no-password"
    }


def test_a_short_password_is_refused(program: Program) -> None:
    """In one line, without the password; no account is made."""
    done = add(program, password="hunter2")

    assert (1, "aggregator: the password has fewer than 12 characters\n") == (
        done.status,
        done.err,
    )
    assert [] == listed(program)


def test_an_empty_input_is_refused(program: Program) -> None:
    """It is a mistake of the pipe."""
    done = program("user", "add", "kim", "--stdin")

    assert (2, "aggregator: standard input holds no password\n") == (done.status, done.err)


def test_a_name_is_taken_once(program: Program) -> None:
    """The second one is an error."""
    add(program)
    done = add(program)

    assert (1, "aggregator: there is an account 'kim' already\n") == (done.status, done.err)


def test_somebody_without_a_password_gets_a_link(program: Program) -> None:
    """The link alone on standard output, for a pipe."""
    done = program("user", "add", "kim", "--no-password")
    again = program("user", "link", "kim")

    link = r"http://127\.0\.0\.1:8080/desk/enter/[\w-]{43}\n"
    assert re.fullmatch(f"account kim made \\(reader\\)\n{link}", done.out)
    assert re.fullmatch(link, again.out)
    until, where = again.err.splitlines()
    assert "lets kim in once, until 2024-03-04 11:00 KST:" == until
    assert where.startswith("it leads to 127.0.0.1:8080, server.listen: change that where run has")


def test_an_account_is_changed(program: Program) -> None:
    """Role, password, whether it is let in."""
    add(program)

    said = [
        program("user", *words, stdin=f"{PASSWORD}\n".encode()).out
        for words in (
            ("role", "kim", "editor"),
            ("passwd", "kim", "--stdin"),
            ("disable", "kim"),
            ("enable", "kim"),
        )
    ]
    assert [
        "kim is editor now\n",
        "kim has another password; its sessions have ended\n",
        "kim is let in no more\n",
        "kim is let in again\n",
    ] == said
    assert [("editor", False)] == [(one["role"], one["disabled"]) for one in listed(program)]


@pytest.mark.parametrize(
    "words", [("role", "kim", "reader"), ("passwd", "kim", "--stdin"), ("disable", "kim")]
)
def test_nobody_is_not_found(program: Program, words: tuple[str, ...]) -> None:
    """With where to look."""
    done = program("user", *words, stdin=f"{PASSWORD}\n".encode())

    assert 1 == done.status
    assert "there is no account 'kim'" in done.err


def test_the_last_admin_stays(program: Program) -> None:
    """Else nobody could let anybody in by the desk."""
    add(program, "kim", "--role", "admin")

    assert (1, 1) == (
        program("user", "disable", "kim").status,
        program("user", "role", "kim", "reader").status,
    )


def test_a_disabled_account_has_no_link(program: Program) -> None:
    """It would let nobody in."""
    add(program)
    program("user", "disable", "kim")

    assert "is disabled: enable it first" in program("user", "link", "kim").err
