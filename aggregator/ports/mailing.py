"""Mailing issues: who makes a letter, who takes it to the server, and what is kept of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from aggregator.domain.mailing import Answer, Delivery, Letter, MailSize, NewDelivery
from aggregator.domain.publishing import PrintedIssue


class LetterMaker(Protocol):
    """Makes the mail of an edition; the same issue gives the same bytes."""

    def letter(
        self, issue: PrintedIssue, language: str, *, to: str, test: datetime | None = None
    ) -> Letter:
        """The mail of an edition to an address, marked as a test of that instant where one is
        given. Raises NotFound without such an edition, and RenderError."""
        ...

    def size(self, issue: PrintedIssue, language: str) -> MailSize:
        """How large that mail is, to its list. Raises NotFound without such an edition."""
        ...


class LetterCarrier(Protocol):
    """Takes letters to a mail server."""

    def hand_over(self, letter: Letter) -> Answer:
        """What the server makes of a letter. ``LATER`` also where its answer was lost, so that
        nobody knows whether it has the letter."""
        ...


class DeliveryStore(Protocol):
    """Mails as kept: each edition of an issue to each address is one row."""

    def deliveries(self, series: str, *, issue_id: int | None = None) -> list[Delivery]:
        """All mails of a series or of one issue, in the order in which they were queued."""
        ...

    def queue_deliveries(self, issue_id: int, new: Sequence[NewDelivery], now: datetime) -> None:
        """Let the mails of an issue be due now: those that wait or were given up, and of ``new``
        those in whose language it has none. What was sent or is being sent stays as it is."""
        ...

    def claim_delivery(
        self,
        series: str,
        *,
        now: datetime,
        until: datetime,
        token: str,
        issue_id: int | None = None,
        queued_before: datetime | None = None,
        most: int = ...,
    ) -> Delivery | None:
        """Let nobody else send one of the mails that are due until an instant, and say which it
        is; None where none is due. One whose lease ran out is due again, but given up where it was
        claimed ``most`` times.

        ``issue_id`` asks for that issue's, ``queued_before`` for those queued until then.
        """
        ...

    def settle_delivery(
        self, delivery: Delivery, token: str, *, out_with: Collection[str] | None = None
    ) -> bool:
        """Write what became of a claimed mail, and give its lease back. False, with nothing
        written, where ``token`` holds it no more.

        ``out_with`` says that it is out, or may be, and which corrections it was made with, by their
        public ids: all others of its issue are marked as not mailed in its language.
        """
        ...
