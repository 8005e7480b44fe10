"""Decided components as rows: stories born and revived, members in their places, what is due again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from aggregator.domain.errors import Conflict
from aggregator.domain.stories import CurationPlan, Membership, StoryDraft
from aggregator.store.bulk import Values, insert_rows, is_one_of
from aggregator.store.editing_tables import candidates
from aggregator.store.inheritance import first_members, pass_picks_on
from aggregator.store.rows import batches
from aggregator.store.tables import items, memberships, placements, relations, stories
from aggregator.store.verdicts import read_verdicts

MEMBER = memberships.c.item_id == items.c.id
"""How an item is joined with its place in a story."""

_BORN = (
    stories.c.public_id,
    stories.c.rev,
    stories.c.first_seen_at,
    stories.c.born_at,
    stories.c.touched_at,
)
_MEMBERS = (
    memberships.c.item_id,
    memberships.c.story_id,
    memberships.c.place,
    memberships.c.rule,
    memberships.c.with_item,
    memberships.c.detail,
)
_RELATED = (relations.c.story_id, relations.c.item_id)


def write_plan(connection: Connection, plan: CurationPlan, now: datetime) -> list[int]:
    """Write a plan in this transaction, as ``StoryStore.apply_curation`` promises; the ids of its
    stories, in their order. Raises Conflict."""
    if plan.read:
        _check_still_so(connection, plan)
    born = _bear(connection, [one for one in plan.stories if one.id is None], now)
    ids = [
        draft.id if draft.id is not None else born.ids[draft.public_id] for draft in plan.stories
    ]
    known = [*dict.fromkeys(one for one in (*ids, *plan.emptied) if one not in born.new)]
    members = [item_id for draft in plan.stories for item_id in draft.item_ids]
    left = _stories_holding(connection, members)
    before = _primaries_of(connection, {*known, *left})
    heads = first_members(connection, {*plan.emptied, *left}.difference(ids))
    _clear(connection, known, members if left else ())
    _forget_relations(connection, [one for one, (_, story) in plan.read.items() if story])
    _write_members(connection, dict(zip(ids, plan.stories, strict=True)))
    _close_ranks(connection, left.difference(ids, plan.emptied))
    pass_picks_on(connection, heads, now)
    _touch(connection, {*known, *left}, now)
    _note_new_primaries(connection, before, now)
    _drop_placements(connection, plan.emptied)
    _mark_curated(connection, plan)
    return ids


def move_items(connection: Connection, moved: Mapping[int, int | None], now: datetime) -> None:
    """Take items out of their stories, each into another one, by its id, or (None) into none. Picks
    of a story that lost its last member go where its first one went."""
    if not moved:
        return
    left = _stories_holding(connection, moved)
    touched = {*left, *(story for story in moved.values() if story is not None)}
    before = _primaries_of(connection, touched)
    heads = first_members(connection, left)
    _clear(connection, (), moved)
    _close_ranks(connection, left)
    _append(connection, moved)
    _touch(connection, touched, now)
    _note_new_primaries(connection, before, now)
    _drop_placements(connection, touched - _primaries_of(connection, touched).keys())
    pass_picks_on(connection, heads, now)


def _append(connection: Connection, moved: Mapping[int, int | None]) -> None:
    """Put items behind the members of the stories that they go to; curation says why they are there
    and gives them their places."""
    places: dict[int, int] = {}
    rows: list[Values] = []
    for item_id, story_id in moved.items():
        if story_id is None:
            continue
        if story_id not in places:
            mine = select(func.count()).where(memberships.c.story_id == story_id)
            places[story_id] = connection.scalar(mine) or 0
        rows.append((item_id, story_id, places[story_id], "verdict", None, {}))
        places[story_id] += 1
    insert_rows(connection, _MEMBERS, rows)


def _check_still_so(connection: Connection, plan: CurationPlan) -> None:
    """Raise Conflict unless everything that the plan was made of is still as it was read."""
    columns = (items.c.id, items.c.rev, memberships.c.story_id)
    stored: dict[int, tuple[int, int | None]] = {}
    for batch in batches(plan.read):
        query = (
            select(*columns)
            .outerjoin_from(items, memberships, MEMBER)
            .where(is_one_of(connection, items.c.id, batch))
        )
        stored.update({row.id: (row.rev, row.story_id) for row in connection.execute(query).all()})
    named = {
        *(draft.id for draft in plan.stories if draft.id is not None),
        *plan.emptied,
        *(story_id for _, story_id in plan.read.values() if story_id is not None),
    }
    is_as_read = stored == dict(plan.read) and _members_of(connection, named) <= plan.read.keys()
    if not is_as_read or plan.told != frozenset(read_verdicts(connection, plan.read)):
        raise Conflict(
            f"the stories of {len(plan.read)} items were changed by another process while they "
            "were decided: curate again"
        )


def _members_of(connection: Connection, story_ids: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for batch in batches(story_ids):
        query = select(memberships.c.item_id).where(
            is_one_of(connection, memberships.c.story_id, batch)
        )
        found.update(connection.scalars(query))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Born:
    """The ``ids`` of the stories of drafts that had none, by public id; those made just now are
    ``new``."""

    ids: Mapping[str, int]
    new: Collection[int]


def _bear(connection: Connection, drafts: Sequence[StoryDraft], now: datetime) -> _Born:
    """Rows for these drafts: new ones, or empty ones of their public ids brought back to life."""
    by_public_id = {draft.public_id: draft for draft in drafts}
    known = _known_under(connection, by_public_id)
    members: defaultdict[int, set[int]] = defaultdict(set)
    for batch in batches(row.id for row in known):
        query = select(memberships.c.story_id, memberships.c.item_id)
        rows = connection.execute(query.where(is_one_of(connection, memberships.c.story_id, batch)))
        for story_id, item_id in rows:
            members[story_id].add(item_id)
    for row in known:
        mine = members[row.id]
        wanted = set(by_public_id[row.public_id].item_ids)
        if (mine or row.id_retired) and mine != wanted:
            raise Conflict(
                f"the story {row.public_id} has other members than the new one of that id: "
                "curate again"
            )
    for batch in batches(row.id for row in known if not members[row.id]):
        connection.execute(
            update(stories).where(is_one_of(connection, stories.c.id, batch)).values(born_at=now)
        )
    ids = {row.public_id: row.id for row in known}
    fresh = [draft for public_id, draft in by_public_id.items() if public_id not in ids]
    made = _insert_stories(connection, fresh, now)
    return _Born(ids=ids | made, new=frozenset(made.values()))


def _known_under(
    connection: Connection, public_ids: Iterable[str]
) -> list[Row[tuple[int, str, bool]]]:
    """The stories that are stored under these public ids."""
    query = select(stories.c.id, stories.c.public_id, stories.c.id_retired)
    found: list[Row[tuple[int, str, bool]]] = []
    for batch in batches(public_ids):
        found.extend(
            connection.execute(query.where(is_one_of(connection, stories.c.public_id, batch)))
        )
    return found


def _insert_stories(
    connection: Connection, drafts: Sequence[StoryDraft], now: datetime
) -> dict[str, int]:
    """New rows for these drafts; their ids by public id. They count as touched once."""
    if not drafts:
        return {}
    seen: dict[int, datetime] = {}
    for batch in batches(item_id for draft in drafts for item_id in draft.item_ids):
        query = select(items.c.id, items.c.first_seen_at).where(
            is_one_of(connection, items.c.id, batch)
        )
        seen.update((row.id, row.first_seen_at) for row in connection.execute(query).all())
    # Asked for afterwards: SQLite gives out ids in the order of the values only one by one.
    insert_rows(
        connection,
        _BORN,
        [
            (
                draft.public_id,
                1,
                min((seen[one] for one in draft.item_ids if one in seen), default=now),
                now,
                now,
            )
            for draft in drafts
        ],
    )
    made = _known_under(connection, [draft.public_id for draft in drafts])
    return {row.public_id: row.id for row in made}


def _stories_holding(connection: Connection, item_ids: Iterable[int]) -> set[int]:
    held: set[int] = set()
    for batch in batches(item_ids):
        query = select(memberships.c.story_id).where(
            is_one_of(connection, memberships.c.item_id, batch)
        )
        held.update(connection.scalars(query))
    return held


def _clear(connection: Connection, story_ids: Iterable[int], item_ids: Iterable[int]) -> None:
    for batch in batches(story_ids):
        connection.execute(
            delete(memberships).where(is_one_of(connection, memberships.c.story_id, batch))
        )
        connection.execute(
            delete(relations).where(is_one_of(connection, relations.c.story_id, batch))
        )
    for batch in batches(item_ids):
        connection.execute(
            delete(memberships).where(is_one_of(connection, memberships.c.item_id, batch))
        )


def _forget_relations(connection: Connection, item_ids: Iterable[int]) -> None:
    """What other stories say of items that are decided anew: their own stories say it now."""
    for batch in batches(item_ids):
        connection.execute(
            delete(relations).where(is_one_of(connection, relations.c.item_id, batch))
        )


def _write_members(connection: Connection, drafts: dict[int, StoryDraft]) -> None:
    members: list[Values] = []
    related: list[Values] = []
    for story_id, draft in drafts.items():
        reasons = {reason.item_id: reason for reason in draft.memberships}
        for place, item_id in enumerate(dict.fromkeys(draft.item_ids)):
            reason = reasons.get(item_id) or Membership(item_id=item_id, rule="first")
            members.append(
                (item_id, story_id, place, reason.rule, reason.with_item, dict(reason.detail))
            )
        related += [(story_id, item_id) for item_id in dict.fromkeys(draft.related_item_ids)]
    insert_rows(connection, _MEMBERS, members)
    # Each row is looked for among the items: those side by side are on one page, and are in an index.
    insert_rows(connection, _RELATED, sorted(related, key=itemgetter(1)))


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
            is_one_of(connection, memberships.c.story_id, batch), memberships.c.place == 0
        )
        found.update({row.story_id: row.item_id for row in connection.execute(query).all()})
    return found


def _note_new_primaries(connection: Connection, before: dict[int, int], now: datetime) -> None:
    """Remember when another item came to represent a story: readers see another text then."""
    after = _primaries_of(connection, before)
    changed = [story for story, item in after.items() if before[story] != item]
    for batch in batches(changed):
        query = update(stories).where(is_one_of(connection, stories.c.id, batch))
        connection.execute(query.values(primary_changed_at=now))


def _touch(connection: Connection, story_ids: Iterable[int], now: datetime) -> None:
    for batch in batches(story_ids):
        query = update(stories).where(is_one_of(connection, stories.c.id, batch))
        connection.execute(query.values(rev=stories.c.rev + 1, touched_at=now))


def _drop_placements(connection: Connection, story_ids: Iterable[int]) -> None:
    for batch in batches(story_ids):
        connection.execute(
            delete(candidates).where(is_one_of(connection, candidates.c.story_id, batch))
        )
        connection.execute(
            delete(placements).where(is_one_of(connection, placements.c.story_id, batch))
        )


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
