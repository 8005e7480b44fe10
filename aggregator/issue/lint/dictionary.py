"""How common a word of English is. The only importer of the spelling dictionary."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache


@cache
def english_words() -> Callable[[str], int]:
    """A function from a word in lower case to how often it occurs, 0 for no word at all.

    Loading takes a quarter of a second, so it is done once and only where texts are looked at.
    """
    from spellchecker import SpellChecker  # noqa: PLC0415

    counts = dict(SpellChecker(language="en").word_frequency.dictionary)
    return lambda word: counts.get(word, 0)
