"""One tick: the configuration if it changed, feeds that are due, then everything else that is."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aggregator.bootstrap import App
from aggregator.daemon.reload import ConfigFile
from aggregator.domain.dispatching import Work
from aggregator.domain.errors import AggregatorError
from aggregator.domain.feeds import Feed
from aggregator.domain.mailing import DeliveryState, Outcome
from aggregator.domain.visits import Chore, ChoreState
from aggregator.observe import get_logger
from aggregator.ports.fetching import PoliteFetcher
from aggregator.ports.metering import Meter
from aggregator.ports.reading import DocumentReader
from aggregator.services.answers.search import catch_up
from aggregator.services.intake.taken import WINDOW_PASSED
from aggregator.services.publishing.mailing import Postman
from aggregator.services.publishing.scheduled import publish_if_due, publish_scheduled
from aggregator.services.reports.digest import remember_losses, send_digest_if_due
from aggregator.watch.next_visit import due_feeds

log = get_logger(__name__)

PATIENCE = 20.0
"""Seconds that a tick waits for the visits under way before it goes on with what came; those that
take longer go on beside the next tick."""

LAST_MAIL = 5.0
"""Seconds that a mail under way has to come to its end when the program stops."""

INDEXING = 5.0
"""Seconds of a tick in which stories are indexed for searches, at most."""


_OUTCOMES = {
    DeliveryState.SENT: Outcome.TAKEN,
    DeliveryState.FAILED: Outcome.REFUSED,
    DeliveryState.PENDING: Outcome.LATER,
    DeliveryState.SENDING: Outcome.LATER,
}
"""What a settled mail says of the server's answer; one given up after many is refused, too."""


class Stopping(Exception):
    """The daemon was told to stop in the middle of long work, which goes on after the next start."""


