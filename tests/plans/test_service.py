import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.audit import AuditEvent
from pendamping.kernel.errors import DomainError
from pendamping.plans.models import Action, ActionStatus, ActionUpdate
from pendamping.plans.queries import actions_due, finished_actions, open_actions, open_summary, status_counts
from pendamping.plans.service import ActionConflict, ActionDraft, DueBeforeAgreed
from pendamping.visits.models import Answer, Visit, VisitScore
from tests.conftest import ACTOR, NOW, TODAY
from tests.instruments.cases import item
from tests.make import GRAHA_INDAH, KARIANGAU, Make

TABLES = (Visit, Answer, VisitScore, Action, ActionUpdate, AuditEvent)


def counts(session: Session) -> dict[str, int]:
    return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def test_an_agreed_action_says_what_who_until_when_and_what_proves_it(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    draft = make.action_draft("KL-02", title="Lengkapi buku daftar anggota", due_on=dt.date(2026, 4, 30))

    visit = make.visit(facilitator, {"KL-02": ("no", "diamati")}, actions=(draft,))

    (action,) = session.scalars(select(Action))
    (update,) = session.scalars(select(ActionUpdate))
    cause = item("KL-02")
    assert (action.id, action.visit_id, action.cooperative_id) == (draft.id, visit.id, make.cooperative().id)
    assert (action.title, action.owner_role, action.due_on) == (draft.title, OwnerRole.TREASURER, draft.due_on)
    assert (action.item_id, action.item_label_id, action.item_label_en) == ("KL-02", cause.label_id, cause.label_en)
    assert (action.is_critical, action.done_when) == (True, cause.action.done_when_id)
    assert (action.status, action.agreed_on, action.created_at) == (ActionStatus.AGREED, TODAY, NOW)
    assert (update.action_id, update.number, update.status) == (action.id, 1, ActionStatus.AGREED)
    assert (update.author_id, update.made_at) == (facilitator.id, NOW)


def test_an_action_of_ones_own_has_no_item_and_is_never_critical(session: Session, make: Make) -> None:
    make.visit(make.facilitator(), actions=(make.action_draft(),))

    (action,) = session.scalars(select(Action))
    assert (action.item_id, action.item_label_id, action.is_critical, action.done_when) == (None, None, False, "")


def test_the_action_of_an_ordinary_item_is_not_critical(session: Session, make: Make) -> None:
    make.visit(make.facilitator(), actions=(make.action_draft("KL-01"),))

    assert session.scalars(select(Action.is_critical)).one() is False


def test_an_action_may_be_due_on_the_day_of_the_visit_but_not_before(session: Session, make: Make) -> None:
    facilitator = make.facilitator()
    visit = make.visit(facilitator)

    with pytest.raises(DueBeforeAgreed) as refused:
        make.agree(visit, facilitator, make.action_draft(title="Terlalu dini", due_on=TODAY - dt.timedelta(days=1)))
    make.agree(visit, facilitator, make.action_draft(due_on=TODAY))

    assert refused.value.params == {"title": "Terlalu dini"}
    assert session.scalars(select(Action.due_on)).all() == [TODAY]


def test_a_known_id_is_a_conflict_and_the_stored_action_stays(session: Session, make: Make) -> None:
    facilitator, draft = make.facilitator(), make.action_draft(title="Yang pertama")
    visit = make.visit(facilitator, actions=(draft,))

    with pytest.raises(ActionConflict):
        make.agree(visit, facilitator, replace(draft, title="Yang kedua"))

    assert session.scalars(select(Action.title)).all() == ["Yang pertama"]


def test_an_id_that_stands_twice_in_one_visit_is_a_conflict(make: Make) -> None:
    facilitator, draft = make.facilitator(), make.action_draft()
    visit = make.visit(facilitator)

    with pytest.raises(ActionConflict):
        make.agree(visit, facilitator, draft, draft)


def due_too_early(draft: ActionDraft) -> ActionDraft:
    return replace(draft, due_on=TODAY - dt.timedelta(days=1))


def known(draft: ActionDraft) -> ActionDraft:
    return draft


@pytest.mark.parametrize(("spoil", "error"), [(due_too_early, DueBeforeAgreed), (known, ActionConflict)])
def test_when_one_action_is_refused_nothing_of_the_visit_is_stored(
    app: Flask, spoil: Callable[[ActionDraft], ActionDraft], error: type[DomainError]
) -> None:
    make_rows = Make.in_transactions_of(app, now=NOW, today=TODAY, actor=ACTOR)
    with make_rows() as make:
        facilitator = make.facilitator()
        before = counts(make.session)
        good = make.action_draft("KL-02")

    def visit_with_a_bad_action() -> None:
        with make_rows() as make:
            make.visit(facilitator, {"KL-02": ("no", "diamati")}, actions=(good, spoil(good)))

    with pytest.raises(error):
        visit_with_a_bad_action()
    with make_rows() as make:
        assert counts(make.session) == before


# What pages read of plans ---------------------------------------------------------------------------------------------


def test_critical_actions_come_first_then_the_earliest(session: Session, make: Make) -> None:
    make.visit(
        make.facilitator(),
        actions=(
            make.action_draft(title="Mei", due_on=dt.date(2026, 5, 1)),
            make.action_draft(title="April", due_on=dt.date(2026, 4, 20)),
            make.action_draft("KL-02", title="Kritis", due_on=dt.date(2026, 6, 1)),
        ),
    )

    listed = open_actions(session, make.cooperative().id, today=TODAY)

    assert [each.title for each in listed] == ["Kritis", "April", "Mei"]
    assert [each.days_left for each in listed] == [48, 6, 17]


def test_late_is_a_mark_of_open_actions_only(session: Session, make: Make) -> None:
    drafts = (
        make.action_draft(title="Terlambat", due_on=dt.date(2026, 4, 13)),
        make.action_draft(title="Hari ini", due_on=TODAY),
        make.action_draft(title="Selesai", due_on=dt.date(2026, 4, 12)),
    )
    make.visit(make.facilitator(), visited_on=dt.date(2026, 4, 1), actions=drafts)
    session.get_one(Action, drafts[2].id).status = ActionStatus.VERIFIED
    cooperative = make.cooperative()

    listed = open_actions(session, cooperative.id, today=TODAY)
    finished = finished_actions(session, cooperative.id, today=TODAY)

    assert [(each.title, each.is_late, each.days_left) for each in listed] == [
        ("Terlambat", True, -1),
        ("Hari ini", False, 0),
    ]
    assert [(each.title, each.is_late) for each in finished] == [("Selesai", False)]
    assert open_summary(session, cooperative.id) == (2, dt.date(2026, 4, 13))
    assert status_counts(session, cooperative.id) == {ActionStatus.AGREED: 2, ActionStatus.VERIFIED: 1}


def test_what_asks_for_attention_is_late_or_due_within_the_days_and_the_latest_comes_first(
    session: Session, make: Make
) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    make.visit(facilitator, actions=(make.action_draft(title="Pekan ini", due_on=dt.date(2026, 4, 21)),))
    make.visit(
        facilitator,
        code=KARIANGAU,
        visited_on=dt.date(2026, 4, 1),
        actions=(
            make.action_draft(title="Terlambat", due_on=dt.date(2026, 4, 2)),
            make.action_draft(title="Nanti", due_on=dt.date(2026, 4, 22)),
        ),
    )

    entries = actions_due(session, select(Action), today=TODAY, within_days=7, limit=8)
    only_one = actions_due(session, select(Action), today=TODAY, within_days=7, limit=1)

    assert [(each.action.title, each.cooperative.short_name) for each in entries] == [
        ("Terlambat", "KKMP Kariangau"),
        ("Pekan ini", "KKMP Graha Indah"),
    ]
    assert only_one == entries[:1]
