"""What is handed to whichever worker is free, beside visits of feeds, and what the queue raises."""

from __future__ import annotations

from enum import StrEnum

from aggregator.domain.errors import AggregatorError


class Work(StrEnum):
    """Work of which there is one at a time. A job holds this name and nothing else."""

    DESK = "desk"
    """Curate, index, look after draft, site and old rows, publish: in this order, as each needs the one before."""
    PINGS = "pings"
    MAILS = "mails"
    DIGEST = "digest"


class Queue(StrEnum):
    """The two queues: a worker may be told to take from one only."""

    VISITS = "visits"
    CHORES = "chores"


class DispatchError(AggregatorError):
    """The queue of jobs cannot be used: no connection, no tables. What is due stays due."""

    code = "dispatch_failed"
    retryable = True
