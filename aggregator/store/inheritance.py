"""What becomes of the picks of a story that lost every member: the story that has its first member by
now inherits them, so that no place in an issue, no drop and no print is forgotten; nor that somebody set
it aside for later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from aggregator.domain.issues import Edit, PickState
from aggregator.store.acting import reopen_for
from aggregator.store.editing_tables import set_aside
from aggregator.store.heirs import keep_heads
from aggregator.store.items import ARRIVAL_ORDER
from aggregator.store.log import write_log
from aggregator.store.rows import batches
from aggregator.store.tables import issues, items, memberships, pick_texts, picks, stories

ACTOR = "curation"
"""Who the log says passes picks on."""

_STRENGTH = {
    state.value: strength
    for strength, state in enumerate(
        (PickState.LEFT_OUT, PickState.DROPPED, PickState.PROPOSED, PickState.ACCEPTED)
    )
}
"""Which of two picks in one issue stays: an acceptance before a proposal before a drop, as a copy is
dropped because the other one is in."""

_OWN = ("section", "state", "origin", "why", "position")


def first_members(connection: Connection, story_ids: Collection[int]) -> dict[int, int]:
    """The earliest member of each of these stories that has one."""
    found: dict[int, int] = {}
    for batch in batches(story_ids):
        query = (
            select(memberships.c.story_id, memberships.c.item_id)
            .join(items, items.c.id == memberships.c.item_id)
            .where(memberships.c.story_id.in_(batch))
            .order_by(*ARRIVAL_ORDER)
        )
        for story_id, item_id in connection.execute(query):
            found.setdefault(story_id, item_id)
    return found


def pass_picks_on(connection: Connection, heads: Mapping[int, int], now: datetime) -> None:
    """Give the picks of those of these stories that are empty to the story of their ``heads``, the
    members that were their earliest, and keep where those stories went.

    What was set aside for later waits with that one from now on. Where it has a pick in the same issue
    the stronger one is its pick from now on, its own where both are alike; the other stays with the
    empty story, which nobody sees. The versions of picks and issues go up, and the log says what was
    done.
    """
    keep_heads(connection, heads)
    _pass_aside_on(connection, heads)
    for mine in list(_orphans(connection, heads)):
        heir = connection.scalar(
            select(memberships.c.story_id).where(memberships.c.item_id == heads[mine["story_id"]])
        )
        if heir is None:
            continue
        theirs = (
            connection.execute(
                select(picks).where(picks.c.issue_id == mine["issue_id"], picks.c.story_id == heir)
            )
            .mappings()
            .first()
        )
        if theirs is None:
            _write(connection, mine, {"story_id": heir})
        elif _STRENGTH[mine["state"]] > _STRENGTH[theirs["state"]]:
            _exchange(connection, mine, theirs)
        _raise_version(connection, mine["issue_id"])
        line = _line(connection, mine, theirs, heir, now)
        write_log(connection, [line])
        reopen_for(connection, mine["issue_id"], [line])


def _pass_aside_on(connection: Connection, heads: Mapping[int, int]) -> None:
    """What somebody set aside waits with the heir, too. The row of the empty story stays, so that it waits
    again where it comes back."""
    for batch in batches(heads):
        holds = select(memberships.c.story_id).where(memberships.c.story_id.in_(batch))
        query = (
            select(set_aside)
            .where(set_aside.c.story_id.in_(batch), set_aside.c.story_id.not_in(holds))
            .order_by(set_aside.c.issue_id, set_aside.c.story_id)
        )
        for mine in connection.execute(query).mappings().all():
            heir = connection.scalar(
                select(memberships.c.story_id).where(
                    memberships.c.item_id == heads[mine["story_id"]]
                )
            )
            theirs = select(set_aside.c.story_id).where(
                set_aside.c.issue_id == mine["issue_id"], set_aside.c.story_id == heir
            )
            if heir is not None and connection.scalar(theirs) is None:
                connection.execute(insert(set_aside), dict(mine) | {"story_id": heir})


def _orphans(connection: Connection, heads: Mapping[int, int]) -> Iterator[RowMapping]:
    """The picks of stories that have no member left, in the order they were made."""
    for batch in batches(heads):
        holds = select(memberships.c.story_id).where(memberships.c.story_id.in_(batch))
        query = (
            select(picks)
            .where(picks.c.story_id.in_(batch), picks.c.story_id.not_in(holds))
            .order_by(picks.c.id)
        )
        yield from connection.execute(query).mappings()


def _exchange(connection: Connection, one: RowMapping, other: RowMapping) -> None:
    """Let each of two picks be what the other is, texts and all."""
    texts = {
        pick["id"]: [
            dict(row)
            for row in connection.execute(
                select(pick_texts).where(pick_texts.c.pick_id == pick["id"])
            ).mappings()
        ]
        for pick in (one, other)
    }
    for pick in (one, other):
        connection.execute(delete(pick_texts).where(pick_texts.c.pick_id == pick["id"]))
    for pick, twin in ((one, other), (other, one)):
        _write(connection, pick, {name: twin[name] for name in _OWN})
        if rows := texts[twin["id"]]:
            connection.execute(insert(pick_texts), [row | {"pick_id": pick["id"]} for row in rows])


def _write(connection: Connection, pick: RowMapping, values: Mapping[str, object]) -> None:
    query = update(picks).where(picks.c.id == pick["id"])
    connection.execute(query.values(**values, version=pick["version"] + 1))


def _raise_version(connection: Connection, issue_id: int) -> None:
    query = update(issues).where(issues.c.id == issue_id)
    connection.execute(query.values(version=issues.c.version + 1))


def _line(
    connection: Connection,
    mine: RowMapping,
    theirs: RowMapping | None,
    heir: int,
    now: datetime,
) -> Edit:
    """The line of the log, under the name of the story that has the pick from now on."""
    ids = (mine["story_id"], heir)
    query = select(stories.c.id, stories.c.public_id).where(stories.c.id.in_(ids))
    names = {row.id: row.public_id for row in connection.execute(query)}
    cause = "its items are in this story now"
    if theirs is not None:
        cause += f", which was {theirs['state']} itself; the other was {mine['state']}"
    return Edit(
        at=now,
        actor=ACTOR,
        target=f"pick:{mine['issue_id']}:{names[heir]}",
        field="story",
        old=names[mine["story_id"]],
        new=names[heir],
        cause=cause,
    )
