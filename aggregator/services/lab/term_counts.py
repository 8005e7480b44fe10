"""How many stories have which terms, found as the rules would find them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from aggregator.curate.matching.hits import find_hits
from aggregator.curate.matching.words import compile_rules
from aggregator.domain.rules import Group, RuleSet
from aggregator.domain.stories import Story
from aggregator.services.lab.word_usage import texts_of
from aggregator.text.fold import squash

_TERMS = "terms"


class TermFinder:
    """Finds terms in texts by the rules for words, whatever masks and groups say."""

    def __init__(self, rules: RuleSet, terms: Collection[str]) -> None:
        words = tuple(sorted(terms))
        # Without a word the group would be none.
        groups = (Group(id=_TERMS, weight=1.0, words=words),) if words else ()
        self._matcher = compile_rules(replace(rules, masks=(), groups=groups, sections=()))
        folded = {word: squash(word) for word in words}
        # A longer word swallows those within it, which stand there all the same.
        self._within = {
            word: frozenset(one for one in words if folded[one] in folded[word]) for word in words
        }

    def find(self, texts: Mapping[str, str]) -> frozenset[str]:
        """The terms in these fields."""
        hits = {hit["word"] for hit in find_hits(self._matcher, texts)}
        return frozenset(one for word in hits for one in self._within[word])

    def of(self, story: Story) -> frozenset[str]:
        """The terms in what rules look at in a story."""
        return self.find(texts_of(story)) if self._within else frozenset()


def unknown_terms(rules: RuleSet, terms: Collection[str], *, within: bool) -> list[str]:
    """Those of these terms that no word of a group covers; ``within`` says whether one of these may
    be a part of a single word."""
    matcher = compile_rules(rules)
    unknown = []
    for term in terms:
        hits = find_hits(matcher, {"title": term})
        is_covered = any(hit["start"] == 0 and hit["end"] == len(term) for hit in hits)
        if not is_covered and (within or " " in term or not hits):
            unknown.append(term)
    return unknown
