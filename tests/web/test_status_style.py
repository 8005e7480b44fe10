"""The status pages' colours can be told apart and read, in daylight and in the dark."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from aggregator.publish.layout import STYLESHEET
from aggregator.publish.site import assets

OWN = resources.files("aggregator.web").joinpath("assets/status.css").read_text(encoding="utf-8")
SITE = next(asset.body for asset in assets() if asset.path == STYLESHEET).decode()
DARK = "prefers-color-scheme: dark"


def colours(mode: str) -> dict[str, str]:
    """The six-digit colours by name, those of the site and of these pages."""
    found: dict[str, str] = {}
    for sheet in (SITE, OWN):
        light, _, rest = sheet.partition(DARK)
        own = light if mode == "light" else rest[: rest.index("\n}\n")]
        found |= dict(re.findall(r"--([a-z0-9-]+): #([0-9a-f]{6})", own.partition(".tone-1")[0]))
    return found


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio, from 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("tone", ["ill", "remark", "well", "idle"])
def test_a_state_can_be_read(mode: str, tone: str) -> None:
    """At least 4.5 to 1 on its own tint and on paper (WCAG 2.2, level AA)."""
    known = colours(mode)
    assert contrast(known[tone], known[f"{tone}-soft"]) >= 4.5
    assert contrast(known[tone], known["paper"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "shade"])
@pytest.mark.parametrize("mark", ["well", "remark", "fail"])
def test_a_day_can_be_seen(mode: str, ground: str, mark: str) -> None:
    """At least 3 to 1 on a working day's ground and on a holiday's."""
    known = colours(mode)
    assert contrast(known[mark], known[ground]) >= 3


def test_the_shade_is_light() -> None:
    """It is there to be looked past."""
    for mode in ("light", "dark"):
        known = colours(mode)
        assert 1 < contrast(known["shade"], known["paper"]) < 1.3
