"""The doctor: what it finds, and that it changes nothing."""

from __future__ import annotations

import hashlib
import json
import socket
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aggregator.bootstrap import App, open_app
from aggregator.cli.app import State
from aggregator.cli.doctor import doctor
from aggregator.doctor.database import look_at_database
from aggregator.doctor.files import look_at_files
from aggregator.doctor.finding import Level
from aggregator.doctor.machine import look_at_machine
from aggregator.doctor.network import look_at_network
from aggregator.doctor.parts import database_file, new_tls_context
from aggregator.domain.visits import Chore, ChoreState, FeedState
from aggregator.store.schema import REVISIONS
from tests.fixtures.program import opened, write_config
from tests.fixtures.records import make_visit

NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)
WRITERS = 0o666


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A desk with a database that is up to date."""
    with opened(tmp_path, 1) as made:
        made.sync()
        yield made


def call(file: Path, *options: str, environ: dict[str, str] | None = None) -> Result:
    """The verb, with its exit status as the program's."""
    state = State(config=file, now=NOW, verbose=False, environ=environ or {})
    return CliRunner().invoke(doctor, options, obj=state, standalone_mode=False)


def found(file: Path, environ: dict[str, str] | None = None) -> dict[str, tuple[str, str]]:
    """Level and text of each look; of several of a kind the worst."""
    lines = call(file, "--json", environ=environ).stdout.splitlines()
    all_of_it = sorted((json.loads(line) for line in lines), key=lambda one: one["level"] != "ok")
    return {one["check"]: (one["level"], one["says"]) for one in all_of_it}


def file_of(app: App) -> Path:
    """The file of its database."""
    file = database_file(app.config.database_url)
    assert file is not None
    return file


def looked(app: App) -> dict[str, Level]:
    """How the database is."""
    looks = look_at_database(
        app.store, "here", wanted=app.schema, known=REVISIONS, now=app.clock.now()
    )
    return {one.check: one.level for one in looks}


def prints(folder: Path) -> dict[str, str]:
    """Every file by its bytes."""
    return {
        str(one): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in folder.rglob("*")
        if one.is_file()
    }


def test_a_sound_desk_has_no_fault(app: App) -> None:
    """Exit status 0, and a summary at the end."""
    app.config.path.chmod(0o600)
    file_of(app).chmod(0o600)
    result = call(app.config.path)
    assert 0 == result.return_value, result.output
    assert result.stdout.splitlines()[-1].startswith("0 faults, ")


def test_it_changes_nothing(tmp_path: Path) -> None:
    """Also where a schema is behind, and where nothing is there yet."""
    file = write_config(tmp_path, 1)
    before = prints(tmp_path)
    assert "not there yet" in found(file)["database"][1]
    assert before == prints(tmp_path)
    app = open_app(file, now=NOW, environ={})
    app.sync()
    app.close()
    with sqlite3.connect(file_of(app)) as database:
        database.execute("UPDATE alembic_version SET version_num = '0003'")
    database.close()
    before = prints(tmp_path)
    assert ("warning", f"version 0003, this program works with {app.schema}") == found(file)[
        "schema"
    ]
    assert before == prints(tmp_path)


def test_a_newer_schema_is_a_fault(app: App) -> None:
    """The program would refuse it."""
    with sqlite3.connect(file_of(app)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    assert Level.FAULT is looked(app)["schema"]
    assert "tick" not in looked(app)


def test_a_bad_configuration_is_all_there_is_to_say(tmp_path: Path) -> None:
    """Each mistake with its line, and status 1."""
    file = write_config(tmp_path, 1)
    file.write_text(file.read_text("utf-8") + "\nnonsense = 1\n[[[", "utf-8")
    result = call(file, "--json")
    assert 1 == result.return_value
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert {("fault", "config")} == {(one["level"], one["check"]) for one in lines}


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """It is named, and left as it is."""
    file = write_config(tmp_path, 1)
    app = open_app(file, now=NOW, environ={})
    file_of(app).parent.mkdir(parents=True, exist_ok=True)
    file_of(app).write_bytes(b"no database at all" * 100)
    assert "fault" == found(file)["database"][0]


def test_a_damaged_database_is_found(app: App) -> None:
    """By the quick check; whatever else, a fault."""
    file = file_of(app)
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'ix_feed_state_host'"
        ).fetchone()[0]
        size = database.execute("PRAGMA page_size").fetchone()[0]
    database.close()
    app.store.close()
    body = bytearray(file.read_bytes())
    body[(page - 1) * size : page * size] = b"\xff" * size
    file.write_bytes(body)
    assert Level.FAULT is looked(app)["integrity"]


