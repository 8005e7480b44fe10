"""The demo keeps to its own folder, whatever the environment says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long


def test_the_demo_never_touches_a_configured_database(tmp_path: Path) -> None:
    """AGG_DATABASE names the operator's own; the demo leaves it alone."""
    mine = tmp_path / "mine.db"

    subprocess.run(
        [sys.executable, "-m", "aggregator", "demo", "--draft"],
        cwd=tmp_path,
        env={**os.environ, "AGG_DATABASE": f"sqlite:///{mine}"},
        capture_output=True,
        timeout=120,
        check=True,
    )

    assert not mine.exists()
    assert (tmp_path / "var/demo/aggregator.db").exists()
