"""Copies of pictures: known by their first bytes, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.domain.errors import SinkError
from aggregator.ports.publishing import Artefact
from aggregator.publish.pictures import PictureFolder
from tests.fixtures.desk import PNG

URL = "https://lx.example/p"


@pytest.mark.parametrize(
    ("body", "suffix"),
    [
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0rest", "jpg"),
        (b"GIF87a....", "gif"),
        (b"GIF89a....", "gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
    ],
)
def test_a_picture_is_kept_under_its_own_kind(tmp_path: Path, body: bytes, suffix: str) -> None:
    """Whatever its address ends with; it is found again and published as it came."""
    pictures = PictureFolder(tmp_path / "pictures")

    path = pictures.keep(URL, body)

    assert path.endswith(f".{suffix}")
    assert path == pictures.path_of(URL)
    assert [Artefact(path=path, copy_of=tmp_path / path)] == pictures.artefacts()
    assert body == (tmp_path / path).read_bytes()


@pytest.mark.parametrize("body", [b"", b"<svg onload='x'/>", b"RIFF\0\0\0\0WAVE", b"\x89PN"])
def test_what_is_no_picture_is_refused(tmp_path: Path, body: bytes) -> None:
    """Nothing is stored of it."""
    pictures = PictureFolder(tmp_path / "pictures")

    with pytest.raises(ValueError, match="no PNG, JPEG, GIF or WebP"):
        pictures.keep(URL, body)

    assert [] == pictures.artefacts()
    assert pictures.path_of(URL) is None


def test_an_address_names_no_path(tmp_path: Path) -> None:
    """Dots and strokes in an address lead nowhere."""
    pictures = PictureFolder(tmp_path / "a" / "pictures")

    path = pictures.keep("https://x.example/../../../etc/passwd\0", PNG)

    assert path == f"pictures/{Path(path).name}"
    assert [Path(path).name] == [file.name for file in (tmp_path / "a" / "pictures").iterdir()]


def test_a_blocked_folder_is_told(tmp_path: Path) -> None:
    """A file in its place is a SinkError of one line."""
    (tmp_path / "pictures").write_text("in the way")
    pictures = PictureFolder(tmp_path / "pictures")

    with pytest.raises(SinkError, match="cannot write"):
        pictures.keep(URL, PNG)

    assert [] == pictures.artefacts()


def test_a_failed_copy_leaves_nothing(tmp_path: Path) -> None:
    """Neither the copy nor a part of it."""
    pictures = PictureFolder(tmp_path / "pictures")
    taken = tmp_path / pictures.keep(URL, PNG)
    taken.unlink()
    (taken / "inside").mkdir(parents=True)

    with pytest.raises(SinkError):
        pictures.keep(URL, PNG)

    assert [taken.name] == [file.name for file in taken.parent.iterdir()]


def test_a_copy_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A folder in the place of a copy is a SinkError."""
    (tmp_path / "0.png").mkdir()

    with pytest.raises(SinkError, match=r"cannot read .*0\.png"):
        PictureFolder(tmp_path).artefacts()
