"""Labelled releases placed as the daemon places them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aggregator.curate.placing.classify import read_texts
from aggregator.curate.placing.gate import gate_forms
from aggregator.domain.rules import RuleSet
from aggregator.domain.stories import Membership, Placement, Story
from aggregator.services.curation.placing import Placer
from aggregator.services.evaluation.figures import Figures, Share
from aggregator.services.evaluation.material import Arrival, Material
from aggregator.services.evaluation.rows import NONE, Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A release with where the rules put it; ``placement`` is None where it says nothing that is
    kept. ``texts`` are what the rules looked at, by field, and ``gate`` is the topic gate of each
    section as plain JSON."""

    row: Placed
    placement: Placement | None
    texts: Mapping[str, str] = field(default_factory=dict)
    gate: Mapping[str, Any] = field(default_factory=dict)

    @property
    def section(self) -> str | None:
        """The rules' section, None for none."""
        return self.placement.section if self.placement else None

    @property
    def is_right(self) -> bool:
        """Whether people chose the same."""
        return self.section == self.row.section

    @property
    def is_near(self) -> bool:
        """Whether what people chose is the rules' choice or their runner-up."""
        if self.is_right or self.placement is None or self.row.section is None:
            return self.is_right
        return bool(self.placement.trace.get("runner_up") == self.row.section)


def place_rows(
    rows: Sequence[Placed],
    material: Material,
    rules: RuleSet,
    on_step: Callable[[int, int], None] = lambda _, __: None,
) -> list[Answer]:
    """Where the daemon would place each release as a story of its own. ``on_step`` is told how many
    of how many rows are done."""
    arrivals = [material.arrive(row.release, name=f"row-{row.line}") for row in rows]
    feeds = {one.feed.id: one.feed for one in arrivals if one is not None}
    placer = Placer(feeds=feeds, bodies=material.all_bodies, rules=rules)
    answers = []
    for row, arrival in zip(rows, arrivals, strict=True):
        answers.append(_place(row, arrival, placer))
        on_step(len(answers), len(rows))
    return answers


def _place(row: Placed, arrival: Arrival | None, placer: Placer) -> Answer:
    if arrival is None:
        return Answer(row=row, placement=None)
    story = _story(row.line, arrival)
    placement = placer.place(story)
    return Answer(
        row=row,
        placement=placement,
        texts=read_texts(placer.look_at(story)),
        gate=gate_forms(placer.rules, placement.trace["topic"]["held"]),
    )


def confusion_of(answers: Sequence[Answer]) -> Counter[tuple[str, str]]:
    """How many rows there are of each section that people chose and the one the rules did."""
    return Counter((answer.row.section or NONE, answer.section or NONE) for answer in answers)


def by_section(answers: Sequence[Answer]) -> dict[str, Figures]:
    """How right each section is that somebody chose, none too, which stands last."""
    confusion = confusion_of(answers)
    names = sorted({name for pair in confusion for name in pair}, key=lambda n: (n == NONE, n))
    return {
        name: Figures(
            right=confusion[name, name],
            found=sum(count for (_, said), count in confusion.items() if said == name),
            wanted=sum(count for (meant, _), count in confusion.items() if meant == name),
        )
        for name in names
    }


def accuracy(answers: Sequence[Answer]) -> Share:
    """How many rows are where people put them."""
    return Share(hits=sum(one.is_right for one in answers), of=len(answers))


def top2(answers: Sequence[Answer]) -> Share:
    """How many are, or came second there."""
    return Share(hits=sum(one.is_near for one in answers), of=len(answers))


def figures_of(answers: Sequence[Answer]) -> Figures:
    """How right the sections are, all of them together: a row in the wrong one is not found."""
    return _figures(answers, sum(one.is_right and one.section is not None for one in answers))


def selection_of(answers: Sequence[Answer]) -> Figures:
    """How right it is that a release is selected, for whatever section."""
    both = [one for one in answers if one.section is not None and one.row.section is not None]
    return _figures(answers, len(both))


def selected(answers: Collection[Answer]) -> Share:
    """How many got a section."""
    return Share(hits=sum(one.section is not None for one in answers), of=len(answers))


def _figures(answers: Sequence[Answer], right: int) -> Figures:
    return Figures(
        right=right,
        found=sum(one.section is not None for one in answers),
        wanted=sum(one.row.section is not None for one in answers),
    )


def _story(number: int, arrival: Arrival) -> Story:
    member = arrival.stored(number)
    return Story(
        id=number,
        public_id=f"row-{number}",
        members=(member,),
        memberships=(Membership(item_id=number, rule="first"),),
        placement=None,
        first_seen_at=member.first_seen_at,
    )
