"""The verb log."""

from __future__ import annotations

from tests.cli.conftest import Program
from tests.cli.test_json import documented, lines

ADD = ("add", "--section", "news", "--title", "2024 서밋", "--from", "2024-03-19")


def test_what_was_done_is_told_in_one_line(program: Program) -> None:
    """When, who, what, from what to what, and why."""
    program(*ADD)

    out = program("log").out
    assert "accept" in out
    assert "state: - -> accepted  [accepted]  #" in out


def test_the_json_is_as_documented(program: Program) -> None:
    """One line each."""
    program(*ADD)

    found = lines(program, "log")
    assert [documented("line")] * len(found) == [form.keys() for form in found]
    assert {"accept"} == {form["kind"] for form in found if form["action"]}


def test_pages_go_on_where_the_one_before_ended(program: Program) -> None:
    """The last line says where."""
    program(*ADD)
    first = program("log", "--limit", "1").out.splitlines()
    after = first[-1].removeprefix("older lines: --after ")

    assert lines(program, "log")[1:] == lines(program, "log", "--after", after)


def test_one_storys_log(program: Program) -> None:
    """And nothing of another one."""
    program(*ADD)
    program("add", "--section", "news", "--title", "다른 행사", "--from", "2024-03-20")

    assert 1 == len({form["story"] for form in lines(program, "log", "2024 서밋")})


def test_an_issue_that_is_none(program: Program) -> None:
    """The message says how the draft is asked for."""
    done = program("log", "--issue", "7")

    assert 1 == done.status
    assert "no published issue No. 7 (--draft is the one at work)" in done.err


def test_a_log_without_lines(program: Program) -> None:
    """It says so."""
    assert "the log has nothing of that kind\n" == program("log", "--by", "nobody").out
