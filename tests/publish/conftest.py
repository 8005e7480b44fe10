"""The small planet that the tests of publishing share."""

from __future__ import annotations

import pytest

from aggregator.domain.publishing import Planet
from tests.fixtures.planets import make_planet


@pytest.fixture
def planet() -> Planet:
    """Five stories, two issues, four feeds."""
    return make_planet()
