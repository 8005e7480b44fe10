"""Files below ``public/``: written whole or not at all, and removed when no longer made."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from aggregator.domain.errors import SinkError
from aggregator.observe import get_logger
from aggregator.ports.publishing import Artefact
from aggregator.publish.files import TEMPORARY, locked, replace_file

PATIENCE = 30.0
"""Seconds that a build waits for another one to end."""

STALE_AFTER = 24 * 60 * 60
"""Seconds after which a temporary file is the remains of a broken write."""

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FileSink:
    """Writes artefacts below ``root``, one writer at a time among all processes.

    The list of what was ever written stands beside ``root``, in ``<name>.files.json``, so that a
    file which somebody else put there is never removed; the lock is ``<name>.lock``. ``patience``
    is how many seconds a call waits for another writer.
    """

    root: Path
    patience: float = PATIENCE

    def build(self, artefacts: Sequence[Artefact]) -> tuple[str, ...]:
        """Write all of these and prune the rest, with no other writer in between; the paths of the
        files that changed. Raises SinkError."""
        with self._alone():
            written = self._write(artefacts)
            removed = self._prune({artefact.path for artefact in artefacts})
        _log.info("files_built", files=len(artefacts), written=len(written), removed=removed)
        return written

    def write(self, artefacts: Sequence[Artefact]) -> int:
        """Write each whole and rename it into place, leaving equal files alone; the number that
        changed. Raises SinkError; the file that stood there still does."""
        with self._alone():
            return len(self._write(artefacts))

    def prune(self, keep: Collection[str]) -> int:
        """Remove what earlier builds wrote and this one does not, with folders left empty and
        old remains of broken writes; the number of files removed. Raises SinkError."""
        with self._alone():
            return self._prune(keep)

    @property
    def manifest(self) -> Path:
        """Where the list of written files stands."""
        return self.root.with_name(f"{self.root.name}.files.json")

    @property
    def lock(self) -> Path:
        """The file whose lock a writer holds."""
        return self.root.with_name(f"{self.root.name}.lock")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with locked(self.lock, self.patience):
                yield
        except TimeoutError:
            raise SinkError(
                f"{self.root}: another process is building the site; try again when it has ended"
            ) from None
        except OSError as problem:
            raise _sink_error(self.lock, problem) from problem

    def _write(self, artefacts: Sequence[Artefact]) -> tuple[str, ...]:
        targets = [(self._target(artefact.path), artefact) for artefact in artefacts]
        self._remember(self._manifest() | {artefact.path for artefact in artefacts})
        return tuple(one.path for target, one in targets if _replace(target, one.body))

    def _prune(self, keep: Collection[str]) -> int:
        known = self._manifest()
        gone = sorted(known - set(keep))
        removed = sum(self._remove(path) for path in gone)
        self._remove_remains()
        if gone:
            self._remember(known - set(gone))
        return removed

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
        """The paths written so far. Where the list is damaged it is made anew from the folder:
        every file there counts as written, but not hidden ones."""
        try:
            known = json.loads(self.manifest.read_bytes())
        except FileNotFoundError:
            return set()
        except OSError as problem:
            raise _sink_error(self.manifest, problem) from problem
        except ValueError:
            known = None
        if isinstance(known, list) and all(isinstance(path, str) for path in known):
            return set(known)
        _log.warning("file_list_damaged", path=str(self.manifest), remedy="listed from the folder")
        return set(self._listed())

    def _listed(self) -> Iterator[str]:
        """The files below the root, hidden ones left out."""
        for file in self.root.rglob("*"):
            parts = file.relative_to(self.root).parts
            if file.is_file() and not any(part.startswith(".") for part in parts):
                yield "/".join(parts)

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
        """Remove temporary files that broken writes left long ago, by the file system's clock: the
        lock was touched when it was taken."""
        oldest = self.lock.stat().st_mtime - STALE_AFTER
        for remains in self.root.rglob(f".*{TEMPORARY}"):
            with contextlib.suppress(OSError):
                if remains.stat().st_mtime < oldest:
                    remains.unlink()


def _replace(target: Path, body: bytes) -> bool:
    try:
        return replace_file(target, body)
    except OSError as problem:
        raise _sink_error(target, problem) from problem


def _sink_error(target: Path, problem: OSError) -> SinkError:
    """One line that names the file and the reason."""
    reason = problem.strerror or str(problem)
    return SinkError(f"{target}: {reason}; make room or give the right to write, then build again")
