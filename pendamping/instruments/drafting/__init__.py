"""Drafts of instruments: the next version while it is being edited, tried out and published."""
