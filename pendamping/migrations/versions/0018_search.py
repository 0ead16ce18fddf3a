"""An index of words over cooperatives, people, visits' notes and actions, kept by the database itself.

Old rows are in it from the start, and none of them changes.
"""

from pendamping.migrations import search

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    search.put_up()


def downgrade() -> None:
    search.take_down()
