"""Translations of an issue as gettext PO. The only importer of polib."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polib

from aggregator.domain.errors import TranslationError
from aggregator.domain.issues import Origin, PickField, PickText, Series
from aggregator.issue.edition import Picked
from aggregator.issue.texts import FIELDS_OF, find_text, is_fuzzy, own_text, source_texts
from aggregator.text.unseen import typed_line

FUZZY = "fuzzy"
ISSUE_HEADER = "X-Issue"
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb]")
_ENTRY_LINE = re.compile(r'(?:msgctxt|msgid|msgid_plural|msgstr(?:\[[0-9]\])?)\s*"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Translatable:
    """One text of a pick with its translation, if there is one."""

    picked: Picked
    field: PickField
    own: str
    translation: PickText | None

    @property
    def context(self) -> str:
        """``<public story id>/<field>``, the msgctxt of the entry."""
        return f"{self.picked.story.public_id}/{self.field}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """How many texts have no translation, and how many one whose source has changed since."""

    missing: int
    fuzzy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import makes of the picks: changed ones, and what the file held for nobody.

    ``fuzzy`` counts entries whose source has changed since they were translated, ``empty`` those
    without a translation; ``korean`` names those that were taken with Hangul left in them.
    """

    picks: tuple[Picked, ...]
    texts: int
    fuzzy: int
    empty: int
    unknown: tuple[str, ...]
    korean: tuple[str, ...] = ()


def translatables(picked: Sequence[Picked], series: Series, language: str) -> list[Translatable]:
    """Every text of the picks whose own language is another than ``language``."""
    found = []
    for one in picked:
        stored = one.story.primary
        section = series.section(one.pick.section)
        if section is None or stored.item.language == language:
            continue
        source = source_texts(stored, section.shape)
        for name in FIELDS_OF[section.shape]:
            own = own_text(name, source, one.pick.texts, stored.item.language)
            if own:
                translation = find_text(one.pick.texts, name, language)
                found.append(Translatable(picked=one, field=name, own=own, translation=translation))
    return found


def outstanding(picked: Sequence[Picked], series: Series) -> dict[str, Outstanding]:
    """What translators have still to do, by language: the series' languages after its first, and the
    first where a source writes in another."""
    counts = {}
    for place, language in enumerate(series.languages):
        found = translatables(picked, series, language)
        if not place and not found:
            continue
        done = [(t.translation, t.own) for t in found if t.translation and t.translation.text]
        counts[language] = Outstanding(
            missing=len(found) - len(done), fuzzy=sum(is_fuzzy(text, own) for text, own in done)
        )
    return counts


def export_po(picked: Sequence[Picked], series: Series, *, number: int, language: str) -> str:
    """A PO file of the issue's texts for translators; the same input gives the same bytes.

    A translation whose source changed stays in the file, marked fuzzy, with the text it was made
    of as previous msgid.
    """
    file = polib.POFile(wrapwidth=96)
    file.metadata = {
        "Project-Id-Version": f"{series.id} {number}",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        ISSUE_HEADER: str(number),
    }
    for one in translatables(picked, series, language):
        entry = polib.POEntry(
            msgctxt=one.context,
            msgid=one.own,
            msgstr=one.translation.text if one.translation else "",
            comment=f"{one.picked.pick.section}: {one.field}",
        )
        if one.translation and is_fuzzy(one.translation, one.own):
            entry.flags.append(FUZZY)
            if one.translation.of != one.own:
                entry.previous_msgid = one.translation.of
        file.append(entry)
    return str(file) + "\n"


def read_po(text: str, *, number: int, language: str) -> polib.POFile:
    """Parse a PO file and check that it belongs to this issue and language.

    Raises TranslationError naming the line or the header that is wrong.
    """
    _check_quotes(text)
    try:
        # polib opens a text that is the name of a file; no file's name ends with a line feed.
        file = polib.pofile(text + "\n")
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        raise TranslationError(f"this is no PO file: {_reason(error)}") from error
    for header, expected in (("Language", language), (ISSUE_HEADER, str(number))):
        given = file.metadata.get(header) or expected
        if given != expected:
            raise TranslationError(
                f"the file's header says {header}: {typed_line(given)[:60]}, but the import is for"
                f" {expected}"
            )
    return file


def _check_quotes(text: str) -> None:
    """Raise TranslationError for a text without entries, or with one outside quotes: polib would
    cut off its first and last letter."""
    lines = [line.strip() for line in text.splitlines()]
    if not any(line.startswith("msgid") for line in lines):
        raise TranslationError("this is no PO file: it has no line that begins with msgid")
    for number, line in enumerate(lines, start=1):
        if line.startswith("msg") and not _ENTRY_LINE.fullmatch(line):
            raise TranslationError(
                f'this is no PO file: line {number} is not a keyword with a text in "quotes"'
            )


def _reason(error: Exception) -> str:
    return typed_line(str(error)) or type(error).__name__


def import_po(
    file: polib.POFile, picked: Sequence[Picked], series: Series, *, language: str
) -> Imported:
    """Lay a file's translations on the picks.

    An entry finds its text by msgctxt, or else by field and equal source text (an item may have
    come again under another id). Of several entries for one text the last counts, one that was
    found by msgctxt before the others. Entries for nobody are named in ``unknown``, and an empty
    entry never erases a translation.
    """
    wanted = translatables(picked, series, language)
    by_context = {one.context: one for one in wanted}
    by_text = {(one.field.value, one.own): one for one in wanted}
    texts: dict[int, dict[PickField, PickText]] = {}
    korean: dict[str, bool] = {}
    empty = 0
    unknown = []
    # A stable sort: those that are found by their source text alone come first and give way.
    for entry in sorted(file, key=lambda entry: entry.msgctxt in by_context):
        if entry.obsolete:
            continue
        context = entry.msgctxt or ""
        target = by_context.get(context) or by_text.get((context.rpartition("/")[2], entry.msgid))
        if target is None:
            unknown.append(typed_line(context or entry.msgid)[:60])
        elif not typed_line(entry.msgstr):
            empty += 1
        else:
            text = _text(entry, target, language)
            texts.setdefault(target.picked.pick.story_id, {})[target.field] = text
            korean[target.context] = _has_korean_left(text)
    return Imported(
        picks=tuple(
            _laid(one, tuple(texts[one.pick.story_id].values()))
            for one in picked
            if one.pick.story_id in texts
        ),
        texts=sum(map(len, texts.values())),
        fuzzy=sum(text.fuzzy for laid in texts.values() for text in laid.values()),
        empty=empty,
        unknown=tuple(unknown),
        korean=tuple(context for context, has_any in korean.items() if has_any),
    )


def _has_korean_left(text: PickText) -> bool:
    return text.language.partition("-")[0] != "ko" and _HANGUL.search(text.text) is not None


def _text(entry: polib.POEntry, target: Translatable, language: str) -> PickText:
    is_marked = FUZZY in entry.flags
    return PickText(
        language=language,
        field=target.field,
        text=typed_line(entry.msgstr),
        origin=Origin.EDITOR,
        of=(entry.previous_msgid if is_marked else None) or entry.msgid,
        source_rev=target.picked.story.primary.rev,
        fuzzy=is_marked or entry.msgid != target.own,
    )


def _laid(one: Picked, texts: Sequence[PickText]) -> Picked:
    """The pick with ``texts`` in place of those of the same field and language."""
    replaced = {(t.field, t.language) for t in texts}
    kept = [t for t in one.pick.texts if (t.field, t.language) not in replaced]
    return replace(one, pick=replace(one.pick, texts=(*kept, *texts)))
