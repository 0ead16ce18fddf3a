"""What a tablet's key vouches for, and what not; and for how long whoever has left may hand in a queue."""

import base64
import datetime as dt

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pendamping.accounts.devices.keys import BadKey, is_signed, read_key
from pendamping.accounts.devices.leaving import Why, leaving
from tests.conftest import NOW
from tests.field.copies import TabletKey

DAYS = dt.timedelta(days=1)


def test_only_the_very_bytes_that_this_tablet_signed_are_signed() -> None:
    key, other = TabletKey(), TabletKey()
    signature = key.sign(b"isi")

    assert is_signed(key.public, b"isi", signature)
    assert not is_signed(key.public, b"isj", signature)
    assert not is_signed(other.public, b"isi", signature)


@pytest.mark.parametrize("signature", ["", "x", "====", base64.b64encode(bytes(64)).decode(), "A" * 86 + "=="])
def test_what_is_no_signature_signs_nothing(signature: str) -> None:
    assert not is_signed(TabletKey().public, b"isi", signature)


def _of_another_curve() -> str:
    public = ec.generate_private_key(ec.SECP384R1()).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


@pytest.mark.parametrize("text", ["", "bukan kunci", "AAAA", "A" * 5000, _of_another_curve()])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadKey):
        read_key(text)
    assert not is_signed(text, b"isi", base64.b64encode(bytes(64)).decode())


@pytest.mark.parametrize(
    ("closed", "revoked", "why"),
    [
        (None, None, None),
        (0, None, Why.ACCOUNT_CLOSED),
        (59, None, Why.ACCOUNT_CLOSED),
        (60, None, None),
        (None, 59, Why.DEVICE_REVOKED),
        (None, 60, None),
        (1, 59, Why.DEVICE_REVOKED),
        (1, 61, None),
    ],
)
def test_a_queue_is_handed_in_for_sixty_days(closed: int | None, revoked: int | None, why: Why | None) -> None:
    left = leaving(
        deactivated_at=None if closed is None else NOW - closed * DAYS,
        revoked_at=None if revoked is None else NOW - revoked * DAYS,
        now=NOW,
    )

    assert (left.why if left else None) is why
