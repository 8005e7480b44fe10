"""Who has an address, a headline or a lead that an issue printed in another story."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, Select, Text, cast, literal, select

from aggregator.domain.issues import PickState
from aggregator.ports.issuing import Echo
from aggregator.store.rows import batches
from aggregator.store.tables import fingerprints, items, memberships, picks

_HEARD = memberships.alias("heard")


def find_echoes(
    connection: Connection, issue_ids: Collection[int], story_ids: Collection[int] | None
) -> list[Echo]:
    """What ``IssueStore.echoes`` promises."""
    queries = [*_queries(issue_ids)]
    if story_ids is not None:
        queries = [
            query.where(_HEARD.c.story_id.in_(batch))
            for query in queries
            for batch in batches(story_ids)
        ]
    return [
        Echo(issue_id=issue, printed_id=had, story_id=story, item_id=item, key=key)
        for query in queries
        for issue, had, story, item, key in connection.execute(query)
    ]


def _queries(issue_ids: Collection[int]) -> Iterator[Select[int, int, int, int, str]]:
    """One query for each of what an echo may have in common with what was printed."""
    printed = memberships.alias("printed")
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
                picks.c.issue_id.in_(issue_ids),
                _HEARD.c.story_id != picks.c.story_id,
            )
        )
        yield query if kind == "lead" else query.where(mine.c[column.name] != "")
