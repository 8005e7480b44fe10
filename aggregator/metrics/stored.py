"""Figures of the store as samples, made anew for each question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from aggregator.domain.health import Health
from aggregator.domain.visits import Chore
from aggregator.ports.metering import Figures

_SHOWN = (Chore.DRAFT, Chore.BUILD, Chore.MAINTENANCE)


class StoredFigures(Collector):
    """The gauges of one moment. Not kept in a registry: each question has its own."""

    def __init__(self, figures: Figures | None) -> None:
        self._figures = figures

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All of them; where there are no figures only that."""
        up = "Whether the figures of the store could be read."
        yield _plain("store_up", up, float(self._figures is not None))
        if (figures := self._figures) is None:
            return
        feeds = GaugeMetricFamily(
            "aggregator_feeds", "Configured feeds in each state.", labels=["state"]
        )
        for health in Health:
            feeds.add_metric([health.value], figures.feeds.get(health, 0))
        yield feeds
        yield _plain("feeds_due", "Feeds whose time has come.", figures.due)
        late = "How long the first of the due feeds has been due."
        yield _plain("feeds_oldest_lateness_seconds", late, figures.oldest_lateness)
        yield _of_chores("done", "When each chore was last done.", figures.chores_done)
        yield _of_chores("due", "When each chore is due next.", figures.chores_due)
        yield _plain("mails_waiting", "Mails of issues that are not out.", figures.mails_waiting)
        yield _plain("pings_waiting", "Feeds the hub is to be told of.", figures.pings_waiting)
        yield _plain("store_bytes", "Size of the database.", figures.store_bytes)
        at = figures.ticked_at.timestamp() if figures.ticked_at else 0
        yield _plain("last_tick_timestamp_seconds", "When a tick last ended.", at)


def _plain(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"aggregator_{name}", says, value=value)


def _of_chores(name: str, says: str, times: Mapping[Chore, datetime]) -> GaugeMetricFamily:
    made = GaugeMetricFamily(f"aggregator_chore_{name}_timestamp_seconds", says, labels=["chore"])
    for chore in _SHOWN:
        if chore in times:
            made.add_metric([chore.value], times[chore].timestamp())
    return made
