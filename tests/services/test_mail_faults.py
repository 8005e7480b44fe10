"""Mail servers as they fail: what becomes of a mail after each fault, and how often it arrives."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from aggregator.domain.mailing import DeliveryState
from aggregator.notify.mail import SmtpMailer
from aggregator.services.desk import Desk
from aggregator.services.publishing.mailing import pause_after
from tests.fixtures.mailbox import Box, serving
from tests.notify.test_mail import own_certificate
from tests.services.test_mailing import MAIL, desk_with, kept, later, postman

__all__ = ["own_certificate"]

PENDING, SENT, FAILED = DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.FAILED
HANG_UP, SILENCE = "hang up", "silence"
FINE = {"": "220 hello", "EHLO": "250 hello", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on",
        ".": "250 taken", "QUIT": "221 bye", "RSET": "250 ok"}  # fmt: skip


@dataclass
class Server:
    """A mail server that answers as told: ``answers`` by what was said, "" for the greeting and "."
    for the end of a text. ``letters`` are the texts that came whole."""

    answers: dict[str, str] = field(default_factory=dict)
    letters: list[bytes] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it stands."""
        return f"smtp://127.0.0.1:{self._listening.getsockname()[1]}"

    def close(self) -> None:
        """Serve nobody any more."""
        self.ended.set()
        self._listening.close()

    def _serve(self) -> None:
        while not self.ended.is_set():
            try:
                visitor, _ = self._listening.accept()
            except OSError:
                return
            with visitor:
                self._talk(visitor)

    def _talk(self, visitor: socket.socket) -> None:
        lines = visitor.makefile("rb")
        said = ""
        while True:
            answer = {**FINE, **self.answers}.get(said, "500 what")
            if answer == SILENCE:
                lines.read()  # until the visitor has lost patience
            if answer in {HANG_UP, SILENCE}:
                return
            visitor.sendall(f"{answer}\r\n".encode())
            if answer.startswith("354"):
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    piece = lines.readline()
                    if not piece or self.answers.get("text") == HANG_UP:
                        return
                    text += piece
                self.letters.append(text)
                said = "."
                continue
            line = lines.readline()
            if not line or said == "QUIT":
                return
            said = line[:4].strip().decode().upper()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """No. 48, queued for the Korean list."""
    made = desk_with(tmp_path, MAIL)
    yield made
    made.store.close()


def send(desk: Desk, server: Server) -> None:
    """A turn of the daemon, with little patience."""
    mine = postman(desk, None)
    replace(mine, carrier=SmtpMailer(server.address, timeout=0.5)).send_due()


@pytest.mark.parametrize(
    ("fault", "copies"),
    [
        ({"": "421 too busy"}, 1),
        ({"": "554 no service"}, 1),
        ({"": HANG_UP}, 1),
        ({"": SILENCE}, 1),
        ({"EHLO": "421 going down"}, 1),
        ({"MAIL": "451 try again"}, 1),
        ({"RCPT": "450 grey"}, 1),
        ({"RCPT": "421 too many"}, 1),
        ({"DATA": "451 disk"}, 1),
        ({"DATA": HANG_UP}, 1),
        ({"text": HANG_UP}, 1),
        ({".": "421 going down"}, 2),
        ({".": "451 greylisted"}, 2),
        ({".": HANG_UP}, 2),
    ],
    ids=str,
)
def test_a_fault_that_passes_costs_no_mail(desk: Desk, fault: dict[str, str], copies: int) -> None:
    """It waits, and goes once the server is well. What came whole and got no 250 comes again, under
    the same id."""
    server = Server(fault)
    send(desk, server)
    (waits,) = desk.store.deliveries("smart-city")
    assert (PENDING, True) == (waits.state, bool(waits.error))

    server.answers.clear()
    later(desk, pause_after(1))
    send(desk, server)
    later(desk, pause_after(9))
    send(desk, server)
    server.close()

    assert [("ko", SENT, 2)] == kept(desk)
    assert copies == len(server.letters)
    ids = {line for text in server.letters for line in text.split(b"\r\n") if b"Message-ID" in line}
    assert {b"Message-ID: <smart-city.48.ko@news.example>"} == ids


@pytest.mark.parametrize(
    "fault", [{"MAIL": "550 no"}, {"RCPT": "550 nobody"}, {".": "554 no thanks"}], ids=str
)
def test_a_refusal_is_heeded(desk: Desk, fault: dict[str, str]) -> None:
    """It does not go again by itself, however well the server is later."""
    server = Server(fault)
    send(desk, server)
    server.answers.clear()
    later(desk, pause_after(9))
    send(desk, server)
    server.close()

    assert [("ko", FAILED, 1)] == kept(desk)
    assert len(server.letters) <= 1


def test_what_breaks_behind_the_250_changes_nothing(desk: Desk) -> None:
    """The mail is sent."""
    server = Server({"QUIT": HANG_UP})
    send(desk, server)
    later(desk, pause_after(9))
    send(desk, server)
    server.close()

    assert ([("ko", SENT, 1)], 1) == (kept(desk), len(server.letters))


def test_it_goes_over_tls_to_who_lets_us_in(
    desk: Desk,
    own_certificate: ssl.SSLContext,
) -> None:
    """STARTTLS, then the login, then the mail; once."""
    box = Box()
    with serving(box, own_certificate) as server:
        carrier = SmtpMailer(server, user="kim", password="secret", timeout=5)
        mine = replace(postman(desk, None), carrier=carrier)
        mine.send_due()
        mine.send_due()

    assert (1, [(b"kim", b"secret")]) == (len(box.mails), box.logins)
    assert box.secured[0].startswith("TLSv1.")
    assert [("ko", SENT, 1)] == kept(desk)
