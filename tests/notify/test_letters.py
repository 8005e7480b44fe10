"""Letters on their way to a server: what its answers mean, and what arrives."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
import time
from dataclasses import replace
from email.message import EmailMessage

import pytest

from aggregator.domain.mailing import Answer, Letter, Outcome
from aggregator.notify.mail import SmtpMailer, seven_bit
from tests.fixtures.mailbox import Box, serving

BODY = (
    "From: =?utf-8?b?64m07Iqk?= <desk@news.example>\r\n"
    "To: news@lists.example\r\n"
    "Subject: =?utf-8?b?64m07Iqk?=\r\n"
    "Message-ID: <smart-city.48.ko@news.example>\r\n"
    f"List-Unsubscribe: <https://lists.example/{'x' * 90}>,\r\n"
    " <mailto:leave@lists.example>\r\n"
    "MIME-Version: 1.0\r\n"
    'Content-Type: text/plain; charset="utf-8"\r\n'
    "Content-Transfer-Encoding: 8bit\r\n"
    "\r\n"
    "새 소식\r\n.\r\nFrom the desk\r\n"
).encode()
LETTER = Letter(
    sender="desk@news.example",
    to="news@lists.example",
    message_id="<smart-city.48.ko@news.example>",
    body=BODY,
)


def test_a_letter_arrives_as_it_was_written() -> None:
    """A line with a dot alone does not end it."""
    box = Box()
    with serving(box) as server:
        assert Answer(outcome=Outcome.TAKEN) == SmtpMailer(server).hand_over(LETTER)

    ((sender, to, message),) = box.mails
    assert ("desk@news.example", ["news@lists.example"]) == (sender, to)
    assert "새 소식\n.\nFrom the desk\n" == message.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("box", "wanted"),
    [
        (Box(answer="451 later"), Answer(outcome=Outcome.LATER, reason="451 later")),
        (Box(answer="554 never"), Answer(outcome=Outcome.REFUSED, reason="554 never")),
        (
            Box(refuse={LETTER.to}),
            Answer(outcome=Outcome.REFUSED, reason="it refused every recipient (550)"),
        ),
    ],
    ids=["4xx", "5xx", "recipient"],
)
def test_the_first_digit_decides(box: Box, wanted: Answer) -> None:
    """4 is not now, 5 is never."""
    with serving(box) as server:
        assert wanted == SmtpMailer(server).hand_over(LETTER)


def conversation(*answers: str) -> str:
    """A server that gives these answers to one visitor, one for each line or text; its address."""
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        visitor, _ = listening.accept()
        with visitor, visitor.makefile("rb") as lines, listening:
            for answer in answers:
                visitor.sendall(f"{answer}\r\n".encode())
                while answer[:3] == "354" and lines.readline() not in {b".\r\n", b""}:
                    pass
                if answer[:3] != "354":
                    lines.readline()
            if answers[-1] == "250 taken":
                lines.read()  # in silence until the visitor has gone

    threading.Thread(target=talk, daemon=True).start()
    return f"smtp://127.0.0.1:{listening.getsockname()[1]}"


def test_a_lost_answer_is_none() -> None:
    """The server hangs up behind the text: perhaps it has the letter, so it is tried again."""
    server = conversation("220 hello", "250 hello", "250 sender", "250 to", "354 go on")
    answer = SmtpMailer(server).hand_over(LETTER)
    assert (Outcome.LATER, True) == (answer.outcome, answer.is_lost)


def test_what_follows_a_taken_letter_changes_nothing() -> None:
    """Not even a server that is rude when we leave."""
    server = conversation(
        "220 hello", "250 hello", "250 sender", "250 to", "354 go on", "250 taken", "500 what"
    )
    # Behind 354 the answer to the text comes when its last line is read.
    assert Outcome.TAKEN is SmtpMailer(server).hand_over(LETTER).outcome


def test_a_server_that_wants_nobody_is_tried_again() -> None:
    """It has said nothing about the letter."""
    answer = SmtpMailer(conversation("554 no service")).hand_over(LETTER)
    assert (Outcome.LATER, "554 no service") == (answer.outcome, answer.reason)


def test_a_server_of_seven_bits_gets_ascii() -> None:
    """The same text, and headers byte for byte but for the coding."""
    plain = seven_bit(BODY)
    message = email.message_from_bytes(plain, policy=email.policy.default)

    assert isinstance(message, EmailMessage)
    assert plain.isascii()
    assert message.get_content().startswith("새 소식")
    head, _, _ = BODY.partition(b"MIME-Version")
    assert plain.startswith(head)
    assert "base64" == message["Content-Transfer-Encoding"]


def test_nobody_waits_for_a_good_bye() -> None:
    """A server that took the letter and then says nothing keeps its answer from nobody."""
    server = conversation(
        "220 hello", "250 hello", "250 sender", "250 to", "354 go on", "250 taken"
    )
    began = time.monotonic()
    assert Outcome.TAKEN is SmtpMailer(server).hand_over(LETTER).outcome
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("password", ["비밀", "s\xe9cret"])
def test_a_password_beyond_ascii_is_an_answer(password: str) -> None:
    """That does not repeat it."""
    with serving(Box()) as server:
        answer = SmtpMailer(server, user="kim", password=password).hand_over(LETTER)

    assert Outcome.LATER is answer.outcome
    assert "password has a character other than ASCII" in answer.reason
    assert password not in answer.reason


def test_an_address_beyond_ascii_is_an_answer() -> None:
    """Not a crash."""
    with serving(Box()) as server:
        answer = SmtpMailer(server).hand_over(replace(LETTER, to="소식@lists.example"))
    assert (Outcome.LATER, False) == (answer.outcome, answer.is_lost)
