"""`pendamping refresh-standings`: work every standing out again from the command line."""

import click
from sqlalchemy import select

from pendamping.cooperatives.models import Cooperative
from pendamping.instruments.queries import instruments_on
from pendamping.kernel.access import now, today
from pendamping.kernel.commands import said_plainly
from pendamping.kernel.database import reading, transaction
from pendamping.progress.service import refresh_standing


@click.command("refresh-standings")
@said_plainly
def refresh_standings() -> None:
    """Hitung ulang keadaan setiap koperasi: skor, gerbang tahap, dan penetapan.

    Diperlukan sesudah pembaruan program, dan berguna pada awal triwulan: jawaban yang tersimpan tidak berubah.
    """
    codes = reading().scalars(select(Cooperative.code).order_by(Cooperative.code)).all()
    for code in codes:  # one by one, so that nobody who writes meanwhile has to wait for the whole city
        with transaction() as session:
            cooperative = session.scalars(select(Cooperative).where(Cooperative.code == code)).one()
            refresh_standing(session, cooperative, instruments_on(session, today()), today=today(), now=now())
    click.echo(f"{len(codes)} koperasi dihitung ulang.")
