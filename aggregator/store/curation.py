"""What curation reads and writes: candidates by block key, verdicts, decided components."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from aggregator.domain.errors import Conflict
from aggregator.domain.items import StoredItem
from aggregator.domain.stories import CurationPlan, Membership, StoryDraft, Verdict
from aggregator.ports import BlockKeys
from aggregator.store.engine import Database
from aggregator.store.items import ARRIVAL_ORDER, read_items, select_items
from aggregator.store.rows import Values, batches, bounded, stored_item_of, verdict_of
from aggregator.store.tables import (
    block_keys,
    items,
    memberships,
    placements,
    relations,
    stories,
)
from aggregator.store.tables import leads as lead_rows
from aggregator.store.tables import verdicts as verdict_rows

_MEMBER = memberships.c.item_id == items.c.id


class CurationRows:
    """The part of the store that curation works with."""

    _db: Database

    def uncurated_items(self) -> list[StoredItem]:
        """Items whose current revision was not curated, in the order (day, feed id, key)."""
        query = select_items().where(items.c.curated_rev < items.c.rev).order_by(*ARRIVAL_ORDER)
        with self._db.reading() as connection:
            return [stored_item_of(row) for row in connection.execute(query).mappings()]

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

    def items_sharing_keys(self, keys: Collection[str], start: date, end: date) -> list[StoredItem]:
        """Items with one of these block keys whose day lies in [start, end], in the order (day,
        feed id, key)."""
        with self._db.reading() as connection:
            found: set[int] = set()
            for batch in batches(bounded(key) for key in keys):
                query = select(block_keys.c.item_id).where(
                    block_keys.c.block_key.in_(batch), block_keys.c.day.between(start, end)
                )
                found.update(connection.scalars(query))
            kept = read_items(connection, found).values()
        return sorted(kept, key=lambda one: (one.day, one.item.feed_id, one.item.key))

    def lead_titles(self, leads: Collection[str]) -> dict[str, set[str]]:
        """For each lead key, the distinct title keys it stands under in the whole store."""
        stored = {lead: bounded(lead) for lead in leads}
        titles: dict[str, set[str]] = {key: set() for key in stored.values()}
        columns = (lead_rows.c.lead_key, lead_rows.c.title_key)
        with self._db.reading() as connection:
            for batch in batches(titles):
                query = select(*columns).where(lead_rows.c.lead_key.in_(batch)).distinct()
                for lead, title in connection.execute(query):
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
            if plan.read:
                _check_still_so(connection, plan)
            ids = [
                draft.id if draft.id is not None else _bear(connection, draft, now)
                for draft in plan.stories
            ]
            members = [item_id for draft in plan.stories for item_id in draft.item_ids]
            left = _stories_holding(connection, members)
            before = _primaries_of(connection, {*ids, *left})
            _clear(connection, {*ids, *plan.emptied}, members)
            _write_members(connection, dict(zip(ids, plan.stories, strict=True)))
            _close_ranks(connection, left.difference(ids, plan.emptied))
            _touch(connection, {*ids, *plan.emptied, *left}, now)
            _note_new_primaries(connection, before, now)
            _drop_placements(connection, plan.emptied)
            _mark_curated(connection, plan)
        return ids


def _verdict_values(verdict: Verdict) -> Values:
    return {
        "item_a": verdict.item_a,
        "item_b": verdict.item_b,
        "same": verdict.same,
        "by": verdict.by,
        "at": verdict.at,
        "reason": verdict.reason,
    }


def _check_still_so(connection: Connection, plan: CurationPlan) -> None:
    """Raise Conflict unless everything that the plan was made of is still as it was read."""
    columns = (items.c.id, items.c.rev, memberships.c.story_id)
    stored: dict[int, tuple[int, int | None]] = {}
    for batch in batches(plan.read):
        query = (
            select(*columns)
            .outerjoin_from(items, memberships, _MEMBER)
            .where(items.c.id.in_(batch))
        )
        stored.update({row.id: (row.rev, row.story_id) for row in connection.execute(query)})
    named = {
        *(draft.id for draft in plan.stories if draft.id is not None),
        *plan.emptied,
        *(story_id for _, story_id in plan.read.values() if story_id is not None),
    }
    if stored != dict(plan.read) or not _members_of(connection, named) <= plan.read.keys():
        raise Conflict(
            f"the stories of {len(plan.read)} items were changed by another process while they "
            "were decided: curate again"
        )


def _members_of(connection: Connection, story_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for batch in batches(story_ids):
        query = select(memberships.c.item_id).where(memberships.c.story_id.in_(batch))
        found.update(connection.scalars(query))
    return found


def _bear(connection: Connection, draft: StoryDraft, now: datetime) -> int:
    """The id of the story of a draft that has none yet."""
    columns = (stories.c.id, stories.c.id_retired)
    query = select(*columns).where(stories.c.public_id == draft.public_id)
    if (known := connection.execute(query).first()) is not None:
        members = _members_of(connection, [known.id])
        if (members or known.id_retired) and members != set(draft.item_ids):
            raise Conflict(
                f"the story {draft.public_id} has other members than the new one of that id: "
                "curate again"
            )
        if not members:
            this = update(stories).where(stories.c.id == known.id)
            connection.execute(this.values(born_at=now))
        return int(known.id)
    first_seen = [
        connection.scalar(select(func.min(items.c.first_seen_at)).where(items.c.id.in_(batch)))
        for batch in batches(draft.item_ids)
    ]
    values = {
        "public_id": draft.public_id,
        "rev": 0,
        "first_seen_at": min((at for at in first_seen if at is not None), default=now),
        "born_at": now,
        "touched_at": now,
    }
    story_id: int = connection.scalars(insert(stories).returning(stories.c.id), values).one()
    return story_id


def _stories_holding(connection: Connection, item_ids: Iterable[int]) -> set[int]:
    held: set[int] = set()
    for batch in batches(item_ids):
        query = select(memberships.c.story_id).where(memberships.c.item_id.in_(batch))
        held.update(connection.scalars(query))
    return held


def _clear(connection: Connection, story_ids: Iterable[int], item_ids: Iterable[int]) -> None:
    for batch in batches(story_ids):
        connection.execute(delete(memberships).where(memberships.c.story_id.in_(batch)))
        connection.execute(delete(relations).where(relations.c.story_id.in_(batch)))
    for batch in batches(item_ids):
        connection.execute(delete(memberships).where(memberships.c.item_id.in_(batch)))


def _write_members(connection: Connection, drafts: dict[int, StoryDraft]) -> None:
    members: list[Values] = []
    related: list[Values] = []
    for story_id, draft in drafts.items():
        reasons = {reason.item_id: reason for reason in draft.memberships}
        for place, item_id in enumerate(dict.fromkeys(draft.item_ids)):
            reason = reasons.get(item_id) or Membership(item_id=item_id, rule="first")
            members.append(
                {
                    "item_id": item_id,
                    "story_id": story_id,
                    "place": place,
                    "rule": reason.rule,
                    "with_item": reason.with_item,
                    "detail": dict(reason.detail),
                }
            )
        seen_also = dict.fromkeys(draft.related_item_ids)
        related.extend({"story_id": story_id, "item_id": item_id} for item_id in seen_also)
    if members:
        connection.execute(insert(memberships), members)
    if related:
        connection.execute(insert(relations), related)


def _close_ranks(connection: Connection, story_ids: Iterable[int]) -> None:
    """Count the places of the remaining members anew, so that one of them is the primary."""
    for story_id in story_ids:
        mine = memberships.c.story_id == story_id
        rest = select(memberships.c.item_id).where(mine).order_by(memberships.c.place)
        for place, item_id in enumerate(connection.scalars(rest).all()):
            this = update(memberships).where(memberships.c.item_id == item_id)
            connection.execute(this.values(place=place))


def _primaries_of(connection: Connection, story_ids: Iterable[int]) -> dict[int, int]:
    """The item that represents each of the stories."""
    found: dict[int, int] = {}
    for batch in batches(story_ids):
        query = select(memberships.c.story_id, memberships.c.item_id).where(
            memberships.c.story_id.in_(batch), memberships.c.place == 0
        )
        found.update({row.story_id: row.item_id for row in connection.execute(query)})
    return found


def _note_new_primaries(connection: Connection, before: dict[int, int], now: datetime) -> None:
    """Remember when another item came to represent a story: readers see another text then."""
    after = _primaries_of(connection, before)
    changed = [story for story, item in after.items() if before[story] != item]
    for batch in batches(changed):
        query = update(stories).where(stories.c.id.in_(batch))
        connection.execute(query.values(primary_changed_at=now))


def _touch(connection: Connection, story_ids: Iterable[int], now: datetime) -> None:
    for batch in batches(story_ids):
        query = update(stories).where(stories.c.id.in_(batch))
        connection.execute(query.values(rev=stories.c.rev + 1, touched_at=now))


def _drop_placements(connection: Connection, story_ids: Iterable[int]) -> None:
    for batch in batches(story_ids):
        connection.execute(delete(placements).where(placements.c.story_id.in_(batch)))


def _mark_curated(connection: Connection, plan: CurationPlan) -> None:
    """Mark items at the revisions that were looked at; one that changed since stays due."""
    if not plan.curated:
        return
    query = (
        update(items)
        .where(items.c.id == bindparam("item"), items.c.rev >= bindparam("seen"))
        .where(items.c.curated_rev < bindparam("seen"))
        .values(curated_rev=bindparam("seen"))
    )
    connection.execute(
        query, [{"item": item_id, "seen": rev} for item_id, rev in plan.curated.items()]
    )
