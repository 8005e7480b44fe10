"""The shipped rules as a RuleSet, for the tests of this room."""

from __future__ import annotations

from pathlib import Path

from aggregator.config import load_config
from aggregator.domain.rules import RuleSet

SHIPPED = Path(__file__).parents[2] / "feeds.toml"


def load_rules() -> RuleSet:
    """The rules of the configuration that is shipped."""
    return load_config(SHIPPED, {}).rules
