"""The chain: regions, cooperatives, people, instruments, visits, answers, plans, standings, calendar.

The first migration: there are no old rows.
"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('actor_name', sa.String(length=200), nullable=False),
    sa.Column('request_id', sa.String(length=64), nullable=True),
    sa.Column('verb', sa.String(length=64), nullable=False),
    sa.Column('subject_type', sa.String(length=64), nullable=False),
    sa.Column('subject_id', sa.String(length=64), nullable=False),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_event'))
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_event_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_event_subject_type_subject_id_at'), ['subject_type', 'subject_id', 'at'], unique=False)

    op.create_table('day_off',
    sa.Column('on_date', sa.Date(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('holiday', 'collective_leave', name='dayoffkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.CheckConstraint('length(name) > 0', name=op.f('ck_day_off_name_is_given')),
    sa.PrimaryKeyConstraint('on_date', name=op.f('pk_day_off'))
    )
    op.create_table('instrument_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(sha256) = 64', name=op.f('ck_instrument_version_sha256_length')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instrument_version')),
    sa.UniqueConstraint('sha256', name=op.f('uq_instrument_version_sha256'))
    )
    with op.batch_alter_table('instrument_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_instrument_version_code_effective_on'), ['code', 'effective_on'], unique=False)

    op.create_table('obligation',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name_id', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('month_days', sa.JSON(), nullable=False),
    sa.Column('day_of_month', sa.Integer(), nullable=True),
    sa.Column('rule', sa.String(length=200), nullable=False),
    sa.Column('only_if', sa.String(length=120), nullable=False),
    sa.Column('source', sa.String(length=500), nullable=False),
    sa.Column('confidence', sa.String(length=80), nullable=False),
    sa.CheckConstraint("day_of_month IS NULL OR rule = ''", name=op.f('ck_obligation_one_kind_of_date')),
    sa.CheckConstraint('day_of_month BETWEEN 1 AND 28', name=op.f('ck_obligation_day_exists_in_every_month')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_obligation'))
    )
    op.create_table('programme_year',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('visits_per_month', sa.Integer(), nullable=False),
    sa.Column('caseload_min', sa.Integer(), nullable=False),
    sa.Column('caseload_max', sa.Integer(), nullable=False),
    sa.CheckConstraint('0 < caseload_min AND caseload_min <= caseload_max', name=op.f('ck_programme_year_caseload_is_a_range')),
    sa.CheckConstraint('starts_on < ends_on', name=op.f('ck_programme_year_runs_forward')),
    sa.CheckConstraint('visits_per_month BETWEEN 1 AND 31', name=op.f('ck_programme_year_target_is_reachable')),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_programme_year'))
    )
    op.create_table('region',
    sa.Column('code', sa.String(length=13), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('display_name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('province', 'city', 'district', 'ward', name='regionkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('parent_code', sa.String(length=13), nullable=True),
    sa.CheckConstraint("(kind = 'province') = (parent_code IS NULL)", name=op.f('ck_region_only_provinces_have_no_parent')),
    sa.CheckConstraint("code LIKE parent_code || '.%'", name=op.f('ck_region_code_lies_within_parent')),
    sa.ForeignKeyConstraint(['parent_code'], ['region.code'], name=op.f('fk_region_parent_code_region')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_region'))
    )
    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_region_parent_code'), ['parent_code'], unique=False)

    op.create_table('sign_in_failure',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('window_started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('failures > 0', name=op.f('ck_sign_in_failure_failures_positive')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_sign_in_failure'))
    )
    with op.batch_alter_table('sign_in_failure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_failure_window_started_at'), ['window_started_at'], unique=False)

    op.create_table('cooperative',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('code', sa.String(length=13), nullable=False),
    sa.Column('short_name', sa.String(length=120), nullable=False),
    sa.Column('legal_name', sa.String(length=200), nullable=False),
    sa.Column('legal_name_is_verified', sa.Boolean(), nullable=False),
    sa.Column('stage', sa.Enum('pembentukan', 'operasional', 'kemitraan', name='stage', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('stage_confirmed_on', sa.Date(), nullable=True),
    sa.Column('decree_number', sa.String(length=60), nullable=True),
    sa.Column('decree_on', sa.Date(), nullable=True),
    sa.Column('registration_number', sa.String(length=30), nullable=True),
    sa.Column('npwp', sa.String(length=30), nullable=True),
    sa.Column('nib', sa.String(length=30), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_cooperative_place_is_whole')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180', name=op.f('ck_cooperative_place_is_on_earth')),
    sa.CheckConstraint('length(short_name) > 0 AND length(legal_name) > 0', name=op.f('ck_cooperative_names_are_given')),
    sa.CheckConstraint('substr(code, 1, 5) = city_code', name=op.f('ck_cooperative_code_lies_within_city')),
    sa.ForeignKeyConstraint(['code'], ['region.code'], name=op.f('fk_cooperative_code_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperative')),
    sa.UniqueConstraint('code', name=op.f('uq_cooperative_code'))
    )
    with op.batch_alter_table('cooperative', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cooperative_short_name_code'), ['short_name', 'code'], unique=False)

    op.create_table('baseline',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=500), nullable=False),
    sa.Column('has_account', sa.Boolean(), nullable=False),
    sa.Column('has_npwp', sa.Boolean(), nullable=False),
    sa.Column('has_nib', sa.Boolean(), nullable=False),
    sa.Column('transaction_count', sa.Integer(), nullable=False),
    sa.Column('transaction_value_idr', sa.BigInteger(), nullable=False),
    sa.Column('principal_savings_idr', sa.BigInteger(), nullable=False),
    sa.Column('principal_savings_members', sa.Integer(), nullable=False),
    sa.Column('mandatory_savings_idr', sa.BigInteger(), nullable=False),
    sa.Column('mandatory_savings_members', sa.Integer(), nullable=False),
    sa.Column('news', sa.JSON(), nullable=False),
    sa.CheckConstraint('principal_savings_idr >= 0 AND mandatory_savings_idr >= 0', name=op.f('ck_baseline_savings_not_negative')),
    sa.CheckConstraint('principal_savings_members >= 0 AND mandatory_savings_members >= 0', name=op.f('ck_baseline_members_not_negative')),
    sa.CheckConstraint('transaction_count >= 0 AND transaction_value_idr >= 0', name=op.f('ck_baseline_transactions_not_negative')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_baseline_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('cooperative_id', name=op.f('pk_baseline'))
    )
    op.create_table('officer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('role', sa.Enum('ketua', 'wakil_ketua_usaha', 'wakil_ketua_anggota', 'sekretaris', 'bendahara', 'pengawas', 'pengurus', 'pendamping', 'dinas', name='ownerrole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('term_starts_on', sa.Date(), nullable=True),
    sa.Column('term_ends_on', sa.Date(), nullable=True),
    sa.CheckConstraint('length(name) > 0', name=op.f('ck_officer_name_is_given')),
    sa.CheckConstraint('term_starts_on <= term_ends_on', name=op.f('ck_officer_term_runs_forward')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_officer_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_officer'))
    )
    with op.batch_alter_table('officer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_officer_cooperative_id_term_ends_on'), ['cooperative_id', 'term_ends_on'], unique=False)

    op.create_table('standing_score',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('instrument_code', sa.String(length=8), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('band_code', sa.String(length=40), nullable=True),
    sa.Column('is_provisional', sa.Boolean(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('applicable', sa.Integer(), nullable=False),
    sa.Column('critical_unmet', sa.JSON(), nullable=False),
    sa.Column('previous_score', sa.Integer(), nullable=True),
    sa.Column('measured_on', sa.Date(), nullable=True),
    sa.CheckConstraint('0 <= answered AND answered <= applicable', name=op.f('ck_standing_score_answered_within_applicable')),
    sa.CheckConstraint('previous_score BETWEEN 0 AND 1000000', name=op.f('ck_standing_score_previous_score_in_range')),
    sa.CheckConstraint('score BETWEEN 0 AND 1000000', name=op.f('ck_standing_score_score_in_range')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_standing_score_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['version_id'], ['instrument_version.id'], name=op.f('fk_standing_score_version_id_instrument_version')),
    sa.PrimaryKeyConstraint('cooperative_id', 'instrument_code', name=op.f('pk_standing_score'))
    )
    with op.batch_alter_table('standing_score', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standing_score_instrument_code_score'), ['instrument_code', 'score'], unique=False)

    op.create_table('user',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('username', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('role', sa.Enum('facilitator', 'agency_head', 'admin', 'cooperative', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('scope_prefix', sa.String(length=13), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=True),
    sa.Column('password_hash', sa.String(length=255), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('session_version', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deactivated_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(role = 'cooperative') = (cooperative_id IS NOT NULL)", name=op.f('ck_user_cooperative_accounts_have_one')),
    sa.CheckConstraint("language IN ('id', 'en')", name=op.f('ck_user_language_is_spoken_here')),
    sa.CheckConstraint("role = 'agency_head' OR role = 'admin' OR scope_prefix = ''", name=op.f('ck_user_scope_is_for_the_agency')),
    sa.CheckConstraint('length(name) > 0', name=op.f('ck_user_name_is_given')),
    sa.CheckConstraint('username = lower(username) AND length(username) >= 3', name=op.f('ck_user_username_is_lower_case')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_user_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('username', name=op.f('uq_user_username'))
    )
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_user_cooperative_id'), ['cooperative_id'], unique=False)

    op.create_table('assignment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('facilitator_id', sa.Uuid(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_assignment_runs_forward')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_assignment_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['facilitator_id'], ['user.id'], name=op.f('fk_assignment_facilitator_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment'))
    )
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_cooperative_id_ends_on'), ['cooperative_id', 'ends_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignment_facilitator_id_ends_on'), ['facilitator_id', 'ends_on'], unique=False)

    op.create_table('visit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('facilitator_id', sa.Uuid(), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('started', sa.Time(), nullable=True),
    sa.Column('ended', sa.Time(), nullable=True),
    sa.Column('mode', sa.Enum('tatap_muka', 'jarak_jauh', name='visitmode', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('purposes', sa.JSON(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('body_sha256', sa.String(length=64), nullable=False),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_visit_place_is_whole')),
    sa.CheckConstraint('accuracy_m IS NULL OR accuracy_m >= 0 AND latitude IS NOT NULL', name=op.f('ck_visit_accuracy_is_of_a_place')),
    sa.CheckConstraint('ended IS NULL OR started IS NOT NULL AND started < ended', name=op.f('ck_visit_ends_after_it_started')),
    sa.CheckConstraint('latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180', name=op.f('ck_visit_place_is_on_earth')),
    sa.CheckConstraint('length(body_sha256) = 64', name=op.f('ck_visit_body_sha256_length')),
    sa.CheckConstraint('revision > 0', name=op.f('ck_visit_revision_positive')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_visit_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['facilitator_id'], ['user.id'], name=op.f('fk_visit_facilitator_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_cooperative_id_visited_on_received_at'), ['cooperative_id', 'visited_on', 'received_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_facilitator_id_visited_on'), ['facilitator_id', 'visited_on'], unique=False)

    op.create_table('action',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.String(length=8), nullable=True),
    sa.Column('item_label_id', sa.String(length=120), nullable=True),
    sa.Column('item_label_en', sa.String(length=120), nullable=True),
    sa.Column('is_critical', sa.Boolean(), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('owner_role', sa.Enum('ketua', 'wakil_ketua_usaha', 'wakil_ketua_anggota', 'sekretaris', 'bendahara', 'pengawas', 'pengurus', 'pendamping', 'dinas', name='ownerrole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_when', sa.String(length=300), nullable=False),
    sa.Column('status', sa.Enum('usulan', 'disepakati', 'berjalan', 'dilaporkan_selesai', 'terverifikasi', 'dikembalikan', 'dibatalkan', name='actionstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('due_on >= agreed_on', name=op.f('ck_action_due_after_agreed')),
    sa.CheckConstraint('length(title) > 0', name=op.f('ck_action_title_is_given')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_action_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_action_visit_id_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action'))
    )
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_cooperative_id_status_due_on'), ['cooperative_id', 'status', 'due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_action_visit_id'), ['visit_id'], unique=False)

    op.create_table('answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.String(length=8), nullable=False),
    sa.Column('value', sa.String(length=40), nullable=False),
    sa.Column('proof', sa.Enum('klaim', 'dokumen_dilihat', 'diamati', 'foto', 'sistem', name='proof', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("value <> 'na' OR length(note) > 0", name=op.f('ck_answer_not_applicable_has_a_reason')),
    sa.CheckConstraint('length(value) > 0', name=op.f('ck_answer_value_is_given')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_answer_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['version_id'], ['instrument_version.id'], name=op.f('fk_answer_version_id_instrument_version')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_answer_visit_id_visit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer')),
    sa.UniqueConstraint('visit_id', 'item_id', name=op.f('uq_answer_visit_id_item_id'))
    )
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_cooperative_id_item_id_answered_on'), ['cooperative_id', 'item_id', 'answered_on'], unique=False)

    op.create_table('attendance',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.CheckConstraint('length(name) > 0', name=op.f('ck_attendance_name_is_given')),
    sa.CheckConstraint('position >= 0', name=op.f('ck_attendance_position_not_negative')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_attendance_visit_id_visit')),
    sa.PrimaryKeyConstraint('visit_id', 'position', name=op.f('pk_attendance'))
    )
    op.create_table('standing',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('last_visit_id', sa.Uuid(), nullable=True),
    sa.Column('last_visit_on', sa.Date(), nullable=True),
    sa.Column('open_actions', sa.Integer(), nullable=False),
    sa.Column('next_due_on', sa.Date(), nullable=True),
    sa.Column('refreshed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(last_visit_id IS NULL) = (last_visit_on IS NULL)', name=op.f('ck_standing_last_visit_is_whole')),
    sa.CheckConstraint('(open_actions = 0) = (next_due_on IS NULL)', name=op.f('ck_standing_next_due_goes_with_open_actions')),
    sa.CheckConstraint('open_actions >= 0', name=op.f('ck_standing_open_actions_not_negative')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_standing_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['last_visit_id'], ['visit.id'], name=op.f('fk_standing_last_visit_id_visit')),
    sa.PrimaryKeyConstraint('cooperative_id', name=op.f('pk_standing'))
    )
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_standing_last_visit_on'), ['last_visit_on'], unique=False)

    op.create_table('visit_score',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('instrument_code', sa.String(length=8), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('stage', sa.Enum('pembentukan', 'operasional', 'kemitraan', name='stage', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('band_code', sa.String(length=40), nullable=True),
    sa.Column('is_provisional', sa.Boolean(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('applicable', sa.Integer(), nullable=False),
    sa.Column('critical_unmet', sa.JSON(), nullable=False),
    sa.Column('measured_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(score IS NULL) = (band_code IS NULL)', name=op.f('ck_visit_score_band_goes_with_score')),
    sa.CheckConstraint('0 <= answered AND answered <= applicable', name=op.f('ck_visit_score_answered_within_applicable')),
    sa.CheckConstraint('score BETWEEN 0 AND 1000000', name=op.f('ck_visit_score_score_in_range')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_visit_score_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['version_id'], ['instrument_version.id'], name=op.f('fk_visit_score_version_id_instrument_version')),
    sa.ForeignKeyConstraint(['visit_id'], ['visit.id'], name=op.f('fk_visit_score_visit_id_visit')),
    sa.PrimaryKeyConstraint('visit_id', 'instrument_code', name=op.f('pk_visit_score'))
    )
    with op.batch_alter_table('visit_score', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_score_cooperative_id_instrument_code_measured_on_recorded_at'), ['cooperative_id', 'instrument_code', 'measured_on', 'recorded_at'], unique=False)

    op.create_table('action_update',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('usulan', 'disepakati', 'berjalan', 'dilaporkan_selesai', 'terverifikasi', 'dikembalikan', 'dibatalkan', name='actionstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_action_update_number_positive')),
    sa.ForeignKeyConstraint(['action_id'], ['action.id'], name=op.f('fk_action_update_action_id_action')),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_action_update_author_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_update')),
    sa.UniqueConstraint('action_id', 'number', name=op.f('uq_action_update_action_id_number'))
    )
    op.create_table('current_answer',
    sa.Column('city_code', sa.String(length=5), nullable=False),
    sa.Column('cooperative_id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.String(length=8), nullable=False),
    sa.Column('answer_id', sa.Uuid(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_current_answer_answer_id_answer')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_current_answer_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('cooperative_id', 'item_id', name=op.f('pk_current_answer'))
    )


def downgrade() -> None:
    op.drop_table('current_answer')
    op.drop_table('action_update')
    with op.batch_alter_table('visit_score', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_score_cooperative_id_instrument_code_measured_on_recorded_at'))

    op.drop_table('visit_score')
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_standing_last_visit_on'))

    op.drop_table('standing')
    op.drop_table('attendance')
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_cooperative_id_item_id_answered_on'))

    op.drop_table('answer')
    with op.batch_alter_table('action', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_action_visit_id'))
        batch_op.drop_index(batch_op.f('ix_action_cooperative_id_status_due_on'))

    op.drop_table('action')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_facilitator_id_visited_on'))
        batch_op.drop_index(batch_op.f('ix_visit_cooperative_id_visited_on_received_at'))

    op.drop_table('visit')
    with op.batch_alter_table('assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_facilitator_id_ends_on'))
        batch_op.drop_index(batch_op.f('ix_assignment_cooperative_id_ends_on'))

    op.drop_table('assignment')
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_user_cooperative_id'))

    op.drop_table('user')
    with op.batch_alter_table('standing_score', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_standing_score_instrument_code_score'))

    op.drop_table('standing_score')
    with op.batch_alter_table('officer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_officer_cooperative_id_term_ends_on'))

    op.drop_table('officer')
    op.drop_table('baseline')
    with op.batch_alter_table('cooperative', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cooperative_short_name_code'))

    op.drop_table('cooperative')
    with op.batch_alter_table('sign_in_failure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_failure_window_started_at'))

    op.drop_table('sign_in_failure')
    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_region_parent_code'))

    op.drop_table('region')
    op.drop_table('programme_year')
    op.drop_table('obligation')
    with op.batch_alter_table('instrument_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_instrument_version_code_effective_on'))

    op.drop_table('instrument_version')
    op.drop_table('day_off')
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_event_subject_type_subject_id_at'))
        batch_op.drop_index(batch_op.f('ix_audit_event_at'))

    op.drop_table('audit_event')
