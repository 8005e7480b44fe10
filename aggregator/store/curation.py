"""What curation reads and writes: what is compared of items, verdicts, decided components."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import Connection, case, func, select, update

from aggregator.domain.editing import Action
from aggregator.domain.issues import Edit
from aggregator.domain.items import Precision
from aggregator.domain.stories import CurationPlan, Verdict
from aggregator.ports.storing import Compared, Placed
from aggregator.store.acting import touch_drafts, write_action
from aggregator.store.bulk import is_one_of
from aggregator.store.curation_plans import MEMBER, move_items, write_plan
from aggregator.store.engine import Database
from aggregator.store.items import ARRIVAL_ORDER
from aggregator.store.log import write_log
from aggregator.store.rows import batches
from aggregator.store.tables import items, memberships
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
                rows = connection.execute(
                    _PLACED.where(is_one_of(connection, items.c.id, batch))
                ).all()
                found.update((row[0], Placed(*row)) for row in rows)
        return found

    def compared(self, item_ids: Collection[int]) -> list[Compared]:
        """What is compared of these items, in the order of their ids; unknown ids are left out."""
        found: list[Compared] = []
        with self._db.reading() as connection:
            for batch in batches(sorted(item_ids)):
                query = _COMPARED.where(is_one_of(connection, items.c.id, batch)).order_by(
                    items.c.id
                )
                rows = connection.execute(query).all()
                found += [Compared(Placed(*row[:_PLACE]), *row[_PLACE:]) for row in rows]
        return found

    def member_ids(self, story_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
        """The items of these stories, by story id; none for a story without members."""
        found: dict[int, list[int]] = {one: [] for one in story_ids}
        columns = memberships.c.story_id, memberships.c.item_id
        with self._db.reading() as connection:
            for batch in batches(story_ids):
                query = select(*columns).where(is_one_of(connection, memberships.c.story_id, batch))
                for story, item in connection.execute(query).all():
                    found[story].append(item)
        return {story: tuple(members) for story, members in found.items()}

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
        action: Action | None = None,
    ) -> int:
        """One transaction: write verdicts as ``save_verdicts`` does, take those on the
        ``forgotten`` pairs away, let the items of all these pairs be due, and write the lines for
        the log.

        ``moved`` are items that leave their story at once for another one, by its id, or (None)
        for none, until curation gives them one. A story that loses all of them that way gives its
        picks to the one that its first member went to (``inheritance``). Drafts that have one of
        their stories go on to the next version, approved ones are drafts again.

        With an ``action`` all this is part of it; its id, 0 without one.
        """
        touched = {one for verdict in verdicts for one in verdict.pair}
        touched |= {one for pair in forgotten for one in pair}
        with self._db.writing() as connection:
            forget_verdicts(connection, forgotten)
            write_verdicts(connection, verdicts)
            if action is not None:
                action = write_action(connection, action)
                touch_drafts(connection, touched, action)
            move_items(connection, moved, now)
            _make_due(connection, touched)
            write_log(connection, edits)
            return action.id if action is not None else 0

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


def _make_due(connection: Connection, item_ids: Collection[int]) -> None:
    for batch in batches(item_ids):
        this = update(items).where(is_one_of(connection, items.c.id, batch))
        connection.execute(this.values(curated_rev=items.c.rev - 1))
