"""Visits that are still being written."""