@dataclass(slots=True, kw_only=True)
class RunningDesk:
    """A desk at work: the program under its present configuration, its fetcher and reader, what counts,
    and the visits that are under way."""

    app: App
    file: ConfigFile
    fetcher: PoliteFetcher
    reader: DocumentReader
    meter: Meter
    visits: set[asyncio.Task[None]] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)
    mailing: asyncio.Task[None] | None = None
    postman: Postman | None = None
    pinging: asyncio.Task[None] | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    stopping: threading.Event = field(default_factory=threading.Event)
    faults: int = 0

    @classmethod
    def open(cls, app: App) -> RunningDesk:
        """The desk of a program that begins to run, in the running event loop."""
        return cls(
            app=app,
            file=ConfigFile.of(app),
            fetcher=app.new_fetcher(),
            reader=app.new_document_reader(),
            meter=app.meter,
        )

    def stop(self) -> None:
        """End long work in threads at its next step: the program cannot end before them."""
        self.stopping.set()

    async def aclose(self) -> None:
        """Give up the visits under way, which stores what has ended and gives back the rest."""
        for task in self.visits:
            task.cancel()
        await self._end_mailing()
        if self.pinging is not None:
            self.pinging.cancel()
            await asyncio.gather(self.pinging, return_exceptions=True)
        await asyncio.gather(*self.visits, return_exceptions=True)
        await self.fetcher.aclose()
        await self.reader.aclose()

    async def tick(self, *, rebuild: bool = False) -> None:
        """Do what is due: reload, visit feeds, curate, index, look after draft, site, hub, mails,
        digest and old rows.

        ``rebuild`` makes the site whatever came. A step that fails is logged, keeps no later one
        waiting, and is tried again at the next tick; nothing is carried from tick to tick but visits
        that take long. One tick at a time: another waits for its turn.
        """
        async with self.turn:
            began, self.faults = time.perf_counter(), 0
            is_free = await self._step(self._reload())
            if is_free is not False:
                await self._step(self._visit_due())
            await self.keep_desk(rebuild=rebuild)
            for work in (Work.PINGS, Work.MAILS, Work.DIGEST):
                await self.do(work)
            await self._step(asyncio.to_thread(self.note_tick))
            seconds = time.perf_counter() - began
            failed = self.faults > 0
            self.meter.ticked(seconds=seconds, failed=failed, at=self.app.clock.now())
            log.debug("tick_ended", ms=round(seconds * 1000), failed_steps=self.faults)

    async def look_again(self) -> None:
        """Take a changed configuration, once nothing is on its way under the old one."""
        async with self.turn:
            await self._step(self._reload())

    async def do(self, work: Work) -> None:
        """Do work of this name, as far as it is due."""
        if work is Work.DESK:
            await self.keep_desk()
        elif work is Work.PINGS:
            await self._step(self._ping())
        elif work is Work.MAILS:
            await self._step(self._mail())
        else:
            await self._step(self._tell_digest())

    def note_tick(self) -> None:
        """Let every process that looks at the store see that this one ticks."""
        now = self.app.clock.now()
        self.app.desk.store.save_chore(ChoreState(chore=Chore.TICK, done_at=now))

    async def keep_desk(self, *, rebuild: bool = False) -> None:
        """Curate, index, look after draft, site and old rows, publish; ``rebuild`` as in ``tick``."""
        await self._step(self._curate())
        await self._step(asyncio.to_thread(self._index))
        await self._step(asyncio.to_thread(self._keep_house, rebuild=rebuild))
        await self._step(self._publish())

    async def visit(self, feeds: list[Feed]) -> None:
        """Visit those of these feeds that are due, as one of the visits under way. While a changed
        configuration is taken it waits."""
        async with self.turn:
            task = asyncio.create_task(self._visit(feeds))
            self.visits.add(task)
            task.add_done_callback(self.visits.discard)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            # What has ended is stored, and the rest given back, before the job ends.
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise

    async def _step(self, work: Awaitable[bool | None]) -> bool | None:
        """Do one step of a tick; what it says, None where it failed."""
        try:
            return await work
        except Stopping:
            return None
        except AggregatorError as error:
            self.faults += 1
            log.error("tick_failed", code=error.code, error=str(error))  # noqa: TRY400 - one line
        except Exception:
            # The edge of the job: a fault of the program must not end the daemon.
            self.faults += 1
            log.exception("tick_broke_down")
        return None

    async def _reload(self) -> bool:
        """Take a changed configuration; False while visits under the old one are still on their
        way, which end under the settings that they began with."""
        config = await asyncio.to_thread(self.file.look, self.app)
        if config is None:
            return True
        if self.visits:
            await asyncio.wait(self.visits, timeout=PATIENCE)
        if self.visits:
            return False
        self.app = await asyncio.to_thread(self.file.take, self.app, config)
        await self.fetcher.aclose()
        await self.reader.aclose()
        self.fetcher = self.app.new_fetcher()
        self.reader = self.app.new_document_reader()
        # The new fetcher does not know whom the old one has just left.
        await asyncio.sleep(self.app.config.spacing.total_seconds())
        return True

    async def _visit_due(self) -> None:
        """Begin visits to the feeds that are due, and wait a while for them."""
        states = await asyncio.to_thread(self.app.desk.store.feed_states)
        due = due_feeds(self.app.desk.feeds, states, self.app.clock.now())
        due = [feed for feed in due if feed.id not in self.visited]
        if due:
            self.visited.update(feed.id for feed in due)
            task = asyncio.create_task(self._visit(due))
            self.visits.add(task)
            task.add_done_callback(self.visits.discard)
        if self.visits:
            await asyncio.wait(self.visits, timeout=PATIENCE)

    async def _visit(self, feeds: list[Feed]) -> None:
        try:
            reports = await self.app.refresher(self.fetcher, self.reader).refresh(
                feeds, only_due=True
            )
            for one in reports:
                self.meter.visited(one.visit)
            lost = [one.visit.feed_id for one in reports if WINDOW_PASSED in one.warnings]
            now = self.app.clock.now()
            await asyncio.to_thread(remember_losses, self.app.desk, lost, now)
        except AggregatorError as error:
            log.error("refresh_failed", code=error.code, error=str(error))  # noqa: TRY400 - one line
        except Exception:
            # The edge of the job, as above.
            log.exception("refresh_broke_down")
        finally:
            self.visited.difference_update(feed.id for feed in feeds)

    async def _tell_digest(self) -> None:
        """Tell the operator what changed with the feeds, when it is time."""
        state = (await asyncio.to_thread(self.app.desk.store.chores))[Chore.DIGEST]
        now = self.app.clock.now()
        if state.due_at is not None and state.due_at > now:
            return
        fetcher = self.app.new_operator_fetcher()
        try:
            told = await send_digest_if_due(
                self.app.desk,
                self.app.config.notify,
                self.app.mailer(self.app.environ),
                self.app.poster(fetcher, self.app.environ),
                now,
            )
            for one in told:
                self.meter.told(one.way, failed=bool(one.error))
        finally:
            await fetcher.aclose()

    async def _curate(self) -> None:
        def step(_done: int, _total: int) -> None:
            if self.stopping.is_set():
                raise Stopping

        began = time.perf_counter()
        done = await asyncio.to_thread(self.app.housekeeper.curate, on_step=step)
        if done.items or done.placed:
            seconds = time.perf_counter() - began
            self.meter.curated(items=done.items, placed=done.placed, seconds=seconds)

    async def _ping(self) -> None:
        """Begin to tell the hub which feeds have changed unless that is under way, and wait a while
        for it."""
        if self.pinging is None or self.pinging.done():
            self.pinging = asyncio.create_task(self._tell_hub())
        done, _ = await asyncio.wait({self.pinging}, timeout=PATIENCE)
        for task in done:
            task.result()

    async def _tell_hub(self) -> None:
        pinger = self.app.pinger()
        if pinger is None:
            return
        try:
            told = await pinger.send_due()
            self.meter.pinged(taken=told.taken, refused=told.refused)
        finally:
            await pinger.aclose()

    async def _publish(self) -> None:
        """Publish the issue that somebody scheduled for now; and the one whose hour has come, where
        the series is published unattended."""
        app = self.app
        if self.stopping.is_set():
            return
        mailer = app.mailer(app.environ)
        await publish_scheduled(app.desk, app.press, app.gate, mailer, app.config.notify)
        if not app.desk.series.unattended:
            return
        await publish_if_due(app.desk, app.press, app.gate(), mailer, app.config.notify)

    def _index(self) -> None:
        """Let what is new be found by searches; a large backlog takes several ticks."""

        def step(_done: int, _total: int) -> None:
            if self.stopping.is_set():
                raise Stopping

        catch_up(self.app.desk.store, seconds=INDEXING, on_step=step)

    async def _mail(self) -> None:
        """Begin to send mails unless some are under way, and wait a while for them: a server may
        look at a letter for minutes."""
        if self.mailing is None or self.mailing.done():
            self.mailing = asyncio.create_task(_aside(self._send_mails))
        done, _ = await asyncio.wait({self.mailing}, timeout=PATIENCE)
        for task in done:
            task.result()

    def _send_mails(self) -> None:
        """Send the mails that are due, of issues that stood there when the site was last made: what
        they lead to is on the site."""
        built_at = self.app.desk.store.chores()[Chore.BUILD].done_at
        if built_at is None or self.stopping.is_set() or not self.app.config.series.mail.lists:
            return
        self.postman = self.app.postman(self.app.environ)
        for one in self.postman.send_due(queued_before=built_at):
            self.meter.mailed(_OUTCOMES[one.state])

    async def _end_mailing(self) -> None:
        """Let the mail that is under way come to its end for a moment; then it is given back."""
        if self.postman is not None:
            self.postman.stopping.set()
        if self.mailing is None or self.mailing.done():
            return
        await asyncio.wait({self.mailing}, timeout=LAST_MAIL)
        if self.mailing.cancel() and self.postman is not None:
            await asyncio.to_thread(self.postman.give_back)

    def _keep_house(self, *, rebuild: bool) -> None:
        keeper = self.app.housekeeper
        if rebuild:
            keeper.ask_for(Chore.BUILD)
        if not self.stopping.is_set():
            for done in keeper.do_due():
                failed = bool(done.error_code)
                self.meter.did_chore(done.chore, seconds=done.seconds, failed=failed)


async def _aside(work: Callable[[], None]) -> None:
    """Do work in a thread that does not keep the program from ending; whoever gives up waiting
    hears no more of it."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def tell(error: Exception | None) -> None:
        if ended.cancelled():
            return
        if error is None:
            ended.set_result(None)
        else:
            ended.set_exception(error)

    def go() -> None:
        failed: Exception | None = None
        try:
            work()
        except Exception as error:  # noqa: BLE001 - it is raised where the work is waited for
            failed = error
        # The loop may be gone by now.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, failed)

    threading.Thread(target=go, name="mails", daemon=True).start()
    await ended
