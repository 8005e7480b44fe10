"""The folders and files of a desk: whether they can be written, who may read them, what is left over."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from aggregator.doctor.finding import Finding, fault, fine, warn

LITTLE_ROOM = 1024**3
NO_ROOM = 100 * 1024**2
"""Bytes that are free: with less than the first somebody should look, with less than the second
builds and visits fail soon."""

_OTHERS = stat.S_IRWXO
_WRITABLE = stat.S_IWGRP | stat.S_IWOTH
LEFT_OVER = (".rebuild-*", "public/**/.*.writing")


def look_at_files(data_dir: Path, config: Path, database: Path | None) -> Iterator[Finding]:
    """The folder of the desk and what is in it; ``database`` is the file, where it is one."""
    for place in dict.fromkeys((data_dir, *([database.parent] if database else []))):
        yield _writable(place)
        yield _room(place)
    for file in filter(None, (config, database)):
        if file.exists():
            yield _mode(file, is_secret=file == database)
    left = [one for pattern in LEFT_OVER for one in data_dir.glob(pattern)]
    if left:
        yield warn(
            "left_over",
            str(left[0]),
            f"{len(left)} files or folders of work that was ended in the middle",
            "remove them while no verb and no daemon runs; nothing is made of them",
        )
    else:
        yield fine("left_over", str(data_dir), "nothing is left of work that was ended")


def _writable(place: Path) -> Finding:
    nearest = next(one for one in (place, *place.parents) if one.exists())
    if not nearest.is_dir():
        says, remedy = f"{nearest} is no folder", "move it away or name another data_dir"
        return fault("writable", str(place), says, remedy)
    if not os.access(nearest, os.W_OK | os.X_OK):
        remedy = f"give this user (uid {os.getuid()}) the right to write there"
        return fault("writable", str(place), f"{nearest} cannot be written", remedy)
    return fine("writable", str(place), "it can be written" if place.exists() else "can be made")


def _room(place: Path) -> Finding:
    nearest = next(one for one in (place, *place.parents) if one.exists())
    free = shutil.disk_usage(nearest).free
    says = f"{free / 1024**2:,.0f} MiB are free"
    remedy = "free space, or move data_dir to a larger disk"
    if free < NO_ROOM:
        return fault("free_space", str(place), says, remedy)
    if free < LITTLE_ROOM:
        return warn("free_space", str(place), says, remedy)
    return fine("free_space", str(place), says)


def _mode(file: Path, *, is_secret: bool) -> Finding:
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & _WRITABLE:
        return fault(
            "rights",
            str(file),
            f"others may write it (mode {mode:o})",
            f"chmod go-w {file}",
        )
    if is_secret and mode & _OTHERS:
        return warn(
            "rights",
            str(file),
            f"everybody on this machine may read accounts and sessions in it (mode {mode:o})",
            f"chmod o-rwx {file}",
        )
    return fine("rights", str(file), f"mode {mode:o}")
