"""What is answered to "why is it missing?", in the page's language: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aggregator.catalogue import Catalogue, print_day, print_minute
from aggregator.domain.issues import Series
from aggregator.publish.titles import short_title
from aggregator.services.answers.why_reply import Answer, Reply
from aggregator.web.desk.lookup_views import parse_day
from aggregator.web.desk.views import section_title

WITH_RULES = frozenset(
    {
        Answer.BELOW_THRESHOLD,
        Answer.OFF_TOPIC,
        Answer.REFUSED,
        Answer.LACKS_WORDS,
        Answer.OUT_OF_SCOPE,
    }
)
"""Answers that other rules would change."""

TO_PUT_IN = frozenset(Answer) - {
    Answer.NEVER_SEEN,
    Answer.NOT_CURATED,
    Answer.FOLDED,
    Answer.PRINTED,
    Answer.IN_DRAFT,
}
"""Answers after which an editor may put the story in by hand."""

GOOD = frozenset({Answer.PRINTED, Answer.IN_DRAFT})
"""Answers that say that it is not missing at all."""

TRAY = frozenset({Answer.LATE, Answer.WAITING, Answer.CARRIED_OVER})
"""Answers that say that it waits in the tray of the draft."""


def reply_words(reply: Reply, series: Series, catalogue: Catalogue, language: str) -> str:
    """The answer in a sentence; what the figures do not say is left to the reply's own English one."""
    figures = reply.figures
    key = f"desk.missing.{_form(reply.answer, figures)}"
    sections = {
        name: section_title(series, str(figures[name]), language) if figures.get(name) else "–"
        for name in ("section", "nearest")
        if name in figures
    }
    values: dict[str, object] = {
        **{name: value for name, value in figures.items() if isinstance(value, (int, float))},
        **{name: _short(value) for name, value in figures.items() if isinstance(value, str)},
        **sections,
    }
    for name in ("score", "threshold", "short"):
        if name in figures:
            values[name] = f"{figures[name]:g}"
    if "number" in figures:
        values["number"] = figures["number"] or "–"
    for name in ("at", "until"):
        if figures.get(name):
            values[name] = print_minute(datetime.fromisoformat(figures[name]))
    if day := parse_day(str(figures.get("day") or "")):
        values["day"] = print_day(day)
    if window := figures.get("window"):
        values |= {name: _day(window[name]) for name in ("start", "end")}
    return catalogue.text(key, language, **values)


def _form(answer: Answer, figures: Mapping[str, Any]) -> str:
    """The name of the sentence; some answers have several, by what is known."""
    known = {name for name, value in figures.items() if value is not None}
    more = {
        Answer.NOT_CURATED: "" if "section" in known else "_nowhere",
        Answer.PRINTED: "" if "place" in known else "_somewhere",
        Answer.DROPPED: "" if "by" in known else "_once",
        Answer.LEFT_OUT: "" if "by" in known else "_once",
        Answer.OUTSIDE_WINDOW: "_of"
        if "belongs_to" in known
        else ""
        if "day" in known
        else "_over",
        Answer.UNDATED: "" if "belongs_to" in known else "_over",
    }
    return f"{answer}{more.get(answer, '')}"


def _short(text: str) -> str:
    return short_title(text)


def _day(text: str) -> str:
    day = parse_day(text)
    return print_day(day) if day else text
