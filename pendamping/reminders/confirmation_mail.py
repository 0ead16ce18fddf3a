"""The mail that asks whether an address is its reader's, and the signed link in it."""

import datetime as dt
import uuid

from flask import current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup

from pendamping.reminders.channels.mail import Mail
from pendamping.reminders.digest import BUTTON, CARD, PAGE, SMALL
from pendamping.reminders.mail_confirmation import GOOD_FOR, Asking

SALT = "pastikan-surel"
DAYS = GOOD_FOR // dt.timedelta(days=1)


def confirmation_mail(asking: Asking) -> Mail:
    """In its reader's language; must be called outside of requests."""
    base = current_app.config["SETTINGS"].public_url
    with current_app.test_request_context(base_url=base), force_locale(asking.language):
        url = base + url_for("reminders.confirm_mail", token=confirmation_token(asking.id))
        title = _("Pastikan alamat surel Anda")
        words = (
            _("%(name)s, alamat ini ditulis di Pendamping untuk menerima pengingat.", name=asking.name),
            _("Buka tautan ini dan tekan tombolnya. Tautan berlaku %(days)s hari dan sekali saja.", days=DAYS),
            _("Bukan Anda? Biarkan saja surel ini: tidak ada lagi yang dikirim ke sini."),
        )
        return Mail(
            id=str(asking.id),
            to=asking.to,
            subject=title,
            text="\n\n".join([words[0], words[1], url, words[2]]) + "\n",
            html=_html(asking.language, title, words, url),
            unsubscribe_url=None,
            is_repeat=False,
        )


def _html(language: str, title: str, words: tuple[str, str, str], url: str) -> str:
    return str(
        Markup(
            '<!DOCTYPE html><html lang="{}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title></head>'
            '<body style="{}"><div style="{}"><h1 style="margin:0 0 8px;font-size:20px">{}</h1><p>{}</p><p>{}</p>'
            '<p style="margin:24px 0"><a href="{}" style="{}">{}</a></p><p style="{}">{}</p></div></body></html>'
        ).format(language, title, PAGE, CARD, title, words[0], words[1], url, BUTTON, _("Buka tautan"), SMALL, words[2])
    )


def confirmation_token(confirmation_id: uuid.UUID) -> str:
    """Names one asking, signed; when it ends and that it opens once is kept with the row."""
    return str(_serializer().dumps(str(confirmation_id)))


def confirmation_of(token: str) -> uuid.UUID | None:
    """What a link names; None where it was not made here."""
    try:
        return uuid.UUID(str(_serializer().loads(token)))
    except (BadSignature, ValueError):
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SETTINGS"].secret_key, salt=SALT)
