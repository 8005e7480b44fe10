"""Texts that an editor wrote and whose source has changed since: shown with all three, and resolved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from aggregator.domain.edit_errors import Clash, FieldConflict
from aggregator.domain.editing import ActionKind
from aggregator.domain.errors import NotFound, UsageError
from aggregator.domain.issues import Origin, Pick
from aggregator.domain.stories import Story
from aggregator.issue.edition import Picked
from aggregator.issue.texts import FIELDS_OF
from aggregator.services.desk import Desk
from aggregator.services.editing.carry_out import Picks, carry_out
from aggregator.services.editing.cells import pick_target
from aggregator.services.editing.editor import Done, Editor
from aggregator.services.editing.fields import Place, Where, place_of
from aggregator.services.editing.issue_at_hand import Hand, issue_by_id, picked_of, story_of
from aggregator.text.three_way import Outcome, ThreeWay, three_way
from aggregator.text.unseen import typed_line


class Choice(StrEnum):
    """What becomes of a text whose source has changed."""

    MINE = "mine"
    THEIRS = "theirs"
    MERGED = "merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChangedText:
    """A written text whose source says something else by now: ``merge.base`` is the source's text of
    which it was made, ``merge.mine`` what was written, ``merge.theirs`` the source's text now."""

    picked: Picked
    where: Where
    merge: ThreeWay


def source_changes(desk: Desk, issue_id: int) -> list[SourceChangedText]:
    """Every text in the issue, in printed order, whose source has changed since it was written."""
    picked = picked_of(desk, issue_by_id(desk, issue_id))
    return [
        SourceChangedText(
            picked=one,
            where=Where(story=one.story.public_id, field=place.field, language=place.language),
            merge=merge,
        )
        for one in picked
        if one.pick.state.is_in
        for place in _own_places(desk, one.story, one.pick)
        if (merge := _merge(place, one.pick)) is not None
    ]


def resolve_source(
    editor: Editor, issue_id: int, where: Where, choice: Choice, *, theirs: str, text: str = ""
) -> Done:
    """Keep what was written, take what the source says now (``theirs``, as it was shown), or put both
    together: as ``text`` says, or else as the words come to.

    Raises FieldConflict where the source has changed again, NotFound where nothing is to be resolved,
    and UsageError where the two cannot be put together by themselves and no text is given.
    """
    told = story_of(editor.desk, where.story)

    def make(hand: Hand) -> Picks:
        pick = hand.pick(told)
        place = place_of(editor.desk, told, pick, where)
        if pick is None:
            return {}
        return {told.id: _resolved(editor.desk, place, pick, choice, (theirs, typed_line(text)))}

    cause = (
        "the source changed: "
        + {
            Choice.MINE: "what was written stays",
            Choice.THEIRS: "its text is taken",
            Choice.MERGED: "both are put together",
        }[choice]
    )
    return carry_out(editor, issue_id, ActionKind.SOURCE, told, make, cause=cause)


def see_source(editor: Editor, issue_id: int, story: str) -> Done:
    """Say that the change of a source was seen: the item is marked no more. Raises NotFound."""
    told = story_of(editor.desk, story)

    def make(hand: Hand) -> Picks:
        pick = hand.pick(told)
        if pick is None:
            raise NotFound(f"{told.primary.item.title!r} is not in the issue")
        return {told.id: replace(pick, source_rev=told.primary.rev)}

    cause = "the source changed: it was seen"
    return carry_out(editor, issue_id, ActionKind.SOURCE, told, make, cause=cause)


def _own_places(desk: Desk, story: Story, pick: Pick) -> list[Place]:
    section = desk.series.section(pick.section)
    if section is None:
        return []
    language = story.primary.item.language
    return [
        Place(story=story, section=section, field=name, language=language)
        for name in FIELDS_OF[section.shape]
    ]


def _merge(place: Place, pick: Pick) -> ThreeWay | None:
    """Both sides of a written text; None where nothing is written, or its source is as it was."""
    written = place.written(pick)
    if written is None or written.origin is not Origin.EDITOR:
        return None
    merge = three_way(typed_line(written.of), written.text, typed_line(place.source(pick)))
    return None if merge.outcome is Outcome.UNCHANGED else merge


def _resolved(desk: Desk, place: Place, pick: Pick, choice: Choice, said: tuple[str, str]) -> Pick:
    theirs, text = said
    written, merge = place.written(pick), _merge(place, pick)
    if written is None or merge is None:
        raise NotFound(f"{place.cell} has no change of its source to resolve")
    if typed_line(theirs) != merge.theirs:
        clash = Clash(
            target=pick_target(pick.issue_id, place.story.public_id),
            field=place.cell,
            mine=merge.mine,
            theirs=merge.theirs,
            base=typed_line(theirs),
        )
        raise FieldConflict("the source has changed again meanwhile: look at it again", clash=clash)
    new = {Choice.MINE: merge.mine, Choice.THEIRS: "", Choice.MERGED: text or merge.text}[choice]
    if choice is Choice.MERGED and not new:
        raise UsageError("both changed the same words: write the text that is to stand there")
    source, rev = place.source(pick), place.story.primary.rev
    if choice is Choice.THEIRS or new == typed_line(source):
        after = place.with_text(pick, None)
    else:
        after = place.with_text(pick, replace(written, text=new, of=source, source_rev=rev))
    rest = [one for one in _own_places(desk, place.story, after) if _merge(one, after) is not None]
    return after if rest else replace(after, source_rev=rev)
