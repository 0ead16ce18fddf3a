"""Officers who come in by a personal link, and monthly figures that a cooperative proposes.

Old rows: every account keeps its password. Going back leaves the officers' accounts, with a hash that no password
fits, because what they wrote names them.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = "0009"
down_revision = '0008'
branch_labels = None
depends_on = None

NO_PASSWORD = "!"  # noqa: S105  # a hash of nothing
USER_CHECKS = (
    ("ck_user_cooperative_accounts_have_one", "(role = 'cooperative') = (cooperative_id IS NOT NULL)"),
    ("ck_user_username_is_lower_case", "username = lower(username) AND length(username) >= 3"),
    ("ck_user_name_is_given", "length(name) > 0"),
    ("ck_user_scope_is_for_the_agency", "role = 'agency_head' OR role = 'admin' OR scope_prefix = ''"),
    ("ck_user_language_is_spoken_here", "language IN ('id', 'en')"),
)
"""What SQLite forgets when the table is remade."""
OFFICER_CHECKS = (
    ("ck_user_officers_belong_to_a_cooperative", "officer_id IS NULL OR role = 'cooperative'"),
    ("ck_user_officers_come_by_link_alone", "(officer_id IS NULL) = (password_hash IS NOT NULL)"),
)


def user_checks() -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(name)) for name, rule in USER_CHECKS]


def upgrade() -> None:
    op.add_column("user", sa.Column("officer_id", sa.Uuid(), nullable=True))
    with op.batch_alter_table("user", table_args=user_checks()) as batch_op:
        batch_op.alter_column("password_hash", existing_type=sa.String(length=255), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_user_officer_id_officer"), "officer", ["officer_id"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_user_officer_id"), ["officer_id"])
        for name, rule in OFFICER_CHECKS:
            batch_op.create_check_constraint(batch_op.f(name), rule)
    _make_links()
    _make_proposals()
    guards.make_append_only(guards.PROPOSALS_APPEND_ONLY)


def _make_links() -> None:
    op.create_table(
        "personal_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.Column("use_count", sa.Integer(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(token_sha256) = 64", name=op.f("ck_personal_link_token_sha256_length")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_personal_link_lasts_a_while")),
        sa.CheckConstraint("use_count >= 0", name=op.f("ck_personal_link_use_count_not_negative")),
        sa.CheckConstraint(
            "(use_count = 0) = (last_used_at IS NULL)", name=op.f("ck_personal_link_use_has_its_time")
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_personal_link_revoked_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_personal_link_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_personal_link_user_id_user")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_personal_link_made_by_id_user")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["user.id"], name=op.f("fk_personal_link_revoked_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_personal_link_token_sha256")),
    )
    op.create_index(op.f("ix_personal_link_cooperative_id_made_at"), "personal_link", ["cooperative_id", "made_at"])
    op.create_index(op.f("ix_personal_link_user_id"), "personal_link", ["user_id"])


def _make_proposals() -> None:
    op.create_table(
        "figures_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("savings_idr", sa.BigInteger(), nullable=True),
        sa.Column("turnover_idr", sa.BigInteger(), nullable=True),
        sa.Column("surplus_idr", sa.BigInteger(), nullable=True),
        sa.Column("cashless_percent", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_figures_proposal_month_is_one")),
        sa.CheckConstraint(
            "members >= 0 AND savings_idr >= 0 AND turnover_idr >= 0", name=op.f("ck_figures_proposal_not_negative")
        ),
        sa.CheckConstraint(
            "cashless_percent BETWEEN 0 AND 100", name=op.f("ck_figures_proposal_cashless_is_a_share")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_figures_proposal_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_figures_proposal_author_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures_proposal")),
    )
    op.create_index(
        op.f("ix_figures_proposal_cooperative_id_year_month"), "figures_proposal", ["cooperative_id", "year", "month"]
    )
    op.create_table(
        "figures_decision",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("city_code", sa.String(length=5), nullable=False),
        sa.Column("figures_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "figures_id IS NOT NULL OR length(reason) > 0", name=op.f("ck_figures_decision_refused_with_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["figures_proposal.id"], name=op.f("fk_figures_decision_proposal_id_figures_proposal")
        ),
        sa.ForeignKeyConstraint(
            ["figures_id"], ["monthly_figures.id"], name=op.f("fk_figures_decision_figures_id_monthly_figures")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_figures_decision_decided_by_id_user")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_figures_decision")),
    )


def downgrade() -> None:
    guards.let_change(guards.PROPOSALS_APPEND_ONLY)
    op.drop_table("figures_decision")
    op.drop_index(op.f("ix_figures_proposal_cooperative_id_year_month"), table_name="figures_proposal")
    op.drop_table("figures_proposal")
    op.drop_index(op.f("ix_personal_link_user_id"), table_name="personal_link")
    op.drop_index(op.f("ix_personal_link_cooperative_id_made_at"), table_name="personal_link")
    op.drop_table("personal_link")
    with op.batch_alter_table("user", table_args=user_checks()) as batch_op:
        for name, _rule in OFFICER_CHECKS:
            batch_op.drop_constraint(batch_op.f(name), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_user_officer_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_user_officer_id_officer"), type_="foreignkey")
    op.execute(f"UPDATE \"user\" SET password_hash = '{NO_PASSWORD}' WHERE password_hash IS NULL")
    with op.batch_alter_table("user", table_args=user_checks()) as batch_op:
        batch_op.drop_column("officer_id")
        batch_op.alter_column("password_hash", existing_type=sa.String(length=255), nullable=False)
