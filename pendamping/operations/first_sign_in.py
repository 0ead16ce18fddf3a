"""The first admin, whose one-time sign-in goes into a file that only the owner of the server can read."""

import datetime as dt
import os
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.accounts.passwords import one_time_password
from pendamping.accounts.service import NewUser, add_user
from pendamping.kernel.audit import Actor
from pendamping.kernel.roles import Role

FILE_NAME = "masuk-pertama.txt"
USERNAME = "admin"


def make_first_admin(session: Session, *, actor: Actor, now: dt.datetime) -> str | None:
    """Make an admin where there is none; returns the one-time password, which must be changed at the first sign-in."""
    if session.scalar(select(User.id).where(User.role == Role.ADMIN).limit(1)) is not None:
        return None
    password = one_time_password()
    new = NewUser(USERNAME, "Admin", Role.ADMIN, password, must_change_password=True)
    add_user(session, new, actor=actor, now=now)
    return password


def write_sign_in(instance: Path, password: str, address: str) -> Path:
    """Write the one-time sign-in into a 0600 file of the instance folder."""
    path = instance / FILE_NAME
    path.unlink(missing_ok=True)
    text = f"Alamat: {address}/masuk\nNama pengguna: {USERNAME}\nKata sandi sekali pakai: {password}\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return path
