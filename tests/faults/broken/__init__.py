"""Servers that are wrong in ways that are easily written; the harness must see each. They never enter the product."""
