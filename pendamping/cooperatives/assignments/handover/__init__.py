"""Pages of hand-overs between facilitators, and of cover during leave."""
