"""The verb mail, against a mail server on loopback."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Program
from tests.fixtures.mailbox import Box, serving

LISTS = """
[series.mail]
sender = "desk@news.example"
smtp = "{server}"
lists = [{{ language = "ko", to = "news@lists.example" }}]
"""


def mailing(program: Program, server: str) -> Program:
    """The program, its issues mailed to a Korean list by ``server``."""
    text = program.config.read_text(encoding="utf-8")
    lists = LISTS.format(server=server)
    program.config.write_text(text.replace("\n[publish]", f"{lists}\n[publish]"), encoding="utf-8")
    return program


def test_an_issue_is_queued_sent_and_listed(fed: Program) -> None:
    """Once, however often it is asked for."""
    box = Box()
    with serving(box) as server:
        program = mailing(fed, server)
        made = program("publish", "48", "--accept-warnings", "Kim")
        assert 0 == made.status
        queued = "mail ko to news@lists.example queued: run sends it, or mail send 48"
        assert queued in made.out.splitlines()
        waiting = "No. 48  ko  news@lists.example  to be sent 2024.3.4 10:00\n"
        assert waiting == program("mail", "status").out

        sent = (
            "No. 48  ko  news@lists.example  sent 2024.3.4 10:00  <smart-city.48.ko@news.example>\n"
        )
        for _ in range(2):
            done = program("mail", "send", "48")
            assert (0, sent) == (done.status, done.out)

        (again,) = json.loads(program("publish", "48", "--accept-warnings", "Kim", "--json").out)[
            "mails"
        ]

    assert {"language": "ko", "to": "news@lists.example", "state": "sent"} == again
    assert 1 == len(box.mails)
    assert sent == program("mail", "status").out


def test_what_the_server_refuses_is_said(fed: Program) -> None:
    """With status 1."""
    with serving(Box(answer="554 no thanks")) as server:
        program = mailing(fed, server)
        program("publish", "48", "--accept-warnings", "Kim")
        done = program("mail", "send", "48")

    assert (1, "No. 48  ko  news@lists.example  given up: 554 no thanks\n") == (
        done.status,
        done.out,
    )


def test_a_draft_can_be_tried_out(fed: Program) -> None:
    """In all its languages or one, once however often it is named; to one address, and the list has
    nothing of it."""
    box = Box()
    with serving(box) as server:
        program = mailing(fed, server)
        fed("draft")
        done = program("mail", "test", "48", "--to", "kim@office.example")
        program("mail", "test", "48", "--to", "kim@office.example", *("--lang", "en") * 2)

    wanted = [f"No. 48  {language}  kim@office.example  sent" for language in ("ko", "en")]
    assert wanted == done.out.splitlines()
    assert ["[시험 발송] 소식 No. 48 (2024.3.4)", *["[Test] News No. 48 (2024.3.4)"] * 2] == [
        message["Subject"] for _, _, message in box.mails
    ]
    assert "No mail was queued yet.\n" == program("mail", "status").out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (
            ["send", "48"],
            "aggregator: no list is configured: see [series.mail] in docs/config.md\n",
        ),
        (["test", "48", "--to", "kim@office.example"], "aggregator: no mail server is configured"),
        (["test", "48", "--to", "kim"], "aggregator: --to: 'kim' is no mail address"),
    ],
)
def test_what_is_missing_is_said(fed: Program, args: list[str], says: str) -> None:
    """With status 2, before anything is sent."""
    fed("draft")
    done = fed("mail", *args)
    assert (2, True) == (done.status, done.err.startswith(says))


def test_the_password_of_a_server_of_its_own_has_a_name_of_its_own(
    fed: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The digest's goes to no other server."""
    monkeypatch.setenv("AGG_MAIL_USER", "kim")
    monkeypatch.setenv("AGG_MAIL_PASSWORD", "secret")
    monkeypatch.setenv("AGG_SMTP_USER", "lee")
    monkeypatch.setenv("AGG_SMTP_PASSWORD", "other")
    box = Box()
    with serving(box) as server:
        program = mailing(fed, server)
        fed("draft")
        program("mail", "test", "48", "--to", "kim@office.example", "--lang", "ko")

    assert [(b"kim", b"secret")] == box.logins
