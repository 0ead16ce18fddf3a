"""A year as it could have been: what a facilitator, the head or an auditor would stumble over is not in it."""

import datetime as dt
import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pendamping.accounts.models import User
from pendamping.activities.models import ActivityAction, ActivityPhoto
from pendamping.attachments.models import Attachment, MediaType
from pendamping.attachments.pictures import facts_of_file, refuse_too_little_ink
from pendamping.cooperatives.assignments.models import Assignment
from pendamping.cooperatives.models import Cooperative, Document, MonthlyFigures, Officer
from pendamping.cooperatives.partnerships.models import PartnershipStatus, PartnershipStep
from pendamping.cooperatives.programme.models import Office, ProgrammeYear
from pendamping.instruments.answers import Facts, read_answers
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.clock import office_date
from pendamping.kernel.database import reading
from pendamping.kernel.files import files
from pendamping.kernel.roles import Role
from pendamping.kernel.tables import Base, UtcDateTime
from pendamping.operations.simulation.checklist import FEWEST, MOST
from pendamping.operations.simulation.days import OfficeCalendar
from pendamping.plans.life import ALLOWED
from pendamping.plans.models import (
    OPEN_STATUSES,
    Action,
    ActionProof,
    ActionStatus,
    ActionUpdate,
    PlanAcknowledgement,
    PlanQuestion,
    UpdateKind,
)
from pendamping.progress.models import Standing
from pendamping.reminders.models import DayOff
from pendamping.reports.monthly.models import MonthlyReport
from pendamping.visits.corrections.models import Correction, CorrectionKind
from pendamping.visits.drafts.models import Draft
from pendamping.visits.models import Answer, MonthLock, PaperCounter, Visit, VisitPhoto, VisitScore
from pendamping.visits.schedule.models import PlannedVisit, PlannedVisitMove
from tests.operations.simulation.conftest import SMALL

LOADED = {
    "region",
    "cooperative",
    "baseline",
    "instrument_version",
    "day_off",
    "obligation",
    "audit_event",
    "partnership",
    "partnership_step",
}


def visits(session: Session) -> list[Visit]:
    return list(session.scalars(select(Visit).order_by(Visit.visited_on, Visit.started)))


def test_nobody_is_in_two_places_at_once(rows: Session) -> None:
    by_day = defaultdict(list)
    for visit in visits(rows):
        assert visit.started is not None
        assert visit.ended is not None
        by_day[visit.facilitator_id, visit.visited_on].append((visit.started, visit.ended))

    for hours in by_day.values():
        assert all(earlier[1] < later[0] for earlier, later in itertools.pairwise(hours))
    assert max(len(hours) for hours in by_day.values()) > 1


def test_visits_are_made_on_working_days_in_working_hours(rows: Session) -> None:
    calendar = OfficeCalendar(frozenset(rows.scalars(select(DayOff.on))))

    for visit in visits(rows):
        assert calendar.is_working(visit.visited_on)
        assert visit.started is not None
        assert visit.ended is not None
        assert dt.time(8) <= visit.started < visit.ended <= dt.time(17)


def test_each_visit_was_made_by_whoever_was_assigned_then(rows: Session) -> None:
    assigned = rows.scalars(select(Assignment)).all()

    for visit in visits(rows):
        (own,) = (
            each
            for each in assigned
            if each.cooperative_id == visit.cooperative_id and each.starts_on <= visit.visited_on <= each.ends_on
        )
        assert own.facilitator_id == visit.facilitator_id


def test_one_cooperative_was_handed_over(rows: Session) -> None:
    people = defaultdict(set)
    for each in rows.scalars(select(Assignment)):
        people[each.cooperative_id].add(each.facilitator_id)

    assert sorted(map(len, people.values())) == [1, 1, 1, 1, 1, 2]


def test_assignments_lie_within_programme_years_that_are_there(rows: Session) -> None:
    years = rows.scalars(select(ProgrammeYear)).all()

    for each in rows.scalars(select(Assignment)):
        assert any(year.starts_on <= each.starts_on <= each.ends_on <= year.ends_on for year in years)
    assert {year.year for year in years} == {2025, 2026}


def test_two_cooperatives_have_fallen_silent_and_no_others(rows: Session) -> None:
    last = rows.scalars(select(Standing.last_visit_on)).all()

    silent = [day for day in last if day is None or (SMALL.until - day).days > 30]
    assert (len(last), len(silent)) == (6, 2)


