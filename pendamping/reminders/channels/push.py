"""Web Push (RFC 8030) to the browsers of a person, signed with the instance's own key (VAPID)."""

import base64
import json
import os
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pendamping.reminders.channels.answers import Refused, Unreachable
from pendamping.reminders.models import PushSubscription

PATIENCE_SECONDS = 15
TIME_TO_LIVE_SECONDS = 24 * 3600
"""How long a push service keeps it for a device that is off."""
GONE = (404, 410)
TAKEN = range(200, 300)
PERMANENT = range(400, 429)
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".push.apple.com",
    ".notify.windows.com",
)
"""The push services of the browsers there are: the server sends to no other address that a browser names."""


ADDRESS = re.compile(r"https://((?:[a-z0-9-]+\.)+[a-z0-9-]+)(?::443)?/[!-\[\]-~]*")
"""Nothing that two programs could read as two hosts: plain letters, no backslash, nobody's name before the host."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What the push services answered, and the ids of browsers that do not exist any more."""

    answer: str
    gone: tuple[uuid.UUID, ...]


def is_push_service(endpoint: str) -> bool:
    """Whether a subscription's address belongs to a browser's push service."""
    written = ADDRESS.fullmatch(endpoint)
    return written is not None and any(
        written[1] == each or (each.startswith(".") and written[1].endswith(each)) for each in SERVICES
    )


def private_key_file(instance: Path) -> Path:
    """The instance's signing key, made the first time it is asked for; for the owner alone."""
    path = instance / "vapid.pem"
    if not path.exists():
        from cryptography.hazmat.primitives import serialization  # large, and commands do without
        from cryptography.hazmat.primitives.asymmetric import ec

        made = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path  # another worker was quicker
        with os.fdopen(descriptor, "wb") as file:
            file.write(made)
    return path


@cache
def public_key(instance: Path) -> str:
    """What a browser needs to subscribe: the uncompressed point, in base64 for addresses."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = serialization.load_pem_private_key(private_key_file(instance).read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def send_push(
    subscriptions: Sequence[PushSubscription], payload: dict[str, str], *, instance: Path, contact: str
) -> Pushed:
    """Hand a message to each browser's push service; what they answered, and which browsers are gone.

    Args:
        contact: whom a push service may ask about us, as mailto: or https:.

    Raises:
        Refused: no browser of this person takes it, now or later.
        Unreachable: none took it now.
    """
    answers = [(each, _status(each, payload, instance, contact)) for each in subscriptions]
    gone = tuple(each.id for each, status in answers if status in GONE)
    said = ", ".join(str(status or "tidak terjangkau") for _, status in answers)
    if any(status in TAKEN for _, status in answers):
        return Pushed(said, gone)
    if all(status in PERMANENT for _, status in answers):
        raise Refused(said, gone)
    raise Unreachable(said, gone)


def _status(subscription: PushSubscription, payload: dict[str, str], instance: Path, contact: str) -> int | None:
    """The push service's status; None where it cannot be reached, or sends us on to somebody else. An address that is
    no push service's is gone.
    """
    if not is_push_service(subscription.endpoint):
        return GONE[0]
    import requests  # both take a while to load
    from pywebpush import WebPushException, webpush

    session = requests.Session()
    session.max_redirects = 0
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    try:
        answer: Any = webpush(
            {"endpoint": subscription.endpoint, "keys": keys},
            json.dumps(payload, ensure_ascii=False),
            vapid_private_key=str(private_key_file(instance)),
            vapid_claims={"sub": contact},
            ttl=TIME_TO_LIVE_SECONDS,
            timeout=PATIENCE_SECONDS,
            requests_session=session,
        )
    except WebPushException as error:
        return error.response.status_code if error.response is not None else None
    except (OSError, ValueError):
        return None
    return int(answer.status_code)
