"""Why a story stands where it stands, as an editor reads it: of ``explain_story``'s plain JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX
from aggregator.curate.matching.sections import FEED_FIELD
from aggregator.services.desk import Desk
from aggregator.web.desk.said import obstacle_in_words
from aggregator.web.desk.views import section_title

Form = Mapping[str, Any]
_TOLD_MORE = frozenset({"scope", "topic_points", "required", "refused"})
"""What stopped a story of which the rule has more to say than that."""

_LONGEST = 40
"""Characters of a word that a pattern found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What a group of words gave, with the words, each with how often it was found."""

    group: str
    points: str
    words: str
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a section says of the story: ``key`` is its sentence in the catalogue, ``detail`` what of the
    rule it was, "" where the sentence says it."""

    section: str
    title: str
    role: str
    key: str
    score: str
    threshold: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Points by group, the chosen section and the runner-up (None where there is none), and the others.
    ``due`` is the section that the next curation puts it into, where that is another decision."""

    points: tuple[Points, ...]
    chosen: Answer | None
    runner_up: Answer | None
    others: tuple[Answer, ...]
    due: str


def reasons_of(form: Form, desk: Desk, language: str) -> Reasons:
    """The reasons of a story's section."""
    series = desk.series
    trace: Form = form["trace"]
    section = form["section_due"] if form["due"] else form["section"]
    roles = {section: "chosen", trace["runner_up"]: "runner_up"}
    if not section and form["nearest"]:
        roles = {form["nearest"]: "runner_up"}
    answers = [
        _answer(
            one,
            section=name,
            title=section_title(series, name, language),
            role=roles.get(name, "other"),
            detail=obstacle_in_words(desk, one["why"], language)
            if one["obstacle"] in _TOLD_MORE
            else "",
        )
        for name, one in trace["sections"].items()
    ]
    by_role = {one.role: one for one in answers}
    due = section_title(series, section or "", language) if form["due"] else ""
    return Reasons(
        points=tuple(_points(form)),
        chosen=by_role.get("chosen"),
        runner_up=by_role.get("runner_up"),
        others=tuple(one for one in answers if one.role == "other"),
        due=due or ("–" if form["due"] else ""),
    )


def _answer(one: Form, *, section: str, title: str, role: str, detail: str) -> Answer:
    return Answer(
        section=section,
        title=title,
        role=role,
        key=f"desk.reasons.{one['obstacle'] or 'passed'}",
        score=f"{one['score']:g}",
        threshold=f"{one['threshold']:g}",
        detail=detail,
    )


def _points(form: Form) -> list[Points]:
    hits: Sequence[Form] = form["trace"]["hits"]
    found = []
    for one in form["groups"]:
        mine = [_word(hit, form["texts"]) for hit in hits if hit["group"] == one["group"]]
        words = (f"{word} ×{count}" if count > 1 else word for word, count in Counter(mine).items())
        found.append(
            Points(
                group=one["group"],
                points=f"{one['points']:+g}",
                words=", ".join(words),
                counts=bool(one["points"]),
            )
        )
    return found


def _word(hit: Form, texts: Mapping[str, str]) -> str:
    """The word, of a pattern what it found."""
    word = str(hit["word"])
    if hit["field"] == FEED_FIELD or not word.startswith(PATTERN_PREFIX):
        return word
    found = " ".join(texts.get(hit["field"], "")[hit["start"] : hit["end"]].split())
    return f"“{found[:_LONGEST]}”" if found else word
