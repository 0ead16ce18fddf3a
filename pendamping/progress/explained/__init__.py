"""Where a score comes from: its arithmetic, what moved it, what would lift it, and what is still unproven."""
