"""Real commands in processes of their own, where two at once or a signal are the point."""

import os
import subprocess
import sys
from pathlib import Path

PENDAMPING = Path(sys.executable).parent / "pendamping"


def start(instance: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    """Begin a command in an instance folder, with none of the settings that whoever runs the tests may have."""
    ours = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")}
    return subprocess.Popen(
        [PENDAMPING, *words],
        env={**ours, **environment, "PENDAMPING_INSTANCE": str(instance)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
