"""A mail server and a push service of the tests' own, on this machine."""

import email.policy
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pendamping.reminders.channels import push
from pendamping.settings import Smtp


class Postbox:
    """Keeps what it is sent, and answers as a test wants."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 diterima sebagai 1"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(BytesParser(policy=email.policy.default).parsebytes(content))
        return self.answer


@contextmanager
def mail_server(box: Postbox | None = None) -> Iterator[tuple[Postbox, Smtp]]:
    box = box or Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, Smtp("127.0.0.1", port, "pengingat@contoh.id")
    finally:
        controller.stop()


class PushService:
    """Keeps the bytes it was sent with their headers, and answers with `status`."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], bytes]] = []
        self.status = 201
        self.sends_on_to: str | None = None


@contextmanager
def push_service() -> Iterator[tuple[PushService, str]]:
    """Taken for a browser's push service by what sends, for as long as it is open."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(service.status)
            if service.sends_on_to:
                self.send_header("Location", service.sends_on_to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: Any) -> None:
            """The test looks at what was received."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/kirim/1"
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(push, "is_push_service", address.__eq__)
            yield service, address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
