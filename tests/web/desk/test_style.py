"""What the desk shows can be read and told apart, in daylight and in the dark."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from tests.web.test_status_style import DARK, contrast

SHEET = resources.files("aggregator.web.desk").joinpath("assets/desk.css").read_text("utf-8")
MODES = pytest.mark.parametrize("mode", ["light", "dark"])


def colours(mode: str) -> dict[str, str]:
    """The six-digit colours by name."""
    light, _, rest = SHEET.partition(DARK)
    own = light if mode == "light" else rest[: rest.index("\n}\n")]
    return dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6})", own))


@MODES
@pytest.mark.parametrize("tone", ["accent", "well", "warn", "ill"])
def test_a_badge_can_be_read(mode: str, tone: str) -> None:
    """At least 4.5 to 1 on its own tint and on paper (WCAG 2.2, level AA)."""
    known = colours(mode)
    assert contrast(known[tone], known[f"{tone}-soft"]) >= 4.5
    assert contrast(known[tone], known["paper"]) >= 4.5


@MODES
@pytest.mark.parametrize("ground", ["paper", "ground", "sunk"])
def test_text_can_be_read_wherever_it_stands(mode: str, ground: str) -> None:
    """What is said quietly, and links, too."""
    known = colours(mode)
    for text in ("ink", "muted", "link"):
        assert contrast(known[text], known[ground]) >= 4.5, text


@MODES
@pytest.mark.parametrize("ground", ["mark", "ins", "del"])
def test_marked_words_can_be_read(mode: str, ground: str) -> None:
    """Words that matched, came or went."""
    known = colours(mode)
    assert contrast(known["ink"], known[ground]) >= 4.5


@MODES
def test_edges_can_be_seen(mode: str) -> None:
    """Of fields and of what has the focus: at least 3 to 1 (WCAG 2.2, 1.4.11)."""
    known = colours(mode)
    for edge in ("field", "focus", "mark-line"):
        assert contrast(known[edge], known["paper"]) >= 3, edge


def test_marks_are_not_by_colour_alone() -> None:
    """Matched and new words are underlined, old ones struck through."""
    for element, line in (("mark", "underline"), ("ins", "underline"), ("del", "line-through")):
        (rule,) = re.findall(rf"^{element} \{{([^}}]*)\}}", SHEET, re.MULTILINE)
        assert f"text-decoration: {line}" in rule
