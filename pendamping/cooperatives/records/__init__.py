"""What a cooperative can show: its documents with their expiry, and its figures month by month."""
