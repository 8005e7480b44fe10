"""The configuration of a running desk: read again when it changes, refused when it is wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator.bootstrap import App
from aggregator.daemon.reload import ConfigFile
from aggregator.daemon.tick import RunningDesk
from tests.daemon.test_daemon import OFFICES, end, running
from tests.fixtures.asking import ask
from tests.fixtures.http import serve
from tests.fixtures.program import opened


def rewrite(file: Path, *changes: tuple[str, str]) -> None:
    """Change the file as an editor does that writes a new one in its place."""
    text = file.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    fresh = file.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(file)


def reload(file: ConfigFile, app: App) -> App | None:
    """Look, and take what is good."""
    config = file.look(app)
    return None if config is None else file.take(app, config)


def test_a_file_that_did_not_change_is_not_read(tmp_path: Path) -> None:
    """Nothing is loaded for nothing."""
    with opened(tmp_path, 1) as app:
        assert reload(ConfigFile.of(app), app) is None


def test_a_changed_file_is_in_force(tmp_path: Path) -> None:
    """Feeds are mirrored; the store is the one that was open."""
    with opened(tmp_path, 1) as app:
        file = ConfigFile.of(app)
        rewrite(app.config.path, ('id = "msit"', 'id = "msit"\nactive = false'))
        changed = reload(file, app)
        assert changed is not None
        assert changed.store is app.store
        assert [False] == [feed.active for feed in changed.config.feeds if feed.id == "msit"]
        assert reload(file, changed) is None


def test_a_bad_file_is_refused_with_its_mistakes(tmp_path: Path) -> None:
    """Once, with each line; the old configuration stays until the file changes again."""
    with opened(tmp_path, 1) as app:
        file = ConfigFile.of(app)
        rewrite(app.config.path, ('id = "msit"', 'id = "msit"\nevery = "1 hour"'))
        with capture_logs() as lines:
            assert reload(file, app) is None
            assert reload(file, app) is None
        (line,) = lines
        assert "config_refused" == line["event"]
        assert "'1 hour' is no duration" in line["problems"][0]
        for language, words in (("ko", "받아들이지 않았습니다"), ("en", "was refused")):
            text = ask(app, "/status", query=f"lang={language}").text
            assert words in text
            assert "is no duration" in text
        rewrite(app.config.path, ('every = "1 hour"', 'every = "1h"'))
        assert reload(file, app) is not None


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    """As one that was never there."""
    with opened(tmp_path, 1) as app, capture_logs() as lines:
        file = ConfigFile.of(app)
        app.config.path.unlink()
        assert reload(file, app) is None
    assert "there is no such file" in lines[0]["problems"][0]


def test_what_is_settled_at_the_start_stays(tmp_path: Path) -> None:
    """Another folder waits for the next start, and a line says so; the rest is in force."""
    with opened(tmp_path, 1) as app:
        file = ConfigFile.of(app)
        rewrite(
            app.config.path,
            ('id = "msit"', 'id = "msit"\nactive = false'),
            ("schema = 1", 'schema = 1\nserver = { listen = "127.0.0.1:9" }'),
        )
        with capture_logs() as lines:
            changed = reload(file, app)
        assert changed is not None
        assert app.config.listen == changed.config.listen
        assert ["listen"] == next(
            line["keys"] for line in lines if line["event"] == "config_needs_a_restart"
        )


def test_a_tick_visits_a_feed_that_was_just_switched_on(tmp_path: Path) -> None:
    """The next tick after the change is enough."""

    async def go(port: int) -> None:
        with opened(tmp_path, port) as app:
            rewrite(app.config.path, ('id = "msit"', 'id = "msit"\nactive = false'))
            app.sync()
            desk = RunningDesk.open(app)
            desk.file.stamp = None
            await desk.tick()
            rewrite(app.config.path, ("active = false\n", ""))
            await desk.tick()
            await desk.aclose()

    with serve(OFFICES) as office:
        asyncio.run(go(office.port))
    assert "www.msit.example" == office.asked[-1].headers["host"]


@pytest.mark.long
def test_sighup_reads_the_file_at_once(tmp_path: Path) -> None:
    """Without waiting for the next minute; the daemon goes on."""
    with serve(OFFICES) as office, running(tmp_path, office.port) as (process, _):
        deadline = time.monotonic() + 20
        while not (tmp_path / "public" / "feed.atom").exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        asked = len(office.asked)
        config = tmp_path / "feeds.toml"
        rewrite(config, ('id = "msit"', 'id = "msit"\ntimezone = "UTC"'))
        os.kill(process.pid, signal.SIGHUP)
        while len(office.asked) == asked:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        status, errors, _ = end(process, signal.SIGTERM)
    assert (0, []) == (status, errors)
    assert "www.msit.example" == office.asked[-1].headers["host"]
