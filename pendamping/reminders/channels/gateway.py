"""WhatsApp, Telegram and whatever else apprise knows, by the agency's own gateway."""

import warnings
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from pendamping.reminders.channels.answers import Refused, Unreachable

PLACE_OF_NUMBER = "{to}"
SOMEBODY = "6281100000000"


def send_message(urls: Sequence[str], *, to: str, title: str, text: str) -> str:
    """Hand a message to the first gateway that takes it; says which kind it was.

    Args:
        urls: as apprise writes them, with `{to}` where the person's number belongs.

    Raises:
        Refused: none of them is a gateway that apprise knows.
        Unreachable: none of them took it.
    """
    known = [each for each in _gateways(urls, to) if each]
    if not known:
        raise Refused("NOTIFY_URLS: alamat gerbang tidak dikenal")
    for gateway in known:
        if gateway.notify(body=text, title=title):
            return f"diterima {gateway.service_name}"
    raise Unreachable(f"ditolak {', '.join(str(each.service_name) for each in known)}")


def faults_of(urls: Sequence[str]) -> list[int]:
    """The places in NOTIFY_URLS of what apprise does not know, counted from one; the addresses hold secrets."""
    return [place for place, gateway in enumerate(_gateways(urls, SOMEBODY), 1) if not gateway]


def _gateways(urls: Sequence[str], to: str) -> list[Any]:
    """None in the place of what is no gateway."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its many parts, those we do not use warn of Pythons to come
        from apprise import Apprise  # takes a second to load, and few offices have gateways

        return [Apprise.instantiate(url.replace(PLACE_OF_NUMBER, quote(to, safe=""))) for url in urls]
