"""`pendamping lock-month`: close a facilitator's month from the command line."""

import datetime as dt

import click

from pendamping.accounts.cli import find_user
from pendamping.kernel.access import now
from pendamping.kernel.commands import MONTH, command_actor, said_plainly
from pendamping.kernel.database import transaction
from pendamping.kernel.errors import DomainError
from pendamping.kernel.roles import Role
from pendamping.kernel.words import N_
from pendamping.visits.corrections.service import lock_month


class NotAFacilitatorsMonth(DomainError):
    code = "not_a_facilitators_month"
    explanation = N_("%(username)s bukan pendamping; hanya bulan pendamping yang dikunci.")


@click.command("lock-month")
@click.argument("month", type=MONTH, metavar="MONTH")
@click.argument("username")
@said_plainly
def lock(month: dt.datetime, username: str) -> None:
    """Kunci bulan MONTH (misalnya 2026-03) milik pendamping USERNAME.

    Kunjungannya tidak lagi diubah, dan yang datang kemudian menjadi susulan.
    """
    facilitator = find_user(username)
    if facilitator.role is not Role.FACILITATOR:
        raise NotAFacilitatorsMonth(username=username)
    with transaction() as session:
        _, was_open = lock_month(session, facilitator, month.date(), actor=command_actor("lock-month"), now=now())
    state = "dikunci" if was_open else "sudah terkunci"
    click.echo(f"{facilitator.name}: {month:%Y-%m} {state}.")
