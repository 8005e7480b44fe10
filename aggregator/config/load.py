"""Reading the file: everything that is wrong with it is said at once, before anything runs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from aggregator.config.addresses import is_postgres, read_database_anywhere
from aggregator.config.build import build_config, merge_bodies
from aggregator.config.doors import check_desk
from aggregator.config.files import check_files, check_glossaries, find_missing_glossaries
from aggregator.config.places import KeyPath, Places, find_places
from aggregator.config.records import Config
from aggregator.config.references import check_references, find_oddities
from aggregator.config.schema import FileTable
from aggregator.config.toml_slips import explain_slip
from aggregator.config.values import BadValue
from aggregator.config.walk import read_struct
from aggregator.domain.errors import ConfigError
from aggregator.domain.problems import Problem

DATABASE_VARIABLE = "AGG_DATABASE"
"""The environment variable that overrides ``database``; the place for a password."""

_LARGEST_FILE = 8 * 1024 * 1024
_WHOLE_FILE = "file"
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_AT_LINE = re.compile(
    r"^(?P<what>.*) \(at (?:line (?P<line>[0-9]+), column (?P<column>[0-9]+)|end of document)\)$"
)


def load_config(path: Path, environ: Mapping[str, str]) -> Config:
    """The configuration in the file at ``path``.

    ``AGG_DATABASE`` in ``environ`` overrides the database. Raises ConfigError with all problems in
    file order; never any other exception for what a file may hold.
    """
    return config_of(read_text(path), path, environ)


def config_of(text: str, path: Path, environ: Mapping[str, str]) -> Config:
    """The configuration that ``text`` would be as the file at ``path``. Raises as ``load_config``."""
    raw = _parse(path, text)
    notes = _Notes(text)
    file = read_struct(FileTable, raw, notes.add)
    bodies = merge_bodies(file.bodies)
    check_references(file, bodies, notes.add)
    check_desk(file.desk, notes.add)
    check_files(file, path.resolve().parent, notes.add)
    check_glossaries(file, path.resolve().parent, bodies, notes.add)
    database = environ.get(DATABASE_VARIABLE) or None
    if database is not None:
        try:
            read_database_anywhere(database)
        except BadValue as error:
            notes.add((DATABASE_VARIABLE,), error.message, error.remedy)
    if file.dispatch == "postgres" and not is_postgres(database or file.database or ""):
        notes.add(
            ("dispatch",),
            "jobs go through PostgreSQL, and the database is SQLite",
            'set database = "postgresql+psycopg://host/name", or dispatch = "local"',
        )
    if notes.found:
        raise ConfigError(str(path), notes.in_file_order())
    return build_config(
        file, path=path, bodies=bodies, database=database, judge=partial(_oddities, text, file)
    )


def _oddities(text: str, file: FileTable, config: Config) -> tuple[Problem, ...]:
    # The matcher and all that tries words on it is loaded only where somebody asks for warnings.
    from aggregator.config.rule_oddities import find_rule_oddities  # noqa: PLC0415
    from aggregator.config.word_oddities import find_word_oddities  # noqa: PLC0415
    from aggregator.curate.placing.word_trials import find_idle_words  # noqa: PLC0415

    idle = find_idle_words(config.rules)
    notes = _Notes(text)
    find_oddities(file, notes.add)
    find_missing_glossaries(file, config.path.resolve().parent, notes.add)
    find_word_oddities(file, idle, notes.add)
    find_rule_oddities(config, idle, notes.add)
    return notes.in_file_order()


class _Notes:
    """Collects problems and gives each its line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Problem] = []

    def add(self, path: KeyPath, message: str, remedy: str) -> None:
        line = self._places.line(path)
        problem = Problem(path=_written(path), message=message, remedy=remedy, line=line)
        if problem not in self.found:
            self.found.append(problem)

    @cached_property
    def _places(self) -> Places:
        """Looked for only once something is wrong."""
        return find_places(self.text)

    def in_file_order(self) -> tuple[Problem, ...]:
        """By line; what concerns the whole file comes first."""
        return tuple(sorted(self.found, key=lambda problem: problem.line or 0))


def _written(path: KeyPath) -> str:
    """``feeds[3].url``, indexes from 0; odd keys in quotes; "file" for the whole file."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        name = part if _BARE.fullmatch(part) else ascii(part).replace("'", '"')
        text += f".{name}" if text else name
    return text or _WHOLE_FILE


def _refused(path: Path, message: str, remedy: str, line: int | None = None) -> ConfigError:
    problem = Problem(path=_WHOLE_FILE, message=message, remedy=remedy, line=line)
    return ConfigError(str(path), (problem,))


def read_text(path: Path) -> str:
    """The file's text, its lines ended by line feeds. Raises ConfigError."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise _refused(path, "there is no such file", "name it with --config, or make it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _refused(path, f"the file cannot be opened: {reason}", "check its rights") from None
    if len(data) > _LARGEST_FILE:
        raise _refused(path, "the file is larger than 8 MiB", "is it the right file?")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(path, "the file is not UTF-8", "save it as UTF-8", line) from None
    return text.replace("\r\n", "\n")


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise _refused(path, "the file is nested too deeply", "write it flatter") from None
    except ValueError as error:
        # Mostly TOMLDecodeError; a number of thousands of digits is a plain ValueError.
        found = _AT_LINE.match(str(error).splitlines()[0] if str(error) else "")
        message = found["what"] if found else str(error)
        line = int(found["line"]) if found and found["line"] else text.rstrip().count("\n") + 1
        column = int(found["column"]) if found and found["column"] else None
        message, remedy = explain_slip(text, message, line, column)
        raise _refused(path, f"no TOML: {message}", remedy, line) from None
    if not raw:
        raise _refused(path, "the file is empty", "docs/config.md has a complete example")
    return raw
