"""The project's own checkers find nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    "arguments",
    [
        ("ruff", "check", "--no-cache", "."),
        ("ruff", "format", "--no-cache", "--check", "."),
        ("mypy", "--cache-dir", ".mypy_cache", "aggregator", "tests"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_checker_finds_nothing(arguments: tuple[str, ...]) -> None:
    """With the settings of pyproject.toml, over program and tests."""
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert 0 == done.returncode, done.stdout + done.stderr
