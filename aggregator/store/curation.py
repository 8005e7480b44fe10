"""What curation reads and writes: fingerprints, verdicts, decided components."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, case, delete, func, select, update

from aggregator.domain.issues import Edit
from aggregator.domain.items import Precision
from aggregator.domain.stories import CurationPlan, DayPrint, Fingered, Verdict
from aggregator.ports.storing import Compared, Placed
from aggregator.store.bulk import insert_rows, rows_where
from aggregator.store.curation_plans import MEMBER, move_items, write_plan
from aggregator.store.engine import Database
from aggregator.store.items import ARRIVAL_ORDER
from aggregator.store.log import write_log
from aggregator.store.rows import batches
from aggregator.store.tables import fingerprints, items, memberships
from aggregator.store.verdicts import forget_verdicts, read_verdicts, write_verdicts

_TEXT_REACH = 20_000
NOTHING_MOVED: Mapping[int, int | None] = MappingProxyType({})
_PLACED = select(
    items.c.id,
    items.c.rev,
    memberships.c.story_id,
    items.c.day,
    items.c.feed_id,
    items.c.entry_key,
).outerjoin_from(items, memberships, MEMBER)
_COMPARED = _PLACED.add_columns(
    case((items.c.canonical_url != "", items.c.canonical_url), else_=items.c.link),
    items.c.title,
    func.substr(
        case((items.c.summary != "", items.c.summary), else_=items.c.content), 1, _TEXT_REACH
    ),
    items.c.body,
    case((items.c.published_precision == Precision.TIME.value, items.c.published_at)),
    func.length(items.c.summary),
)
_PLACE = len(_PLACED.selected_columns)
_FINGERPRINT = (
    fingerprints.c.item_id,
    fingerprints.c.day,
    fingerprints.c.title,
    fingerprints.c.lead,
    fingerprints.c.rank,
    fingerprints.c.bits,
)
_FINGERED = select(*_FINGERPRINT)
_DAY_PRINT = (
    fingerprints.c.item_id,
    fingerprints.c.lead,
    fingerprints.c.rank,
    fingerprints.c.bits,
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
            _make_due(connection, item_ids)

    def placed(self, item_ids: Collection[int]) -> dict[int, Placed]:
        """The places of these items, by id; unknown ids are left out."""
        found: dict[int, Placed] = {}
        with self._db.reading() as connection:
            for batch in batches(item_ids):
                rows = connection.execute(_PLACED.where(items.c.id.in_(batch))).all()
                found.update((row[0], Placed(*row)) for row in rows)
        return found

    def compared(self, item_ids: Collection[int]) -> list[Compared]:
        """What is compared of these items, in the order of their ids; unknown ids are left out."""
        found: list[Compared] = []
        with self._db.reading() as connection:
            for batch in batches(sorted(item_ids)):
                query = _COMPARED.where(items.c.id.in_(batch)).order_by(items.c.id)
                rows = connection.execute(query).all()
                found += [Compared(Placed(*row[:_PLACE]), *row[_PLACE:]) for row in rows]
        return found

    def save_fingerprints(self, rows: Sequence[Fingered]) -> None:
        """Write the fingerprints of these items, in place of those that they had."""
        latest = {one.item_id: one for one in rows}
        with self._db.writing() as connection:
            for batch in batches(latest):
                connection.execute(delete(fingerprints).where(fingerprints.c.item_id.in_(batch)))
            insert_rows(
                connection,
                _FINGERPRINT,
                [
                    (one.item_id, one.day, one.title, one.lead, one.rank, one.bits)
                    for one in latest.values()
                ],
            )

    def fingerprints_on(self, day: date) -> list[DayPrint]:
        """The fingerprints of the items of a day, in the order of their ids."""
        with self._db.reading() as connection:
            rows = rows_where(connection, _DAY_PRINT, fingerprints.c.day, day)
        return [*map(DayPrint._make, rows)]

    def fingerprints_of(self, item_ids: Collection[int]) -> list[Fingered]:
        """The fingerprints of these items; those that have none are left out."""
        found: list[Fingered] = []
        with self._db.reading() as connection:
            for batch in batches(item_ids):
                query = _FINGERED.where(fingerprints.c.item_id.in_(batch))
                found += _fingered(connection.execute(query).all())
        return found

    def member_ids(self, story_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
        """The items of these stories, by story id; none for a story without members."""
        found: dict[int, list[int]] = {one: [] for one in story_ids}
        columns = memberships.c.story_id, memberships.c.item_id
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                query = select(*columns).where(memberships.c.story_id.in_(batch))
                for story, item in connection.execute(query).all():
                    found[story].append(item)
        return {story: tuple(members) for story, members in found.items()}

    def under_leads(self, leads: Collection[int]) -> list[tuple[int, str, int]]:
        """Each of these leads with the normal title and the id of each item that has it, in the
        whole store."""
        columns = (fingerprints.c.lead, fingerprints.c.title, fingerprints.c.item_id)
        found: list[tuple[int, str, int]] = []
        with self._db.reading() as connection:
            for batch in batches(leads):
                query = select(*columns).where(fingerprints.c.lead.in_(batch))
                found += [
                    (lead or 0, title, one) for lead, title, one in connection.execute(query).all()
                ]
        return found

    def verdicts(self, item_ids: Collection[int] | None = None) -> list[Verdict]:
        """Verdicts that touch any of these items, or all, in the order of their pairs."""
        with self._db.reading() as connection:
            return read_verdicts(connection, item_ids)

    def save_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Write editors' verdicts; a later one on the same pair replaces the earlier."""
        with self._db.writing() as connection:
            write_verdicts(connection, verdicts)

    def decide_pairs(
        self,
        verdicts: Sequence[Verdict],
        *,
        now: datetime,
        forgotten: Collection[tuple[int, int]] = (),
        moved: Mapping[int, int | None] = NOTHING_MOVED,
        edits: Sequence[Edit] = (),
    ) -> None:
        """One transaction: write verdicts as ``save_verdicts`` does, take those on the
        ``forgotten`` pairs away, let the items of all these pairs be due, and write the lines for
        the log.

        ``moved`` are items that leave their story at once for another one, by its id, or (None)
        for none, until curation gives them one. A story that loses all of them that way gives its
        picks to the one that its first member went to (``inheritance``).
        """
        touched = {one for verdict in verdicts for one in verdict.pair}
        touched |= {one for pair in forgotten for one in pair}
        with self._db.writing() as connection:
            forget_verdicts(connection, forgotten)
            write_verdicts(connection, verdicts)
            move_items(connection, moved, now)
            _make_due(connection, touched)
            write_log(connection, edits)

    def apply_curation(self, plan: CurationPlan, now: datetime) -> list[int]:
        """One transaction: write the stories, memberships and relations, mark items curated at
        the revisions named in ``plan.curated``. Returns the ids of the stories written, in the
        plan's order; their placements are due again, and so are those of other stories that lost
        a member to them.

        A story that lost every member stays as an empty row. A draft without id that comes with
        its public id brings that row to life again, for only the same feed and entry key make the
        same public id; but not where an item gave up that key, for another may have it now. Its
        picks go to the story that has its members (``inheritance``).

        Raises Conflict, with nothing written, where the plan is stale: an item of ``plan.read``
        has another revision or story than was read, a verdict on it was made or taken back, a story
        that the plan names has a member that is not in ``plan.read``, or the public id of a draft without id is a living story's (unless
        that has just these members: then it is the same plan, written a second time).
        """
        with self._db.writing() as connection:
            return write_plan(connection, plan, now)


def _fingered(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Fingered]:
    return [
        Fingered(item_id=item_id, day=day, title=title, lead=lead, rank=rank, bits=bits)
        for item_id, day, title, lead, rank, bits in rows
    ]


def _make_due(connection: Connection, item_ids: Collection[int]) -> None:
    for batch in batches(item_ids):
        this = update(items).where(items.c.id.in_(batch))
        connection.execute(this.values(curated_rev=items.c.rev - 1))
