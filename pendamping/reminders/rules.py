"""What is reminded of, how long before or after which date, and who hears it: pure functions of a day and of facts.

The set is that of the product's own description (section 6); every number in it can be changed by the admin. Where
nothing else is said, numbers are our proposal, to be confirmed by the agency.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pendamping.reminders.working_days import ONE_DAY, WorkingDays

MAX_DAYS = 365
MAX_STEPS = 6


class RuleCode(StrEnum):
    """Each names the kind of fact that it reminds of."""

    PLANNED_VISIT = "kunjungan_direncanakan"
    UNVISITED = "lama_tidak_dikunjungi"
    ACTION_DUE = "tindakan_mendekati_tenggat"
    ACTION_OVERDUE = "tindakan_terlambat"
    PROOF_WAITING = "bukti_menunggu"
    DOCUMENT_EXPIRES = "dokumen_berakhir"
    TERM_ENDS = "masa_jabatan_berakhir"
    ANNUAL_REPORT = "rat_laporan_tahunan"
    MEETING_NOTICE = "rat_undangan"
    MEETING_POLICY = "rat_kebijakan"
    MEETING_REPORT = "rat_lapor"
    MEETING_LAW = "rat_uu"
    QUARTERLY = "laporan_triwulan"
    OTHER_OBLIGATION = "kewajiban_lain"
    MONTHLY_REPORT = "laporan_bulanan"
    MONTHLY_REPORT_LATE = "laporan_bulanan_terlambat"
    ITEMS_DUE = "butir_tiba_giliran"
    NO_HOLIDAYS = "libur_belum_diisi"
    TABLET_UNSENT = "tablet_belum_mengirim"


class Hearer(StrEnum):
    """Who is meant by a rule; each becomes people only with a fact."""

    DOER = "pelaksana"
    """Whoever can do it: the cooperative for its own tasks, the facilitator or the agency for theirs."""
    FACILITATOR = "facilitator"
    COOPERATIVE = "cooperative"
    AGENCY_HEAD = "agency_head"
    ADMIN = "admin"


class Doer(StrEnum):
    """Who can do what a fact is about."""

    FACILITATOR = "facilitator"
    COOPERATIVE = "cooperative"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is in force.

    days: before or after the fact's own date, not negative; 0 is the date itself.
    escalates_after: days after that date when the agency's head hears of it, once; None for never.
    goes_out: also by mail and other channels; else it is only shown in the app.
    """

    code: RuleCode
    is_ahead: bool
    days: tuple[int, ...]
    hearers: tuple[Hearer, ...]
    escalates_after: int | None = None
    is_on: bool = True
    goes_out: bool = True


_WHO = {
    "facilitator": (Hearer.FACILITATOR,),
    "doer": (Hearer.DOER,),
    "both": (Hearer.DOER, Hearer.FACILITATOR),
    "admin": (Hearer.ADMIN,),
}

DEFAULTS: Mapping[RuleCode, Rule] = {
    rule.code: rule
    for rule in (
        Rule(RuleCode.PLANNED_VISIT, True, (1,), _WHO["facilitator"]),
        Rule(RuleCode.UNVISITED, False, (21, 30), _WHO["facilitator"], 37),
        Rule(RuleCode.ACTION_DUE, True, (7, 1), _WHO["doer"]),
        Rule(RuleCode.ACTION_OVERDUE, False, (1, 7, 14), _WHO["both"], 21),
        Rule(RuleCode.PROOF_WAITING, False, (3,), _WHO["facilitator"], 10),
        Rule(RuleCode.DOCUMENT_EXPIRES, True, (60, 30, 7), _WHO["both"], 7),
        Rule(RuleCode.TERM_ENDS, True, (90, 30), _WHO["both"], 7),
        Rule(RuleCode.ANNUAL_REPORT, True, (14, 3), _WHO["both"]),
        Rule(RuleCode.MEETING_NOTICE, True, (7, 1), _WHO["both"]),
        Rule(RuleCode.MEETING_POLICY, True, (30, 7), _WHO["both"], 1),
        Rule(RuleCode.MEETING_REPORT, True, (14, 3), _WHO["both"], 1),
        Rule(RuleCode.MEETING_LAW, True, (30, 7), _WHO["both"], 1),
        Rule(RuleCode.QUARTERLY, True, (7, 1), _WHO["both"], 7),
        Rule(RuleCode.OTHER_OBLIGATION, True, (3,), _WHO["doer"], is_on=False),
        Rule(RuleCode.MONTHLY_REPORT, True, (0,), _WHO["facilitator"]),
        Rule(RuleCode.MONTHLY_REPORT_LATE, False, (1,), _WHO["facilitator"], 3),
        Rule(RuleCode.ITEMS_DUE, False, (0,), _WHO["facilitator"]),
        Rule(RuleCode.NO_HOLIDAYS, False, (0, 14), _WHO["admin"]),
        Rule(RuleCode.TABLET_UNSENT, False, (2,), _WHO["facilitator"], 5),
    )
}

