"""The shipped units: right in systemd's eyes, shut in, and wide enough for the program."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.fixtures import sandbox

ROOT = Path(__file__).parents[2]
UNITS = ROOT / "deploy/systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")
PROGRAM = "/opt/aggregator/bin/aggregator"
MOST_EXPOSED = 15
"""Tenths of systemd's own score, from 0 (shut in) to 100; what stays is the network, and the files of /proc."""

needs_systemd = pytest.mark.skipif(
    ANALYZE is None and os.environ.get("AGG_REQUIRE") != "all",
    reason="systemd-analyze is not installed",
)


def _has_seccomp() -> bool:
    try:
        ctypes.CDLL(sandbox.LIBRARY)
    except OSError:
        return False
    return True


def _analyze(*words: str) -> subprocess.CompletedProcess[str]:
    assert ANALYZE
    return subprocess.run(
        [ANALYZE, *words], capture_output=True, text=True, timeout=60, check=False
    )


def _settings(service: str, key: str) -> list[str]:
    text = (UNITS / service).read_text(encoding="utf-8")
    return re.findall(rf"(?m)^{key}=(.*)$", text)


@needs_systemd
def test_systemd_finds_nothing(tmp_path: Path) -> None:
    """With a program in the place of the installed one, which need not be here."""
    for unit in UNITS.iterdir():
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, sys.executable)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = [
        str(path) for path in tmp_path.iterdir() if path.suffix in {".service", ".target", ".timer"}
    ]

    done = _analyze("verify", "--man=no", *units)

    assert (0, "") == (done.returncode, done.stderr)


@needs_systemd
@pytest.mark.parametrize("service", SERVICES)
def test_the_service_is_shut_in(service: str) -> None:
    """By systemd's own measure."""
    done = _analyze(
        "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", str(UNITS / service)
    )
    assert 0 == done.returncode, done.stdout


@pytest.mark.parametrize("service", SERVICES)
def test_all_services_are_shut_in_alike(service: str) -> None:
    """One wall, written down in each file: systemd has no way to share it that survives a copy."""
    mark = "# What it may."
    walls = [
        (UNITS / name).read_text(encoding="utf-8").partition(mark)[2].partition("\n[Install]")[0]
        for name in (service, "aggregator.service")
    ]
    assert walls[0].strip()
    assert walls[0].strip() == walls[1].strip()


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_is_in_the_environment(service: str) -> None:
    """``systemctl show`` prints an environment to everybody; credentials it does not."""
    assert ["secret:/etc/aggregator/secrets"] == _settings(service, "LoadCredential")
    assert not re.search(r"PASSWORD|TOKEN|AGG_DATABASE", "".join(_settings(service, "Environment")))


@cache
def _allowed() -> str:
    """The system calls of the unit's filter, its groups taken apart by systemd."""
    groups = {
        part.splitlines()[0].strip(): {
            line.strip() for line in part.splitlines()[1:] if not line.strip().startswith("#")
        }
        for part in _analyze("syscall-filter").stdout.split("\n\n")
        if part.strip().startswith("@")
    }

    def calls(words: str) -> set[str]:
        found: set[str] = set()
        for word in words.split():
            found |= calls(" ".join(groups[word])) if word.startswith("@") else {word}
        return found

    named: set[str] = set()
    for line in _settings("aggregator.service", "SystemCallFilter"):
        named = named - calls(line[1:]) if line.startswith("~") else named | calls(line)
    return " ".join(sorted(named | calls("@default")))


@needs_systemd
@pytest.mark.long
@pytest.mark.skipif(
    not _has_seccomp() and os.environ.get("AGG_REQUIRE") != "all",
    reason="libseccomp is not installed",
)
def test_the_program_works_behind_the_wall(tmp_path: Path) -> None:
    """Visits, reading in child processes with limits of their own, the site, a whole issue."""
    command = [sys.executable, "-m", "aggregator", "demo", "--once"]
    done = subprocess.run(
        [sys.executable, sandbox.__file__, _allowed(), *command],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    assert (tmp_path / "var/demo/public/issues/48/index.html").is_file()


@needs_systemd
@pytest.mark.skipif(
    not _has_seccomp() and os.environ.get("AGG_REQUIRE") != "all",
    reason="libseccomp is not installed",
)
@pytest.mark.parametrize(
    "code",
    [
        "import os; os.chroot('/')",
        "import mmap; mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC)",
    ],
)
def test_the_wall_is_there(code: str) -> None:
    """What the filter refuses is refused in the test above, too."""
    done = subprocess.run(
        [sys.executable, sandbox.__file__, _allowed(), sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (1, True) == (done.returncode, "PermissionError" in done.stderr)
