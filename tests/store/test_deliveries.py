"""Mails as kept: queued with their issue, claimed by one, settled by whoever has the lease."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aggregator.domain.errors import IllegalTransition
from aggregator.domain.issues import Issue, Window
from aggregator.domain.mailing import Delivery, DeliveryState, NewDelivery
from aggregator.store.sql import SqlStore

NOW = datetime(2024, 3, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
KOREAN = NewDelivery(language="ko", address="news@lists.example")
ENGLISH = NewDelivery(language="en", address="news-en@lists.example")


def published(store: SqlStore, *new: NewDelivery) -> Issue:
    """No. 48 with these mails."""
    window = Window(start=date(2024, 2, 1), end=date(2024, 2, 29))
    issue = store.open_issue("smart-city", window, date(2024, 3, 4), NOW)
    return store.publish_issue(
        issue.id,
        number=48,
        version=issue.version,
        snapshot={},
        published_at=NOW,
        deliveries=new,
    )


def claim(store: SqlStore, holder: str = "one", at: datetime = NOW, **asked: object) -> Delivery:
    found = store.claim_delivery("smart-city", now=at, until=at + HOUR, token=holder, **asked)  # type: ignore[arg-type]
    assert found is not None
    return found


def is_free(store: SqlStore, at: datetime = NOW, **asked: object) -> bool:
    found = store.claim_delivery("smart-city", now=at, until=at + HOUR, token="x", **asked)  # type: ignore[arg-type]
    return found is not None


def test_mails_are_queued_with_their_issue(store: SqlStore) -> None:
    """In one transaction: an issue that is not published has none."""
    issue = published(store, KOREAN, ENGLISH)
    with pytest.raises(IllegalTransition):
        published(store, KOREAN)

    found = store.deliveries("smart-city")
    assert [(48, "ko", "news@lists.example"), (48, "en", "news-en@lists.example")] == [
        (one.number, one.language, one.address) for one in found
    ]
    assert {DeliveryState.PENDING} == {one.state for one in found}
    assert found == store.deliveries("smart-city", issue_id=issue.id)
    assert [] == store.deliveries("another")


def test_a_claimed_mail_is_nobody_elses(store: SqlStore) -> None:
    """Until its lease runs out."""
    published(store, KOREAN)

    assert (DeliveryState.SENDING, 1) == (
        claim(store).state,
        store.deliveries("smart-city")[0].attempts,
    )
    assert not is_free(store, NOW + HOUR - timedelta(seconds=1))
    assert 2 == claim(store, "two", NOW + HOUR).attempts


def test_what_was_settled_is_not_claimed_again(store: SqlStore) -> None:
    """Sent or given up; what waits is, when its time has come."""
    published(store, KOREAN)
    waits = replace(claim(store), state=DeliveryState.PENDING, next_try_at=NOW + HOUR, error="451")
    assert store.settle_delivery(waits, "one")
    assert not is_free(store, NOW + HOUR - timedelta(seconds=1))

    done = replace(claim(store, "two", NOW + HOUR), state=DeliveryState.SENT, settled_at=NOW + HOUR)
    assert not store.settle_delivery(done, "one")
    assert store.settle_delivery(replace(done, message_id="<x>", error=""), "two")
    assert not is_free(store, NOW + timedelta(days=400))
    (kept,) = store.deliveries("smart-city")
    assert ("<x>", NOW + HOUR, "", None) == (
        kept.message_id,
        kept.settled_at,
        kept.error,
        kept.lease_until,
    )


def test_a_claim_may_ask_for_less(store: SqlStore) -> None:
    """One issue's, or what was queued until an instant."""
    issue = published(store, KOREAN)

    assert not is_free(store, issue_id=issue.id + 1)
    assert not is_free(store, queued_before=NOW - timedelta(seconds=1))
    assert is_free(store, issue_id=issue.id, queued_before=NOW)


def test_queuing_again_revives_only_what_was_given_up(store: SqlStore) -> None:
    """And brings what is missing; what was sent, or is being sent, stays."""
    issue = published(store, KOREAN)
    failed = replace(claim(store), state=DeliveryState.FAILED, settled_at=NOW, error="554 no")
    store.settle_delivery(failed, "one")
    elsewhere = replace(KOREAN, address="other@lists.example")
    store.queue_deliveries(issue.id, [elsewhere, ENGLISH], NOW + HOUR)
    assert [
        ("news@lists.example", DeliveryState.PENDING, 0),
        ("news-en@lists.example", DeliveryState.PENDING, 0),
    ] == [(one.address, one.state, one.attempts) for one in store.deliveries("smart-city")]

    sent = replace(claim(store, at=NOW + HOUR), state=DeliveryState.SENT, settled_at=NOW + HOUR)
    store.settle_delivery(sent, "one")
    claim(store, "two", NOW + HOUR)
    store.queue_deliveries(issue.id, [KOREAN, ENGLISH], NOW + HOUR)
    assert [DeliveryState.SENT, DeliveryState.SENDING] == [
        one.state for one in store.deliveries("smart-city")
    ]
