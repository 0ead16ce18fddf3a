"""`pendamping assign`: who accompanies which cooperative, and when."""

import datetime as dt

import click
from sqlalchemy import select

from pendamping.accounts.cli import UnknownCode, find_user
from pendamping.cooperatives.assignments import service
from pendamping.cooperatives.assignments.queries import caseload_of
from pendamping.cooperatives.models import Cooperative
from pendamping.kernel.access import now
from pendamping.kernel.commands import DAY, command_actor, said_plainly
from pendamping.kernel.database import reading, transaction


@click.command("assign")
@click.argument("code")
@click.argument("username")
@click.option("--from", "starts", type=DAY, required=True, help="Hari pertama, misalnya 2026-01-01.")
@click.option("--until", "ends", type=DAY, help="Hari terakhir; tanpa ini sampai akhir tahun program.")
@said_plainly
def assign(code: str, username: str, starts: dt.datetime, ends: dt.datetime | None) -> None:
    """Tugaskan pendamping USERNAME pada koperasi dengan kode kelurahan CODE."""
    cooperative = reading().scalar(select(Cooperative).where(Cooperative.code == code))
    if cooperative is None:
        raise UnknownCode(code=code)
    facilitator = find_user(username)
    with transaction() as session:
        assignment = service.assign(
            session,
            cooperative,
            facilitator,
            starts_on=starts.date(),
            ends_on=ends.date() if ends else None,
            actor=command_actor("assign"),
            now=now(),
        )
        caseload = caseload_of(session, facilitator.id, on=assignment.starts_on)
    click.echo(f"{cooperative.short_name}: {facilitator.name}, {assignment.starts_on} sampai {assignment.ends_on}.")
    if not caseload.is_usual:
        click.echo(
            f"Perhatian: {facilitator.name} mendampingi {caseload.count} koperasi pada {assignment.starts_on}; "
            f"biasanya {caseload.minimum} sampai {caseload.maximum}.",
            err=True,
        )
