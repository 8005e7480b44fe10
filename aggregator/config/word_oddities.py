"""Words of the rules that are allowed and still look like a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aggregator.config.places import KeyPath
from aggregator.config.schema import FileTable
from aggregator.config.values import shown
from aggregator.config.walk import Report
from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX, PATTERN_REACH
from aggregator.curate.placing.word_trials import IdleWord, find_doubles
from aggregator.domain.rules import Condition


def find_word_oddities(file: FileTable, idle: Iterable[IdleWord], report: Report) -> None:
    """Report words that stand twice in a list, groups that nothing uses, and the ``idle`` words."""
    _warn_of_doubles(file.match.masks, ("match", "masks"), "covers it already", report)
    used = set(_used_groups(file))
    for group, table in file.groups.items():
        path = ("groups", group)
        if group not in used:
            message = f'no condition or bonus uses the group "{group}"'
            report(path, message, "use it, or leave it out")
        both = "finds it as well, so that it counts twice"
        both = both if file.match.group_cap > 1 else "finds it already"
        _warn_of_doubles(table.words, (*path, "words"), both, report)
    for one in idle:
        _warn_of_idle(one, file, report)


def _warn_of_doubles(words: Sequence[str], path: KeyPath, does: str, report: Report) -> None:
    """``does`` says what the other word does with what one of them finds."""
    seen: set[str] = set()
    for index, word in enumerate(words):
        if word in seen:
            report((*path, index), f"{shown(word)} is in the list twice", "leave one of them out")
        seen.add(word)
    for double in find_doubles(words):
        relation = "the plural of" if double.is_plural else "the same word as"
        word, other = words[double.index], words[double.other]
        message = f"{shown(word)} is {relation} {shown(other)}, which {does}"
        report((*path, double.index), message, "leave one of them out")


def _warn_of_idle(idle: IdleWord, file: FileTable, report: Report) -> None:
    if not idle.group:
        path: KeyPath = ("match", "masks", idle.index)
        word = file.match.masks[idle.index]
    else:
        path = ("groups", idle.group, "words", idle.index)
        word = file.groups[idle.group].words[idle.index]
    if idle.why:
        report(path, f"{shown(word)} is never found: {idle.why}", "write it otherwise")
    elif idle.mask == word:
        report(path, f"{shown(word)} is a mask as well and never counts", "leave one of them out")
    else:
        message = f"{shown(word)} never counts: the mask {shown(idle.mask)} swallows it each time"
        if idle.mask.startswith(PATTERN_PREFIX):
            message += f", in the first {PATTERN_REACH:,} characters, where it looks"
        report(path, message, "leave one of them out, or make the mask longer than the word")


def _used_groups(file: FileTable) -> Iterator[str]:
    yield from file.topic.groups
    conditions = [*file.topic.must_any]
    for section in file.sections:
        conditions += [*section.must_any, *section.none]
        conditions += [text for either in section.require for text in either]
        yield from section.bonus
        yield from section.lead.groups
    for text in conditions:
        yield from (test.group for test in Condition.parse(text).tests)
