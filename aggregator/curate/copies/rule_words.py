"""The rules of folding in plain English: one sentence for each slug, with the rule's figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

VETO = "veto:"

Detail = Mapping[str, Any]

_NUMBERS = {
    "year": "another year",
    "month": "another month",
    "day": "another day",
    "period": "another period",
    "ordinal": "another number of a series",
    "count": "other figures",
    "rank": "other ranks or appointments",
    "law": "another law",
    "alert": "another level of alert",
    "part": "another part",
    "decree": "an act and its decree",
    "dated": "another day behind the title",
    "hour": "as of another hour",
    "letter": "another letter",
}


def _alike(detail: Detail) -> str:
    """How alike titles and leads are, as far as that is known: titles 91 % alike, leads 80 % alike."""
    parts = [
        f"{name}s {float(detail[name]):.0%} alike".replace("%", " %")
        for name in ("title", "lead")
        if isinstance(detail.get(name), int | float)
    ]
    return ", ".join(parts)


def _first(_: Detail) -> str:
    return "the story's first member"


def _verdict(detail: Detail) -> str:
    reason = f" ({detail['reason']})" if detail.get("reason") else ""
    return f"by the word of {detail.get('by') or 'an editor'}{reason}"


def _release(detail: Detail) -> str:
    release = str(detail.get("release", "")).removeprefix("url:")
    return f"both addresses mean one release, {release}" if release else "one release by address"


def _article(detail: Detail) -> str:
    return _with_figures("an article of a portal is never folded with a release", detail)


def _window(detail: Detail) -> str:
    return f"{_counted(detail.get('days'), 'day')} lie between the two, more than a week"


def _region(detail: Detail) -> str:
    left, right = (_own(detail, one, other) for one, other in (("a", "b"), ("b", "a")))
    return f"another region: {left} / {right}"


def _phase(detail: Detail) -> str:
    if detail.get("only_one"):
        return f"only one of the two says {_listed(detail['only_one'])}"
    return f"another stage: {detail.get('a')} / {detail.get('b')}"


def _names(detail: Detail) -> str:
    return (
        f"each title names what the other release does not mention: {_listed(detail.get('a'))}"
        f" / {_listed(detail.get('b'))}"
    )


def _personnel(detail: Detail) -> str:
    return f"appointments of different days, {_counted(detail.get('days'), 'day')} apart"


def _later(detail: Detail) -> str:
    return (
        f"one office sent both, {_counted(detail.get('hours'), 'hour')} apart,"
        " and no lead shows that they are one"
    )


def _crowd(_: Detail) -> str:
    return "hundreds of items of that day look like it, so that what they share says nothing"


def _numbers(kind: str) -> Callable[[Detail], str]:
    def told(detail: Detail) -> str:
        return f"{_NUMBERS[kind]}: {_listed(detail.get('a'))} / {_listed(detail.get('b'))}"

    return told


def _likeness(detail: Detail) -> str:
    return _with_figures("alike, but not enough to be one release", detail)


SENTENCES: Mapping[str, Callable[[Detail], str]] = {
    "first": _first,
    "verdict": _verdict,
    "same_release": _release,
    "same_title": lambda detail: _with_figures("one and the same title", detail, skip="title"),
    "same_lead": _alike,
    "like_titles": _alike,
    "title_contained": lambda detail: _with_figures(
        "one title is a part of the other", detail, skip="title"
    ),
    "title_and_lead": _alike,
    "same_words": lambda detail: _with_figures("the titles have the same words", detail),
    "retold": lambda detail: _with_figures("the leads tell one thing in other words", detail),
    "likeness": _likeness,
    f"{VETO}article": _article,
    f"{VETO}window": _window,
    f"{VETO}region": _region,
    f"{VETO}phase": _phase,
    f"{VETO}names": _names,
    f"{VETO}personnel": _personnel,
    f"{VETO}same_office_later": _later,
    f"{VETO}stock_title": lambda _: "a title that every office has for its own, of two offices",
    f"{VETO}plain_title": lambda _: "an occasion that every office has, of two offices",
    f"{VETO}figures": lambda _: "one title of one office, and the leads give other figures",
    f"{VETO}crowd": _crowd,
    **{f"{VETO}{kind}": _numbers(kind) for kind in _NUMBERS},
}
"""For each slug of a rule what it says of two items, from the figures that it fired with."""


def rule_words(rule: str, detail: Detail) -> str:
    """What a rule says of two items; the slug itself for one that this version does not know."""
    told = SENTENCES.get(rule)
    return (told(detail) if told else "") or rule


def _with_figures(sentence: str, detail: Detail, *, skip: str = "") -> str:
    figures = _alike({name: value for name, value in detail.items() if name != skip})
    return f"{sentence}, {figures}" if figures else sentence


def _own(detail: Detail, one: str, other: str) -> str:
    """What one side names and the other does not, without the province of a city that is named."""
    mine = [region for region in detail.get(one, ()) if region not in detail.get(other, ())]
    provinces = {region.partition("/")[0] for region in mine if "/" in region}
    return _listed(region.rpartition("/")[2] for region in mine if region not in provinces)


def _listed(values: Any) -> str:  # noqa: ANN401 - figures are plain JSON
    if isinstance(values, str) or values is None:
        return values or "-"
    return ", ".join(str(value) for value in values) or "-"


def _counted(number: Any, noun: str) -> str:  # noqa: ANN401 - figures are plain JSON
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
