"""A text cut at its hits, so that each can be marked in place; long texts as excerpts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aggregator.curate.matching.pattern_cost import PATTERN_PREFIX

AROUND = 36
"""Characters that are shown before and behind a hit of a long text."""

ELLIPSIS = "…"

HitForm = Mapping[str, Any]
"""A hit as a trace holds it."""


def named(hit: HitForm, texts: Mapping[str, str]) -> str:
    """A hit as a person is told of it: the word, and of a pattern what it found in ``texts``."""
    word = str(hit["word"])
    if not word.startswith(PATTERN_PREFIX):
        return word
    found = texts.get(hit["field"], "")[hit["start"] : hit["end"]]
    return f"“{' '.join(found.split())}” (by a pattern)" if found.strip() else word


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text: plain where ``hits`` is empty, else what these hits span together."""

    text: str
    hits: tuple[HitForm, ...] = ()


def cut_at_hits(text: str, hits: Sequence[HitForm]) -> tuple[Piece, ...]:
    """The whole text in pieces; hits that overlap share one. Hits that reach beyond the text are
    left out: they are of another revision."""
    pieces: list[Piece] = []
    done = 0
    for start, end, group in _clusters(text, hits):
        if start > done:
            pieces.append(Piece(text=text[done:start]))
        pieces.append(Piece(text=text[start:end], hits=tuple(group)))
        done = end
    if done < len(text):
        pieces.append(Piece(text=text[done:]))
    return tuple(pieces)


def _clusters(text: str, hits: Sequence[HitForm]) -> list[tuple[int, int, list[HitForm]]]:
    clusters: list[tuple[int, int, list[HitForm]]] = []
    for hit in sorted(hits, key=lambda h: (h["start"], -h["end"])):
        start, end = hit["start"], hit["end"]
        if not start < end <= len(text):
            continue
        if clusters and start < clusters[-1][1]:
            first, last, group = clusters[-1]
            clusters[-1] = first, max(last, end), [*group, hit]
        else:
            clusters.append((start, end, [hit]))
    return clusters


def excerpts(pieces: Sequence[Piece], *, most: int) -> tuple[tuple[Piece, ...], int]:
    """The surroundings of the first hits, as many as ``most``, what lies between left out with
    "…"; and how many marked places come after. A text without hits gives its beginning."""
    marked = [place for place, piece in enumerate(pieces) if piece.hits]
    if not marked:
        return tuple(Piece(text=_head(piece.text, 2 * AROUND)) for piece in pieces[:1]), 0
    shown = marked[:most]
    last = shown[-1]
    parts: list[Piece] = []
    for place, piece in enumerate(pieces[: last + 2]):
        if piece.hits:
            parts.append(piece)
        elif place == 0:
            parts.append(Piece(text=_tail(piece.text, AROUND)))
        elif place == last + 1:
            parts.append(Piece(text=_head(piece.text, AROUND)))
        else:
            parts.append(Piece(text=_middle(piece.text)))
    return tuple(parts), len(marked) - len(shown)


def _head(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rstrip() + ELLIPSIS


def _tail(text: str, length: int) -> str:
    return text if len(text) <= length else ELLIPSIS + text[-length:].lstrip()


def _middle(text: str) -> str:
    if len(text) <= 2 * AROUND + len(ELLIPSIS):
        return text
    return f"{text[:AROUND].rstrip()} {ELLIPSIS} {text[-AROUND:].lstrip()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPoints:
    """What a word group gave. ``words`` counts how often each word was found; ``capped`` are words
    beyond the group's cap in a field, by field."""

    group: str
    points: float
    words: Mapping[str, int]
    capped: Mapping[str, tuple[str, ...]]


def group_points(
    hits: Sequence[HitForm], points: Mapping[str, float], cap: int
) -> tuple[GroupPoints, ...]:
    """For each group with a hit what it gave, most points first. ``cap`` distinct words of a group
    count in one field."""
    found = []
    for group, value in sorted(points.items(), key=lambda one: (-one[1], one[0])):
        mine = [hit for hit in hits if hit["group"] == group]
        words: dict[str, int] = {}
        by_field: dict[str, dict[str, None]] = {}
        for hit in mine:
            words[hit["word"]] = words.get(hit["word"], 0) + 1
            by_field.setdefault(hit["field"], {})[hit["word"]] = None
        capped = {name: tuple([*seen][cap:]) for name, seen in by_field.items() if len(seen) > cap}
        found.append(GroupPoints(group=group, points=value, words=words, capped=capped))
    return tuple(found)
