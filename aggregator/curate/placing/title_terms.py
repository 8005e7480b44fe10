"""Words and phrases of headlines that could stand in a group of words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from aggregator.curate.copies.title_facts import content_words, stem

LONGEST = 3
"""Words of a phrase."""

_WORD = re.compile(r"[가-힣A-Za-z0-9]+")
_SURE_ENDING = re.compile(r"(?:[을를는]|에서|에게|까지|부터|으로|에서는|한다|했다|된다|됐다)$")
"""Endings that are hardly ever a noun's own last syllable, as 로 is in 도로 and 의 in 회의."""


def shared_terms(titles: Mapping[int, str], *, least: int) -> dict[str, frozenset[int]]:
    """The terms that at least so many of these headlines have in common, with the keys of these.

    A term is a word, or up to three with nothing but spaces between, without the ending of its last
    word; words of headlines that say nothing alone neither begin nor end one. A word that all
    headlines write alike keeps what may be an ending or may be its own.
    """
    spellings: dict[str, dict[int, str]] = defaultdict(dict)
    for key, title in titles.items():
        for bare, written in _terms(title):
            spellings[bare].setdefault(key, written)
    found: dict[str, frozenset[int]] = {}
    for bare, by_title in spellings.items():
        if len(by_title) >= least:
            found.setdefault(_spelling(bare, by_title.values()), frozenset(by_title))
    return found


def _terms(title: str) -> Iterator[tuple[str, str]]:
    """Each term without its ending, and as it is written."""
    for run in _runs(title):
        for start in range(len(run)):
            if not content_words(run[start]):
                continue
            for end in range(start + 1, min(start + LONGEST, len(run)) + 1):
                last = run[end - 1]
                if content_words(last):
                    before = run[start : end - 1]
                    yield " ".join((*before, stem(last))), " ".join((*before, last))


def _runs(title: str) -> Iterator[list[str]]:
    """The words of a title, in runs with nothing but spaces between."""
    run: list[str] = []
    reached = 0
    for match in _WORD.finditer(title):
        if run and title[reached : match.start()].strip():
            yield run
            run = []
        run.append(match[0])
        reached = match.end()
    if run:
        yield run


def _spelling(bare: str, written: Iterable[str]) -> str:
    forms = set(written)
    if len(forms) > 1:
        return bare
    (form,) = forms
    return bare if _SURE_ENDING.search(form) else form
