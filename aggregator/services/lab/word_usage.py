"""Which words of the rules do work: those without a hit, masks that swallow nothing, and words
behind stories that editors rejected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from aggregator.curate.matching.hits import find_hits
from aggregator.curate.matching.words import compile_rules
from aggregator.domain.issues import IssueStatus, PickState
from aggregator.domain.rules import FIELDS, Group, RuleSet
from aggregator.domain.stories import Placement, Story
from aggregator.ports.issuing import DecidedPick
from aggregator.services.lab.placing_twice import word_points
from aggregator.text.clean import plain_text

MASKS = "masks"
"""How masks are called where groups are named."""

_TEXT_REACH = 4000
"""Characters of a text that rules look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleWords:
    """Words without a hit from ``since`` on, by group, and ``masks`` that swallowed nothing, each in
    the order of the file. ``stories`` were looked at, the oldest of ``oldest`` (None: none)."""

    since: date
    until: date
    stories: int
    oldest: date | None
    words: Mapping[str, tuple[str, ...]]
    masks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedWord:
    """A word that gave points to stories which editors dropped, and to such as they took."""

    group: str
    word: str
    dropped: int
    taken: int


@dataclass(slots=True)
class Usage:
    """Notes which words had a hit. A word that lies within a longer one has none of its own."""

    rules: RuleSet
    since: date
    until: date
    stories: int = 0
    oldest: date | None = None
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _masks: MaskFinder | None = None
    _used: set[str] = field(default_factory=set)

    def note(self, story: Story, placement: Placement) -> None:
        """Take a story in; one of another day does not count."""
        day = story.primary.day
        if not self.since <= day <= self.until:
            return
        self.stories += 1
        self.oldest = day if self.oldest is None else min(self.oldest, day)
        self._seen |= word_points(placement).keys()
        if self._masks is None:
            self._masks = MaskFinder(self.rules, self.rules.masks)
        # Once a mask has covered a word it is looked for no more.
        covering = self._masks.covering(texts_of(story), but=self._used)
        self._used |= {mask for _, mask in covering}

    def result(self) -> IdleWords:
        """What was never hit."""
        idle = {
            group.id: tuple(word for word in group.words if (group.id, word) not in self._seen)
            for group in self.rules.groups
        }
        return IdleWords(
            since=self.since,
            until=self.until,
            stories=self.stories,
            oldest=self.oldest,
            words={group: words for group, words in idle.items() if words},
            masks=tuple(mask for mask in self.rules.masks if mask not in self._used),
        )


class MaskFinder:
    """Looks for those ``masks`` that cover a word of a group of the ``rules``."""

    def __init__(self, rules: RuleSet, masks: Sequence[str]) -> None:
        self.masks = tuple(masks)
        group = Group(id=MASKS, weight=0.0, words=self.masks)
        self._masks = compile_rules(_bare(rules, (group,)))
        self._words = compile_rules(_bare(rules, rules.groups)) if masks else self._masks

    def covering(
        self, texts: Mapping[str, str], *, but: Collection[str] = ()
    ) -> frozenset[tuple[str, str]]:
        """Which of the masks cover a word of these fields, each behind MASKS; those of ``but`` are
        not asked."""
        if not self.masks:
            return frozenset()
        found = [hit for hit in find_hits(self._masks, texts) if hit["word"] not in but]
        words = find_hits(self._words, texts) if found else []
        return frozenset(
            (MASKS, mask["word"])
            for mask in found
            if any(
                word["field"] == mask["field"]
                and mask["start"] <= word["start"]
                and word["end"] <= mask["end"]
                for word in words
            )
        )


def texts_of(story: Story) -> dict[str, str]:
    """What rules look at in a story, by field, as plain text."""
    item = story.primary.item
    told = item.summary or max((one.item.summary for one in story.members), key=len, default="")
    content = plain_text(item.content) if item.content else ""
    texts = (item.title, told[:_TEXT_REACH], content[:_TEXT_REACH])
    return dict(zip(FIELDS, texts, strict=True))


def _bare(rules: RuleSet, groups: tuple[Group, ...]) -> RuleSet:
    return replace(rules, masks=(), groups=groups, sections=())


def decisions(picks: Iterable[DecidedPick]) -> dict[int, bool]:
    """Of each story on which editors decided, by its id: whether they took it. A later issue has the
    last word. Left out are stories that only had no room, and dropped ones that no rules proposed."""
    decided: dict[int, bool] = {}
    for pick in picks:
        if pick.state is PickState.DROPPED and pick.section:
            decided[pick.story_id] = False
        elif pick.state is PickState.ACCEPTED or (
            pick.state.is_in and pick.status is IssueStatus.PUBLISHED
        ):
            decided[pick.story_id] = True
    return decided


@dataclass(slots=True)
class Rejections:
    """Counts the words of stories that editors took or dropped (``decided`` says which)."""

    decided: Mapping[int, bool]
    dropped: int = 0
    _taken_by: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    _dropped_by: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def note(self, story: Story, placement: Placement) -> None:
        """Take a story in, if an editor decided on it."""
        taken = self.decided.get(story.id)
        if taken is None:
            return
        self.dropped += not taken
        counts = self._taken_by if taken else self._dropped_by
        for key, points in word_points(placement).items():
            if points > 0:
                counts[key] += 1

    def result(self) -> tuple[RejectedWord, ...]:
        """The words of dropped stories, those behind most first, and of these the ones with the
        fewest that were taken."""
        found = [
            RejectedWord(group=key[0], word=key[1], dropped=count, taken=self._taken_by.get(key, 0))
            for key, count in self._dropped_by.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.dropped, one.taken, one.group, one.word)))
