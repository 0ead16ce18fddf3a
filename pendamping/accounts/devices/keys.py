"""A tablet's key and what it signs. Pure.

ECDSA on P-256 with SHA-256, as WebCrypto makes it. Not HMAC: its secret would lie at the office as well, and in every
copy of the database, and whoever reads one could sign what no tablet wrote. Of a key pair the office has the public
half, and the browser never gives the private half out of its store.
"""

import base64
import binascii
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

HALF = 32
"""WebCrypto gives a signature as two numbers of so many bytes."""
LONGEST_KEY = 400


class BadKey(ValueError):
    """It is no public key on P-256."""


def read_key(text: str) -> "ec.EllipticCurvePublicKey":
    """Raises BadKey: `text` is no base64 of a P-256 SubjectPublicKeyInfo."""
    from cryptography.exceptions import UnsupportedAlgorithm  # large, and commands do without
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    if len(text) > LONGEST_KEY:
        raise BadKey
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, UnsupportedAlgorithm, binascii.Error) as error:
        raise BadKey from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadKey
    return key


def is_signed(public_key: str, content: bytes, signature: str) -> bool:
    """Whether the tablet with this key signed just these bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, utils
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        raw = base64.b64decode(signature, validate=True)
        if len(raw) != 2 * HALF:
            return False
        pair = (int.from_bytes(raw[:HALF]), int.from_bytes(raw[HALF:]))
        read_key(public_key).verify(utils.encode_dss_signature(*pair), content, ec.ECDSA(SHA256()))
    except (BadKey, InvalidSignature, ValueError):
        return False
    return True
