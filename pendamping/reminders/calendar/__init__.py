"""The obligations of the calendar as the admin keeps them: added, changed from a day on, ended, taken from a file."""
