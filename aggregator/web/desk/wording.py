"""Two texts held against each other word by word, as pages show it."""

from __future__ import annotations

from aggregator.text.word_diff import diff_words

LONGEST = 20_000
"""Characters of a text that are compared."""

Pieces = tuple[tuple[str, str], ...]
"""Runs of words with what became of them: ``same``, ``del`` or ``ins``."""


def word_pieces(old: str, new: str) -> Pieces:
    """How ``new`` is made of ``old``, in pieces that follow each other, a blank behind each."""
    before, after = old[:LONGEST].split(), new[:LONGEST].split()
    found: list[tuple[str, str]] = []
    for span in diff_words(before, after):
        if span.same:
            found.append((f"{_run(before[span.i1 : span.i2])} ", "same"))
            continue
        for words, kind in ((before[span.i1 : span.i2], "del"), (after[span.j1 : span.j2], "ins")):
            if words:
                found += [(_run(words), kind), (" ", "same")]
    return tuple(found)


def _run(words: list[str]) -> str:
    return " ".join(words)
