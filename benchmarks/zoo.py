"""How many cases of the zoo each parser reads right: ``python -m benchmarks.zoo [--errors]``.

To have every parser beside the desk:
``uv venv /tmp/bench && uv pip install --python /tmp/bench/bin/python -e ".[bench]" &&
/tmp/bench/bin/python -m benchmarks.zoo``; a parser that is not installed is left out.

The output is a table in Markdown. ``--errors`` adds each case that a parser has wrong, in words.
What is counted and what is not is said in ``benchmarks/parsers.py``.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aggregator.observe import configure_logging
from benchmarks.parsers import BareFeedparser, Desk, Parser, Reader
from tests.zoo.cases import KINDS, Case, Held, Said, faults, held_faults, load

_ALWAYS_SAID = frozenset({"title", "day"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one parser did with one case; ``is_offered`` False: the case is about what it lacks."""

    case: Case
    is_offered: bool
    faults: Sequence[str] = ()


def judge(parser: Parser, case: Case) -> Verdict:
    """Put one case to one parser."""
    if case.is_over_visits:
        held: Held = parser.hold(case)
        return Verdict(case=case, is_offered=True, faults=held_faults(case, held))
    said = parser.read(case)
    return Verdict(case=case, is_offered=_is_offered(case, said), faults=faults(case, said))


def _is_offered(case: Case, said: Said) -> bool:
    """Whether a parser says anything of what the case is about."""
    if case.refused or said.refused or not case.entries or not said.entries:
        return True
    wanted = {name for entry in case.entries for name in entry}
    return not wanted or any(name in said.entries[0] for name in wanted - {"title"} or wanted)


def table(verdicts: dict[str, list[Verdict]]) -> str:
    """Right of judged by kind, one column a parser."""
    names = list(verdicts)
    lines = [
        "| cases read right | " + " | ".join(names) + " |",
        "| --- |" + " --- |" * len(names),
    ]
    for kind in KINDS:
        cells = [_cell([v for v in verdicts[name] if v.case.kind == kind]) for name in names]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    cells = [f"**{_cell(verdicts[name])}**" for name in names]
    lines.append("| **all** | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(verdicts: Sequence[Verdict]) -> str:
    judged = [verdict for verdict in verdicts if verdict.is_offered]
    right = sum(not verdict.faults for verdict in judged)
    return f"{right} of {len(judged)}"


def errors(verdicts: dict[str, list[Verdict]]) -> str:
    """Each wrong case of each parser, and what each does not offer."""
    lines: list[str] = []
    for name, each in verdicts.items():
        lines += ["", f"## {name}", ""]
        lines += [
            f"- {v.case.name}: {v.case.claim} ({'; '.join(v.faults)})"
            for v in each
            if v.is_offered and v.faults
        ]
        lacking = [v.case.name for v in each if not v.is_offered]
        if lacking:
            lines += ["", f"Not offered, so not judged: {', '.join(lacking)}."]
    return "\n".join(lines)


def _parsers() -> list[Parser]:
    makers: list[Callable[[], Parser]] = [Desk, BareFeedparser, Reader]
    parsers: list[Parser] = []
    for make in makers:
        try:
            parsers.append(make())
        except ModuleNotFoundError as error:
            print(f"{error.name} is not installed and left out", file=sys.stderr)  # noqa: T201
    return parsers


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.zoo", description=main.__doc__)
    parser.add_argument("--errors", action="store_true", help="each wrong case too")
    wanted = parser.parse_args()
    configure_logging(level=logging.CRITICAL)
    cases = load()
    verdicts = {each.name: [judge(each, case) for case in cases] for each in _parsers()}
    print(table(verdicts))  # noqa: T201
    if wanted.errors:
        print(errors(verdicts))  # noqa: T201


if __name__ == "__main__":
    main()
