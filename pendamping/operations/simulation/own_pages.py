"""What cooperatives do by themselves: officers come in by their links, and send figures for the facilitator to see."""

import datetime as dt
import uuid
from collections.abc import Sequence

from pendamping.accounts.links.models import PersonalLink
from pendamping.accounts.models import User
from pendamping.cooperatives.models import MonthlyFigures
from pendamping.cooperatives.proposals.models import FiguresDecision, FiguresProposal
from pendamping.instruments.definition import OwnerRole
from pendamping.kernel.roles import Role
from pendamping.operations.simulation.cast import Subject
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.names import DEMO
from pendamping.operations.simulation.rows import Row, Rows
from pendamping.operations.simulation.wanted import Wanted

HAS_LINK, IS_REVOKED, SENDS_FIGURES, SENT_BACK = 0.6, 0.15, 0.5, 0.25
LINK_LASTS = dt.timedelta(days=90)
FIGURES = ("members", "savings_idr", "turnover_idr", "surplus_idr", "cashless_percent")


def own_pages(
    subject: Subject, board: Sequence[Row], wanted: Wanted, facilitator_id: uuid.UUID, rows: Rows, chance: Chance
) -> None:
    """A treasurer's link in most cooperatives; a month's figures waiting in some, sent back in a few."""
    treasurer = next(each for each in board if each["role"] is OwnerRole.TREASURER)
    if not chance.happens(HAS_LINK) or treasurer["term_ends_on"] < wanted.until:
        return
    account_id = _account(subject, treasurer, wanted, rows, chance)
    _link(subject, account_id, wanted, facilitator_id, rows, chance)
    if chance.happens(SENDS_FIGURES):
        _figures(subject, account_id, wanted, facilitator_id, rows, chance)


def _account(subject: Subject, officer: Row, wanted: Wanted, rows: Rows, chance: Chance) -> uuid.UUID:
    account = rows.add(
        User,
        id=chance.id(),
        username=f"pengurus-{officer['id'].hex[:24]}",
        name=f"{officer['name']} {DEMO}",
        role=Role.COOPERATIVE,
        scope_prefix="",
        cooperative_id=subject.id,
        officer_id=officer["id"],
        password_hash=None,
        must_change_password=False,
        session_version=1,
        language="id",
        created_at=wanted.now - chance.days(30, 60),
        deactivated_at=None,
    )
    return uuid.UUID(str(account["id"]))


def _link(
    subject: Subject, account_id: uuid.UUID, wanted: Wanted, facilitator_id: uuid.UUID, rows: Rows, chance: Chance
) -> None:
    """Nobody holds its token: it shows what a list of links looks like, and opens nothing."""
    made_at, uses = wanted.now - chance.days(5, 25), chance.randint(0, 9)
    is_revoked = chance.happens(IS_REVOKED)
    rows.add(
        PersonalLink,
        id=chance.id(),
        city_code=subject.city_code,
        cooperative_id=subject.id,
        user_id=account_id,
        token_sha256=chance.sha256(),
        made_by_id=facilitator_id,
        made_at=made_at,
        expires_at=made_at + LINK_LASTS,
        revoked_at=wanted.now - dt.timedelta(hours=5) if is_revoked else None,
        revoked_by_id=facilitator_id if is_revoked else None,
        use_count=uses,
        last_used_at=wanted.now - chance.days(1, 4) if uses else None,
    )


def _figures(
    subject: Subject, account_id: uuid.UUID, wanted: Wanted, facilitator_id: uuid.UUID, rows: Rows, chance: Chance
) -> None:
    """The month after the last one on record, or that one put right; a little more of everything."""
    known = max(rows.of(MonthlyFigures), key=lambda row: (row["year"], row["month"], row["revision"]), default=None)
    if known is None:
        return
    year, month = (known["year"], known["month"] + 1) if known["month"] < 12 else (known["year"] + 1, 1)
    if dt.date(year, month, 1) > wanted.until:
        year, month = known["year"], known["month"]
    more = {name: None if known[name] is None else known[name] + known[name] // 40 for name in FIGURES}
    share = more["cashless_percent"]
    proposal = rows.add(
        FiguresProposal,
        id=chance.id(),
        city_code=subject.city_code,
        cooperative_id=subject.id,
        year=year,
        month=month,
        **{**more, "cashless_percent": None if share is None else min(100, share)},
        author_id=account_id,
        made_at=wanted.now - dt.timedelta(hours=30) - chance.minutes(0, 600),
    )
    if chance.happens(SENT_BACK):
        rows.add(
            FiguresDecision,
            proposal_id=proposal["id"],
            city_code=subject.city_code,
            figures_id=None,
            reason="Omzet gerai belum termasuk. Tambahkan, lalu kirim lagi.",
            decided_by_id=facilitator_id,
            decided_at=wanted.now - dt.timedelta(hours=3),
        )
