"""The calendar that reminders will follow."""
