"""Files are written whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from aggregator.domain.errors import SinkError
from aggregator.ports.publishing import Artefact
from aggregator.publish.files import locked
from aggregator.publish.sink import STALE_AFTER, FileSink


@pytest.fixture
def sink(tmp_path: Path) -> FileSink:
    """A sink on a folder that is not there yet."""
    return FileSink(tmp_path / "public")


def art(path: str, body: bytes = b"new") -> Artefact:
    """An artefact."""
    return Artefact(path=path, body=body)


def prune(sink: FileSink, keep: set[str]) -> int:
    """Remove what was written and is not kept; how many files."""
    with sink.alone() as files:
        return files.prune(keep)


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
    assert 1 == prune(sink, {"index.html"})
    assert ["index.html"] == [file.name for file in sink.root.iterdir()]
    assert 0 == prune(sink, {"index.html"})


def test_prune_leaves_files_of_others(sink: FileSink) -> None:
    """What no build wrote is never removed."""
    sink.write([art("index.html")])
    (sink.root / "robots.txt").write_text("mine")
    assert 1 == prune(sink, set())
    assert ["robots.txt"] == [file.name for file in sink.root.iterdir()]


def test_prune_clears_remains_of_a_broken_write(sink: FileSink) -> None:
    """A temporary file that a loss of power left long ago; one of today may still be written."""
    sink.write([art("index.html")])
    old, young = sink.root / ".1-0123456789abcdef.writing", sink.root / ".2-0123.writing"
    for remains in (old, young):
        remains.write_text("half")
    yesterday = time.time() - STALE_AFTER - 60
    os.utime(old, (yesterday, yesterday))
    assert 0 == prune(sink, {"index.html"})
    assert [young.name, "index.html"] == sorted(file.name for file in sink.root.iterdir())


@pytest.mark.parametrize("damage", ["{", '{"a": 1}', '["a", 1]', "\udcff"])
def test_a_damaged_list_is_made_anew_from_the_folder(sink: FileSink, damage: str) -> None:
    """What earlier builds wrote is not forgotten with it; hidden files stay."""
    sink.write([art("index.html"), art("bodies/gone/index.html")])
    (sink.root / ".well-known").mkdir()
    (sink.root / ".well-known" / "mine.txt").write_text("mine")
    sink.manifest.write_bytes(damage.encode(errors="surrogateescape"))
    assert ("index.html",) == sink.build([art("index.html", b"again")])
    assert [".well-known", "index.html"] == sorted(file.name for file in sink.root.iterdir())
    assert ["index.html"] == json.loads(sink.manifest.read_text())


def test_a_build_writes_and_prunes(sink: FileSink) -> None:
    """In one call, and says which files changed."""
    sink.build([art("a"), art("b")])
    assert ("c",) == sink.build([art("b"), art("c")])
    assert ["b", "c"] == sorted(file.name for file in sink.root.iterdir())


def test_a_second_builder_waits_and_then_gives_up(sink: FileSink) -> None:
    """While another holder has the lock nothing is written, and the error says why."""
    impatient = FileSink(sink.root, patience=0.1)
    with (
        locked(sink.lock, 0),
        pytest.raises(SinkError, match="another process is building the site"),
    ):
        impatient.build([art("index.html")])
    assert not sink.root.exists()
    assert ("index.html",) == impatient.build([art("index.html")])


def test_a_second_builder_gets_its_turn(sink: FileSink) -> None:
    """As soon as the first lets go."""
    with locked(sink.lock, 0):
        waiting = threading.Thread(target=sink.build, args=([art("index.html")],))
        waiting.start()
        time.sleep(0.2)
        assert not sink.root.exists()
    waiting.join(timeout=10)
    assert (sink.root / "index.html").is_file()


def test_what_cannot_be_written_leaves_all_as_it_was(sink: FileSink) -> None:
    """No other file of that build is shown, and no folder is left that was made for one."""
    sink.build([art("a", b"old"), art("z", b"old")])
    (sink.root / "z").unlink()
    (sink.root / "z").mkdir()
    with pytest.raises(SinkError, match="Is a directory"):
        sink.build([art("a"), art("b/c/new"), art("z")])
    assert ["a", "z"] == sorted(file.name for file in sink.root.iterdir())
    assert b"old" == (sink.root / "a").read_bytes()


def test_what_is_staged_is_not_shown(sink: FileSink) -> None:
    """Until that is asked for; what was staged last counts."""
    with sink.alone() as files:
        files.stage([art("a/page"), art("b")])
        files.stage([art("c")])
        assert [] == [f for f in sink.root.rglob("*") if not f.name.endswith(".writing")]
        assert ("c",) == files.show()
    assert ["c"] == [file.name for file in sink.root.iterdir()]


def test_a_copy_that_is_there_is_not_read(
    sink: FileSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its size and time; one that somebody changed is put right."""
    source = tmp_path / "kept.png"
    source.write_bytes(b"picture")
    copy = Artefact(path="pictures/a.png", copy_of=source)
    assert ("pictures/a.png",) == sink.build([copy])
    published = sink.root / "pictures" / "a.png"
    assert b"picture" == published.read_bytes()

    read, seen = Path.read_bytes, []

    def count(file: Path) -> bytes:
        seen.append(file)
        return read(file)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", count)
        assert () == sink.build([copy])
    assert {source, published}.isdisjoint(seen)

    published.write_bytes(b"PICTURE")
    assert ("pictures/a.png",) == sink.build([copy])
    assert b"picture" == published.read_bytes()


BUILDER = """
import sys
from pathlib import Path
from aggregator.ports.publishing import Artefact
from aggregator.publish.sink import FileSink
sink = FileSink(Path(sys.argv[1]))
for turn in range(15):
    sink.build([Artefact(path=f"page{n}/index.html", body=b"%d" % turn) for n in range(8)])
"""


def test_concurrent_builders_lose_nothing(sink: FileSink) -> None:
    """Two processes that build the same site again and again both end well, with every file."""
    builders = [
        subprocess.Popen(
            [sys.executable, "-c", BUILDER, str(sink.root)], stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [builder.communicate(timeout=120)[1] for builder in builders]
    assert [0, 0] == [builder.returncode for builder in builders], said
    assert 8 == len(json.loads(sink.manifest.read_text()))
    assert 8 == len(list(sink.root.rglob("index.html")))
    assert [] == list(sink.root.rglob("*.writing"))


def test_files_can_be_read_by_a_web_server(sink: FileSink) -> None:
    """The rights follow the umask, not those of a temporary file."""
    old = os.umask(0o022)
    try:
        sink.write([art("index.html")])
    finally:
        os.umask(old)
    assert 0o644 == stat.S_IMODE((sink.root / "index.html").stat().st_mode)
