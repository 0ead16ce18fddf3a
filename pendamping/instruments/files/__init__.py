"""The instruments that ship, as YAML, and how such a file is read."""
