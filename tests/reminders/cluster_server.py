"""How gunicorn serves in the test of a cluster: as in life, with more workers, quickly forked and quickly ticking."""

from typing import Any

from pendamping.reminders.scheduler import Scheduler

worker_class = "gthread"
workers = 3
threads = 1
preload_app = True
control_socket_disable = True
loglevel = "critical"


def post_worker_init(worker: Any) -> None:
    Scheduler(worker.app.callable, seek_seconds=0.5, tick_seconds=1).start()
