"""The database itself refuses to rewrite the log, and to let two assignments overlap.

Old rows stay as they are.
"""

from pendamping.migrations import guards

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    guards.put_up()


def downgrade() -> None:
    guards.take_down()
