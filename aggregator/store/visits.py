"""The state of feeds, claims on them, their visits and days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    update,
)

from aggregator.domain.errors import StoreError
from aggregator.domain.health import Health
from aggregator.domain.items import SEOUL
from aggregator.domain.visits import (
    FeedDay,
    FeedMemory,
    FeedState,
    HostHold,
    Manners,
    Move,
    Outcome,
    Visit,
)
from aggregator.store.engine import Database
from aggregator.store.feed_rows import (
    changed_values,
    move_of,
    state_of,
    state_values,
    visit_of,
    visit_values,
)
from aggregator.store.manners import write_manners
from aggregator.store.rows import batches, fields_of
from aggregator.store.tables import feed_days, feed_memory, feed_state, fetch_log
from aggregator.store.tables import feeds as configured

LOG_KEPT = timedelta(days=90)
"""How long the log of visits goes back."""

_PLACE = {health: place for place, health in enumerate(Health)}
_HEALTH = {health.value: health for health in Health}


class VisitRows:
    """The part of the store that knows how visits went."""

    _db: Database

    def feed_states(self, feed_ids: Collection[str] | None = None) -> dict[str, FeedState]:
        """The state by id of every known feed, or of these; a feed never visited has an empty one."""
        columns = [column for column in feed_state.c if column.name != "feed_id"]
        whose = (configured.c.id.label("feed_id"), configured.c.url)
        query = select(*whose, *columns).outerjoin_from(configured, feed_state)
        if feed_ids is not None:
            query = query.where(configured.c.id.in_(feed_ids))
        with self._db.reading() as connection:
            rows = connection.execute(
                query.order_by(configured.c.place, configured.c.id)
            ).mappings()
            return {row["feed_id"]: state_of(row) for row in rows}

    def moves(self) -> dict[str, Move]:
        """Where feeds have moved to or may be moving, by id; most have not."""
        query = select(feed_state.c.feed_id, feed_state.c.move)
        with self._db.reading() as connection:
            rows = connection.execute(query.where(feed_state.c.move.is_not(None))).all()
        return {feed_id: move for feed_id, row in rows if (move := move_of(row)) is not None}

    def claim_feeds(
        self, wanted: Mapping[str, str], *, now: datetime, until: datetime, token: str
    ) -> list[str]:
        """Lease these feeds (their hosts by id) until ``until`` and say which were got, in the
        order asked for. A feed is not got while another lease on it, or on another feed of its
        host, has not run out: one program at a time visits a host."""
        with self._db.writing(can_be_had_again=True) as connection:
            require_feeds(connection, wanted, self._db.place)
            _make_states(connection, wanted)
            taken = _leased_hosts(connection, now=now, but=token)
            free = [feed_id for feed_id, host in wanted.items() if host not in taken]
            got: set[str] = set()
            for batch in batches(free):
                claim = (
                    update(feed_state)
                    .where(feed_state.c.feed_id.in_(batch), _is_free(now, token))
                    .values(lease_until=until, lease_token=token)
                    .returning(feed_state.c.feed_id)
                )
                got.update(connection.scalars(claim))
            _write_hosts(connection, {feed_id: wanted[feed_id] for feed_id in got})
            return [feed_id for feed_id in free if feed_id in got]

    def lease_tokens(self) -> list[str]:
        """The tokens of all leases that were not given back, run out or not."""
        query = select(feed_state.c.lease_token).where(feed_state.c.lease_token.is_not(None))
        with self._db.reading() as connection:
            return [str(token) for token in connection.scalars(query.distinct())]

    def release_feeds(self, token: str) -> None:
        """Give back every lease of ``token``: what was not visited is due as it was."""
        held = feed_state.c.lease_token == token
        with self._db.reading() as connection:
            if not connection.scalar(select(exists().where(held))):
                return
        with self._db.writing(can_be_had_again=True) as connection:
            connection.execute(
                update(feed_state).where(held).values(lease_until=None, lease_token=None)
            )

    def record_visit(self, state: FeedState, visit: Visit) -> None:
        """As ``record_visits``, for one."""
        self.record_visits([(state, visit)])

    def record_visits(
        self,
        visits: Sequence[tuple[FeedState, Visit]],
        *,
        before: Mapping[str, FeedState] = MappingProxyType({}),
        manners: Sequence[Manners] = (),
        holds: Sequence[HostHold] = (),
    ) -> None:
        """Write states and log visits of feeds that brought nothing or failed, add to the ledger
        how hosts were treated, and note which asked to be left alone; all in one transaction. Of
        several states of a feed the last one counts. A visit of the outcome ``held`` is none: its
        state is written and nothing is logged. ``before`` are states as they are stored, by feed:
        of those only what has changed is written."""
        if not (visits or manners or holds):
            return
        # A host that wants rest is to have it after a power cut, too.
        with self._db.writing(can_be_had_again=not holds) as connection:
            require_feeds(connection, (state.feed_id for state, _ in visits), self._db.place)
            write_states(connection, [state for state, _ in visits], before)
            write_visits(connection, [one for _, one in visits if one.outcome is not Outcome.HELD])
            write_manners(connection, manners, holds)

    def visits(self, feed_id: str, limit: int = 20) -> list[Visit]:
        """The latest visits of a feed, newest first; the log goes back 90 days."""
        query = (
            select(fetch_log)
            .where(fetch_log.c.feed_id == feed_id)
            .order_by(fetch_log.c.started_at.desc(), fetch_log.c.id.desc())
            .limit(limit)
        )
        with self._db.reading() as connection:
            return [visit_of(row) for row in connection.execute(query).mappings()]

    def feed_days(
        self, since: date, feed_ids: Collection[str] | None = None
    ) -> dict[str, list[FeedDay]]:
        """The days of each feed, or of these, from ``since`` on, by feed id, oldest first."""
        names = ("feed_id", "day", "visits", "failed", "new", "health")
        query = select(*(feed_days.c[name] for name in names)).where(feed_days.c.day >= since)
        if feed_ids is not None:
            query = query.where(feed_days.c.feed_id.in_(feed_ids))
        found: dict[str, list[FeedDay]] = defaultdict(list)
        with self._db.reading() as connection:
            # Sixty rows a feed: plain tuples, since a thousand feeds stand on one page.
            for feed_id, day, visits, failed, new, health in connection.execute(
                query.order_by(feed_days.c.day)
            ).all():
                one = FeedDay(
                    feed_id=feed_id,
                    day=day,
                    visits=visits,
                    failed=failed,
                    new=new,
                    health=_HEALTH[health],
                )
                found[feed_id].append(one)
        return dict(found)

    def feed_memory(self, feed_id: str) -> FeedMemory | None:
        """What the feed's last document was made of."""
        query = select(feed_memory).where(feed_memory.c.feed_id == feed_id)
        with self._db.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return FeedMemory(
            reader=row["reader"],
            head=row["head"],
            entries=tuple(row["entries"]),
            marks=_marks_of(row["marks"]),
        )


