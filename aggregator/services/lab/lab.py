"""The rule lab: stored stories placed by the live rules and by others, and what that changes.

Nothing is written. Stories are placed by the daemon's own code, which leaves the trace of the live
rules in the store; they are read some hundred at a time, so that a large store takes no more memory
than a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from aggregator.domain.issues import Window
from aggregator.domain.stories import Placement, Story
from aggregator.ports.clock import Clock
from aggregator.ports.storing import Store
from aggregator.services.lab.agreement import Agreement, IssueAgreement
from aggregator.services.lab.changed_words import ChangedWord, ChangedWords
from aggregator.services.lab.placing_twice import Changes, Move
from aggregator.services.lab.rulebook import Rulebook, RuleChange, rule_changes
from aggregator.services.lab.word_usage import (
    IdleWords,
    RejectedWord,
    Rejections,
    Usage,
    decisions,
)
from aggregator.services.many import chunks

IDLE_DAYS = 90
"""Days in which a word should have had a hit."""

SPAN = timedelta(days=365)
"""The days that are looked at where none are named: up to the newest story's."""

COMPARED = frozenset({"hits", "sections", "runner_up"})
"""What of a trace is compared."""

READ_TOGETHER = 200
"""Stories that are read and placed together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCount:
    """How many stories a section has by either rules; None is no section."""

    section: str | None
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabReport:
    """What other rules change. ``span`` are the days of the ``stories`` (None where there are none),
    ``dropped`` how many of these editors dropped as unfit though rules had proposed them."""

    span: Window | None
    stories: int
    rules: tuple[RuleChange, ...]
    sections: tuple[SectionCount, ...]
    moves: tuple[Move, ...]
    words: tuple[ChangedWord, ...]
    issues: tuple[IssueAgreement, ...]
    idle: IdleWords | None
    rejected: tuple[RejectedWord, ...]
    dropped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lab:
    """Holds the rules ``other`` against the ``live`` ones, on the stories of ``store``."""

    store: Store
    clock: Clock
    live: Rulebook
    other: Rulebook

    def run(
        self,
        span: Window | None,
        *,
        examples: int | None,
        on_step: Callable[[int, int], None] = lambda _, __: None,
        idle_days: int = IDLE_DAYS,
    ) -> LabReport:
        """Place the stories of ``span`` by both rules; ``examples`` of each kind of change are kept,
        all of them for None. ``on_step`` is told how many of how many stories are done.

        Beyond the span those stories are read, and not counted, that its issues may have printed and
        that tell of the words of the last ``idle_days``.
        """
        changed = rule_changes(self.live, self.other)
        if span is None:
            return _empty(changed)
        run = _Run(self, span, examples, idle_days)
        run.read(on_step)
        return LabReport(
            span=span,
            stories=run.changes.stories,
            rules=changed,
            sections=self._sections(run.changes),
            moves=run.changes.moves(self._order()),
            words=run.words.result(),
            issues=run.agreement.result(),
            idle=run.usage.result(),
            rejected=run.rejections.result(),
            dropped=run.rejections.dropped,
        )

    def _order(self) -> tuple[str, ...]:
        """Sections in the order of the live file, then those that only the other one has."""
        both = (*self.live.rules.sections, *self.other.rules.sections)
        return tuple(dict.fromkeys(rule.id for rule in both))

    def _sections(self, changes: Changes) -> tuple[SectionCount, ...]:
        return tuple(
            SectionCount(
                section=name,
                before=changes.before.get(name, 0),
                after=changes.after.get(name, 0),
            )
            for name in (*self._order(), None)
        )


def span_of(store: Store, today: date, *, since: date | None, until: date | None) -> Window | None:
    """The days to look at: up to ``until``, else to the newest story's that is not ahead of
    ``today``; from ``since``, else for a year. None where no story is of these days."""
    days = [day for _, day in store.story_days(since=since, until=until or today)]
    if not days:
        return None
    end = until or days[0]
    start = since or end - SPAN + timedelta(days=1)
    within = [day for day in days if start <= day <= end]
    # What lies before the first story is no span that anything was looked at in.
    return Window(start=since or min(within), end=end) if within else None


class _Run:
    """One reading of the store, and what is gathered in it."""

    def __init__(self, lab: Lab, span: Window, examples: int | None, idle_days: int) -> None:
        self._lab = lab
        self._span = span
        self.changes = Changes(examples)
        self.words = ChangedWords(lab.live.rules, lab.other.rules, examples)
        self.agreement = Agreement(lab.store, lab.live, lab.other, span)
        idle_since = span.end - timedelta(days=idle_days - 1)
        self.usage = Usage(lab.other.rules, idle_since, span.end)
        self.rejections = Rejections(self._decided())

    def _decided(self) -> Mapping[int, bool]:
        return decisions(self._lab.store.decided_picks(self._lab.live.series.id))

    def read(self, on_step: Callable[[int, int], None]) -> None:
        """Place every story that counts for anything. Where the live rules have placed it already,
        that is what they say of it."""
        store, lab = self._lab.store, self._lab
        live = lab.live.curator(store, lab.clock)
        is_same = not rule_changes(lab.live, lab.other)
        other = live if is_same else lab.other.curator(store, lab.clock)
        due = set(store.unplaced_ids(lab.live.rules.hash))
        ids = self._ids()
        done = 0
        for chunk in chunks(ids, READ_TOGETHER):
            for story in store.stories(ids=chunk):
                stored = None if story.id in due else _explained(story)
                before = live.place(story) if stored is None else stored
                self._note(story, before, before if is_same else other.place(story))
            done += len(chunk)
            on_step(done, len(ids))

    def _ids(self) -> list[int]:
        periods = self.agreement.periods
        first = min(self._span.start, self.usage.since, *(one.earliest for one in periods))
        last = max(self._span.end, self._span.end, *(one.window.end for one in periods))
        ids = [one for one, _ in self._lab.store.story_days(since=first, until=last)]
        return [*ids, *sorted(self.agreement.story_ids - set(ids))]

    def _note(self, story: Story, before: Placement, after: Placement) -> None:
        if story.primary.day in self._span:
            self.changes.note(story, before, after)
            self.words.note(story, before, after)
            self.rejections.note(story, after)
        self.usage.note(story, after)
        self.agreement.note(story, before, after)


def _explained(story: Story) -> Placement | None:
    """The stored placement, where it says all that is compared: a store outlives programs."""
    placement = story.placement
    return placement if placement and placement.trace.keys() >= COMPARED else None


def _empty(changed: tuple[RuleChange, ...]) -> LabReport:
    return LabReport(
        span=None,
        stories=0,
        rules=changed,
        sections=(),
        moves=(),
        words=(),
        issues=(),
        idle=None,
        rejected=(),
        dropped=0,
    )
