"""The queue as a process opens it: what it needs is there, or the reason is told."""

from __future__ import annotations

from importlib.util import find_spec

from aggregator.domain.dispatching import DispatchError
from aggregator.domain.errors import UsageError
from aggregator.ports.dispatching import Dispatcher


def open_queue(dispatch: str, database_url: str, *, prepares: bool) -> Dispatcher:
    """The queue of jobs in this database, by the configured way to ``dispatch``. Its tables are there,
    or are made and brought up to date by who ``prepares``.

    Raises UsageError where no queue is configured, DispatchError, and SchemaMismatch for tables of
    another version.
    """
    if dispatch != "postgres":
        raise UsageError(
            'there is no queue of jobs: set dispatch = "postgres" and a PostgreSQL database,'
            " or use aggregator run"
        )
    if find_spec("procrastinate") is None:
        raise DispatchError(
            "the queue needs the package procrastinate: install the extra 'postgres'"
        )
    # What follows needs that package.
    from aggregator.dispatch.queue import ProcrastinateQueue  # noqa: PLC0415
    from aggregator.dispatch.schema import bring_up_to_date, require_up_to_date  # noqa: PLC0415

    if prepares:
        bring_up_to_date(database_url)
    require_up_to_date(database_url)
    return ProcrastinateQueue(database_url)
