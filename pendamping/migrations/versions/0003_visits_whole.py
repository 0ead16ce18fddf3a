"""Schedule, evidence, papers, corrections and drafts of visits; documents and monthly figures of cooperatives.

Old rows: every visit gets its paper's number, in the order in which visits came in; answers and scores become the
first revision of their visit. Going back drops what was corrected and everything the new tables hold.
"""

import sqlalchemy as sa
from alembic import op

from pendamping.migrations import guards

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


CHECKS = {
    'answer': (
        ('ck_answer_not_applicable_has_a_reason', "value <> 'na' OR length(note) > 0"),
        ('ck_answer_value_is_given', 'length(value) > 0'),
    ),
    'visit_score': (
        ('ck_visit_score_band_goes_with_score', '(score IS NULL) = (band_code IS NULL)'),
        ('ck_visit_score_answered_within_applicable', '0 <= answered AND answered <= applicable'),
        ('ck_visit_score_score_in_range', 'score BETWEEN 0 AND 1000000'),
    ),
    'visit': (
        ('ck_visit_place_is_whole', '(latitude IS NULL) = (longitude IS NULL)'),
        ('ck_visit_accuracy_is_of_a_place', 'accuracy_m IS NULL OR accuracy_m >= 0 AND latitude IS NOT NULL'),
        ('ck_visit_ends_after_it_started', 'ended IS NULL OR started IS NOT NULL AND started < ended'),
        ('ck_visit_place_is_on_earth', 'latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180'),
        ('ck_visit_body_sha256_length', 'length(body_sha256) = 64'),
        ('ck_visit_revision_positive', 'revision > 0'),
    ),
    'region': (
        ('ck_region_only_provinces_have_no_parent', "(kind = 'province') = (parent_code IS NULL)"),
        ('ck_region_code_lies_within_parent', "code LIKE parent_code || '.%'"),
    ),
}
"""What SQLite forgets when a table is remade, as it was until now."""


def checks(table: str) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(name)) for name, rule in CHECKS[table]]


