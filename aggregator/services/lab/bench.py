"""Trials that run beside the pages that ask for them: one a person, one at a time, bounded."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from aggregator.domain.errors import AggregatorError, UsageError
from aggregator.domain.issues import Window
from aggregator.observe import get_logger
from aggregator.ports.storing import Store
from aggregator.services.lab.lab import Lab, LabReport

log = get_logger(__name__)

MOST = 20_000
"""Stories that a trial on the desk counts at most, the newest."""

LONGEST = 180.0
"""Seconds after which a trial is given up."""

PEOPLE = 20
"""People whose last trial is remembered."""

_BREATH = 0.01
"""Seconds of rest behind each step, in which pages are answered."""

OnStep = Callable[[int, int], None]


class _Stopped(Exception):
    """Something else is asked by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How far a trial is. ``report`` is None as long as it runs, and where it failed, which ``failed``
    says; ``done`` of so many stories are placed."""

    report: LabReport | None = None
    failed: str = ""
    done: int = 0
    of: int = 0


@dataclass(slots=True)
class _Job:
    """One trial under way, or its end."""

    key: str
    run: Callable[[OnStep], LabReport]
    ended: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)
    done: int = 0
    of: int = 0
    report: LabReport | None = None
    failed: str = ""

    def outcome(self) -> Outcome:
        return Outcome(report=self.report, failed=self.failed, done=self.done, of=self.of)


class Bench:
    """Runs trials in threads of their own. Each person has one: who asks something else ends it."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, _Job] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def ask(
        self, person: str, key: str, run: Callable[[OnStep], LabReport], *, patience: float
    ) -> Outcome:
        """What a trial came to, if it does within ``patience`` seconds; else how far it is. ``key`` names
        it: the same asked again goes on."""
        with self._lock:
            job = self._jobs.get(person)
            if job is None or job.key != key:
                if job is not None:
                    job.stopped.set()
                job = self._jobs[person] = _Job(key, run)
                self._forget()
                threading.Thread(target=self._work, args=(job,), name="lab", daemon=True).start()
            self._jobs.move_to_end(person)
        job.ended.wait(patience)
        return job.outcome()

    def _forget(self) -> None:
        while len(self._jobs) > PEOPLE:
            _, old = self._jobs.popitem(last=False)
            old.stopped.set()

    def _work(self, job: _Job) -> None:
        try:
            with self._turn:
                end = time.monotonic() + LONGEST
                job.report = job.run(lambda done, of: _step(job, end, done, of))
        except _Stopped:
            pass
        except AggregatorError as error:
            job.failed = str(error)
        except Exception:
            # The edge of the thread: who waits is told that there is nothing.
            log.exception("trial_broke_down")
            job.failed = "the trial broke down in the program"
        finally:
            job.ended.set()


def _step(job: _Job, end: float, done: int, of: int) -> None:
    job.done, job.of = done, of
    if job.stopped.is_set():
        raise _Stopped
    if time.monotonic() > end:
        raise UsageError(
            f"given up after {LONGEST:g} seconds and {done} of {of} stories: take fewer months, or"
            " aggregator lab, which has no limit"
        )
    time.sleep(_BREATH)


def trial(lab: Lab, *, today: date, days: int, examples: int, on_step: OnStep) -> LabReport:
    """The report on the last days, of at most MOST stories; words without a hit are those of the
    same days."""
    span = newest(lab.store, today=today, days=days)
    idle_days = (span.end - span.start).days + 1 if span else 1
    return lab.run(span, examples=examples, on_step=on_step, idle_days=idle_days)


def newest(store: Store, *, today: date, days: int) -> Window | None:
    """The last days before the newest story's that hold no more than MOST stories; None where there is no
    story."""
    last = next(
        (day for _, day in store.story_days(since=today - timedelta(days=1), until=today)), None
    )
    if last is None:
        # Read only where nothing came of late.
        last = next((day for _, day in store.story_days(since=None, until=today)), None)
    if last is None:
        return None
    found = [day for _, day in store.story_days(since=last - timedelta(days=days - 1), until=last)]
    return Window(start=found[min(len(found), MOST) - 1], end=last)
