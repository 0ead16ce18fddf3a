"""The one verb of evaluations: the agency issues them, and from then on they have a number."""

import datetime as dt
import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.kernel import audit
from pendamping.kernel.audit import Actor
from pendamping.kernel.errors import DomainError
from pendamping.kernel.words import N_
from pendamping.reports.evaluation.models import EvaluationPaper
from pendamping.reports.evaluation.periods import Period
from pendamping.visits.service import next_paper_number


class PeriodIsNotOver(DomainError):
    """What is still being recorded is not issued."""

    code = "period_is_not_over"
    explanation = N_("Masa ini belum berakhir. Evaluasinya diterbitkan sesudah hari terakhirnya.")


def issue(
    session: Session,
    city_code: str,
    cooperatives: Select[Cooperative],
    period: Period,
    *,
    user_id: uuid.UUID,
    actor: Actor,
    today: dt.date,
    now: dt.datetime,
) -> int:
    """Give the evaluation of a city and of each of its cooperatives a number; those that have one keep it. Returns how
    many were given.

    Args:
        cooperatives: all of the city.

    Raises:
        PeriodIsNotOver: today is a day of the period or before it.
    """
    if not period.is_over(today):
        raise PeriodIsNotOver
    codes = session.scalars(cooperatives.with_only_columns(Cooperative.code).order_by(Cooperative.code)).all()
    has_one = set(
        session.scalars(
            select(EvaluationPaper.subject_code).where(
                EvaluationPaper.city_code == city_code,
                EvaluationPaper.year == period.year,
                EvaluationPaper.part == period.part,
            )
        )
    )
    missing = [code for code in (city_code, *codes) if code not in has_one]
    for code in missing:
        paper = EvaluationPaper(
            id=uuid.uuid4(),
            city_code=city_code,
            subject_code=code,
            year=period.year,
            part=period.part,
            number_year=period.last.year,
            number=next_paper_number(session, city_code, period.last.year),
            issued_on=today,
            issued_by_id=user_id,
            issued_at=now,
        )
        session.add(paper)
        session.flush()
        audit.record(session, actor, "issue_evaluation", paper, at=now, after={"subject": code, "number": paper.number})
    return len(missing)
