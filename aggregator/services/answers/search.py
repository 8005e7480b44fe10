"""Search over everything stored: stories by words, with the words marked where they stand.

A story has what is asked for where each word stands in one of its texts: the titles and leads that its
sources gave it, people and facts of an event, what editors wrote, and bodies where these are asked for.
Those that have all words in titles come first, then those that need a lead, then bodies; within each
the newest day first.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from aggregator.curate.matching.hit_marks import Piece, cut_at_hits, excerpts
from aggregator.curate.matching.spelling import Folded, fold_text
from aggregator.curate.searching.search_query import SearchQuery, parse_query
from aggregator.curate.searching.search_terms import SearchTerm, find_term, has_term
from aggregator.domain.errors import StoreBusy, StoreFull, StoreUnavailable, UsageError
from aggregator.domain.searching import DEEPEST, Candidate, Found, SearchTexts, Waiting, Wanted
from aggregator.domain.stories import Story
from aggregator.ports.searching import SearchStore
from aggregator.services.desk import Desk

INDEXED_TOGETHER = 100
"""Stories that are indexed in one transaction: others wait for it some 30 ms."""

LOOKED_AT = 2000
"""Stories that one page of results looks at closely, at most; the rest is of the next page."""

PASSAGES = 3
"""Texts of a story beside its title that are shown with their marks."""

MARKS = 3
"""Marked places of each of them."""

PAUSE = 0.02
"""Seconds between two transactions, in which others get their turn."""

_FETCHED = (40, 400, 1600)
"""Candidates that are read at once: few at first, as most are hits."""

_CURSOR = re.compile(r"([0-2])\.([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search: its words, whether bodies are searched, the days (both included), the section (by the
    rules or in an issue, "" for any), whether only what an issue printed, how many stories a page has,
    and after which cursor it begins; only what one of these offices issued (None for any), or what is in
    this issue (None for any)."""

    words: str
    body: bool = False
    since: date | None = None
    until: date | None = None
    section: str = ""
    published: bool = False
    limit: int = 20
    after: str = ""
    issued_by: tuple[str, ...] | None = None
    issue_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One text of a story in pieces, those with hits marked; ``more`` marked places are not shown."""

    found: Found
    pieces: tuple[Piece, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A story that was found. ``found`` is the text that it took to have all words; ``numbers`` are
    the published issues that print it; ``cursor`` leads to what comes after it."""

    story: Story
    found: Found
    title: tuple[Piece, ...]
    passages: tuple[Passage, ...]
    numbers: tuple[int, ...]
    cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page. ``next`` is the cursor of the page after it, "" where this is the last; ``is_cut`` says
    that too many stories only nearly had the words, so that the page may have few. ``waiting`` is what
    the index does not know yet."""

    query: SearchQuery
    hits: tuple[Hit, ...]
    next: str
    is_cut: bool
    waiting: Waiting


def catch_up(
    store: SearchStore,
    *,
    seconds: float,
    on_step: Callable[[int, int], None] = lambda _, __: None,
) -> bool:
    """Index what changed, for so many seconds at most; whether the index is in step then. Where another
    process does not let go of the database, or it can only be read, it is not. ``on_step`` is told how many stories are done,
    of how many; what it raises ends the work, which goes on the next time."""
    end = time.monotonic() + seconds
    due = store.waiting().stories
    if not due:
        return True
    done = 0
    try:
        while count := store.index_stories(INDEXED_TOGETHER):
            done += count
            on_step(done, max(done, due))
            if time.monotonic() > end:
                return False
            time.sleep(PAUSE)
    except (StoreBusy, StoreFull, StoreUnavailable):
        # One that can only be read is searched as far as it is indexed.
        return False
    return True


def search(desk: Desk, asked: Asked) -> Results:
    """The stories that have the words. Raises UsageError for what is no search."""
    query = parse_query(asked.words)
    _check(desk, asked)
    search_of = _Search(desk.store, query, asked)
    found = [*search_of.page()]
    ids = [candidate.story_id for _, candidate in found]
    stories = {one.id: one for one in desk.store.shown_stories(ids=ids, related=True)}
    numbers = desk.store.numbers_of(ids)
    return Results(
        query=query,
        hits=tuple(
            _hit(query, depth, one, stories[one.story_id], numbers.get(one.story_id, ()))
            for depth, one in found
            if one.story_id in stories
        ),
        next=search_of.next,
        is_cut=search_of.is_cut,
        waiting=desk.store.waiting(),
    )


def _check(desk: Desk, asked: Asked) -> None:
    if asked.since and asked.until and asked.until < asked.since:
        raise UsageError(f"the days end before they begin: {asked.since} to {asked.until}")
    if asked.section and desk.series.section(asked.section) is None:
        known = ", ".join(section.id for section in desk.series.sections)
        raise UsageError(f"there is no section {asked.section!r} (one of {known})")
    if asked.limit < 1:
        raise UsageError(f"a page has at least one story, not {asked.limit}")
    if asked.after and not _CURSOR.fullmatch(asked.after):
        raise UsageError(f"{asked.after!r} is no cursor: take that of the last story shown")


class _Search:
    """One page, from its cursor on."""

    def __init__(self, store: SearchStore, query: SearchQuery, asked: Asked) -> None:
        self._store = store
        self._query = query
        self._asked = asked
        self._looked_at = 0
        self.next = ""
        self.is_cut = False

    def page(self) -> Iterator[tuple[int, Candidate]]:
        """The stories of the page with the depth at which each has all words."""
        first, below = _begin(self._asked.after)
        last = DEEPEST if self._asked.body else DEEPEST - 1
        count = 0
        for depth in range(first, last + 1):
            for one in self._at(depth, below):
                if count == self._asked.limit or self.is_cut:
                    return
                count += 1
                self.next = _cursor(depth, one)
                yield depth, one
            if self.is_cut:
                return
            below = None
        self.next = ""

    def _at(self, depth: int, below: int | None) -> Iterator[Candidate]:
        """The stories that have all words at this depth, and not above it."""
        asked = self._asked
        wanted = Wanted(
            needs=_needs(self._query),
            depth=depth,
            since=asked.since,
            until=asked.until,
            section=asked.section,
            published=asked.published,
            issued_by=asked.issued_by,
            issue_id=asked.issue_id,
            bodies=asked.body and (depth == DEEPEST or bool(self._query.excluded)),
        )
        for turn in range(LOOKED_AT):
            most = _FETCHED[min(turn, len(_FETCHED) - 1)]
            some = self._store.candidates(wanted, below=below, most=most)
            for one in some:
                below = one.place
                if depth_of(self._query, one.texts) == depth:
                    yield one
                self._looked_at += 1
                if self._looked_at >= LOOKED_AT:
                    self.is_cut = True
                    self.next = _cursor(depth, one)
                    return
            if len(some) < most:
                return


def _needs(query: SearchQuery) -> list[list[tuple[str, ...]]]:
    """What the index is asked for. Single letters, which thousands of pieces begin with, only where there
    is nothing else, and then one of them: the others are looked for in what it finds."""
    needs = [[term.pieces for term in group] for group in query.groups]
    telling = [one for one in needs if all(len(pieces[0]) > 1 for pieces in one)]
    return telling or needs[:1]


def _begin(after: str) -> tuple[int, int | None]:
    match = _CURSOR.fullmatch(after)
    return (int(match[1]), int(match[2])) if match else (0, None)


def _cursor(depth: int, one: Candidate) -> str:
    return f"{depth}.{one.place}"


def depth_of(query: SearchQuery, texts: SearchTexts) -> int | None:
    """The depth of the text that it takes to have all words; None where one is not there, or one that
    must not be is. ``texts`` come by depth."""
    missing = query.groups
    for number, (kind, text) in enumerate(texts, start=1):
        folded = fold_text(text)
        missing = tuple(group for group in missing if not _has_one(group, folded))
        if query.excluded and _has_one(query.excluded, folded):
            return None
        if not missing:
            rest = texts[number:] if query.excluded else ()
            is_out = any(_has_one(query.excluded, fold_text(other)) for _, other in rest)
            return None if is_out else kind.depth
    return None


def _has_one(terms: Sequence[SearchTerm], folded: Folded) -> bool:
    return any(has_term(term, folded) for term in terms)


# --- marks ----------------------------------------------------------------------------------------


def _hit(
    query: SearchQuery, depth: int, one: Candidate, story: Story, numbers: Sequence[int]
) -> Hit:
    title = story.primary.item.title
    passages: list[Passage] = []
    found: Found | None = None
    for kind, text in one.texts:
        pieces = _marked(query, text)
        if any(piece.hits for piece in pieces):
            if kind.depth == depth:
                found = found or kind
            if text != title:
                shown, more = excerpts(pieces, most=MARKS)
                passages.append(Passage(found=kind, pieces=shown, more=more))
    if not passages:
        passages = [
            Passage(found=kind, pieces=excerpts((Piece(text=text),), most=MARKS)[0])
            for kind, text in one.texts
            if kind is Found.LEAD
        ][:1]
    return Hit(
        story=story,
        found=found or Found.TITLE,
        title=_marked(query, title),
        passages=tuple(passages[:PASSAGES]),
        numbers=tuple(numbers),
        cursor=_cursor(depth, one),
    )


def _marked(query: SearchQuery, text: str) -> tuple[Piece, ...]:
    folded = fold_text(text)
    return cut_at_hits(
        text,
        [
            {"start": begin, "end": stop, "word": term.shown}
            for term in query.terms
            for begin, stop in find_term(term, folded)
        ],
    )
