"""What of the damage the lint finds, as docs/lint.md prints it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from aggregator.issue.lint.pairs import Names, Pair
from aggregator.issue.lint.translation import lint_translation
from tests.issue.lint.recall.damage import KINDS, damaged, hide_strays
from tests.issue.lint.recall.pairs import clean_pairs, is_held_back

HIDDEN = "a word of the subject before the last full stop"
HEAD = (
    "| damage | texts | found | held back | found |",
    "| --- | --- | --- | --- | --- |",
)


def found_in(pair: Pair, names: Names) -> Counter[tuple[str, str]]:
    """Code and message of everything that is found in a pair."""
    return Counter((one.code, one.message) for one in lint_translation(pair, names))


def recalls(names: Names) -> dict[str, tuple[tuple[int, int], tuple[int, int]]]:
    """By kind of damage, of the pairs to work with and of those held back: how many texts were
    damaged, and of how many the lint says that, which it did not say before."""
    clean = {pair.where: found_in(pair, names) for pair in clean_pairs()}
    kinds = {**KINDS, HIDDEN: (hide_strays, KINDS["a stray word at the end"][1])}
    result = {}
    for kind, (make, codes) in kinds.items():
        counts: dict[bool, list[int]] = {False: [0, 0], True: [0, 0]}
        for pair in clean_pairs():
            for text in damaged(pair, make):
                new = found_in(text, names) - clean[pair.where]
                count = counts[is_held_back(pair)]
                count[0] += 1
                count[1] += any(code.endswith(codes) for code, _ in new)
        result[kind] = ((counts[False][0], counts[False][1]), (counts[True][0], counts[True][1]))
    return result


def table(recall: dict[str, tuple[tuple[int, int], tuple[int, int]]]) -> Iterator[str]:
    """The lines of the table."""
    yield from HEAD
    for kind, counts in recall.items():
        yield f"| {kind} | {_cells(counts[0])} | {_cells(counts[1])} |"


def _cells(count: Sequence[int]) -> str:
    return f"{count[0]} | {100 * count[1] / count[0]:.1f} %"
