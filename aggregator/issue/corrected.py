"""A frozen print with its corrections laid on it; the print itself never changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aggregator.catalogue import Catalogue
from aggregator.domain.corrections import CorrectedField, Correction
from aggregator.domain.issues import Edition, Phrase, PrintedItem, Shape
from aggregator.domain.publishing import PrintedIssue

_DAY = re.compile(r"\d{1,4}\.\d{1,2}\.\d{1,2}")
_STROKE = " / "

_OF_ALL = (CorrectedField.HEADLINE, CorrectedField.LINK)
_OF_PRESS = (CorrectedField.BLURB, CorrectedField.BODY, CorrectedField.DAY)
FIELDS_OF = {
    Shape.ARTICLE: (*_OF_ALL, *_OF_PRESS),
    Shape.MEDIA: (*_OF_ALL, *_OF_PRESS),
    Shape.PAPER: (*_OF_ALL, CorrectedField.BLURB, CorrectedField.AUTHORS),
    Shape.EVENT: (
        *_OF_ALL,
        CorrectedField.EVENT_NAME,
        CorrectedField.EVENT_WHEN_WHERE,
        CorrectedField.EVENT_SUBJECT,
    ),
}
"""Which texts an item of each shape is printed with."""

EVENT_FIELDS = FIELDS_OF[Shape.EVENT][len(_OF_ALL) :]
"""Lines of an event. Their texts are whole lines, the label with them."""


def correct(
    printed: PrintedIssue, corrections: Sequence[Correction], catalogue: Catalogue
) -> PrintedIssue:
    """The issue as it is read now: the print with these corrections, oldest first, and with the
    time of the last one for each edition that shows any.

    A text is put in place of the one that was corrected and of no other: where an edition was
    printed anew from a translation that says otherwise, that one stands.
    """
    if not corrections:
        return printed
    corrected = dict(printed.corrected)
    for edition in printed.editions:
        language = edition.language
        shown = [one.at for one in corrections if shows(edition, one)]
        times = [*shown, *([corrected[language]] if language in corrected else [])]
        if times:
            corrected[language] = max(times)
    return replace(
        printed,
        editions=tuple(_edition(one, corrections, catalogue) for one in printed.editions),
        corrected=corrected,
        corrections=tuple(corrections),
        frozen=printed,
    )


def as_mailed(issue: PrintedIssue, language: str, catalogue: Catalogue) -> PrintedIssue:
    """The issue as its mail in a language has it. A mail that was sent is a record: it has what had
    been corrected by then, and nothing that came later. One that was not sent has everything."""
    corrections = [one for one in issue.corrections if language not in one.mailed]
    return correct(issue.frozen or issue, corrections, catalogue)


def shows(edition: Edition, correction: Correction) -> bool:
    """Whether the page of an edition tells of a correction."""
    return correction.concerns(edition.language) and any(
        item.story == correction.story for section in edition.sections for item in section.items
    )


def is_withdrawn(story: str, corrections: Sequence[Correction]) -> bool:
    """Whether the last word on an item is that it is withdrawn."""
    words = [one.field for one in corrections if one.story == story and not one.field.has_text]
    told = [word for word in words if word is not CorrectedField.NOTE]
    return bool(told) and told[-1] is CorrectedField.WITHDRAWN


def text_of(item: PrintedItem, name: CorrectedField, *, label: str = "") -> Phrase | None:
    """The text that an item is printed with, None where it has no such; its language is "" where
    it has none. Of an event the line that begins with ``label``."""
    day, body = split_byline(item.byline)
    if name in EVENT_FIELDS:
        lines = (_whole(line) for line in item.lines)
        return next((line for line in lines if line.text.startswith(label)), None)
    found = {
        CorrectedField.HEADLINE: item.headline,
        CorrectedField.BLURB: item.blurb,
        CorrectedField.AUTHORS: item.authors,
        CorrectedField.BODY: Phrase(text=body, language=""),
        CorrectedField.DAY: Phrase(text=day, language=""),
        CorrectedField.LINK: Phrase(text=item.url, language=""),
    }
    return found.get(name)


def split_byline(byline: str) -> tuple[str, str]:
    """Day and body of ``2024.2.27 / 경기도``; "" for what it lacks."""
    first, _, rest = byline.partition(_STROKE)
    return (first, rest) if _DAY.fullmatch(first) else ("", byline)


def _edition(edition: Edition, corrections: Sequence[Correction], catalogue: Catalogue) -> Edition:
    sections = tuple(
        replace(
            section,
            items=tuple(
                _item(item, edition.language, corrections, catalogue) for item in section.items
            ),
        )
        for section in edition.sections
    )
    return replace(edition, sections=sections)


def _item(
    item: PrintedItem, language: str, corrections: Sequence[Correction], catalogue: Catalogue
) -> PrintedItem:
    for one in corrections:
        if one.story == item.story and language in one.texts:
            item = _with_text(item, one, language)
    if not is_withdrawn(item.story, corrections):
        return item
    mark = catalogue.text("correction.mark", language)
    headline = replace(item.headline, text=f"{mark} {item.headline.text}")
    return replace(item, headline=headline)


def _with_text(item: PrintedItem, correction: Correction, language: str) -> PrintedItem:
    """The item with the corrected text where it still has the old one."""
    change, name = correction.texts[language], correction.field
    new = Phrase(text=change.new, language=change.language)
    if name in EVENT_FIELDS:
        lines = tuple((new,) if _whole(line).text == change.old else line for line in item.lines)
        return replace(item, lines=lines)
    found = text_of(item, name)
    if (found.text if found is not None else "") != change.old:
        return item
    day, body = split_byline(item.byline)
    changed: dict[CorrectedField, dict[str, Any]] = {
        CorrectedField.HEADLINE: {"headline": new},
        CorrectedField.BLURB: {"blurb": new},
        CorrectedField.AUTHORS: {"authors": new},
        CorrectedField.LINK: {"url": new.text},
        CorrectedField.DAY: {"byline": _joined(new.text, body)},
        CorrectedField.BODY: {
            "byline": _joined(day, new.text),
            "region": change.region,
            "region_name": change.region_name,
            "region_order": change.region_order,
        },
    }
    return replace(item, **changed[name])


def _joined(day: str, body: str) -> str:
    return _STROKE.join(part for part in (day, body) if part)


def _whole(line: Sequence[Phrase]) -> Phrase:
    """A line of an event as one text, in the language of its last words."""
    return Phrase(
        text="".join(part.text for part in line), language=line[-1].language if line else ""
    )
