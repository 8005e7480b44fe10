"""Files written whole or not at all, and the lock that keeps two writers apart."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import sys
import time
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl

TEMPORARY = ".writing"
"""How the names of files that are being written end; they begin with a dot."""

_PAUSE = 0.05


def replace_file(target: Path, body: bytes) -> bool:
    """Put ``body`` in place of ``target`` in one step, on the disk before it shows, its folder made
    where needed; False where it was there already. Raises OSError; what stood there still does."""
    staged = stage_file(target, body)
    if staged is None:
        return False
    try:
        staged.replace(target)
    except OSError:
        remove_staged(staged)
        raise
    sync_folder(target.parent)
    return True


def stage_file(target: Path, body: bytes) -> Path | None:
    """Bring ``body`` to the disk beside ``target``, ready to be renamed into its place, its folder
    made where needed; None where it is there already. Raises OSError, and leaves nothing then."""
    if target.is_file() and target.read_bytes() == body:
        return None
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{os.getpid()}-{secrets.token_hex(8)}{TEMPORARY}")
    try:
        with temporary.open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        remove_staged(temporary)
        raise
    return temporary


def stage_copy(target: Path, source: Path) -> Path | None:
    """As ``stage_file``, with the bytes of another file. One of its size and time is taken for a copy
    without being read; what is staged gets its time. Raises OSError."""
    known = source.stat()
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        there = target.stat()
        if (there.st_size, there.st_mtime_ns) == (known.st_size, known.st_mtime_ns):
            return None
    staged = stage_file(target, source.read_bytes())
    with contextlib.suppress(OSError):  # then it is read again next time
        os.utime(staged or target, ns=(known.st_mtime_ns, known.st_mtime_ns))
    return staged


def remove_staged(temporary: Path) -> None:
    """Remove what was staged and is not wanted; what cannot be removed now is removed as remains."""
    with contextlib.suppress(OSError):
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(path: Path, patience: float) -> Iterator[None]:
    """Hold the lock file at ``path``, touched when taken and left where it is; one holder among all processes and
    threads of a machine. The system gives it back when a process dies.

    Raises TimeoutError when another holder has not let go after ``patience`` seconds, OSError where
    the file cannot be opened. Where the system has no such locks, nothing is locked.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        if sys.platform != "win32":
            deadline = time.monotonic() + patience
            while not _took(file.fileno()):
                if time.monotonic() >= deadline:
                    raise TimeoutError(f"{path} is held by another process")
                time.sleep(_PAUSE)
        os.utime(path)
        yield


def _took(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def sync_folder(folder: Path) -> None:
    """Bring the folder's new entries to the disk, on systems that can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
