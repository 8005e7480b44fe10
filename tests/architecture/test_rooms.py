"""The rooms: who sees whom, who may import which package, how large things are."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "aggregator"

ROOMS_OF = {
    "ahocorasick_rs": {"curate/copies/office_names.py", "curate/matching/words.py"},
    "alembic": {"store"},
    "apscheduler": {"daemon/serving.py"},
    "argon2": {"passwords"},
    "backports": {"fetch/codings.py"},
    "brotli": {"fetch/codings.py"},
    "click": {"cli"},
    "css_inline": {"publish/mail/html_part.py"},
    "cssselect": {"read/boards/selectors.py"},
    "feedgen": {"publish/xml_feed.py"},
    "feedparser": {"read/parsing/xml_parser.py"},
    "holidays": {"calendar/working_days.py"},
    "httptools": {"fetch/wire.py"},
    "httpx": {"fetch/http.py"},
    "jinja2": {"publish"},
    "lxml": {"publish", "read/boards/page.py"},
    "msgspec": {"config", "pool", "store"},
    "nh3": {"text/clean.py"},
    "numpy": {
        "curate/copies/day_index.py",
        "curate/copies/fingerprints.py",
        "curate/copies/meetings.py",
    },
    "polib": {"issue/translation.py"},
    "prometheus_client": {"metrics"},
    "procrastinate": {"dispatch"},
    "psycopg": {"dispatch"},
    "rich": {"cli"},
    "spellchecker": {"issue/lint/dictionary.py"},
    "sqlalchemy": {"store"},
    "starlette": {"web"},
    "structlog": {"observe.py"},
    "uvicorn": {"daemon/serving.py"},
}
"""Third-party package and the rooms or modules that may import it."""

IMPORTED_AS = {"argon2_cffi": "argon2", "pyspellchecker": "spellchecker"}
"""Packages that are not imported by the name they are installed by."""

MODULE_LINES = 400
FUNCTION_LINES = 40
LONGER = {
    "cli/corrections.py:correct": "one parameter for each option of the verb",
    "cli/issues.py:add": "one parameter for each option of the verb",
    "store/migrations/versions/0001_first.py:_items": "one line for each column of a table",
}
"""Functions that may be longer, and why."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> dict[str, ast.Module]:
    """Every module of the program by its path, parsed."""
    return {
        file.relative_to(HOUSE).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
        for file in sorted(HOUSE.rglob("*.py"))
    }


MODULES = modules()


def imported(tree: ast.Module) -> Iterator[str]:
    """The top-level packages that a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Functions of a module and methods of its classes; not those inside functions."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, Function):
                    yield f"{node.name}.{inner.name}", inner


def test_the_table_of_rooms_is_true() -> None:
    """docs/architecture.md names each room's third parties, in the names of their packages."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told: dict[str, set[str]] = {}
    for rooms, parties in re.findall(r"^\| (`.*?) \| .*? \| (.*?) \|$", text, re.MULTILINE):
        for room, mine in zip(re.findall(r"`(\w+)`", rooms), parties.split("; "), strict=False):
            names = {name.partition(".")[0].casefold() for name in mine.split(", ")}
            told[room] = names - {"none"}

    meant: dict[str, set[str]] = {room: set() for room in told}
    for package, places in ROOMS_OF.items():
        for place in places:
            meant[place.partition("/")[0].removesuffix(".py")].add(package)
    assert meant == told


@pytest.mark.long
def test_rooms_are_stacked() -> None:
    """The layers of pyproject.toml hold; every module stands in one of them."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert 0 == done.returncode, done.stdout + done.stderr


def test_each_package_is_imported_where_it_belongs() -> None:
    """Third parties stand behind one door each; a new one is put into the table first."""
    found: dict[str, set[str]] = defaultdict(set)
    for path, tree in MODULES.items():
        for package in set(imported(tree)) - sys.stdlib_module_names - {"aggregator"}:
            room = path.partition("/")[0]
            allowed = ROOMS_OF.get(package, set())
            found[package].add(room if room in allowed else path)

    assert ROOMS_OF == found


def test_each_dependency_is_used() -> None:
    """What the project asks to be installed is imported by it, or said to be for a system."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {
        # A package in a namespace is known by that.
        re.split(r"[\[>.]", dependency)[0].lower().replace("-", "_")
        for dependency in (
            *project["dependencies"],
            *project["optional-dependencies"]["postgres"],
        )
        if ";" not in dependency
    }

    assert {IMPORTED_AS.get(name, name) for name in names} == ROOMS_OF.keys()


def test_modules_are_short() -> None:
    """One subject each."""
    long = {
        path: count
        for path in MODULES
        if (count := len((HOUSE / path).read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    }

    assert {} == long


def test_functions_are_short() -> None:
    """Lines of their docstrings do not count; the exceptions have a reason each."""
    long = {
        f"{path}:{name}"
        for path, tree in MODULES.items()
        for name, function in functions(tree)
        if length(function) > FUNCTION_LINES
    }

    assert LONGER.keys() == long


def length(function: Function) -> int:
    """Lines from def to the end, without the docstring."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        assert docstring.end_lineno is not None
        lines -= docstring.end_lineno - docstring.lineno + 1
    return lines


def test_public_functions_say_what_they_promise() -> None:
    """Each module, public class, function and method has a docstring."""
    silent = [path for path, tree in MODULES.items() if not ast.get_docstring(tree)]
    for path, tree in MODULES.items():
        if path.startswith("store/migrations/"):
            continue
        silent += [
            f"{path}:{name}"
            for name, function in functions(tree)
            if not any(part.startswith("_") for part in name.split("."))
            and not ast.get_docstring(function)
        ]
        silent += [
            f"{path}:{node.name}"
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
        ]

    assert [] == silent


def test_nothing_but_the_clock_reads_the_time() -> None:
    """The present comes in as a value; what measures how long something took is monotonic."""
    readers = {
        path
        for path, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in {"today", "utcnow"} or _is_now(node.func))
    }

    assert {"calendar/clocks.py"} == readers


def _is_now(function: ast.Attribute) -> bool:
    """``datetime.now`` or ``time.time``."""
    owner = function.value
    return isinstance(owner, ast.Name) and (owner.id, function.attr) in {
        ("datetime", "now"),
        ("time", "time"),
    }
