"""`pendamping refresh-search`: make the index of the search anew from the command line."""

import click

from pendamping.kernel.commands import said_plainly
from pendamping.kernel.database import transaction
from pendamping.search.service import refresh


@click.command("refresh-search")
@said_plainly
def refresh_search() -> None:
    """Susun ulang indeks pencarian dari data yang tersimpan; data itu sendiri tidak berubah.

    Indeks ikut sendiri setiap kali data berubah. Ini hanya untuk basis data yang pernah diubah di luar program.
    """
    with transaction() as session:
        refresh(session)
    click.echo("Indeks pencarian disusun ulang.")
