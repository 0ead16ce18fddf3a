"""The tablets that people write on: named, seen, revoked, each with a key of its own."""
