"""Alembic migrations: one file a change, never edited after release."""
