"""Sends what waits: plans the day's digests, hands each to its way out, and writes down what came back."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Mapping

import structlog
from flask import current_app
from sqlalchemy.exc import IntegrityError

from pendamping.kernel.clock import office_date
from pendamping.kernel.database import reading, transaction
from pendamping.reminders import mail_confirmation, posting
from pendamping.reminders.channels.answers import NotSent, Refused
from pendamping.reminders.channels.gateway import send_message
from pendamping.reminders.channels.mail import message_of, send_mail
from pendamping.reminders.channels.push import send_push
from pendamping.reminders.confirmation_mail import confirmation_mail
from pendamping.reminders.digest import as_mail, as_message, as_push, written
from pendamping.reminders.models import ChannelKind
from pendamping.reminders.posting import Digest
from pendamping.reminders.queries import working_days_around
from pendamping.reminders.working_days import is_quiet
from pendamping.settings import Settings, Smtp

PEOPLE_AT_ONCE = 500
SENT_AT_ONCE = 200
"""In one run of the job; the rest has its turn a minute later, and no other job waits long."""
ASKED_AT_ONCE = 20
NOBODY = "mailto:pendamping@localhost"
"""Whom a push service may ask about an office without mail and without a public address."""

log = structlog.get_logger()


def send_what_waits(now: dt.datetime) -> str:
    """Plan and send; on nights and days off nothing goes out but what somebody has just asked for."""
    ask_addresses(now)
    today = office_date(now)
    if is_quiet(now) or not working_days_around(reading(), today, today).is_working(today):
        return "istirahat"
    ways = ways_of(_settings())
    with transaction() as session:
        begun = posting.plan_digests(session, today=today, now=now, ways=ways, most=PEOPLE_AT_ONCE)
    due = posting.due_deliveries(reading(), now=now, most=SENT_AT_ONCE)
    sent = sum(send(delivery_id, now=now, ways=ways) for delivery_id in due)
    return f"{begun} direncanakan, {sent} terkirim"


def ask_addresses(now: dt.datetime) -> int:
    """Send the mails that ask new addresses whether they are their owners'. Returns how many went out."""
    smtp = _settings().smtp
    if smtp is None:
        return 0
    return sum(_ask(each, smtp, now) for each in mail_confirmation.due_askings(reading(), now=now, most=ASKED_AT_ONCE))


def _ask(confirmation_id: uuid.UUID, smtp: Smtp, now: dt.datetime) -> bool:
    with transaction() as session:
        asking = mail_confirmation.claim_asking(session, confirmation_id, now=now)
    if asking is None:
        return False
    try:
        answer, is_sent = send_mail(smtp, message_of(confirmation_mail(asking), sender=smtp.sender, at=now)), True
    except NotSent as failure:
        answer, is_sent = failure.answer, False
        log.warning("address_not_asked", confirmation=str(confirmation_id), answer=answer)
        is_over = isinstance(failure, Refused)
    else:
        is_over = True
    with transaction() as session:
        mail_confirmation.end_asking(session, confirmation_id, answer=answer, is_over=is_over, now=now)
    return is_sent


def ways_of(settings: Settings) -> frozenset[ChannelKind]:
    """What this office has set up; Web Push needs nothing but its own key."""
    ways = {ChannelKind.PUSH}
    if settings.smtp:
        ways.add(ChannelKind.EMAIL)
    if settings.notify_urls:
        ways.add(ChannelKind.GATEWAY)
    return frozenset(ways)


def send(delivery_id: uuid.UUID, *, now: dt.datetime, ways: Collection[ChannelKind]) -> bool:
    """Claim one digest, send it, and mark it, each in its own transaction. True if it went out."""
    with transaction() as session:
        digest = posting.claim(session, delivery_id, today=office_date(now), now=now)
    if digest is None:
        return False
    try:
        if not digest.to.is_reached_by(digest.channel):
            raise Refused("tidak lagi dipilih, atau alamatnya belum dipastikan")
        answer = SENDERS[digest.channel](digest, now)
    except NotSent as failure:
        _mark_failed(digest, failure, now, ways)
        return False
    except Exception as error:  # a fault of ours with one digest keeps no other from going out
        log.exception("digest_failed", delivery=str(delivery_id), channel=digest.channel)
        _mark_failed(digest, NotSent(type(error).__name__), now, ways)
        return False
    with transaction() as session:
        posting.mark_sent(session, digest.delivery_id, answer=answer, now=now)
    return True


def _mark_failed(digest: Digest, failure: NotSent, now: dt.datetime, ways: Collection[ChannelKind]) -> None:
    log.warning("digest_not_sent", delivery=str(digest.delivery_id), channel=digest.channel, answer=failure.answer)
    try:
        with transaction() as session:
            posting.forget_subscriptions(session, failure.gone)
            posting.mark_failed(
                session,
                digest,
                answer=failure.answer,
                is_for_good=isinstance(failure, Refused),
                now=now,
                ways=ways,
            )
    except IntegrityError:
        log.warning("digest_begun_twice", delivery=str(digest.delivery_id))


def _by_mail(digest: Digest, now: dt.datetime) -> str:
    smtp = _settings().smtp
    assert smtp is not None
    return send_mail(smtp, message_of(as_mail(digest, written(digest)), sender=smtp.sender, at=now))


def _by_gateway(digest: Digest, _now: dt.datetime) -> str:
    assert digest.to.phone is not None
    said = written(digest)
    urls = _settings().notify_urls
    return send_message(urls, to=digest.to.phone, title=said.title, text=as_message(digest, said))


def _by_push(digest: Digest, _now: dt.datetime) -> str:
    settings = _settings()
    contact = settings.public_url if settings.public_url.startswith("https:") else NOBODY
    if settings.smtp:
        contact = f"mailto:{settings.smtp.sender}"
    pushed = send_push(
        digest.to.subscriptions, as_push(digest, written(digest)), instance=settings.instance, contact=contact
    )
    if pushed.gone:
        with transaction() as session:
            posting.forget_subscriptions(session, pushed.gone)
    return pushed.answer


SENDERS: Mapping[ChannelKind, Callable[[Digest, dt.datetime], str]] = {
    ChannelKind.EMAIL: _by_mail,
    ChannelKind.PUSH: _by_push,
    ChannelKind.GATEWAY: _by_gateway,
}


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
