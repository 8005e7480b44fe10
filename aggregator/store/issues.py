"""Issues, the picks in them with their texts, and the log of edits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from aggregator.domain.errors import Conflict, IllegalTransition, NotFound
from aggregator.domain.issues import Edit, Issue, IssueStatus, Pick, PickState, Window
from aggregator.store.engine import Database
from aggregator.store.rows import (
    Values,
    edit_of,
    issue_of,
    pick_of,
    pick_values,
    text_values,
)
from aggregator.store.tables import edits as edit_rows
from aggregator.store.tables import issues as issue_rows
from aggregator.store.tables import pick_texts, stories
from aggregator.store.tables import picks as pick_rows

_WINDOW_ORDER = (issue_rows.c.window_start_on, issue_rows.c.window_end_on, issue_rows.c.id)


class IssueRows:
    """The part of the store that keeps what editors work on."""

    _db: Database

    def issues(self, series: str) -> list[Issue]:
        """All issues of a series in the order of their windows."""
        query = select(issue_rows).where(issue_rows.c.series == series).order_by(*_WINDOW_ORDER)
        with self._db.reading() as connection:
            return [issue_of(row) for row in connection.execute(query).mappings()]

    def open_issue(self, series: str, window: Window, issue_on: date, now: datetime) -> Issue:
        """The issue of that window; made, empty, where there is none yet. Idempotent."""
        this = select(issue_rows).where(
            issue_rows.c.series == series,
            issue_rows.c.window_start_on == window.start,
            issue_rows.c.window_end_on == window.end,
        )
        with self._db.writing() as connection:
            row = connection.execute(this).mappings().first()
            if row is None:
                values = {
                    "series": series,
                    "window_start_on": window.start,
                    "window_end_on": window.end,
                    "issue_on": issue_on,
                    "status": IssueStatus.DRAFT.value,
                    "opened_at": now,
                    "version": 1,
                }
                connection.execute(insert(issue_rows), values)
                row = connection.execute(this).mappings().one()
            return issue_of(row)

    def picks(self, issue_id: int) -> list[Pick]:
        """The picks of an issue with their texts, in the order they were made."""
        mine = pick_rows.c.issue_id == issue_id
        texts: dict[int, list[RowMapping]] = defaultdict(list)
        with self._db.reading() as connection:
            query = select(pick_texts).join(pick_rows).where(mine).order_by(pick_texts.c.place)
            for row in connection.execute(query).mappings():
                texts[row["pick_id"]].append(row)
            found = connection.execute(select(pick_rows).where(mine).order_by(pick_rows.c.id))
            return [pick_of(row, texts[row["id"]]) for row in found.mappings()]

    def save_proposal(self, issue_id: int, picks: Sequence[Pick], proposed_at: datetime) -> bool:
        """Fill free places, once: False and nothing written when the issue was proposed before or
        is no draft. Picks that an editor made stay as they are. Raises NotFound without issue."""
        with self._db.writing() as connection:
            issue = _issue(connection, issue_id)
            if issue.status is not IssueStatus.DRAFT or issue.proposed_at is not None:
                return False
            mine = select(pick_rows.c.story_id).where(pick_rows.c.issue_id == issue_id)
            taken = set(connection.scalars(mine))
            for pick in picks:
                if pick.story_id not in taken:
                    taken.add(pick.story_id)
                    _insert_pick(connection, pick, issue_id)
            _change_issue(connection, issue, {"proposed_at": proposed_at})
            return True

    def save_pick(self, pick: Pick, edits: Sequence[Edit]) -> None:
        """Write a pick with its texts and append to the log, in one transaction. What is stored
        has the next version.

        Raises Conflict when ``pick.version`` is not the stored one (a new pick has version 0), and
        NotFound where there is no such issue or story.
        """
        this = select(pick_rows.c.id, pick_rows.c.version).where(
            pick_rows.c.issue_id == pick.issue_id, pick_rows.c.story_id == pick.story_id
        )
        with self._db.writing() as connection:
            _issue(connection, pick.issue_id)
            public_id = _public_id(connection, pick.story_id)
            stored = connection.execute(this).first()
            version = stored.version if stored else 0
            if pick.version != version:
                raise Conflict(
                    f"the pick of story {public_id} was changed by somebody else (version "
                    f"{version}, not {pick.version}): look at it again, then repeat the change"
                )
            if stored is None:
                _insert_pick(connection, pick, pick.issue_id)
            else:
                query = update(pick_rows).where(pick_rows.c.id == stored.id)
                connection.execute(query.values(**pick_values(pick, version + 1)))
                connection.execute(delete(pick_texts).where(pick_texts.c.pick_id == stored.id))
                _insert_texts(connection, pick, stored.id)
            if edits:
                connection.execute(insert(edit_rows), [asdict(edit) for edit in edits])

    def publish_issue(
        self,
        issue_id: int,
        *,
        number: int,
        snapshot: Mapping[str, object],
        published_at: datetime,
    ) -> Issue:
        """Draft to published, with its number and the frozen print. Raises IllegalTransition for
        any other status, Conflict when the number is taken and NotFound without issue."""
        with self._db.writing() as connection:
            issue = _draft(connection, issue_id, "published")
            holder = select(issue_rows.c.id).where(
                issue_rows.c.series == issue.series, issue_rows.c.number == number
            )
            if connection.execute(holder).first():
                raise Conflict(f"number {number} of {issue.series} is taken: use the next free one")
            values: Values = {
                "status": IssueStatus.PUBLISHED.value,
                "number": number,
                "snapshot": dict(snapshot),
                "published_at": published_at,
            }
            return _change_issue(connection, issue, values)

    def replace_snapshot(self, issue_id: int, snapshot: Mapping[str, object]) -> Issue:
        """Freeze a published issue anew. Raises IllegalTransition for any other status, and
        NotFound without issue."""
        with self._db.writing() as connection:
            issue = _issue(connection, issue_id)
            if issue.status is not IssueStatus.PUBLISHED:
                raise IllegalTransition(
                    f"the issue of {issue.issue_on} is {issue.status}: only a published one has a "
                    "print to replace"
                )
            return _change_issue(connection, issue, {"snapshot": dict(snapshot)})

    def skip_issue(self, issue_id: int, now: datetime) -> Issue:
        """Draft to skipped. Raises IllegalTransition otherwise, and NotFound without issue."""
        with self._db.writing() as connection:
            issue = _draft(connection, issue_id, "skipped")
            values: Values = {"status": IssueStatus.SKIPPED.value, "skipped_at": now}
            return _change_issue(connection, issue, values)

    def picked_stories(self, series: str) -> dict[int, int]:
        """Story id to issue id for everything picked and not dropped in published issues; of
        several issues the latest."""
        query = (
            select(pick_rows.c.story_id, pick_rows.c.issue_id)
            .join(issue_rows, issue_rows.c.id == pick_rows.c.issue_id)
            .where(
                issue_rows.c.series == series,
                issue_rows.c.status == IssueStatus.PUBLISHED.value,
                pick_rows.c.state.in_([state.value for state in PickState if state.is_in]),
            )
            .order_by(*_WINDOW_ORDER, pick_rows.c.id)
        )
        with self._db.reading() as connection:
            return {row.story_id: row.issue_id for row in connection.execute(query)}

    def edits(self, target: str) -> list[Edit]:
        """The log of one target, oldest first."""
        query = select(edit_rows).where(edit_rows.c.target == target).order_by(edit_rows.c.id)
        with self._db.reading() as connection:
            return [edit_of(row) for row in connection.execute(query).mappings()]


def _issue(connection: Connection, issue_id: int) -> Issue:
    query = select(issue_rows).where(issue_rows.c.id == issue_id)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"there is no issue with the id {issue_id}")
    return issue_of(row)


def _draft(connection: Connection, issue_id: int, step: str) -> Issue:
    issue = _issue(connection, issue_id)
    if issue.status is not IssueStatus.DRAFT:
        raise IllegalTransition(
            f"the issue of {issue.issue_on} is {issue.status}: only a draft can be {step}"
        )
    return issue


def _change_issue(connection: Connection, issue: Issue, values: Values) -> Issue:
    query = update(issue_rows).where(issue_rows.c.id == issue.id)
    connection.execute(query.values(**values, version=issue.version + 1))
    return _issue(connection, issue.id)


def _public_id(connection: Connection, story_id: int) -> str:
    query = select(stories.c.public_id).where(stories.c.id == story_id)
    public_id: str | None = connection.scalar(query)
    if public_id is None:
        raise NotFound(f"there is no story with the id {story_id}")
    return public_id


def _insert_pick(connection: Connection, pick: Pick, issue_id: int) -> None:
    values = pick_values(pick, 1) | {"issue_id": issue_id}
    pick_id = connection.scalars(insert(pick_rows).returning(pick_rows.c.id), values).one()
    _insert_texts(connection, pick, pick_id)


def _insert_texts(connection: Connection, pick: Pick, pick_id: int) -> None:
    texts = text_values(pick, pick_id)
    if texts:
        connection.execute(insert(pick_texts), texts)
