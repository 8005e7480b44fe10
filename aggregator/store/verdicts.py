"""Editors' words on pairs of items, as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, and_, delete, insert, select

from aggregator.domain.stories import Verdict
from aggregator.store.bulk import is_one_of
from aggregator.store.rows import Values, batches, verdict_of
from aggregator.store.tables import verdicts

_Pair = tuple[int, int]


def read_verdicts(connection: Connection, item_ids: Collection[int] | None = None) -> list[Verdict]:
    """The verdicts that touch any of these items, or all, in the order of their pairs."""
    wanted = [
        is_one_of(connection, column, batch)
        for column in (verdicts.c.item_a, verdicts.c.item_b)
        for batch in batches(item_ids or ())
    ]
    queries = [select(verdicts).where(one) for one in wanted]
    if item_ids is None:
        queries = [select(verdicts)]
    found: dict[_Pair, Verdict] = {}
    for query in queries:
        for row in connection.execute(query).mappings():
            verdict = verdict_of(row)
            found[verdict.pair] = verdict
    return [found[pair] for pair in sorted(found)]


def write_verdicts(connection: Connection, said: Iterable[Verdict]) -> None:
    """Write verdicts; a later one on the same pair replaces the earlier."""
    latest = {verdict.pair: verdict for verdict in said}
    forget_verdicts(connection, latest)
    if latest:
        connection.execute(insert(verdicts), [_values(verdict) for verdict in latest.values()])


def forget_verdicts(connection: Connection, pairs: Iterable[_Pair]) -> None:
    """Take the verdicts on these pairs away; a pair without one is passed over."""
    for item_a, item_b in pairs:
        this = and_(verdicts.c.item_a == item_a, verdicts.c.item_b == item_b)
        connection.execute(delete(verdicts).where(this))


def _values(verdict: Verdict) -> Values:
    return {
        "item_a": verdict.item_a,
        "item_b": verdict.item_b,
        "same": verdict.same,
        "by": verdict.by,
        "at": verdict.at,
        "reason": verdict.reason,
    }
