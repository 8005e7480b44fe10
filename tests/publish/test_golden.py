"""Rendered artefacts, byte for byte; AGG_UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.domain.publishing import Planet
from aggregator.publish.site import SiteRenderer
from tests.fixtures.corrections import correct_planet, make_corrections
from tests.fixtures.rendering import render_site

GOLDEN = Path(__file__).parent / "golden"
KEPT = (
    "feed.atom",
    "feed.rss",
    "feed.json",
    "archive/2024-02.atom",
    "issues.atom",
    "en/issues.json",
    "changes.atom",
    "feeds.opml",
    "index.html",
    "en/index.html",
    "issues/index.html",
    "issues/48/index.html",
    "issues/48/month.svg",
    "issues/48/en/index.html",
    "issues/48/mail.html",
    "issues/48/mail.txt",
    "issues/48/issue.eml",
    "issues/48/en/mail.html",
    "issues/48/en/mail.txt",
    "issues/48/en/issue.eml",
    "issues/48/issue.md",
    "issues/48/en/issue.md",
    "issues/48/issue.ninjs.json",
    "issues/48/en/issue.ninjs.json",
    "stories/a1.ninjs.json",
    "404.html",
)


CORRECTED = (
    "corrections.atom",
    "corrections.rss",
    "corrections.json",
    "issues.atom",
    "issues/48/index.html",
    "issues/48/en/index.html",
    "issues/48/issue.md",
    "issues/48/en/issue.md",
    "issues/48/issue.ninjs.json",
    "issues/48/en/mail.txt",
)


@pytest.mark.parametrize("path", KEPT)
def test_an_artefact_is_as_it_was(planet: Planet, path: str) -> None:
    """What is published changes only together with its golden file."""
    compare(planet, path, GOLDEN / path.replace("/", "__"))


@pytest.mark.parametrize("path", CORRECTED)
def test_a_corrected_artefact_is_as_it_was(path: str) -> None:
    """So do the forms of an issue with corrections."""
    golden = GOLDEN / f"corrected__{path.replace('/', '__')}"
    compare(correct_planet(make_corrections()), path, golden)


def compare(planet: Planet, path: str, golden: Path) -> None:
    """Hold an artefact of a planet against its golden file, or write that anew."""
    made = {artefact.path: artefact.body for artefact in render_site(planet)}
    if os.environ.get("AGG_UPDATE_GOLDEN") == "1":
        golden.write_bytes(made[path])
    assert golden.read_bytes() == made[path]


def test_the_same_planet_gives_the_same_bytes(planet: Planet) -> None:
    """A second build is the first one again, whatever order the stories arrive in."""
    first = SiteRenderer().render(planet)
    assert first == SiteRenderer().render(planet)
    assert first == SiteRenderer().render(replace(planet, stories=planet.stories[::-1]))
