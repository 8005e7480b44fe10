"""The instruments, under the names of docs/metrics.md, in a registry of their own.

This package is the only importer of prometheus_client.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from aggregator.domain.mailing import Outcome as MailOutcome
from aggregator.domain.visits import Chore, Outcome, Visit
from aggregator.metrics.stored import StoredFigures
from aggregator.ports.metering import Figures

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4

SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds in seconds for requests."""

LONG = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0)
"""Bounds in seconds for visits and longer work."""

_CHORES = (Chore.DRAFT, Chore.BUILD, Chore.MAINTENANCE)
_ENDS = ("ok", "failed")


class PrometheusMeter:
    """Counts for Prometheus. ``version`` and ``schema`` are those of the program."""

    def __init__(self, *, version: str, schema: str) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # A second series for each counter, which nobody asks for.
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._gauge("build_info", "The program.", ["version", "schema"]).labels(
            version, schema
        ).set(1)
        self._last = self._gauge("last_successful_tick_timestamp_seconds", "When it ended.")
        self._count_work()
        self._count_visits()
        self._count_messages()
        self._count_requests()

    def _count_work(self) -> None:
        self._ticks = self._counter("ticks", "Ticks that ended.", ["outcome"])
        self._tick_seconds = self._histogram("tick_seconds", "How long ticks took.", LONG)
        self._chores = self._counter("chores", "Chores done.", ["chore", "outcome"])
        self._chore_seconds = self._histogram(
            "chore_seconds", "How long chores took.", LONG, ["chore"]
        )
        self._curated = self._counter("curated_items", "Items folded into stories.")
        self._placed = self._counter("placed_stories", "Stories placed by the rules.")
        self._curation_seconds = self._histogram(
            "curation_seconds", "How long curation took.", LONG
        )
        for end in _ENDS:
            self._ticks.labels(end)
        for chore in _CHORES:
            self._chore_seconds.labels(chore.value)
            for end in _ENDS:
                self._chores.labels(chore.value, end)

    def _count_visits(self) -> None:
        self._visits = self._counter("visits", "Visits to feeds.", ["outcome"])
        self._visit_seconds = self._histogram(
            "visit_seconds", "How long visits took.", LONG, ["outcome"]
        )
        self._bytes = self._counter("visit_bytes", "Bytes of documents.")
        self._items = self._counter("items", "Items that visits brought.", ["change"])
        for outcome in Outcome:
            self._visits.labels(outcome.value)
        for change in ("new", "changed"):
            self._items.labels(change)

    def _count_messages(self) -> None:
        self._mails = self._counter("mails", "Mails handed over.", ["outcome"])
        self._pings = self._counter("pings", "Words to the hub.", ["outcome"])
        self._digests = self._counter("digests", "Digests.", ["way", "outcome"])
        for outcome in MailOutcome:
            self._mails.labels(outcome.value)
        for end in ("taken", "refused"):
            self._pings.labels(end)

    def _count_requests(self) -> None:
        self._requests = self._counter("http_requests", "Requests.", ["route", "status"])
        self._request_seconds = self._histogram(
            "http_request_seconds", "How long requests took.", SHORT, ["route"]
        )

    def ticked(self, *, seconds: float, failed: bool, at: datetime) -> None:
        """As ``aggregator.ports.metering.Meter`` says, here and below."""
        self._ticks.labels(_end(failed=failed)).inc()
        self._tick_seconds.observe(seconds)
        if not failed:
            self._last.set(at.timestamp())

    def did_chore(self, chore: Chore, *, seconds: float, failed: bool) -> None:
        """See there."""
        self._chores.labels(chore.value, _end(failed=failed)).inc()
        self._chore_seconds.labels(chore.value).observe(seconds)

    def visited(self, visit: Visit) -> None:
        """See there."""
        outcome = visit.outcome.value
        self._visits.labels(outcome).inc()
        self._visit_seconds.labels(outcome).observe(visit.milliseconds / 1000)
        self._bytes.inc(visit.body_bytes)
        self._items.labels("new").inc(visit.new)
        self._items.labels("changed").inc(visit.changed)

    def curated(self, *, items: int, placed: int, seconds: float) -> None:
        """See there."""
        self._curated.inc(items)
        self._placed.inc(placed)
        self._curation_seconds.observe(seconds)

    def mailed(self, outcome: MailOutcome) -> None:
        """See there."""
        self._mails.labels(outcome.value).inc()

    def pinged(self, *, taken: int, refused: int) -> None:
        """See there."""
        self._pings.labels("taken").inc(taken)
        self._pings.labels("refused").inc(refused)

    def told(self, way: str, *, failed: bool) -> None:
        """See there."""
        self._digests.labels(way, "failed" if failed else "sent").inc()

    def answered(self, route: str, *, status: int, seconds: float) -> None:
        """See there."""
        self._requests.labels(route, f"{status // 100}xx").inc()
        self._request_seconds.labels(route).observe(seconds)

    def text(self, figures: Figures | None) -> bytes:
        """See there."""
        stored = CollectorRegistry()
        stored.register(StoredFigures(figures))
        return generate_latest(self._registry) + generate_latest(stored)

    def _counter(self, name: str, says: str, labels: Sequence[str] = ()) -> Counter:
        return Counter(f"aggregator_{name}", says, labels, registry=self._registry)

    def _gauge(self, name: str, says: str, labels: Sequence[str] = ()) -> Gauge:
        return Gauge(f"aggregator_{name}", says, labels, registry=self._registry)

    def _histogram(
        self, name: str, says: str, bounds: Sequence[float], labels: Sequence[str] = ()
    ) -> Histogram:
        return Histogram(
            f"aggregator_{name}", says, labels, buckets=bounds, registry=self._registry
        )


def _end(*, failed: bool) -> str:
    return "failed" if failed else "ok"
