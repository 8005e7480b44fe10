"""The verb search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from aggregator.cli.app import State
from aggregator.cli.columns import LONGEST
from aggregator.cli.explanation_lines import printable
from aggregator.cli.forms import counted, story_form, to_json
from aggregator.cli.progress import bar
from aggregator.curate.matching.hit_marks import Piece, excerpts
from aggregator.domain.searching import Waiting
from aggregator.ports.searching import SearchStore
from aggregator.services.answers.search import Asked, Hit, Results, catch_up
from aggregator.services.answers.search import search as search_stories
from aggregator.services.desk import Desk
from aggregator.services.editing.typed_in import section_typed_into
from aggregator.services.lab.placing_twice import is_typed_in

DAY = click.DateTime(formats=["%Y-%m-%d"])

PATIENCE = 10.0
"""Seconds for which a search brings the index up to date before it looks."""

_LABEL = 10


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--body", is_flag=True, help="Search the bodies of releases, too.")
@click.option(
    "--section", default="", help="Only stories of this section, by rules or in an issue."
)
@click.option("--since", type=DAY, help="From this day on (YYYY-MM-DD, KST).")
@click.option("--until", type=DAY, help="Up to this day, inclusive.")
@click.option("--published", is_flag=True, help="Only what a published issue prints.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@click.option("--after", default="", help="Go on after this cursor, which the page before names.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line for each story.")
@click.pass_obj
def search(
    state: State,
    words: tuple[str, ...],
    *,
    body: bool,
    section: str,
    since: datetime | None,
    until: datetime | None,
    published: bool,
    limit: int,
    after: str,
    as_json: bool,
) -> None:
    """Find stories that have all WORDS: "a phrase", -without, one OR another.

    What begins with a hyphen comes behind two of them: search -- 교통 -버스.
    """
    asked = Asked(
        words=_joined(words),
        body=body,
        since=since.date() if since else None,
        until=until.date() if until else None,
        section=section,
        published=published,
        limit=limit,
        after=after,
    )
    desk = state.app().desk
    index_what_is_due(desk.store)
    results = search_stories(desk, asked)
    for hit in results.hits:
        form = hit_form(desk, hit)
        click.echo(to_json(form) if as_json else "\n".join(_lines(hit, form)))
    for line in _notes(results):
        click.echo(line, err=True)


def index_what_is_due(store: SearchStore) -> None:
    """Bring the index up to date before it is asked, for PATIENCE seconds at most."""
    with bar("Indexing stories") as progress:
        catch_up(store, seconds=PATIENCE, on_step=progress.show)


def _joined(words: Sequence[str]) -> str:
    """The arguments as one search. What a shell took the quotes from is a phrase."""
    return " ".join(f'"{word}"' if len(words) > 1 and " " in word else word for word in words)


def hit_form(desk: Desk, hit: Hit) -> dict[str, Any]:
    """What was found, as JSON."""
    form = story_form(hit.story)
    if is_typed_in(hit.story):
        form["section"] = section_typed_into(desk, hit.story)
    return {
        **form,
        "url": hit.story.primary.item.link or None,
        "found": str(hit.found),
        "title_marks": _marks(hit.title),
        "passages": [
            {
                "in": str(one.found),
                "text": "".join(piece.text for piece in one.pieces),
                "marks": _marks(one.pieces),
                "more": one.more,
            }
            for one in hit.passages
        ],
        "numbers": list(hit.numbers),
        "cursor": hit.cursor,
    }


def _marks(pieces: Sequence[Piece]) -> list[list[int]]:
    """Where the hits begin and end."""
    marks: list[list[int]] = []
    place = 0
    for piece in pieces:
        if piece.hits:
            marks.append([place, place + len(piece.text)])
        place += len(piece.text)
    return marks


def _lines(hit: Hit, form: Mapping[str, Any]) -> Iterator[str]:
    title, _ = (hit.title, 0) if len(form["title"]) <= LONGEST else excerpts(hit.title, most=8)
    more = f"  (+{len(form['members']) - 1})" if len(form["members"]) > 1 else ""
    printed = "".join(f"  No. {number}" for number in hit.numbers)
    yield (
        f"{form['day'] or '-':<10} {form['section'] or '-':<10} {form['body'] or '-':<10} "
        f"{_marked(title)}{more}{printed}"
    )
    for one in hit.passages:
        rest = f"  ({counted(one.more, 'more marked place')})" if one.more else ""
        yield f"{one.found:>{_LABEL}} {_marked(one.pieces)}{rest}"


def _marked(pieces: Sequence[Piece]) -> str:
    """The text on one line with its hits in brackets, coloured on a terminal."""
    return "".join(
        click.style(f"[{printable(piece.text)}]", fg="green")
        if piece.hits
        else printable(piece.text)
        for piece in pieces
    )


def _notes(results: Results) -> Iterator[str]:
    if results.is_cut:
        yield (
            "many stories nearly have these words, and not all were looked at: go on, or name"
            " another word"
        )
    if results.next:
        yield f"more: the same search with --after {results.next}"
    elif not results.hits:
        yield "nothing stored has these words"
    if behind := _behind(results.waiting):
        yield f"the index is behind: {behind}"


def _behind(waiting: Waiting) -> str:
    parts = []
    if waiting.stories:
        parts.append(f"{counted(waiting.stories, 'story', 'stories')} to be indexed (search again)")
    if waiting.items:
        parts.append(f"{counted(waiting.items, 'item')} to be folded (aggregator refresh)")
    return ", ".join(parts)
