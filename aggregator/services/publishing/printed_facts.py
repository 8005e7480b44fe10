"""What the lint looks at in a published issue: the texts that its editions print, corrections and all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from aggregator.domain.corrections import CorrectedField
from aggregator.domain.issues import PickField, PrintedItem
from aggregator.domain.publishing import PrintedIssue
from aggregator.issue.corrected import EVENT_FIELDS, is_withdrawn, split_byline, text_of
from aggregator.issue.edition import Picked
from aggregator.issue.lint.pairs import Pair
from aggregator.issue.lint.publishing import IssueFacts, ItemFacts, PrintedText
from aggregator.issue.texts import source_texts
from aggregator.services.desk import Desk

_TEXTS = (CorrectedField.HEADLINE, CorrectedField.BLURB, CorrectedField.AUTHORS)
_Texts = Mapping[CorrectedField, Mapping[str, str]]
"""By field and edition what an item says in the edition's own language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One item as all editions print it; ``facts`` are those of its pick, None where that is gone."""

    section: str
    items: Mapping[str, PrintedItem]
    facts: ItemFacts | None
    picked: Picked | None

    @property
    def language(self) -> str:
        """The language of the source."""
        if self.picked is not None:
            return self.picked.story.primary.item.language
        return next(iter(self.items.values())).headline.language


def as_read(
    desk: Desk, facts: IssueFacts, printed: PrintedIssue, picked: Sequence[Picked]
) -> IssueFacts:
    """The facts of a published issue with what its editions print now in the place of what its picks
    say: texts, days, links and bodies."""
    known = {item.story: item for item in facts.items}
    picks = {one.story.public_id: one for one in picked}
    found: dict[str, _Read] = {}
    for edition in printed.editions:
        for section in edition.sections:
            for item in section.items:
                before = found.get(item.story)
                found[item.story] = _Read(
                    section=section.id,
                    items={**(before.items if before else {}), edition.language: item},
                    facts=known.get(item.story),
                    picked=picks.get(item.story),
                )
    return replace(facts, items=tuple(_item(desk, printed, read) for read in found.values()))


def _item(desk: Desk, printed: PrintedIssue, read: _Read) -> ItemFacts:
    language, first = next(iter(read.items.items()))
    day, name = split_byline(first.byline)
    body = _body(desk, name, language)
    made = read.facts or ItemFacts(
        story=first.story, section=read.section, shape=first.shape, title=first.headline.text
    )
    texts = _own_texts(desk, printed, read)
    stands = _day(day) if day else made.day if not first.byline else None
    issuer = body or (made.body if name or not first.byline else "")
    return replace(
        made,
        section=read.section,
        day=stands,
        url=first.url,
        body=issuer,
        body_known=made.body_known or bool(body),
        texts=tuple(_printed(read, texts)),
        pairs=tuple(_pairs(read, texts, day=stands, body=issuer)),
    )


def _day(printed: str) -> date | None:
    """The day of ``2024.2.27``."""
    try:
        year, month, day = (int(number) for number in printed.split("."))
        return date(year, month, day)
    except ValueError:
        return None


def _body(desk: Desk, name: str, language: str) -> str:
    """The id of the body that a byline names, "" where none is called so."""
    found = (one.id for one in desk.bodies.values() if name and one.print_name(language) == name)
    return next(found, "")


def _own_texts(desk: Desk, printed: PrintedIssue, read: _Read) -> _Texts:
    found: dict[CorrectedField, dict[str, str]] = {}
    for language, item in read.items.items():
        for name in (*_TEXTS, *EVENT_FIELDS):
            label = ""
            if name in EVENT_FIELDS:
                label = f"{desk.catalogue.text(f'issue.{name}', language)}: "
                mixed = (any(part.language != language for part in line) for line in item.lines
                         if "".join(part.text for part in line).startswith(label))  # fmt: skip
                if any(mixed):
                    continue
            phrase = text_of(item, name, label=label)
            if phrase is None or phrase.language != language:
                continue
            text = phrase.text.removeprefix(label)
            if name is CorrectedField.HEADLINE and is_withdrawn(item.story, printed.corrections):
                mark = desk.catalogue.text("correction.mark", language)
                text = text.removeprefix(f"{mark} ")
            found.setdefault(name, {})[language] = text
    return found


def _printed(read: _Read, texts: _Texts) -> Iterator[PrintedText]:
    source: Mapping[PickField, str] = {}
    if read.picked is not None:
        source = source_texts(read.picked.story.primary, next(iter(read.items.values())).shape)
    for name in _TEXTS:
        for language, text in texts.get(name, {}).items():
            field = PickField(name.value)
            translated = language != read.language
            altered = not translated and read.picked is not None and text != source.get(field, "")
            yield PrintedText(
                field=field, language=language, text=text, altered=altered, translated=translated
            )


def _pairs(read: _Read, texts: _Texts, *, day: date | None, body: str) -> Iterator[Pair]:
    story = next(iter(read.items.values())).story
    own = {name: said[read.language] for name, said in texts.items() if read.language in said}
    for language in read.items:
        if language == read.language:
            continue
        here = {name: said[language] for name, said in texts.items() if language in said}
        for name, text in here.items():
            if name not in own:
                continue
            yield Pair(
                source=own[name],
                translation=text,
                source_language=read.language,
                language=language,
                is_title=name is not CorrectedField.BLURB,
                printed_on=day,
                body=body,
                other_sources=tuple(said for other, said in own.items() if other is not name),
                other_translations=tuple(said for other, said in here.items() if other is not name),
                where=f"{story}/{name}",
            )
