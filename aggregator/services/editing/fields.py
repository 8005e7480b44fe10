"""The texts of an item, one field in one language at a time, saved against what the editor saw."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aggregator.domain.edit_errors import Clash, FieldConflict
from aggregator.domain.editing import ActionKind, LogLine
from aggregator.domain.errors import NotFound, UsageError
from aggregator.domain.issues import Origin, Pick, PickField, PickText, Section
from aggregator.domain.stories import Story
from aggregator.issue.edition import Picked
from aggregator.issue.texts import FIELDS_OF, find_text, is_fuzzy, own_text, source_texts
from aggregator.services.desk import Desk
from aggregator.services.editing.carry_out import Picks, carry_out
from aggregator.services.editing.cells import pick_target, text_cell
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.issue_at_hand import Hand, story_of
from aggregator.text.unseen import typed_line

LONGEST = 5000
"""Characters of one text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A field of a story, by its public id, in a language."""

    story: str
    field: PickField
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldText:
    """A field as an editor finds it: ``text`` is what he edits (and the base of his edit), ``source``
    what it is made of: in the item's own language what its source says, in another one the text in
    the item's own. ``edited``: somebody wrote it. ``fuzzy``: it was made of another text, ``of``."""

    field: PickField
    language: str
    text: str
    source: str
    edited: bool = False
    fuzzy: bool = False
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A field of a story in a language, in the shape of the section that prints it."""

    story: Story
    section: Section
    field: PickField
    language: str

    @property
    def is_own(self) -> bool:
        """Whether it is in the item's own language."""
        return self.language == self.story.primary.item.language

    @property
    def cell(self) -> str:
        """What the log calls it."""
        return text_cell(self.field, self.language)

    def source(self, pick: Pick) -> str:
        """The text that this one is made of."""
        stored = self.story.primary
        source = source_texts(stored, self.section.shape)
        if self.is_own:
            return source.get(self.field, "")
        return own_text(self.field, source, pick.texts, stored.item.language)

    def written(self, pick: Pick) -> PickText | None:
        """What somebody wrote there."""
        return find_text(pick.texts, self.field, self.language)

    def text(self, pick: Pick) -> str:
        """What stands there: what was written, else in the item's own language the source's."""
        written = self.written(pick)
        if written is not None:
            return written.text
        return self.source(pick) if self.is_own else ""

    def with_text(self, pick: Pick, text: PickText | None) -> Pick:
        """The pick with this text there, or with none."""
        here = (self.field, self.language)
        rest = [one for one in pick.texts if (one.field, one.language) != here]
        texts = rest if text is None else [*rest, text]
        return replace(pick, texts=tuple(sorted(texts, key=lambda one: (one.language, one.field))))


def texts_of(desk: Desk, picked: Picked, language: str) -> list[FieldText]:
    """Every field that the item's section prints, in a language, as an editor finds it."""
    section = desk.series.section(picked.pick.section)
    if section is None:
        return []
    found = []
    for name in FIELDS_OF[section.shape]:
        place = Place(story=picked.story, section=section, field=name, language=language)
        written, source = place.written(picked.pick), place.source(picked.pick)
        found.append(
            FieldText(
                field=name,
                language=language,
                text=place.text(picked.pick),
                source=source,
                edited=written is not None,
                fuzzy=written is not None and is_fuzzy(written, source),
                of=written.of if written is not None else "",
            )
        )
    return found


def edit_field(editor: Editor, issue_id: int, where: Where, text: str, *, base: str) -> Done:
    """Write a field in a language. ``base`` is the text that the editor saw there: where somebody
    else wrote another one since, FieldConflict holds all three; what was changed elsewhere in the
    item stays. Where the source changed meanwhile the text is kept as made of ``base``, and listed by
    ``merging``. The source's own text is no edit; an empty translation is none.

    To save a translation that no longer fits its source as it is confirms it. Raises NotFound,
    UsageError for a field that the item's section does not print, a language that the series has
    not, an empty headline or a text that is too long, and IllegalTransition.
    """
    text = typed_line(text)
    if len(text) > LONGEST:
        raise UsageError(f"a text has {len(text)} characters, at most {LONGEST} are taken")
    return _write(editor, issue_id, where, _Said(text=text, base=typed_line(base)))


