import fcntl
import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pendamping.settings import BadSetting, Settings


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DATABASE_URL", "mysql://host/db", "'mysql' is not supported"),
        ("DATABASE_URL", "nonsense", "is not a database address"),
        ("DATABASE_URL", "sqlite://", "names no file"),
        ("DATABASE_URL", "postgresql://host", "names no database"),
        ("PORT", "eighty", "is not a port"),
        ("PORT", "0", "is not a port"),
        ("PORT", "65536", "is not a port"),
        ("PORT", "²", "is not a port"),
        ("FIELD_WORKER", "maybe", "is neither on nor off"),
        ("SCHEDULER", "maybe", "is neither on nor off"),
        ("PUBLIC_URL", "pendamping.contoh.id", "is not where people reach the product"),
        ("PUBLIC_URL", "https://evil.example/x?y=1", "is not where people reach the product"),
        ("SMTP_URL", "smtp://nama:geheim@host:pintu", "is not an address"),
        ("SMTP_URL", "http://nama:geheim@host?from=a@contoh.id", "is not a mail server"),
        ("SMTP_URL", "smtp://nama:geheim@host", "names no address that mails come from"),
        ("SMTP_URL", "smtp://host?from=a@contoh.id%0aBcc:b@contoh.id", "names no address that mails come from"),
        ("SECRET_KEY", "short", "needs at least 32 characters"),
        ("PENDAMPING_INSTANCE", "/dev/null/folder", "cannot make the folder"),
    ],
)
def test_a_bad_setting_is_refused_by_name(tmp_path: Path, name: str, value: str, reason: str) -> None:
    environment = {"PENDAMPING_INSTANCE": str(tmp_path), name: value}

    with pytest.raises(BadSetting) as caught:
        Settings.from_environment(environment)

    assert str(caught.value).startswith(f"{name}: ")
    assert reason in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_refused_database_address_does_not_give_its_password_away(tmp_path: Path) -> None:
    environment = {"PENDAMPING_INSTANCE": str(tmp_path), "DATABASE_URL": "mysql://name:geheim@host/db"}

    with pytest.raises(BadSetting) as caught:
        Settings.from_environment(environment)

    assert "geheim" not in str(caught.value)


def test_without_settings_everything_lies_in_the_instance_folder(tmp_path: Path) -> None:
    settings = Settings.from_environment({"PENDAMPING_INSTANCE": str(tmp_path / "new")})

    assert settings.database_url.database == str(tmp_path / "new" / "pendamping.sqlite3")
    assert settings.port == 8000


def test_the_secret_key_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    environment = {"PENDAMPING_INSTANCE": str(tmp_path)}

    first, second = Settings.from_environment(environment), Settings.from_environment(environment)

    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert first.secret_key not in repr(first)


@pytest.mark.parametrize("kept", [b"cut", b"\xff\xfe" * 40], ids=["short", "no letters"])
def test_a_damaged_secret_key_is_named(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(kept)

    with pytest.raises(BadSetting, match=r"^SECRET_KEY: .* is damaged"):
        Settings.from_environment({"PENDAMPING_INSTANCE": str(tmp_path)})


def test_two_processes_that_find_no_key_agree_on_one(tmp_path: Path) -> None:
    """The second comes while the first has made the file and not yet written into it."""
    made = secrets.token_hex(32)
    with (tmp_path / "secret.key").open("w", encoding="ascii") as first, ThreadPoolExecutor(1) as pool:
        fcntl.flock(first, fcntl.LOCK_EX)
        second = pool.submit(Settings.from_environment, {"PENDAMPING_INSTANCE": str(tmp_path)})
        first.write(made)
        first.close()

    assert second.result().secret_key == made


def test_a_secret_key_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir()

    with pytest.raises(BadSetting, match=r"^SECRET_KEY: cannot use .*secret.key: Is a directory$"):
        Settings.from_environment({"PENDAMPING_INSTANCE": str(tmp_path)})


@pytest.mark.parametrize("given", ["postgres://u:p@h/d", "postgresql://u:p@h/d"])
def test_postgresql_addresses_get_the_driver_that_is_installed(tmp_path: Path, given: str) -> None:
    settings = Settings.from_environment({"PENDAMPING_INSTANCE": str(tmp_path), "DATABASE_URL": given})

    assert settings.database_url.drivername == "postgresql+psycopg"


def test_the_mail_server_is_read_whole_and_its_password_is_not_shown(tmp_path: Path) -> None:
    url = "smtps://nama:ge%40heim@surel:2465?from=pengingat@localhost"
    settings = Settings.from_environment({"PENDAMPING_INSTANCE": str(tmp_path), "SMTP_URL": url, "PORT": "8100"})

    smtp = settings.smtp
    assert smtp is not None
    assert (smtp.host, smtp.port, smtp.is_tls, smtp.password) == ("surel", 2465, True, "ge@heim")
    assert settings.public_url == "http://127.0.0.1:8100"
    assert "heim" not in repr(settings)
