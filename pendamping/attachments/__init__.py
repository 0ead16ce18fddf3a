"""Photos, signatures and documents: files that came in, kept as they were received."""
