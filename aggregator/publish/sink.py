"""Files below ``public/``: written whole or not at all, and removed when no longer made."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from aggregator.domain.errors import SinkError
from aggregator.ports import Artefact

_TEMPORARY = ".writing"


@dataclass(frozen=True, slots=True)
class FileSink:
    """Writes artefacts below ``root``; one process at a time.

    The list of what was ever written stands beside ``root``, in ``<name>.files.json``, so that a
    file which somebody else put there is never removed.
    """

    root: Path

    def write(self, artefacts: Sequence[Artefact]) -> int:
        """Write each whole and rename it into place, leaving equal files alone; the number that
        changed. Raises SinkError; the file that stood there still does."""
        targets = [(self._target(artefact.path), artefact) for artefact in artefacts]
        self._remember(self._manifest() | {artefact.path for artefact in artefacts})
        return sum(_replace(target, artefact.body) for target, artefact in targets)

    def prune(self, keep: Collection[str]) -> int:
        """Remove what earlier builds wrote and this one does not, with folders left empty and
        remains of broken writes; the number of files removed. Raises SinkError."""
        known = self._manifest()
        gone = sorted(known - set(keep))
        removed = sum(self._remove(path) for path in gone)
        self._remove_remains()
        if gone:
            self._remember(known - set(gone))
        return removed

    @property
    def manifest(self) -> Path:
        """Where the list of written files stands."""
        return self.root.with_name(f"{self.root.name}.files.json")

    def _target(self, path: str) -> Path:
        """The file that ``path`` means. Raises SinkError where it lies outside the root."""
        parts = path.split("/")
        pure = PurePosixPath(path)
        unsafe = {"", ".", ".."}.intersection(parts) or "\\" in path or "\0" in path or ":" in path
        if unsafe or pure.is_absolute():
            raise SinkError(f"{path!r}: not a path below {self.root}; nothing was written")
        target = self.root.joinpath(*parts)
        try:
            inside = target.parent.resolve().is_relative_to(self.root.resolve())
        except OSError as problem:
            raise _sink_error(target, problem) from problem
        if not inside:
            raise SinkError(f"{path!r}: a link leads outside {self.root}; nothing was written")
        return target

    def _manifest(self) -> set[str]:
        """The paths written so far; none where the list is missing or cannot be understood."""
        try:
            known = json.loads(self.manifest.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return set()
        except OSError as problem:
            raise _sink_error(self.manifest, problem) from problem
        except ValueError:
            return set()
        return (
            {path for path in known if isinstance(path, str)} if isinstance(known, list) else set()
        )

    def _remember(self, paths: Iterable[str]) -> None:
        """Store the list, before the files themselves, so that none is ever forgotten."""
        body = json.dumps(sorted(paths), indent=0).encode()
        _replace(self.manifest, body)

    def _remove(self, path: str) -> int:
        """Remove one file and the folders that it leaves empty; 1 where there was a file."""
        target = self._target(path)
        try:
            target.unlink()
            found = 1
        except (FileNotFoundError, NotADirectoryError):
            found = 0
        except OSError as problem:
            raise _sink_error(target, problem) from problem
        for folder in target.parents:
            if folder == self.root:
                break
            with contextlib.suppress(OSError):
                folder.rmdir()
        return found

    def _remove_remains(self) -> None:
        """Remove temporary files that a broken write left."""
        for remains in self.root.rglob(f".*{_TEMPORARY}"):
            with contextlib.suppress(OSError):
                remains.unlink()


def _replace(target: Path, body: bytes) -> bool:
    """Put ``body`` in place of ``target`` in one step, on the disk before it shows; False where it
    was there already. Raises SinkError."""
    temporary = target.with_name(f".{secrets.token_hex(8)}{_TEMPORARY}")
    try:
        if target.is_file() and target.read_bytes() == body:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as problem:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise _sink_error(target, problem) from problem
    return True


def _sync_folder(folder: Path) -> None:
    """Bring the folder's new entry to the disk, on systems that can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sink_error(target: Path, problem: OSError) -> SinkError:
    """One line that names the file and the reason."""
    reason = problem.strerror or str(problem)
    return SinkError(f"{target}: {reason}; make room or give the right to write, then build again")
