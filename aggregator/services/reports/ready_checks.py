"""Whether the desk can do its work now: decided from what its store said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.domain.visits import Chore
from aggregator.ports.storing import Store

TICK_BOUND = timedelta(minutes=10)
"""A tick that ended longer ago than that is late: there is one a minute, and a long one builds a
site or folds a backlog."""

OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was looked at, and one word on how it is; "ok" is the only good one."""

    name: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the store said: the version of its schema, and when the last tick ended."""

    schema: str
    ticked_at: datetime | None


def ask_store(store: Store) -> Heard:
    """Ask it. Raises StoreError."""
    return Heard(schema=store.schema_version(), ticked_at=store.chores()[Chore.TICK].done_at)


def ready_checks(
    heard: Heard | None, *, wanted: str, now: datetime, silence: str = "fault"
) -> tuple[Check, ...]:
    """The checks of a desk that works with the schema ``wanted``; ``silence`` says how the database
    is where nothing was ``heard``."""
    if heard is None:
        return (
            Check(name="database", state=silence),
            Check(name="schema", state="unknown"),
            Check(name="tick", state="unknown"),
        )
    return (
        Check(name="database", state=OK),
        Check(name="schema", state=OK if heard.schema == wanted else "behind"),
        Check(name="tick", state=_tick(heard.ticked_at, now)),
    )


def is_ready(checks: Sequence[Check]) -> bool:
    """Whether every check is well."""
    return all(check.state == OK for check in checks)


def _tick(ticked_at: datetime | None, now: datetime) -> str:
    if ticked_at is None:
        return "never"
    return OK if now - ticked_at <= TICK_BOUND else "late"
