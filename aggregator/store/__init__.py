"""Rows in SQLite or PostgreSQL through SQLAlchemy Core, with Alembic migrations."""
