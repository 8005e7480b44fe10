"""A newsroom for each test, closed in the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.services.desk import Desk
from tests.fixtures.desk import make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk on the issue's day, its store empty."""
    made = make_desk(tmp_path)
    yield made
    made.store.close()
