"""What the daemon tells the collector of cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from aggregator.daemon.serving import settle


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_loaded_is_passed_over() -> None:
    """Later collections do not look through it; what is made afterwards is collected as before."""
    settle()

    assert 10_000 < gc.get_freeze_count()
    assert 10_000 > len(gc.get_objects())
