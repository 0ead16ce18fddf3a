"""A tablet's key, and the files that "Simpan salinan" writes, for tests."""

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class TabletKey:
    """Signs as WebCrypto does."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        der = self._private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public = base64.b64encode(der).decode()

    def sign(self, content: bytes) -> str:
        r, s = utils.decode_dss_signature(self._private.sign(content, ec.ECDSA(SHA256())))
        return base64.b64encode(r.to_bytes(32) + s.to_bytes(32)).decode()


def copy_of(
    user_id: uuid.UUID,
    records: Sequence[Mapping[str, Any]],
    *,
    key: TabletKey | None = None,
    device: uuid.UUID | None = None,
    files: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """What the tablet writes: the queue as a text, and its signature beside it."""
    queue = {"user": str(user_id), "made_at": "2026-04-14T01:00:00Z", "records": records, "drafts": [], "files": files}
    text = json.dumps(queue)
    signature = key.sign(text.encode()) if key else None
    return {
        "format": "pendamping-antrean",
        "version": 2,
        "queue": text,
        "device": str(device) if device else None,
        "signature": signature,
    }
