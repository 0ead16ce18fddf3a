"""The process that sends is killed between sending and marking, and its mail comes once more at most."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from pendamping.reminders.models import ChannelKind
from pendamping.settings import Smtp
from tests import only
from tests.conftest import NOW
from tests.pages import Browser
from tests.reminders.postbox import Postbox, mail_server
from tests.reminders.test_sending import MINUTE, deliveries, reminded, send

WITHOUT_ANSWER, AFTER_ANSWER = "before it is answered", "after it was answered"


class DeadlyPostbox(Postbox):
    """Keeps what it is sent, and kills whoever sent it at a moment of each mail's own; None: lets it live."""

    def __init__(self, *moments: str | None) -> None:
        super().__init__()
        self.moments = moments
        self.sender: subprocess.Popen[bytes] | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        self._kill_at(WITHOUT_ANSWER)
        return answer

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        """The sender says goodbye once it has the answer, and marks only then."""
        self._kill_at(AFTER_ANSWER)
        return "221 sampai jumpa"

    def _kill_at(self, moment: str) -> None:
        if self.sender and self.moments[len(self.mails) - 1] == moment:
            os.kill(self.sender.pid, signal.SIGKILL)


def deliver(app: Flask, box: DeadlyPostbox, smtp: Smtp, at: dt.datetime, instance: Path) -> int:
    """One run of the job in a process of its own; what it ended with."""
    environment = {
        **os.environ,
        "DATABASE_URL": app.config["SETTINGS"].database_url.render_as_string(hide_password=False),
        "PENDAMPING_INSTANCE": str(instance),
        "SECRET_KEY": "k" * 64,
        "SMTP_URL": f"smtp://{smtp.host}:{smtp.port}?from={smtp.sender}",
    }
    command = [sys.executable, "-m", "tests.reminders.deliver", at.isoformat()]
    box.sender = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    return box.sender.wait(timeout=60)


@contextmanager
def deadly(app: Flask, *moments: str | None) -> Iterator[tuple[DeadlyPostbox, Smtp]]:
    box, was = DeadlyPostbox(*moments), app.config["SETTINGS"]
    with mail_server(box) as (_, smtp):
        app.config["SETTINGS"] = replace(was, smtp=smtp)
        yield box, smtp
        app.config["SETTINGS"] = was


def test_a_mail_whose_sender_was_killed_comes_once_more_and_says_so(
    app: Flask, browser: Browser, tmp_path: Path
) -> None:
    with browser.make() as make:
        reminded(make, ChannelKind.EMAIL)

    with deadly(app, AFTER_ANSWER, None) as (box, smtp):
        code = deliver(app, box, smtp, NOW, tmp_path)
        left = deliveries(app)
        for minutes in (1, 4, 8):
            send(app, NOW + minutes * MINUTE)

    assert code == -signal.SIGKILL
    assert left == [("email", "sending", "", False)]
    assert [mail["X-Pendamping-Repeat"] for mail in box.mails] == [None, "1"]
    assert len({mail["Message-ID"] for mail in box.mails}) == 1
    assert box.mails[1]["Subject"] == "1 pengingat, 14 April 2026 (dikirim ulang)"
    assert deliveries(app) == [("email", "sent", "250 diterima sebagai 1", True)]


@only.on_sqlite
def test_a_mail_whose_sender_was_killed_twice_is_left_alone(app: Flask, browser: Browser, tmp_path: Path) -> None:
    with browser.make() as make:
        reminded(make, ChannelKind.EMAIL)

    with deadly(app, WITHOUT_ANSWER, AFTER_ANSWER) as (box, smtp):
        codes = [deliver(app, box, smtp, NOW + minutes * MINUTE, tmp_path) for minutes in (0, 4)]
        send(app, NOW + 8 * MINUTE)

    assert codes == [-signal.SIGKILL] * 2
    assert [mail["X-Pendamping-Repeat"] for mail in box.mails] == [None, "1"]
    assert deliveries(app) == [("email", "unsure", "", True)]
