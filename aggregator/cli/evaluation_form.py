"""What an evaluation comes to, as JSON; docs/json.md describes every field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from aggregator.services.evaluation import duplicates, keywords, sections
from aggregator.services.evaluation.duplicates import Decided
from aggregator.services.evaluation.figures import Figures, Share
from aggregator.services.evaluation.keywords import Found
from aggregator.services.evaluation.rows import NONE, Release
from aggregator.services.evaluation.sections import Answer

_DIGITS = 4
T = TypeVar("T")


def pair_form(decided: Sequence[Decided], *, errors: bool) -> dict[str, Any]:
    """Pairs of releases."""
    wrong = [one for one in decided if not one.is_right]
    return {
        "set": "duplicates",
        **_counts(len(decided), len(wrong)),
        **_with_intervals(duplicates.figures_of(decided)),
        "by_kind": {kind: _of_pairs(mine) for kind, mine in _by(decided, _kind_of_pair).items()},
        "errors": _errors(wrong, _wrong_pair, errors=errors),
    }


def section_form(answers: Sequence[Answer], *, errors: bool) -> dict[str, Any]:
    """Releases with the section that they belong in."""
    wrong = [one for one in answers if not one.is_right]
    return {
        "set": "sections",
        **_counts(len(answers), len(wrong)),
        **_share("accuracy", sections.accuracy(answers)),
        **_share("top2", sections.top2(answers)),
        **_with_intervals(sections.figures_of(answers)),
        "by_kind": {name: _figures(one) for name, one in sections.by_section(answers).items()},
        "confusion": _nested(sections.confusion_of(answers)),
        "errors": _errors(wrong, _wrong_place, errors=errors),
    }


def distractor_form(answers: Sequence[Answer], *, errors: bool) -> dict[str, Any]:
    """Releases that belong in no section. For rows that belong in one it counts that they get one,
    whichever."""
    distractors = [one for one in answers if one.row.section is None]
    wrong = [one for one in answers if (one.section is None) is not (one.row.section is None)]
    share = sections.selected(distractors)
    return {
        "set": "distractors",
        **_counts(len(answers), len(wrong)),
        "selected": share.hits,
        "of": share.of,
        "share": _rounded(share.value),
        "share_interval": _interval(share.interval),
        **_with_intervals(sections.selection_of(answers)),
        "by_kind": {kind: _selected(mine) for kind, mine in _by(distractors, _kind_of_row).items()},
        "errors": _errors(wrong, _wrong_place, errors=errors),
    }


def keyword_form(found: Sequence[Found], *, errors: bool) -> dict[str, Any]:
    """Words in sentences."""
    wrong = [one for one in found if not one.is_right]
    return {
        "set": "keywords",
        **_counts(len(found), len(wrong)),
        **_with_intervals(keywords.figures_of(found)),
        "by_kind": {word: _of_words(mine) for word, mine in _by(found, _word_of).items()},
        "errors": _errors(wrong, _wrong_word, errors=errors),
    }


def _by(rows: Iterable[T], name: Callable[[T], str]) -> dict[str, list[T]]:
    """The rows of each name, in the order of the names."""
    named: dict[str, list[T]] = {}
    for row in sorted(rows, key=name):
        named.setdefault(name(row), []).append(row)
    return named


def _kind_of_pair(one: Decided) -> str:
    return one.pair.kind


def _kind_of_row(one: Answer) -> str:
    return one.row.kind


def _word_of(one: Found) -> str:
    return one.row.word


def _counts(rows: int, wrong: int) -> dict[str, int]:
    return {"rows": rows, "right": rows - wrong}


def _of_pairs(decided: Sequence[Decided]) -> dict[str, Any]:
    wrong = sum(not one.is_right for one in decided)
    return {**_counts(len(decided), wrong), **_figures(duplicates.figures_of(decided))}


def _of_words(found: Sequence[Found]) -> dict[str, Any]:
    wrong = sum(not one.is_right for one in found)
    return {**_counts(len(found), wrong), **_figures(keywords.figures_of(found))}


def _selected(answers: Sequence[Answer]) -> dict[str, int]:
    share = sections.selected(answers)
    return {"selected": share.hits, "of": share.of}


def _errors(
    wrong: Iterable[T], form: Callable[[T], dict[str, Any]], *, errors: bool
) -> list[dict[str, Any]] | None:
    return [form(one) for one in wrong] if errors else None


def _wrong_pair(one: Decided) -> dict[str, Any]:
    return {
        "line": one.pair.line,
        "kind": one.pair.kind,
        "same": one.pair.is_same,
        "folded": one.is_folded,
        "rule": one.rule or None,
        "detail": dict(one.detail),
        "kept_apart": one.kept_apart.value if one.kept_apart else None,
        "a": _release(one.pair.a),
        "b": _release(one.pair.b),
    }


def _wrong_place(one: Answer) -> dict[str, Any]:
    placement = one.placement
    return {
        "line": one.row.line,
        "kind": one.row.kind,
        "wanted": one.row.section,
        "section": one.section,
        "score": placement.score if placement else None,
        **_release(one.row.release),
        "trace": dict(placement.trace) if placement else None,
        "texts": dict(one.texts) if placement else None,
        "gate": dict(one.gate) if placement else None,
    }


def _wrong_word(one: Found) -> dict[str, Any]:
    return {
        "line": one.row.line,
        "word": one.row.word,
        "occurs": one.row.occurs,
        "found": one.is_found,
        "sentence": one.row.sentence,
        "masks": list(one.masks),
        "hidden_by": list(one.hidden_by),
    }


def _release(release: Release) -> dict[str, Any]:
    return {
        "title": release.title,
        "summary": release.summary or None,
        "agency": release.agency or None,
        "published": release.published or None,
        "url": release.url or None,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "found": figures.found,
        "wanted": figures.wanted,
        "precision": _rounded(figures.precision.value),
        "recall": _rounded(figures.recall.value),
        "f1": _rounded(figures.f1),
    }


def _with_intervals(figures: Figures) -> dict[str, Any]:
    return {
        "found": figures.found,
        "wanted": figures.wanted,
        **_share("precision", figures.precision),
        **_share("recall", figures.recall),
        "f1": _rounded(figures.f1),
        "f1_interval": _interval(figures.f1_interval),
    }


def _share(name: str, share: Share) -> dict[str, Any]:
    return {
        name: _rounded(share.value),
        f"{name}_of": [share.hits, share.of],
        f"{name}_interval": _interval(share.interval),
    }


def _interval(interval: tuple[float, float] | None) -> list[float] | None:
    return [round(end, _DIGITS) for end in interval] if interval else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _nested(confusion: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """What people chose, then what the rules did; none stands last."""
    rows: dict[str, dict[str, int]] = {}
    order = sorted(confusion, key=lambda pair: [(name == NONE, name) for name in pair])
    for meant, said in order:
        rows.setdefault(meant, {})[said] = confusion[meant, said]
    return rows
