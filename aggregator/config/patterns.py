"""Regular expressions of the rules that could take long, and so look at a part of a text only."""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.config.places import KeyPath
from aggregator.config.schema import FileTable
from aggregator.config.values import shown
from aggregator.config.walk import Report
from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX, PATTERN_REACH, safe_reach


def warn_of_patterns(file: FileTable, report: Report) -> None:
    """Report each pattern that is not looked for in as much of a field as others are."""
    for path, word in _words(file):
        if not word.startswith(PATTERN_PREFIX):
            continue
        reach = safe_reach(word.removeprefix(PATTERN_PREFIX))
        if reach < PATTERN_REACH:
            report(
                path,
                f"{shown(word)} could take very long, so it sees {reach} characters of a field only",
                'repeat less, and bounded: "(?:가)+" for "(가+)+", "가.{0,40}나.{0,40}다" for "가.*나.*다"',
            )


def _words(file: FileTable) -> Iterator[tuple[KeyPath, str]]:
    for index, mask in enumerate(file.match.masks):
        yield ("match", "masks", index), mask
    for group, table in file.groups.items():
        for index, word in enumerate(table.words):
            yield ("groups", group, "words", index), word
