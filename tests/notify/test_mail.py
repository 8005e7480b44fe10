"""Mail as a real server on loopback gets it."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from dataclasses import replace
from datetime import datetime

import pytest

from aggregator.domain.errors import NotifyError
from aggregator.domain.items import SEOUL
from aggregator.domain.notices import Mail
from aggregator.notify.mail import SmtpMailer, as_message
from tests.fixtures.mailbox import Box, serving

MAIL = Mail(
    sender="desk@news.example",
    to=("kim@office.example", "lee@office.example"),
    subject="[desk] 3 feeds ill, 1 well again",
    text="출처 25곳 가운데 3곳에 문제가 있습니다.\n.\n3 of 25 feeds are ill.\n",
    at=datetime(2024, 3, 4, 8, tzinfo=SEOUL),
    key="digest.20240304.abc",
)


def test_a_mail_arrives_as_it_was_meant() -> None:
    """Both recipients, the headers that a mail must have, and Korean as it is."""
    box = Box()
    with serving(box) as server:
        SmtpMailer(server).send(MAIL)

    ((sender, to, message),) = box.mails
    assert ("desk@news.example", [*MAIL.to]) == (sender, to)
    assert MAIL.text == message.get_content().replace("\r\n", "\n")
    assert {
        "From": "desk@news.example",
        "To": "kim@office.example, lee@office.example",
        "Subject": "[desk] 3 feeds ill, 1 well again",
        "Date": "Mon, 04 Mar 2024 08:00:00 +0900",
        "Message-ID": "<digest.20240304.abc@news.example>",
        "Auto-Submitted": "auto-generated",
    }.items() <= dict(message.items()).items()
    assert "text/plain" == message.get_content_type()


@pytest.mark.parametrize("name", ["subject", "key"])
def test_no_text_begins_a_header_of_its_own(name: str) -> None:
    """Line ends in what becomes a header are spaces."""
    evil = "x\r\nBcc: all@office.example\r\n\r\nhello"
    message = as_message(replace(MAIL, **{name: evil}))  # type: ignore[arg-type]

    assert "Bcc" not in message
    assert b"\nBcc:" not in message.as_bytes()


def test_a_user_logs_in() -> None:
    """With the name and password given."""
    box = Box()
    with serving(box) as server:
        SmtpMailer(server, user="kim", password="secret").send(MAIL)

    assert [(b"kim", b"secret")] == box.logins
    assert 1 == len(box.mails)


def test_a_wrong_password_is_one_line_without_it() -> None:
    """Nothing is sent, and the message does not tell the password."""
    box = Box()
    with serving(box) as server, pytest.raises(NotifyError, match="password is wrong") as error:
        SmtpMailer(server, user="kim", password="wrong-one").send(MAIL)

    assert [] == box.mails
    assert "wrong-one" not in str(error.value)


def test_a_password_is_not_sent_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server elsewhere that offers no STARTTLS gets neither password nor mail."""
    box = Box()
    with serving(box) as server:
        mailer = SmtpMailer(server, user="kim", password="secret")
        monkeypatch.setattr("aggregator.notify.mail._is_here", lambda _: False)
        with pytest.raises(NotifyError, match="not sent in the clear"):
            mailer.send(MAIL)

    assert ([], []) == (box.logins, box.mails)


def test_one_refused_recipient_does_not_stop_the_other() -> None:
    """The mail counts as sent: the other would get it twice otherwise."""
    box = Box(refuse={"lee@office.example"})
    with serving(box) as server:
        SmtpMailer(server).send(MAIL)

    assert [["kim@office.example"]] == [to for _, to, _ in box.mails]


@pytest.mark.parametrize(
    ("box", "says"),
    [
        (Box(refuse={*MAIL.to}), r"refused every recipient \(550\)"),
        (Box(answer="554 no\tthanks"), "554 no thanks"),
    ],
    ids=["recipients", "content"],
)
def test_a_refusal_is_one_clear_line(box: Box, says: str) -> None:
    """With the server's status."""
    with serving(box) as server, pytest.raises(NotifyError, match=says) as error:
        SmtpMailer(server).send(MAIL)

    assert 1 == len(str(error.value).splitlines())


def test_a_server_that_is_not_there() -> None:
    """Where it should be, and why not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with pytest.raises(NotifyError, match=rf"127\.0\.0\.1:{port}.*refused"):
        SmtpMailer(f"smtp://127.0.0.1:{port}").send(MAIL)


def test_a_server_that_says_nothing() -> None:
    """It is not waited for beyond the timeout."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(NotifyError, match="does not answer in time"):
            SmtpMailer(f"smtp://127.0.0.1:{port}", timeout=0.2).send(MAIL)


def test_a_server_that_hangs_up() -> None:
    """An answer that breaks off is a failure like any other."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        with pytest.raises(NotifyError, match="did not take the digest"):
            SmtpMailer(f"smtp://127.0.0.1:{server.getsockname()[1]}").send(MAIL)
        thread.join()


@pytest.fixture(scope="module")
def own_certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's TLS with a certificate that it made itself."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine, so no certificate can be made")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=mail.example", "-keyout", folder / "key.pem"),
            *("-out", folder / "cert.pem"),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_tls_is_begun_where_it_is_offered(own_certificate: ssl.SSLContext) -> None:
    """A password is sent only after that; this machine's own certificate is good enough."""
    box = Box()
    with serving(box, own_certificate) as server:
        SmtpMailer(server, user="kim", password="secret").send(MAIL)

    assert [(b"kim", b"secret")] == box.logins
    assert ["TLSv1.3"] == box.secured


def test_another_machine_must_prove_who_it_is(
    own_certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent to one whose certificate nobody vouches for."""
    box = Box()
    with serving(box, own_certificate) as server:
        monkeypatch.setattr("aggregator.notify.mail._is_here", lambda _: False)
        with pytest.raises(NotifyError, match="certificate verify failed"):
            SmtpMailer(server, user="kim", password="secret").send(MAIL)

    assert ([], []) == (box.logins, box.mails)
