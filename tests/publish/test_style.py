"""The style sheet's colours can be read by everybody, in daylight and in the dark."""

from __future__ import annotations

import re

import pytest

from aggregator.catalogue import Catalogue
from aggregator.publish.feed_style import feed_stylesheets
from aggregator.publish.layout import STYLESHEET, Layout
from aggregator.publish.site import assets

CSS = next(asset.body for asset in assets() if asset.path == STYLESHEET).decode()
DARK = CSS.index("prefers-color-scheme: dark")
SHEETS = {"light": CSS[:DARK], "dark": CSS[DARK : CSS.index("*, *::before")]}
PAIRS = (
    ("ink", "ground"),
    ("ink", "paper"),
    ("muted", "ground"),
    ("muted", "paper"),
    ("muted", "accent-soft"),
    ("link", "paper"),
    ("link", "ground"),
    ("accent", "accent-soft"),
    ("button-ink", "button"),
    ("warn", "paper"),
)


def colours(block: str) -> dict[str, str]:
    """The six-digit colours of a rule by name."""
    return dict(re.findall(r"--([a-z0-9-]+): #([0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out(sheet: str, text: str, ground: str) -> None:
    """At least 4.5 to 1 (WCAG 2.2, level AA)."""
    known = colours(SHEETS[sheet].partition(".tone-1")[0])
    assert contrast(known[text], known[ground]) >= 4.5


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("text", ["ink", "muted", "link"])
@pytest.mark.parametrize("ground", ["ground", "paper"])
def test_a_feed_in_a_browser_can_be_read(place: int, text: str, ground: str) -> None:
    """In daylight and in the dark, and its sentence, too."""
    layout = Layout(languages=("ko", "en"))
    korean, _ = feed_stylesheets(Catalogue.load(), layout)
    known = colours(korean.body.decode().split("prefers-color-scheme: dark")[place])
    assert contrast(known[text], known[ground]) >= 4.5
    assert contrast(known["ink"], known["note"]) >= 4.5


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("tone", range(1, 7))
def test_a_section_label_stands_out(sheet: str, tone: int) -> None:
    """On its own tint as on paper."""
    rule = re.search(rf"\.tone-{tone} {{(.*?)}}", SHEETS[sheet])
    assert rule is not None
    known = colours(rule.group(1))
    assert contrast(known["tone"], known["tone-soft"]) >= 4.5
    assert contrast(known["tone"], colours(SHEETS[sheet])["paper"]) >= 4.5


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("ground", ["hero-1", "hero-2", "hero-3"])
def test_the_masthead_can_be_read(sheet: str, ground: str) -> None:
    """White, the eyebrow and the lede on every part of the gradient."""
    known = colours(SHEETS[sheet])
    for text in ("ffffff", "a8ece4", "dce8f2"):
        assert contrast(text, known[ground]) >= 4.5
