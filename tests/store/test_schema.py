"""Opening databases: new, behind, newer, foreign, unreachable."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from aggregator.domain.errors import SchemaMismatch, StoreError, StoreUnavailable
from aggregator.domain.searching import Wanted
from aggregator.domain.stories import CurationPlan
from aggregator.store.engine import open_database, parse_address, place_of
from aggregator.store.schema import HEAD, REVISIONS, migration_config, open_store
from aggregator.store.sql import SqlStore
from aggregator.store.tables import items, metadata
from tests.fixtures.records import NOW, make_feed

ROOT = Path(__file__).parents[2]


def _is_of_sqlalchemy(name: str | None, kind: str, _of: object) -> bool:
    """The index of searches is another thing in each database, and no table of the records."""
    return kind != "table" or not str(name).startswith("search_index")


COMPARED = {"compare_type": True, "include_name": _is_of_sqlalchemy}


def _open(url: str) -> str:
    """Open and close a store; the error's code, or "" where there was none."""
    try:
        open_store(url).close()
    except StoreError as error:
        return f"{error.code}: {error}"
    return ""


def test_metadata_equals_migrations(store: SqlStore) -> None:
    """The migrations make exactly the tables that the queries use."""
    with store._db.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        assert [] == compare_metadata(context, metadata)


def test_checks_and_partial_indexes_are_migrated(store: SqlStore) -> None:
    """What the comparison of metadata does not look at is there as well."""
    seen = inspect(store._db.reader)
    assert ["ck_verdicts_ordered"] == [
        one["name"] for one in seen.get_check_constraints("verdicts")
    ]
    names = {one["name"] for one in seen.get_indexes("items")}
    assert {index.name for index in items.indexes} <= names


def test_the_known_revisions_are_alembics() -> None:
    """The constants name the revisions that exist, in their order."""
    script = ScriptDirectory.from_config(migration_config())
    known = [revision.revision for revision in script.walk_revisions()]
    assert list(REVISIONS) == known[::-1]
    assert script.get_current_head() == HEAD


def _at_first_schema(url: str) -> None:
    """A database as the first version of the program left it, with an item in a story."""
    database = open_database(url)
    config = migration_config()
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO feeds VALUES ('molit', 0, 'https://molit.example/rss', 'MOLIT', "
                "'molit', 'feed', 'press', 'body', 'auto', 90, 'ko', 'Asia/Seoul', NULL, '', "
                "(1 = 1), 3600, 86400, 20, 1000, '2024-03-04 01:00:00')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO items (feed_id, entry_key, key_id, guid, link, canonical_url, title, "
                "squashed_title, summary, content, body, language, published_at, "
                "published_precision, day, authors, thumbnail, enclosures, hash, rev, curated_rev, "
                "first_seen_at, last_seen_at) VALUES ('molit', 'guid:a', 'guid:a', 'a', "
                "'http://molit.example/a', 'https://molit.example/a', '국토부 인사', :squashed, '', "
                "'', 'molit', 'ko', '2024-03-04 01:00:00', 'time', '2024-03-04', '[]', '', '[]', "
                "'2:x', 1, 1, '2024-03-04 01:00:00', '2024-03-04 01:00:00')"
            ),
            {"squashed": "국토부인사" * 20},
        )
        connection.execute(
            text(
                "INSERT INTO stories (public_id, rev, first_seen_at, touched_at) VALUES "
                "('s1', 1, '2024-03-04 01:00:00', '2024-03-04 01:00:00')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO memberships (item_id, story_id, place, rule, detail) "
                "VALUES (1, 1, 0, 'first', '{}')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO issues (series, window_start_on, window_end_on, issue_on, status, "
                "opened_at, version) VALUES ('s', '2024-02-01', '2024-02-29', '2024-03-04', "
                "'draft', '2024-03-01 01:00:00', 1)"
            )
        )
    database.close()


