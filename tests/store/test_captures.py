"""The folder of captures: whole, and bounded for each feed."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.domain.errors import StoreError
from aggregator.store import captures
from aggregator.store.captures import CaptureFolder


def stamp(number: int) -> str:
    return f"20240304T{number:06d}Z"


def test_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one feed; those of a feed whose id only begins alike stay."""
    monkeypatch.setattr(captures, "MOST", 3)
    folder = CaptureFolder(tmp_path / "captures")
    folder.keep("molit-press", f"molit-press-{stamp(0)}", {"a": b"1"})
    for number in range(5):
        folder.keep("molit", f"molit-{stamp(number)}", {"a": b"1"})

    assert [f"molit-{stamp(number)}" for number in (2, 3, 4)] == [
        one.name for one in folder.of("molit")
    ]
    assert 1 == len(folder.of("molit-press"))


def test_numbered_ones_stand_in_order(tmp_path: Path) -> None:
    """The tenth of one instant is newer than the second."""
    folder = CaptureFolder(tmp_path)
    for _ in range(11):
        folder.keep("molit", f"molit-{stamp(1)}", {"a": b"1"})

    names = [one.name for one in folder.of("molit")]

    assert (f"molit-{stamp(1)}", f"molit-{stamp(1)}-11") == (names[0], names[-1])


def test_their_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest stays, whatever its size."""
    monkeypatch.setattr(captures, "MOST_BYTES", 10)
    folder = CaptureFolder(tmp_path)
    for number, size in enumerate((4, 6, 4, 20)):
        folder.keep("molit", f"molit-{stamp(number)}", {"a": b"x" * size})
        if number == 2:
            assert 2 == len(folder.of("molit"))

    assert [f"molit-{stamp(3)}"] == [one.name for one in folder.of("molit")]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """One line that names it."""
    (tmp_path / "captures").write_text("a file")

    with pytest.raises(StoreError, match="captures"):
        CaptureFolder(tmp_path / "captures").keep("molit", f"molit-{stamp(1)}", {"a": b"1"})
