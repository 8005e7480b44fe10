"""The visit of one feed: ask, take in what comes, and say how it ended. Items first, validators
last, one transaction."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aggregator.domain.errors import (
    AggregatorError,
    BadStatus,
    FetchError,
    HostHeld,
    ReadError,
)
from aggregator.domain.feeds import Feed
from aggregator.domain.visits import FeedState, Outcome, Visit
from aggregator.observe import get_logger
from aggregator.ports.clock import Clock
from aggregator.ports.fetching import Fetched, FetchRequest, NotModified, PoliteFetcher
from aggregator.ports.reading import DocumentReader
from aggregator.ports.storing import Store
from aggregator.services.asking.feed_key import Key
from aggregator.services.asking.gathering import gather
from aggregator.services.asking.visit_address import address_of
from aggregator.services.intake import digests
from aggregator.services.intake.after_visit import Arrival, after_error, after_hold, after_unchanged
from aggregator.services.intake.intake import Intake
from aggregator.services.intake.writing import OF_THE_STORE, Writer
from aggregator.text.secrets import masked

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """How the refresh of one feed ended; ``error`` is one plain sentence, "" when all is well.

    ``warnings`` are slugs of oddities that did not stop the reading.
    """

    visit: Visit
    error: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A visit that is over. ``state`` is still to be written, together with the visit; None where
    something came, for then all is written."""

    report: Refreshed
    state: FeedState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Visits feeds; the parts are those of ``aggregator.services.visits.refresh.Refresher``."""

    store: Store
    writer: Writer
    fetcher: PoliteFetcher
    clock: Clock
    reader: DocumentReader
    environ: Mapping[str, str]
    keeps: bool

    async def visit(self, feed: Feed, state: FeedState, *, follows: bool) -> Ended:
        """Visit a feed; ``follows``: another one of its host is next.

        Whatever happens to it is its own and becomes its state. Raises StoreBusy, StoreFull,
        StoreUnavailable and SchemaMismatch, which every feed would meet.
        """
        one = _Visit(
            visitor=self,
            follows=follows,
            feed=feed,
            state=state,
            began=Visit(
                feed_id=feed.id,
                started_at=self.clock.now(),
                milliseconds=0,
                outcome=Outcome.NOT_MODIFIED,
            ),
        )
        return await one.make()


@dataclass(slots=True, kw_only=True)
class _Visit:
    """One visit under way. ``document`` is what came, ``key`` the one it was asked for with, ``ticks``
    when it began by the performance counter, in seconds."""

    visitor: Visitor
    follows: bool
    feed: Feed
    state: FeedState
    began: Visit
    document: Fetched | None = None
    key: Key | None = None
    ticks: float = field(default_factory=time.perf_counter)

    async def make(self) -> Ended:
        try:
            return await self._exchange()
        except HostHeld as held:
            visit = replace(self.began, outcome=Outcome.HELD)
            return _ended(after_hold(self.state, held.until), visit, says=str(held))
        except (FetchError, ReadError) as error:
            return self._failed(error)
        except OF_THE_STORE:
            raise
        except AggregatorError as error:
            return self._failed(ReadError(f"what came could not be stored: {error}"))
        except Exception as fault:
            # The edge of a feed: a fault of the program in one must not end the others.
            log.exception("visit_broke_down", feed_id=self.feed.id)
            name = type(fault).__name__
            return self._failed(ReadError(f"the visit broke down: {name} in the program"))

    async def _exchange(self) -> Ended:
        """Ask, and take in what comes. Raises FetchError, ReadError and StoreError."""
        feed, state, began = self.feed, self.state, self.began
        asked = address_of(feed, state)
        answer = await gather(
            self.visitor.fetcher,
            feed,
            _as_known(feed, state),
            now=began.started_at,
            environ=self.visitor.environ,
            kept=True,
            follows=self.follows,
        )
        if isinstance(answer, NotModified):
            after = after_unchanged(feed, state, Arrival.of(answer, asked), began.started_at)
            return _ended(after, self._timed(status=answer.status))
        self.document, self.key = answer.first, answer.key
        intake = Intake(
            store=self.visitor.store,
            writer=self.visitor.writer,
            fetcher=_Keeping(fetcher=self.visitor.fetcher, follows=self.follows),
            reader=self.visitor.reader,
            keeps=self.visitor.keeps,
        )
        taken = await intake.take_in(feed, state, answer, self._timed(), asked)
        if taken.is_written:
            return Ended(report=Refreshed(visit=taken.visit, warnings=taken.warnings), state=None)
        return _ended(taken.state, taken.visit)

    def _failed(self, error: FetchError | ReadError) -> Ended:
        document = self.document
        status = error.status if isinstance(error, BadStatus) else None
        shown = document
        if document and self.key and self.key.is_in(document.body):
            # Its beginning is kept to show what came.
            shown = replace(document, body=b"")
        ill = after_error(self.feed, self.state, error, self.began.started_at, came=shown)
        visit = self._timed(
            outcome=Outcome.FAILED,
            status=document.status if document else status,
            body_bytes=len(document.body) if document else 0,
            error_code=error.code,
        )
        return _ended(ill, visit, says=str(error))

    def _timed(self, **told: Any) -> Visit:  # noqa: ANN401 - fields of a visit
        """The visit as it is now, with what is ``told`` of it."""
        took = round((time.perf_counter() - self.ticks) * 1000)
        return replace(self.began, milliseconds=took, **told)


def _ended(state: FeedState, visit: Visit, *, says: str = "") -> Ended:
    health = visit.health if visit.outcome is Outcome.HELD else state.condition.health
    if visit.health is not health:
        visit = replace(visit, health=health)
    return Ended(report=Refreshed(visit=visit, error=masked(says)), state=state)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keeping:
    """The fetcher for what a document leads to: told that its bodies are in use until the visit is
    over, and whether the host is to be asked again after it."""

    fetcher: PoliteFetcher
    follows: bool

    async def fetch(self, request: FetchRequest) -> Fetched | NotModified:
        """As the fetcher's."""
        return await self.fetcher.fetch(replace(request, kept=True, follows=self.follows))

    async def aclose(self) -> None:
        """The fetcher is somebody else's to close."""


def _as_known(feed: Feed, state: FeedState) -> FeedState:
    """The state without validators where what they stand for was read by another reader, since
    "not modified" would keep it."""
    if (state.body_hash or "").startswith(f"{digests.reader_mark(feed)}:"):
        return state
    return replace(state, etag=None, last_modified=None, body_hash=None)
