"""An explanation for a person: one subject a paragraph, the hits marked where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from aggregator.cli.fitting import short_word
from aggregator.cli.forms import counted
from aggregator.cli.gate_lines import gate_lines, needed_line
from aggregator.curate.matching.hit_marks import Piece, cut_at_hits, excerpts, named
from aggregator.curate.matching.sections import FEED_FIELD, Obstacle

PLACES = {"title": 40, "summary": 12, "content": 6}
"""Marked places of each field that a person is shown; --json has all."""

Form = Mapping[str, Any]


def explanation_lines(form: Form) -> Iterator[str]:
    """The explanation in lines. Colours come as escapes, which click takes out of what is no
    terminal; brackets mark the hits there and on a terminal alike."""
    yield click.style(printable(form["title"]), bold=True)
    level = f" ({form['level']})" if form["level"] else ""
    yield (
        f"  {form['body_name'] or 'no body'}{level}, {form['day'] or 'no date'}, id {form['id']}"
    )
    if form["url"]:
        yield f"  {printable(form['url'])}"
    for heading, lines in (
        (_heading_of_members(form), _members(form)),
        ("Like it, but another story", _apart(form)),
        ("Words", _words(form)),
        ("Points", _points(form)),
        ("Topic gate", _gate(form)),
        ("Section", _sections(form)),
        ("Issues", _issues(form)),
    ):
        found = [*lines]
        if found:
            yield ""
            yield click.style(heading, bold=True)
            yield from (f"  {line}" for line in found)


def printable(text: str) -> str:
    """Text from elsewhere: no line breaks, and nothing that moves a cursor."""
    return "".join(char if char.isprintable() else " " for char in text)


# --- folding --------------------------------------------------------------------------------------


def _heading_of_members(form: Form) -> str:
    return counted(len(form["members"]), "member") if len(form["members"]) > 1 else "One member"


def _members(form: Form) -> Iterator[str]:
    for number, member in enumerate(form["members"]):
        first = ", which represents the story" if not number and len(form["members"]) > 1 else ""
        yield f"{member['feed']}: {printable(member['title'])}{first}"
        if member["url"]:
            yield f"  {printable(member['url'])}"
        if member["with"] is not None:
            yield f"  folded with “{printable(member['with'])}”"
            yield f"  because: {member['why']}{_when(member)}  [{member['rule']}]"
    if len(form["members"]) > 1:
        yield f"aggregator split {form['id']} MEMBER takes one out that does not belong here"


def _apart(form: Form) -> Iterator[str]:
    for other in form["apart"]:
        yield f"{other['day'] or 'no date'}  {printable(other['title'])}  (id {other['id']})"
        if other["rule"] is None:
            yield "  would be folded by now: it is due at the next curation"
            continue
        if (other["mine"], other["theirs"]) != (form["title"], other["title"]):
            yield f"  between “{printable(other['mine'])}” and “{printable(other['theirs'])}”"
        yield f"  not folded: {other['why']}{_when(other)}  [{other['rule']}]"
    if form["apart"]:
        yield f"aggregator merge {form['id']} ID makes one story of the two"


def _when(form: Form) -> str:
    return f", {form['at'][:16].replace('T', ' ')} KST" if form["at"] else ""


# --- words ----------------------------------------------------------------------------------------


def _words(form: Form) -> Iterator[str]:
    trace = form["trace"]
    hits = trace["hits"]
    for field, text in form["texts"].items():
        mine = [hit for hit in hits if hit["field"] == field]
        if not text or (field == "content" and not mine):
            continue
        pieces, more = excerpts(cut_at_hits(text, mine), most=PLACES[field])
        if field == "title":
            pieces, more = cut_at_hits(text, mine), 0
        rest = f"  ({counted(more, 'more marked place')}: --json has all)" if more else ""
        marked = "".join(_marked(piece, form["texts"]) for piece in pieces)
        yield f"{field:<8} {marked}{rest}"
    for hit in hits:
        if hit["field"] == FEED_FIELD:
            yield f"{'feed':<8} its feed carries {hit['word']}: {hit['points']:+g} {hit['group']}"
    seen: dict[str, None] = {}
    for one in form["masked"]:
        word = printable(named(one, form["texts"]))
        seen[f"{word} ({one['group']}) in {printable(one['mask'])}"] = None
    if seen:
        yield f"{'masked':<8} do not count, swallowed by a mask: {'; '.join(seen)}"
    for one in form["trace"].get("unread", ()):
        yield (
            f"{'unread':<8} {short_word(one['word'])!r} was not looked for in {one['field']} after"
            f" {one['after']} characters"
        )
    if any(not hit["points"] for hit in hits):
        yield "         +0: counted in this field before, or beyond the cap of the group"


def _marked(piece: Piece, texts: Mapping[str, str]) -> str:
    text = printable(piece.text)
    if not piece.hits:
        return text
    points = sum(hit["points"] for hit in piece.hits)
    if len(piece.hits) == 1:
        told = f"{points:+g} {piece.hits[0]['group']}"
    else:
        told = ", ".join(
            f"{printable(named(h, texts))} {h['points']:+g} {h['group']}" for h in piece.hits
        )
    colour = "red" if points < 0 else "green" if points > 0 else "yellow"
    return click.style(f"[{text} {told}]", fg=colour)


def _points(form: Form) -> Iterator[str]:
    for one in form["groups"]:
        mine = [hit for hit in form["trace"]["hits"] if hit["group"] == one["group"]]
        words = ", ".join(
            f"{word} ×{count}" if count > 1 else word for word, count in _words_of(mine, form)
        )
        over = {
            name: [hit for hit in mine if hit["field"] == name and hit["word"] in capped]
            for name, capped in one["capped"].items()
        }
        cap = "; ".join(
            f"{', '.join(word for word, _ in _words_of(hits, form))} in the {field}"
            for field, hits in over.items()
        )
        yield f"{one['points']:>+6g} {one['group']}: {words}" + (
            f"; beyond the cap: {cap}" if cap else ""
        )


def _words_of(hits: Sequence[Form], form: Form) -> Iterable[tuple[str, int]]:
    """The words of these hits with how often each was found; of patterns, what they found."""
    return Counter(printable(named(hit, form["texts"])) for hit in hits).items()


# --- decision -------------------------------------------------------------------------------------


def _gate(form: Form) -> Iterator[str]:
    gate = form["gate"]
    outcomes = form["trace"]["sections"]
    asked = [name for name, one in outcomes.items() if one["obstacle"] != Obstacle.SCOPE]
    asked = asked or [*outcomes]
    yield from gate_lines(gate, asked)
    yield from _own_conditions(form)
    yield needed_line(gate, asked)


def _own_conditions(form: Form) -> Iterator[str]:
    """What would open the gate for the section that came nearest, where nothing did."""
    nearest = form["nearest"]
    conditions = form["gate"]["conditions"]
    if nearest is None or form["gate"]["sections"][nearest]["open"]:
        return
    if own := [one["condition"] for one in conditions if one["section"] == nearest]:
        yield f"{nearest}, which came nearest, has its own, and none holds: {', '.join(own)}"


def _sections(form: Form) -> Iterator[str]:
    if form["due"]:
        yield _due(form)
    trace = form["trace"]
    chosen = form["section_due"] if form["due"] else form["section"]
    for name, outcome in trace["sections"].items():
        mark = " "
        verdict = "passed" if outcome["passed"] else "failed"
        if name == chosen:
            mark, verdict = "*", "chosen"
        elif name == form["nearest"]:
            verdict = _nearest(outcome)
        elif name == trace["runner_up"] and outcome["passed"]:
            verdict = "runner-up"
        line = f"{mark} {name}: {verdict}: {outcome['why']}"
        figures = f"  ({outcome['score']:g} of {outcome['threshold']:g})"
        yield click.style(line, bold=mark == "*") + figures
    if chosen is None:
        yield "no section takes it"


def _nearest(outcome: Form) -> str:
    # Which of the sections for other offices is the nearest says nothing.
    return "failed" if outcome["obstacle"] == Obstacle.SCOPE else "failed, came nearest"


def _due(form: Form) -> str:
    if form["score"] is None:
        return "not placed yet; at the next curation:"
    return (
        f"so far in {form['section'] or 'none'} ({form['score']:g} points), by other rules or another"
        " text; at the next curation:"
    )


def _issues(form: Form) -> Iterator[str]:
    for issue in form["issues"]:
        number = f"No. {issue['number']}" if issue["number"] else f"draft over {issue['window']}"
        yield f"{number}: {issue['state']} in {issue['section'] or '-'} ({issue['why']})"
