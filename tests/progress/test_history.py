"""What happened at a cooperative, gathered from every table that knows of it."""

import datetime as dt
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import DocumentKind
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.service import replace_document, withdraw_document
from pendamping.plans.models import Action, ActionStatus, ActionUpdate
from pendamping.progress.history import Event, EventKey, EventKind, events, planned_ahead
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.models import Visit
from tests.conftest import NOW, TODAY
from tests.make import GRAHA_INDAH, KARIANGAU, Make

MARCH_31, APRIL_1 = dt.date(2026, 3, 31), dt.date(2026, 4, 1)
ONE_DAY = dt.timedelta(days=1)
HAPPENED = tuple(kind for kind in EventKind if kind is not EventKind.ASSIGNMENT)


def told(make: Make, *kinds: EventKind, since: dt.date | None = None, code: str = GRAHA_INDAH) -> list[Event]:
    """Without assignments unless asked for: every test's cooperative has one."""
    cooperative_id = make.cooperative(code).id
    return events(make.session, cooperative_id, today=TODAY, since=since, kinds=kinds or HAPPENED, limit=100)


def lines(found: list[Event]) -> list[tuple[dt.date, str, str]]:
    return [(event.on, str(event.kind), event.title) for event in found]


def correct(make: Make, visit: Visit, *, made_at: dt.datetime = NOW) -> Correction:
    correction = Correction(
        id=uuid.uuid4(),
        city_code=visit.city_code,
        visit_id=visit.id,
        number=1,
        kind=CorrectionKind.CORRECTION,
        reason="Salah ketik",
        changes=[],
        body_sha256="a" * 64,
        author_id=visit.facilitator_id,
        made_at=made_at,
    )
    make.session.add(correction)
    make.session.flush()
    return correction


def move(make: Make, action: Action, *statuses: ActionStatus, note: str = "", made_at: dt.datetime = NOW) -> None:
    for number, status in enumerate(statuses, start=2):
        make.session.add(
            ActionUpdate(
                action_id=action.id,
                city_code=action.city_code,
                number=number,
                status=status,
                note=note,
                author_id=make.user().id,
                made_at=made_at,
            )
        )
    make.session.flush()


def verify(make: Make, action: Action, *, made_at: dt.datetime = NOW) -> None:
    move(make, action, ActionStatus.VERIFIED, made_at=made_at)


def test_the_newest_comes_first_and_a_visit_before_what_was_agreed_at_it(make: Make) -> None:
    ratna = make.facilitator(name="Ratna")
    make.visit(ratna, visited_on=MARCH_31, actions=(make.action_draft(title="Buku kas"),))
    make.visit(ratna, visited_on=TODAY, actions=(make.action_draft(title="Rapat"),))
    make.visit(ratna, visited_on=APRIL_1)

    assert lines(told(make)) == [
        (TODAY, "visit", "Ratna"),
        (TODAY, "agreed", "Rapat"),
        (APRIL_1, "visit", "Ratna"),
        (MARCH_31, "visit", "Ratna"),
        (MARCH_31, "agreed", "Buku kas"),
    ]


