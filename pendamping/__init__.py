"""Pendamping: case management for the people who accompany cooperatives."""

__version__ = "0.1.0"
