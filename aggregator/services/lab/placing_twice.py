"""A story placed by two rule sets: what became of it, and which words made the difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from aggregator.domain.feeds import DESK_FEED_ID
from aggregator.domain.stories import Placement, Story
from aggregator.issue.edition import day_of


class Effect(StrEnum):
    """What other rules do to a story's section."""

    GAINED = "gained"
    LOST = "lost"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a section answered to a story. ``threshold`` in points; ``why`` is a sentence."""

    section: str
    score: float
    threshold: float
    passed: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordChange:
    """A word whose points differ; 0 where it has no hit, or none that counts."""

    group: str
    word: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A story that other rules place elsewhere. ``source`` and ``target`` are sections, None for
    none; ``day`` is the printed one; ``before`` and ``after`` are the answers of these sections, the source's first."""

    story: str
    day: date | None
    body: str
    title: str
    source: str | None
    target: str | None
    before: tuple[Answer, ...]
    after: tuple[Answer, ...]
    words: tuple[WordChange, ...]

    @property
    def effect(self) -> Effect:
        """What kind of change it is."""
        if self.source is None:
            return Effect.GAINED
        return Effect.LOST if self.target is None else Effect.MOVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Changes from one section to another: how many, and the newest of them as examples."""

    source: str | None
    target: str | None
    count: int
    examples: tuple[Change, ...]


@dataclass(slots=True)
class Changes:
    """Counts what two rule sets do to stories and keeps up to ``examples`` of each kind (None: all
    of them), the first that are noted."""

    examples: int | None
    stories: int = 0
    before: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))
    after: dict[str | None, int] = field(default_factory=lambda: defaultdict(int))
    _counts: dict[tuple[str | None, str | None], int] = field(
        default_factory=lambda: defaultdict(int)
    )
    _kept: dict[tuple[str | None, str | None], list[Change]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def note(self, story: Story, before: Placement, after: Placement) -> None:
        """Take one story in."""
        self.stories += 1
        self.before[before.section] += 1
        self.after[after.section] += 1
        if before.section == after.section:
            return
        way = (before.section, after.section)
        self._counts[way] += 1
        kept = self._kept[way]
        if self.examples is None or len(kept) < self.examples:
            kept.append(change_of(story, before, after))

    def moves(self, sections: Iterable[str]) -> tuple[Move, ...]:
        """What changed, most first within gained, lost and moved; ``sections`` is their order."""
        place = {section: number for number, section in enumerate(sections)}

        def order(way: tuple[str | None, str | None]) -> tuple[int, int, int]:
            source, target = way
            kind = 0 if source is None else 1 if target is None else 2
            last = len(place)
            return kind, place.get(source or "", last), place.get(target or "", last)

        return tuple(
            Move(
                source=way[0],
                target=way[1],
                count=self._counts[way],
                examples=tuple(self._kept[way]),
            )
            for way in sorted(self._counts, key=order)
        )


def change_of(story: Story, before: Placement, after: Placement) -> Change:
    """What became of one story."""
    item = story.primary.item
    asked = [one for one in (before.section, after.section) if one is not None]
    return Change(
        story=story.public_id,
        day=day_of(story),
        body=item.body,
        title=item.title,
        source=before.section,
        target=after.section,
        before=answers(before, asked),
        after=answers(after, asked),
        words=word_changes(before, after),
    )


def answers(placement: Placement, sections: Iterable[str]) -> tuple[Answer, ...]:
    """How these sections answered; those that the rules do not have are left out."""
    told: Mapping[str, Mapping[str, object]] = placement.trace["sections"]
    return tuple(
        Answer(
            section=name,
            score=float(str(told[name]["score"])),
            threshold=float(str(told[name]["threshold"])),
            passed=bool(told[name]["passed"]),
            why=str(told[name]["why"]),
        )
        for name in sections
        if name in told
    )


def word_changes(before: Placement, after: Placement) -> tuple[WordChange, ...]:
    """The words whose points differ, the widest difference first."""
    old, new = word_points(before), word_points(after)
    found = [
        WordChange(group=key[0], word=key[1], before=old.get(key, 0.0), after=new.get(key, 0.0))
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.after - one.before), one.group, one.word)))


def word_points(placement: Placement) -> dict[tuple[str, str], float]:
    """Points of each word in all fields, by group and word; 0 for hits that did not count."""
    points: dict[tuple[str, str], float] = defaultdict(float)
    for hit in placement.trace["hits"]:
        points[hit["group"], hit["word"]] += hit["points"]
    return {key: round(value, 3) for key, value in points.items()}


def is_typed_in(story: Story) -> bool:
    """Whether nothing but an editor's typing brought it: no rule can find such a story."""
    return all(member.item.feed_id == DESK_FEED_ID for member in story.members)
