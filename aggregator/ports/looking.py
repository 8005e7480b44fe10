"""Where stories are in issues: the part of the store that pages which look things up ask."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, Protocol

from aggregator.domain.issues import IssueStatus, PickState


class InIssue(NamedTuple):
    """A story's pick in an issue (``number`` None before it is published), at its ``version``."""

    story_id: int
    issue_id: int
    status: IssueStatus
    number: int | None
    section: str
    state: PickState
    why: str
    version: int


class LastChange(NamedTuple):
    """Who changed a field last, and when."""

    actor: str
    at: datetime


class KeptDocument(NamedTuple):
    """A document of a visit as it is kept, without its body: ``size`` in bytes as sent."""

    seen_at: datetime
    size: int
    media_type: str
    charset: str
    coding: str


class LookingStore(Protocol):
    """Some rows for each of a page's stories, none of them with texts or prints."""

    def in_issues(self, series: str, story_ids: Collection[int]) -> list[InIssue]:
        """The picks of these stories in the issues of a series, in the order of the issues'
        windows."""
        ...

    def last_changes(self, targets: Collection[str], field: str) -> dict[str, LastChange]:
        """Who changed this field of each of these targets last, by target."""
        ...

    def kept_documents(self, feed_id: str, most: int) -> list[KeptDocument]:
        """The documents that are kept of a feed, the newest first."""
        ...

    def visit_soon(self, feed_id: str, now: datetime) -> None:
        """Let a feed be due now, whatever was planned, and be visited although its server once said
        that it is gone."""
        ...