def test_a_tick_that_is_old_is_a_warning(app: App) -> None:
    """And one that never was."""
    assert Level.WARNING is looked(app)["tick"]
    now = app.clock.now()
    app.store.save_chore(ChoreState(chore=Chore.TICK, done_at=now))
    assert Level.OK is looked(app)["tick"]
    late = now - timedelta(minutes=11)
    app.store.save_chore(ChoreState(chore=Chore.TICK, done_at=late))
    assert Level.WARNING is looked(app)["tick"]


def test_visits_that_are_still_to_come_are_a_fault(app: App) -> None:
    """The clock was set back, and feeds would wait."""
    feed, later = app.desk.feeds[0].id, app.clock.now() + timedelta(days=1)
    app.store.record_visit(FeedState(feed_id=feed, last_try_at=later), make_visit(feed, later))
    assert Level.FAULT is looked(app)["clock_past"]


def test_leases_of_the_dead_are_told(app: App) -> None:
    """The next visit takes them away."""
    now = app.clock.now()
    token = f"{socket.gethostname()}/4194305/1/dead"
    app.store.claim_feeds(
        {app.desk.feeds[0].id: "h"}, now=now, until=now + timedelta(minutes=2), token=token
    )
    assert Level.WARNING is looked(app)["leases"]


def test_secrets_are_missed_and_never_shown(app: App) -> None:
    """A short token, half a login."""
    text = app.config.path.read_text("utf-8")
    notify = '[notify]\nto = ["me@news.example"]\nsender = "a@news.example"\n'
    notify += 'smtp = "smtp://mail.example:587"\n\n[publish]\n'
    app.config.path.write_text(text.replace("[publish]\n", notify, 1), "utf-8")
    environ = {"AGG_SMTP_PASSWORD": "hunter2-hunter2", "AGG_METRICS_TOKEN": "tiny-token"}
    seen = found(app.config.path, environ)
    assert ("fault", "fault") == (seen["smtp"][0], seen["metrics"][0])
    output = call(app.config.path, environ=environ).output
    assert "hunter2" not in output
    assert "tiny-token" not in output


def test_what_others_may_write_is_a_fault(tmp_path: Path) -> None:
    """And left-overs of work that was ended are told."""
    (tmp_path / ".rebuild-x").mkdir()
    file = tmp_path / "feeds.toml"
    file.touch()
    file.chmod(WRITERS)
    seen = {one.check: one.level for one in look_at_files(tmp_path, file, None)}
    assert (Level.FAULT, Level.WARNING) == (seen["rights"], seen["left_over"])


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "var").touch()
    looks = look_at_files(tmp_path / "var" / "deep", tmp_path / "feeds.toml", None)
    assert Level.FAULT is next(one.level for one in looks if one.check == "writable")


def test_the_machine() -> None:
    """A zone that is none, a clock without a battery, authorities that cannot be read."""

    def broken() -> None:
        raise OSError("no such file")

    now = datetime(1970, 1, 2, tzinfo=UTC)
    looks = look_at_machine({"Asia/Seoul", "Mars/Base"}, broken, now)  # type: ignore[arg-type]
    seen = [(one.check, one.level) for one in looks]
    assert ("clock", Level.FAULT) in seen
    assert ("time_zones", Level.OK) in seen
    assert ("time_zones", Level.FAULT) in seen
    assert ("certificates", Level.FAULT) in seen


def test_this_machine_trusts_somebody(app: App) -> None:
    """The context of feeds."""
    looks = look_at_machine({"Asia/Seoul"}, new_tls_context, NOW)
    assert {Level.OK} == {one.level for one in looks}


def test_hosts_are_connected_to_through_the_guard(tmp_path: Path) -> None:
    """One that listens, and one that does not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with opened(tmp_path, port) as app:
            levels = {one.level for one in look_at_network(app.desk.feeds, app.guard())}
            assert {Level.OK} == levels
    with opened(tmp_path, port) as app:
        assert {Level.WARNING} == {
            one.level for one in look_at_network(app.desk.feeds, app.guard())
        }
