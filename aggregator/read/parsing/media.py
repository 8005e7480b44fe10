"""What Media RSS (rssboard.org/media-rss) says of pictures and films, kept as a document is parsed."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from typing import Any

MAX_KEPT = 200
"""Categories, namespaces and repetitions of one element that are kept of one entry."""

_DEEPEST = 8
"""Media elements within each other whose notes reach a picture."""


def _note(name: str) -> tuple[Callable[..., None], Callable[..., None]]:
    """Handlers for a media element that says something about others."""

    def start(parser: MediaHandlers, attributes: dict[str, str]) -> None:
        parser.push("note", 0)
        for attribute in ("url", "href"):
            if attributes.get(attribute):
                parser._scopes[-1].setdefault(f"{name}_{attribute}", attributes[attribute])  # noqa: SLF001

    def end(parser: MediaHandlers) -> None:
        text = parser.pop("note")
        if text:
            parser._scopes[-1].setdefault(name, parser.decode_entities(name, text))  # noqa: SLF001

    return start, end


class MediaHandlers:
    """Handlers for the elements of Media RSS. Names and signatures are those that feedparser calls.

    An element says something of the pictures beside it and within them: of those of its group, else
    of those of the entry. feedparser keeps one list of each element for a whole entry.
    """

    push: Callable[[str, int], None]
    pop: Callable[[str], str | None]
    decode_entities: Callable[[str, str], str]
    _get_context: Callable[[], Any]

    def __init__(self, *args: str) -> None:
        self._scopes: list[dict[str, str]] = [{}]
        super().__init__(*args)

    def new_notes(self) -> dict[str, str]:
        """Begin an entry: what will be said of all of it."""
        self._scopes = [{}]
        return self._scopes[0]

    def _start_media_group(self, _attributes: dict[str, str]) -> None:
        self._scopes.append({})

    def _end_media_group(self) -> None:
        self._leave_scope()

    def _start_media_content(self, attributes: dict[str, str]) -> None:
        self.push("media_content", 0)
        self._scopes.append({})
        self._picture("media_content", attributes)

    def _end_media_content(self) -> None:
        self.pop("media_content")
        self._leave_scope()

    def _start_media_thumbnail(self, attributes: dict[str, str]) -> None:
        self.push("media_thumbnail", 0)
        self._picture("media_thumbnail", attributes)

    def _end_media_thumbnail(self) -> None:
        address = self.pop("media_thumbnail")
        pictures = self._get_context().get("media_pictures") or [{}]
        if address:
            pictures[-1].setdefault("url", address)

    def _picture(self, element: str, attributes: dict[str, str]) -> None:
        pictures = self._get_context().setdefault("media_pictures", [])
        if len(pictures) < MAX_KEPT:
            # Innermost first; what is said of a group may stand behind its pictures.
            notes = ChainMap(*reversed(self._scopes[-_DEEPEST:]), self._scopes[0])
            pictures.append({**attributes, "element": element, "notes": notes})

    def _leave_scope(self) -> None:
        if len(self._scopes) > 1:
            closed = self._scopes.pop()
            for name in ("title", "description"):
                # A film's description is told of the entry where nothing else is.
                if closed.get(name):
                    self._scopes[0].setdefault(f"inner_{name}", closed[name])

    _start_media_credit, _end_media_credit = _note("credit")
    _start_media_copyright, _end_media_copyright = _note("copyright")
    _start_media_license, _end_media_license = _note("license")
    _start_media_title, _end_media_title = _note("title")
    _start_media_description, _end_media_description = _note("description")
