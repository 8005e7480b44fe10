"""Visits that wait to be written: none is lost where a write fails or is cancelled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from aggregator.domain.errors import StoreBusy
from aggregator.domain.visits import FeedState, HostHold, Manners, Visit
from aggregator.services.intake.batch import WRITTEN_AFTER, Batch
from tests.fixtures.records import NOW, make_visit

HOLD = HostHold(host="a.example", until=NOW, status=429)


@dataclass
class Pen:
    """A store that writes when it may, and notes what it was given."""

    busy: int = 0
    may_write: threading.Event = field(default_factory=threading.Event)
    written: list[tuple[list[str], list[int], int]] = field(default_factory=list)
    before: list[list[str]] = field(default_factory=list)

    def record_visits(
        self,
        visits: Sequence[tuple[FeedState, Visit]],
        *,
        before: Mapping[str, FeedState],
        manners: Sequence[Manners] = (),
        holds: Sequence[HostHold] = (),
    ) -> None:
        self.before.append(sorted(before))
        self.may_write.wait(10)
        if self.busy:
            self.busy -= 1
            raise StoreBusy("in use")
        names = [state.feed_id for state, _ in visits]
        self.written.append((names, [one.requests for one in manners], len(holds)))


@dataclass
class Ledger:
    """A fetcher that visited one host once since it was last asked."""

    holds: list[HostHold] = field(default_factory=lambda: [HOLD])

    def take_manners(self) -> tuple[list[Manners], list[HostHold]]:
        holds, self.holds = self.holds, []
        return [Manners(host="a.example", requests=1)], holds


def make_batch(pen: Pen) -> Batch:
    batch = Batch(store=pen, fetcher=Ledger())  # type: ignore[arg-type]
    batch.add(FeedState(feed_id="a"), make_visit("a"))
    return batch


def test_a_write_that_fails_is_made_again() -> None:
    """Visits, ledger and holds wait for the next one, which writes both together."""
    pen = Pen(busy=1)
    pen.may_write.set()
    batch = make_batch(pen)

    async def go() -> None:
        with pytest.raises(StoreBusy):
            await batch.write()
        batch.add(FeedState(feed_id="b"), make_visit("b"))
        await batch.write()

    asyncio.run(go())
    assert [(["a", "b"], [2], 1)] == pen.written


def test_a_write_that_is_cancelled_still_ends() -> None:
    """What was handed over is written before the program goes on to end."""
    pen = Pen()
    batch = make_batch(pen)

    async def go() -> None:
        task = asyncio.create_task(batch.write())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.sleep(0.05)
        pen.may_write.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [(["a"], [1], 1)] == pen.written

    asyncio.run(go())


def test_a_feed_waits_once() -> None:
    """Its later visit takes the earlier one's place."""
    pen = Pen()
    pen.may_write.set()
    batch = make_batch(pen)
    batch.add(FeedState(feed_id="a", failures=3), make_visit("a"))
    asyncio.run(batch.write())
    assert [(["a"], [1], 1)] == pen.written


def test_a_full_batch_is_due() -> None:
    """Before its time."""
    batch = make_batch(Pen())
    assert not batch.is_due
    for number in range(WRITTEN_AFTER):
        batch.add(FeedState(feed_id=str(number)), make_visit(str(number)))
    assert batch.is_due


def test_what_is_stored_goes_along_until_it_is_written() -> None:
    """Where a write fails the next one still knows how the states were; a later write does not."""
    pen = Pen(busy=1)
    pen.may_write.set()
    batch = make_batch(pen)
    batch.add(FeedState(feed_id="b"), make_visit("b"), FeedState(feed_id="b", failures=1))

    async def go() -> None:
        with pytest.raises(StoreBusy):
            await batch.write()
        await batch.write()
        batch.add(FeedState(feed_id="b"), make_visit("b"))
        await batch.write()

    asyncio.run(go())
    assert [["b"], ["b"], []] == pen.before
