"""The JSON of a feed and of a host; docs/json.md describes every field."""

from __future__ import annotations

from typing import Any

from aggregator.catalogue import Catalogue
from aggregator.cli.forms import instant
from aggregator.domain.visits import FeedDay, HostHold, Manners
from aggregator.services.reports.feed_reports import FeedReport


def feed_form(report: FeedReport, catalogue: Catalogue) -> dict[str, Any]:
    """A feed with what its visits left."""
    feed, state = report.feed, report.state
    evidence = state.condition.evidence
    return {
        "feed": feed.id,
        "url": report.address,
        "body": feed.body,
        "active": feed.active,
        "health": report.health.value,
        "since": instant(report.since),
        "says": report.says or None,
        "do": catalogue.text(report.advice, "en"),
        "status": evidence.status,
        "head": evidence.head or None,
        "error": state.error_code,
        "failures": state.failures,
        "items": report.items,
        "last_try": instant(state.last_try_at),
        "last_ok": instant(state.last_ok_at),
        "last_new": instant(state.last_new_at),
        "next_check": instant(state.next_check_at),
        "moved_to": report.moved_to or None,
        "suspended_since": instant(state.suspended_at),
        "verified": not report.is_unverified,
        "proxy": report.proxy or None,
        "days": [day_form(report.days[day]) for day in sorted(report.days)],
    }


def day_form(day: FeedDay) -> dict[str, Any]:
    """One day of a feed."""
    return {
        "day": day.day.isoformat(),
        "visits": day.visits,
        "failed": day.failed,
        "new": day.new,
        "health": day.health.value,
    }


def host_form(manners: Manners, hold: HostHold | None) -> dict[str, Any]:
    """How one host was treated."""
    return {
        "host": manners.host,
        "requests": manners.requests,
        "not_modified": manners.not_modified,
        "bytes": manners.bytes,
        "bytes_saved": manners.bytes_saved,
        "shortest_gap": manners.shortest_gap,
        "on_hold_until": instant(hold.until) if hold else None,
        "hold_status": hold.status if hold else None,
    }
