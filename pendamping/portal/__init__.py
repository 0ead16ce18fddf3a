"""The cooperative's pages (no tables of its own)."""
