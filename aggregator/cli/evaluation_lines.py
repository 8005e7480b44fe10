"""An evaluation for a person: figures with their intervals, a table by kind, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click
from rich.cells import cell_len

from aggregator.cli.columns import INDENT, WIDTH, labelled, shown, table
from aggregator.cli.forms import counted
from aggregator.cli.gate_lines import topic_line
from aggregator.curate.copies.vetoes import WINDOW
from aggregator.curate.matching.hit_marks import named
from aggregator.services.evaluation.duplicates import KeptApart
from aggregator.services.evaluation.rows import NONE

_NAME = 11
_NOTHING = "-"
"""What a table has in place of 0, so that what is wrong is seen."""

_APART = {
    KeptApart.NOT_STORED: "one of them says nothing that is stored",
    KeptApart.NO_COMMON_KEY: "they have no key in common",
    KeptApart.WINDOW: f"there are more than {WINDOW.days} days between them",
}

Form = Mapping[str, Any]


def pair_lines(form: Form) -> Iterator[str]:
    """Pairs of releases."""
    yield (
        f"{counted(form['rows'], 'pair')}, {form['wanted']} of them the same release:"
        f" {form['found']} folded, {form['rows'] - form['right']} wrong"
    )
    yield from _figures(form, precision="folded", recall="that are the same")
    yield ""
    rows = [
        (kind, one["rows"], one["wanted"], one["found"], _or_nothing(one["rows"] - one["right"]))
        for kind, one in form["by_kind"].items()
    ]
    yield from table(("kind", "pairs", "same", "folded", "wrong"), rows)
    yield "kind: the row's own word; same: as people say; folded: as the rules do"
    for one in form["errors"] or ():
        yield from _wrong_pair(one)


def section_lines(form: Form) -> Iterator[str]:
    """Releases with the section that they belong in."""
    yield f"{counted(form['rows'], 'release')}, {form['rows'] - form['right']} in a wrong place"
    yield from _figures(
        form,
        accuracy="where people put them",
        top2="there, or second there",
        precision="placed",
        recall="that belong in a section",
    )
    yield ""
    rows = [
        (
            name,
            one["wanted"],
            one["found"],
            *(_share(one[f]) for f in ("precision", "recall", "f1")),
        )
        for name, one in form["by_kind"].items()
    ]
    yield from table(("section", "wanted", "chosen", "precision", "recall", "f1"), rows)
    yield ""
    yield from _confusion(form["confusion"], [*form["by_kind"]])
    for one in form["errors"] or ():
        yield from _wrong_place(one)


def distractor_lines(form: Form) -> Iterator[str]:
    """Releases that belong in no section."""
    yield f"{form['selected']} of {counted(form['of'], 'distractor')} selected"
    yield _figure("share", form["share"], form["share_interval"])
    if form["wanted"]:
        yield f"rows that belong in a section: {form['wanted']}"
        yield from _figures(form, precision="selected", recall="that belong in a section")
    yield ""
    rows = [
        (kind, one["of"], _or_nothing(one["selected"])) for kind, one in form["by_kind"].items()
    ]
    yield from table(("kind", "rows", "selected"), rows)
    for one in form["errors"] or ():
        yield from _wrong_place(one)


def keyword_lines(form: Form) -> Iterator[str]:
    """Words in sentences."""
    yield (
        f"{counted(form['rows'], 'sentence')}, {form['wanted']} with their word:"
        f" {form['found']} found, {form['rows'] - form['right']} wrong"
    )
    yield from _figures(form, precision="found", recall="with their word")
    yield ""
    rows = [
        (
            word,
            one["rows"],
            one["wanted"],
            one["found"],
            _or_nothing(one["rows"] - one["right"]),
        )
        for word, one in form["by_kind"].items()
    ]
    yield from table(("word", "sentences", "with it", "found", "wrong"), rows)
    for one in form["errors"] or ():
        yield from _wrong_word(one)


def _figures(form: Form, **of: str) -> Iterator[str]:
    """A line for each figure, with what it is a share of, and for F1."""
    for name, what in of.items():
        hits, rows = form[f"{name}_of"]
        yield _figure(name, form[name], form[f"{name}_interval"], f"{hits} of {rows} {what}")
    yield _figure("f1", form["f1"], form["f1_interval"])


def _figure(name: str, value: float | None, interval: Sequence[float] | None, of: str = "") -> str:
    within = f"95 % {interval[0]:.3f} to {interval[1]:.3f}" if interval else ""
    return f"{INDENT}{name:<{_NAME}}{_share(value):<5}  {within:<19}  {of}".rstrip()


def _share(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.3f}"


def _or_nothing(count: int) -> object:
    return count or _NOTHING


def _confusion(confusion: Mapping[str, Mapping[str, int]], names: Sequence[str]) -> Iterator[str]:
    """The whole table, or what is wrong in it where a line has no room for that."""
    rows = [
        (meant, *(confusion[meant].get(said, "") for said in names))
        for meant in names
        if meant in confusion
    ]
    lines = table(("", *names), rows)
    if max(map(cell_len, lines)) <= WIDTH:
        yield "wanted (down) and chosen (across)"
        yield from lines
        return
    yield "wanted and chosen, where they differ"
    yield from table(
        ("wanted", "chosen", "rows"),
        [
            (meant, said, count)
            for meant, chosen in confusion.items()
            for said, count in chosen.items()
            if said != meant
        ],
    )


def _heading(one: Form, told: str) -> Iterator[str]:
    kind = f" ({shown(one['kind'])})" if one.get("kind", _NOTHING) != _NOTHING else ""
    yield ""
    yield click.style(f"line {one['line']}{kind}: {told}", bold=True)


def _wrong_pair(one: Form) -> Iterator[str]:
    yield from _heading(
        one,
        "folded, but people say that these are two"
        if one["folded"]
        else "not folded, but people say that these are one",
    )
    for side in ("a", "b"):
        release = one[side]
        yield from labelled(
            side, *_release(release, _said(release["agency"], release["published"]))
        )
    figures = ", ".join(f"{name} {_plain(value)}" for name, value in one["detail"].items())
    rule = f"{one['rule']} ({figures})" if figures else one["rule"]
    if one["kept_apart"] is None:
        yield from labelled("why", rule)
        return
    yield from labelled(
        "why",
        f"never compared: {_APART[one['kept_apart']]}",
        f"were they, the rule would be {rule}" if rule else "",
    )


def _wrong_place(one: Form) -> Iterator[str]:
    yield from _heading(one, f"{one['section'] or NONE}, but people say {one['wanted'] or NONE}")
    trace = one["trace"]
    if trace is None:
        yield from labelled("release", *_release(one, _said(one["agency"], one["published"])))
        yield from labelled("why", "it says nothing that is stored")
        return
    office = _said(one["agency"], trace["level"], one["published"])
    yield from labelled("release", *_release(one, office))
    asked = [*filter(None, dict.fromkeys([one["section"], one["wanted"], trace["runner_up"]]))]
    named_ones = [name for name in asked if name in one["gate"]]
    yield from labelled("topic", topic_line(trace["topic"]["points"], one["gate"], named_ones))
    yield from labelled("sections", *_answers(asked, trace["sections"]))
    hits = [
        f"{shown(named(hit, one['texts']))} {hit['points']:+g} ({hit['group']}, {hit['field']})"
        for hit in trace["hits"]
        if hit["points"]
    ]
    yield from labelled("words", "; ".join(hits) or "none")


def _answers(names: Iterable[str], outcomes: Mapping[str, Form]) -> Iterator[str]:
    for name in names:
        if name not in outcomes:
            yield f"{name}: no rule leads there"
            continue
        mark = "passed" if outcomes[name]["passed"] else "failed"
        yield f"{name}: {mark}, {outcomes[name]['why']}"


def _wrong_word(one: Form) -> Iterator[str]:
    people = f"but people say that it is {'not ' if one['found'] else ''}there"
    found = "found" if one["found"] else "not found"
    yield from _heading(one, f"{shown(one['word'])} {found}, {people}")
    yield from labelled("sentence", shown(one["sentence"]))
    masks = (
        f"masks there: {', '.join(map(shown, one['masks']))}" if one["masks"] else "no mask there"
    )
    if one["found"]:
        why = f"no mask covers it ({masks})"
    elif one["hidden_by"]:
        why = f"hidden by {', '.join(map(shown, one['hidden_by']))}"
    else:
        why = f"it is not written there as a word of its own ({masks})"
    yield from labelled("why", why)


def _release(release: Form, office: str) -> list[str]:
    values = (release["title"], office, release["summary"], release["url"])
    return [shown(value) for value in values if value]


def _said(*values: str | None) -> str:
    return ", ".join(value for value in values if value)


def _plain(value: object) -> str:
    """A figure of a rule; what stands on one side is a list of words."""
    if isinstance(value, list | tuple):
        return "/".join(map(str, value)) or _NOTHING
    return str(value)
