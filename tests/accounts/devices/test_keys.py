"""What a tablet's key vouches for, and what not; and for how long whoever has left may hand in a queue."""

import base64
import datetime as dt
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import pendamping
from pendamping.accounts.devices.keys import BadKey, is_signed, read_key
from pendamping.accounts.devices.leaving import Why, leaving
from tests.conftest import NOW
from tests.field.copies.writing import TabletKey

DAYS = dt.timedelta(days=1)
PACKAGE = Path(pendamping.__file__).parent


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


SIGNS = """
import { webcrypto } from "node:crypto";
import { deviceOf, introductionOf, signatureOf } from "DEVICE";
const rows = new Map();
const get = async (_, key) => rows.get(key);
const store = { get, update: async (_, key, change) => rows.set(key, change(rows.get(key))).get(key) };
const device = await deviceOf(store, "ani", webcrypto.subtle);
const said = await introductionOf(device, "Tablet", webcrypto.subtle);
console.log(JSON.stringify([said.public_key, await signatureOf(device, "Rp1.250.000 · é 漢", webcrypto.subtle)]));
"""


def test_what_the_tablets_own_module_signs_is_signed_here() -> None:
    node = shutil.which("node")
    assert node, "These tests need Node 20 or newer."
    script = SIGNS.replace("DEVICE", (PACKAGE / "static/js/field/device.js").as_uri())

    said = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True)

    public_key, signature = json.loads(said.stdout)
    assert is_signed(public_key, "Rp1.250.000 · é 漢".encode(), signature)
    assert not is_signed(public_key, b"Rp1.250.000", signature)
