"""What makes files of stored records, and where they go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from aggregator.domain.publishing import Planet


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A file to publish: path below ``public/`` with forward slashes, and its bytes. ``topic`` is the
    address by which a WebSub hub knows it, "" for what no hub is told of."""

    path: str
    body: bytes
    topic: str = ""


class Renderer(Protocol):
    """Makes the whole site from stored records; the same input gives the same bytes."""

    def render(self, planet: Planet) -> list[Artefact]:
        """Every page, feed and asset. Raises RenderError. One bad entry is left out and logged."""
        ...


class Sink(Protocol):
    """Where artefacts go."""

    def build(self, artefacts: Sequence[Artefact]) -> tuple[str, ...]:
        """Make the folder hold these files and none of earlier builds; the paths of those that
        changed, in the order of the artefacts.

        Each is written whole and renamed into place, equal ones are left alone, and no other
        process builds meanwhile. Raises SinkError; what stood there before still stands.
        """
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
