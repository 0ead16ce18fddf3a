"""One action of the cooperative's own plan: read it, answer it, show it done, ask about it."""
