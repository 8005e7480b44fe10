"""What makes files of stored records, and where they go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aggregator.domain.publishing import Planet


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A file to publish: path below ``public/`` with forward slashes, and its bytes. ``topic`` is the
    address by which a WebSub hub knows it, "" for what no hub is told of. Where there is ``copy_of``
    the bytes are that file's, which never changes: it is read only where the copy is not there."""

    path: str
    body: bytes = b""
    topic: str = ""
    copy_of: Path | None = None


class Renderer(Protocol):
    """Makes the whole site from stored records; the same input gives the same bytes."""

    def render(self, planet: Planet) -> list[Artefact]:
        """Every page, feed and asset. Raises RenderError. One bad entry is left out and logged."""
        ...


class Previewer(Protocol):
    """Makes what an editor looks at before it is published."""

    def issue_files(self, planet: Planet, number: int, language: str) -> list[Artefact]:
        """The files of one edition of an issue, the page last, byte by byte those that ``Renderer``
        makes of the same; nothing for an edition that there is not. Raises RenderError."""
        ...

    def assets(self) -> list[Artefact]:
        """The style sheet and the pictures that all pages share."""
        ...


class Building(Protocol):
    """A build under way: no other process shows files before it has ended."""

    def stage(self, artefacts: Sequence[Artefact]) -> None:
        """Keep these ready to be shown, in place of what was staged before; what can fail for want
        of room or rights fails here. Raises SinkError; what stood there before still stands."""
        ...

    def show(self) -> tuple[str, ...]:
        """Make the folder hold what was staged and nothing of earlier builds; the paths of the files
        that changed, in the order of the artefacts. Each file changes in one step, equal ones are
        left alone. Raises SinkError."""
        ...


class Sink(Protocol):
    """Where artefacts go."""

    def alone(self) -> AbstractContextManager[Building]:
        """The one build among all processes: what it shows is to be read from the store inside, or it
        could overwrite what is newer. What was staged and not shown is forgotten at its end. Raises
        SinkError where another build does not end."""
        ...


class Pictures(Protocol):
    """Copies of the pictures that published pages show, so that a page outlives its sources."""

    def path_of(self, url: str) -> str | None:
        """The path below ``public/`` of the copy of ``url``; None when there is none."""
        ...

    def keep(self, url: str, body: bytes) -> str:
        """Store a copy and return its path. Raises ValueError when the bytes are no picture."""
        ...

    def artefacts(self, urls: Collection[str]) -> list[Artefact]:
        """The copies of these addresses, ready to publish."""
        ...
