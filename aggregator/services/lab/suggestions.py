"""Suggestions for the rules, made of what editors decided otherwise. They change nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator.curate.placing.title_terms import shared_terms
from aggregator.domain.issues import Window
from aggregator.domain.stories import Story
from aggregator.ports.clock import Clock
from aggregator.ports.storing import Store
from aggregator.services.lab.contradictions import Contradiction, Contradictions
from aggregator.services.lab.corrections import Decision, Kind, editors_decisions, kind_of
from aggregator.services.lab.rule_trials import Trial, closing_trials, opening_trials, word_trials
from aggregator.services.lab.rulebook import Rulebook
from aggregator.services.lab.term_counts import TermFinder, unknown_terms
from aggregator.services.lab.word_usage import RejectedWord, Rejections
from aggregator.services.many import chunks

LEAST = 2
"""Corrections that a suggestion must have mended: one may be an accident."""

TERMS = 40
"""Terms of one kind of correction that are tried, those in most headlines."""

CONDITIONS = 3
"""Changes of a section's keys that are suggested for one kind of correction."""

PAIRED = 8
"""Words that are tried together with another change."""

LOOKED_AT = 2000
"""The newest undecided stories on which a change of a section's keys is tried."""

TOO_DEAR = 10
"""A change of keys that moves so many undecided stories for each that it mends is none to make."""

