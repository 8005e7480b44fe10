"""The database: whether it opens, is whole, of the right version, and of this time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from aggregator.doctor.finding import Finding, fault, fine, warn
from aggregator.domain.errors import StoreError
from aggregator.domain.visits import Chore
from aggregator.ports.storing import Store
from aggregator.services.visits.leases import is_dead

SKEW = timedelta(seconds=5)
"""Between two clocks; leases last two minutes."""

LATE = timedelta(minutes=10)


def look_at_database(
    store: Store, where: str, *, wanted: str, known: tuple[str, ...], now: datetime
) -> Iterator[Finding]:
    """Everything about a store that was opened without bringing it up to date. ``wanted`` and
    ``known`` are versions of the schema. What depends on a good schema is looked at with one alone."""
    try:
        version = store.schema_version()
    except StoreError as error:
        yield fault("database", where, str(error), "see `database` in docs/config.md")
        return
    yield fine("database", where, f"it opens, {store.size() / 1024**2:,.1f} MiB")
    yield _schema(version, where, wanted, known)
    faults = store.faults()
    if faults:
        remedy = "stop the daemon, keep a copy of the file, and put a backup in its place"
        yield fault("integrity", where, "; ".join(faults), remedy)
    else:
        yield fine("integrity", where, "the quick check finds nothing")
    yield _server_clock(store, where, now)
    if version == wanted:
        yield _ahead(store, where, now)
        yield _ticks(store, where, now)
        yield _leases(store, where)


def _schema(version: str, where: str, wanted: str, known: tuple[str, ...]) -> Finding:
    if version == wanted:
        return fine("schema", where, f"version {version}")
    if version in known:
        says = f"version {version}, this program works with {wanted}"
        return warn("schema", where, says, "keep a backup; the next verb brings it up to date")
    says = f"version {version} is of a newer program than this one"
    return fault("schema", where, says, "use that program, or a newer one")


def _server_clock(store: Store, where: str, now: datetime) -> Finding:
    theirs = store.server_time()
    if theirs is None:
        return fine("clock_database", where, "a file: its clock is this machine's")
    apart = abs(theirs - now)
    says = f"the server's clock and this one are {apart.total_seconds():.1f} s apart"
    if apart > SKEW:
        return warn("clock_database", where, says, "let NTP set both clocks")
    return fine("clock_database", where, says)


def _ahead(store: Store, where: str, now: datetime) -> Finding:
    tries = [one.last_try_at for one in store.feed_states().values() if one.last_try_at]
    last = max(tries, default=now)
    if last > now + SKEW:
        says = f"a feed was visited at {last:%Y-%m-%d %H:%M} UTC, which is still to come"
        remedy = "set the clock right; until then feeds wait"
        return fault("clock_past", where, says, remedy)
    return fine("clock_past", where, "nothing in it is later than now")


def _ticks(store: Store, where: str, now: datetime) -> Finding:
    last = store.chores()[Chore.TICK].done_at
    if last is None:
        return warn("tick", where, "no daemon has ticked here yet", "start `aggregator run`")
    says = f"the last tick ended at {last:%Y-%m-%d %H:%M} UTC"
    if now - last > LATE:
        remedy = "look whether the daemon runs, and what its log says"
        return warn("tick", where, says, remedy)
    return fine("tick", where, says)


def _leases(store: Store, where: str) -> Finding:
    dead = sum(map(is_dead, store.lease_tokens()))
    if dead:
        says = f"{dead} processes of this machine died while they visited feeds"
        remedy = "nothing: the next visit takes their leases away"
        return warn("leases", where, says, remedy)
    return fine("leases", where, "no lease is held by a process that died")