def _make_states(connection: Connection, wanted: Mapping[str, str]) -> None:
    """A row for each feed that has none yet."""
    missing = set(wanted)
    for batch in batches(wanted):
        known = select(feed_state.c.feed_id).where(feed_state.c.feed_id.in_(batch))
        missing -= set(connection.scalars(known))
    if missing:
        rows = [state_values(FeedState(feed_id=one, host=wanted[one])) for one in sorted(missing)]
        connection.execute(insert(feed_state), rows)


def _write_hosts(connection: Connection, hosts: Mapping[str, str]) -> None:
    """Write the hosts of feeds where others are stored: mostly none."""
    moved: list[dict[str, str]] = []
    for batch in batches(hosts):
        query = select(feed_state.c.feed_id, feed_state.c.host)
        for feed_id, host in connection.execute(query.where(feed_state.c.feed_id.in_(batch))):
            if host != hosts[feed_id]:
                moved.append({"whose": feed_id, "now_at": hosts[feed_id]})
    if moved:
        this = update(feed_state).where(feed_state.c.feed_id == bindparam("whose"))
        connection.execute(this.values(host=bindparam("now_at")), moved)


def _is_free(now: datetime, token: str) -> ColumnElement[bool]:
    state = feed_state.c
    return or_(state.lease_until.is_(None), state.lease_until <= now, state.lease_token == token)


def _leased_hosts(connection: Connection, *, now: datetime, but: str) -> set[str]:
    query = select(feed_state.c.host).where(
        feed_state.c.lease_until > now, feed_state.c.lease_token != but, feed_state.c.host != ""
    )
    return set(connection.scalars(query))


def write_states(
    connection: Connection,
    states: Iterable[FeedState],
    before: Mapping[str, FeedState] = MappingProxyType({}),
) -> None:
    """Replace the rows of these states, or change those of which it is known how they were
    ``before``; of several of a feed the last one counts."""
    last = {state.feed_id: state for state in states}
    rows = [state_values(state) for state in last.values() if state.feed_id not in before]
    for batch in batches(row["feed_id"] for row in rows):
        connection.execute(delete(feed_state).where(feed_state.c.feed_id.in_(batch)))
    if rows:
        connection.execute(insert(feed_state), rows)
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for feed_id in last.keys() & before.keys():
        values = changed_values(before[feed_id], last[feed_id])
        who = {"whose": feed_id, "leased": before[feed_id].lease_token}
        alike[tuple(values)].append(values | who)
    # Whoever has another lease, or none any more, has been overtaken: by another process, or by a
    # configuration under which the feed is somewhere else.
    this = update(feed_state).where(
        feed_state.c.feed_id == bindparam("whose"),
        feed_state.c.lease_token.is_not_distinct_from(bindparam("leased")),
    )
    for names, changes in alike.items():
        if names:
            connection.execute(this, changes)


