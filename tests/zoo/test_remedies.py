"""Each case fails without the place in the program that makes it right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.zoo.cases import Case, load
from tests.zoo.ours import check
from tests.zoo.remedies import without

CASES = [case for case in load() if case.remedies]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_fails_without_its_remedy(case: Case, tmp_path: Path) -> None:
    """The reading runs to its end without the remedy, and is wrong."""
    with without(*case.remedies):
        found = check(case, tmp_path)
    assert [] != found, f"{case.remedies} make no difference"