def clear_field(editor: Editor, issue_id: int, where: Where, *, base: str) -> Done:
    """Take back what was written in a field: the source's text stands there again, or no translation.
    Raises as ``edit_field``."""
    return _write(editor, issue_id, where, _Said(text=None, base=typed_line(base)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What an editor wants to stand in a field (None: nothing of his), and what he saw there."""

    text: str | None
    base: str


def _write(editor: Editor, issue_id: int, where: Where, said: _Said) -> Done:
    told = story_of(editor.desk, where.story)

    def make(hand: Hand) -> Picks:
        pick = hand.pick(told)
        place = place_of(editor.desk, told, pick, where)
        return {} if pick is None else {told.id: _edited(editor, place, pick, said)}

    kind = ActionKind.CLEAR if said.text is None else ActionKind.FIELD
    cause = "the source's text again" if said.text is None else "edited"
    return carry_out(editor, issue_id, kind, told, make, cause=cause)


def place_of(desk: Desk, story: Story, pick: Pick | None, where: Where) -> Place:
    """The field of an item that is in the issue. Raises NotFound and UsageError."""
    field, language = where.field, where.language
    title = story.primary.item.title
    section = desk.series.section(pick.section) if pick is not None else None
    if pick is None or section is None:
        raise NotFound(f"{title!r} is not in the issue: accept it first")
    if field not in FIELDS_OF[section.shape]:
        has = ", ".join(FIELDS_OF[section.shape])
        raise UsageError(f"an item of {section.id} is printed without {field} (it has {has})")
    if language not in {*desk.series.languages, story.primary.item.language}:
        known = ", ".join(desk.series.languages)
        raise UsageError(f"the series has no edition in {language!r} (one of {known})")
    return Place(story=story, section=section, field=field, language=language)


def _edited(editor: Editor, place: Place, pick: Pick, said: _Said) -> Pick:
    """The pick with the text, unless somebody else wrote another one since ``said.base``."""
    stands, source = place.text(pick), place.source(pick)
    new = said.text if said.text or place.is_own else None
    if new == "" and place.field is PickField.HEADLINE:
        raise UsageError("an item needs a headline: clear the field to have the source's again")
    goal = new if new is not None else (source if place.is_own else "")
    of = source
    if typed_line(stands) not in {said.base, typed_line(goal)}:
        target = pick_target(pick.issue_id, place.story.public_id)
        last = editor.desk.store.last_change(target, place.cell)
        if place.written(pick) is not None or _was_written(last, said.base):
            clash = Clash(target=target, field=place.cell, mine=goal, theirs=stands, base=said.base)
            raise _conflict(clash, last)
        of = said.base
    if new is None or (place.is_own and new in {source, typed_line(source)}):
        return place.with_text(pick, None)
    written = place.written(pick)
    if written is not None and written.text == new and not is_fuzzy(written, source):
        return pick
    rev = place.story.primary.rev
    if written is not None and place.is_own:
        # What the source said when it was first edited stays the base of a later merge.
        of, rev = written.of, written.source_rev
    made = PickText(
        language=place.language,
        field=place.field,
        text=new,
        origin=Origin.EDITOR,
        of=of,
        source_rev=rev,
    )
    return place.with_text(pick, made)


def _was_written(last: LogLine | None, base: str) -> bool:
    """Whether ``base`` was somebody's text, which was cleared since, and not the source's."""
    return (
        last is not None
        and base != ""
        and base in {typed_line(last.edit.old), typed_line(last.edit.new)}
    )


def _conflict(clash: Clash, last: LogLine | None) -> FieldConflict:
    if last is not None:
        clash = replace(clash, by=last.edit.actor, at=last.edit.at, action=last.action)
    return FieldConflict(
        f"{clash.by or 'the source'} changed {clash.field} of {clash.target} meanwhile, to"
        f" {clash.theirs!r}; yours is {clash.mine!r}",
        clash=clash,
    )
