"""Simple changes of rules that might decide as an editor did: each with the line that makes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from aggregator.domain.bodies import Level
from aggregator.domain.feeds import Carries
from aggregator.domain.rules import Condition, Group, RuleSet, SectionRule
from aggregator.domain.stories import Placement
from aggregator.text.toml import toml_string

STEP = 0.1
"""Points by which a threshold is raised above what it shall keep out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is to be written for one ``key`` of the file: ``text``, under the heading ``table``;
    ``how`` says whether that replaces the key or is put into its list, or taken out."""

    table: str
    key: str
    how: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Changed rules, and the lines of the file that make them. ``says`` is what the stories have in
    common, a sentence's end; ``word`` is the word that is added, "" for another change."""

    rules: RuleSet
    lines: tuple[Line, ...]
    says: str
    word: str = ""

    @property
    def weight(self) -> float:
        """The weight of the group that gets the word, without its sign; 0 for none."""
        keys = {line.key for line in self.lines}
        mine = (one for one in self.rules.groups if f"groups.{one.id}.words" in keys)
        return max((abs(one.weight) for one in mine), default=0.0)

    def then(self, other: Trial) -> Trial:
        """Both changes, of which ``other`` was made of these rules."""
        return Trial(
            rules=other.rules,
            lines=(*self.lines, *other.lines),
            says=f"{self.says}, and {other.says}",
        )


def word_trials(rules: RuleSet, word: str, *, wanted: bool) -> Iterator[Trial]:
    """A word added to each group that lets stories in (``wanted``), else to those that keep them out
    and to the masks. A mask that is the word itself goes: it would swallow it."""
    is_masked = word in rules.masks
    if is_masked and not wanted:
        return
    bare = replace(rules, masks=tuple(one for one in rules.masks if one != word))
    gone = (_list_line("[match]", "match.masks", word, "take out of masks"),) if is_masked else ()
    known = "which a mask covers" if is_masked else "which is no word of a group"
    says = f"have {word} in the headline, {known}"
    for group in rules.groups:
        if (group.weight > 0) is wanted and group.weight:
            key = f"groups.{group.id}.words"
            line = _list_line(f"[groups.{group.id}]", key, word, "put into words")
            yield Trial(
                rules=with_word(bare, group.id, word), lines=(line, *gone), says=says, word=word
            )
    if not wanted:
        line = _list_line("[match]", "match.masks", word, "put into masks")
        masked = replace(rules, masks=(*rules.masks, word))
        yield Trial(rules=masked, lines=(line,), says=says, word=word)


def _list_line(table: str, key: str, word: str, how: str) -> Line:
    return Line(table=table, key=key, how=how, text=f"{toml_string(word)},")


def with_word(rules: RuleSet, group: str, word: str) -> RuleSet:
    """The rules with one word more in a group."""
    groups = tuple(
        Group(id=one.id, weight=one.weight, words=(*one.words, word)) if one.id == group else one
        for one in rules.groups
    )
    return replace(rules, groups=groups)


def opening_trials(
    rules: RuleSet,
    section: str,
    placements: Sequence[Placement],
) -> Iterator[Trial]:
    """Changes that let more into a section, made of what kept these stories out."""
    rule = _rule(rules, section)
    if rule is None:
        return
    levels = {Level(one.trace["level"]) for one in placements}
    carries = {Carries(one.trace["carries"]) for one in placements}
    if rule.levels and (more := levels - rule.levels):
        said = f"are of level {_listed(more)}, which {section} does not take"
        yield _trial(rules, rule, "levels", rule.levels | more, said)
    if rule.carries and (other := carries - rule.carries):
        said = f"come from feeds that carry {_listed(other)}, which {section} does not take"
        yield _trial(rules, rule, "carries", rule.carries | other, said)
    yield from _lower_trials(rules, rule, placements)
    for condition in rule.none:
        rest = tuple(one for one in rule.none if one != condition)
        yield _trial(rules, rule, "none", rest, f"are refused by {condition}")
    for word in rule.none_words:
        left = tuple(one for one in rule.none_words if one != word)
        yield _trial(rules, rule, "none_words", left, f"are refused by the word {word}")
    kept_out = [one for one in placements if "no condition" in _why(one, section)]
    for test in _common_tests(rules, kept_out, positive=True):
        if test not in (*rule.must_any, *rules.topic.must_any):
            said = f"have a hit of {_read(test)}, which opens no gate"
            yield _trial(rules, rule, "must_any", (*rule.must_any, test), said)