def test_everything_that_happens_is_told_once_with_its_words_and_dates(session: Session, make: Make) -> None:
    ratna = make.facilitator(name="Ratna")
    visit = make.visit(ratna, visited_on=APRIL_1, actions=(make.action_draft(title="Buku kas"),))
    action = session.scalars(select(Action)).one()
    correct(make, visit)
    moved_to = (ActionStatus.REPORTED_DONE, ActionStatus.RETURNED, ActionStatus.VERIFIED, ActionStatus.CANCELLED)
    move(make, action, *moved_to, note="Begini")
    plan = make.planned_visit(ratna, planned_on=dt.date(2026, 4, 10))
    plan.cancelled_at, plan.cancelled_because = NOW, "Hujan"
    document = make.document(title="Izin gerai", kind=DocumentKind.LICENCE, expires_on=MARCH_31)
    make.figures(Month(2026, 3), members=240)
    make.activity(ratna, GRAHA_INDAH, held_on=APRIL_1)
    make.stage_decision(decided_on=MARCH_31)
    make.designation(decided_on=APRIL_1)
    session.flush()

    by_kind = {event.kind: event for event in told(make, *EventKind)}

    assert len(told(make, *EventKind)) == len(by_kind) == len(EventKind)
    told_of = {kind: (event.on, event.title, event.detail) for kind, event in by_kind.items()}
    assert told_of == {
        EventKind.VISIT: (APRIL_1, "Ratna", "tatap_muka"),
        EventKind.ACTIVITY: (APRIL_1, "Pembukuan", "pelatihan"),
        EventKind.CORRECTION: (TODAY, "Salah ketik", "perbaikan"),
        EventKind.CANCELLED: (TODAY, "Hujan", plan.agenda),
        EventKind.AGREED: (APRIL_1, "Buku kas", "bendahara"),
        EventKind.REPORTED: (TODAY, "Buku kas", "Begini"),
        EventKind.RETURNED: (TODAY, "Buku kas", "Begini"),
        EventKind.VERIFIED: (TODAY, "Buku kas", "Begini"),
        EventKind.DROPPED: (TODAY, "Buku kas", "Begini"),
        EventKind.DOCUMENT: (TODAY, "Izin gerai", "izin"),
        EventKind.EXPIRED: (MARCH_31, "Izin gerai", "izin"),
        EventKind.FIGURES: (TODAY, by_kind[EventKind.FIGURES].title, "1"),
        EventKind.STAGE: (MARCH_31, "operasional", "dikonfirmasi"),
        EventKind.DESIGNATION: (APRIL_1, "percontohan", ""),
        EventKind.ASSIGNMENT: (dt.date(2026, 1, 1), "Ratna", ""),
    }
    assert by_kind[EventKind.FIGURES].number == 202603
    assert {kind: event.other_on for kind, event in by_kind.items() if event.other_on} == {
        EventKind.CORRECTION: APRIL_1,
        EventKind.CANCELLED: dt.date(2026, 4, 10),
        EventKind.AGREED: action.due_on,
        EventKind.DOCUMENT: MARCH_31,
        EventKind.ASSIGNMENT: dt.date(2026, 12, 31),
    }
    assert {event.subject_id for event in by_kind.values()} == {
        visit.id,
        plan.id,
        action.id,
        document.id,
        by_kind[EventKind.ACTIVITY].id,
        by_kind[EventKind.STAGE].id,
        by_kind[EventKind.DESIGNATION].id,
        by_kind[EventKind.FIGURES].id,
        by_kind[EventKind.ASSIGNMENT].id,
    }


def test_an_instant_belongs_to_the_day_of_the_office(make: Make) -> None:
    """23.59 in London is the next morning in Balikpapan."""
    visit = make.visit(make.facilitator(), visited_on=MARCH_31)
    correct(make, visit, made_at=dt.datetime(2026, 4, 12, 15, 59, tzinfo=dt.UTC))
    (before,) = told(make, EventKind.CORRECTION)
    other = make.visit(make.facilitator(KARIANGAU), visited_on=MARCH_31, code=KARIANGAU)
    correct(make, other, made_at=dt.datetime(2026, 4, 12, 16, 0, tzinfo=dt.UTC))
    (after,) = told(make, EventKind.CORRECTION, code=KARIANGAU)

    assert (before.on, after.on) == (dt.date(2026, 4, 12), dt.date(2026, 4, 13))


def test_what_lies_ahead_has_not_happened(make: Make) -> None:
    successor = make.user(name="Bayu")
    make.assignment(make.user(), ends_on=TODAY)
    make.assignment(successor, starts_on=TODAY + ONE_DAY)
    make.document(expires_on=TODAY)

    assert [event.title for event in told(make, EventKind.ASSIGNMENT)] != ["Bayu"]
    assert "Bayu" not in [event.title for event in told(make, EventKind.ASSIGNMENT)]
    assert told(make, EventKind.EXPIRED) == []


