"""Verbs of group activities: write one down, put its record right. Both only add."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.activities.models import (
    MOST_PHOTOS,
    Activity,
    ActivityAction,
    ActivityPhoto,
    ActivityPresence,
    ActivityStep,
)
from pendamping.activities.queries import ActivityView, activity_with_steps
from pendamping.activities.rules import Agreement, Terms, absent_from, drafts_of
from pendamping.attachments.models import Attachment
from pendamping.cooperatives.models import Cooperative
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.locks import locked
from pendamping.kernel.once import sent_before
from pendamping.kernel.words import N_
from pendamping.plans.service import add_action


class ActivityConflict(DomainError):
    code = "activity_conflict"
    explanation = N_("Kegiatan ini sudah dicatat orang lain. Buka halaman ini lagi.")


class ActivityChanged(DomainError):
    code = "activity_changed"
    explanation = N_("Catatan kegiatan ini baru saja diperbaiki orang lain. Periksa riwayatnya, lalu simpan lagi.")


class NobodyCame(DomainError):
    code = "nobody_came"
    status = 400
    explanation = N_("Isi jumlah yang hadir, sedikitnya dari satu koperasi.")


class AgreedWithoutThem(DomainError):
    code = "agreed_without_them"
    status = 400
    explanation = N_("Kesepakatan “%(title)s” menyebut koperasi yang tidak hadir.")


class CorrectionWithoutReason(DomainError):
    code = "correction_without_reason"
    status = 400
    explanation = N_("Tulis alasan perbaikannya.")


class PhotoMissing(DomainError):
    code = "activity_photo_missing"
    status = 400
    explanation = N_("Foto belum sampai atau bukan kiriman Anda. Tambahkan sekali lagi.")


class TooManyPhotos(DomainError):
    code = "too_many_activity_photos"
    status = 400
    explanation = N_("Paling banyak %(most)s foto untuk satu kegiatan.")


def record_activity(
    session: Session,
    activity_id: uuid.UUID,
    terms: Terms,
    *,
    cooperatives: Mapping[uuid.UUID, Cooperative],
    agreements: Sequence[Agreement] = (),
    photos: Sequence[uuid.UUID] = (),
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> Activity:
    """Put an activity on record, once, however often the form is sent, and its agreements into the plans.

    Args:
        cooperatives: those that the author sees, by id; all that took part are among them.
        photos: attachments of the author's that have arrived.

    Raises:
        ActivityConflict: the id belongs to somebody else's activity.
        NobodyCame, AgreedWithoutThem, PhotoMissing, TooManyPhotos, plans.DueBeforeAgreed: as they say.
    """
    stored = session.get(Activity, activity_id)
    if stored is not None:
        if stored.author_id != author_id:
            raise ActivityConflict
        return stored
    _refuse_what_does_not_hold(terms, agreements)
    city_code = cooperatives[terms.cooperative_ids[0]].city_code
    activity = Activity(id=activity_id, city_code=city_code, author_id=author_id, added_at=now)
    session.add(activity)
    session.flush()
    step = _add_step(session, activity, activity_id, 1, terms, "", cooperatives, author_id, now)
    _put_into_plans(session, activity, step, terms, agreements, cooperatives, author_id, actor, now)
    _show(session, activity, photos, author_id)
    audit.record(session, actor, "record_activity", activity, at=now, after=_said(terms, cooperatives))
    return activity


def correct_activity(
    session: Session,
    activity: Activity,
    terms: Terms,
    *,
    reason: str,
    seen_number: int,
    step_id: uuid.UUID,
    cooperatives: Mapping[uuid.UUID, Cooperative],
    agreements: Sequence[Agreement] = (),
    photos: Sequence[uuid.UUID] = (),
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> ActivityStep | None:
    """Put the record of an activity right; what it said before stays. Further agreements and photos are added.

    Args:
        seen_number: the step that the author had before their eyes.
        step_id: made with the page, so that a form sent twice is one step.
        cooperatives: those that the record may name: what the author sees, and what it has named before.

    Returns:
        The new step, or None where nothing differs and nothing is added.

    Raises:
        ActivityChanged: somebody else has put it right since.
        CorrectionWithoutReason: it does not say why.
        SentByAnother: the id stands for another step.
        NobodyCame, AgreedWithoutThem, PhotoMissing, TooManyPhotos, plans.DueBeforeAgreed: as they say.
    """
    locked(session, Activity, activity.id)
    if stored := sent_before(session, ActivityStep, step_id, activity_id=activity.id, author_id=author_id):
        return stored
    held = activity_with_steps(session, activity.id)
    latest = held.latest
    if latest.terms == terms and not agreements and not photos:
        return None
    if latest.number != seen_number:
        raise ActivityChanged
    _refuse_what_does_not_hold(terms, agreements)
    if not reason.strip():
        raise CorrectionWithoutReason
    step = _add_step(session, activity, step_id, latest.number + 1, terms, reason, cooperatives, author_id, now)
    _put_into_plans(session, activity, step, terms, agreements, cooperatives, author_id, actor, now)
    _show(session, activity, photos, author_id)
    after = {"number": step.number, "reason": reason, **_said(terms, cooperatives)}
    audit.record(session, actor, "correct_activity", step, at=now, before=_before(held, cooperatives), after=after)
    return step


def _refuse_what_does_not_hold(terms: Terms, agreements: Sequence[Agreement]) -> None:
    if not terms.presences:
        raise NobodyCame
    for each in agreements:
        if absent_from(each, terms):
            raise AgreedWithoutThem(title=each.title)


def _add_step(
    session: Session,
    activity: Activity,
    step_id: uuid.UUID,
    number: int,
    terms: Terms,
    reason: str,
    cooperatives: Mapping[uuid.UUID, Cooperative],
    author_id: uuid.UUID,
    now: dt.datetime,
) -> ActivityStep:
    step = ActivityStep(
        id=step_id,
        city_code=activity.city_code,
        activity_id=activity.id,
        number=number,
        held_on=terms.held_on,
        kind=terms.kind,
        place=terms.place,
        topic=terms.topic,
        minutes=terms.minutes,
        reason=reason,
        author_id=author_id,
        recorded_at=now,
    )
    session.add(step)
    session.flush()
    for each in terms.presences:
        city_code = cooperatives[each.cooperative_id].city_code
        session.add(ActivityPresence(step_id=step.id, city_code=city_code, **asdict(each)))
    session.flush()
    return step


def _put_into_plans(
    session: Session,
    activity: Activity,
    step: ActivityStep,
    terms: Terms,
    agreements: Sequence[Agreement],
    cooperatives: Mapping[uuid.UUID, Cooperative],
    author_id: uuid.UUID,
    actor: Actor,
    now: dt.datetime,
) -> None:
    for cooperative_id, draft in drafts_of(agreements, terms, step_id=step.id):
        cooperative = cooperatives[cooperative_id]
        action = add_action(
            session,
            cooperative,
            draft,
            is_agreed=True,
            items={},
            author_id=author_id,
            actor=actor,
            now=now,
            agreed_on=terms.held_on,
        )
        session.add(ActivityAction(action_id=action.id, activity_id=activity.id, city_code=cooperative.city_code))
    session.flush()


def _show(session: Session, activity: Activity, photos: Collection[uuid.UUID], author_id: uuid.UUID) -> None:
    if not photos:
        return
    count = session.scalar(
        select(func.count()).select_from(ActivityPhoto).where(ActivityPhoto.activity_id == activity.id)
    )
    if (count or 0) + len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(most=str(MOST_PHOTOS))
    own = select(Attachment.id).where(Attachment.id.in_(photos), Attachment.uploader_id == author_id)
    if len(set(session.scalars(own))) != len(set(photos)):
        raise PhotoMissing
    for position, attachment_id in enumerate(photos, start=count or 0):
        session.add(
            ActivityPhoto(
                activity_id=activity.id,
                attachment_id=attachment_id,
                city_code=activity.city_code,
                position=position,
            )
        )
    session.flush()


def _before(held: ActivityView, cooperatives: Mapping[uuid.UUID, Cooperative]) -> dict[str, Any]:
    return {"number": held.latest.number, **_said(held.latest.terms, cooperatives)}


def _said(terms: Terms, cooperatives: Mapping[uuid.UUID, Cooperative]) -> dict[str, Any]:
    """For the audit log: who came by their names is left to the record itself."""
    came = {cooperatives[each.cooperative_id].code: each.people for each in terms.presences}
    return {
        "held_on": terms.held_on,
        "kind": terms.kind,
        "place": terms.place,
        "topic": terms.topic,
        "came": came,
    }
