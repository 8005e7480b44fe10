"""What the demo does with the program: its configuration, its clock, the recorded session."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Collection, Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path

from aggregator.demo.documents import PACKAGE, styles
from aggregator.domain.items import SEOUL

START = datetime(2024, 3, 4, 10, 0, tzinfo=SEOUL)
"""The first working day of March 2024, ten o'clock: No. 48 is due."""

NUMBER = 48
PORT_MARK = "127.0.0.1:0"
"""Stands in the packaged configuration for the port that the loopback server will get."""

FEED_HEADER = "[[feeds]]"


def prepare_folder(folder: Path) -> None:
    """Make the demo's own folder anew: what an earlier run left there is removed."""
    for name in ("public", "pictures"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for stale in folder.glob("aggregator.db*"):
        stale.unlink()
    folder.mkdir(parents=True, exist_ok=True)


def demo_config(port: int, without: Collection[str] = ()) -> str:
    """The demo's feeds.toml for a loopback server on ``port``, some feeds left out."""
    head, *blocks = _packaged("feeds.toml").split(f"\n{FEED_HEADER}")
    last, mark, tail = blocks[-1].partition("\n# --- the newsletter ---")
    kept = [block for block in (*blocks[:-1], last) if _feed_id(block) not in without]
    text = f"\n{FEED_HEADER}".join([head, *kept]) + mark + tail
    return text.replace(PORT_MARK, f"127.0.0.1:{port}")


def _feed_id(block: str) -> str:
    found: str = tomllib.loads(FEED_HEADER + block)["feeds"][0]["id"]
    return found


def feed_titles() -> Mapping[str, tuple[str, str]]:
    """Title and language of each feed that the loopback server writes, by feed id."""
    feeds = tomllib.loads(_packaged("feeds.toml"))["feeds"]
    return {
        feed["id"]: (feed["title"], feed.get("language", "ko"))
        for feed in feeds
        if feed["id"] in styles()
    }


def session_lines() -> list[str]:
    """The recorded editor's session: one command line each, without the program's name."""
    lines = (line.strip() for line in _packaged("session.txt").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def translation_file() -> str:
    """The English texts of No. 48 as a PO file."""
    return _packaged("issue-48.en.po")


def glossary_file() -> str:
    """How the newsletter renders names, as TOML."""
    return _packaged("glossary.toml")


def _packaged(name: str) -> str:
    return resources.files(PACKAGE).joinpath(name).read_text(encoding="utf-8")