def test_a_document_that_was_replaced_or_withdrawn_does_not_run_out(session: Session, make: Make) -> None:
    old, new, wrong = (make.document(expires_on=MARCH_31) for _ in range(3))
    replace_document(session, old, new, actor=make.actor, now=NOW)
    withdraw_document(session, wrong, actor=make.actor, now=NOW)

    assert [event.id for event in told(make, EventKind.EXPIRED)] == [new.id]


def test_what_is_older_than_asked_for_is_not_told(make: Make) -> None:
    facilitator = make.user()
    make.assignment(facilitator, starts_on=dt.date(2025, 1, 1))
    year_ago = TODAY - dt.timedelta(days=366)
    for day in (year_ago - ONE_DAY, year_ago):
        make.visit(facilitator, visited_on=day, actions=(make.action_draft(),))

    assert [event.on for event in told(make, since=year_ago)] == [year_ago, year_ago]
    assert len(told(make)) == 4


def test_a_history_is_of_one_cooperative(make: Make) -> None:
    facilitator = make.facilitator(GRAHA_INDAH, KARIANGAU)
    visit = make.visit(facilitator, code=KARIANGAU, actions=(make.action_draft(),))
    correct(make, visit)
    make.document(KARIANGAU, expires_on=MARCH_31)
    make.figures(Month(2026, 3), code=KARIANGAU, members=1)
    plan = make.planned_visit(facilitator, KARIANGAU)
    plan.cancelled_at, plan.cancelled_because = NOW, "Hujan"
    make.session.flush()

    assert told(make) == []
    assert len(told(make, code=KARIANGAU)) == 7
    assert planned_ahead(make.session, make.cooperative().id, today=TODAY) == []


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_page_by_page_nothing_is_missing_or_twice(make: Make, size: int) -> None:
    facilitator = make.facilitator()
    for number in range(4):
        drafts = tuple(make.action_draft() for _ in range(number))
        make.visit(facilitator, visited_on=TODAY - number // 2 * ONE_DAY, actions=drafts)
    make.document(), make.document()
    whole = told(make)

    seen, after = list[Event](), None
    while page := events(make.session, make.cooperative().id, today=TODAY, kinds=HAPPENED, after=after, limit=size):
        seen += page
        after = EventKey.parsed(str(page[-1].key))

    assert len(whole) == 12
    assert seen == whole


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026-04-14.visit", "2026-13-14.visit.00", "2026-04-14.birthday." + "0" * 32, "..", "a.b.c.d", "é.é.é"],
)
def test_a_place_in_the_history_that_was_not_written_by_us_is_none(text: str) -> None:
    assert EventKey.parsed(text) is None


def test_nothing_is_told_of_no_kind(make: Make) -> None:
    make.visit(make.facilitator())

    assert events(make.session, make.cooperative().id, today=TODAY, kinds=(), limit=9) == []


# Ahead ----------------------------------------------------------------------------------------------------------------


def test_what_is_planned_stands_in_the_order_of_its_days_until_it_is_made_or_called_off(
    session: Session, make: Make
) -> None:
    ratna = make.facilitator(name="Ratna")
    days = [TODAY + number * ONE_DAY for number in (61, 60, 3, 2, 1)]
    too_far, last, second, made, cancelled = (make.planned_visit(ratna, planned_on=day) for day in days)
    today = make.planned_visit(ratna, planned_on=TODAY)
    make.visit(ratna).planned_visit_id = made.id
    cancelled.cancelled_at, cancelled.cancelled_because = NOW, "Hujan"
    session.flush()

    ahead = planned_ahead(session, make.cooperative().id, today=TODAY)

    assert [line.id for line in ahead] == [today.id, second.id, last.id]
    assert {line.facilitator_name for line in ahead} == {"Ratna"}
    assert too_far.id not in {line.id for line in ahead}
