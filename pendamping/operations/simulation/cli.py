"""`pendamping simulate`: a database full of a believable year, for demonstrations, training and tests."""

import click

from pendamping.accounts.models import User
from pendamping.kernel.access import today
from pendamping.kernel.commands import said_plainly
from pendamping.kernel.database import reading, transaction
from pendamping.kernel.files import files
from pendamping.kernel.roles import Role
from pendamping.operations.simulation.chance import Chance
from pendamping.operations.simulation.ground import demo_accounts, earlier, refuse_unless_fresh
from pendamping.operations.simulation.making import simulate as make_simulation
from pendamping.operations.simulation.names import DEMO, password
from pendamping.operations.simulation.wanted import Wanted, wanted_from

ROLE_WORDS = {
    Role.FACILITATOR: "pendamping",
    Role.AGENCY_HEAD: "kepala dinas",
    Role.ADMIN: "admin",
    Role.COOPERATIVE: "koperasi",
}
SHOWN = {Role.FACILITATOR: 7, Role.AGENCY_HEAD: 1, Role.ADMIN: 1, Role.COOPERATIVE: 10}
"""How many accounts of each role are printed."""


@click.command("simulate")
@click.option("--cooperatives", default="34", show_default=True, help="Banyaknya koperasi, 5 sampai 100000.")
@click.option("--months", default="12", show_default=True, help="Banyaknya bulan, 1 sampai 60.")
@click.option("--until", help="Hari terakhir, misalnya 2026-12-31; tanpa ini hari ini menurut kantor (WITA).")
@click.option("--seed", help="Angka benih: angka yang sama membuat data yang sama. Wajib.")
@click.option("--once", is_flag=True, help="Bila sudah ada tahun simulasi, yang mana pun, tampilkan akunnya saja.")
@said_plainly
def simulate(cooperatives: str, months: str, until: str | None, seed: str | None, once: bool) -> None:
    """Isi basis data yang baru dimuat dengan tahun simulasi, beserta akun demo.

    Semuanya jadi atau tidak sama sekali. Basis data yang sudah dipakai ditolak; yang sudah berisi simulasi yang sama
    tidak diubah.
    """
    wanted = wanted_from(cooperatives=cooperatives, months=months, until=until, seed=seed, today=today())
    already = earlier(reading())
    if already is not None and (once or already == wanted.as_record()):
        click.echo("Tahun simulasi ini sudah ada; tidak ada yang diubah.")
    else:
        _make(wanted)
        already = wanted.as_record()
    click.echo("Simulasi {cooperatives} koperasi, {months} bulan, sampai {until}, benih {seed}.".format(**already))
    _print_accounts(int(str(already["seed"])))


def _make(wanted: Wanted) -> None:
    refuse_unless_fresh(reading())  # before the bar: a refusal is one line
    with (
        click.progressbar(length=wanted.cooperatives, label="Menyimulasikan koperasi") as bar,
        transaction() as session,
    ):
        make_simulation(session, wanted, store=files(), advance=lambda: bar.update(1))


def _print_accounts(seed: int) -> None:
    accounts = demo_accounts(reading(), DEMO)
    click.echo(f"Kata sandi semua akun demo: {password(Chance(seed))}")
    for role, count in SHOWN.items():
        of_role = [account for account in accounts if account.role is role]
        for account in of_role[:count]:
            click.echo(_line(account))
        if len(of_role) > count:
            click.echo(f"  ... dan {len(of_role) - count} akun {ROLE_WORDS[role]} lagi (pendamping user list)")


def _line(account: User) -> str:
    return f"  {account.username:<26} {ROLE_WORDS[account.role]:<13} {account.name}"
