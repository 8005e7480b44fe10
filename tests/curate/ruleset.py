"""Rules for the tests of this room: the shipped ones, and those of a few words."""

from __future__ import annotations

from pathlib import Path

from aggregator.config import load_config
from aggregator.curate.matching.words import Matcher, compile_rules
from aggregator.domain.rules import Group, RuleSet, Topic

SHIPPED = Path(__file__).parents[2] / "feeds.toml"


def load_rules() -> RuleSet:
    """The rules of the configuration that is shipped."""
    return load_config(SHIPPED, {}).rules


def matcher(*words: str, masks: tuple[str, ...] = (), cap: int = 2, weight: float = 1.0) -> Matcher:
    """These words as one group, ready to be found."""
    return compile_rules(
        RuleSet(
            field_weights={"title": 2.0, "summary": 1.0},
            group_cap=cap,
            masks=masks,
            groups=(Group(id="g", weight=weight, words=words),),
            topic=Topic(groups=("g",), must_any=(), threshold=0.0),
            sections=(),
            hash="h",
        ),
    )
