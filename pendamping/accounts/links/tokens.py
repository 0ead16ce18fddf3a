"""What a personal link carries: a secret of 160 bits, written so that a phone's chat and a finger keep it whole."""

import base64
import hashlib

TOKEN_BYTES = 20
"""160 bits: nobody meets one by trying."""


def written(secret: bytes) -> str:
    """Small letters and digits alone: a chat that makes addresses touchable stops at no sign of punctuation."""
    return base64.b32encode(secret).decode().rstrip("=").lower()


def digest_of(token: str) -> str:
    """What the database keeps of a token, however it was typed."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()
