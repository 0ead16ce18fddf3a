"""Settings, read once from the environment; a bad value is refused by name."""

import fcntl
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from pendamping.kernel.contact_points import is_mail_address

DEFAULT_PORT = 8000
LOOPBACK = "127.0.0.1"
SECRET_KEY_LENGTH = 32
SMTP_PORTS = {"smtp": 587, "smtps": 465}


class BadSetting(Exception):
    """A setting that cannot be used. The message begins with its name and never holds its secret parts."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")


@dataclass(frozen=True, slots=True)
class Smtp:
    """The agency's mail server; its password is never shown."""

    host: str
    port: int
    sender: str
    """The address that mails come from."""
    is_tls: bool = False
    """Encrypted from the first byte (smtps); else it is asked for, where the server offers it."""
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the product keeps its things and how it is reached."""

    instance: Path
    database_url: URL
    secret_key: str = field(repr=False)
    port: int = DEFAULT_PORT
    has_field_worker: bool = True
    """Off, every tablet takes its service worker out again: the way back should one ever do harm."""
    has_scheduler: bool = True
    """Off, this server runs no jobs; some other one should."""
    public_url: str = f"http://{LOOPBACK}:{DEFAULT_PORT}"
    """Where people reach the product: the beginning of every address in mails and messages."""
    smtp: "Smtp | None" = None
    """By which mails go out; None: none do."""
    notify_urls: tuple[str, ...] = field(default=(), repr=False)
    """The agency's gateways for messages, as apprise writes them; `{to}` stands for a person's number."""

    @property
    def has_public_url(self) -> bool:
        """Whether the office has said where people reach the product: no phone reaches the server's own loopback."""
        return urlsplit(self.public_url).hostname != LOOPBACK

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings; makes the instance folder and its secret key when they are not there.

        Raises:
            BadSetting: naming the variable and what is wrong with it.
        """
        instance = _instance(environment.get("PENDAMPING_INSTANCE", ""))
        port = _port(environment.get("PORT", ""))
        return cls(
            instance=instance,
            database_url=_database_url(environment.get("DATABASE_URL", ""), instance),
            secret_key=_secret_key(environment.get("SECRET_KEY", ""), instance),
            port=port,
            has_field_worker=_on_or_off("FIELD_WORKER", environment.get("FIELD_WORKER", "")),
            has_scheduler=_on_or_off("SCHEDULER", environment.get("SCHEDULER", "")),
            public_url=_public_url(environment.get("PUBLIC_URL", ""), port),
            smtp=_smtp(environment.get("SMTP_URL", "")),
            notify_urls=_notify_urls(environment.get("NOTIFY_URLS", "")),
        )


def _instance(value: str) -> Path:
    path = Path(value or "instance").absolute()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSetting("PENDAMPING_INSTANCE", f"cannot make the folder {path}: {error.strerror}") from None
    if not os.access(path, os.W_OK):
        raise BadSetting("PENDAMPING_INSTANCE", f"cannot write to {path}")
    return path


def _database_url(value: str, instance: Path) -> URL:
    if not value:
        return URL.create("sqlite", database=str(instance / "pendamping.sqlite3"))
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise BadSetting(
            "DATABASE_URL", "is not a database address (postgresql://name:password@host/database)"
        ) from None
    match url.drivername:
        case "sqlite" if url.database and url.database != ":memory:":
            return url
        case "sqlite":
            raise BadSetting("DATABASE_URL", "names no file (sqlite:////folder/file.sqlite3)")
        case "postgres" | "postgresql" | "postgresql+psycopg" if url.database:
            return url.set(drivername="postgresql+psycopg")
        case "postgres" | "postgresql" | "postgresql+psycopg":
            raise BadSetting("DATABASE_URL", "names no database (postgresql://name:password@host/database)")
        case other:
            raise BadSetting("DATABASE_URL", f"{other!r} is not supported; sqlite and postgresql are")


def _secret_key(value: str, instance: Path) -> str:
    if value:
        if len(value) < SECRET_KEY_LENGTH:
            raise BadSetting("SECRET_KEY", f"needs at least {SECRET_KEY_LENGTH} characters")
        return value
    path = instance / "secret.key"
    try:
        kept = (_kept_key(path) or _made_key(path)).strip()
    except OSError as error:
        raise BadSetting("SECRET_KEY", f"cannot use {path}: {error.strerror}") from None
    except UnicodeError:
        kept = ""
    if len(kept) < SECRET_KEY_LENGTH:
        raise BadSetting("SECRET_KEY", f"{path} is damaged; restore it, or delete it (everybody signs in again)")
    return kept


def _kept_key(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def _made_key(path: Path) -> str:
    """A new key; of two processes that find none, one makes it and the other reads it."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if kept := file.read():
            return kept
        made = secrets.token_hex(SECRET_KEY_LENGTH)
        file.write(made)
    return made


def _port(value: str) -> int:
    if not value:
        return DEFAULT_PORT
    if not value.isascii() or not value.isdigit() or not 1 <= int(value[:6]) <= 65535:
        raise BadSetting("PORT", f"{value[:20]!r} is not a port; 1 to 65535 are")
    return int(value)


def _on_or_off(name: str, value: str) -> bool:
    if value not in ("", "on", "off"):
        raise BadSetting(name, f"{value[:20]!r} is neither on nor off")
    return value != "off"


def _public_url(value: str, port: int) -> str:
    if not value:
        return f"http://{LOOPBACK}:{port}"
    parts = _parts("PUBLIC_URL", value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise BadSetting("PUBLIC_URL", "is not where people reach the product (https://name)")
    return value.rstrip("/")


def _smtp(value: str) -> Smtp | None:
    if not value:
        return None
    parts = _parts("SMTP_URL", value)
    sender = parse_qs(parts.query).get("from", [""])[0]
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise BadSetting("SMTP_URL", "is not a mail server (smtp://name:password@host:587?from=address)")
    if not is_mail_address(sender):
        raise BadSetting("SMTP_URL", "names no address that mails come from (?from=address)")
    return Smtp(
        host=parts.hostname,
        port=parts.port or SMTP_PORTS[parts.scheme],
        sender=sender,
        is_tls=parts.scheme == "smtps",
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def _notify_urls(value: str) -> tuple[str, ...]:
    """Whether a gateway is one is found out when something goes out by it: a slip must not keep the office closed."""
    return tuple(value.split())


def _parts(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises where it is no number
    except ValueError:
        raise BadSetting(name, "is not an address") from None
    if any(each.isspace() or not each.isprintable() for each in value):
        raise BadSetting(name, "is not an address")
    return parts
