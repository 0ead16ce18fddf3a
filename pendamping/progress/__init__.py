"""Standings, score series and the pages that explain them."""