def test_a_database_of_the_first_version_is_brought_up_to_date(url: str) -> None:
    """Its rows are all there, new facts are empty, and the item is found by its title."""
    _at_first_schema(url)
    store = open_store(url)
    (stored,) = store.items_by_id([1]).values()
    item = stored.item
    assert ("guid:a", "국토부 인사", 1) == (item.key, item.title, stored.story_id)
    assert ((), (), "", None) == (item.attachments, item.images, item.licence, item.embargo_until)
    assert item.published is not None
    assert not item.published.clamped
    (like,) = store.items_like("molit", titles=["국토부 인사 " * 20], days=())
    assert stored.id == like.id
    assert {"s1": 1} == store.living_stories(["s1"])
    assert [False] == [issue.review for issue in store.issues("s")]
    assert (1, 0) == (store.index_stories(10), store.index_stories(10))
    wanted = Wanted(needs=[[("인사",)]], depth=0)
    assert [1] == [one.story_id for one in store.candidates(wanted, below=None, most=9)]
    with store._db.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts=COMPARED)
        assert [] == compare_metadata(context, metadata)
    store.close()


def test_what_editors_have_is_watched_after_the_upgrade(url: str) -> None:
    """From its present revision on: what was changed before is not told any more."""
    _at_first_schema(url)
    database = open_database(url)
    with database.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO issues (series, window_start_on, window_end_on, issue_on, status,"
                " opened_at, version) VALUES ('s', '2024-03-01', '2024-03-31', '2024-04-01',"
                " 'draft', '2024-03-01 00:00:00', 1)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO picks (issue_id, story_id, section, state, origin, why, version)"
                " VALUES (1, 1, 'trend', 'accepted', 'editor', '', 1)"
            )
        )
    database.close()
    store = open_store(url)
    (pick,) = store.picks(1)
    assert 0 == pick.source_rev
    with store._db.reader.connect() as connection:
        rows = connection.execute(text("SELECT * FROM watched_items")).all()
    assert [(1, 1, 1)] == [tuple(row) for row in rows]
    store.close()


def _at_third_schema(url: str) -> None:
    """A database as the program left it before fingerprints: with keys, leads and relations."""
    _at_first_schema(url)
    database = open_database(url)
    config = migration_config()
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for statement in (
            (
                "INSERT INTO items (feed_id, entry_key, key_id, guid, link, canonical_url, title, "
                "squashed_title, summary, content, body, language, day, authors, thumbnail, enclosures, "
                "hash, rev, curated_rev, first_seen_at, last_seen_at) SELECT feed_id, 'guid:b', 'guid:b', "
                "'b', link, canonical_url, title, squashed_title, summary, content, body, language, day, "
                "authors, thumbnail, enclosures, hash, 3, 3, first_seen_at, last_seen_at FROM items"
            ),
            (
                "INSERT INTO stories (public_id, rev, first_seen_at, touched_at) VALUES "
                "('s2', 1, '2024-03-04 01:00:00', '2024-03-04 01:00:00')"
            ),
            (
                "INSERT INTO memberships (item_id, story_id, place, rule, detail) "
                "VALUES (2, 2, 0, 'first', '{}')"
            ),
            "INSERT INTO relations (story_id, item_id) VALUES (1, 2)",
            "INSERT INTO block_keys VALUES (1, 't:1', '2024-03-04'), (2, 't:1', '2024-03-04')",
            "INSERT INTO leads VALUES (1, 'lead', 'title')",
            (
                'INSERT INTO verdicts (item_a, item_b, same, "by", at, reason) VALUES '
                "(1, 2, (1 = 0), 'kim', '2024-03-04 01:00:00', '')"
            ),
        ):
            connection.execute(text(statement))
    database.close()


