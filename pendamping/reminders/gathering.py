"""Everything that rules may remind of on a day; and of what was reminded of, what is still to be done.

The same functions answer both: before a reminder is sent they are asked again, with its date and its id.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from sqlalchemy.orm import Session

from pendamping.reminders import duties, facts
from pendamping.reminders.fact_query import FactQuery
from pendamping.reminders.rules import DEFAULTS, Fact, Rule, RuleCode, dates_on
from pendamping.reminders.working_days import WorkingDays

Thing = tuple[RuleCode, uuid.UUID, dt.date]
"""What somebody was reminded of: rule, subject and the date that it was about."""
Provider = Callable[[Session, RuleCode, FactQuery], Iterable[Fact]]

PROVIDERS: Mapping[RuleCode, Provider] = {
    RuleCode.PLANNED_VISIT: facts.planned_visits,
    RuleCode.UNVISITED: facts.unvisited,
    RuleCode.ACTION_DUE: facts.actions,
    RuleCode.ACTION_OVERDUE: facts.actions,
    RuleCode.PROOF_WAITING: facts.proofs,
    RuleCode.DOCUMENT_EXPIRES: facts.documents,
    RuleCode.TERM_ENDS: facts.terms,
    RuleCode.ITEMS_DUE: facts.items,
    RuleCode.ANNUAL_REPORT: duties.before_meetings,
    RuleCode.MEETING_NOTICE: duties.before_meetings,
    RuleCode.MEETING_POLICY: duties.of_cooperatives,
    RuleCode.MEETING_REPORT: duties.of_cooperatives,
    RuleCode.MEETING_LAW: duties.of_cooperatives,
    RuleCode.QUARTERLY: duties.of_cooperatives,
    RuleCode.OTHER_OBLIGATION: duties.of_cooperatives,
    RuleCode.MONTHLY_REPORT: duties.monthly_reports,
    RuleCode.MONTHLY_REPORT_LATE: duties.monthly_reports,
    RuleCode.NO_HOLIDAYS: duties.missing_holidays,
    RuleCode.TABLET_UNSENT: facts.tablets,
}
"""Where the facts of each rule come from."""

assert PROVIDERS.keys() == DEFAULTS.keys()

MOST_AT_ONCE = 5_000
"""Ids in one question; databases take so many and not many more."""


def facts_for(
    session: Session, rules: Mapping[RuleCode, Rule], *, day: dt.date, calendar: WorkingDays
) -> Iterator[Fact]:
    """Everything that the rules in force may remind of on a day."""
    for code, rule in rules.items():
        ruling = [each for each in (rule, *_own(session, rule)) if each.is_on]
        dates = frozenset[dt.date]().union(*(dates_on(each, day, calendar) for each in ruling))
        if dates:
            yield from PROVIDERS[code](session, code, FactQuery(dates, day))


def _own(session: Session, rule: Rule) -> Iterable[Rule]:
    if rule.code is not RuleCode.OTHER_OBLIGATION:
        return ()
    return [own.of(rule) for own in duties.own_terms(session)]


def still_to_do(session: Session, reminded: Iterable[Thing], *, day: dt.date) -> dict[Thing, Fact]:
    """Those of the things reminded of that are not done yet and whose date still holds, as they are now."""
    by_rule: defaultdict[RuleCode, set[Thing]] = defaultdict(set)
    for thing in reminded:
        by_rule[thing[0]].add(thing)
    holding: dict[Thing, Fact] = {}
    for code, things in by_rule.items():
        ordered = sorted(things, key=lambda thing: thing[1])
        for start in range(0, len(ordered), MOST_AT_ONCE):
            some = ordered[start : start + MOST_AT_ONCE]
            asked = FactQuery(frozenset(on for *_, on in some), day, frozenset(id_ for _, id_, _ in some))
            holding |= {(code, fact.subject_id, fact.on): fact for fact in PROVIDERS[code](session, code, asked)}
    return holding
