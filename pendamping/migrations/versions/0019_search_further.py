"""The search knows notes on answers, addenda and kecamatan as well; three indexes for what the agency's pages count.

They hold disputes alone, all that means of scores are made of, and facilitators by name. Old rows are found from the start, and none of them changes.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import search

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SCORES = ["instrument_code", "score"]
MEANS = [*SCORES, "previous_score", "is_provisional", "cooperative_id"]


def upgrade() -> None:
    search.take_down()
    search.put_up()
    op.create_index(
        "ix_action_disputed",
        "action",
        ["cooperative_id"],
        sqlite_where=sa.text("is_disputed = 1"),
        postgresql_where=sa.text("is_disputed"),
    )
    op.drop_index(op.f("ix_standing_score_instrument_code_score"), "standing_score")
    op.create_index("ix_standing_score_means", "standing_score", MEANS)
    op.create_index(op.f("ix_user_role_name_id"), "user", ["role", "name", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_user_role_name_id"), "user")
    op.drop_index("ix_standing_score_means", "standing_score")
    op.create_index(op.f("ix_standing_score_instrument_code_score"), "standing_score", SCORES)
    op.drop_index("ix_action_disputed", "action")
    search.take_down()
    search.put_up()
