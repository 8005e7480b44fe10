"""docs/config.md keeps up with the file format."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import fields

from aggregator.config import load_config
from aggregator.config.schema import FileTable

DOCS = Path(__file__).parents[2] / "docs" / "config.md"


def _structs(kind: Any, found: set[type[msgspec.Struct]]) -> set[type[msgspec.Struct]]:  # noqa: ANN401 - types are data
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in found:
        found.add(kind)
        for info in fields(kind):
            _structs(info.type, found)
    for inner in get_args(kind):
        _structs(inner, found)
    return found


@pytest.mark.parametrize("struct", sorted(_structs(FileTable, set()), key=str))
def test_every_key_is_documented(struct: type[msgspec.Struct]) -> None:
    """Each key of each table stands in the documentation as code."""
    text = DOCS.read_text(encoding="utf-8")
    assert [info.name for info in fields(struct) if f"`{info.name}`" not in text] == []


def test_example_of_the_documentation_is_accepted(tmp_path: Path) -> None:
    """The small complete file is complete."""
    example = DOCS.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    file = tmp_path / "feeds.toml"
    file.write_text(example, encoding="utf-8")
    assert tomllib.loads(example)["schema"] == 1
    assert load_config(file, {}).warnings == ()
