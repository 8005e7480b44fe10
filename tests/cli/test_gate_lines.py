"""What the topic gate said, section by section."""

from __future__ import annotations

from typing import Any

import pytest

from aggregator.cli.gate_lines import gate_lines, needed_line, topic_line
from aggregator.curate.placing.gate import gate_forms
from aggregator.domain.rules import Condition, RuleSet, SectionRule, Topic


def make_rules(*own: str, general: tuple[str, ...] = ("core@title",)) -> RuleSet:
    """Rules with a section for each own condition ("" for none), called a, b …; b asks for 2 points
    and the others for 4."""
    return RuleSet(
        field_weights={},
        group_cap=1,
        masks=(),
        groups=(),
        topic=Topic(groups=("core",), must_any=_conditions(general), threshold=4.0),
        sections=tuple(
            SectionRule(
                id=name,
                must_any=_conditions((condition,) if condition else ()),
                topic_threshold=2.0 if name == "b" else None,
            )
            for name, condition in zip("abc", own, strict=False)
        ),
        hash="",
    )


def _conditions(texts: tuple[str, ...]) -> tuple[Condition, ...]:
    return tuple(map(Condition.parse, texts))


def gate(rules: RuleSet, *held: str, points: float = 3.0) -> dict[str, Any]:
    """The gate of an explanation."""
    asked: list[tuple[Condition, str | None]] = [(one, None) for one in rules.topic.must_any]
    asked += [(one, section.id) for section in rules.sections for one in section.must_any]
    return {
        "points": points,
        "threshold": rules.topic.threshold,
        "groups": list(rules.topic.groups),
        "conditions": [
            {
                "condition": str(one),
                "means": one.words,
                "section": section,
                "holds": str(one) in held,
            }
            for one, section in asked
        ],
        "sections": gate_forms(rules, held),
    }


@pytest.mark.parametrize(
    ("rules", "held", "lines"),
    [
        (make_rules("", general=()), (), ["open: it asks for no words"]),
        (
            make_rules("tech", "tech"),
            ("core@title", "tech"),
            ["open: core@title holds, a word of core in the title"],
        ),
        (
            make_rules("tech", "semi", "tech"),
            ("tech",),
            [
                "open for a, c: tech holds, a word of tech",
                "shut for b: none of its conditions holds (core@title)",
            ],
        ),
        (make_rules("tech"), (), ["shut: none of its conditions holds (core@title)"]),
        (make_rules("tech", general=()), (), ["shut: none of its conditions holds (tech)"]),
        (
            make_rules("tech", "", general=()),
            ("tech",),
            [
                "open for a: tech holds, a word of tech",
                "open for b: it asks for no words there",
            ],
        ),
    ],
)
def test_the_gate(rules: RuleSet, held: tuple[str, ...], lines: list[str]) -> None:
    """Open for all, for some sections, or shut."""
    assert lines == [*gate_lines(gate(rules, *held), [one.id for one in rules.sections])]


def test_only_sections_that_are_asked() -> None:
    """A gate that another section opened is shut for these."""
    rules = make_rules("tech", "semi")
    assert ["shut: none of its conditions holds (core@title)"] == [
        *gate_lines(gate(rules, "tech"), ["b"])
    ]


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("a", "3 points of core; 4 needed: too few"),
        ("b", "3 points of core; 2 needed: enough"),
        ("ab", "3 points of core; 4 needed for a: too few; 2 needed for b: enough"),
        ("", "3 points of core; 4 needed: too few"),
    ],
)
def test_the_points_needed(asked: str, line: str) -> None:
    """By each section, for some ask for fewer."""
    assert line == needed_line(gate(make_rules("tech", "tech")), list(asked))


@pytest.mark.parametrize(
    ("held", "asked", "line"),
    [
        ("core@title", "ac", "3 points, 4 needed; opened by core@title"),
        (
            "tech",
            "ab",
            "3 points; a: 4 needed, opened by tech; b: 2 needed, no condition holds",
        ),
        ("", "ac", "3 points, 4 needed; no condition holds"),
    ],
)
def test_the_topic_in_a_few_words(held: str, asked: str, line: str) -> None:
    """One sentence where the sections agree, else what each said."""
    forms = gate_forms(make_rules("tech", "semi", "semi"), [held])
    assert line == topic_line(3.0, forms, list(asked))
