"""Group activities: meetings, outreach and training for several cooperatives at once, counted apart from visits."""
