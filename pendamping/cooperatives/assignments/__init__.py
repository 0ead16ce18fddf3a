"""The admin's pages about assignments: who accompanies which cooperative, all at once, and how it is handed over."""