def _lower_trials(
    rules: RuleSet, rule: SectionRule, placements: Sequence[Placement]
) -> Iterator[Trial]:
    """Thresholds just low enough for those stories that failed at them."""
    scores = [
        _score(one, rule.id)
        for one in placements
        if _why(one, rule.id).startswith(f"{_score(one, rule.id):g} points,")
    ]
    if scores and (lowest := min(scores)) > 0:
        said = f"have {lowest:g} points or more, and {rule.id} wants {rule.threshold:g}"
        yield _trial(rules, rule, "threshold", lowest, said)
    topics = [
        one.trace["topic"]["points"]
        for one in placements
        if " topic points, " in _why(one, rule.id)
    ]
    if topics and (least := min(topics)) > 0:
        needed = rules.topic.threshold if rule.topic_threshold is None else rule.topic_threshold
        said = f"have {least:g} topic points or more, and {needed:g} are needed"
        yield _trial(rules, rule, "topic_threshold", least, said)


def _why(placement: Placement, section: str) -> str:
    return str(placement.trace["sections"][section]["why"])


def _score(placement: Placement, section: str) -> float:
    return float(placement.trace["sections"][section]["score"])


def closing_trials(
    rules: RuleSet, section: str, placements: Sequence[Placement], words: Iterable[str]
) -> Iterator[Trial]:
    """Changes that keep more out of a section, made of what these stories have in common; ``words``
    are in all their headlines."""
    rule = _rule(rules, section)
    if rule is None:
        return
    topic = _topic(rules)
    known = {word for one in rules.groups if one.id in topic for word in one.words}
    for word in words:
        if word not in known and word not in rule.none_words:
            more = (*rule.none_words, word)
            yield _trial(rules, rule, "none_words", more, f"have {word} in the headline")
    for test in _common_tests(rules, placements, positive=False):
        if test not in rule.none:
            said = f"have a hit of {_read(test)}"
            yield _trial(rules, rule, "none", (*rule.none, test), said)
    highest = max(_score(one, section) for one in placements)
    said = f"have {highest:g} points or fewer, and {section} wants {rule.threshold:g}"
    yield _trial(rules, rule, "threshold", round(highest + STEP, 3), said)


def _common_tests(
    rules: RuleSet, placements: Sequence[Placement], *, positive: bool
) -> Iterator[Condition]:
    """A hit of a group in the headline, or anywhere, that all of the stories have."""
    if not placements:
        return
    for field in ("title", ""):
        hit = [
            {one["group"] for one in placement.trace["hits"] if not field or one["field"] == field}
            for placement in placements
        ]
        for group in rules.groups:
            # What the topic is made of is hardly what is refused.
            fits = group.weight > 0 if positive else group.id not in _topic(rules)
            if fits and all(group.id in one for one in hit):
                yield Condition.parse(f"{group.id}@{field}" if field else group.id)


def _topic(rules: RuleSet) -> set[str]:
    """The groups that speak for the topic."""
    return {one.id for one in rules.groups if one.weight > 0 and one.id in rules.topic.groups}


def _read(test: Condition) -> str:
    (one,) = test.tests
    return f"{one.group} in the headline" if one.field else one.group


def _rule(rules: RuleSet, section: str) -> SectionRule | None:
    return next((one for one in rules.sections if one.id == section), None)


def _trial(rules: RuleSet, rule: SectionRule, key: str, value: object, says: str) -> Trial:
    changed = replace(rule, **{key: value})  # type: ignore[arg-type]
    sections = tuple(changed if one.id == rule.id else one for one in rules.sections)
    table = f"[[sections]] with id = {toml_string(rule.id)}"
    line = Line(
        table=table,
        key=f"sections.{rule.id}.{key}",
        how=f"write for {key}",
        text=f"{key} = {_toml(value)}",
    )
    return Trial(rules=replace(rules, sections=sections), lines=(line,), says=says)


def _toml(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").ljust(3, "0") if value % 1 else f"{value:.1f}"
    if isinstance(value, frozenset):
        return _toml(tuple(sorted(value)))
    if isinstance(value, tuple):
        return f"[{', '.join(toml_string(str(one)) for one in value)}]"
    return str(value)


def _listed(values: Iterable[object]) -> str:
    return " or ".join(sorted(map(str, values)))
