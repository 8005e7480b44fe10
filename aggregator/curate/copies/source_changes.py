"""What a source changed in a release, and what only looks changed.

Nothing is a change that says nothing new: spacing, entities, markup, quotes and dashes, a thousands
comma, counters of views, badges, buttons, stamps of the page, sentences in another order. Neither is
what we learn later than the release itself (a text that comes where there was none, the rest of one
that had been cut off) or lose again as a whole (a feed that stops giving texts does so for all of its
releases), nor a day that only follows the day of the visit. Every other word is one, above all every
number.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from aggregator.catalogue.days import print_day
from aggregator.domain.changes import (
    ChangedField,
    FieldChange,
    Piece,
    PieceKind,
    RevisionFacts,
    SourceChange,
)
from aggregator.domain.items import SEOUL, Item, Revision
from aggregator.text.clean import clean_title, is_cut_off, plain_text
from aggregator.text.fold import squash
from aggregator.text.page_noise import file_without_size, title_without_noise, without_noise
from aggregator.text.same_words import Word, squeezed, words_of
from aggregator.text.word_diff import Span, diff_words

AROUND = 6
"""Words that are kept before and behind a change."""

MOST_WORDS = 200
"""Words of one removed or added run that are kept; the revisions have them all."""

MOST_PIECES = 200
"""Pieces of one field that are kept."""

WHOLE_SENTENCE = 30
"""Letters and digits from which on a line speaks for itself, wherever it stands."""

LONGEST_TEXT = 100_000
"""Characters of plain text that are compared,"""

LOOKED_AT_CLOSELY = 30_000
"""and of a run of words in which spacing, or of a text in which the order of lines, is looked at."""

_MARKUP = re.compile(r"[<&]")
_MORE = re.compile(r"(?:…|\.{3,}|\[…\]|더\s?보기|\(계속\)|read\s?more)\s*$", re.IGNORECASE)
_ID_LENGTH = 16


def changes_between(old: Revision, new: Revision) -> tuple[FieldChange, ...]:
    """What a reader would call changed between two revisions of one item; empty where nothing is.

    Where the source's own words are the same only our reading of them differs: no change.
    """
    if old.raw and old.raw == new.raw:
        return ()
    before, after = RevisionFacts.of(old.facts), RevisionFacts.of(new.facts)
    found = [
        *_title(old.title, new.title),
        *_texts(old, new),
        *_day(old, new),
        *_line(ChangedField.EVENT, before.event, after.event),
        *_line(ChangedField.AUTHORS, before.authors, after.authors),
        *_files(before.files, after.files),
    ]
    return tuple(found)


def says_the_same(old: Item, new: Item) -> bool:
    """Whether two readings of one item say word for word the same, and only look different: by
    spacing, markup, quotes, counters or stamps. What came where nothing was, or was cut off before,
    is something new here, since whoever reads feeds has not seen it."""
    return _facts(old) == _facts(new) and all(
        _in_the_same_words(*lines)
        for lines in (
            ([title_without_noise(clean_title(one.title))] for one in (old, new)),
            (_lines(one.summary, one.title) for one in (old, new)),
            (_lines(one.content, one.title) for one in (old, new)),
        )
    )


def _in_the_same_words(old: Sequence[str], new: Sequence[str]) -> bool:
    if [word.key for word in words_of(old)] == [word.key for word in words_of(new)]:
        return True
    if not old or not new:
        return False
    return squeezed(" ".join(old)) == squeezed(" ".join(new)) or _is_reordered(old, new)


def _facts(item: Item) -> tuple[object, ...]:
    """What an item says beside its texts, without the addresses of files, which change with every
    session."""
    return (
        item.published.day if item.published and not item.published.clamped else None,
        item.body,
        item.language,
        item.authors,
        item.event,
        item.licence,
        item.embargo_until,
        sorted(squeezed(file_without_size(one.name)) for one in item.attachments),
        len(item.enclosures),
    )


def mint_change_id(feed_id: str, key: str, rev: int, seen_at: str) -> str:
    """16 hex digits for one change of one entry, made once and kept."""
    told = "\x00".join((feed_id, key, str(rev), seen_at))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]


def told_once(changes: Iterable[SourceChange]) -> list[SourceChange]:
    """The changes, oldest first, without those that another item of the same story has told before:
    the portal that repeats a release repeats its correction, too."""
    told: dict[tuple[str, frozenset[tuple[str, str]]], int] = {}
    kept = []
    for change in changes:
        said = (change.story, _said(change.fields))
        first = told.setdefault(said, change.item_id)
        if first == change.item_id or not change.story:
            kept.append(change)
    return kept


def word_changes(
    field: ChangedField, old: Sequence[str], new: Sequence[str]
) -> tuple[FieldChange, ...]:
    """The difference of two texts, given as lines of plain text without noise: one, or none where
    they say the same."""
    before, after = words_of(old), words_of(new)
    spans = _meant(diff_words([w.key for w in before], [w.key for w in after]), before, after)
    if all(span.same for span in spans) or _is_reordered(old, new):
        return ()
    return (FieldChange(field=field, pieces=_pieces(spans, before, after)),)


def _title(old: str, new: str) -> tuple[FieldChange, ...]:
    if old == new:
        return ()
    before, after = ([title_without_noise(clean_title(title))] for title in (old, new))
    # A list cuts headlines to the width of its column.
    if _is_excerpt(before, after) or _is_excerpt(after, before):
        return ()
    return word_changes(ChangedField.TITLE, before, after)


def _texts(old: Revision, new: Revision) -> tuple[FieldChange, ...]:
    """The body's difference, and the lead's where the body does not show it."""
    bodies = _lines(old.content, old.title), _lines(new.content, new.title)
    leads = _lines(old.summary, old.title), _lines(new.summary, new.title)
    text = _text(ChangedField.TEXT, *bodies) if old.content != new.content else ()
    if old.summary == new.summary or all(map(_is_part, leads, bodies)):
        return text
    lead = _text(ChangedField.SUMMARY, *leads)
    if lead and text and _said(lead) <= _said(text):
        return text
    return (*lead, *text)


def _is_part(lead: Sequence[str], body: Sequence[str]) -> bool:
    """Whether a lead was taken out of the body, where it is compared already."""
    return bool(body) and squeezed(" ".join(lead)) in squeezed(" ".join(body))


def _text(field: ChangedField, old: Sequence[str], new: Sequence[str]) -> tuple[FieldChange, ...]:
    if not old or not new or _is_excerpt(old, new) or _is_excerpt(new, old):
        return ()
    return word_changes(field, old, new)


def _lines(text: str, title: str) -> list[str]:
    """What a text says, line by line, without its own headline."""
    if not text:
        return []
    told = plain_text(text) if _MARKUP.search(text) else text
    heading = squeezed(title)
    longest = 2 * len(title)
    lines = without_noise(told[:LONGEST_TEXT].split("\n"))
    return [line for line in lines if len(line) > longest or squeezed(line) != heading]


def _is_reordered(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether two texts say the same in whole sentences of another order. Short lines keep their
    places: they may be the cells of a table."""
    if not 1 < len(old) == len(new) or sum(map(len, old)) > LOOKED_AT_CLOSELY:
        return False
    before, after = list(map(squeezed, old)), list(map(squeezed, new))
    short = [[line for line in lines if len(line) < WHOLE_SENTENCE] for lines in (before, after)]
    return short[0] == short[1] and sorted(before) == sorted(after)


