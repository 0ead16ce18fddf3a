"""The evaluation of half a year and of a whole programme year, for each cooperative and for a city."""
