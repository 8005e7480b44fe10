"""Issues, the picks in them with their texts, and the log of edits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import (
    Connection,
    RowMapping,
    and_,
    delete,
    insert,
    not_,
    select,
    update,
)

from aggregator.domain.editing import Action
from aggregator.domain.errors import Conflict, IllegalTransition, NotFound
from aggregator.domain.issues import Edit, Issue, IssueStatus, Pick, PickState, Window
from aggregator.domain.mailing import NewDelivery
from aggregator.ports.issuing import DecidedPick, Echo
from aggregator.store.acting import reopen_for, write_action, write_proposal, write_translation
from aggregator.store.changes import primary_rev, watch_stories
from aggregator.store.deliveries import write_deliveries
from aggregator.store.echoes import find_echoes
from aggregator.store.engine import Database
from aggregator.store.log import read_log, write_log
from aggregator.store.rows import (
    Values,
    edit_of,
    issue_of,
    pick_of,
    pick_values,
    text_values,
)
from aggregator.store.tables import issues as issue_rows
from aggregator.store.tables import pick_texts, stories
from aggregator.store.tables import picks as pick_rows

_WINDOW_ORDER = (issue_rows.c.window_start_on, issue_rows.c.window_end_on, issue_rows.c.id)


class IssueRows:
    """The part of the store that keeps what editors work on."""

    _db: Database

    def issues(self, series: str, *, ids: Collection[int] | None = None) -> list[Issue]:
        """All issues of a series, or these, in the order of their windows."""
        query = select(issue_rows).where(issue_rows.c.series == series).order_by(*_WINDOW_ORDER)
        if ids is not None:
            query = query.where(issue_rows.c.id.in_(ids))
        with self._db.reading() as connection:
            return [issue_of(row) for row in connection.execute(query).mappings()]

    def open_issue(self, series: str, window: Window, issue_on: date, now: datetime) -> Issue:
        """The issue of that window; made, empty, where there is none yet. Idempotent; finding
        one needs no write lock."""
        this = select(issue_rows).where(
            issue_rows.c.series == series,
            issue_rows.c.window_start_on == window.start,
            issue_rows.c.window_end_on == window.end,
        )
        with self._db.reading() as connection:
            row = connection.execute(this).mappings().first()
        if row is not None:
            return issue_of(row)
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

    def save_proposal(
        self,
        issue_id: int,
        picks: Sequence[Pick],
        proposed_at: datetime,
        *,
        action: Action | None = None,
    ) -> bool:
        """Fill free places, once: False and nothing written when the issue was proposed before.
        Those of the lines of the ``action`` are kept that are about what was filled in.
        Picks that an editor made stay as they are. The issue's version goes up.

        Raises IllegalTransition unless the issue is a draft, and NotFound without issue.
        """
        with self._db.writing() as connection:
            issue = _draft(connection, issue_id, "filled")
            if issue.proposed_at is not None:
                return False
            mine = select(pick_rows.c.story_id).where(pick_rows.c.issue_id == issue_id)
            taken = set(connection.scalars(mine))
            filled: set[str] = set()
            for pick in picks:
                if pick.story_id not in taken:
                    taken.add(pick.story_id)
                    _insert_pick(connection, pick, issue_id)
                    filled.add(f"pick:{issue_id}:{_public_id(connection, pick.story_id)}")
            if action is not None:
                write_proposal(connection, action, filled)
            _change_issue(connection, issue, {"proposed_at": proposed_at})
            return True

    def save_pick(self, pick: Pick, edits: Sequence[Edit]) -> None:
        """As ``save_picks``, for one."""
        self.save_picks([(pick, edits)])

    def save_picks(self, changes: Sequence[tuple[Pick, Sequence[Edit]]]) -> None:
        """Write picks with their texts, each with its lines for the log, all or none. What is
        stored has the next version, and so has their issue.

        Raises Conflict when one's ``version`` is not the stored one (a new pick has version 0),
        IllegalTransition unless the issue is a draft, and NotFound where there is no such issue or
        story.
        """
        with self._db.writing() as connection:
            for issue_id in dict.fromkeys(pick.issue_id for pick, _ in changes):
                _change_issue(connection, _draft(connection, issue_id, "changed"), {})
                reopen_for(connection, issue_id, [one for _, some in changes for one in some])
            for pick, edits in changes:
                pick_id = _stored_pick(connection, pick)
                if pick_id is None:
                    _insert_pick(connection, pick, pick.issue_id)
                else:
                    query = update(pick_rows).where(pick_rows.c.id == pick_id)
                    values = pick_values(pick, pick.version + 1)
                    connection.execute(query.values(**values, **_seen(connection, pick)))
                    _replace_texts(connection, pick, pick_id)
                write_log(connection, edits)

    def save_texts(
        self,
        issue_id: int,
        changes: Sequence[tuple[Pick, Sequence[Edit]]],
        *,
        version: int,
        snapshot: Mapping[str, object] | None = None,
    ) -> Issue:
        """Write the texts of picks, and nothing else of them, each with its lines for the log; and
        of a published issue the new ``snapshot``; all or none. The versions of issue and picks
        go up.

        Raises Conflict when the issue's version is not ``version`` or a pick's not the stored one,
        IllegalTransition for a skipped issue, or a snapshot for one that is not published, and
        NotFound without issue.
        """
        with self._db.writing() as connection:
            issue = _issue(connection, issue_id)
            if issue.status is IssueStatus.SKIPPED or (
                snapshot is not None and issue.status is not IssueStatus.PUBLISHED
            ):
                raise IllegalTransition(
                    f"the issue of {issue.issue_on} is {issue.status}: only a draft's or a published"
                    " issue's texts can be changed, and only a published one's print"
                )
            if issue.version != version:
                raise Conflict(
                    f"the issue of {issue.issue_on} changed meanwhile: look at it again, then"
                    " repeat the change"
                )
            for pick, _ in changes:
                pick_id = _stored_pick(connection, replace(pick, issue_id=issue_id))
                if pick_id is None:
                    raise NotFound(
                        f"the issue has no pick of the story with the id {pick.story_id}"
                    )
                query = update(pick_rows).where(pick_rows.c.id == pick_id)
                connection.execute(query.values(version=pick.version + 1))
                _replace_texts(connection, pick, pick_id)
            write_translation(connection, issue_id, changes)
            values: Values = {} if snapshot is None else {"snapshot": dict(snapshot)}
            return _change_issue(connection, issue, values)

    def publish_issue(
        self,
        issue_id: int,
        *,
        number: int,
        version: int,
        snapshot: Mapping[str, object],
        published_at: datetime,
        deliveries: Sequence[NewDelivery] = (),
        edits: Sequence[Edit] = (),
        action: Action | None = None,
    ) -> Issue:
        """Draft to published, with its number and the frozen print; its mails are queued with it.
        ``version`` is the issue's version that the print was made of; ``edits`` are lines for the log,
        which an ``action`` comes before.

        Raises IllegalTransition for any other status, Conflict when the issue changed since or the
        number is taken, and NotFound without issue.
        """
        with self._db.writing() as connection:
            issue = _draft(connection, issue_id, "published")
            if issue.version != version:
                raise Conflict("the draft changed while it was being published; publish again")
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
            write_deliveries(connection, issue_id, deliveries, published_at)
            if action is not None:
                write_action(connection, action)
            write_log(connection, edits)
            return _change_issue(connection, issue, values)

    def skip_issue(self, issue_id: int, now: datetime, *, action: Action | None = None) -> Issue:
        """Draft to skipped, with the ``action`` for the log. Raises IllegalTransition otherwise, and NotFound without issue."""
        with self._db.writing() as connection:
            issue = _draft(connection, issue_id, "skipped")
            values: Values = {"status": IssueStatus.SKIPPED.value, "skipped_at": now}
            if action is not None:
                write_action(connection, action)
            return _change_issue(connection, issue, values)

    def set_review(self, issue_id: int, *, review: bool, edits: Sequence[Edit]) -> Issue:
        """Let a draft repeat what earlier issues printed, or not, with the lines for the log. Its
        version goes up. Raises IllegalTransition unless it is a draft, and NotFound without
        issue."""
        with self._db.writing() as connection:
            issue = _draft(connection, issue_id, "made a review")
            write_log(connection, edits)
            reopen_for(connection, issue_id, edits)
            return _change_issue(connection, issue, {"review": review})

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

    def echoes(
        self, issue_ids: Collection[int], *, story_ids: Collection[int] | None = None
    ) -> list[Echo]:
        """Each item that has the address, the headline or the lead of an item of another story that
        one of these issues prints; of all stories, or of these."""
        with self._db.reading() as connection:
            return find_echoes(connection, issue_ids, story_ids)

    def picks_of_story(self, series: str, story_id: int) -> list[tuple[Issue, Pick]]:
        """A story's pick in each issue of a series that has one, in the order of their windows;
        without texts."""
        wanted = (issue_rows.c.series == series, pick_rows.c.story_id == story_id)
        mine = (
            select(pick_rows)
            .join(issue_rows, issue_rows.c.id == pick_rows.c.issue_id)
            .where(*wanted)
            .order_by(*_WINDOW_ORDER)
        )
        theirs = select(issue_rows).join(pick_rows, pick_rows.c.issue_id == issue_rows.c.id)
        with self._db.reading() as connection:
            found = connection.execute(theirs.where(*wanted)).mappings()
            issues = {row["id"]: issue_of(row) for row in found}
            picks = connection.execute(mine).mappings()
            return [(issues[row["issue_id"]], pick_of(row, ())) for row in picks]

    def decided_picks(
        self, series: str, story_ids: Collection[int] | None = None
    ) -> list[DecidedPick]:
        """Every pick of a series that an editor decided on or that was printed, of all stories or of
        these, in the order of windows."""
        is_open = issue_rows.c.status != IssueStatus.PUBLISHED.value
        of = pick_rows.c
        query = (
            select(issue_rows.c.status, of.issue_id, of.story_id, of.section, of.state)
            .join(issue_rows, issue_rows.c.id == of.issue_id)
            .where(issue_rows.c.series == series)
            .where(not_(and_(is_open, of.state == PickState.PROPOSED.value)))
            .order_by(*_WINDOW_ORDER, of.id)
        )
        if story_ids is not None:
            query = query.where(of.story_id.in_(story_ids))
        with self._db.reading() as connection:
            return [
                DecidedPick(IssueStatus(status), issue_id, story_id, section, PickState(state))
                for status, issue_id, story_id, section, state in connection.execute(query)
            ]

    def edits(self, target: str) -> list[Edit]:
        """The log of one target, oldest first; a pick's with the log of the pick that it was under
        the name of a story which is in this one by now."""
        with self._db.reading() as connection:
            return [edit_of(row) for row in read_log(connection, target)]


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


def _stored_pick(connection: Connection, pick: Pick) -> int | None:
    """The row of a pick, None for a new one. Raises Conflict for another version, and NotFound
    without story."""
    public_id = _public_id(connection, pick.story_id)
    query = select(pick_rows.c.id, pick_rows.c.version).where(
        pick_rows.c.issue_id == pick.issue_id, pick_rows.c.story_id == pick.story_id
    )
    stored = connection.execute(query).first()
    version = stored.version if stored else 0
    if pick.version != version:
        raise Conflict(
            f"the pick of story {public_id} was changed by somebody else (version "
            f"{version}, not {pick.version}): look at it again, then repeat the change"
        )
    return stored.id if stored else None


def _public_id(connection: Connection, story_id: int) -> str:
    query = select(stories.c.public_id).where(stories.c.id == story_id)
    public_id: str | None = connection.scalar(query)
    if public_id is None:
        raise NotFound(f"there is no story with the id {story_id}")
    return public_id


def _insert_pick(connection: Connection, pick: Pick, issue_id: int) -> None:
    values = pick_values(pick, 1) | {"issue_id": issue_id} | _seen(connection, pick)
    pick_id = connection.scalars(insert(pick_rows).returning(pick_rows.c.id), values).one()
    _insert_texts(connection, pick, pick_id)


def _seen(connection: Connection, pick: Pick) -> Values:
    """The revision that whoever picks a story has before them; from there on its items are
    watched."""
    if pick.state.is_in:
        watch_stories(connection, [pick.story_id])
    return {"source_rev": pick.source_rev or primary_rev(connection, pick.story_id)}


def _replace_texts(connection: Connection, pick: Pick, pick_id: int) -> None:
    connection.execute(delete(pick_texts).where(pick_texts.c.pick_id == pick_id))
    _insert_texts(connection, pick, pick_id)


def _insert_texts(connection: Connection, pick: Pick, pick_id: int) -> None:
    texts = text_values(pick, pick_id)
    if texts:
        connection.execute(insert(pick_texts), texts)
