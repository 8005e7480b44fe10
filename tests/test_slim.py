"""What the command loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

REFRESH = "import aggregator.cli.feeds, aggregator.fetch.http, aggregator.observe"


def loaded(statement: str) -> set[str]:
    """The modules that are there after a statement, in a Python of its own."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("package", ["rich", "pygments", "httpx._main"])
def test_a_refresh_loads_no_extras(package: str) -> None:
    """Colours and command lines of other packages are not for a daemon."""
    assert package not in loaded(REFRESH)


def test_a_visit_without_news_needs_no_rules() -> None:
    """What folds and classifies is loaded when something came."""
    unwanted = (
        "aggregator.curate.copies.fold_stories",
        "aggregator.services.intake.new_documents",
        "numpy",
    )
    assert set() == loaded(REFRESH) & set(unwanted)


def test_extras_are_there_for_who_wants_them() -> None:
    """After the import they can be imported as ever."""
    assert "rich.console" in loaded(f"{REFRESH}\nimport rich.console")
