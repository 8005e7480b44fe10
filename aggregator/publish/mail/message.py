"""The mail as it goes over the wire: headers, and the two parts beside each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from aggregator.domain.issues import Edition, Series
from aggregator.domain.items import SEOUL
from aggregator.domain.mailing import MailingList
from aggregator.publish.mail.sheet import Sheet
from aggregator.text.clean import one_line

LINE_BYTES = 998
"""The longest line of a mail (RFC 5322, section 2.1.1), without its CRLF."""

NOBODY = "undisclosed-recipients:;"
"""To whom a mail goes that has no list: an empty group (RFC 5322, section 3.4)."""

_WHOLE = {"message-id", "list-id", "list-archive", "list-unsubscribe"}


class _Policy(EmailPolicy):
    """As SMTP; but what programs look for in angle brackets is never taken apart, where the
    standard library would encode an address that is longer than a line."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """The header's bytes, in lines."""
        if name.lower() in _WHOLE:
            lines = str(value).replace(", <", ",\r\n <")
            return f"{name}: {lines}\r\n".encode("ascii")
        return super().fold_binary(name, value)


WIRE = _Policy(linesep=SMTP.linesep)
"""How mails are written."""

_PARTS = WIRE.clone(max_line_length=76)
"""How their parts are encoded: a line of quoted-printable has 76 bytes at most (RFC 2045, section 6.7),
one of a header 78."""


def domain_of(tag_authority: str) -> str:
    """The host that ``tag_authority`` names: ``news.example`` of ``news.example,2024``, and of
    ``desk@news.example,2024``."""
    return tag_authority.partition(",")[0].rpartition("@")[2]


def message_id(edition: Edition, tag_authority: str, mark: str = "") -> str:
    """``<smart-city.48.ko@news.example>``: the same for every copy of an edition, so that a second
    one can be known as such. ``mark`` tells a test apart."""
    parts = [edition.series, str(edition.number), edition.language, *([mark] if mark else [])]
    return f"<{'.'.join(parts)}@{domain_of(tag_authority)}>"


def sender_of(series: Series, tag_authority: str) -> str:
    """The address that the mail comes from."""
    return series.mail.sender or f"noreply@{domain_of(tag_authority)}"


def make_message(
    sheet: Sheet,
    *,
    headers: Iterator[tuple[str, object]],
    text: str,
    html: str,
) -> bytes:
    """The mail as bytes, the same for the same parts: lines end in CRLF and have 998 bytes at most.

    The parts stand as they are where their lines are short enough, else as quoted-printable.
    """
    message = EmailMessage(policy=_PARTS)
    for name, value in headers:
        message[name] = value
    message.set_content(text, cte=_coding(text))
    message.add_alternative(html, subtype="html", cte=_coding(html))
    message["Content-Language"] = sheet.language
    digest = hashlib.sha256(f"{text}\x00{html}".encode()).hexdigest()
    message.set_boundary(f"=_{digest[:40]}")
    return message.as_bytes(policy=WIRE)


def headers_of(
    sheet: Sheet,
    series: Series,
    *,
    at: datetime,
    ident: str,
    sender: str,
    to: str,
) -> Iterator[tuple[str, object]]:
    """The headers, with the way out of the list where there is one (RFC 2919, 2369 and 8058)."""
    yield "From", Address(display_name=one_line(sheet.title), addr_spec=sender)
    yield "To", to or NOBODY
    if series.mail.reply_to:
        yield "Reply-To", series.mail.reply_to
    yield "Subject", sheet.subject
    yield "Date", format_datetime(at.astimezone(SEOUL))
    yield "Message-ID", ident
    yield "Auto-Submitted", "auto-generated"
    if sheet.mailing_list is not None:
        yield from _list_headers(sheet.mailing_list, sheet.archive_url)


def _list_headers(mine: MailingList, archive: str) -> Iterator[tuple[str, object]]:
    if mine.id:
        yield "List-Id", f"<{mine.id}>"
    yield "List-Archive", f"<{archive}>"
    if mine.unsubscribe_url or mine.unsubscribe_mail:
        ways = (mine.unsubscribe_url, mine.unsubscribe_mail and f"mailto:{mine.unsubscribe_mail}")
        yield "List-Unsubscribe", ", ".join(f"<{way}>" for way in ways if way)
    if mine.unsubscribe_url:
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def _coding(text: str) -> str:
    """The transfer encoding under which a part travels unchanged."""
    if any(len(line.encode()) > LINE_BYTES for line in text.split("\n")):
        return "quoted-printable"
    return "7bit" if text.isascii() else "8bit"
