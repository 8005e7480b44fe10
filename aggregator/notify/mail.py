"""Mail over SMTP: STARTTLS where it is offered, a password never in the clear.

The only importer of smtplib.
"""

from __future__ import annotations

import email
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP, compat32
from email.utils import format_datetime
from io import BytesIO
from ipaddress import ip_address
from urllib.parse import urlsplit

from aggregator.domain.errors import NotifyError
from aggregator.domain.mailing import Answer, Letter, Outcome
from aggregator.domain.notices import Mail
from aggregator.observe import get_logger

log = get_logger(__name__)

TIMEOUT = 20.0
"""Seconds for each step of the conversation with the server."""

LETTER_TIMEOUT = 300.0
"""Seconds for each answer about a letter: a server that looks at it for long has not refused it, and
whoever does not wait sends it twice (RFC 5321, section 4.5.3.2)."""

PARTING_TIMEOUT = 1.0
"""Seconds for a server to say good-bye: what it took is taken, whoever waits keeps it from being
written down."""

PORTS = {"smtp": 25, "smtps": 465}
_FINE, _FORWARDED, _GO_ON, _FINAL = 250, 251, 354, 500
_TROUBLE = (OSError, smtplib.SMTPException, ValueError)
"""What a conversation can come to; a ValueError where something cannot be sent as it is."""
_PLAIN = compat32.clone(linesep="\r\n", cte_type="7bit", max_line_length=None)
_LONGEST = 200
"""Characters of a server's answer that a message repeats."""


class SmtpMailer:
    """Hands mails and letters to the server ``smtp://host:port`` or ``smtps://host:port``; see
    ``aggregator.ports.Mailer``. Without ``user`` nobody logs in."""

    def __init__(
        self, server: str, *, user: str = "", password: str = "", timeout: float = TIMEOUT
    ) -> None:
        parts = urlsplit(server)
        self._scheme = parts.scheme
        self._host = parts.hostname or ""
        self._port = parts.port or PORTS[parts.scheme]
        self._user = user
        self._password = password
        self._timeout = timeout

    def send(self, mail: Mail) -> None:
        """Hand over one mail. Raises NotifyError, with nothing sent, for whatever goes wrong."""
        message = as_message(mail)
        try:
            with self._conversation() as server:
                refused = server.send_message(message, mail.sender, list(mail.to))
        except _TROUBLE as error:
            where = f"{self._host}:{self._port}"
            raise NotifyError(
                f"the mail server {where} did not take the digest: {_reason(error)}"
            ) from error
        for address, (code, _) in refused.items():
            log.warning("recipient_refused", address=address, status=code)

    def hand_over(self, letter: Letter) -> Answer:
        """What the server makes of a letter; see ``aggregator.ports.mailing.LetterCarrier``.

        What it answers to the letter's sender, address or text is about the letter: 4xx is
        ``LATER``, 5xx ``REFUSED``. Everything else (no connection, no login, no answer) is
        ``LATER``.
        """
        try:
            with self._conversation() as server:
                return self._give(server, letter)
        except _TROUBLE as error:
            outcome = Outcome.REFUSED if _is_final(error) else Outcome.LATER
            return Answer(outcome=outcome, reason=_reason(error))

    def _give(self, server: smtplib.SMTP, letter: Letter) -> Answer:
        body, options = letter.body, ["BODY=8BITMIME"]
        if not server.has_extn("8bitmime"):
            body, options = seven_bit(body), []
        if server.has_extn("size"):
            options.append(f"SIZE={len(body)}")
        if server.sock is not None:
            server.sock.settimeout(max(self._timeout, LETTER_TIMEOUT))
        code, said = server.mail(letter.sender, options)
        if code != _FINE:
            raise smtplib.SMTPSenderRefused(code, said, letter.sender)
        code, said = server.rcpt(letter.to)
        if code not in {_FINE, _FORWARDED}:
            raise smtplib.SMTPRecipientsRefused({letter.to: (code, said)})
        code, said = server.docmd("DATA")
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, said)
        server.send(_on_the_wire(body))
        try:
            code, said = server.getreply()
        except _TROUBLE as error:
            return Answer(outcome=Outcome.LATER, reason=_reason(error), is_lost=True)
        if code != _FINE:
            raise smtplib.SMTPDataError(code, said)
        return Answer(outcome=Outcome.TAKEN)

    @contextmanager
    def _conversation(self) -> Iterator[smtplib.SMTP]:
        """A server that is ready to take a mail. How it says good-bye does not matter."""
        server = self._connected()
        try:
            self._secure(server)
            yield server
        finally:
            with suppress(*_TROUBLE):
                if server.sock is not None:
                    server.sock.settimeout(PARTING_TIMEOUT)
                    server.docmd("QUIT")
            server.close()

    def _connected(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            return smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=self._context()
            )
        return smtplib.SMTP(self._host, self._port, timeout=self._timeout)

    def _secure(self, server: smtplib.SMTP) -> None:
        """Begin TLS where it is offered, and log in where a user is known."""
        server.ehlo_or_helo_if_needed()
        is_secret = self._scheme == "smtps"
        if not is_secret and server.has_extn("starttls"):
            server.starttls(context=self._context())
            server.ehlo()
            is_secret = True
        if not self._user:
            return
        if not is_secret and not _is_here(self._host):
            raise smtplib.SMTPException(
                "it offers no STARTTLS, and a password is not sent in the clear"
            )
        if not (self._user + self._password).isascii():
            raise smtplib.SMTPException(
                "the user or the password has a character other than ASCII: give it another one"
            )
        server.login(self._user, self._password)

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if _is_here(self._host):
            # A server on this very machine usually has a certificate that it made itself.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def as_message(mail: Mail) -> EmailMessage:
    """The mail with its headers. What would begin a header of its own becomes a space."""
    domain = mail.sender.rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"] = _one_line(mail.sender)
    message["To"] = ", ".join(map(_one_line, mail.to))
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{_one_line(mail.key)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def seven_bit(body: bytes) -> bytes:
    """The same mail for a server that takes ASCII alone: parts with other characters in base64,
    headers as they are."""
    message = email.message_from_bytes(body, policy=_PLAIN)
    target = BytesIO()
    BytesGenerator(target, mangle_from_=False, policy=_PLAIN).flatten(message)
    return target.getvalue()


def _on_the_wire(body: bytes) -> bytes:
    """The text of a mail as DATA sends it, with its end (RFC 5321, section 4.5.2)."""
    stuffed = re.sub(rb"(?m)^\.", b"..", body)
    return stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n")


def _is_final(error: Exception) -> bool:
    """Whether the server said that it will never take this letter."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _FINAL for code, _ in error.recipients.values())
    about_the_letter = (smtplib.SMTPSenderRefused, smtplib.SMTPDataError)
    return isinstance(error, about_the_letter) and error.smtp_code >= _FINAL


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _reason(error: Exception) -> str:
    """One line about what went wrong, without what was sent to log in."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"user or password is wrong ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return f"it refused every recipient ({', '.join(map(str, codes))})"
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
        return f"{error.smtp_code} {_one_line(said)[:_LONGEST]}"
    if isinstance(error, UnicodeError):
        return "the user, the password or an address has a character other than ASCII"
    # smtplib says that the server hung up where it only waited long enough.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "it does not answer in time"
    return _one_line(getattr(error, "strerror", None) or str(error))[:_LONGEST] or "no reason given"
