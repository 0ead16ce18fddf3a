"""What tablets hand in that nobody can simply take in: it waits for the head, who accepts it or gives it back."""
