"""How gunicorn serves: read by it as its configuration, once in the master and inherited by each worker."""

import gc
import logging
import os
import threading
from pathlib import Path
from typing import Any

from pendamping.kernel.logs import WithoutKeys

worker_class = "gthread"
workers = 2
threads = 4
GARBAGE_AFTER = (5_000, 10, 20)
"""Python's own (700, 10, 10) looks through all that pages keep, for a fifth of a second, every few dozen requests."""
control_socket_disable = True
loglevel = "warning"


def post_worker_init(worker: Any) -> None:
    """While the worker answers already, load what only the first chart would otherwise wait for, and seek to lead."""
    _keep_keys_out_of_logs()
    # The drawing library keeps a list of fonts; it belongs with our own things, not into somebody's home.
    os.environ.setdefault("MPLCONFIGDIR", str(Path(worker.app.callable.instance_path) / "grafik"))
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    from pendamping.reminders.scheduler import start_scheduler

    start_scheduler(worker.app.callable)


def _keep_keys_out_of_logs() -> None:
    """Nothing is logged for each request here; somebody may turn that on, and errors name the address as well."""
    for name in ("gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).addFilter(WithoutKeys())


def _warm_up() -> None:
    """What is loaded once stays for good: looking through it for garbage, again and again, would hold up requests."""
    from pendamping.progress.charts import warm_up

    warm_up()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_AFTER)
