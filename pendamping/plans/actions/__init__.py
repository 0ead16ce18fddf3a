"""One action: its page, what the facilitator does with it, and a new one between two visits."""
