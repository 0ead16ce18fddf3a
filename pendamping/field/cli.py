"""`pendamping import-copy` and `pendamping new-epoch`: a carried queue, and a server that was put back."""

import sys
import time
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from pendamping.accounts.models import User
from pendamping.field.copies.page import author_among
from pendamping.field.copies.reader import LARGEST_BY_COMMAND, MEGABYTE, MOST_BY_COMMAND, CopyTooLarge, read_copy
from pendamping.field.copies.taking import Taken, take_copy
from pendamping.field.copies.words import signature_word
from pendamping.field.service import renew_epoch
from pendamping.kernel.access import now, today
from pendamping.kernel.commands import command_actor, said_plainly
from pendamping.kernel.database import reading, transaction

PAUSE_SECONDS = 0.15
"""Between two batches: whoever waits for an SQLite database looks every tenth of a second whether it is free."""


@click.command("import-copy")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@said_plainly
def import_copy(file: Path) -> None:
    """Ambil antrean dari berkas “Simpan salinan” sebuah tablet. Dijalankan lagi, tidak ada yang tersimpan dua kali.

    Berkas tanpa tanda tangan tablet, atau yang isinya diubah, masuk karantina.
    """
    if file.stat().st_size > LARGEST_BY_COMMAND:
        raise CopyTooLarge(megabytes=str(LARGEST_BY_COMMAND // MEGABYTE))
    copy = read_copy(file.read_bytes(), most=MOST_BY_COMMAND)
    author = author_among(reading(), select(User), copy.author_id)
    with (
        current_app.test_request_context("/", method="POST"),  # the forms of the pages ask for one
        click.progressbar(length=len(copy.records), label="Mengambil catatan", file=sys.stderr) as bar,
    ):

        def let_others_write(records: int) -> None:
            bar.update(records)
            time.sleep(PAUSE_SECONDS)

        actor = command_actor("import-copy")
        taken = take_copy(copy, author, actor=actor, today=today(), now=now(), after_batch=let_others_write)
    _tell(author.name, taken)
    if taken.refused == taken.records > 0:
        raise click.ClickException("tidak ada catatan yang diterima")


def _tell(author: str, taken: Taken) -> None:
    click.echo(f"{author}: {taken.records} catatan, {taken.files} berkas. {signature_word(taken.signature)}.")
    click.echo(f"Tersimpan {taken.stored}, masuk karantina {taken.held}, tidak diterima {taken.refused}.")
    for words in taken.faults:
        click.echo(f"- {words}")


@click.command("new-epoch")
@said_plainly
def new_epoch() -> None:
    """Beri ingatan server nama baru, sesudah basis data dipulihkan atau disalin.

    Tablet melihatnya pada sambungan berikutnya, dan menawarkan lagi semua yang pernah dikirimnya.
    """
    with transaction() as session:
        value = renew_epoch(session, actor=command_actor("new-epoch"), now=now())
    click.echo(f"Ingatan server kini bernama {value}. Tablet akan mengirim ulang yang hilang.")