def test_fingerprints_take_the_place_of_keys_and_leads(url: str) -> None:
    """Keys and leads go, and every item is due once, whatever its revision; stories, what is related
    and editors' words stay until then."""
    _at_third_schema(url)
    store = open_store(url)
    tables = {*inspect(store._db.reader).get_table_names()}
    assert ("fingerprints" in tables, tables & {"block_keys", "leads"}) == (True, set())
    assert [1, 2] == store.uncurated_ids()
    assert [] == store.fingerprints_of([1, 2])
    assert {"s1": ("s2",), "s2": ("s1",)} == {one.public_id: one.related for one in store.stories()}
    assert [False] == [one.same for one in store.verdicts([1])]
    items = store.placed([1, 2])
    plan = CurationPlan(stories=(), curated={one.id: one.rev for one in items.values()})
    store.apply_curation(plan, NOW)
    assert [] == store.uncurated_ids()
    store.close()


def test_issues_of_before_are_no_reviews(url: str) -> None:
    """A draft that is there can be made one."""
    _at_third_schema(url)
    store = open_store(url)
    (draft,) = store.issues("s")
    assert not draft.review
    assert store.set_review(draft.id, review=True, edits=[]).review
    store.close()


def test_opening_again_finds_what_was_written(url: str) -> None:
    """A store is made once and found again, also where nothing may be made."""
    store = open_store(url)
    store.sync_feeds([make_feed()], NOW)
    store.close()
    again = open_store(url, create=False)
    assert {"molit"} == again.feed_states().keys()
    again.close()


def test_folders_are_made(tmp_path: Path) -> None:
    """The folder of a new database is made with it."""
    open_store(f"sqlite:///{tmp_path}/a/b/desk.db").close()
    assert (tmp_path / "a/b/desk.db").is_file()


def test_opening_an_up_to_date_store_needs_no_alembic(sqlite_url: str) -> None:
    """Alembic is loaded only where there is something to upgrade."""
    open_store(sqlite_url).close()
    code = f"""
        import sys
        from aggregator.store.schema import open_store
        open_store({sqlite_url!r}).close()
        print("alembic" in sys.modules)
    """
    assert "False\n" == _python(code)


def test_nothing_is_made_where_nothing_may_be(tmp_path: Path) -> None:
    """Without leave to create, a missing database is an error and stays missing."""
    with pytest.raises(StoreUnavailable, match="there is no database"):
        open_store(f"sqlite:///{tmp_path}/a/desk.db", create=False)
    assert [] == list(tmp_path.iterdir())


def test_an_empty_database_is_not_filled_unasked(postgres_url: str) -> None:
    """Without leave to create, an empty database is an error and stays empty."""
    with pytest.raises(StoreUnavailable, match="is empty"):
        open_store(postgres_url, create=False)
    engine = create_engine(postgres_url)
    assert [] == inspect(engine).get_table_names()
    engine.dispose()


def test_processes_that_open_at_once_migrate_once(url: str) -> None:
    """Of several processes that meet an empty database one migrates and none fails."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, mp_context=spawn) as processes:
        assert [""] * 3 == list(processes.map(_open, [url] * 3))


def test_a_newer_schema_is_refused(store: SqlStore, url: str) -> None:
    """A database of a later version is left alone, and the message names both versions."""
    with store._db.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match=rf"version 9999.*up to {HEAD}: use the version"):
        open_store(url)


def test_a_failed_migration_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration is one transaction: after a failure the database is as empty as before."""

    def fail(_maintainer: object, _version: str) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer._insert_version", fail)
    with pytest.raises(RuntimeError, match="power"):
        open_store(url)
    monkeypatch.undo()
    engine = create_engine(url)
    assert [] == inspect(engine).get_table_names()
    engine.dispose()
    open_store(url).close()