OF_OBLIGATION = {
    "LAPORAN_TAHUNAN": RuleCode.ANNUAL_REPORT,
    "UNDANGAN_RAT": RuleCode.MEETING_NOTICE,
    "RAT_KEBIJAKAN": RuleCode.MEETING_POLICY,
    "LAPOR_RAT": RuleCode.MEETING_REPORT,
    "RAT_UU": RuleCode.MEETING_LAW,
    "TRIWULAN": RuleCode.QUARTERLY,
}
"""Obligations with a rule of their own; all others share one, which is off until the admin wants it."""


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """What one obligation of the calendar says of itself, in place of what its rule says of all: on which days before
    its date it is reminded of, and who hears it. It holds whether or not that rule is on.
    """

    days: tuple[int, ...]
    hearers: tuple[Hearer, ...]

    def of(self, rule: Rule) -> Rule:
        return replace(rule, days=self.days, hearers=self.hearers, is_on=True)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is still to be done, and the date that its reminders are counted from."""

    rule: RuleCode
    subject_id: uuid.UUID
    on: dt.date
    title: str = ""
    title_en: str | None = None
    cooperative_id: uuid.UUID | None = None
    code: str = ""
    """The cooperative's; empty where the fact belongs to none."""
    facilitator_id: uuid.UUID | None = None
    """Who accompanies the cooperative on the day that is computed, or owes what this is about."""
    doer: Doer = Doer.COOPERATIVE
    own: OwnTerms | None = None

    def rule_of(self, rules: Mapping[RuleCode, Rule]) -> Rule:
        """By which it is reminded of."""
        rule = rules[self.rule]
        return self.own.of(rule) if self.own else rule


@dataclass(frozen=True, slots=True)
class People:
    """Who there is to hear."""

    accounts: Mapping[uuid.UUID, Sequence[uuid.UUID]] = field(default_factory=dict)
    """Of cooperatives, by their id."""
    heads: Sequence[tuple[str, uuid.UUID]] = ()
    """Each with the beginning of the codes that they answer for."""
    admins: Sequence[tuple[str, uuid.UUID]] = ()

    def who(self, hearer: Hearer, fact: Fact) -> tuple[uuid.UUID, ...]:
        match hearer:
            case Hearer.FACILITATOR:
                return (fact.facilitator_id,) if fact.facilitator_id else ()
            case Hearer.COOPERATIVE:
                return tuple(self.accounts.get(fact.cooperative_id, ())) if fact.cooperative_id else ()
            case Hearer.AGENCY_HEAD:
                return _answering(self.heads, fact.code)
            case Hearer.ADMIN:
                return _answering(self.admins, fact.code)
            case Hearer.DOER:
                return self._doers(fact)

    def _doers(self, fact: Fact) -> tuple[uuid.UUID, ...]:
        """A cooperative without an account hears it from its facilitator."""
        if fact.doer is Doer.AGENCY:
            return _answering(self.heads, fact.code)
        own = self.who(Hearer.COOPERATIVE, fact) if fact.doer is Doer.COOPERATIVE else ()
        return own or self.who(Hearer.FACILITATOR, fact)


def _answering(people: Sequence[tuple[str, uuid.UUID]], code: str) -> tuple[uuid.UUID, ...]:
    return tuple(id_ for prefix, id_ in people if not prefix or f"{code}.".startswith(f"{prefix}."))


@dataclass(frozen=True, slots=True)
class Reminder:
    """One person is to hear one thing on one day; `step` counts days from the fact's date, before it below zero."""

    fact: Fact
    person_id: uuid.UUID
    day: dt.date
    step: int
    is_escalation: bool
    goes_out: bool

    @property
    def key(self) -> tuple[str, uuid.UUID, uuid.UUID, int]:
        """What makes it one and the same within its day."""
        return self.fact.rule.value, self.fact.subject_id, self.person_id, self.step


@dataclass(frozen=True, slots=True)
class Step:
    """One of a rule's occasions, with the dates that it is about on a day."""

    offset: int
    is_escalation: bool
    dates: frozenset[dt.date]


def steps_on(rule: Rule, day: dt.date, calendar: WorkingDays) -> tuple[Step, ...]:
    """The occasions of a rule on a day, the most pressing first; none on days off."""
    nominal = calendar.nominal(day)
    found = []
    for days in rule.days:
        offset = -days if rule.is_ahead else days
        nominals = nominal.of(is_ahead=rule.is_ahead)
        found.append(Step(offset, False, frozenset(each - offset * ONE_DAY for each in nominals)))
    if rule.escalates_after is not None:
        behind = frozenset(each - rule.escalates_after * ONE_DAY for each in nominal.behind)
        found.append(Step(rule.escalates_after, True, behind))
    return tuple(sorted((each for each in found if each.dates), key=lambda step: -step.offset))


def dates_on(rule: Rule, day: dt.date, calendar: WorkingDays) -> frozenset[dt.date]:
    """The dates of facts that a rule reminds of on a day: all that has to be looked for."""
    return frozenset[dt.date]().union(*(step.dates for step in steps_on(rule, day, calendar)))


def reminders_on(
    day: dt.date, facts: Iterable[Fact], rules: Mapping[RuleCode, Rule], people: People, calendar: WorkingDays
) -> list[Reminder]:
    """Who should hear what on a day. Each person hears of one thing once, by its most pressing occasion."""
    steps: dict[Rule, tuple[Step, ...]] = {}
    made: dict[tuple[str, uuid.UUID, uuid.UUID], Reminder] = {}
    for fact in facts:
        rule = fact.rule_of(rules)
        if rule not in steps:
            steps[rule] = steps_on(rule, day, calendar) if rule.is_on else ()
        for step in steps[rule]:
            if fact.on not in step.dates:
                continue
            for reminder in _heard(fact, step, rule, day, people):
                made.setdefault((fact.rule, fact.subject_id, reminder.person_id), reminder)
    return list(made.values())


def _heard(fact: Fact, step: Step, rule: Rule, day: dt.date, people: People) -> Iterator[Reminder]:
    hearers = (Hearer.AGENCY_HEAD,) if step.is_escalation else rule.hearers
    for person_id in dict.fromkeys(id_ for hearer in hearers for id_ in people.who(hearer, fact)):
        yield Reminder(fact, person_id, day, step.offset, step.is_escalation, rule.goes_out)
