"""What the words find that one of two rule sets has and the other has not, whether or not a story
goes elsewhere for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from aggregator.domain.rules import RuleSet
from aggregator.domain.stories import Placement, Story
from aggregator.issue.edition import day_of
from aggregator.services.lab.word_usage import MASKS, MaskFinder, texts_of

SHOWN = 2
"""Stories that are named for each word."""

_Key = tuple[str, str]
"""A group (MASKS for a mask) and a word of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStory:
    """A story that a word hits by one of the rule sets alone."""

    story: str
    day: date | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedWord:
    """A word, and in how many stories it has a hit by either rules; a mask (``group`` is MASKS)
    covers a word there.

    ``added`` and ``removed`` say which rules have it; neither is set where both do and its hits
    differ all the same, as a longer word or a mask covers it or does so no more. ``elsewhere`` are
    those stories, of which only one of the rule sets finds it in, that come into another section;
    ``examples`` are the newest of these stories.
    """

    group: str
    word: str
    added: bool
    removed: bool
    before: int
    after: int
    elsewhere: int
    examples: tuple[FoundStory, ...]


class ChangedWords:
    """Takes stories in, newest first, as two rule sets place them; of each word up to ``examples``
    are kept, and never more than SHOWN."""

    def __init__(self, live: RuleSet, other: RuleSet, examples: int | None = None) -> None:
        self._shown = SHOWN if examples is None else min(examples, SHOWN)
        self._old, self._new = _words(live), _words(other)
        old_masks, new_masks = (set(rules.masks) for rules in (live, other))
        self._masks = (
            MaskFinder(live, sorted(old_masks - new_masks)),
            MaskFinder(other, sorted(new_masks - old_masks)),
        )
        self._before: dict[_Key, int] = defaultdict(int)
        self._after: dict[_Key, int] = defaultdict(int)
        self._elsewhere: dict[_Key, int] = defaultdict(int)
        self._examples: dict[_Key, list[FoundStory]] = defaultdict(list)

    def note(self, story: Story, before: Placement, after: Placement) -> None:
        """Take one story in; the same placement twice is passed over."""
        if before is after:
            return
        texts = texts_of(story) if any(finder.masks for finder in self._masks) else {}
        old = _hits(before) & self._old | self._masks[0].covering(texts)
        new = _hits(after) & self._new | self._masks[1].covering(texts)
        for key in old:
            self._before[key] += 1
        for key in new:
            self._after[key] += 1
        for key in old ^ new:
            self._elsewhere[key] += before.section != after.section
            kept = self._examples[key]
            if len(kept) < self._shown:
                item = story.primary.item
                kept.append(FoundStory(story=story.public_id, day=day_of(story), title=item.title))

    def result(self) -> tuple[ChangedWord, ...]:
        """What was added, what was removed, then what finds more or less than before; each in the
        order of group and word."""
        added = (self._new - self._old) | _masks_of(self._masks[1].masks)
        removed = (self._old - self._new) | _masks_of(self._masks[0].masks)
        others = self._elsewhere.keys() - added - removed
        return tuple(
            ChangedWord(
                group=key[0],
                word=key[1],
                added=key in added,
                removed=key in removed,
                before=self._before[key],
                after=self._after[key],
                elsewhere=self._elsewhere[key],
                examples=tuple(self._examples[key]),
            )
            for keys in (added, removed, others)
            for key in sorted(keys)
        )


def _words(rules: RuleSet) -> frozenset[_Key]:
    return frozenset((group.id, word) for group in rules.groups for word in group.words)


def _masks_of(masks: Iterable[str]) -> frozenset[_Key]:
    return frozenset((MASKS, mask) for mask in masks)


def _hits(placement: Placement) -> frozenset[_Key]:
    hits: Iterable[Mapping[str, str]] = placement.trace["hits"]
    return frozenset((hit["group"], hit["word"]) for hit in hits)
