"""What a password must be, and its hash (Argon2id, 19 MiB, two passes: about 40 ms), for the account verbs."""

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 200

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def is_password(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


@functools.cache
def hash_of_nobody() -> str:
    """A hash to verify against when the name is unknown, so that the answer takes as long as for a known one."""
    return hash_password("nobody has this password")
