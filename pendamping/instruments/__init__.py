"""Instruments: what is asked, how answers are read, and what they are worth together."""
