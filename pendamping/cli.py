"""The `pendamping` command: every feature's commands under one name."""

import os

import click

from pendamping.accounts.cli import user_cli
from pendamping.app import create_app
from pendamping.cooperatives.cli import assign
from pendamping.field.cli import import_copy, new_epoch
from pendamping.instruments.cli import score
from pendamping.instruments.exchange.cli import instrument_cli
from pendamping.kernel.commands import plainly
from pendamping.operations.backup.cli import backup, doctor, restore, verify
from pendamping.operations.cli import init, serve
from pendamping.operations.schema import refuse_other_schema
from pendamping.operations.simulation.cli import simulate
from pendamping.progress.cli import refresh_standings
from pendamping.reminders.cli import remind_command
from pendamping.reports.exports.cli import export
from pendamping.search.cli import refresh_search
from pendamping.settings import BadSetting
from pendamping.visits.corrections.cli import lock

COMMANDS = (
    init,
    serve,
    user_cli,
    assign,
    simulate,
    remind_command,
    export,
    backup,
    restore,
    verify,
    doctor,
    lock,
    refresh_standings,
    refresh_search,
    score,
    instrument_cli,
    import_copy,
    new_epoch,
)

WITHOUT_APP = (score,)
"""Commands that need neither settings nor database, and leave no instance folder behind."""


AT_ANY_REVISION = (init, serve, backup, restore, verify, doctor)
"""Commands that look by themselves whether the database is as this program needs it."""


class InsideTheApp(click.Group):
    """Makes the app only for a command that runs, so that `--help` needs neither settings nor database."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        found = super().resolve_command(ctx, args)
        if "--help" not in args and found[1] not in WITHOUT_APP:
            os.umask(0o077)  # what commands write, the database among it, is for the owner alone
            try:
                app = create_app()
            except BadSetting as error:
                raise click.ClickException(str(error)) from None
            ctx.with_resource(app.app_context())
            if found[1] not in AT_ANY_REVISION:
                with plainly():
                    refuse_other_schema()
        return found


main = InsideTheApp("pendamping", help="Pendampingan koperasi: menyiapkan, melayani, akun, penugasan.")
for command in COMMANDS:
    main.add_command(command)
