"""Corrections as kept: each once and for all, with the mails that were out of hand by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aggregator.domain.corrections import CorrectedField
from aggregator.domain.errors import Conflict, IllegalTransition
from aggregator.domain.issues import Edit, Issue, Window
from aggregator.domain.mailing import Delivery, DeliveryState, NewDelivery
from aggregator.store.sql import SqlStore
from tests.fixtures.corrections import make_correction

NOW = datetime(2024, 3, 4, 1, tzinfo=UTC)
MAILS = [NewDelivery(language=name, address=f"{name}@lists.example") for name in ("ko", "en")]
EDIT = Edit(at=NOW, actor="Kim", target="pick:1:a1", field="day.ko", old="1", new="2")


def drafted(store: SqlStore, month: int = 2) -> Issue:
    window = Window(start=date(2024, month, 1), end=date(2024, month, 28))
    return store.open_issue("smart-city", window, date(2024, month + 1, 4), NOW)


def published(store: SqlStore, month: int = 2, number: int = 48) -> Issue:
    issue = drafted(store, month)
    return store.publish_issue(
        issue.id,
        number=number,
        version=issue.version,
        snapshot={"version": 1},
        published_at=NOW,
        deliveries=MAILS,
    )


def test_what_is_kept_is_read_again(store: SqlStore) -> None:
    """By issue, in the order in which they were made, whatever the clock said."""
    first, second = published(store), published(store, month=3, number=49)
    made = [
        make_correction("k1", issue_id=second.id),
        make_correction("k2", issue_id=first.id),
        make_correction("k3", issue_id=first.id, at=NOW, field=CorrectedField.NOTE, texts={}),
    ]
    versions = {first.id: first.version, second.id: second.version}
    for one in made:
        assert one == store.save_correction(one, version=versions[one.issue_id], edits=())
        versions[one.issue_id] += 1

    assert [made[1], made[2], made[0]] == store.corrections("smart-city")
    assert [] == store.corrections("another")


def test_the_print_stays_and_the_issue_has_a_new_version(store: SqlStore) -> None:
    """With a line in the log."""
    issue = published(store)
    store.save_correction(make_correction(issue_id=issue.id), version=issue.version, edits=[EDIT])

    (after,) = store.issues("smart-city")
    assert replace(issue, version=issue.version + 1) == after
    assert [EDIT] == store.edits("pick:1:a1")


def claimed(store: SqlStore) -> Delivery:
    found = store.claim_delivery("smart-city", now=NOW, until=NOW + timedelta(hours=1), token="t")
    assert found is not None
    return found


def test_mails_that_were_sent_are_named(store: SqlStore) -> None:
    """One that waits, or is being sent, is not."""
    issue, mail = published(store), claimed(store)
    kept = store.save_correction(
        make_correction(issue_id=issue.id), version=issue.version, edits=()
    )
    assert () == kept.mailed
    sent = replace(mail, state=DeliveryState.SENT, settled_at=NOW)
    store.settle_delivery(sent, "t", out_with=[kept.public_id])
    again = store.save_correction(
        make_correction("k2", issue_id=issue.id), version=issue.version + 1, edits=()
    )
    assert ("ko",) == again.mailed
    assert [kept, again] == store.corrections("smart-city")


@pytest.mark.parametrize(("token", "mailed"), [("t", ("ko",)), ("another", ())])
def test_what_a_mail_went_out_without_is_kept(
    store: SqlStore, token: str, mailed: tuple[str, ...]
) -> None:
    """By whoever holds the mail, when it is settled."""
    issue, mail = published(store), claimed(store)
    made = make_correction(issue_id=issue.id)
    store.save_correction(made, version=issue.version, edits=())
    store.settle_delivery(replace(mail, state=DeliveryState.SENT), token, out_with=[])

    assert [replace(made, mailed=mailed)] == store.corrections("smart-city")


def test_two_never_correct_at_once(store: SqlStore) -> None:
    """Whoever looked at an older version is told, and nothing is written."""
    issue = published(store)
    correction = make_correction(issue_id=issue.id)
    store.save_correction(correction, version=issue.version, edits=())
    second = replace(correction, public_id="k2")
    with pytest.raises(Conflict, match=r"No\. 48 was changed meanwhile"):
        store.save_correction(second, version=issue.version, edits=[EDIT])

    assert [correction] == store.corrections("smart-city")
    assert [] == store.edits("pick:1:a1")


def test_a_draft_is_not_corrected(store: SqlStore) -> None:
    """Nor what is no issue."""
    issue = drafted(store)
    for issue_id in (issue.id, 99):
        with pytest.raises(IllegalTransition):
            store.save_correction(
                make_correction(issue_id=issue_id), version=issue.version, edits=()
            )
    assert [] == store.corrections("smart-city")


def test_housekeeping_leaves_them(store: SqlStore) -> None:
    """However old they are."""
    issue = published(store)
    correction = make_correction(issue_id=issue.id)
    store.save_correction(correction, version=issue.version, edits=())
    late = NOW + timedelta(days=4000)
    store.throw_away(now=late, payloads_before=late)

    assert [correction] == store.corrections("smart-city")
