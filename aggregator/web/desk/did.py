"""What somebody did, in words: what kind of action it was, and to which item."""

from __future__ import annotations

from aggregator.domain.editing import Action
from aggregator.web.doors.asked import Asked

_LONGEST = 40
"""Characters of a headline on a button."""


def did(asked: Asked, action: Action) -> str:
    """An action in words: what was done, and to which item."""
    text = asked.text(f"desk.undo.kind.{action.kind.value.replace('-', '_')}")
    title = _title(asked, story_in(action.target))
    return asked.text("desk.undo.of", what=text, title=title) if title else text


def story_in(target: str) -> str:
    """The public id of the story that an action is about, "" for none."""
    kind, _, rest = target.partition(":")
    return rest.rpartition(":")[2] if kind in {"pick", "story"} else ""


def _title(asked: Asked, story: str) -> str:
    store = asked.app.desk.store
    ids = store.living_stories([story]) if story else {}
    found = store.shown_stories(ids=[*ids.values()]) if ids else []
    title = found[0].primary.item.title if found else ""
    return title if len(title) <= _LONGEST else f"{title[: _LONGEST - 1]}…"
