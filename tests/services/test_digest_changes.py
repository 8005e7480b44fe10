"""What is told of the feeds: changes, and nothing twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.health import Condition, Health
from aggregator.domain.net import Tls, TlsProfile
from aggregator.domain.visits import FeedState, Move
from aggregator.services.reports.digest_changes import Change, Digest, Told, make_digest, now_told
from tests.fixtures.records import NOW, make_feed

FEED = make_feed("molit")
WORN = make_feed("msit", tls=TlsProfile(relax=frozenset({Tls.UNVERIFIED})))


def found(health: Health, feed_id: str = "molit", **changes: object) -> dict[str, FeedState]:
    """One feed in a state."""
    condition = Condition(health=health, since=NOW - timedelta(days=1))
    tried = None if health is Health.NEW else NOW
    state = FeedState(feed_id=feed_id, condition=condition, last_try_at=tried, **changes)  # type: ignore[arg-type]
    return {feed_id: state}


def changes(digest: Digest | None) -> list[tuple[str, Change]]:
    """The feeds of a digest with what is told of them."""
    return [(n.report.feed.id, n.change) for n in digest.notices] if digest else []


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (Health.OK, Health.HTML, Change.ILL),
        (Health.QUIET, Health.SLOW, Change.ILL),
        (Health.HTML, Health.GONE, Change.OTHERWISE),
        (Health.GONE, Health.OK, Change.WELL),
        (Health.GONE, Health.QUIET, Change.WELL),
    ],
)
def test_a_change_of_state_is_told(before: Health, after: Health, change: Change) -> None:
    """Fallen ill, ill in another way, well again."""
    digest = make_digest({"molit": Told(health=before)}, [FEED], found(after), NOW)

    assert [("molit", change)] == changes(digest)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Health.HTML, Health.HTML),
        (Health.OK, Health.QUIET),
        (Health.OK, Health.NEW),
        (Health.HTML, Health.NEW),
    ],
)
def test_what_did_not_change_is_not_told(before: Health, after: Health) -> None:
    """Nor is what is only remarked, or not known yet."""
    assert make_digest({"molit": Told(health=before)}, [FEED], found(after), NOW) is None


def test_a_feed_that_was_never_told_of_was_well() -> None:
    """So the first digest names every ill feed, and no other."""
    states = found(Health.HTML) | found(Health.OK, "msit")

    digest = make_digest({}, [FEED, make_feed("msit")], states, NOW)
    assert [("molit", Change.ILL)] == changes(digest)


def test_what_is_switched_off_is_nobodys_worry() -> None:
    """Neither that it was ill nor that it is no longer."""
    off = make_feed("molit", active=False)
    assert make_digest({}, [off], found(Health.HTML), NOW) is None
    assert make_digest({"molit": Told(health=Health.HTML)}, [off], found(Health.OK), NOW) is None


def test_a_move_is_told_once_with_its_address() -> None:
    """And again when it moves on."""
    moved = found(Health.MOVED, move=Move(url="https://new.example/rss", kept=True))
    digest = make_digest({}, [FEED], moved, NOW)

    assert [("molit", Change.MOVED)] == changes(digest)
    assert digest is not None
    assert "https://new.example/rss" == digest.notices[0].report.moved_to
    assert make_digest(now_told([FEED], moved), [FEED], moved, NOW) is None
    again = found(Health.MOVED, move=Move(url="https://newer.example/rss", kept=True))
    assert [("molit", Change.MOVED)] == changes(
        make_digest(now_told([FEED], moved), [FEED], again, NOW)
    )


def test_a_move_that_is_not_believed_yet_is_not_told() -> None:
    """It may be a maintenance page's mistake."""
    moving = found(Health.OK, move=Move(url="https://new.example/rss", kept=False))
    assert make_digest({}, [FEED], moving, NOW) is None


def test_an_unverified_server_is_told_once() -> None:
    """It is the configuration's own wish, but not to be forgotten."""
    states = found(Health.OK, "msit")

    assert [("msit", Change.UNVERIFIED)] == changes(make_digest({}, [WORN], states, NOW))
    assert make_digest(now_told([WORN], states), [WORN], states, NOW) is None


def test_losses_are_told() -> None:
    """Of a feed that is otherwise well."""
    digest = make_digest({}, [FEED], found(Health.OK), NOW, maybe_lost=["molit"])
    assert [("molit", Change.MAYBE_LOST)] == changes(digest)


def test_the_worst_comes_first() -> None:
    """By kind of change, then in the written order of the states."""
    feeds = [make_feed("a"), make_feed("b"), make_feed("c")]
    states = found(Health.OK, "a") | found(Health.SLOW, "b") | found(Health.CERTIFICATE, "c")
    digest = make_digest({"a": Told(health=Health.HTML)}, feeds, states, NOW)

    assert [("c", Change.ILL), ("b", Change.ILL), ("a", Change.WELL)] == changes(digest)
    assert digest is not None
    assert (2, 3, 2) == (digest.ill, digest.feeds, digest.count(Change.ILL))


@given(st.lists(st.sampled_from(Health), min_size=1, max_size=8))
def test_what_was_told_is_not_told_again(healths: list[Health]) -> None:
    """Whatever the states are, the same states again are no news."""
    feeds = [make_feed(f"feed-{number}") for number in range(len(healths))]
    states: dict[str, FeedState] = {}
    for feed, health in zip(feeds, healths, strict=True):
        states |= found(health, feed.id)

    assert make_digest(now_told(feeds, states), feeds, states, NOW) is None
