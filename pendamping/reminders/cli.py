"""`pendamping remind`: work out by hand who is reminded of what on a day."""

import click

from pendamping.kernel.access import now
from pendamping.kernel.clock import date_in
from pendamping.kernel.commands import said_plainly
from pendamping.kernel.database import reading, retry_on_conflict
from pendamping.reminders.service import Made, remind
from pendamping.reminders.words import rule_word


@click.command("remind")
@click.option("--on", "day", required=True, help="Hari kantor (WITA), misalnya 2026-04-14.")
@click.option("--dry-run", is_flag=True, help="Hitung saja; tidak ada yang disimpan.")
@said_plainly
def remind_command(day: str, dry_run: bool) -> None:
    """Buat pengingat untuk satu hari. Dijalankan lagi, tidak ada yang dibuat dua kali."""
    on = date_in(day)
    if on is None:
        raise click.ClickException(f"--on: {day[:40]!r} bukan tanggal; tulis seperti 2026-04-14")
    instant = now()
    if dry_run:
        made = remind(reading(), on, now=instant, is_dry=True)
    else:
        made = retry_on_conflict(lambda session: remind(session, on, now=instant))
    for code, count in sorted(made.by_rule.items()):
        click.echo(f"  {count:>5}  {rule_word(code)}")
    click.echo(_said(made, dry_run=dry_run))


def _said(made: Made, *, dry_run: bool) -> str:
    what = "akan dibuat" if dry_run else "dibuat"
    there = f"; {made.there} sudah ada" if made.there else ""
    return f"{made.reminders} pengingat {what} untuk {made.people} orang{there}."