READ_TOGETHER = 200
"""Stories that are read together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A change of rules that would have decided as editors did.

    ``of`` corrections are of its kind, from ``source`` to ``target``; ``evidence`` are those that
    it mends. Of the stories on which editors agreed with the rules ``touched`` are looked at (those
    that have the word; all, where it is no word), and ``harmed`` of them would go elsewhere.
    ``others`` are stories that no editor decided on: those that have the word, or where it is none,
    how many of the newest ``looked_at`` would go elsewhere.
    """

    kind: Kind
    source: str | None
    target: str | None
    trial: Trial
    evidence: tuple[Decision, ...]
    of: int
    touched: int
    harmed: int
    others: int = 0
    looked_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What editors' decisions of ``span`` come to. ``unexplained`` are corrections that no
    suggestion mends, ``behind`` the words of dropped stories."""

    span: Window | None
    decisions: tuple[Decision, ...]
    suggestions: tuple[Suggestion, ...]
    unexplained: tuple[Decision, ...]
    behind: tuple[RejectedWord, ...]
    contradictions: tuple[Contradiction, ...]

    def count(self, kind: Kind) -> int:
        """How many decisions are of that kind."""
        return sum(one.kind is kind for one in self.decisions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Corrections of one kind, from one section to another."""

    kind: Kind
    source: str | None
    target: str | None
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advisor:
    """Holds editors' decisions against the rules ``book``."""

    store: Store
    clock: Clock
    book: Rulebook

    def advise(
        self, span: Window | None, *, on_step: Callable[[int, int], None] = lambda _, __: None
    ) -> Advice:
        """Suggest what would have decided as editors did in the issues that touch ``span``.

        ``on_step`` is told how many of how many stories of the span were looked at. Nothing is
        written.
        """
        curator = self.book.curator(self.store, self.clock)
        decisions = (
            editors_decisions(self.store, self.book.series, span, curator.place) if span else []
        )
        agreed = [one for one in decisions if one.kind is Kind.AGREED]
        found = _best(one for case in _cases(decisions) for one in self._suggest(case, agreed))
        counted, contradictions = self._look_round(span, found, decisions, on_step)
        kept = _affordable(counted)
        mended = {one.story.id for suggestion in kept for one in suggestion.evidence}
        return Advice(
            span=span,
            decisions=tuple(decisions),
            suggestions=kept,
            unexplained=tuple(
                one
                for one in decisions
                if one.kind is not Kind.AGREED and one.story.id not in mended
            ),
            behind=_behind(decisions),
            contradictions=contradictions,
        )

    def _suggest(self, case: _Case, agreed: Sequence[Decision]) -> Iterator[Suggestion]:
        """Every trial that mends enough of a case, and more than it spoils."""
        titles = {one.story.id: one.title for one in case.decisions}
        terms = shared_terms(titles, least=LEAST)
        most = sorted(terms, key=lambda term: (-len(terms[term]), len(term), term))[:TERMS]
        if case.kind is not Kind.MOVED:
            yield from self._words(case, most, terms, agreed)
        for trial in self._conditions(case, most if case.kind is Kind.MOVED else []):
            yield self._rated(case, trial, case.decisions, agreed)

    def _words(
        self,
        case: _Case,
        most: Sequence[str],
        terms: Mapping[str, frozenset[int]],
        agreed: Sequence[Decision],
    ) -> Iterator[Suggestion]:
        """For each unknown term the group that it is best put into."""
        wanted = case.kind is Kind.MISSED
        for word in unknown_terms(self.book.rules, most, within=not wanted):
            having = [one for one in case.decisions if one.story.id in terms[word]]
            trials = list(word_trials(self.book.rules, word, wanted=wanted))
            if best := self._best_trial(trials, having):
                finder = TermFinder(self.book.rules, [word])
                yield self._rated(case, best, having, [d for d in agreed if finder.of(d.story)])

    def _conditions(self, case: _Case, words: Sequence[str]) -> list[Trial]:
        """Changes of sections' keys that mend enough; two of them where none does alone."""
        rules, source, target = self.book.rules, case.source, case.target
        placements = [one.placement for one in case.decisions]
        opening = list(opening_trials(rules, target, placements)) if target else []
        closing = list(closing_trials(rules, source, placements, words)) if source else []
        found = [trial for trial in (*opening, *closing) if self._is_enough(trial, case)]
        if found or source is None or target is None:
            return found
        both = (
            one.then(other)
            for one in opening
            for other in closing_trials(one.rules, source, placements, words[:PAIRED])
        )
        return [trial for trial in both if self._is_enough(trial, case)]

    def _is_enough(self, trial: Trial, case: _Case) -> bool:
        return len(self._mended(trial, case.decisions)) >= LEAST

    def _best_trial(self, trials: Sequence[Trial], having: Sequence[Decision]) -> Trial | None:
        """The one that mends most, of these the one with the least weight."""
        rated = [(len(self._mended(trial, having)), trial) for trial in trials]
        enough = [(many, trial) for many, trial in rated if many >= LEAST]
        return min(enough, key=lambda one: (-one[0], one[1].weight), default=(0, None))[1]

    def _rated(
        self, case: _Case, trial: Trial, having: Sequence[Decision], agreed: Sequence[Decision]
    ) -> Suggestion:
        mended = self._mended(trial, having)
        return Suggestion(
            kind=case.kind,
            source=case.source,
            target=case.target,
            trial=trial,
            evidence=tuple(mended),
            of=len(case.decisions),
            touched=len(agreed),
            harmed=len(agreed) - len(self._mended(trial, agreed)),
        )

    def _mended(self, trial: Trial, decisions: Sequence[Decision]) -> list[Decision]:
        """Those that changed rules would decide as the editor did."""
        curator = replace(self.book, rules=trial.rules).curator(self.store, self.clock)
        series = self.book.series
        return [
            one
            for one in decisions
            if kind_of(series, curator.place(one.story).section, one.section) is Kind.AGREED
        ]

    def _look_round(
        self,
        span: Window | None,
        found: Sequence[Suggestion],
        decisions: Sequence[Decision],
        on_step: Callable[[int, int], None],
    ) -> tuple[list[Suggestion], tuple[Contradiction, ...]]:
        """The suggestions with what they do to undecided stories of the span, and what editors said
        of pairs of all stories."""
        decided = {one.story.id for one in decisions}
        effects = _Effects(self, found)
        pairs = Contradictions(self.store, self.book)
        days = self.store.story_days(since=span.start, until=span.end) if span else []
        done = 0
        for chunk in chunks([one for one, _ in days], READ_TOGETHER):
            stories = self.store.shown_stories(ids=chunk)
            pairs.note([member.id for story in stories for member in story.members])
            for story in stories:
                if story.id not in decided:
                    effects.note(story)
            done += len(chunk)
            on_step(done, len(days))
        return effects.result(), pairs.result()


