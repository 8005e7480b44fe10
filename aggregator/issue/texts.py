"""The texts of a pick: what its source says, what an editor made of it, which one is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aggregator.domain.issues import Origin, Phrase, PickField, PickText, Shape
from aggregator.domain.items import StoredItem
from aggregator.issue.headline import printed_headline
from aggregator.issue.lines import authors_line, venues

FIELDS_OF = {
    Shape.ARTICLE: (PickField.HEADLINE, PickField.BLURB),
    Shape.MEDIA: (PickField.HEADLINE,),
    Shape.PAPER: (PickField.HEADLINE, PickField.BLURB, PickField.AUTHORS),
    Shape.EVENT: (
        PickField.HEADLINE,
        PickField.EVENT_NAME,
        PickField.VENUE,
        PickField.SUBJECT,
    ),
}
"""The fields that a shape prints, in printed order."""


def source_texts(stored: StoredItem, shape: Shape) -> dict[PickField, str]:
    """What the source says, in the item's own language; empty fields are left out."""
    item = stored.item
    event = item.event
    known = {
        PickField.HEADLINE: printed_headline(item.title),
        PickField.BLURB: item.summary,
        PickField.AUTHORS: authors_line(item.authors),
        PickField.EVENT_NAME: event.name if event else "",
        PickField.VENUE: venues(event, item.language) if event else "",
        PickField.SUBJECT: event.subject if event else "",
    }
    return {name: known[name] for name in FIELDS_OF[shape] if known[name]}


def own_text(
    name: PickField, source: Mapping[PickField, str], texts: Sequence[PickText], language: str
) -> str:
    """The text in the source's own language: the editor's where there is one."""
    written = find_text(texts, name, language)
    return written.text if written is not None else source.get(name, "")


def find_text(texts: Sequence[PickText], name: PickField, language: str) -> PickText | None:
    """The written text of a field in a language, or None."""
    return next((t for t in texts if t.field is name and t.language == language), None)


def is_fuzzy(text: PickText, own: str) -> bool:
    """Whether a translation no longer fits: marked so, or made of another text than ``own``."""
    return text.fuzzy or (text.origin is not Origin.SOURCE and text.of != own)


def printed_text(
    name: PickField,
    *,
    source: Mapping[PickField, str],
    source_language: str,
    texts: Sequence[PickText],
    language: str,
) -> Phrase | None:
    """The phrase that an edition in ``language`` prints.

    Without a translation that fits it is the text in its own language, marked as such; None only
    where the field has no text at all.
    """
    own = own_text(name, source, texts, source_language)
    if language != source_language:
        translation = find_text(texts, name, language)
        if translation is not None and translation.text.strip() and not is_fuzzy(translation, own):
            return Phrase(text=translation.text, language=language)
    return Phrase(text=own, language=source_language) if own else None
