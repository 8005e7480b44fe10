"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from aggregator.domain.errors import SinkError
from aggregator.ports import Artefact
from aggregator.publish.sink import FileSink


@pytest.fixture
def sink(tmp_path: Path) -> FileSink:
    """A sink on a folder that is not there yet."""
    return FileSink(tmp_path / "public")


def art(path: str, body: bytes = b"new") -> Artefact:
    """An artefact."""
    return Artefact(path=path, body=body)


def test_files_are_written_below_the_root(sink: FileSink) -> None:
    """Folders are made as needed."""
    assert 2 == sink.write([art("index.html"), art("en/index.html", b"english")])
    assert b"english" == (sink.root / "en/index.html").read_bytes()


def test_equal_files_are_left_alone(sink: FileSink) -> None:
    """The number counts changes, and an untouched file keeps its inode."""
    sink.write([art("a"), art("b")])
    before = (sink.root / "a").stat().st_ino
    assert 1 == sink.write([art("a"), art("b", b"changed")])
    assert before == (sink.root / "a").stat().st_ino


def test_a_failing_write_leaves_the_old_file(
    sink: FileSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is one clear line; the old file stands and no remains are left."""
    sink.write([art("feed.atom", b"old")])

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SinkError, match=r"feed\.atom: No space left on device; make room"):
        sink.write([art("feed.atom", b"new")])
    assert b"old" == (sink.root / "feed.atom").read_bytes()
    assert ["feed.atom"] == [file.name for file in sink.root.iterdir()]


def test_a_folder_in_the_place_of_a_file_is_named(sink: FileSink) -> None:
    """The error says which path cannot be written."""
    (sink.root / "index.html").mkdir(parents=True)
    with pytest.raises(SinkError, match=r"index\.html: Is a directory"):
        sink.write([art("index.html")])


@pytest.mark.parametrize(
    "path", ["../x", "/etc/x", "a/../../x", "a//b", "", ".", "a\\b", "a\0b", "c:x"]
)
def test_a_path_outside_the_root_is_refused(sink: FileSink, path: str) -> None:
    """Before anything is written."""
    with pytest.raises(SinkError, match="not a path below"):
        sink.write([art("good"), art(path)])
    assert not sink.root.exists()


def test_a_link_out_of_the_root_is_refused(sink: FileSink, tmp_path: Path) -> None:
    """A folder below the root that leads elsewhere is not followed."""
    sink.root.mkdir()
    (sink.root / "out").symlink_to(tmp_path)
    with pytest.raises(SinkError, match="a link leads outside"):
        sink.write([art("out/x")])


def test_prune_removes_what_is_no_longer_made(sink: FileSink) -> None:
    """With the folders that it leaves empty."""
    sink.write([art("index.html"), art("bodies/gone/index.html")])
    assert 1 == sink.prune({"index.html"})
    assert ["index.html"] == [file.name for file in sink.root.iterdir()]
    assert 0 == sink.prune({"index.html"})


def test_prune_leaves_files_of_others(sink: FileSink) -> None:
    """What no build wrote is never removed."""
    sink.write([art("index.html")])
    (sink.root / "robots.txt").write_text("mine")
    assert 1 == sink.prune(set())
    assert ["robots.txt"] == [file.name for file in sink.root.iterdir()]


def test_prune_clears_remains_of_a_broken_write(sink: FileSink) -> None:
    """A temporary file that a loss of power left."""
    sink.write([art("index.html")])
    (sink.root / ".0123456789abcdef.writing").write_text("half")
    assert 0 == sink.prune({"index.html"})
    assert ["index.html"] == [file.name for file in sink.root.iterdir()]


def test_a_damaged_list_is_no_obstacle(sink: FileSink) -> None:
    """The list is written anew."""
    sink.write([art("index.html")])
    sink.manifest.write_text("{")
    assert 1 == sink.write([art("index.html", b"again")])


def test_files_can_be_read_by_a_web_server(sink: FileSink) -> None:
    """The rights follow the umask, not those of a temporary file."""
    old = os.umask(0o022)
    try:
        sink.write([art("index.html")])
    finally:
        os.umask(old)
    assert 0o644 == stat.S_IMODE((sink.root / "index.html").stat().st_mode)
