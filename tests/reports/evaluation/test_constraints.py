import datetime as dt
import itertools
import uuid

from pendamping.reports.evaluation.models import EvaluationPaper
from pendamping.reports.evaluation.periods import Part
from tests.breaking import Broken, add_row, misjudged, raw, removes, rewrites
from tests.make import Make

numbers = itertools.count(1)


def add_paper(make: Make, **changed: object) -> None:
    number = next(numbers)
    sound = {
        "id": uuid.uuid4(),
        "city_code": "64.71",
        "subject_code": "64.71",
        "year": 2000 + number,
        "part": Part.HALF,
        "number_year": 2026,
        "number": number,
        "issued_on": dt.date(2026, 7, 1),
        "issued_by_id": make.user().id,
        "issued_at": make.now,
    }
    add_row(make, EvaluationPaper, **{**sound, **changed})


def issue_one_evaluation_twice(make: Make) -> None:
    add_paper(make, year=2026)
    add_paper(make, year=2026)


def give_one_number_twice(make: Make) -> None:
    add_paper(make, number=9999)
    add_paper(make, number=9999)


BROKEN: Broken = {
    "ck_evaluation_paper_part": lambda make: add_paper(make, part=raw("hilang")),
    "ck_evaluation_paper_number_positive": lambda make: add_paper(make, number=0),
    "ck_evaluation_paper_subject_is_a_region": lambda make: add_paper(make, subject_code="64"),
    "uq_evaluation_paper_subject_code_year_part": issue_one_evaluation_twice,
    "uq_evaluation_paper_city_code_number_year_number": give_one_number_twice,
}
REWRITTEN: Broken = {
    "evaluation_paper_is_append_only: update": rewrites(EvaluationPaper, number=7),
    "evaluation_paper_is_append_only: delete": removes(EvaluationPaper),
}


def test_the_database_refuses_what_breaks_a_rule(make: Make) -> None:
    assert misjudged(make, BROKEN) == {}


def test_no_issued_evaluation_is_rewritten(make: Make) -> None:
    add_paper(make)

    assert misjudged(make, REWRITTEN) == {}
