"""The topic gate as each section has it: conditions and a threshold of its own may open it further."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from aggregator.domain.rules import Condition, RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A section's gate for one story. ``condition`` is the first one that opens it, None where none
    holds and where none is asked for; ``needed`` are the topic points that the section asks for."""

    is_open: bool
    condition: Condition | None
    needed: float


def gate_forms(rules: RuleSet, held: Collection[str]) -> dict[str, dict[str, Any]]:
    """The same as plain JSON: ``open``, ``condition`` and ``needed``."""
    return {
        name: {
            "open": gate.is_open,
            "condition": str(gate.condition) if gate.condition else None,
            "needed": gate.needed,
        }
        for name, gate in gates(rules, held).items()
    }


def gates(rules: RuleSet, held: Collection[str]) -> dict[str, Gate]:
    """The gate of each section, by its id, for a story of which the conditions ``held`` hold."""
    topic = rules.topic
    found: dict[str, Gate] = {}
    for section in rules.sections:
        asked = topic.must_any + section.must_any
        opener = next((condition for condition in asked if str(condition) in held), None)
        own = section.topic_threshold
        found[section.id] = Gate(
            is_open=opener is not None or not asked,
            condition=opener,
            needed=topic.threshold if own is None else own,
        )
    return found