def test_papers_are_numbered_in_the_order_in_which_visits_came_in(rows: Session) -> None:
    numbers = defaultdict(list)
    for visit in sorted(visits(rows), key=lambda each: each.received_at):
        numbers[visit.number_year].append(visit.number)
        assert visit.number_year == visit.visited_on.year

    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    counters = {row.year: row.last_number for row in rows.scalars(select(PaperCounter))}
    reports = Counter(rows.scalars(select(MonthlyReport.number_year).where(MonthlyReport.number.is_not(None))).all())
    assert counters == {year: len(found) + reports[year] for year, found in numbers.items()}


def test_nothing_has_happened_after_the_last_morning(rows: Session) -> None:
    late = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            happens = isinstance(column.type, UtcDateTime) and column.name != "expires_at"
            if happens and table.name not in LOADED:
                newest = rows.scalar(select(func.max(column)))
                if newest is not None and newest > SMALL.now:
                    late[f"{table.name}.{column.name}"] = newest

    assert late == {}


def test_partnerships_go_forward_and_nothing_of_them_lies_ahead(rows: Session) -> None:
    steps = rows.scalars(select(PartnershipStep).where(PartnershipStep.author_id.is_not(None))).all()
    gone = sorted(steps, key=lambda step: (step.partnership_id, step.number))

    assert gone
    assert max(step.recorded_at for step in gone) <= SMALL.now
    for before, after in itertools.pairwise(gone):
        if before.partnership_id == after.partnership_id:
            assert before.number + 1 == after.number
            assert (before.since_on or dt.date.max) <= (after.since_on or dt.date.min)
            assert list(PartnershipStatus).index(before.status) + 1 == list(PartnershipStatus).index(after.status)


def test_instants_follow_one_another(rows: Session) -> None:
    for visit in visits(rows):
        assert office_date(visit.written_at) >= visit.visited_on
        assert visit.written_at <= visit.received_at
    planned = {plan.id: plan for plan in rows.scalars(select(PlannedVisit))}
    for move in rows.scalars(select(PlannedVisitMove)):
        plan = planned[move.planned_visit_id]
        assert plan.created_at < move.made_at
        assert move.to_on == plan.planned_on != move.from_on
    for correction, received_at in rows.execute(
        select(Correction, Visit.received_at).join(Visit, Visit.id == Correction.visit_id)
    ):
        assert correction.made_at > received_at


def test_every_answer_is_one_that_the_form_would_take(rows: Session) -> None:
    by_hash = {each.version_id: each.instrument for each in instruments_on(rows, SMALL.until)}
    stages = dict(rows.execute(select(VisitScore.visit_id, VisitScore.stage)).all())
    decrees = dict(rows.execute(select(Cooperative.id, Cooperative.decree_on)).all())

    for row in rows.scalars(select(Answer)):
        facts = Facts(decree_on=decrees[row.cooperative_id], book_year_end=dt.date(row.answered_on.year - 1, 12, 31))
        entered = {row.item_id: {"value": row.value, "proof": row.proof, "note": row.note}}
        (read,), faults = read_answers(
            entered, [by_hash[row.version_id]], stage=stages[row.visit_id].order, on=row.answered_on, facts=facts
        )
        assert faults == ()
        assert (read.value, read.proof, read.note) == (row.value, row.proof, row.note)


def test_after_the_first_assessment_a_visit_asks_what_is_due(rows: Session) -> None:
    counted: dict[object, list[int]] = defaultdict(list)
    counts = dict(
        rows.execute(select(Answer.visit_id, func.count()).where(Answer.revision == 1).group_by(Answer.visit_id)).all()
    )
    for visit in sorted(visits(rows), key=lambda each: each.received_at):
        counted[visit.cooperative_id].append(counts[visit.id])

    for found in counted.values():
        assert sum(found[:3]) >= 60
        assert all(FEWEST <= count <= MOST for count in found[3:])


def test_scores_move_in_both_directions(rows: Session) -> None:
    series = defaultdict(list)
    chosen = select(VisitScore).where(VisitScore.instrument_code == "KL").order_by(VisitScore.measured_on)
    for row in rows.scalars(chosen):
        if row.score is not None:
            series[row.cooperative_id].append(row.score)

    moved = [found[-1] - found[1] for found in series.values() if len(found) > 3]
    assert sum(change > 3 for change in moved) >= 2
    assert any(change < 2 for change in moved)


