"""What editors printed and dropped, held against what two rule sets would have proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from aggregator.domain.issues import Issue, IssueStatus, Pick, PickState, Series, Window
from aggregator.domain.stories import Placement, Story
from aggregator.issue.candidates import candidate_of
from aggregator.issue.choices import Candidate, Selection
from aggregator.issue.period import Period, period_of
from aggregator.issue.selection import select
from aggregator.ports.storing import Store
from aggregator.services.lab.placing_twice import is_typed_in
from aggregator.services.lab.proposed_twice import ProposalChange, proposal_change
from aggregator.services.lab.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one rule set does on an issue.

    Of what the issue printed ``first`` is of the printed section by the rules (or of one that
    overflows into it), ``second`` by their first or second choice. ``unfit`` is of those that
    editors dropped: how many have a section. ``proposed`` are the places of the draft that the rules
    would fill alone, ``hit`` those of them that were printed.
    """

    first: int
    second: int
    unfit: int
    proposed: int
    hit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueAgreement:
    """A published issue. ``printed`` came from feeds, ``typed_in`` not; ``dropped`` were unfit.

    ``found`` are the headlines of printed items that only the other rules would have proposed,
    ``missed`` of those that only the live ones would have. ``change`` is what becomes of the whole
    draft.
    """

    number: int
    window: Window
    printed: int
    typed_in: int
    dropped: int
    before: Score
    after: Score
    found: tuple[str, ...]
    missed: tuple[str, ...]
    change: ProposalChange


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """A story on which an editor's word is known, as both rule sets place it."""

    title: str
    typed_in: bool
    before: Placement
    after: Placement


@dataclass(slots=True)
class _Side:
    """One rule set, and what it made candidates of issues."""

    book: Rulebook
    candidates: list[Candidate] = field(default_factory=list)

    def note(self, story: Story, placement: Placement) -> None:
        placed = replace(story, placement=placement)
        candidate = candidate_of(placed, self.book.bodies.get(story.primary.item.body))
        if candidate is not None:
            self.candidates.append(candidate)


class Agreement:
    """Takes stories in as they are placed, then judges the published issues that touch a span.

    Such an issue is judged whole, and wants the stories of all that it covers.
    """

    def __init__(self, store: Store, live: Rulebook, other: Rulebook, span: Window) -> None:
        self._store = store
        everything = store.issues(live.series.id)
        published = [one for one in everything if one.status is IssueStatus.PUBLISHED]
        self._picks: Mapping[int, Sequence[Pick]] = {
            one.id: store.picks(one.id) for one in published
        }
        self.issues = [one for one in published if touches(one.window, span)]
        self._periods = {one.id: _filled(one, everything) for one in self.issues}
        self._issue_order = [one.id for one in published]
        self._sides = (_Side(live), _Side(other))
        self._wanted = {p.story_id for one in self.issues for p in self._picks[one.id]}
        self._decided: dict[int, _Decided] = {}

    @property
    def periods(self) -> tuple[Period, ...]:
        """What the issues cover, in their order."""
        return tuple(self._periods.values())

    @property
    def story_ids(self) -> frozenset[int]:
        """The stories on which editors decided for these issues."""
        return frozenset(self._wanted)

    def note(self, story: Story, before: Placement, after: Placement) -> None:
        """Take a story in, once, of whatever day."""
        typed_in = is_typed_in(story)
        if story.id in self._wanted:
            title = story.primary.item.title
            self._decided[story.id] = _Decided(
                title=title, typed_in=typed_in, before=before, after=after
            )
        if self.issues and not typed_in:
            for side, placement in zip(self._sides, (before, after), strict=True):
                side.note(story, placement)

    def result(self) -> tuple[IssueAgreement, ...]:
        """The issues in the order of their windows."""
        return tuple(self._judge(issue) for issue in self.issues)

    def _judge(self, issue: Issue) -> IssueAgreement:
        picks = [one for one in self._picks[issue.id] if one.story_id in self._decided]
        inside = [one for one in picks if one.state.is_in]
        printed = [one for one in inside if not self._decided[one.story_id].typed_in]
        dropped = [one for one in picks if one.state is PickState.DROPPED]
        chosen = [self._proposal(issue, side) for side in self._sides]
        old, new = ({one.candidate.story_id for one in each.proposed} for each in chosen)
        hits = {one.story_id for one in printed}
        before, after = (
            Score(
                first=sum(self._agrees(one, number, choices=1) for one in printed),
                second=sum(self._agrees(one, number, choices=2) for one in printed),
                unfit=sum(self._placement(one, number).section is not None for one in dropped),
                proposed=len(proposal),
                hit=len(proposal & hits),
            )
            for number, proposal in enumerate((old, new))
        )
        return IssueAgreement(
            number=issue.number or 0,
            window=issue.window,
            printed=len(printed),
            typed_in=len(inside) - len(printed),
            dropped=len(dropped),
            before=before,
            after=after,
            found=self._titles((new - old) & hits),
            missed=self._titles((old - new) & hits),
            change=proposal_change(self._store, *chosen),
        )

    def _placement(self, pick: Pick, number: int) -> Placement:
        decided = self._decided[pick.story_id]
        return decided.after if number else decided.before

    def _agrees(self, pick: Pick, number: int, *, choices: int) -> bool:
        placement = self._placement(pick, number)
        chosen = [placement.section, placement.trace["runner_up"]][:choices]
        series = self._sides[number].book.series
        return any(prints(series, section, pick.section) for section in chosen)

    def _proposal(self, issue: Issue, side: _Side) -> Selection:
        """What these rules alone would have made of the issue."""
        earlier = self._issue_order[: self._issue_order.index(issue.id)]
        gone = {p.story_id for one in earlier for p in self._picks[one] if p.state.is_in}
        free = (one for one in side.candidates if one.story_id not in gone)
        return select(side.book.series, free, self._periods[issue.id], taken={})

    def _titles(self, ids: set[int]) -> tuple[str, ...]:
        return tuple(sorted(self._decided[one].title for one in ids))


def prints(series: Series, section: str | None, printed: str) -> bool:
    """Whether what the rules put into ``section`` may stand in ``printed``: it is the same one, or
    the one that takes what is over."""
    if section is None:
        return False
    found = series.section(section)
    return printed in {section, found.overflow if found else ""}


def touches(window: Window, span: Window) -> bool:
    """Whether an issue over ``window`` covers a day of ``span``."""
    return window.start <= span.end and span.start <= window.end


def _filled(issue: Issue, issues: Sequence[Issue]) -> Period:
    """What the issue covered when its places were filled."""
    until = issue.proposed_at or issue.published_at or datetime.max.replace(tzinfo=UTC)
    return period_of(issue, issues, until)
