"""What a cooperative wants to reach within a quarter, set with its facilitator, and what became of it."""
