"""docs/logs.md names every event that the program logs, with its level and fields."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

from aggregator.services.visits.refresh import _line
from aggregator.services.visits.visiting import Refreshed
from tests.fixtures.records import make_visit

ROOT = Path(__file__).parents[2]
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
LOGGERS = {"log", "_log"}
GIVEN_BY_OTHERS = {
    "feed_refreshed": set(
        _line(Refreshed(visit=make_visit(), error="it failed", warnings=("cut-off",)))
    ),
    "old_rows_thrown_away": {"payloads", "visits", "feed_days", "hosts"},
}
"""Fields that are not written where the line is; the last are those of ``store.throw_away``."""

ROW = re.compile(r"^\| `(\w+)` \| ([a-z, ]+) \| (.*?) \| (.+?) \|$", re.MULTILINE)
SECRET = re.compile(r"password|token|cookie|secret|key\b", re.IGNORECASE)

Event = tuple[set[str], set[str]]


def calls() -> list[ast.Call]:
    """Every call of a logger in the program."""
    found = []
    for file in sorted((ROOT / "aggregator").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                is_log = isinstance(owner, ast.Name) and owner.id in LOGGERS
                if is_log and node.func.attr in LEVELS:
                    found.append(node)
    return found


def logged() -> dict[str, Event]:
    """Levels and fields of each event."""
    found: dict[str, Event] = defaultdict(lambda: (set(), set()))
    for call in calls():
        (name,) = call.args
        assert isinstance(name, ast.Constant), f"an event without a name: {ast.unparse(call)}"
        assert isinstance(call.func, ast.Attribute)
        levels, fields = found[str(name.value)]
        levels.add("error" if call.func.attr == "exception" else call.func.attr)
        fields |= {"exception"} if call.func.attr == "exception" else set()
        fields |= {one.arg for one in call.keywords if one.arg}
        if any(one.arg is None for one in call.keywords):
            fields |= GIVEN_BY_OTHERS[str(name.value)]
    return dict(found)


def documented() -> dict[str, Event]:
    """The same as the document says it."""
    text = (ROOT / "docs" / "logs.md").read_text(encoding="utf-8").partition("## Events")[2]
    return {
        name: (set(levels.split(", ")), set(re.findall(r"`(\w+)`", fields)))
        for name, levels, fields, _ in ROW.findall(text)
    }


def test_every_event_is_documented_and_no_other() -> None:
    """With its levels and all its fields."""
    assert documented() == logged()


def test_events_stand_in_their_order() -> None:
    """So that one is found."""
    assert sorted(documented()) == list(documented())


def test_no_field_is_a_secret() -> None:
    """By its name; what values hold is masked where they are made."""
    fields = {field for _, some in logged().values() for field in some}
    assert [] == [field for field in fields if SECRET.search(field)]