def test_actions_have_lived_and_their_steps_end_where_they_stand(rows: Session) -> None:
    steps = defaultdict(list)
    for step in rows.scalars(select(ActionUpdate).order_by(ActionUpdate.action_id, ActionUpdate.number)):
        steps[step.action_id].append(step)

    at_activities = set(rows.scalars(select(ActivityAction.action_id)))
    for action in rows.scalars(select(Action)):
        own = steps[action.id]
        assert [step.number for step in own] == list(range(1, len(own) + 1))
        assert all(earlier.made_at < later.made_at for earlier, later in itertools.pairwise(own))
        is_thought_of = action.visit_id is None and action.id not in at_activities
        began = ActionStatus.PROPOSED if is_thought_of else ActionStatus.AGREED
        assert (own[0].status, own[-1].status) == (began, action.status)
        assert (action.revision, action.is_disputed) == (len(own), disputed_at_last(own))
        assert all(was_allowed(before.status, step) for before, step in itertools.pairwise(own))
    lived = [step for own in steps.values() for step in own]
    assert {step.status for step in lived} == set(ActionStatus)
    assert {step.kind for step in lived} >= set(UpdateKind) - {UpdateKind.PROVED, UpdateKind.NOTED}


def disputed_at_last(steps: Sequence[ActionUpdate]) -> bool:
    said = [step.kind for step in steps if step.kind in (UpdateKind.DISPUTED, UpdateKind.SETTLED, UpdateKind.ACCEPTED)]
    return bool(said) and said[-1] is UpdateKind.DISPUTED and steps[-1].status in OPEN_STATUSES


def was_allowed(before: ActionStatus, step: ActionUpdate) -> bool:
    return step.kind is not UpdateKind.MOVED or (before, step.status) in ALLOWED


def test_plans_are_read_and_asked_about(rows: Session) -> None:
    questions = rows.scalars(select(PlanQuestion)).all()

    assert rows.scalars(select(PlanAcknowledgement)).first()
    assert any(question.answer for question in questions)
    assert all(question.asked_at < SMALL.now for question in questions)


def test_a_verified_action_was_seen_to_be_done_at_a_visit(rows: Session) -> None:
    answered = {
        (row.cooperative_id, row.item_id, row.recorded_at)
        for row in rows.scalars(select(Answer).where(Answer.revision == 1))
    }
    verified = rows.execute(
        select(Action.cooperative_id, Action.item_id, ActionUpdate.made_at)
        .join(ActionUpdate, ActionUpdate.action_id == Action.id)
        .where(ActionUpdate.status == ActionStatus.VERIFIED, ActionUpdate.visit_id.is_not(None))
    ).all()

    assert len(verified) > 5
    assert all(tuple(row) in answered for row in verified)


def test_there_is_something_late_and_something_still_to_do(rows: Session) -> None:
    due = [
        action.due_on
        for action in rows.scalars(select(Action))
        if action.status in (ActionStatus.AGREED, ActionStatus.RUNNING, ActionStatus.RETURNED)
    ]

    assert any(day < SMALL.until for day in due)
    assert any(day >= SMALL.until for day in due)


def test_plans_are_kept_moved_called_off_missed_and_ahead(rows: Session) -> None:
    plans = rows.scalars(select(PlannedVisit)).all()
    made = {visit.planned_visit_id: visit for visit in visits(rows)}

    kinds = Counter(
        "done"
        if plan.id in made
        else "cancelled"
        if plan.cancelled_at
        else "ahead"
        if plan.planned_on >= SMALL.until
        else "missed"
        for plan in plans
    )
    assert set(kinds) == {"done", "cancelled", "ahead", "missed"}
    assert any(plan.moves for plan in plans)
    assert any(visit.planned_visit_id is None for visit in visits(rows))
    for plan in plans:
        if (visit := made.get(plan.id)) is not None:
            assert (visit.cooperative_id, visit.visited_on) == (plan.cooperative_id, plan.planned_on)


