"""The translation of an issue as a translator works on it: each text beside what it translates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aggregator.domain.findings import Finding
from aggregator.domain.issues import Section
from aggregator.issue.edition import Picked
from aggregator.issue.lint.names import index_of, is_rendered
from aggregator.issue.lint.pairs import Names
from aggregator.issue.lint.translation import lint_translation
from aggregator.services.desk import Desk
from aggregator.services.editing.fields import FieldText, texts_of
from aggregator.services.publishing.linting import names_of, pairs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHit:
    """A name that a source says: how it is rendered, the preferred form first, and whether the
    translation, or the item's other ones, do so."""

    name: str
    forms: tuple[str, ...]
    is_used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One text beside what it translates: ``told.source`` and ``told.text``."""

    told: FieldText
    findings: tuple[Finding, ...] = ()
    names: tuple[NameHit, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether there is no translation."""
        return not self.told.text

    @property
    def is_fuzzy(self) -> bool:
        """Whether there is one that no longer fits."""
        return bool(self.told.text) and self.told.fuzzy

    @property
    def is_left(self) -> bool:
        """Whether somebody has to look at it: nothing there, out of date, or with a fault."""
        return self.is_missing or self.is_fuzzy or bool(self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedItem:
    """An item with its texts in another language than its own."""

    picked: Picked
    section: Section
    texts: tuple[Beside, ...]


def translation_of(desk: Desk, picked: Sequence[Picked], language: str) -> list[TranslatedItem]:
    """The items that are in the issue and have texts to be translated, in the order of ``picked``."""
    findings = _findings(desk, picked, language)
    found = []
    for one in picked:
        section = desk.series.section(one.pick.section)
        if section is None or one.story.primary.item.language == language:
            continue
        told = [text for text in texts_of(desk, one, language) if text.source]
        texts = tuple(_beside(desk, one, text, told, findings) for text in told)
        if texts:
            found.append(TranslatedItem(picked=one, section=section, texts=texts))
    return found


def _findings(
    desk: Desk, picked: Sequence[Picked], language: str
) -> Mapping[str, tuple[Finding, ...]]:
    """What the lint says of each translation that would be printed, by ``<story>/<field>``."""
    names = names_of(desk)
    found: defaultdict[str, tuple[Finding, ...]] = defaultdict(tuple)
    for pairs in pairs_of(desk, picked).values():
        for pair in pairs:
            if pair.language == language:
                found[pair.where] = lint_translation(pair, names)
    return found


def _beside(
    desk: Desk,
    one: Picked,
    text: FieldText,
    others: Sequence[FieldText],
    findings: Mapping[str, tuple[Finding, ...]],
) -> Beside:
    return Beside(
        told=text,
        findings=findings.get(f"{one.story.public_id}/{text.field}", ()),
        names=_names(
            names_of(desk),
            text,
            [other.text for other in others],
            own=one.story.primary.item.language,
        ),
    )


def _names(
    names: Names, text: FieldText, translations: Sequence[str], *, own: str
) -> tuple[NameHit, ...]:
    """The names that the source says, each once, which have a form in the other language."""
    hits: dict[str, NameHit] = {}
    for mention in index_of(names, own).mentions(text.source):
        forms = mention.term.forms_in(text.language)
        if forms and mention.text not in hits:
            used = is_rendered(mention.term, text.language, translations)
            hits[mention.text] = NameHit(name=mention.text, forms=forms, is_used=used)
    return tuple(hits.values())
