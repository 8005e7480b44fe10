"""Every warning of the reading has a sentence, and the documentation has them all."""

from __future__ import annotations

import ast
import codecs
import re
from pathlib import Path

import pytest

from aggregator.services.asking.details import MISSING
from aggregator.services.asking.feed_key import KEY_REPEATED
from aggregator.services.asking.gathering import PAGE_MISSING
from aggregator.services.intake.taken import RENUMBERED, WINDOW_PASSED
from aggregator.services.reports.oddities import SENTENCES, explained

ROOT = Path(__file__).parents[2]
SLUG = re.compile(r"[a-z]+(?:-[a-z]+)+")
OTHER = re.compile(r"content-type|application-name|data-.*")
"""What has the form of a slug and is none: a header, what a page's head says, attributes of HTML."""


def emitted() -> dict[str, str]:
    """The slugs that the modules of the reading name, and those of a visit, each with its module."""
    found = {}
    for file in sorted((ROOT / "aggregator" / "read").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            value = node.value if isinstance(node, ast.Constant) else None
            if isinstance(value, str) and SLUG.fullmatch(value) and not _is_charset(value):
                found[value] = file.name
    found[RENUMBERED] = "taken.py"
    found[PAGE_MISSING] = "gathering.py"
    found[MISSING] = "details.py"
    found[KEY_REPEATED] = "feed_key.py"
    found[WINDOW_PASSED] = "taken.py"
    return {slug: module for slug, module in found.items() if not OTHER.fullmatch(slug)}


def _is_charset(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True


def test_every_warning_has_a_sentence() -> None:
    """What a module of the reading may say is explained."""
    found = emitted()

    assert {"cut-off", "charset-mismatch", "bare-ampersands", "future-dates"} <= found.keys()
    assert {} == {slug: module for slug, module in found.items() if slug not in SENTENCES}


def test_no_sentence_is_left_of_a_warning_that_is_gone() -> None:
    """Every slug still stands in a module of the reading."""
    assert [] == [slug for slug in SENTENCES if slug not in emitted()]


@pytest.mark.parametrize("slug", SENTENCES)
def test_a_sentence_is_a_sentence(slug: str) -> None:
    """One line with a full stop, short enough for a terminal."""
    sentence = SENTENCES[slug]

    assert re.fullmatch(r"[A-Z][^\n|`]{10,100}\.", sentence)


def test_the_documentation_has_every_warning() -> None:
    """With the same sentence, in order, and no other."""
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8").split("## Warnings")[1]
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", text, re.MULTILINE)

    assert sorted(SENTENCES.items()) == rows


def test_each_slug_is_explained_once() -> None:
    """One that nobody knows stands alone."""
    assert [("cut-off", SENTENCES["cut-off"]), ("odd", "")] == explained(["cut-off", "odd", "odd"])
