"""The mail of an issue: to which lists it goes, and how far each delivery has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingList:
    """The list that gets the editions of one language. "" for what is not configured.

    ``id`` is the identifier of RFC 2919 (``news.lists.example``); ``unsubscribe_url`` takes the
    POST of RFC 8058, ``unsubscribe_mail`` a mail of whoever leaves.
    """

    language: str
    to: str
    id: str = ""
    unsubscribe_url: str = ""
    unsubscribe_mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOptions:
    """The mail of a series. Without ``lists`` nothing is sent; ``smtp`` "" stands for the server
    of the operator's digest."""

    sender: str = ""
    reply_to: str = ""
    smtp: str = ""
    lists: tuple[MailingList, ...] = ()

    def list_for(self, language: str) -> MailingList | None:
        """The list that gets the editions of a language, or None."""
        return next((one for one in self.lists if one.language == language), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A whole mail, ready for the wire: CRLF line ends, no line over 998 bytes."""

    sender: str
    to: str
    message_id: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSize:
    """How large the mail of an edition is. ``is_cut``: it leads to the page for a part of what it
    would print; ``problem``: why it cannot be made at all, "" where it can."""

    size: int = 0
    is_cut: bool = False
    problem: str = ""


class Outcome(StrEnum):
    """What a mail server made of a letter."""

    TAKEN = "taken"
    LATER = "later"
    """It did not take it now, could not be reached, or its answer was lost."""
    REFUSED = "refused"
    """It will never take it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An outcome, and one line that says why it is none better. ``is_lost``: the server had the whole
    text and its answer is not known, so that the mail may be out."""

    outcome: Outcome
    reason: str = ""
    is_lost: bool = False


class DeliveryKind(StrEnum):
    """What is delivered."""

    ISSUE = "issue"


class DeliveryState(StrEnum):
    """The life of a delivery. From ``sending`` it goes back to ``pending`` when the server did not
    take it now, or when its lease ran out."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """An edition that is to go to an address."""

    language: str
    address: str
    kind: DeliveryKind = DeliveryKind.ISSUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One edition of one issue to one address; there is one row of each.

    ``attempts`` counts claims. ``next_try_at`` is when it may be claimed next, ``lease_until`` until
    when the holder of ``lease_token`` has it; ``settled_at`` when it was sent or given up.
    """

    id: int
    kind: DeliveryKind
    issue_id: int
    number: int
    language: str
    address: str
    state: DeliveryState
    queued_at: datetime
    next_try_at: datetime
    attempts: int = 0
    lease_until: datetime | None = None
    lease_token: str = ""
    settled_at: datetime | None = None
    message_id: str = ""
    error: str = ""
