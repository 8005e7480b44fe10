"""What is printed of an event: its name; its days and venues; its subject and telephone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from aggregator.catalogue import Catalogue
from aggregator.domain.issues import Phrase, PickField, Shape
from aggregator.domain.items import EventFacts, StoredItem
from aggregator.issue.lines import event_days
from aggregator.issue.texts import source_texts


class Bullet(NamedTuple):
    """One of the lines: the catalogue's key of its label, and its text as a run of phrases."""

    label: str
    phrases: tuple[Phrase, ...]

    def line(self, language: str, catalogue: Catalogue) -> tuple[Phrase, ...]:
        """The line with its label."""
        lead = Phrase(text=f"{catalogue.text(self.label, language)}: ", language=language)
        return (lead, *self.phrases)


def bullets(
    event: EventFacts, phrase: Callable[[PickField], Phrase | None], language: str
) -> list[Bullet]:
    """The lines of an event that have a text; ``phrase`` gives its words as they are printed in
    ``language``."""

    def plain(text: str) -> Phrase | None:
        return Phrase(text=text, language=language) if text else None

    known = (
        ("issue.event_name", (phrase(PickField.EVENT_NAME),)),
        ("issue.event_when_where", (plain(event_days(event)), phrase(PickField.VENUE))),
        ("issue.event_subject", (phrase(PickField.SUBJECT), plain(event.phone))),
    )
    made = []
    for label, found in known:
        parts = [part for part in found if part is not None]
        if parts:
            made.append(Bullet(label, _joined(parts, language)))
    return made


def source_bullets(stored: StoredItem, language: str) -> list[Bullet]:
    """The same in its source's own words, on a page or in a feed in ``language``; none for what is
    no event."""
    event = stored.item.event
    if event is None:
        return []
    texts = source_texts(stored, Shape.EVENT)

    def phrase(name: PickField) -> Phrase | None:
        own = stored.item.language
        return Phrase(text=texts[name], language=own) if name in texts else None

    return bullets(event, phrase, language)


def _joined(parts: Sequence[Phrase], language: str) -> tuple[Phrase, ...]:
    """Parts with strokes between; parts in the edition's language melt into one phrase."""
    run: list[Phrase] = []
    for n, part in enumerate(parts):
        pieces = [part] if n == 0 else [Phrase(text=" / ", language=language), part]
        for piece in pieces:
            if run and run[-1].language == piece.language:
                run[-1] = Phrase(text=run[-1].text + piece.text, language=piece.language)
            else:
                run.append(piece)
    return tuple(run)
