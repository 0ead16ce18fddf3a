"""What needs the agency: found by one provider for each kind, shown with one tap to decide or to ask."""
