"""What was issued."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from pendamping.reports.evaluation.models import EvaluationPaper
from pendamping.reports.evaluation.periods import Period


def issued(session: Session, codes: Sequence[str]) -> Mapping[tuple[str, str], EvaluationPaper]:
    """The issued evaluations of cities and cooperatives, by their code and the name of the period; one query."""
    rows = session.scalars(select(EvaluationPaper).where(EvaluationPaper.subject_code.in_(codes)))
    return {(row.subject_code, f"{row.year}-{row.part}"): row for row in rows}


def issued_paper(session: Session, code: str, period: Period) -> EvaluationPaper | None:
    return issued(session, [code]).get((code, period.name))
