"""Where the queue is: the desk's own database, in a schema of its own."""

from __future__ import annotations

from psycopg.conninfo import conninfo_to_dict, make_conninfo

SCHEMA = "procrastinate"
"""The PostgreSQL schema with Procrastinate's tables: the desk's migrations never look there."""

CONNECT_TIMEOUT = 5
"""Seconds for a connection to be there."""


def conninfo(database_url: str) -> str:
    """What psycopg connects with, of ``postgresql+psycopg://…``; names without a schema are the queue's."""
    plain = database_url.replace("+psycopg", "", 1)
    given = conninfo_to_dict(plain).get("options") or ""
    options = f"{given} -c search_path={SCHEMA}".strip()
    return make_conninfo(plain, options=options, connect_timeout=CONNECT_TIMEOUT)
