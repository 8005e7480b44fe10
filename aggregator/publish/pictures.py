"""Copies of thumbnails in a folder of their own, named by the address they came from."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

from aggregator.domain.errors import SinkError
from aggregator.ports import Artefact

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
"""Pictures are known by their first bytes, never by what a server calls them."""

SUFFIXES = ("png", "jpg", "gif", "webp")
_TEMPORARY = ".writing"


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
        temporary = self._folder / f".{name}{_TEMPORARY}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(body)
            temporary.replace(self._folder / name)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise SinkError(f"cannot write {self._folder / name}: {error.strerror}") from error
        return f"pictures/{name}"

    def artefacts(self) -> list[Artefact]:
        """Every copy, in the order of their names. Raises SinkError for one that cannot be read."""
        if not self._folder.is_dir():
            return []
        files = sorted(f for f in self._folder.iterdir() if f.suffix[1:] in SUFFIXES)
        try:
            return [Artefact(path=f"pictures/{f.name}", body=f.read_bytes()) for f in files]
        except OSError as error:
            raise SinkError(f"cannot read {error.filename}: {error.strerror}") from error


def _name(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()[:20]


def _suffix(body: bytes) -> str:
    for signature, suffix in SIGNATURES:
        if body.startswith(signature):
            return suffix
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "webp"
    raise ValueError("the answer is no PNG, JPEG, GIF or WebP picture")
