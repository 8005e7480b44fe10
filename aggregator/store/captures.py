"""The folder of captures beside the database: whole or not there, a bounded number for each feed."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from aggregator.domain.errors import StoreError

MOST = 50
"""Captures of one feed; the oldest go."""

MOST_BYTES = 256 * 1024 * 1024
"""What the captures of one feed may hold together; the newest stays whatever its size."""

_STAMP = r"-\d{8}T\d{6}Z(?:-\d+)?"


@dataclass(frozen=True, slots=True)
class CaptureFolder:
    """Captures below ``root``, each in a folder of its own, ``<feed>-<instant>``."""

    root: Path

    def keep(self, feed_id: str, name: str, files: Mapping[str, bytes]) -> Path:
        """Write a capture of a feed and let its oldest ones go; the folder, whose name is ``name``
        or, where that is taken, numbered. Raises StoreError."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            made = self._write(name, files)
            for old in self._too_many(feed_id, made):
                shutil.rmtree(old, ignore_errors=True)
        except OSError as error:
            raise StoreError(
                f"cannot keep a capture below {self.root}: {error.strerror or error}"
            ) from error
        return made

    def of(self, feed_id: str) -> list[Path]:
        """The captures of a feed, the oldest first."""
        mine = re.compile(re.escape(feed_id) + _STAMP)
        found = [one for one in self.root.iterdir() if one.is_dir() and mine.fullmatch(one.name)]
        return sorted(found, key=lambda one: _order(one.name))

    def _write(self, name: str, files: Mapping[str, bytes]) -> Path:
        names = (name if number == 1 else f"{name}-{number}" for number in count(1))
        target = next(self.root / one for one in names if not (self.root / one).exists())
        # It shows under its name when it is whole.
        half = target.with_name(f".{target.name}.writing")
        try:
            half.mkdir(exist_ok=True)
            for file, body in files.items():
                (half / file).write_bytes(body)
            half.rename(target)
        except OSError:
            with contextlib.suppress(OSError):
                shutil.rmtree(half)
            raise
        return target

    def _too_many(self, feed_id: str, newest: Path) -> list[Path]:
        kept, room = 1, MOST_BYTES - _size(newest)
        gone = []
        for one in reversed(self.of(feed_id)):
            if one == newest:
                continue
            kept, room = kept + 1, room - _size(one)
            if kept > MOST or room < 0:
                gone.append(one)
        return gone


def _order(name: str) -> tuple[str, int]:
    stamp, _, number = name.partition("Z-")
    return stamp.removesuffix("Z"), int(number or 1)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
