"""Personal links: an officer of a cooperative comes in without an account of their own making."""