def upgrade() -> None:
    op.create_table('paper_counter',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.CheckConstraint('last_number > 0', name=op.f('ck_paper_counter_last_number_positive')),
    sa.PrimaryKeyConstraint('city_code', 'year', name=op.f('pk_paper_counter'))
    )
    op.create_table('office',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('government', sa.String(length=160), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('contact', sa.String(length=200), nullable=False),
    sa.Column('number_code', sa.String(length=40), nullable=False),
    sa.CheckConstraint('length(name) > 0', name=op.f('ck_office_name_is_given')),
    sa.ForeignKeyConstraint(['city_code'], ['region.code'], name=op.f('fk_office_city_code_region')),
    sa.PrimaryKeyConstraint('city_code', name=op.f('pk_office'))
    )
    op.create_table('attachment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=True),
    sa.Column('cooperative_id', sa.Uuid(), nullable=True),
    sa.Column('uploader_id', sa.Uuid(), nullable=False),
    sa.Column('media_type', sa.Enum('image/jpeg', 'image/png', 'image/webp', 'image/heic', 'application/pdf', name='mediatype', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('byte_size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(cooperative_id IS NULL) = (city_code IS NULL)', name=op.f('ck_attachment_city_goes_with_cooperative')),
    sa.CheckConstraint('(width IS NULL) = (height IS NULL) AND (width IS NULL OR width > 0 AND height > 0)', name=op.f('ck_attachment_size_is_whole')),
    sa.CheckConstraint('byte_size > 0', name=op.f('ck_attachment_not_empty')),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_attachment_sha256_length')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_attachment_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['uploader_id'], ['user.id'], name=op.f('fk_attachment_uploader_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_cooperative_id'), ['cooperative_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attachment_uploader_id_received_at'), ['uploader_id', 'received_at'], unique=False)

    op.create_table('draft',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('revision > 0', name=op.f('ck_draft_revision_positive')),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_draft_author_id_user')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_draft_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft'))
    )
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_author_id_updated_at'), ['author_id', 'updated_at'], unique=False)

    op.create_table('month_lock',
    sa.Column('facilitator_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('month', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('locked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('month BETWEEN 1 AND 12', name=op.f('ck_month_lock_month_is_one')),
    sa.CheckConstraint('year BETWEEN 1945 AND 2100', name=op.f('ck_month_lock_year_in_reach')),
    sa.ForeignKeyConstraint(['facilitator_id'], ['user.id'], name=op.f('fk_month_lock_facilitator_id_user')),
    sa.PrimaryKeyConstraint('facilitator_id', 'year', 'month', name=op.f('pk_month_lock'))
    )
    op.create_table('monthly_figures',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('month', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('members', sa.Integer(), nullable=True),
    sa.Column('savings_idr', sa.BigInteger(), nullable=True),
    sa.Column('turnover_idr', sa.BigInteger(), nullable=True),
    sa.Column('surplus_idr', sa.BigInteger(), nullable=True),
    sa.Column('cashless_percent', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('cashless_percent BETWEEN 0 AND 100', name=op.f('ck_monthly_figures_cashless_is_a_share')),
    sa.CheckConstraint('members >= 0 AND savings_idr >= 0 AND turnover_idr >= 0', name=op.f('ck_monthly_figures_not_negative')),
    sa.CheckConstraint('month BETWEEN 1 AND 12', name=op.f('ck_monthly_figures_month_is_one')),
    sa.CheckConstraint('revision > 0', name=op.f('ck_monthly_figures_revision_positive')),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_monthly_figures_author_id_user')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_monthly_figures_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_monthly_figures')),
    sa.UniqueConstraint('cooperative_id', 'year', 'month', 'revision', name=op.f('uq_monthly_figures_cooperative_id_year_month_revision'))
    )
    op.create_table('planned_visit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('facilitator_id', sa.Uuid(), nullable=False),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('starts', sa.Time(), nullable=True),
    sa.Column('mode', sa.Enum('tatap_muka', 'jarak_jauh', name='visitmode', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('agenda', sa.String(length=300), nullable=False),
    sa.Column('moves', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_because', sa.String(length=300), nullable=False),
    sa.CheckConstraint("(cancelled_at IS NULL) = (cancelled_because = '')", name=op.f('ck_planned_visit_cancelled_with_a_reason')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_planned_visit_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['facilitator_id'], ['user.id'], name=op.f('fk_planned_visit_facilitator_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_visit'))
    )
    with op.batch_alter_table('planned_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_planned_visit_cooperative_id_planned_on'), ['cooperative_id', 'planned_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_planned_visit_facilitator_id_planned_on'), ['facilitator_id', 'planned_on'], unique=False)

    op.create_table('document',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('akta', 'sk_badan_hukum', 'npwp', 'nib', 'izin', 'rekening', 'berita_acara_rat', 'perjanjian', 'lainnya', name='documentkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('attachment_id', sa.Uuid(), nullable=True),
    sa.Column('added_by_id', sa.Uuid(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replaced_by_id', sa.Uuid(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('issued_on <= expires_on', name=op.f('ck_document_runs_forward')),
    sa.CheckConstraint('length(title) > 0', name=op.f('ck_document_title_is_given')),
    sa.ForeignKeyConstraint(['added_by_id'], ['user.id'], name=op.f('fk_document_added_by_id_user')),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], name=op.f('fk_document_attachment_id_attachment')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_document_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['document.id'], name=op.f('fk_document_replaced_by_id_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_cooperative_id_expires_on'), ['cooperative_id', 'expires_on'], unique=False)

    op.create_table('planned_visit_move',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('planned_visit_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('from_starts', sa.Time(), nullable=True),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('to_starts', sa.Time(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_planned_visit_move_number_positive')),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_planned_visit_move_author_id_user')),
    sa.ForeignKeyConstraint(['planned_visit_id'], ['planned_visit.id'], name=op.f('fk_planned_visit_move_planned_visit_id_planned_visit')),
    sa.PrimaryKeyConstraint('planned_visit_id', 'number', name=op.f('pk_planned_visit_move'))
    )
    op.create_table('correction',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('perbaikan', 'tambahan', name='correctionkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('body_sha256', sa.String(length=64), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_correction_reason_is_given')),
    sa.CheckConstraint('number > 0', name=op.f('ck_correction_number_positive')),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_correction_author_id_user')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_correction_visit_id_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction')),
    sa.UniqueConstraint('visit_id', 'number', name=op.f('uq_correction_visit_id_number'))
    )
    op.create_table('visit_photo',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('attachment_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.String(length=8), nullable=True),
    sa.CheckConstraint('position >= 0', name=op.f('ck_visit_photo_position_not_negative')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_photo_visit_id_visit')),
    sa.PrimaryKeyConstraint('visit_id', 'position', name=op.f('pk_visit_photo')),
    sa.UniqueConstraint('visit_id', 'attachment_id', name=op.f('uq_visit_photo_visit_id_attachment_id'))
    )
    with op.batch_alter_table('visit_photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_photo_attachment_id'), ['attachment_id'], unique=False)

    op.add_column('region', sa.Column('is_simulated', sa.Boolean(), nullable=True))
    op.execute("UPDATE region SET is_simulated = false")
    with op.batch_alter_table('region', table_args=checks('region')) as batch_op:
        batch_op.alter_column('is_simulated', existing_type=sa.Boolean(), nullable=False)

    guards.let_change(('answer', 'visit_score'))
    _give_revisions()
    guards.make_append_only(('answer', 'visit_score'))
    _number_the_visits()
    guards.make_append_only(guards.SECOND_APPEND_ONLY)


def _give_revisions() -> None:
    for table in ('answer', 'visit_score'):
        op.add_column(table, sa.Column('revision', sa.Integer(), nullable=True))
        op.execute(f"UPDATE {table} SET revision = 1")
    with op.batch_alter_table('answer', table_args=checks('answer')) as batch_op:
        batch_op.alter_column('revision', existing_type=sa.Integer(), nullable=False)
        batch_op.drop_constraint(batch_op.f('uq_answer_visit_id_item_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_answer_visit_id_item_id_revision'), ['visit_id', 'item_id', 'revision'])
        batch_op.create_check_constraint(batch_op.f('ck_answer_revision_positive'), 'revision > 0')
    with op.batch_alter_table('visit_score', table_args=checks('visit_score')) as batch_op:
        batch_op.alter_column('revision', existing_type=sa.Integer(), nullable=False)
        batch_op.drop_constraint(batch_op.f('pk_visit_score'), type_='primary')
        batch_op.create_primary_key(batch_op.f('pk_visit_score'), ['visit_id', 'instrument_code', 'revision'])
        batch_op.create_check_constraint(batch_op.f('ck_visit_score_revision_positive'), 'revision > 0')


def _number_the_visits() -> None:
    for column in (
        sa.Column('distance_m', sa.Double(), nullable=True),
        sa.Column('planned_visit_id', sa.Uuid(), nullable=True),
        sa.Column('signature_id', sa.Uuid(), nullable=True),
        sa.Column('signed_by', sa.String(length=120), nullable=True),
        sa.Column('number_year', sa.Integer(), nullable=True),
        sa.Column('number', sa.Integer(), nullable=True),
    ):
        op.add_column('visit', column)
    visit = sa.table('visit', *(sa.column(name) for name in ('id', 'city_code', 'visited_on', 'received_at', 'signed_by', 'number_year', 'number')))
    year = sa.cast(sa.extract('year', sa.column('visited_on', sa.Date())), sa.Integer())
    op.execute(visit.update().values(signed_by='', number_year=year))
    ordered = sa.select(
        visit.c.id,
        sa.func.row_number().over(partition_by=[visit.c.city_code, visit.c.number_year], order_by=[visit.c.received_at, visit.c.id]).label('number'),
    ).subquery()
    op.execute(visit.update().values(number=sa.select(ordered.c.number).where(ordered.c.id == visit.c.id).scalar_subquery()))
    op.execute(
        "INSERT INTO paper_counter (city_code, year, last_number) "
        "SELECT city_code, number_year, max(number) FROM visit GROUP BY city_code, number_year"
    )
    with op.batch_alter_table('visit', table_args=checks('visit')) as batch_op:
        for name, kind in (('signed_by', sa.String(length=120)), ('number_year', sa.Integer()), ('number', sa.Integer())):
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.create_check_constraint(batch_op.f('ck_visit_distance_is_of_a_place'), 'distance_m IS NULL OR distance_m >= 0 AND latitude IS NOT NULL')
        batch_op.create_check_constraint(batch_op.f('ck_visit_number_positive'), 'number > 0')
        batch_op.create_unique_constraint(batch_op.f('uq_visit_city_code_number_year_number'), ['city_code', 'number_year', 'number'])
        batch_op.create_unique_constraint(batch_op.f('uq_visit_planned_visit_id'), ['planned_visit_id'])
        batch_op.create_foreign_key(batch_op.f('fk_visit_planned_visit_id_planned_visit'), 'planned_visit', ['planned_visit_id'], ['id'])


def downgrade() -> None:
    guards.let_change(guards.SECOND_APPEND_ONLY)
    guards.let_change(('answer', 'visit_score'))
    op.execute("DELETE FROM visit_score WHERE revision > 1")
    op.execute("DELETE FROM current_answer WHERE answer_id IN (SELECT id FROM answer WHERE revision > 1)")
    op.execute("DELETE FROM answer WHERE revision > 1")
    with op.batch_alter_table('visit_score', table_args=checks('visit_score')) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_visit_score_revision_positive'), type_='check')
        batch_op.drop_constraint(batch_op.f('pk_visit_score'), type_='primary')
        batch_op.create_primary_key(batch_op.f('pk_visit_score'), ['visit_id', 'instrument_code'])
        batch_op.drop_column('revision')

    with op.batch_alter_table('visit', table_args=checks('visit')) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_visit_planned_visit_id_planned_visit'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_visit_planned_visit_id'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_visit_city_code_number_year_number'), type_='unique')
        batch_op.drop_constraint(batch_op.f('ck_visit_number_positive'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_visit_distance_is_of_a_place'), type_='check')
        for name in ('number', 'number_year', 'signed_by', 'signature_id', 'planned_visit_id', 'distance_m'):
            batch_op.drop_column(name)

    with op.batch_alter_table('region', table_args=checks('region')) as batch_op:
        batch_op.drop_column('is_simulated')

    with op.batch_alter_table('answer', table_args=checks('answer')) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_answer_revision_positive'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_answer_visit_id_item_id_revision'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_answer_visit_id_item_id'), ['visit_id', 'item_id'])
        batch_op.drop_column('revision')
    guards.make_append_only(('answer', 'visit_score'))

    with op.batch_alter_table('visit_photo', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_photo_attachment_id'))

    op.drop_table('visit_photo')
    op.drop_table('correction')
    op.drop_table('planned_visit_move')
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_document_cooperative_id_expires_on'))

    op.drop_table('document')
    with op.batch_alter_table('planned_visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_planned_visit_facilitator_id_planned_on'))
        batch_op.drop_index(batch_op.f('ix_planned_visit_cooperative_id_planned_on'))

    op.drop_table('planned_visit')
    op.drop_table('monthly_figures')
    op.drop_table('month_lock')
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draft_author_id_updated_at'))

    op.drop_table('draft')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_uploader_id_received_at'))
        batch_op.drop_index(batch_op.f('ix_attachment_cooperative_id'))

    op.drop_table('attachment')
    op.drop_table('office')
    op.drop_table('paper_counter')
