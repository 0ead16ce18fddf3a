"""Marks for the few tests that one kind of database is enough for, or that only one kind can answer."""

import pytest

on_sqlite = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
served_from_sqlite = pytest.mark.parametrize("server", ["sqlite"], indirect=True)
"""What a browser does with an answer is the same for both; the chain and a visit without a signal are gone on each."""
