"""Visits that are planned: whom a facilitator sees when."""
