"""Files below ``public/``: written whole or not at all, and removed when no longer made."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from aggregator.domain.errors import SinkError
from aggregator.observe import get_logger
from aggregator.ports.publishing import Artefact
from aggregator.publish.files import (
    TEMPORARY,
    locked,
    remove_staged,
    replace_file,
    stage_copy,
    stage_file,
    sync_folder,
)

PATIENCE = 120.0
"""Seconds that a build waits for another one to end, which reads, renders and writes the site."""

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

    @contextlib.contextmanager
    def alone(self) -> Iterator[SiteFiles]:
        """The files, for one build at a time: what is read for it inside is no older than what any
        build before it showed. Raises SinkError where another does not end."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(locked(self.lock, self.patience))
            except TimeoutError:
                raise SinkError(
                    f"{self.root}: another process is building the site; try again when it has"
                    " ended"
                ) from None
            except OSError as problem:
                raise _sink_error(self.lock, problem) from problem
            files = SiteFiles(root=self.root, manifest=self.manifest, lock=self.lock)
            stack.callback(files.discard)
            yield files

    def build(self, artefacts: Sequence[Artefact]) -> tuple[str, ...]:
        """Write all of these and prune the rest, with no other writer in between; the paths of the
        files that changed. Raises SinkError."""
        with self.alone() as files:
            files.stage(artefacts)
            return files.show()

    def write(self, artefacts: Sequence[Artefact]) -> int:
        """Write each whole and rename it into place, leaving equal files alone and removing none; the
        number that changed. Raises SinkError; the files that stood there still do."""
        with self.alone() as files:
            files.stage(artefacts)
            return len(files.put_in_place())

    @property
    def manifest(self) -> Path:
        """Where the list of written files stands."""
        return self.root.with_name(f"{self.root.name}.files.json")

    @property
    def lock(self) -> Path:
        """The file whose lock a writer holds."""
        return self.root.with_name(f"{self.root.name}.lock")


@dataclass(slots=True, kw_only=True)
class SiteFiles:
    """The files below ``root`` while nobody else writes them (the port ``Building``)."""

    root: Path
    manifest: Path
    lock: Path
    _artefacts: Sequence[Artefact] = ()
    _staged: list[tuple[str, Path, Path]] = field(default_factory=list)

    def stage(self, artefacts: Sequence[Artefact]) -> None:
        """Bring what is new of these to the disk, beside the files whose places it is to take; it
        replaces what was staged before. Raises SinkError, and the site is as it was."""
        self.discard()
        targets = [(self._target(artefact.path), artefact) for artefact in artefacts]
        for target, artefact in targets:
            try:
                temporary = (
                    stage_copy(target, artefact.copy_of)
                    if artefact.copy_of is not None
                    else stage_file(target, artefact.body)
                )
            except OSError as problem:
                self._remove_empty(target)
                raise _sink_error(target, problem) from problem
            if temporary is not None:
                self._staged.append((artefact.path, temporary, target))
        # Before the files themselves, so that none is ever forgotten.
        self._remember(self._known() | {artefact.path for artefact in artefacts})
        self._artefacts = artefacts

    def show(self) -> tuple[str, ...]:
        """Put what was staged in its place and remove what earlier builds made and this one does
        not; the paths of the files that changed, in the order of the artefacts. Raises SinkError."""
        written = self.put_in_place()
        removed = self.prune({artefact.path for artefact in self._artefacts})
        _log.info("files_built", files=len(self._artefacts), written=len(written), removed=removed)
        return written

    def put_in_place(self) -> tuple[str, ...]:
        """The first half of ``show``."""
        shown: list[str] = []
        folders: dict[Path, None] = {}
        while self._staged:
            path, temporary, target = self._staged[0]
            try:
                temporary.replace(target)
            except OSError as problem:
                raise _sink_error(target, problem) from problem
            del self._staged[0]
            shown.append(path)
            folders[target.parent] = None
        for folder in folders:
            sync_folder(folder)
        return tuple(shown)

    def prune(self, keep: Collection[str]) -> int:
        """Remove what earlier builds wrote and this one does not, with folders left empty and
        old remains of broken writes; the number of files removed. Raises SinkError."""
        known = self._known()
        gone = sorted(known - set(keep))
        removed = sum(self._remove(path) for path in gone)
        self._remove_remains()
        if gone:
            self._remember(known - set(gone))
        return removed

    def discard(self) -> None:
        """Remove what is staged and was not shown, with the folders that were made for it."""
        for _, temporary, target in self._staged:
            remove_staged(temporary)
            self._remove_empty(target)
        self._staged = []

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

    def _known(self) -> set[str]:
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
        """Store the list."""
        body = json.dumps(sorted(paths), indent=0).encode()
        try:
            replace_file(self.manifest, body)
        except OSError as problem:
            raise _sink_error(self.manifest, problem) from problem

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
        self._remove_empty(target)
        return found

    def _remove_empty(self, target: Path) -> None:
        """Remove the folders above a file that hold nothing."""
        for folder in target.parents:
            if folder == self.root:
                break
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _remove_remains(self) -> None:
        """Remove temporary files that broken writes left long ago, by the file system's clock: the
        lock was touched when it was taken."""
        oldest = self.lock.stat().st_mtime - STALE_AFTER
        for remains in self.root.rglob(f".*{TEMPORARY}"):
            with contextlib.suppress(OSError):
                if remains.stat().st_mtime < oldest:
                    remains.unlink()


def _sink_error(target: Path, problem: OSError) -> SinkError:
    """One line that names the file and the reason."""
    reason = problem.strerror or str(problem)
    return SinkError(f"{target}: {reason}; make room or give the right to write, then build again")
