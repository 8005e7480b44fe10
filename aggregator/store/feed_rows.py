"""Feeds, their states and their visits as rows, and rows as these; nothing here runs a statement."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from aggregator.domain.feeds import Feed
from aggregator.domain.health import Condition, Evidence, Health
from aggregator.domain.visits import FeedState, Move, Outcome, OwnSchedule, Rhythm, Visit
from aggregator.store.rows import Values, fields_of

_PLAIN_STATE = (
    "feed_id", "host", "etag", "last_modified", "body_hash", "wire_bytes", "title", "link",
    "next_check_at", "lease_until", "lease_token", "last_try_at", "last_ok_at", "last_new_at",
    "failures", "error_code", "error_text", "suspended_at",
)  # fmt: skip
"""Fields of a feed's state that are columns as they are."""


def feed_values(feed: Feed, place: int) -> Values:
    """A feed's row; ``place`` is its place in the configuration."""
    return {
        "id": feed.id,
        "place": place,
        "url": feed.url,
        "title": feed.title,
        "body": feed.body,
        "kind": feed.kind.value,
        "carries": feed.carries.value,
        "issuer": feed.issuer.value,
        "identity": feed.identity.value,
        "authority": feed.authority,
        "language": feed.language,
        "timezone": feed.timezone,
        "encoding": feed.encoding,
        "licence": feed.licence,
        "active": feed.active,
        "every_s": feed.every.total_seconds(),
        "max_interval_s": feed.max_interval.total_seconds(),
        "timeout_s": feed.timeout.total_seconds(),
        "max_bytes": feed.max_bytes,
        "asks": how_asked(feed),
    }


def how_asked(feed: Feed) -> str:
    """Stands for the settings that decide what a feed's server is asked and where its page says
    what; "" for the usual ones."""
    usual = Feed(id="", url="", title="", body="")
    names = ("method", "form", "headers", "select", "pages", "page_url", "days")
    told = {name: value for name in names if (value := getattr(feed, name)) != getattr(usual, name)}
    if not told:
        return ""
    return hashlib.sha256(repr(sorted(told.items())).encode()).hexdigest()


def state_values(state: FeedState) -> Values:
    """A feed state's row. The address is the feed's own row's."""
    values = {name: getattr(state, name) for name in _PLAIN_STATE}
    return values | _condition_values(state) | _learnt_values(state)


def changed_values(before: FeedState, after: FeedState) -> Values:
    """The columns of a feed's state that are not as they were."""
    values = {
        name: value
        for name in _PLAIN_STATE
        if (value := getattr(after, name)) != getattr(before, name)
    }
    if after.condition != before.condition:
        values |= _condition_values(after)
    learnt = (after.rhythm, after.schedule, after.move)
    if learnt != (before.rhythm, before.schedule, before.move):
        values |= _learnt_values(after)
    return values


def _condition_values(state: FeedState) -> Values:
    condition = state.condition
    return {
        "health": condition.health.value,
        "health_since": condition.since,
        "health_says": condition.says,
        "evidence": fields_of(condition.evidence)
        | {"document": condition.document and condition.document.value}
        | {"document_says": condition.document_says},
    }


def _learnt_values(state: FeedState) -> Values:
    return {
        "rhythm": fields_of(state.rhythm),
        "schedule": fields_of(state.schedule),
        "move": None if state.move is None else _move_values(state.move),
    }


def state_of(row: RowMapping) -> FeedState:
    """The state of a feed, empty where its row has no visit."""
    if row["failures"] is None:
        return FeedState(feed_id=row["feed_id"], url=row["url"])
    return FeedState(
        url=row["url"],
        condition=Condition(
            health=Health(row["health"]),
            since=row["health_since"],
            says=row["health_says"],
            **_seen(row["evidence"]),
        ),
        rhythm=Rhythm(**row["rhythm"]) if row["rhythm"] else Rhythm(),
        schedule=_schedule_of(row["schedule"]),
        move=move_of(row["move"]),
        **{name: row[name] for name in _PLAIN_STATE},
    )


def _seen(row: Mapping[str, Any] | None) -> dict[str, Any]:
    """Evidence, and the state of the document, as parts of a condition."""
    if row is None:
        return {}
    return {
        "evidence": Evidence(status=row["status"], url=row["url"], head=row["head"]),
        "document": Health(row["document"]) if row.get("document") else None,
        "document_says": row.get("document_says", ""),
    }


def _schedule_of(row: Mapping[str, Any] | None) -> OwnSchedule:
    if row is None:
        return OwnSchedule()
    return OwnSchedule(
        minutes_to_live=row["minutes_to_live"],
        skip_hours=tuple(row["skip_hours"]),
        skip_days=tuple(row["skip_days"]),
    )


def move_of(row: Mapping[str, Any] | None) -> Move | None:
    """A feed's move, None for none."""
    if row is None:
        return None
    return Move(
        url=row["url"],
        days=tuple(map(date.fromisoformat, row["days"])),
        kept=row["kept"],
        onward=move_of(row.get("onward")),
    )


def _move_values(move: Move) -> Values:
    return {
        "url": move.url,
        "days": [*map(str, move.days)],
        "kept": move.kept,
        "onward": None if move.onward is None else _move_values(move.onward),
    }


def visit_values(visit: Visit) -> Values:
    """A visit's row."""
    return fields_of(visit) | {"outcome": visit.outcome.value, "health": visit.health.value}


def visit_of(row: RowMapping) -> Visit:
    """A visit from the log."""
    values = {name: value for name, value in row.items() if name != "id"}
    known = {"outcome": Outcome(row["outcome"]), "health": Health(row["health"])}
    return Visit(**values | known)
