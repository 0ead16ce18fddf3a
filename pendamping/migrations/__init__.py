"""Alembic migrations, and the guards they put up."""
