"""The findings that are counted, and reference data."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite stores a table in the order of an INTEGER key, not of a BIGINT one.
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""
    _create_observation()
    _create_violation()
    _create_lot()
    _create_lot_verdict()
    _create_area()
    _create_reference_document()
    _create_reference_manifest()


def _create_observation() -> None:
    op.create_table(
        "observation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("version_hash", sa.Text(), nullable=False),
        sa.Column("version_position", POSITION, nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("record_no", sa.Text()),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("acted_on", sa.Text(), nullable=False),
        sa.Column("county_code", sa.Text()),
        sa.Column("county_name", sa.Text()),
        sa.Column("county_kind", sa.Text(), nullable=False),
        sa.Column("county_ambiguous", sa.Boolean(), nullable=False),
        sa.Column("county_unit_mismatch", sa.Boolean(), nullable=False),
        sa.Column("premises_key", sa.Text(), nullable=False),
        sa.Column("premises_type", sa.Text()),
        sa.Column("campaign", sa.Text()),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("photos_named", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_observation"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_observation_acted_on", "observation", ["acted_on"])


def _create_violation() -> None:
    op.create_table(
        "violation",
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("violation_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("counts_as_act", sa.Boolean(), nullable=False),
        sa.Column("support", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "violation_id", name="pk_violation"),
        sqlite_with_rowid=False,
    )


def _create_lot() -> None:
    op.create_table(
        "lot",
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("lot_id", sa.Text(), nullable=False),
        sa.Column("root_id", sa.Text(), nullable=False),
        sa.Column("product", sa.Text()),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "lot_id", name="pk_lot"),
        sqlite_with_rowid=False,
    )


def _create_lot_verdict() -> None:
    op.create_table(
        "lot_verdict",
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("lot_id", sa.Text(), nullable=False),
        sa.Column("origin_index", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("right", sa.Text(), nullable=False, quote=True),
        sa.Column("area_version", sa.Text(), nullable=False),
        sa.Column("area_sha256", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("distance_m", sa.Double()),
        sa.Column("band_m", sa.Double()),
        sa.Column("datum_path", sa.Text()),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("formula_version", sa.Text(), nullable=False),
        sa.Column("software_version", sa.Text(), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "version_id",
            "lot_id",
            "origin_index",
            "right",
            "area_version",
            name="pk_lot_verdict",
        ),
        sqlite_with_rowid=False,
    )


def _create_area() -> None:
    op.create_table(
        "area",
        sa.Column("right", sa.Text(), nullable=False, quote=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("in_force_from", sa.Text(), nullable=False),
        sa.Column("in_force_to", sa.Text()),
        sa.Column("supersedes", sa.Text()),
        sa.Column("imported_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("right", "version", name="pk_area"),
    )


def _create_reference_document() -> None:
    op.create_table(
        "reference_document",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_reference_document"),
    )


def _create_reference_manifest() -> None:
    op.create_table(
        "reference_manifest",
        sa.Column("serial", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("issued_at", sa.Text(), nullable=False),
        sa.Column("jws", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("serial", name="pk_reference_manifest"),
    )


def downgrade() -> None:
    """Not offered: a backup is the way back."""
    raise NotImplementedError
