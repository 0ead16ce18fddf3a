"""Keyset paging: the next page begins after a row, so its cost does not grow with its number."""

PAGE_SIZE = 40
