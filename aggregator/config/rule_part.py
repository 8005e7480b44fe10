"""The rules of the file as a text of their own: what an editor may change, and how it gets back."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from aggregator.config.load import config_of, read_text
from aggregator.config.places import find_places
from aggregator.config.records import Config
from aggregator.domain.edit_errors import RulesMoved
from aggregator.domain.errors import ConfigError, StoreError, UsageError
from aggregator.domain.problems import Problem

ROOTS = frozenset({"match", "groups", "topic", "sections"})
"""The tables that are rules."""

BACKUP = "%Y%m%dT%H%M%SZ"
"""What is put behind the name of the file that was replaced."""

_FOREIGN = "this part holds the rules alone"
_FOREIGN_REMEDY = "leave every other table as it is in the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePart:
    """A file cut in three: ``text`` are the rules with their comments, ``first`` is the line of the
    file at which they begin, from 1."""

    before: str
    text: str
    after: str

    @property
    def first(self) -> int:
        """The line at which the rules begin."""
        return self.before.count("\n") + 1

    @property
    def stamp(self) -> str:
        """What tells one text of the rules from another."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:32]

    def whole(self, text: str) -> str:
        """The file with other rules. Lines end in line feeds, whatever a form sent."""
        plain = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
        return f"{self.before}{plain}\n{self.after}"


def rule_part(path: Path) -> RulePart:
    """The rules in the file as it is now. Raises ConfigError where it cannot be read, and UsageError
    where it has none."""
    return cut(read_text(path))


@lru_cache(maxsize=4)
def cut(text: str) -> RulePart:
    """The rules of a text that is TOML. Raises UsageError where it has none."""
    lines = text.splitlines(keepends=True)
    placed = find_places(text).lines
    mine = [line for path, line in placed.items() if path[0] in ROOTS]
    if not mine:
        raise UsageError("the configuration has no rules, no [groups.…] and no [[sections]]")
    begin = _with_comments(lines, min(mine) - 1)
    later = [line for path, line in placed.items() if path[0] not in ROOTS and line > max(mine)]
    end = _with_comments(lines, min(later) - 1) if later else len(lines)
    middle = "".join(lines[begin:end])
    rules = middle.rstrip("\n") + "\n"
    return RulePart(
        before="".join(lines[:begin]),
        text=rules,
        # Blank lines behind the rules stay where they are.
        after=middle[len(rules) :] + "".join(lines[end:]),
    )


def _with_comments(lines: list[str], at: int) -> int:
    """The first line of the comments that stand right above a line."""
    first = at
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return first


def try_rules(part: RulePart, text: str, path: Path, environ: Mapping[str, str]) -> Config:
    """The configuration with other rules. Raises ConfigError with all mistakes; one is to change
    anything else."""
    whole = part.whole(text)
    config = config_of(whole, path, environ)
    if _others(whole) != _others(part.whole(part.text)):
        problem = Problem(path="file", message=_FOREIGN, remedy=_FOREIGN_REMEDY, line=None)
        raise ConfigError(str(path), (problem,))
    return config


def _others(text: str) -> dict[str, Any]:
    return {key: value for key, value in tomllib.loads(text).items() if key not in ROOTS}


def put_live(
    path: Path, text: str, *, stamp: str, environ: Mapping[str, str], now: datetime
) -> Path:
    """Write other rules into the file, all else and its comments as they are, and keep the file that was
    there beside it; the path of that. The daemon takes it within a minute.

    Raises RulesMoved where the rules are not those of ``stamp`` any more, ConfigError with all
    mistakes, StoreError where it cannot be written. Then nothing has changed.
    """
    # A link stays one: what it leads to is written.
    file = path.resolve()
    part = rule_part(file)
    if part.stamp != stamp:
        raise RulesMoved(part.text)
    try_rules(part, text, path, environ)
    try:
        return _replace(file, part.whole(part.text), part.whole(text), now)
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror or error}") from error


def _replace(file: Path, old: str, new: str, now: datetime) -> Path:
    raw = file.read_bytes()
    plain = raw.decode("utf-8-sig").replace("\r\n", "\n")
    if plain.rstrip("\n") != old.rstrip("\n"):
        raise RulesMoved(rule_part(file).text)
    kept = file.with_name(f"{file.name}.{now.astimezone(UTC):{BACKUP}}")
    shutil.copy2(file, kept)
    written = new.replace("\n", "\r\n") if b"\r\n" in raw else new
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    half = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(mark + written.encode())
            out.flush()
            os.fsync(out.fileno())
        shutil.copymode(file, half)
        half.replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            half.unlink()
        raise
    return kept
