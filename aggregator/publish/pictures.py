"""Copies of thumbnails in a folder of their own, named by the address they came from."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from aggregator.domain.errors import SinkError
from aggregator.ports.publishing import Artefact
from aggregator.publish.files import replace_file

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
"""Pictures are known by their first bytes, never by what a server calls them."""

SUFFIXES = ("png", "jpg", "gif", "webp")


class PictureFolder:
    """Implements ``aggregator.ports.Pictures`` on a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, url: str) -> str | None:
        """The path below ``public/`` of the copy of ``url``, or None."""
        name = _name(url)
        for suffix in SUFFIXES:
            if (self._folder / f"{name}.{suffix}").is_file():
                return f"pictures/{name}.{suffix}"
        return None

    def keep(self, url: str, body: bytes) -> str:
        """Store a copy, whole or not at all. Raises ValueError for bytes that are no picture and
        SinkError when the folder cannot be written."""
        suffix = _suffix(body)
        name = f"{_name(url)}.{suffix}"
        try:
            replace_file(self._folder / name, body)
        except OSError as error:
            raise SinkError(f"cannot write {self._folder / name}: {error.strerror}") from error
        return f"pictures/{name}"

    def artefacts(self, urls: Collection[str] | None = None) -> list[Artefact]:
        """The copies of ``urls``, those of all pictures ever kept where None; in the order of their
        names. A picture without a copy is left out; none is read. Raises SinkError for what is no file.
        """
        if not self._folder.is_dir():
            return []
        wanted = None if urls is None else {_name(url) for url in urls}
        files = sorted(
            file
            for file in self._folder.iterdir()
            if file.suffix[1:] in SUFFIXES and (wanted is None or file.stem in wanted)
        )
        for file in files:
            if not file.is_file():
                raise SinkError(f"cannot read {file}: it is no file")
        return [Artefact(path=f"pictures/{file.name}", copy_of=file) for file in files]


def _name(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:20]


def _suffix(body: bytes) -> str:
    for signature, suffix in SIGNATURES:
        if body.startswith(signature):
            return suffix
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    raise ValueError("the answer is no PNG, JPEG, GIF or WebP picture")
