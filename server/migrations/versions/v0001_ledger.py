"""The ledger, devices and blobs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite stores a table in the order of an INTEGER key, not of a BIGINT one.
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _create_ledger_head()
    _create_epoch()
    _create_record()
    _index_record()
    _create_status_event()
    _create_receipt()
    _create_ruling()
    _create_device()
    _create_enrolment_code()
    _create_blob()
    _create_record_blob()
    op.execute("INSERT INTO ledger_head (id, position, epoch) VALUES (1, 0, 0)")


def _create_ledger_head() -> None:
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("position", POSITION, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_head"),
    )


def _create_epoch() -> None:
    op.create_table(
        "epoch",
        sa.Column("n", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_epoch"),
    )


def _create_record() -> None:
    op.create_table(
        "record",
        sa.Column("position", POSITION, nullable=False, autoincrement=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger()),
        sa.Column("prev", sa.Text()),
        sa.Column("kind", sa.Text()),
        sa.Column("amends", sa.Text()),
        sa.Column("root_id", sa.Text()),
        sa.Column("unit_code", sa.Text()),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("receipt_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("reason_field", sa.Text()),
        sa.Column("reason_zh", sa.Text()),
        sa.Column("reason_en", sa.Text()),
        sa.Column("fault", sa.Text()),
        sa.Column("needs_proof", sa.Boolean(), nullable=False),
        sa.Column("ruling", sa.Text()),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_record"),
    )


def _index_record() -> None:
    op.create_index(
        "ix_record_amends",
        "record",
        ["amends"],
        sqlite_where=sa.text("amends IS NOT NULL"),
        postgresql_where=sa.text("amends IS NOT NULL"),
    )
    op.create_index("ix_record_device_id_seq", "record", ["device_id", "seq"])
    op.create_index("ix_record_id", "record", ["id"])
    op.create_index(
        "ix_record_root_id",
        "record",
        ["root_id"],
        sqlite_where=sa.text("amends IS NOT NULL"),
        postgresql_where=sa.text("amends IS NOT NULL"),
    )
    op.create_index(
        "ix_record_standing",
        "record",
        ["standing"],
        sqlite_where=sa.text("standing != 'stored'"),
        postgresql_where=sa.text("standing != 'stored'"),
    )


def _create_status_event() -> None:
    op.create_table(
        "status_event",
        sa.Column("position", POSITION, nullable=False, autoincrement=False),
        sa.Column("record_position", POSITION),
        sa.Column("record_id", sa.Text()),
        sa.Column("hash", sa.Text()),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("reason_zh", sa.Text()),
        sa.Column("reason_en", sa.Text()),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("position", name="pk_status_event"),
    )
    op.create_index(
        "ix_status_event_device_id_position", "status_event", ["device_id", "position"]
    )


def _create_receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipt"),
    )


def _create_ruling() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target_id", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("position", POSITION, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ruling"),
    )
    op.create_index("ix_ruling_record_id", "ruling", ["record_id"])


def _create_device() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("jwk", sa.Text(), nullable=False),
        sa.Column("thumbprint", sa.Text(), nullable=False),
        sa.Column("officers", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("enrolled_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text()),
        sa.Column("trusted_seq", sa.BigInteger()),
        sa.Column("trusted_hash", sa.Text()),
        sa.Column("fork_from_seq", sa.BigInteger()),
        sa.Column("last_contact_at", sa.Text()),
        sa.Column("app_version", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
    )
    op.create_index("ix_device_unit_code", "device", ["unit_code"])


def _create_enrolment_code() -> None:
    op.create_table(
        "enrolment_code",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("officers", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Text(), nullable=False),
        sa.Column("used_at", sa.Text()),
        sa.Column("device_id", sa.Text()),
        sa.Column("thumbprint", sa.Text()),
        sa.ForeignKeyConstraint(
            ["device_id"], ["device.id"], name="fk_enrolment_code_device_id"
        ),
        sa.PrimaryKeyConstraint("code_hash", name="pk_enrolment_code"),
    )


def _create_blob() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("completed_at", sa.Text()),
        sa.Column("receipt", sa.Text()),
        sa.PrimaryKeyConstraint("sha256", name="pk_blob"),
    )


def _create_record_blob() -> None:
    op.create_table(
        "record_blob",
        sa.Column("record_position", POSITION, nullable=False, autoincrement=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_position", "sha256", name="pk_record_blob"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_record_blob_sha256", "record_blob", ["sha256"])


def downgrade() -> None:
    """Not offered: a backup is the way back."""
    raise NotImplementedError
