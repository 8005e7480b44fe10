"""The holidays of a year are computed once and kept for the next command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import holidays
import pytest

from aggregator.calendar import working_days
from aggregator.calendar.working_days import is_working_day, keep_in

SEOLLAL = date(2026, 2, 17)
WORKED = date(2026, 2, 19)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """Where they are kept, in a desk of its own."""
    keep_in(tmp_path / "holidays.json")
    yield tmp_path / "holidays.json"
    working_days._kept_in.clear()
    working_days._holidays.cache_clear()


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("asked the package again")

    monkeypatch.setattr(holidays, "country_holidays", refuse)


def test_the_next_command_reads_what_was_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package is not asked a second time, and the days are the same."""
    first = [is_working_day(SEOLLAL), is_working_day(WORKED)]
    forbid(monkeypatch)
    keep_in(file)

    assert [False, True] == first == [is_working_day(SEOLLAL), is_working_day(WORKED)]


def test_another_version_of_the_package_is_asked(file: Path) -> None:
    """A holiday that was proclaimed since comes with an update."""
    is_working_day(WORKED)
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["made_by"] = "an older one"
    kept["years"]["2026"] = [str(WORKED)]
    file.write_text(json.dumps(kept), encoding="utf-8")
    keep_in(file)

    assert is_working_day(WORKED)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"made_by": 1}', '{"made_by": "%s", "years": {"2026": ["x"]}}']
)
def test_a_file_that_cannot_be_used_is_none(file: Path, text: str) -> None:
    """It is written anew."""
    told = text.replace("%s", working_days._version())
    file.write_text(told, encoding="utf-8")

    assert not is_working_day(SEOLLAL)
    assert "2026-02-17" in json.loads(file.read_text(encoding="utf-8"))["years"]["2026"]


def test_a_folder_that_is_not_there_keeps_nothing(tmp_path: Path, file: Path) -> None:
    """The days are told all the same."""
    del file
    keep_in(tmp_path / "missing" / "holidays.json")

    assert not is_working_day(SEOLLAL)
    assert [] == [*tmp_path.iterdir()]
