"""Who has an address, a headline or a lead that an issue printed in another story."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    cast,
    literal,
    literal_column,
    select,
)

from aggregator.domain.issues import PickState
from aggregator.ports.issuing import Echo
from aggregator.store.rows import BATCH
from aggregator.store.tables import fingerprints, items, memberships, picks

_HEARD = memberships.alias("heard")


def find_echoes(
    connection: Connection, issue_ids: Collection[int], story_ids: Collection[int] | None
) -> list[Echo]:
    """What ``IssueStore.echoes`` promises."""
    values = {"issues": [*issue_ids]}
    # What was printed is little: to name thousands of stories takes longer than to leave others out.
    few = story_ids is not None and len(story_ids) <= BATCH
    if few and story_ids is not None:
        values["stories"] = [*story_ids]
    return [
        Echo(issue_id=issue, printed_id=had, story_id=story, item_id=item, key=key)
        for query in _queries(of_stories=few)
        for issue, had, story, item, key in connection.execute(query, values)
        if story_ids is None or story in story_ids
    ]


@cache
def _queries(*, of_stories: bool) -> tuple[Select[int, int, int, int, str], ...]:
    """One query for each of what an echo may have in common with what was printed; made once, as that
    takes longer than to carry them out."""
    printed = memberships.alias("printed")
    # The sign keeps SQLite from going through all that was printed where few stories are meant.
    issue: ColumnElement[int] = (
        literal_column("+picks.issue_id") if of_stories else picks.c.issue_id
    )
    found = []
    for kind, table, item, column in (
        ("address", items, items.c.id, items.c.canonical_url),
        ("title", fingerprints, fingerprints.c.item_id, fingerprints.c.title),
        ("lead", fingerprints, fingerprints.c.item_id, fingerprints.c.lead),
    ):
        theirs, mine = table.alias("theirs"), table.alias("mine")
        same = theirs.c[column.name] == mine.c[column.name]
        query = (
            select(
                picks.c.issue_id,
                printed.c.item_id,
                _HEARD.c.story_id,
                _HEARD.c.item_id,
                (literal(f"{kind}:") + cast(mine.c[column.name], Text)).label("key"),
            )
            .join(printed, printed.c.story_id == picks.c.story_id)
            .join(theirs, theirs.c[item.name] == printed.c.item_id)
            .join(mine, same)
            .join(_HEARD, _HEARD.c.item_id == mine.c[item.name])
            .where(
                picks.c.state.in_([state.value for state in PickState if state.is_in]),
                issue.in_(bindparam("issues", expanding=True)),
                _HEARD.c.story_id != picks.c.story_id,
            )
        )
        if of_stories:
            query = query.where(_HEARD.c.story_id.in_(bindparam("stories", expanding=True)))
        found.append(query if kind == "lead" else query.where(mine.c[column.name] != ""))
    return tuple(found)
