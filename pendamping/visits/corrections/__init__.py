"""A stored visit put right: inside its window with a reason, after it by an addendum."""