def _is_excerpt(short: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether ``short`` is the beginning of ``whole``, cut off."""
    end = short[-1]
    if not (is_cut_off(end) or _MORE.search(end[-20:])):
        return False
    words = _MORE.sub("", " ".join(short)).split()
    all_of_it = " ".join(whole)
    # The last word may be cut itself: "1,2" of "1,200".
    return squeezed(all_of_it).startswith(squeezed(" ".join(words[:-1]))) and squash(
        all_of_it
    ).startswith(squash(" ".join(words)))


def _meant(spans: Sequence[Span], old: Sequence[Word], new: Sequence[Word]) -> list[Span]:
    """The spans, those that differ in spacing alone counted as the same."""
    return [
        span if span.same else replace(span, same=_is_spacing(span, old, new)) for span in spans
    ]


def _is_spacing(span: Span, old: Sequence[Word], new: Sequence[Word]) -> bool:
    before = " ".join(word.shown for word in old[span.i1 : span.i2])
    after = " ".join(word.shown for word in new[span.j1 : span.j2])
    if not before or not after or len(before) > LOOKED_AT_CLOSELY:
        return False
    return squeezed(before) == squeezed(after)


def _pieces(spans: Sequence[Span], old: Sequence[Word], new: Sequence[Word]) -> tuple[Piece, ...]:
    """What is kept of a difference: every change, with some words around it."""
    pieces: list[Piece] = []
    for number, span in enumerate(spans):
        if span.same:
            words = [word.shown for word in new[span.j1 : span.j2]]
            pieces += _context(words, is_first=number == 0, is_last=number == len(spans) - 1)
            continue
        pieces += _run(PieceKind.REMOVED, [word.shown for word in old[span.i1 : span.i2]])
        pieces += _run(PieceKind.ADDED, [word.shown for word in new[span.j1 : span.j2]])
    if len(pieces) > MOST_PIECES:
        pieces = [*pieces[:MOST_PIECES], Piece(kind=PieceKind.LEFT_OUT, text="")]
    return tuple(pieces)


def _context(words: Sequence[str], *, is_first: bool, is_last: bool) -> list[Piece]:
    """The words beside changes of a run in which nothing changed."""
    before = 0 if is_first else AROUND
    behind = 0 if is_last else AROUND
    if len(words) <= before + behind:
        return _same(words)
    gap = Piece(kind=PieceKind.LEFT_OUT, text="")
    return [*_same(words[:before]), gap, *_same(words[len(words) - behind :])]


def _same(words: Sequence[str]) -> list[Piece]:
    return [Piece(kind=PieceKind.SAME, text=" ".join(words))] if words else []


def _run(kind: PieceKind, words: Sequence[str]) -> list[Piece]:
    if not words:
        return []
    kept = [Piece(kind=kind, text=" ".join(words[:MOST_WORDS]))]
    if len(words) > MOST_WORDS:
        kept.append(Piece(kind=PieceKind.LEFT_OUT, text=""))
    return kept


def _said(fields: Iterable[FieldChange]) -> frozenset[tuple[str, str]]:
    """What went and came, wherever."""
    return frozenset(
        (piece.kind.value, squeezed(piece.text))
        for field in fields
        for piece in field.pieces
        if piece.kind in {PieceKind.REMOVED, PieceKind.ADDED}
    )


def _day(old: Revision, new: Revision) -> tuple[FieldChange, ...]:
    """Another day; not the one of the visit, with which boards stamp what they touch, nor what it
    was before such a stamp."""
    before, after = (RevisionFacts.of(one.facts).day for one in (old, new))
    if not before or not after or before == after or _is_stamp(after, new):
        return ()
    if old.rev > 1 and _is_stamp(before, old):
        return ()
    days = [print_day(date.fromisoformat(day)) for day in (before, after)]
    return (_replaced(ChangedField.DAY, days[:1], days[1:]),)


def _is_stamp(day: str, revision: Revision) -> bool:
    return day == revision.seen_at.astimezone(SEOUL).date().isoformat()


def _line(field: ChangedField, old: str, new: str) -> tuple[FieldChange, ...]:
    return word_changes(field, [old], [new]) if old and new else ()


def _files(old: Sequence[str], new: Sequence[str]) -> tuple[FieldChange, ...]:
    """Files that came or went, by name: their addresses change with every session."""
    before, after = (
        {squeezed(n): n for n in map(file_without_size, names)} for names in (old, new)
    )
    if not before or not after:
        return ()
    gone = [name for key, name in before.items() if key not in after]
    come = [name for key, name in after.items() if key not in before]
    return (_replaced(ChangedField.FILES, gone, come),) if gone or come else ()


def _replaced(field: ChangedField, gone: Sequence[str], come: Sequence[str]) -> FieldChange:
    pieces = [Piece(kind=PieceKind.REMOVED, text=one) for one in gone]
    pieces += [Piece(kind=PieceKind.ADDED, text=one) for one in come]
    return FieldChange(field=field, pieces=tuple(pieces))
