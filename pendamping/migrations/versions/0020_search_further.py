"""The search also knows notes on answers, addenda to monthly reports and kecamatan.

Old rows are found from the start, and none of them changes.
"""

from pendamping.migrations import search

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    search.take_down()
    search.put_up()


def downgrade() -> None:
    search.take_down()
    search.put_up()
