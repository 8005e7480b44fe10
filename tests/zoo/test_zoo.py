"""Every case of the zoo, read as a refresh would read it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.zoo.cases import HERE, KINDS, Case, load
from tests.zoo.ours import check

CASES = load()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, tmp_path: Path) -> None:
    """What the office meant is what is read."""
    assert [] == check(case, tmp_path), case.claim


def test_each_claim_is_made_once() -> None:
    """No two cases say the same, and each has a kind that is counted."""
    assert len(CASES) == len({case.claim for case in CASES})
    assert set(KINDS) == {case.kind for case in CASES}


def test_no_file_is_left_over() -> None:
    """Every document belongs to a case."""
    used = {path.name for case in CASES for path in case.files}
    inputs = {path.name for path in HERE.glob("[0-9]*") if path.suffix != ".json"}
    assert used == inputs


def test_a_case_without_remedy_says_why() -> None:
    """Either a place in the program makes a case right, or none is needed."""
    assert [] == [case.name for case in CASES if bool(case.remedies) == bool(case.why_no_remedy)]


@pytest.mark.parametrize("file", ["README.md", "README.ko.md"])
def test_the_readme_counts_every_case(file: str) -> None:
    """The figures of the project's front page are of the cases as they are now."""
    text = (HERE.parents[1] / file).read_text(encoding="utf-8")
    wanted = rf"\b{len(CASES)} small documents|문서 {len(CASES)}개"
    assert re.search(wanted, text)
