"""The programme as a whole, and the people who carry it."""
