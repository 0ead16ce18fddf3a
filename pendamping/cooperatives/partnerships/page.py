"""A cooperative's partnerships and chosen businesses, gathered for its pages."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from pendamping.cooperatives.models import Cooperative
from pendamping.cooperatives.partnerships.queries import (
    BusinessPlanView,
    PartnershipView,
    business_plans_of,
    partnerships_of,
)
from pendamping.cooperatives.queries import NameAndCode, name_and_code
from pendamping.cooperatives.records.figures import Month
from pendamping.cooperatives.records.queries import figures_between
from pendamping.instruments.definition import GOOD_VALUE, Item
from pendamping.instruments.queries import PublishedInstrument, instruments_on
from pendamping.instruments.scoring import ItemScore, ItemState
from pendamping.visits.assessments import assessments
from pendamping.visits.log import facts_of
from pendamping.visits.queries import current_answers

INSTRUMENT, SECTION = "UK", "UK-B"
"""Section B of the instrument on business and partnership is "Kelayakan bermitra" (eligibility for partnership)."""
CASHLESS_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that partners ask for and that is not there yet; `is_unknown` while nobody has answered it."""

    item: Item
    is_unknown: bool


@dataclass(frozen=True, slots=True)
class Requirements:
    """What partners still ask for, out of `asked` things; nothing is asked at the stage of formation."""

    missing: Sequence[Requirement]
    asked: int


@dataclass(frozen=True, slots=True)
class Cashless:
    """The share of cashless payments in percent, as the last month that tells of it has it."""

    month: Month
    percent: int


@dataclass(frozen=True, slots=True)
class PartnershipsPage:
    cooperative: NameAndCode
    partnerships: Sequence[PartnershipView]
    requirements: Requirements
    plan: BusinessPlanView | None
    cashless: Cashless | None


def partnerships_page(session: Session, cooperative: Cooperative, *, today: dt.date) -> PartnershipsPage:
    """Everything the pages show, in a number of queries that does not depend on the history's length."""
    plans = business_plans_of(session, cooperative.id, limit=1)
    return PartnershipsPage(
        cooperative=name_and_code(cooperative),
        partnerships=partnerships_of(session, cooperative.id),
        requirements=requirements_of(session, cooperative, today=today),
        plan=plans[0] if plans else None,
        cashless=_cashless(session, cooperative, today),
    )


def requirements_of(session: Session, cooperative: Cooperative, *, today: dt.date) -> Requirements:
    """The items of the section on eligibility that are poor, or that nobody has answered.

    Source: the instrument's own section `UK-B`, which gathers what partners ask for before they agree; poor is what
    counts for less than a good answer there, by the instrument's rules of scoring and of proof.
    """
    published = [each for each in instruments_on(session, today) if each.instrument.code == INSTRUMENT]
    scored = _scored(session, cooperative, published, today)
    items = [each for each in scored if each.state in (ItemState.ANSWERED, ItemState.UNANSWERED)]
    missing = [Requirement(each.item, each.state is ItemState.UNANSWERED) for each in items if _is_missing(each)]
    return Requirements(missing, len(items))


def _scored(
    session: Session, cooperative: Cooperative, published: Sequence[PublishedInstrument], today: dt.date
) -> list[ItemScore]:
    """The section's items as they count today; none where the version in force has no such section."""
    answers, facts = current_answers(session, cooperative.id), facts_of(cooperative, today)
    found = assessments(session, published, answers, stage=cooperative.stage, on=today, facts=facts)
    sections = (each for _published, assessment in found for each in assessment.score().sections)
    return [item for each in sections if each.section.code == SECTION for item in each.items]


def _is_missing(scored: ItemScore) -> bool:
    return scored.counted is None or scored.counted < GOOD_VALUE


def _cashless(session: Session, cooperative: Cooperative, today: dt.date) -> Cashless | None:
    this_month = Month.of(today)
    for each in figures_between(session, cooperative.id, this_month.minus(CASHLESS_MONTHS), this_month):
        if each.figures.cashless_percent is not None:
            return Cashless(each.month, each.figures.cashless_percent)
    return None
