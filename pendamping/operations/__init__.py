"""Setting up, loading the city, serving."""
