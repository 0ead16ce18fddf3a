"""A network between tablets and the office that does to each request what its `X-Fault` header says.

The tablet asks for its own bad luck, so a seed decides it, whatever the threads do.
"""

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

HEADER = b"X-Fault: "
KINDS = (
    "cut_before",
    "cut_inside",
    "cut_after",
    "cut_answer",
    "slow",
    "twice",
    "again_later",
    "late",
)
"""Cut before the request, in the midst of it, after it, in the answer; slow; sent twice at once; once more much later
(an old version after its correction); later only, when the tablet asks again already (order turned round)."""
LATER_SECONDS = (0.05, 0.6)
TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    share: float
    """How far a cut message gets, or where between shortest and longest a pause lies; 0 to 1."""

    @property
    def header(self) -> str:
        return f"{self.kind} {self.share:.3f}"


def luck(rng: Random, *, rate: float, is_file: bool, kinds: Sequence[str] = KINDS) -> Fault | None:
    """What happens to the next request; photos are cut inside more often, being long."""
    if rng.random() >= rate:
        return None
    weights = [3.0 if is_file and kind == "cut_inside" else 1.0 for kind in kinds]
    return Fault(rng.choices(kinds, weights)[0], rng.random())


class Proxy:
    """Carries requests to the office, each over a line of its own."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.counts: Counter[str] = Counter()
        self.writes_under_way = 0
        """Requests that change something, sent to the office whole and not answered yet."""
        self._behind: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._welcome, daemon=True).start()

    def settle(self) -> None:
        """Wait for what is still under way behind everybody's back."""
        while True:
            with self._lock:
                waiting = list(self._behind)
            if not waiting:
                return
            for thread in waiting:
                thread.join()
            with self._lock:
                self._behind -= set(waiting)

    def close(self) -> None:
        self._door.close()

    def _welcome(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        near.settimeout(TIMEOUT_SECONDS)
        with near, contextlib.suppress(OSError):
            message, fault = _without_fault(_whole_request(near))
            if fault is None:
                near.sendall(self._asked(message))
                return
            with self._lock:
                self.counts[fault.kind] += 1
            answer = self._harm(message, fault)
            if answer:
                near.sendall(answer)

    def _harm(self, message: bytes, fault: Fault) -> bytes:
        """What the tablet gets to see."""
        pause = LATER_SECONDS[0] + fault.share * (LATER_SECONDS[1] - LATER_SECONDS[0])
        if fault.kind in ("cut_after", "late"):
            self._later(message, pause if fault.kind == "late" else 0.0)
            return b""
        if fault.kind in ("twice", "again_later"):
            self._later(message, pause if fault.kind == "again_later" else 0.0)
        match fault.kind:
            case "cut_before":
                return b""
            case "cut_inside":
                self._asked(message[: int(len(message) * fault.share)], is_whole=False)
                return b""
            case "cut_answer":
                answer = self._asked(message)
                return answer[: int(len(answer) * fault.share)]
            case "slow":
                time.sleep(pause)
        return self._asked(message)

    def _later(self, message: bytes, seconds: float) -> None:
        def ask() -> None:
            time.sleep(seconds)
            with contextlib.suppress(OSError):
                self._asked(message)

        thread = threading.Thread(target=ask, daemon=True)
        with self._lock:
            self._behind.add(thread)
        thread.start()

    def _asked(self, message: bytes, *, is_whole: bool = True) -> bytes:
        with socket.create_connection(("127.0.0.1", self._to), timeout=TIMEOUT_SECONDS) as far:
            far.sendall(message)
            if not is_whole:
                return b""
            with self._counted(is_write=not message.startswith(b"GET ")):
                parts = []
                while data := far.recv(65536):
                    parts.append(data)
                return b"".join(parts)

    @contextmanager
    def _counted(self, *, is_write: bool) -> Iterator[None]:
        with self._lock:
            self.writes_under_way += is_write
        try:
            yield
        finally:
            with self._lock:
                self.writes_under_way -= is_write


def _whole_request(near: socket.socket) -> bytes:
    """One request with a length; every request asks for the line to be closed after the answer."""
    message = b""
    while b"\r\n\r\n" not in message:
        data = near.recv(65536)
        if not data:
            raise ConnectionResetError
        message += data
    head, _, body = message.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        data = near.recv(65536)
        if not data:
            raise ConnectionResetError
        body += data
    return head + b"\r\n\r\n" + body


def _without_fault(message: bytes) -> tuple[bytes, Fault | None]:
    head, _, body = message.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    kept = [line for line in lines if not line.startswith(HEADER)]
    found = next((line.removeprefix(HEADER).decode() for line in lines if line.startswith(HEADER)), None)
    fault = Fault(found.split()[0], float(found.split()[1])) if found else None
    return b"\r\n".join(kept) + b"\r\n\r\n" + body, fault
