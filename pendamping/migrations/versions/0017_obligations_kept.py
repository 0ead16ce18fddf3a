"""Obligations of the calendar in versions, kept by the admin; addresses of mail that their owners confirm.

Old rows: each obligation becomes its own first version, in force from the beginning and by nobody, as the product
shipped it; the facilitator's monthly report is owed by facilitators. Addresses of before are kept and count as not
confirmed, whoever entered them (ADR 22). Open reminders of obligations without a rule of their own named only their
cooperative: they are struck out with the next look, and come again with their next occasion.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FROM_THE_BEGINNING = "1945-01-01"
KEPT = ("code", "name_id", "name_en", "month_days", "day_of_month", "rule", "only_if", "source", "confidence")


def upgrade() -> None:
    before = _rows("SELECT * FROM obligation")
    op.drop_table("obligation")
    op.create_table(
        "obligation",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        *_words(),
        sa.Column("on_days", sa.JSON(), nullable=False),
        sa.Column(
            "doer",
            sa.Enum(
                "facilitator", "cooperative", "agency", name="doer", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("hearers", sa.JSON(), nullable=False),
        sa.Column("is_ended", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_obligation_number_positive")),
        sa.CheckConstraint("length(name_id) > 0", name=op.f("ck_obligation_name_is_given")),
        sa.CheckConstraint(
            "(author_id IS NULL) = (recorded_at IS NULL)", name=op.f("ck_obligation_somebody_at_some_time")
        ),
        *_sound_dates(),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_obligation_author_id_user")),
        sa.PrimaryKeyConstraint("code", "number", name=op.f("pk_obligation")),
    )
    for row in before:
        doer = "facilitator" if row["code"] == "LAPORAN_PENDAMPING" else "cooperative"
        _insert(row, ", number, in_force_on, on_days, doer, days, hearers, is_ended",
                f", 1, '{FROM_THE_BEGINNING}', '[]', '{doer}', '[]', '[]', false")
    guards.make_append_only(guards.OBLIGATIONS_APPEND_ONLY)
    _ask_addresses()


def _words() -> list[sa.Column[object]]:
    return [
        sa.Column("name_id", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("month_days", sa.JSON(), nullable=False),
        sa.Column("day_of_month", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("only_if", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("confidence", sa.String(length=80), nullable=False),
    ]


def _sound_dates() -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint("day_of_month IS NULL OR rule = ''", name=op.f("ck_obligation_one_kind_of_date")),
        sa.CheckConstraint("day_of_month BETWEEN 1 AND 28", name=op.f("ck_obligation_day_exists_in_every_month")),
    ]


def _rows(query: str) -> list[dict[str, object]]:
    return [dict(row) for row in op.get_bind().execute(sa.text(query)).mappings()]


def _insert(row: dict[str, object], more_columns: str = "", more_values: str = "") -> None:
    columns, values = ", ".join(KEPT), ", ".join(f":{name}" for name in KEPT)
    sentence = sa.text(f"INSERT INTO obligation ({columns}{more_columns}) VALUES ({values}{more_values})")
    kept = {name: row[name] for name in KEPT}
    if not isinstance(kept["month_days"], str):
        sentence = sentence.bindparams(sa.bindparam("month_days", type_=sa.JSON()))
    op.get_bind().execute(sentence, kept)


def _ask_addresses() -> None:
    with op.batch_alter_table("contact") as table:
        table.add_column(sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(
            op.f("ck_contact_only_an_address_is_confirmed"), "email_confirmed_at IS NULL OR email IS NOT NULL"
        )
    op.create_table(
        "mail_confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.CheckConstraint("length(email) >= 3", name=op.f("ck_mail_confirmation_email_is_given")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mail_confirmation_attempts_not_negative")),
        sa.CheckConstraint("used_at >= asked_at", name=op.f("ck_mail_confirmation_used_after_it_was_asked")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_mail_confirmation_person_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_confirmation")),
    )
    for columns in (("person_id", "asked_at"), ("ended_at", "next_try_at")):
        op.create_index(op.f(f"ix_mail_confirmation_{'_'.join(columns)}"), "mail_confirmation", list(columns))


def downgrade() -> None:
    op.drop_table("mail_confirmation")
    with op.batch_alter_table("contact") as table:
        table.drop_constraint(op.f("ck_contact_only_an_address_is_confirmed"), type_="check")
        table.drop_column("email_confirmed_at")
    guards.let_change(guards.OBLIGATIONS_APPEND_ONLY)
    newest = _rows(
        "SELECT * FROM obligation one WHERE NOT is_ended AND number = "
        "(SELECT max(number) FROM obligation other WHERE other.code = one.code)"
    )
    op.drop_table("obligation")
    op.create_table(
        "obligation",
        sa.Column("code", sa.String(length=40), nullable=False),
        *_words(),
        *_sound_dates(),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_obligation")),
    )
    for row in newest:
        _insert(row)
