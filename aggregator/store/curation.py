"""What curation reads and writes: candidates by block key, verdicts, decided components."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    case,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from aggregator.domain.stories import CurationPlan, Verdict
from aggregator.ports.storing import BlockKeys, Compared
from aggregator.store.curation_plans import MEMBER, write_plan
from aggregator.store.engine import Database
from aggregator.store.items import ARRIVAL_ORDER
from aggregator.store.rows import Values, batches, bounded, verdict_of
from aggregator.store.tables import (
    block_keys,
    items,
    memberships,
)
from aggregator.store.tables import leads as lead_rows
from aggregator.store.tables import verdicts as verdict_rows

_TEXT_REACH = 20_000
_LUMP = 5000
_COMPARED = (
    select(
        items.c.id,
        items.c.rev,
        memberships.c.story_id,
        items.c.day,
        items.c.feed_id,
        items.c.entry_key.label("key"),
        case((items.c.canonical_url != "", items.c.canonical_url), else_=items.c.link).label(
            "address"
        ),
        items.c.title,
        func.substr(
            case((items.c.summary != "", items.c.summary), else_=items.c.content), 1, _TEXT_REACH
        ).label("text"),
        lead_rows.c.title_key,
        lead_rows.c.lead_key,
    )
    .outerjoin_from(items, memberships, MEMBER)
    .outerjoin(lead_rows, lead_rows.c.item_id == items.c.id)
)


class CurationRows:
    """The part of the store that curation works with."""

    _db: Database

    def uncurated_ids(self) -> list[int]:
        """Items whose current revision was not curated, in the order (day, feed id, key)."""
        query = select(items.c.id).where(items.c.curated_rev < items.c.rev)
        with self._db.reading() as connection:
            return list(connection.scalars(query.order_by(*ARRIVAL_ORDER)))

    def make_due(self, item_ids: Collection[int]) -> None:
        """Let these items count as not curated."""
        with self._db.writing() as connection:
            for batch in batches(item_ids):
                this = update(items).where(items.c.id.in_(batch))
                connection.execute(this.values(curated_rev=items.c.rev - 1))

    def compared(self, item_ids: Collection[int]) -> dict[int, Compared]:
        """What is compared of these items, by id; unknown ids are left out."""
        found: dict[int, Compared] = {}
        with self._db.reading() as connection:
            for batch in batches(item_ids):
                query = _COMPARED.where(items.c.id.in_(batch))
                rows = connection.execute(query).all()
                found.update((one.id, one) for one in map(_compared_of, rows))
        return found

    def save_block_keys(self, keys: Sequence[BlockKeys]) -> None:
        """Replace the block keys of these items."""
        latest = {entry.item_id: entry for entry in keys}
        blocks: list[Values] = [
            {"item_id": entry.item_id, "block_key": key, "day": entry.day}
            for entry in latest.values()
            for key in dict.fromkeys(bounded(key) for key in entry.keys)
        ]
        leads: list[Values] = [
            {"item_id": entry.item_id, "lead_key": bounded(entry.lead), "title_key": entry.title}
            for entry in latest.values()
        ]
        with self._db.writing() as connection:
            for batch in batches(latest):
                connection.execute(delete(block_keys).where(block_keys.c.item_id.in_(batch)))
                connection.execute(delete(lead_rows).where(lead_rows.c.item_id.in_(batch)))
            if blocks:
                connection.execute(insert(block_keys), blocks)
            if leads:
                connection.execute(insert(lead_rows), leads)

    def items_under_keys(self, keys: Collection[str]) -> list[int]:
        """Items with one of these block keys, in the order (day, feed id, key)."""
        found: dict[int, tuple[date, str, str]] = {}
        columns = (items.c.id, *ARRIVAL_ORDER)
        with self._db.reading() as connection:
            for batch in batches(bounded(key) for key in keys):
                query = (
                    select(*columns)
                    .join(block_keys, block_keys.c.item_id == items.c.id)
                    .where(block_keys.c.block_key.in_(batch))
                )
                for item_id, *place in connection.execute(query):
                    found[item_id] = tuple(place)
        return sorted(found, key=found.__getitem__)

    def sharing_keys(
        self,
        item_ids: Collection[int],
        start: date,
        end: date,
        *,
        prefix: str,
        without: Collection[tuple[str, date]] = (),
    ) -> Iterator[tuple[int, int, bool]]:
        """Each of these items with each other item whose day lies in [start, end] and that has a
        block key in common with it, once, and whether one of these keys begins with ``prefix``.

        A key does not count where ``without`` names it with the day of one of the two.
        """
        mine, theirs = block_keys.alias("mine"), block_keys.alias("theirs")
        begins = case((mine.c.block_key.startswith(prefix, autoescape=True), 1), else_=0)
        pairs = (
            select(mine.c.item_id, theirs.c.item_id, func.max(begins))
            .join(theirs, theirs.c.block_key == mine.c.block_key)
            .where(theirs.c.day.between(start, end), theirs.c.item_id != mine.c.item_id)
            .group_by(mine.c.item_id, theirs.c.item_id)
        )
        if without:
            for one in (mine, theirs):
                pairs = pairs.where(tuple_(one.c.block_key, one.c.day).not_in(list(without)))
        with self._db.reading() as connection:
            for batch in batches(item_ids):
                # In lumps: one by one, fetching takes most of the time, and all are too many.
                rows = connection.execution_options(yield_per=_LUMP).execute(
                    pairs.where(mine.c.item_id.in_(batch))
                )
                for one_id, other_id, does_begin in rows:
                    yield one_id, other_id, bool(does_begin)

    def crowds(
        self, item_ids: Collection[int], start: date, end: date, *, more_than: int
    ) -> set[tuple[str, date]]:
        """The block keys of these items that more than so many items of one day have, with these
        days, of those in [start, end]."""
        found: set[tuple[str, date]] = set()
        with self._db.reading() as connection:
            for batch in batches(item_ids):
                keys = select(block_keys.c.block_key).where(block_keys.c.item_id.in_(batch))
                found |= _crowds(connection, keys, start, end, more_than)
        return found

    def crowds_of(
        self, keys: Collection[str], start: date, end: date, *, more_than: int
    ) -> set[tuple[str, date]]:
        """Those of these block keys that more than so many items of one day have, with these days,
        of those in [start, end]."""
        found: set[tuple[str, date]] = set()
        with self._db.reading() as connection:
            for batch in batches(bounded(key) for key in keys):
                found |= _crowds(connection, batch, start, end, more_than)
        return found

    def items_in_crowds(
        self, crowds: Collection[tuple[str, date]]
    ) -> dict[tuple[str, date], set[int]]:
        """The items that have a block key on a day, by these."""
        found: dict[tuple[str, date], set[int]] = {crowd: set() for crowd in crowds}
        columns = (block_keys.c.block_key, block_keys.c.day)
        query = select(*columns, block_keys.c.item_id)
        with self._db.reading() as connection:
            for batch in batches(crowds):
                rows = connection.execute(query.where(tuple_(*columns).in_(batch)))
                for key, day, item_id in rows:
                    found[key, day].add(item_id)
        return found

    def lead_titles(
        self, leads: Collection[str], *, without: Collection[int] = ()
    ) -> dict[str, set[str]]:
        """For each lead key, the distinct title keys it stands under in the whole store, or in all
        items but those ``without`` which it is asked for."""
        stored = {lead: bounded(lead) for lead in leads}
        titles: dict[str, set[str]] = {key: set() for key in stored.values()}
        query = select(lead_rows.c.lead_key, lead_rows.c.title_key, lead_rows.c.item_id)
        with self._db.reading() as connection:
            for batch in batches(titles):
                rows = connection.execute(query.where(lead_rows.c.lead_key.in_(batch))).all()
                for lead, title, item_id in rows:
                    if item_id not in without:
                        titles[lead].add(title)
        return {lead: titles[key] for lead, key in stored.items()}

    def verdicts(self, item_ids: Collection[int]) -> list[Verdict]:
        """Verdicts that touch any of these items, in the order of their pairs."""
        found: dict[tuple[int, int], Verdict] = {}
        with self._db.reading() as connection:
            for column in (verdict_rows.c.item_a, verdict_rows.c.item_b):
                for batch in batches(item_ids):
                    query = select(verdict_rows).where(column.in_(batch))
                    for row in connection.execute(query).mappings():
                        found[row["item_a"], row["item_b"]] = verdict_of(row)
        return [found[pair] for pair in sorted(found)]

    def save_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Write editors' verdicts; a later one on the same pair replaces the earlier."""
        with self._db.writing() as connection:
            for verdict in verdicts:
                connection.execute(
                    delete(verdict_rows).where(
                        verdict_rows.c.item_a == verdict.item_a,
                        verdict_rows.c.item_b == verdict.item_b,
                    )
                )
                connection.execute(insert(verdict_rows), _verdict_values(verdict))

    def apply_curation(self, plan: CurationPlan, now: datetime) -> list[int]:
        """One transaction: write the stories, memberships and relations, mark items curated at
        the revisions named in ``plan.curated``. Returns the ids of the stories written, in the
        plan's order; their placements are due again, and so are those of other stories that lost
        a member to them.

        A story that lost every member stays as an empty row. A draft without id that comes with
        its public id brings that row to life again, for only the same feed and entry key make the
        same public id; but not where an item gave up that key, for another may have it now.

        Raises Conflict, with nothing written, where the plan is stale: an item of ``plan.read``
        has another revision or story than was read, a story that the plan names has a member that
        is not in ``plan.read``, or the public id of a draft without id is a living story's (unless
        that has just these members: then it is the same plan, written a second time).
        """
        with self._db.writing() as connection:
            return write_plan(connection, plan, now)


def _crowds(
    connection: Connection,
    keys: Collection[str] | Select[tuple[str]],
    start: date,
    end: date,
    more_than: int,
) -> set[tuple[str, date]]:
    query = (
        select(block_keys.c.block_key, block_keys.c.day)
        .where(block_keys.c.block_key.in_(keys), block_keys.c.day.between(start, end))
        .group_by(block_keys.c.block_key, block_keys.c.day)
        .having(func.count() > more_than)
    )
    return {(key, day) for key, day in connection.execute(query)}


def _compared_of(row: Row[*tuple[Any, ...]]) -> Compared:
    # By position: names cost as much again.
    item_id, rev, story_id, day, feed_id, key, address, title, text, title_key, lead_key = row
    return Compared(
        id=item_id,
        rev=rev,
        story_id=story_id,
        day=day,
        feed_id=feed_id,
        key=key,
        address=address,
        title=title,
        text=text,
        title_key=title_key,
        lead_key=lead_key,
    )


def _verdict_values(verdict: Verdict) -> Values:
    return {
        "item_a": verdict.item_a,
        "item_b": verdict.item_b,
        "same": verdict.same,
        "by": verdict.by,
        "at": verdict.at,
        "reason": verdict.reason,
    }
