"""Work with a due time of its own beside the feeds: the site, the draft, what is thrown away.

Due times are columns, so that a restart forgets nothing and whoever runs the desk finds the same
work due.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from datetime import time as time_of_day

from aggregator.domain.errors import AggregatorError
from aggregator.domain.issues import IssueStatus
from aggregator.domain.items import SEOUL
from aggregator.domain.visits import Chore, ChoreState
from aggregator.issue.windows import draft_at, following, working_window
from aggregator.observe import get_logger
from aggregator.ports.refreshing import UpkeepStore
from aggregator.services.curation.curate import Curated, Curator
from aggregator.services.desk import Desk
from aggregator.services.editing.draft import open_draft
from aggregator.services.publishing.publish import Press, build_site

log = get_logger(__name__)

REBUILT_AFTER = timedelta(minutes=10)
"""The site is made anew so often even where nothing came: some releases are held back until their
hour."""

MAINTAINED_AT = time_of_day(3, 40)
"""When what is old is thrown away, in Asia/Seoul: nobody is at work, hardly a feed is due."""

RETRIED_AFTER = timedelta(minutes=10)
"""A chore that failed is tried again after this time."""

_ONE_DAY = timedelta(days=1)


def due_chores(states: Mapping[Chore, ChoreState], now: datetime) -> list[Chore]:
    """The chores of the desk whose time has come, in the order in which they are done. One that was
    never done is due. The digest and publishing are apart (``services.reports.digest``, ``scheduled``)."""
    order = (Chore.DRAFT, Chore.BUILD, Chore.MAINTENANCE)
    return [chore for chore in order if _is_due(states[chore], now)]


def _is_due(state: ChoreState, now: datetime) -> bool:
    return state.due_at is None or state.due_at <= now


def next_at(at: time_of_day, now: datetime) -> datetime:
    """The next instant after ``now`` at a time of day in Asia/Seoul."""
    local = now.astimezone(SEOUL)
    today = datetime.combine(local.date(), at, tzinfo=SEOUL)
    return today if today > local else today + _ONE_DAY


def next_draft(desk: Desk, now: datetime) -> datetime:
    """When the draft is to be looked after next: when its places are to be filled, else when the
    next window's are."""
    issues = desk.store.issues(desk.series.id)
    window = working_window(desk.series, issues, now)
    waits = any(
        issue.window == window and issue.status is IssueStatus.DRAFT and issue.proposed_at is None
        for issue in issues
    )
    at = draft_at(desk.series, window)
    return at if waits and at > now else draft_at(desk.series, following(window))


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneChore:
    """A chore that ended: how long it took, and the code of the error where it failed."""

    chore: Chore
    seconds: float
    error_code: str = ""

    @property
    def milliseconds(self) -> int:
        """How long, for the log."""
        return round(self.seconds * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekeeper:
    """Does what is due. ``press`` makes the press, which is slow to load, once it is needed;
    ``keep_raw`` is for how long documents are kept as they came."""

    desk: Desk
    curator: Curator
    press: Callable[[], Press]
    keep_raw: timedelta

    @property
    def _store(self) -> UpkeepStore:
        return self.desk.store

    def curate(self, *, on_step: Callable[[int, int], None] = lambda _, __: None) -> Curated:
        """Fold and place what is new, and say what that came to; the site is due where it changed
        something."""
        curated = self.curator.curate(on_step=on_step)
        if curated.items or curated.placed:
            self.ask_for(Chore.BUILD)
        return curated

    def ask_for(self, chore: Chore) -> None:
        """Let a chore be due now."""
        now = self.desk.clock.now()
        state = self._store.chores()[chore]
        if state.due_at is None or state.due_at > now:
            self._store.save_chore(replace(state, due_at=now))

    def build_if_due(self, *, anyway: bool = False) -> int:
        """Make the site anew where something changed since it was made, or ``anyway``; how many
        files differ. Where that fails it stays due."""
        now = self.desk.clock.now()
        state = self._store.chores()[Chore.BUILD]
        if not (anyway or _is_due(state, now)):
            return 0
        self._store.save_chore(replace(state, due_at=now + REBUILT_AFTER))
        try:
            written = build_site(self.desk, self.press())
        except AggregatorError:
            self._store.save_chore(replace(state, due_at=now))
            raise
        done = replace(state, due_at=now + REBUILT_AFTER, done_at=now)
        self._store.save_chore(done, planned=done.due_at)
        return written

    def do_due(self) -> list[DoneChore]:
        """Do every chore that is due, and say how each ended. One that fails is logged and tried again
        later, and keeps no other waiting."""
        ended: list[DoneChore] = []
        now = self.desk.clock.now()
        states = self._store.chores()
        for chore in due_chores(states, now):
            # Its next time is written first: what is asked for meanwhile makes it due again.
            state = replace(states[chore], due_at=self._next(chore, now))
            self._store.save_chore(state)
            began, code = time.perf_counter(), ""
            try:
                done = self._do(chore, state, now)
            except AggregatorError as error:
                log.error("chore_failed", chore=chore.value, code=error.code, error=str(error))  # noqa: TRY400 - one line
                done, code = replace(state, due_at=now + RETRIED_AFTER), error.code
            else:
                done = replace(done, done_at=now)
            self._store.save_chore(done, planned=state.due_at)
            ended.append(
                DoneChore(chore=chore, seconds=time.perf_counter() - began, error_code=code)
            )
            if not code:
                log.info("chore_done", chore=chore.value, ms=ended[-1].milliseconds)
        return ended

    def _next(self, chore: Chore, now: datetime) -> datetime:
        """When a chore that is done now is due again."""
        if chore is Chore.BUILD:
            return now + REBUILT_AFTER
        if chore is Chore.MAINTENANCE:
            return next_at(MAINTAINED_AT, now)
        return now + _ONE_DAY

    def _do(self, chore: Chore, state: ChoreState, now: datetime) -> ChoreState:
        """Do one; its state afterwards."""
        if chore is Chore.DRAFT:
            open_draft(self.desk)
            return replace(state, due_at=next_draft(self.desk, now))
        if chore is Chore.BUILD:
            build_site(self.desk, self.press())
            return state
        gone = self._store.throw_away(now=now, payloads_before=now - self.keep_raw)
        log.info("old_rows_thrown_away", **gone)
        return state