def test_another_programs_database_is_refused(url: str) -> None:
    """Tables of somebody else are not mixed with ours."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bookmarks (id INTEGER)"))
    engine.dispose()
    with pytest.raises(StoreUnavailable, match=r"holds other tables \(bookmarks\)"):
        open_store(url)


@pytest.mark.parametrize("size", [1, 40_000])
def test_a_text_file_is_no_database(tmp_path: Path, size: int) -> None:
    """A file with something else in it is refused and kept as it is."""
    file = tmp_path / "desk.db"
    file.write_text("notes" * size)
    with pytest.raises(StoreUnavailable, match=r"desk\.db: it is not an SQLite database"):
        open_store(f"sqlite:///{file}")
    assert "notes" * size == file.read_text()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    """A folder in place of the file is refused."""
    with pytest.raises(StoreUnavailable, match="is a folder"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A file in place of a folder above is refused."""
    (tmp_path / "notes").write_text("x")
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        open_store(f"sqlite:///{tmp_path}/notes/desk.db")


def test_a_forbidden_folder_is_told(tmp_path: Path) -> None:
    """Missing rights on the folder above are named, whoever runs the tests."""
    (tmp_path / "shut").mkdir(mode=0o700)
    told = _as_stranger(tmp_path / "shut", f"sqlite:///{tmp_path}/shut/desk.db")
    assert "cannot be reached (Permission denied)" in told


def test_a_read_only_database_is_told(tmp_path: Path) -> None:
    """A database that may be read but not written cannot be worked with."""
    tmp_path.chmod(0o755)
    file = tmp_path / "desk.db"
    file.touch(mode=0o444)
    tmp_path.chmod(0o555)
    told = _as_stranger(None, f"sqlite:///{file}")
    tmp_path.chmod(0o755)
    assert told.startswith("store_unavailable: ")


@pytest.mark.parametrize(
    "address",
    ["desk.db", "sqlite://", "sqlite:///:memory:", "mysql://root:hunter2@db/desk", "", "sqlite:"],
)
def test_other_addresses_are_refused(address: str) -> None:
    """The message says which addresses there are, and repeats no secret."""
    with pytest.raises(StoreUnavailable, match="use sqlite:///path") as caught:
        open_store(address)
    assert "hunter2" not in str(caught.value)


def test_an_absent_server_is_told_without_secrets(tmp_path: Path) -> None:
    """A server that does not answer is named; its password is not."""
    with pytest.raises(StoreUnavailable) as caught:
        open_store(f"postgresql+psycopg://desk:hunter2@/desk?host={tmp_path}&password=hunter3")
    assert f"database desk at {tmp_path} cannot be used: " in str(caught.value)
    assert "hunter" not in str(caught.value)
    assert 1 == len(str(caught.value).splitlines())


def test_a_missing_database_on_the_server_is_told(postgres_server: str) -> None:
    """A name that the server does not know is StoreUnavailable."""
    with pytest.raises(StoreUnavailable, match=r"database nowhere at .*does not exist"):
        open_store(postgres_server.replace("/postgres?", "/nowhere?"))


def test_the_place_names_no_user() -> None:
    """Name, host and port say where the database is."""
    address = parse_address("postgresql://desk:hunter2@db.example:5433/news")
    assert "database news at db.example:5433" == place_of(address)
    assert "postgresql+psycopg" == address.drivername


def _python(code: str, *, user: int | None = None) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        user=user,
    )
    return done.stdout


def _as_stranger(shut: Path | None, url: str) -> str:
    """What opening tells a user without rights; root, who has them all, becomes another first."""
    code = f"""
        import os
        import alembic.command, alembic.config, sqlite3, sqlalchemy.dialects.sqlite
        from aggregator.domain.errors import StoreError
        from aggregator.store.schema import open_store
        if os.geteuid() == 0:
            os.setuid(65534)
        try:
            open_store({url!r}).close()
        except StoreError as error:
            print(f"{{error.code}}: {{error}}")
    """
    if shut is not None and os.geteuid() != 0:
        shut.chmod(0)
    try:
        return _python(code)
    finally:
        if shut is not None:
            shut.chmod(0o700)