class _Effects:
    """Counts what suggestions do to stories that no editor decided on."""

    def __init__(self, advisor: Advisor, found: Sequence[Suggestion]) -> None:
        self._found = found
        self._finder = TermFinder(advisor.book.rules, {s.trial.word for s in found} - {""})
        self._live = advisor.book.curator(advisor.store, advisor.clock)
        self._changed = {
            number: replace(advisor.book, rules=one.trial.rules).curator(
                advisor.store, advisor.clock
            )
            for number, one in enumerate(found)
            if not one.trial.word
        }
        self._having: dict[str, int] = defaultdict(int)
        self._moved: dict[int, int] = defaultdict(int)
        self._looked_at = 0

    def note(self, story: Story) -> None:
        """Take one such story in; the newest come first."""
        for word in self._finder.of(story):
            self._having[word] += 1
        if not self._changed or self._looked_at == LOOKED_AT:
            return
        self._looked_at += 1
        here = self._live.place(story).section
        for number, curator in self._changed.items():
            self._moved[number] += curator.place(story).section != here

    def result(self) -> list[Suggestion]:
        """The suggestions with their counts."""
        return [
            replace(one, others=self._moved[number], looked_at=self._looked_at)
            if number in self._changed
            else replace(one, others=self._having[one.trial.word])
            for number, one in enumerate(self._found)
        ]


def _cases(decisions: Sequence[Decision]) -> list[_Case]:
    """The corrections by kind, source and target, those of which there are enough."""
    groups: dict[tuple[Kind, str | None, str | None], list[Decision]] = defaultdict(list)
    for one in decisions:
        if one.kind is not Kind.AGREED:
            groups[one.kind, one.placement.section, one.section].append(one)
    return [
        _Case(kind=kind, source=source, target=target, decisions=tuple(mine))
        for (kind, source, target), mine in groups.items()
        if len(mine) >= LEAST
    ]


def _best(found: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """Those that mend more than they spoil; of words with the same evidence only the shortest few,
    as of changes of keys."""
    kept: list[Suggestion] = []
    seen: dict[object, int] = defaultdict(int)
    for one in sorted(found, key=_rank):
        if one.harmed < len(one.evidence):
            seen[_rivals(one)] += 1
            if seen[_rivals(one)] <= 2 * CONDITIONS:
                kept.append(one)
    return tuple(kept)


def _affordable(counted: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """Of words with the same evidence the one that costs least, of changes of keys the few; none
    that costs something and mends no more than another one does."""
    kept: list[Suggestion] = []
    seen: dict[object, int] = defaultdict(int)
    mended: dict[object, set[int]] = defaultdict(set)
    for one in sorted(counted, key=_rank):
        is_dear = not one.trial.word and one.harmed + one.others > 0
        case, ids = (one.kind, one.source, one.target), _ids(one)
        if is_dear and (one.others > TOO_DEAR * len(ids) or ids <= mended[case]):
            continue
        seen[_rivals(one)] += 1
        if seen[_rivals(one)] <= (1 if one.trial.word else CONDITIONS):
            kept.append(one)
            mended[case] |= ids
    return tuple(kept)


def _ids(one: Suggestion) -> frozenset[int]:
    return frozenset(decision.story.id for decision in one.evidence)


def _rivals(one: Suggestion) -> object:
    """What suggestions have in common that are instead of each other."""
    case = (one.kind, one.source, one.target)
    return (case, _ids(one)) if one.trial.word else case


def _rank(one: Suggestion) -> tuple[int, int, int, int, int, int, str]:
    """Best first: kind, what is mended beyond what is spoilt, what it costs, how short it is."""
    order = {Kind.MISSED: 0, Kind.DROPPED: 1, Kind.MOVED: 2, Kind.AGREED: 3}
    return (
        order[one.kind],
        one.harmed - len(one.evidence),
        one.harmed,
        one.others,
        len(one.trial.lines) + one.trial.word.count(" "),
        len(one.trial.word),
        one.trial.lines[0].text,
    )


def _behind(decisions: Sequence[Decision]) -> tuple[RejectedWord, ...]:
    """The words that had the dropped stories proposed."""
    taken = {
        one.story.id: one.kind is not Kind.DROPPED
        for one in decisions
        if one.section is not None or one.kind is Kind.DROPPED
    }
    rejections = Rejections(taken)
    for one in decisions:
        rejections.note(one.story, one.placement)
    return rejections.result()
