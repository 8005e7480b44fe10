"""Differences of texts as feeds tell them: word by word, marked, and readable without the marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from aggregator.catalogue import Catalogue
from aggregator.domain.changes import FieldChange, Piece, PieceKind
from aggregator.text.clean import one_line
from aggregator.text.word_diff import diff_words

GIST_LIMIT = 300
"""Characters of an entry's summary."""

AROUND = 12
"""Words that are shown on either side of a change."""

_ELLIPSIS = "…"


def compare(old: str, new: str) -> tuple[Piece, ...]:
    """What became of each word, with some words around: nothing counts as the same that is not."""
    before, after = old.split(), new.split()
    spans = diff_words(before, after)
    pieces: list[Piece] = []
    for number, span in enumerate(spans):
        if span.same:
            is_last = number == len(spans) - 1
            pieces += _around(after[span.j1 : span.j2], is_first=number == 0, is_last=is_last)
            continue
        if span.i1 < span.i2:
            gone = " ".join(before[span.i1 : span.i2])
            pieces.append(Piece(kind=PieceKind.REMOVED, text=gone))
        if span.j1 < span.j2:
            come = " ".join(after[span.j1 : span.j2])
            pieces.append(Piece(kind=PieceKind.ADDED, text=come))
    return tuple(pieces)


def _around(words: Sequence[str], *, is_first: bool, is_last: bool) -> list[Piece]:
    """The words beside changes of a run in which nothing changed."""
    before, behind = (0 if is_first else AROUND), (0 if is_last else AROUND)
    if len(words) <= before + behind + 1:
        return [Piece(kind=PieceKind.SAME, text=" ".join(words))]
    runs = (words[:before], words[len(words) - behind :])
    first, last = ([Piece(kind=PieceKind.SAME, text=" ".join(run))] if run else [] for run in runs)
    return [*first, Piece(kind=PieceKind.LEFT_OUT, text=""), *last]


def places(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The places that changed: runs of pieces between what is left out, with a mark where the text
    goes on."""
    runs = groupby(pieces, key=lambda piece: piece.kind is PieceKind.LEFT_OUT)
    found: list[list[Piece]] = []
    gap: list[Piece] = []
    for is_gap, run in runs:
        if is_gap:
            gap = [Piece(kind=PieceKind.LEFT_OUT, text=_ELLIPSIS)]
            if found:
                found[-1] += gap
        else:
            found.append([*gap, *run])
            gap = []
    return [one for one in found if any(_is_change(piece) for piece in one)]


def before_and_after(
    place: Sequence[Piece], language: str, catalogue: Catalogue, spoken: str = ""
) -> str:
    """One place as it was and as it is, as HTML; ``spoken`` is the language of its words where that
    is another. A line on which nothing is left is not written."""
    lines = []
    for sign, key, kind, tag in (
        ("−", "change.before", PieceKind.REMOVED, "del"),
        ("+", "change.after", PieceKind.ADDED, "ins"),
    ):
        words = _line(place, kind, tag)
        if words:
            label = escaped(catalogue.text(key, language))
            if spoken:
                words = f'<span lang="{escape(spoken)}">{words}</span>'
            lines.append(f"{sign} {label}: {words}")
    return f"<p>{'<br>'.join(lines)}</p>"


def gist(fields: Iterable[FieldChange], language: str, catalogue: Catalogue) -> str:
    """What went and came in each field, in one line of plain text."""
    told = [
        f"{catalogue.text(f'change.field.{one.field.value}', language)}: {changes}"
        for one in fields
        if (changes := went_and_came(one.pieces, language, catalogue))
    ]
    return shortened("; ".join(told))


def went_and_came(pieces: Iterable[Piece], language: str, catalogue: Catalogue) -> str:
    """Each change of one text: ``‘120억’ → ‘130억’, ‘(정정)’ 추가``."""
    told = []
    for is_change, run in groupby(pieces, key=_is_change):
        if is_change:
            changed = list(run)
            gone = [one_line(p.text) for p in changed if p.kind is PieceKind.REMOVED]
            come = [one_line(p.text) for p in changed if p.kind is PieceKind.ADDED]
            key = "replaced" if gone and come else "removed" if gone else "added"
            words = {"old": " ".join(gone), "new": " ".join(come)}
            told.append(catalogue.text(f"change.told.{key}", language, **words))
    return ", ".join(told)


def shortened(text: str) -> str:
    """At most GIST_LIMIT characters of ``text``."""
    return text if len(text) <= GIST_LIMIT else f"{text[: GIST_LIMIT - 1].rstrip()}{_ELLIPSIS}"


def escaped(text: str) -> str:
    """Plain text as HTML."""
    return escape(text, quote=False)


def _is_change(piece: Piece) -> bool:
    return piece.kind in {PieceKind.REMOVED, PieceKind.ADDED}


def _line(place: Sequence[Piece], kind: PieceKind, tag: str) -> str:
    other = {PieceKind.REMOVED: PieceKind.ADDED, PieceKind.ADDED: PieceKind.REMOVED}[kind]
    words = []
    for piece in place:
        if piece.kind is other:
            continue
        told = escaped(one_line(piece.text) or _ELLIPSIS)
        words.append(f"<{tag}>{told}</{tag}>" if piece.kind is kind else told)
    return " ".join(words) if any(word != _ELLIPSIS for word in words) else ""
