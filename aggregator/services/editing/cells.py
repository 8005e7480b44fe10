"""A pick taken apart into what can be changed, undone and merged by itself: its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.domain.editing import Change, Kept
from aggregator.domain.issues import Edit, Origin, Pick, PickField, PickState, PickText

STATE, SECTION, POSITION, SEEN = "state", "section", "position", "seen"
_TEXT = ("text", "of", "source_rev", "fuzzy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a line of the log says beside the change: who, when, why."""

    actor: str
    at: datetime
    cause: str


def pick_target(issue_id: int, public_id: str) -> str:
    """What the log calls a pick."""
    return f"pick:{issue_id}:{public_id}"


def text_cell(name: PickField, language: str) -> str:
    """What the log calls a text of a pick."""
    return f"{name}.{language}"


def cells_of(pick: Pick | None) -> dict[str, Kept]:
    """Everything that a pick holds, by cell; nothing of one that is not there."""
    if pick is None:
        return {}
    cells: dict[str, Kept] = {
        STATE: {"state": pick.state.value, "origin": pick.origin.value, "why": pick.why},
        SECTION: {"section": pick.section},
    }
    if pick.position is not None:
        cells[POSITION] = {"position": pick.position}
    if pick.source_rev:
        cells[SEEN] = {"source_rev": pick.source_rev}
    for text in pick.texts:
        kept = {name: getattr(text, name) for name in _TEXT} | {"origin": text.origin.value}
        cells[text_cell(text.field, text.language)] = kept
    return cells


def pick_from(cells: Mapping[str, Kept], like: Pick) -> Pick | None:
    """The pick that these cells make, of the issue and story of ``like``; None without a state."""
    if STATE not in cells:
        return None
    state = cells[STATE]
    return replace(
        like,
        state=PickState(str(state["state"])),
        origin=Origin(str(state["origin"])),
        why=str(state["why"]),
        section=str(cells.get(SECTION, {}).get("section", "")),
        position=_number(cells.get(POSITION, {}).get("position")),
        source_rev=_number(cells.get(SEEN, {}).get("source_rev")) or 0,
        texts=tuple(sorted(_texts(cells), key=lambda one: (one.language, one.field))),
    )


def _texts(cells: Mapping[str, Kept]) -> Iterator[PickText]:
    for name, kept in cells.items():
        field, dot, language = name.partition(".")
        if dot:
            yield PickText(
                language=language,
                field=PickField(field),
                text=str(kept["text"]),
                origin=Origin(str(kept["origin"])),
                of=str(kept["of"]),
                source_rev=_number(kept["source_rev"]) or 0,
                fuzzy=bool(kept["fuzzy"]),
            )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def words_of(cell: str, kept: Kept | None) -> str:
    """A cell as the log writes it."""
    if kept is None:
        return ""
    name = {STATE: "state", SECTION: "section", POSITION: "position", SEEN: "source_rev"}
    return str(kept[name.get(cell, "text")])


def differences(
    target: str, before: Pick | None, after: Pick | None, note: Note, *, version: int
) -> list[Change]:
    """What makes of one pick the other, a line for each cell; ``version`` is the pick's then."""
    old, new = cells_of(before), cells_of(after)
    if before is None:
        # The store says which revision a new pick is of.
        new.pop(SEEN, None)
    if after is None:
        old.pop(SEEN, None)
    return [
        Change(
            edit=Edit(
                at=note.at,
                actor=note.actor,
                target=target,
                field=cell,
                old=words_of(cell, old.get(cell)),
                new=words_of(cell, new.get(cell)),
                cause=note.cause,
            ),
            old=old.get(cell),
            new=new.get(cell),
            version=version,
        )
        for cell in dict.fromkeys((*old, *new))
        if old.get(cell) != new.get(cell)
    ]
