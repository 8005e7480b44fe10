"""Words of the rules looked for in labelled sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aggregator.curate.matching.words import Matcher, compile_rules, find_masks, find_spans
from aggregator.domain.rules import Group, RuleSet
from aggregator.services.evaluation.figures import Figures
from aggregator.services.evaluation.rows import Keyword

_ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A row with whether its word was found. ``masks`` are those that stand in its sentence,
    ``hidden_by`` those of them that cover the word somewhere."""

    row: Keyword
    is_found: bool
    masks: tuple[str, ...] = ()
    hidden_by: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether people say the same."""
        return self.is_found == self.row.occurs


def find_keywords(rows: Sequence[Keyword], rules: RuleSet) -> list[Found]:
    """Whether each row's word is found in its sentence, next to the masks of ``rules``.

    Other words are left out: where ``드론 배송`` wins over ``드론``, the shorter one occurs all the
    same.
    """
    bare = replace(rules, masks=())
    words = dict.fromkeys(row.word for row in rows)
    masked = {word: _looking_for(word, rules) for word in words}
    unmasked = {word: _looking_for(word, bare) for word in words}
    return [_find(row, masked[row.word], unmasked[row.word]) for row in rows]


def figures_of(found: Sequence[Found]) -> Figures:
    """How right the matching is."""
    return Figures(
        right=sum(one.is_found and one.row.occurs for one in found),
        found=sum(one.is_found for one in found),
        wanted=sum(one.row.occurs for one in found),
    )


def _looking_for(word: str, rules: RuleSet) -> Matcher:
    """A matcher for one word, with the masks of ``rules``."""
    return compile_rules(replace(rules, groups=(Group(id=_ASKED, weight=1.0, words=(word,)),)))


def _find(row: Keyword, masked: Matcher, unmasked: Matcher) -> Found:
    masks = find_masks(masked, row.sentence)
    written = find_spans(unmasked, [row.sentence])
    hidden = [
        mask
        for mask in masks
        if any(mask.start <= start and -stop <= mask.end for start, stop, *_ in written)
    ]
    return Found(
        row=row,
        is_found=bool(find_spans(masked, [row.sentence])),
        masks=tuple(dict.fromkeys(one.word for one in masks)),
        hidden_by=tuple(dict.fromkeys(one.word for one in hidden)),
    )
