"""The pictures of the docs, which ``scripts/screenshots`` makes."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("front", "section", "issue", "month", "mail")
LARGEST = 2_500_000
"""Bytes of all of them: a clone carries every version of each."""


def kept() -> set[str]:
    return {file.name for file in (DOCS / "screenshots").iterdir()}


def test_every_picture_is_linked_and_there() -> None:
    """By the page that tells how they are made."""
    text = (DOCS / "pages.md").read_text(encoding="utf-8")
    assert kept() == set(re.findall(r"screenshots/([a-z0-9-]+\.webp)", text))


def test_each_page_is_seen_at_every_width_both_ways_and_in_both_languages() -> None:
    """Not in every combination: --all makes those."""
    facets = {tuple(name.removesuffix(".webp").split("-")) for name in kept()}
    for page, width in product(PAGES, ("375", "680", "1280")):
        mine = {facet[2:] for facet in facets if facet[:2] == (page, width)}
        assert {"light", "dark"} == {scheme for scheme, _ in mine}
        assert {"ko", "en"} == {language for _, language in mine}


def test_they_are_small() -> None:
    """All together."""
    assert sum(file.stat().st_size for file in (DOCS / "screenshots").iterdir()) < LARGEST
