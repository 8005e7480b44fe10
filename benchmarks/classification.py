"""What placing a story costs: ``python -m benchmarks.classification [--words 300,5000] [--items N]``.

The rules are those of ``feeds.toml``, and the same with other numbers of plain words; the texts are
made (see ``benchmarks/classification_texts.py``), or the rows of JSONL files given with ``--texts``.
Measured is the CPU of ``classify`` in one thread, with the whole explanation that is stored.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, median
from time import process_time

from aggregator.config import load_config
from aggregator.curate.matching.words import Matcher, compile_rules
from aggregator.curate.placing.classify import ClassifyInput, classify
from aggregator.domain.rules import RuleSet
from benchmarks.classification_texts import made_texts, read_texts, rules_with

SHIPPED = Path(__file__).parents[1] / "feeds.toml"
RUNS = 5
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One rule set: its size, and medians of the runs. ``hits`` and ``characters`` are of a text."""

    rules: str
    words: int
    masks: int
    patterns: int
    compile_ms: float
    hits: float
    characters: float
    item_us: float
    items_per_second: int


def measure(name: str, rules: RuleSet, texts: Sequence[ClassifyInput]) -> Figures:
    """Compile a rule set and classify every text with it, ``RUNS`` times."""
    matcher = compile_rules(rules)
    compiling = median(_cpu(lambda: compile_rules(rules)) for _ in range(RUNS))
    hits = mean(len(classify(text, matcher).trace["hits"]) for text in texts)
    seconds = median(_cpu(lambda: _classify_all(texts, matcher)) for _ in range(RUNS)) / len(texts)
    words = [word for group in rules.groups for word in group.words]
    return Figures(
        rules=name,
        words=sum(not word.startswith("re:") for word in words),
        masks=sum(not mask.startswith("re:") for mask in rules.masks),
        patterns=sum(word.startswith("re:") for word in (*words, *rules.masks)),
        compile_ms=round(compiling * 1e3, 1),
        hits=round(hits, 1),
        characters=round(mean(len(t.title) + len(t.summary) + len(t.content) for t in texts)),
        item_us=round(seconds * 1e6, 1),
        items_per_second=round(1 / seconds),
    )


def _classify_all(texts: Sequence[ClassifyInput], matcher: Matcher) -> None:
    for text in texts:
        classify(text, matcher)


def _cpu(do: Callable[[], object]) -> float:
    """Seconds of this process's CPU."""
    before = process_time()
    do()
    return process_time() - before


def table(rows: Sequence[Figures]) -> str:
    """Markdown, one rule set a row, and below it what more words cost."""
    lines = [
        "| rules | words | masks | re: | compiled in | hits | characters | an item | items/s |",
        "| --- |" + " ---: |" * 8,
    ]
    lines += [
        f"| {row.rules} | {row.words:,} | {row.masks:,} | {row.patterns} | {row.compile_ms} ms "
        f"| {row.hits} | {row.characters} | {row.item_us} µs | {row.items_per_second:,} |"
        for row in rows
    ]
    sized = sorted(rows[1:], key=lambda row: row.words)
    if len(sized) > 1:
        ratio = sized[-1].item_us / sized[0].item_us
        lines += ["", f"{sized[-1].words:,} words cost {ratio:.2f} times {sized[0].words:,} words."]
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.classification", description=main.__doc__
    )
    parser.add_argument("--words", default="300,5000", help="numbers of plain words, with commas")
    parser.add_argument("--items", type=int, default=3000, help="how many texts")
    parser.add_argument("--texts", type=Path, action="append", help="JSONL with title and summary")
    parser.add_argument("--rules", type=Path, default=SHIPPED, help="a feeds.toml")
    parser.add_argument("--json", action="store_true", help="the figures as JSON")
    wanted = parser.parse_args()
    shipped = load_config(wanted.rules, {}).rules
    sets = [("shipped", shipped)]
    sets += [(f"{n}", rules_with(shipped, int(n), SEED)) for n in wanted.words.split(",")]
    try:
        given = [text for file in wanted.texts or () for text in read_texts(file, wanted.items)]
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    rows = [
        measure(name, rules, given or made_texts(rules, wanted.items, SEED)) for name, rules in sets
    ]
    if wanted.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))  # noqa: T201
    else:
        print(table(rows))  # noqa: T201


if __name__ == "__main__":
    main()
