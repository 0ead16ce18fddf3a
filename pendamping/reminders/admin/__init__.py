"""What the admin sets of reminders: rules, the calendar; and what the scheduler and the channels have done."""
