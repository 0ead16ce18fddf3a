"""Drafts of instruments: the next version of a checklist while it is being edited.

Old rows stay as they are; nobody has a draft yet. Going back drops the drafts that are open.
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('instrument_draft',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('base_version_id', sa.Uuid(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('length(code) > 0', name=op.f('ck_instrument_draft_code_is_given')),
    sa.CheckConstraint('revision > 0', name=op.f('ck_instrument_draft_revision_positive')),
    sa.ForeignKeyConstraint(['base_version_id'], ['instrument_version.id'], name=op.f('fk_instrument_draft_base_version_id_instrument_version')),
    sa.ForeignKeyConstraint(['updated_by_id'], ['user.id'], name=op.f('fk_instrument_draft_updated_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instrument_draft')),
    sa.UniqueConstraint('code', name=op.f('uq_instrument_draft_code'))
    )


def downgrade() -> None:
    op.drop_table('instrument_draft')
