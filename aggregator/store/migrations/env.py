"""Runs migrations on the connection that was handed over, inside its transaction."""

from __future__ import annotations

from alembic import context

from aggregator.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)

with context.begin_transaction():
    context.run_migrations()
