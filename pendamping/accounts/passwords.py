"""What a password must be, and its hash (Argon2id, 19 MiB, two passes: about 40 ms), for the account verbs."""

import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letter that looks like a digit: a one-time password is read off a screen or over the telephone."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def one_time_password() -> str:
    """A password in three groups, about 69 bits, for somebody who will change it at the first sign-in."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(length)) for length in (5, 4, 5))


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def is_password(password_hash: str | None, password: str) -> bool:
    """Whether this is the password; of an account without one, none is."""
    if password_hash is None:
        return False
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


@functools.cache
def hash_of_nobody() -> str:
    """A hash to verify against when the name is unknown, so that the answer takes as long as for a known one."""
    return hash_password("nobody has this password")
