"""Stage gates and designations at work: what is missing, what is proposed, what the agency has decided."""
