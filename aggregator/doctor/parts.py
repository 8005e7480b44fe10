"""What the doctor looks with: the store as it is, a TLS context as feeds are asked with."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator
from pathlib import Path

from aggregator.domain.net import STRICT_TLS
from aggregator.fetch.http import strict_context
from aggregator.fetch.tls import TlsContexts
from aggregator.store.engine import file_of, parse_address
from aggregator.store.schema import open_as_it_is
from aggregator.store.sql import SqlStore


def new_tls_context() -> ssl.SSLContext:
    """A TLS context as feeds are asked with, where nothing is relaxed."""
    return TlsContexts(strict_context).of(STRICT_TLS)


def database_file(url: str) -> Path | None:
    """The file of a database, None for a server's. Raises StoreUnavailable."""
    return file_of(parse_address(url))


@contextlib.contextmanager
def store_as_it_is(url: str) -> Iterator[SqlStore]:
    """The store for whoever only looks: nothing is made, nothing brought up to date. Raises
    StoreUnavailable."""
    store = open_as_it_is(url)
    try:
        yield store
    finally:
        store.close()
