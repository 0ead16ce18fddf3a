"""Instruments out of the house and in again: as a workbook or as YAML, and what changed between two versions."""
