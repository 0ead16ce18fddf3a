import itertools
import uuid

from pendamping.reports.monthly.models import (
    MonthlyReport,
    MonthlyReportPhoto,
    MonthlyReportStep,
    ReportStatus,
    StepKind,
)
from tests.breaking import Broken, add_row, misjudged, raw, removes, rewrites
from tests.make import Make

numbers = itertools.count(1)


def add_report(make: Make, **changed: object) -> uuid.UUID:
    report_id = uuid.uuid4()
    sound = {
        "id": report_id,
        "city_code": "64.71",
        "facilitator_id": changed.get("facilitator_id") or make.user().id,
        "year": 2026,
        "month": 3,
        "status": ReportStatus.SENT,
        "words": {},
        "revision": 1,
        "number_year": 2026,
        "number": next(numbers),
        "first_sent_at": make.now,
        "sent_at": make.now,
        "created_at": make.now,
        "updated_at": make.now,
    }
    add_row(make, MonthlyReport, **{**sound, **changed})
    return report_id


def report_one_month_twice(make: Make) -> None:
    facilitator_id = make.user().id
    add_report(make, facilitator_id=facilitator_id)
    add_report(make, facilitator_id=facilitator_id)


def give_one_number_twice(make: Make) -> None:
    add_report(make, number=9999)
    add_report(make, number=9999)


def add_photo(make: Make, **changed: object) -> None:
    sound = {
        "report_id": changed.get("report_id") or add_report(make),
        "position": 0,
        "city_code": "64.71",
        "attachment_id": changed.get("attachment_id") or make.attachment(make.user()).id,
        "caption": "",
    }
    add_row(make, MonthlyReportPhoto, **{**sound, **changed})


def show_one_photo_twice(make: Make) -> None:
    report_id, attachment_id = add_report(make), make.attachment(make.user()).id
    add_photo(make, report_id=report_id, attachment_id=attachment_id)
    add_photo(make, report_id=report_id, attachment_id=attachment_id, position=1)


def add_step(make: Make, **changed: object) -> None:
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "report_id": changed.get("report_id") or add_report(make),
        "number": 1,
        "kind": StepKind.RETURNED,
        "text": "Kendala belum jelas.",
        "content": None,
        "changed": [],
        "revision": 2,
        "author_id": make.user().id,
        "made_at": make.now,
    }
    add_row(make, MonthlyReportStep, **{**sound, **changed})


def take_one_step_twice(make: Make) -> None:
    report_id = add_report(make)
    add_step(make, report_id=report_id)
    add_step(make, report_id=report_id)


BROKEN: Broken = {
    "ck_monthly_report_reportstatus": lambda make: add_report(make, status=raw("hilang")),
    "ck_monthly_report_month_is_one": lambda make: add_report(make, month=13),
    "ck_monthly_report_year_in_reach": lambda make: add_report(make, year=20),
    "ck_monthly_report_revision_positive": lambda make: add_report(make, revision=0),
    "ck_monthly_report_number_positive": lambda make: add_report(make, number=0),
    "ck_monthly_report_numbered_when_sent": lambda make: add_report(make, first_sent_at=None),
    "ck_monthly_report_only_drafts_have_no_number": lambda make: add_report(
        make, number=None, number_year=None, first_sent_at=None
    ),
    "uq_monthly_report_facilitator_id_year_month": report_one_month_twice,
    "uq_monthly_report_city_code_number_year_number": give_one_number_twice,
    "ck_monthly_report_photo_position_not_negative": lambda make: add_photo(make, position=-1),
    "uq_monthly_report_photo_report_id_attachment_id": show_one_photo_twice,
    "ck_monthly_report_step_stepkind": lambda make: add_step(make, kind=raw("hilang")),
    "ck_monthly_report_step_number_positive": lambda make: add_step(make, number=0),
    "ck_monthly_report_step_revision_positive": lambda make: add_step(make, revision=0),
    "ck_monthly_report_step_answers_have_words": lambda make: add_step(make, text=""),
    "ck_monthly_report_step_sending_freezes": lambda make: add_step(make, kind=StepKind.SENT),
    "uq_monthly_report_step_report_id_number": take_one_step_twice,
}
REWRITTEN: Broken = {
    "monthly_report_step_is_append_only: update": rewrites(MonthlyReportStep, text="lain"),
    "monthly_report_step_is_append_only: delete": removes(MonthlyReportStep),
}


def test_the_rows_that_the_table_breaks_are_sound(make: Make) -> None:
    add_photo(make)
    add_step(make)


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_no_step_of_a_report_is_rewritten(make: Make) -> None:
    add_step(make)

    assert misjudged(make, REWRITTEN) == {}
