"""Mails by the agency's own server."""

import datetime as dt
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from pendamping.kernel.contact_points import is_mail_address
from pendamping.reminders.channels.answers import Refused, Unreachable
from pendamping.settings import Smtp

PATIENCE_SECONDS = 20
PERMANENT = 500
SHORT_LINES = "quoted-printable"
"""No server takes lines of more than a thousand characters (RFC 5321)."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; `id` makes its Message-ID, the same when it is sent once more."""

    id: str
    to: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str | None
    """None where there is nothing to leave."""
    is_repeat: bool


def message_of(mail: Mail, *, sender: str, at: dt.datetime) -> EmailMessage:
    """With one click to unsubscribe (RFC 8058); a repetition says that it is one.

    Raises:
        Refused: something in it would break its head.
    """
    if not is_mail_address(mail.to):
        raise Refused("alamat surel tidak dapat dipakai")
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
        message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
        if mail.unsubscribe_url:
            message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    except ValueError as error:
        raise Refused(f"judul tidak dapat dipakai: {type(error).__name__}") from None
    message["Date"] = format_datetime(at)
    message["Auto-Submitted"] = "auto-generated"
    if mail.is_repeat:
        message["X-Pendamping-Repeat"] = "1"
    message.set_content(mail.text, cte=SHORT_LINES)
    message.add_alternative(mail.html, subtype="html", cte=SHORT_LINES)
    return message


def send_mail(smtp: Smtp, message: EmailMessage) -> str:
    """Hand a mail to the server; what it answered.

    Raises:
        Refused: it will not take this mail, now or later.
        Unreachable: it cannot be reached, or wants it later.
    """
    try:
        with _connection(smtp) as server:
            _said(*server.mail(smtp.sender))
            _said(*server.rcpt(message["To"]))
            return _said(*server.data(message.as_bytes(policy=SMTP_POLICY)))
    except smtplib.SMTPAuthenticationError as error:
        raise Unreachable(f"{error.smtp_code} nama atau kata sandi SMTP ditolak") from None
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(f"server surel tidak terjangkau: {type(error).__name__}") from None


def _connection(smtp: Smtp) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if smtp.is_tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=PATIENCE_SECONDS, context=context)
    else:
        server = smtplib.SMTP(smtp.host, smtp.port, timeout=PATIENCE_SECONDS)
    try:
        server.ehlo()
        if not smtp.is_tls and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if smtp.username:
            _refuse_clear_text(smtp, server)
            server.login(smtp.username, smtp.password)
    except BaseException:
        server.close()
        raise
    return server


def _refuse_clear_text(smtp: Smtp, server: smtplib.SMTP) -> None:
    """No password goes over the network as it is written."""
    if not isinstance(server.sock, ssl.SSLSocket) and smtp.host not in ("127.0.0.1", "localhost", "::1"):
        raise Unreachable("server surel tidak menawarkan enkripsi; kata sandi tidak dikirim")


def _said(code: int, answer: bytes) -> str:
    if code not in (250, 251):
        raise _refusal(code, answer)
    return f"{code} {_text(answer)}"


def _refusal(code: int, answer: bytes | str) -> Refused | Unreachable:
    said = f"{code} {_text(answer)}"
    return Refused(said) if code >= PERMANENT else Unreachable(said)


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
