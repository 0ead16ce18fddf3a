"""What a cooperative owes by the calendar: the general meeting it has set a day for, and what is met."""
