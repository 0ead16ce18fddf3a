"""One run of the job that sends, in a process of its own: `python -m tests.reminders.deliver <instant>`."""

import datetime as dt
import sys

from pendamping.app import create_app
from pendamping.reminders.sending import send_what_waits

if __name__ == "__main__":
    with create_app().app_context():
        send_what_waits(dt.datetime.fromisoformat(sys.argv[1]))