def test_every_facilitator_has_two_or_three_visits_today(rows: Session) -> None:
    today = Counter(
        rows.scalars(select(PlannedVisit.facilitator_id).where(PlannedVisit.planned_on == SMALL.until)).all()
    )
    people = rows.scalars(select(User.id).where(User.role == Role.FACILITATOR)).all()

    with_time = [today[person] for person in people]
    assert max(with_time) in (2, 3)
    assert min(with_time) >= 1  # of a caseload of two one may have fallen silent


def test_old_months_are_locked_after_all_their_visits_came_in(rows: Session) -> None:
    locks = {(lock.facilitator_id, lock.year, lock.month): lock.locked_at for lock in rows.scalars(select(MonthLock))}
    locked = [
        (visit, lock)
        for visit in visits(rows)
        if (lock := locks.get((visit.facilitator_id, visit.visited_on.year, visit.visited_on.month)))
    ]

    assert locked
    assert all(visit.received_at < lock for visit, lock in locked)
    assert {(year, month) for _, year, month in locks} == {(2025, 12), (2026, 1), (2026, 2)}


def test_corrections_and_addenda_stand_beside_what_they_concern(rows: Session) -> None:
    corrected = [visit for visit in visits(rows) if visit.revision == 2]
    kinds = {each.visit_id: each.kind for each in rows.scalars(select(Correction))}

    assert corrected
    assert all(kinds[visit.id] is CorrectionKind.CORRECTION for visit in corrected)
    assert CorrectionKind.ADDENDUM in kinds.values()
    revisions = rows.scalars(select(VisitScore.visit_id).where(VisitScore.revision == 2)).all()
    assert set(revisions) == {visit.id for visit in corrected}


def test_files_are_what_their_rows_say(year: Flask) -> None:
    with year.app_context():
        attachments = reading().scalars(select(Attachment)).all()
        named = set(reading().scalars(select(VisitPhoto.attachment_id)))
        signed = set(reading().scalars(select(Visit.signature_id).where(Visit.signature_id.is_not(None))))
        scanned = set(reading().scalars(select(Document.attachment_id).where(Document.attachment_id.is_not(None))))
        shown = set(reading().scalars(select(ActionProof.attachment_id)))
        gathered = set(reading().scalars(select(ActivityPhoto.attachment_id)))
        for row in attachments:
            data = files().read(row.sha256)
            found = facts_of_file(data)
            assert (found.media_type, found.width, found.height) == (row.media_type, row.width, row.height)
            assert len(data) == row.byte_size
            if row.taken_at is not None:
                assert found.taken_at == row.taken_at.replace(microsecond=0)
            if row.media_type is MediaType.PNG:
                refuse_too_little_ink(data)
    assert {row.id for row in attachments} == named | signed | scanned | shown | gathered
    assert gathered
    assert shown
    assert named
    assert signed
    assert scanned


def test_the_register_knows_what_is_known_by_the_end_of_a_year(rows: Session) -> None:
    lived = select(Standing.cooperative_id)
    cooperatives = rows.scalars(select(Cooperative).where(Cooperative.id.in_(lived))).all()

    assert all(each.decree_on and each.decree_on < SMALL.first for each in cooperatives)
    for each in cooperatives:
        if each.latitude is not None and each.longitude is not None:
            assert abs(each.latitude + 1.27) <= 0.09
            assert abs(each.longitude - 116.83) <= 0.08
    assert len(rows.scalars(select(Officer.id).where(Officer.cooperative_id == cooperatives[0].id)).all()) >= 7
    figures = rows.scalars(select(MonthlyFigures)).all()
    assert {(each.year, each.month) for each in figures} >= {(2025, 12), (2026, 1), (2026, 2)}
    assert any(each.revision == 2 for each in figures)
    assert any(each.expires_on for each in rows.scalars(select(Document)))
    assert rows.scalars(select(Draft)).one().updated_at < SMALL.now
    assert rows.get(Office, "64.71") is not None


def test_every_account_says_that_it_is_a_demonstration(rows: Session) -> None:
    people = rows.scalars(select(User)).all()

    assert all(user.name.endswith("(demo)") for user in people)
    assert all(user.password_hash is None for user in people if user.officer_id)
    assert Counter(user.role for user in people if not user.officer_id) == {
        Role.FACILITATOR: 2,
        Role.AGENCY_HEAD: 1,
        Role.ADMIN: 1,
        Role.COOPERATIVE: 6,
    }
