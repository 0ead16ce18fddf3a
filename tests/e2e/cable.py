"""A network cable between one tablet and the server, that can be pulled.

A browser's own offline mode reaches its pages only; this reaches its service worker too.
"""

import contextlib
import socket
import threading


class Cable:
    """Carries bytes both ways while it is plugged in; pulled, it breaks what is under way and lets nothing begin."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._is_plugged = True
        self._lines: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._welcome, daemon=True).start()

    def pull(self) -> None:
        with self._lock:
            self._is_plugged = False
            lines, self._lines = self._lines, set()
        for line in lines:
            _hang_up(line)

    def plug(self) -> None:
        with self._lock:
            self._is_plugged = True

    def lead_to(self, port: int) -> None:
        """To another server from now on; lines to the one before break."""
        self.pull()
        self._to = port
        self.plug()

    def close(self) -> None:
        self.pull()
        self._door.close()

    def _welcome(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = self._connect(near)
            if far is None:
                _hang_up(near)
                continue
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(one, other), daemon=True).start()

    def _connect(self, near: socket.socket) -> socket.socket | None:
        with self._lock:
            if not self._is_plugged:
                return None
            try:
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return None
            self._lines |= {near, far}
            return far


def _carry(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    _hang_up(one)
    _hang_up(other)


def _hang_up(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
