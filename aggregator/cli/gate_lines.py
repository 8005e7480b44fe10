"""What the topic gate said of a story, section by section where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

CONDITIONS = 8
"""Conditions of the gate that are named where none holds."""

Form = Mapping[str, Any]


def gate_lines(gate: Form, asked: Sequence[str]) -> Iterator[str]:
    """Which condition opens the gate, for which of the sections ``asked``, and where it is shut."""
    conditions = gate["conditions"]
    if not conditions:
        yield "open: it asks for no words"
        return
    means = {one["condition"]: one["means"] for one in conditions}
    for one in conditions:
        if one["holds"] and one["section"] is None:
            yield f"open: {one['condition']} holds, {one['means']}"
            return
    shut: list[str] = []
    opened: dict[str | None, list[str]] = {}
    for name in asked:
        one = gate["sections"][name]
        names = opened.setdefault(one["condition"], []) if one["open"] else shut
        names.append(name)
    for condition, names in opened.items():
        why = (
            f"{condition} holds, {means[condition]}" if condition else "it asks for no words there"
        )
        yield f"open for {', '.join(names)}: {why}"
    if shut or not opened:
        where = f" for {', '.join(shut)}" if opened else ""
        yield f"shut{where}: none of its conditions holds ({_general(conditions)})"


def _general(conditions: Sequence[Form]) -> str:
    """The conditions for all sections; where there are none, those of each."""
    names = [one["condition"] for one in conditions if one["section"] is None]
    names = names or [one["condition"] for one in conditions]
    more = f" and {len(names) - CONDITIONS} more" if len(names) > CONDITIONS else ""
    return f"{', '.join(names[:CONDITIONS])}{more}"


def needed_line(gate: Form, asked: Sequence[str]) -> str:
    """The points of the topic, and whether they reach what each of the sections ``asked`` needs."""
    needed: dict[float, list[str]] = {}
    for name in asked:
        needed.setdefault(gate["sections"][name]["needed"], []).append(name)
    told: list[str] = []
    for points, names in needed.items() or [(gate["threshold"], [])]:
        whose = f" for {', '.join(names)}" if len(needed) > 1 else ""
        enough = "enough" if gate["points"] >= points else "too few"
        told.append(f"{points:g} needed{whose}: {enough}")
    return f"{gate['points']:g} points of {', '.join(gate['groups'])}; {'; '.join(told)}"


def topic_line(points: float, gate: Form, asked: Sequence[str]) -> str:
    """The same in a few words: what the sections ``asked`` need, and what opens the gate for them."""
    said: dict[str, list[str]] = {}
    for name in asked:
        one = gate[name]
        opener = f"opened by {one['condition']}" if one["condition"] else "it asks for no words"
        told = f"{one['needed']:g} needed; {opener if one['open'] else 'no condition holds'}"
        said.setdefault(told, []).append(name)
    if len(said) == 1:
        return f"{points:g} points, {next(iter(said))}"
    each = [f"{', '.join(names)}: {told.replace(';', ',')}" for told, names in said.items()]
    return "; ".join([f"{points:g} points", *each])
