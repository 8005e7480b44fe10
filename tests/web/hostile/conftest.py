"""What the tests of hostile items share: the newsroom that they went through."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.bootstrap import App
from tests.fixtures.hostile_newsroom import edit_all, hostile_newsroom, opened_again, publish_all


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The newsroom when the feeds have been read, when everything was edited, and when it is out."""
    root = tmp_path_factory.mktemp("hostile")
    stages: tuple[tuple[str, Callable[[App], None]], ...] = (
        ("edited", edit_all),
        ("printed", publish_all),
    )
    with hostile_newsroom(root / "arrived"):
        pass
    before = root / "arrived"
    for name, change in stages:
        shutil.copytree(before, root / name)
        with opened_again(root / name) as app:
            change(app)
        before = root / name
    return {one.name: one for one in root.iterdir()}
