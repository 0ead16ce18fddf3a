"""The evaluations that there are, as pages list them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.programme.queries import OfficeView, office_of
from pendamping.reports.evaluation.gather import programme_years
from pendamping.reports.evaluation.models import EvaluationPaper
from pendamping.reports.evaluation.paper import evaluation_number
from pendamping.reports.evaluation.periods import Period, periods_of
from pendamping.reports.evaluation.queries import issued
from pendamping.reports.evaluation.words import period_words

Papers = Mapping[tuple[str, str], EvaluationPaper]


@dataclass(frozen=True, slots=True)
class EvaluationLine:
    """One evaluation: what it is called, its number once it has one, where its files are."""

    title: str
    period: Period
    is_over: bool
    number: str
    pdf_url: str
    xlsx_url: str
    issue_url: str | None = None


@dataclass(frozen=True, slots=True)
class CityEvaluations:
    code: str
    name: str
    lines: Sequence[EvaluationLine]


def evaluations_of_cities(
    session: Session, cities: Sequence[tuple[str, str]], *, today: dt.date
) -> list[CityEvaluations]:
    """For each of these cities every period that has begun, the latest first."""
    periods = periods_of(programme_years(session), today=today)
    papers = issued(session, [code for code, _ in cities])
    found = []
    for code, name in cities:
        office = office_of(session, code)
        lines = [_city_line(code, each, papers, office, today) for each in periods]
        found.append(CityEvaluations(code, name, lines))
    return found


def evaluations_of_cooperative(session: Session, cooperative: Cooperative, *, today: dt.date) -> list[EvaluationLine]:
    periods, papers = periods_of(programme_years(session), today=today), issued(session, [cooperative.code])
    office = office_of(session, cooperative.city_code)
    return [_line("cooperative", {"code": cooperative.code}, each, papers, office, today) for each in periods]


def own_evaluations(session: Session, cooperative: Cooperative, *, today: dt.date) -> list[EvaluationLine]:
    """Only what was issued; one query while nothing was."""
    papers = issued(session, [cooperative.code])
    if not papers:
        return []
    periods = periods_of(programme_years(session), today=today)
    office = office_of(session, cooperative.city_code)
    return [
        _line("own", {}, each, papers, office, today, code=cooperative.code)
        for each in periods
        if (cooperative.code, each.name) in papers
    ]


def _city_line(code: str, period: Period, papers: Papers, office: OfficeView, today: dt.date) -> EvaluationLine:
    return _line(
        "city",
        {"city": code},
        period,
        papers,
        office,
        today,
        issues=period.is_over(today) and (code, period.name) not in papers,
    )


def _line(
    endpoint: str,
    whose: Mapping[str, str],
    period: Period,
    papers: Papers,
    office: OfficeView,
    today: dt.date,
    *,
    code: str = "",
    issues: bool = False,
) -> EvaluationLine:
    paper = papers.get((code or next(iter(whose.values())), period.name))
    address: dict[str, Any] = {**whose, "year": period.year, "part": str(period.part)}
    return EvaluationLine(
        title=period_words(period),
        period=period,
        is_over=period.is_over(today),
        number=evaluation_number(paper, period, office) if paper else "",
        pdf_url=url_for(f"evaluations.{endpoint}", **address, form="pdf"),
        xlsx_url=url_for(f"evaluations.{endpoint}", **address, form="xlsx"),
        issue_url=url_for("evaluations.issue", **address) if issues else None,
    )
