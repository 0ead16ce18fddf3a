"""A day's digest in words: a mail that reads well on a phone, a message of a few lines, a push of two."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from markupsafe import Markup

from pendamping.kernel.i18n import long_date
from pendamping.kernel.roles import Role
from pendamping.reminders.channels.mail import Mail
from pendamping.reminders.page import address_of
from pendamping.reminders.posting import Digest, lines_by_rule
from pendamping.reminders.queries import NotificationView
from pendamping.reminders.words import days_word, reminder_words, rule_word

LINES_IN_MESSAGE = 10
"""A message on a phone names so many and counts the rest."""
SALT = "berhenti-surel"
PAGE = "margin:0;padding:16px;background:#f6f7f9;color:#1b2430;font:16px/1.5 system-ui,sans-serif"
CARD = "max-width:34rem;margin:0 auto;padding:16px;background:#fff;border:1px solid #dfe3e8;border-radius:12px"
BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:10px;background:#0f5c6e;color:#fff;text-decoration:none;"
    "font-weight:700"
)
SMALL = "color:#586473;font-size:14px"


@dataclass(frozen=True, slots=True)
class Line:
    words: str
    note: str
    """Whose it is, and how far away."""
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Written:
    """A digest in its reader's language; each channel takes what it has room for."""

    title: str
    greeting: str
    groups: Sequence[Group]
    all_url: str
    settings_url: str
    unsubscribe_url: str

    def lines(self) -> Iterator[Line]:
        return (line for group in self.groups for line in group.lines)


def written(digest: Digest) -> Written:
    """Must be called outside of requests: addresses begin with PUBLIC_URL."""
    base = current_app.config["SETTINGS"].public_url
    with current_app.test_request_context(base_url=base), force_locale(digest.to.language):
        groups = [
            Group(rule_word(rule), [_line(view, digest.to.role, base) for view in views])
            for rule, views in lines_by_rule(digest.lines).items()
        ]
        return Written(
            title=_title(digest),
            greeting=_("Yang perlu dikerjakan, %(name)s:", name=digest.to.name),
            groups=groups,
            all_url=base + url_for("reminders.index"),
            settings_url=base + url_for("reminders.choose"),
            unsubscribe_url=base + url_for("reminders.unsubscribe", token=unsubscribe_token(digest.to.id)),
        )


def _title(digest: Digest) -> str:
    count = len(digest.lines)
    title = ngettext("%(num)s pengingat, %(day)s", "%(num)s pengingat, %(day)s", count, day=long_date(digest.day))
    return _("%(title)s (dikirim ulang)", title=title) if digest.is_repeat else str(title)


def _line(view: NotificationView, role: str, base: str) -> Line:
    path = address_of(view, Role(role)) or url_for("reminders.index")
    note = " · ".join(each for each in (view.cooperative_name, days_word(view)) if each)
    return Line(reminder_words(view), note, base + path)


def as_mail(digest: Digest, said: Written) -> Mail:
    assert digest.to.email is not None
    with current_app.test_request_context(), force_locale(digest.to.language):
        return Mail(
            id=str(digest.delivery_id),
            to=digest.to.email,
            subject=said.title,
            text=_plain(said),
            html=_html(said, digest.to.language),
            unsubscribe_url=said.unsubscribe_url,
            is_repeat=digest.is_repeat,
        )


def _plain(said: Written) -> str:
    lines = [said.greeting, ""]
    for group in said.groups:
        lines += [group.title.upper(), *(f"- {line.words}\n  {line.note}\n  {line.url}" for line in group.lines), ""]
    lines += [_("Semua pemberitahuan: %(url)s", url=said.all_url), ""]
    lines += [_("Mengatur atau menjeda: %(url)s", url=said.settings_url)]
    lines += [_("Berhenti menerima surel ini: %(url)s", url=said.unsubscribe_url)]
    return "\n".join(lines) + "\n"


def _html(said: Written, language: str) -> str:
    """Styles stand at each element: many readers of mail take no other."""
    groups = Markup("").join(
        Markup('<h2 style="margin:20px 0 8px;font-size:16px">{}</h2>{}').format(
            group.title, Markup("").join(_html_line(line) for line in group.lines)
        )
        for group in said.groups
    )
    return str(
        Markup(
            '<!DOCTYPE html><html lang="{}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title></head>'
            '<body style="{}"><div style="{}"><h1 style="margin:0 0 8px;font-size:20px">{}</h1><p>{}</p>{}'
            '<p style="margin:24px 0 0"><a href="{}" style="{}">{}</a></p></div>'
            '<p style="max-width:34rem;margin:16px auto;{}"><a href="{}">{}</a> · <a href="{}">{}</a></p></body></html>'
        ).format(
            language,
            said.title,
            PAGE,
            CARD,
            said.title,
            said.greeting,
            groups,
            said.all_url,
            BUTTON,
            _("Buka pemberitahuan"),
            SMALL,
            said.settings_url,
            _("Atur pengingat"),
            said.unsubscribe_url,
            _("Berhenti menerima surel ini"),
        )
    )


def _html_line(line: Line) -> Markup:
    return Markup(
        '<p style="margin:0 0 12px"><a href="{}" style="color:#0f5c6e;font-weight:600">{}</a><br>'
        '<span style="{}">{}</span></p>'
    ).format(line.url, line.words, SMALL, line.note)


def as_message(digest: Digest, said: Written) -> str:
    """A few lines of plain text."""
    with current_app.test_request_context(), force_locale(digest.to.language):
        return "\n".join([*_short_lines(said), "", said.all_url])


def as_push(digest: Digest, said: Written) -> dict[str, str]:
    """What the service worker shows; the same day's notification takes the place of an older one of that day."""
    with current_app.test_request_context(), force_locale(digest.to.language):
        lines = list(said.lines())
        url = lines[0].url if len(lines) == 1 else said.all_url
        body = "\n".join(_short_lines(said, most=3))
    return {"title": said.title, "body": body, "url": url, "tag": f"pengingat-{digest.day.isoformat()}"}


def _short_lines(said: Written, most: int = LINES_IN_MESSAGE) -> list[str]:
    lines = list(said.lines())
    shown = [f"• {line.words} ({line.note})" for line in lines[:most]]
    if len(lines) > most:
        rest = len(lines) - most
        shown.append(str(ngettext("dan %(num)s lagi", "dan %(num)s lagi", rest)))
    return shown


# Unsubscribing by one click -------------------------------------------------------------------------------------------


def unsubscribe_token(person_id: uuid.UUID) -> str:
    """Names a person in a link of a mail, signed, so that nobody else's can be made up."""
    return str(_serializer().dumps(str(person_id)))


def unsubscribed_person(token: str) -> uuid.UUID | None:
    """Whom such a link names; None where it was not made here."""
    try:
        return uuid.UUID(str(_serializer().loads(token)))
    except (BadSignature, ValueError):
        return None


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SETTINGS"].secret_key, salt=SALT)
