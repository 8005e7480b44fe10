"""Where stories are in issues, and who put them there; neither texts nor prints are read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from aggregator.domain.issues import IssueStatus, PickState
from aggregator.ports.looking import InIssue, KeptDocument, LastChange
from aggregator.store.engine import Database
from aggregator.store.rows import batches
from aggregator.store.tables import edits, feed_state, issues, payloads, picks


class LookingRows:
    """The part of the store that says where stories are."""

    _db: Database

    def in_issues(self, series: str, story_ids: Collection[int]) -> list[InIssue]:
        """The picks of these stories in the issues of a series, in the order of the issues'
        windows."""
        query = (
            select(
                picks.c.story_id,
                picks.c.issue_id,
                issues.c.status,
                issues.c.number,
                picks.c.section,
                picks.c.state,
                picks.c.why,
                picks.c.version,
            )
            .join(issues, issues.c.id == picks.c.issue_id)
            .where(issues.c.series == series)
            .order_by(issues.c.window_start_on, issues.c.window_end_on)
        )
        found: list[InIssue] = []
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                rows = connection.execute(query.where(picks.c.story_id.in_(batch)))
                found += [
                    InIssue(
                        story_id=row.story_id,
                        issue_id=row.issue_id,
                        status=IssueStatus(row.status),
                        number=row.number,
                        section=row.section,
                        state=PickState(row.state),
                        why=row.why,
                        version=row.version,
                    )
                    for row in rows
                ]
        return found

    def last_changes(self, targets: Collection[str], field: str) -> dict[str, LastChange]:
        """Who changed this field of each of these targets last, by target."""
        query = select(edits.c.target, edits.c.actor, edits.c.at).where(edits.c.field == field)
        found: dict[str, LastChange] = {}
        with self._db.reading() as connection:
            for batch in batches(targets):
                rows = connection.execute(
                    query.where(edits.c.target.in_(batch)).order_by(edits.c.id)
                )
                found.update({row.target: LastChange(row.actor, row.at) for row in rows})
        return found

    def kept_documents(self, feed_id: str, most: int) -> list[KeptDocument]:
        """The documents that are kept of a feed, the newest first."""
        query = (
            select(
                payloads.c.seen_at,
                payloads.c.size,
                payloads.c.media_type,
                payloads.c.charset,
                payloads.c.coding,
            )
            .where(payloads.c.feed_id == feed_id)
            .order_by(payloads.c.seen_at.desc(), payloads.c.id)
            .limit(most)
        )
        with self._db.reading() as connection:
            return [KeptDocument(*row) for row in connection.execute(query)]

    def visit_soon(self, feed_id: str, now: datetime) -> None:
        """Let a feed be due now, whatever was planned, and be visited although its server once said
        that it is gone."""
        with self._db.writing(can_be_had_again=True) as connection:
            connection.execute(
                update(feed_state)
                .where(feed_state.c.feed_id == feed_id)
                .values(next_check_at=now, suspended_at=None)
            )
