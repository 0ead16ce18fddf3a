"""Measures what pages take with a year of data behind them: `./dev bench`. Figures, never verdicts in a test."""
