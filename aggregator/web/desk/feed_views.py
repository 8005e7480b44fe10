"""What the desk shows of a feed, by the same code as the status pages."""

from __future__ import annotations

from aggregator.services.reports.feed_reports import last_days
from aggregator.web.doors.asked import Asked
from aggregator.web.status_view import Setting


def setting_of(asked: Asked) -> Setting:
    """What the words about feeds depend on."""
    desk, now = asked.app.desk, asked.app.clock.now()
    return Setting(
        catalogue=desk.catalogue,
        language=asked.language,
        bodies=desk.bodies,
        now=now,
        days=last_days(now),
    )