def write_visits(connection: Connection, visits: Sequence[Visit]) -> None:
    """Log these visits, each once, and count them in their feeds' days."""
    instants = _logged_instants(connection, visits)
    fresh = [
        visit
        for visit in dict.fromkeys(visits)
        if (visit.feed_id, visit.started_at) not in instants or not _is_logged(connection, visit)
    ]
    if not fresh:
        return
    connection.execute(insert(fetch_log), [visit_values(visit) for visit in fresh])
    _count_days(connection, fresh)


def _logged_instants(connection: Connection, visits: Sequence[Visit]) -> set[tuple[str, datetime]]:
    """Feed and beginning of the visits in the log that may be one of these."""
    found: set[tuple[str, datetime]] = set()
    for batch in batches({visit.feed_id for visit in visits}):
        first = min(visit.started_at for visit in visits)
        query = select(fetch_log.c.feed_id, fetch_log.c.started_at).where(
            fetch_log.c.feed_id.in_(batch), fetch_log.c.started_at >= first
        )
        found.update((feed_id, at) for feed_id, at in connection.execute(query))
    return found


def _is_logged(connection: Connection, visit: Visit) -> bool:
    values = visit_values(visit)
    # What is never null is compared so that the index is used; PostgreSQL uses none for the rest.
    found = fetch_log.c.feed_id == visit.feed_id, fetch_log.c.started_at == visit.started_at
    rest = (fetch_log.c[name].is_not_distinct_from(value) for name, value in values.items())
    same = and_(*found, *rest)
    return connection.execute(select(fetch_log.c.id).where(same)).first() is not None


def _count_days(connection: Connection, visits: Iterable[Visit]) -> None:
    days: dict[tuple[str, date], FeedDay] = {}
    for visit in visits:
        key = visit.feed_id, visit.started_at.astimezone(SEOUL).date()
        days[key] = _counted(days.get(key) or FeedDay(feed_id=key[0], day=key[1]), visit)
    known = _known_days(connection, days)
    rows = [
        _values(_together(known[key], day) if key in known else day) for key, day in days.items()
    ]
    for day in {day for _, day in known}:
        for batch in batches(feed_id for feed_id, on in known if on == day):
            these = feed_days.c.day == day, feed_days.c.feed_id.in_(batch)
            connection.execute(delete(feed_days).where(*these))
    connection.execute(insert(feed_days), rows)


def _known_days(
    connection: Connection, days: Collection[tuple[str, date]]
) -> dict[tuple[str, date], FeedDay]:
    found = {}
    dates = {day for _, day in days}
    for batch in batches(feed_id for feed_id, _ in days):
        query = select(feed_days).where(feed_days.c.feed_id.in_(batch), feed_days.c.day.in_(dates))
        for row in connection.execute(query).mappings():
            key = row["feed_id"], row["day"]
            if key in days:
                found[key] = FeedDay(**{**row, "health": _HEALTH[row["health"]]})
    return found


def _counted(day: FeedDay, visit: Visit) -> FeedDay:
    one = FeedDay(
        feed_id=day.feed_id,
        day=day.day,
        visits=1,
        failed=int(visit.outcome is Outcome.FAILED),
        new=visit.new,
        health=visit.health,
    )
    return _together(day, one) if day.visits else one


def _together(one: FeedDay, other: FeedDay) -> FeedDay:
    return replace(
        one,
        visits=one.visits + other.visits,
        failed=one.failed + other.failed,
        new=one.new + other.new,
        health=min(one.health, other.health, key=_PLACE.__getitem__),
    )


def _values(day: FeedDay) -> dict[str, Any]:
    return fields_of(day) | {"health": day.health.value}


def _marks_of(stored: object) -> dict[str, tuple[str, ...]]:
    """The marks of each entry. An earlier version of the program did not tell which entry a mark
    belongs to: then there are none, and the next document is read whole."""
    if not isinstance(stored, dict):
        return {}
    return {digest: tuple(marks) for digest, marks in stored.items()}


def write_memories(connection: Connection, memories: Mapping[str, FeedMemory]) -> None:
    """Replace what is known of feeds' last documents, by feed id."""
    if not memories:
        return
    for batch in batches(memories):
        connection.execute(delete(feed_memory).where(feed_memory.c.feed_id.in_(batch)))
    rows = [{"feed_id": feed_id} | fields_of(memory) for feed_id, memory in memories.items()]
    connection.execute(insert(feed_memory), rows)


def require_feeds(connection: Connection, feed_ids: Iterable[str], place: str) -> None:
    """Raise StoreError for a feed that was never synced."""
    for batch in batches(feed_ids):
        query = select(configured.c.id).where(configured.c.id.in_(batch))
        if missing := set(batch) - set(connection.scalars(query)):
            raise StoreError(
                f"{place}: feed {min(missing)!r} is unknown; sync the configuration first"
            )
