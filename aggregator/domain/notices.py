"""What the operator is told, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyOptions:
    """Who is told what changed with the feeds, and when (``at`` in Asia/Seoul). "" for what is not
    configured; user and password of the mail server come from the environment."""

    to: tuple[str, ...] = ()
    sender: str = ""
    smtp: str = ""
    webhook: str = ""
    at: time = time(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A plain text mail. ``at`` is its date, ``key`` is the same for the same mail, so that a
    second copy can be known as one."""

    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    at: datetime
    key: str


Posting = Mapping[str, object]
"""What a webhook gets, as JSON has it."""
