"""The agency head's pages (no tables of its own)."""
