"""Visits, answers and their fold."""
