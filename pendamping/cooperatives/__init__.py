"""Regions, the register, people, assignments, baseline figures."""
