"""Decisions about stages and designations, and what a standing keeps of the gates.

Old rows: nobody had decided anything yet, so the new tables begin empty. A standing knows its gate from the next time
it is refreshed (`pendamping refresh-standings`); until then nothing of it waits for a decision. Going back drops every decision; stages stay as they are.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = '0005'
down_revision = "0004"
branch_labels = None
depends_on = None

FIRST_CHECKS = (
    ('ck_standing_open_actions_not_negative', 'open_actions >= 0'),
    ('ck_standing_next_due_goes_with_open_actions', '(open_actions = 0) = (next_due_on IS NULL)'),
    ('ck_standing_last_visit_is_whole', '(last_visit_id IS NULL) = (last_visit_on IS NULL)'),
)
"""What SQLite forgets when the table is remade, as it was until now."""

CHECKS = (
    ('ck_standing_gate_is_whole', '(gate_met IS NULL) = (gate_count IS NULL)'),
    ('ck_standing_gate_met_within_count', '0 <= gate_met AND gate_met <= gate_count'),
    ('ck_standing_only_the_reached_is_proposed', 'NOT awaits_stage_decision OR gate_met = gate_count'),
    ('ck_standing_lapsed_not_negative', 'lapsed >= 0'),
)


def first_checks() -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(name)) for name, rule in FIRST_CHECKS]


def upgrade() -> None:
    op.create_table('standing_designation',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('designation_code', sa.String(length=40), nullable=False),
    sa.Column('missing_count', sa.Integer(), nullable=True),
    sa.Column('criteria_count', sa.Integer(), nullable=True),
    sa.Column('missing', sa.JSON(), nullable=False),
    sa.Column('held_since', sa.Date(), nullable=True),
    sa.CheckConstraint('(missing_count IS NULL) = (criteria_count IS NULL)', name=op.f('ck_standing_designation_criteria_are_whole')),
    sa.CheckConstraint('missing_count <= criteria_count', name=op.f('ck_standing_designation_missing_within_criteria')),
    sa.CheckConstraint('missing_count >= 0', name=op.f('ck_standing_designation_missing_count_not_negative')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_standing_designation_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('cooperative_id', 'designation_code', name=op.f('pk_standing_designation'))
    )
    with op.batch_alter_table('standing_designation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standing_designation_designation_code_missing_count'), ['designation_code', 'missing_count'], unique=False)

    op.create_table('designation_decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('designation_code', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('criteria_met', sa.Integer(), nullable=True),
    sa.Column('criteria_count', sa.Integer(), nullable=True),
    sa.Column('missing', sa.JSON(), nullable=False),
    sa.CheckConstraint('(criteria_met IS NULL) = (criteria_count IS NULL)', name=op.f('ck_designation_decision_criteria_are_whole')),
    sa.CheckConstraint('0 <= criteria_met AND criteria_met <= criteria_count', name=op.f('ck_designation_decision_criteria_met_within_count')),
    sa.CheckConstraint('length(designation_code) > 0', name=op.f('ck_designation_decision_designation_is_named')),
    sa.CheckConstraint('length(note) > 0', name=op.f('ck_designation_decision_note_is_given')),
    sa.CheckConstraint('number > 0', name=op.f('ck_designation_decision_number_positive')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_designation_decision_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user.id'], name=op.f('fk_designation_decision_decided_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_designation_decision')),
    sa.UniqueConstraint('cooperative_id', 'designation_code', 'number', name=op.f('uq_designation_decision_cooperative_id_designation_code_number'))
    )
    op.create_table('stage_decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.Enum('naik', 'dikonfirmasi', 'belum', 'ditetapkan', name='verdict', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('from_stage', sa.Enum('pembentukan', 'operasional', 'kemitraan', name='from_stage', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('to_stage', sa.Enum('pembentukan', 'operasional', 'kemitraan', name='to_stage', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('decided_by_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('gate_met', sa.Integer(), nullable=True),
    sa.Column('gate_count', sa.Integer(), nullable=True),
    sa.Column('missing', sa.JSON(), nullable=False),
    sa.CheckConstraint("CASE verdict WHEN 'naik' THEN (from_stage || to_stage) IN ('pembentukanoperasional', 'operasionalkemitraan') WHEN 'ditetapkan' THEN from_stage <> to_stage ELSE from_stage = to_stage END", name=op.f('ck_stage_decision_verdict_fits_stages')),
    sa.CheckConstraint('(gate_met IS NULL) = (gate_count IS NULL)', name=op.f('ck_stage_decision_gate_is_whole')),
    sa.CheckConstraint('0 <= gate_met AND gate_met <= gate_count', name=op.f('ck_stage_decision_gate_met_within_count')),
    sa.CheckConstraint('length(note) > 0', name=op.f('ck_stage_decision_note_is_given')),
    sa.CheckConstraint('number > 0', name=op.f('ck_stage_decision_number_positive')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_stage_decision_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user.id'], name=op.f('fk_stage_decision_decided_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_decision')),
    sa.UniqueConstraint('cooperative_id', 'number', name=op.f('uq_stage_decision_cooperative_id_number'))
    )
    with op.batch_alter_table('standing', table_args=first_checks()) as batch_op:
        batch_op.add_column(sa.Column('gate_met', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('gate_count', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('gate_holds_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('awaits_stage_decision', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('lapsed', sa.Integer(), server_default='0', nullable=False))
        for name, rule in CHECKS:
            batch_op.create_check_constraint(batch_op.f(name), rule)
    guards.make_append_only(guards.THIRD_APPEND_ONLY)



def downgrade() -> None:
    guards.let_change(guards.THIRD_APPEND_ONLY)
    with op.batch_alter_table('standing', table_args=first_checks()) as batch_op:
        for name, _rule in CHECKS:
            batch_op.drop_constraint(batch_op.f(name), type_='check')
        batch_op.drop_column('lapsed')
        batch_op.drop_column('awaits_stage_decision')
        batch_op.drop_column('gate_holds_until')
        batch_op.drop_column('gate_count')
        batch_op.drop_column('gate_met')

    op.drop_table('stage_decision')
    op.drop_table('designation_decision')
    with op.batch_alter_table('standing_designation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_standing_designation_designation_code_missing_count'))

    op.drop_table('standing_designation')
