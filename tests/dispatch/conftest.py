"""An empty PostgreSQL database for each test, and the server of it."""

from tests.store.conftest import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]
