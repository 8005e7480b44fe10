"""How the desk stands in figures, for whoever watches it from outside."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from aggregator.domain.mailing import DeliveryState
from aggregator.domain.visits import Chore, FeedState
from aggregator.ports.metering import Figures
from aggregator.services.desk import Desk
from aggregator.services.reports.feed_reports import health_of
from aggregator.watch.next_visit import due_feeds


def gather_figures(desk: Desk, now: datetime) -> Figures:
    """All figures of one moment; nothing is written. Raises StoreError."""
    states = desk.store.feed_states()
    due = due_feeds(desk.feeds, states, now)
    late = (states[feed.id].next_check_at for feed in due if feed.id in states)
    lateness = [(now - at).total_seconds() for at in late if at is not None]
    chores = desk.store.chores()
    mails = desk.store.deliveries(desk.series.id)
    open_states = {DeliveryState.PENDING, DeliveryState.SENDING}
    return Figures(
        feeds=Counter(
            health_of(feed, states.get(feed.id) or FeedState(feed_id=feed.id))
            for feed in desk.feeds
        ),
        due=len(due),
        oldest_lateness=max(lateness, default=0.0),
        chores_due={chore: one.due_at for chore, one in chores.items() if one.due_at},
        chores_done={chore: one.done_at for chore, one in chores.items() if one.done_at},
        mails_waiting=sum(one.state in open_states for one in mails),
        pings_waiting=sum(one.state in open_states for one in desk.store.pings()),
        store_bytes=desk.store.size(),
        ticked_at=chores[Chore.TICK].done_at,
    )
