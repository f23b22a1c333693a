"""The read model: what the counting records say, one row per thing counted.

``observation`` has one row per observation (root); the other three have rows
for every version that was ever current, so a tally joins ``observation`` with
them on ``version_position`` and filters on ``observation.counts``. A position
names one record's bytes; an id may have come with two contents.
"""

import sqlalchemy as sa

from server.tables.metadata import Position, metadata


def _version_position() -> sa.Column[int]:
    return sa.Column(
        "version_position", Position, primary_key=True, autoincrement=False
    )


observation = sa.Table(
    "observation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version_id", sa.Text, nullable=False),
    sa.Column("version_hash", sa.Text, nullable=False),
    sa.Column("version_position", Position, nullable=False),
    sa.Column("device_id", sa.Text, nullable=False),
    sa.Column("record_no", sa.Text),
    sa.Column("unit_code", sa.Text, nullable=False),
    sa.Column("acted_on", sa.Text, nullable=False),
    sa.Column("county_code", sa.Text),
    sa.Column("county_name", sa.Text),
    sa.Column("county_kind", sa.Text, nullable=False),
    sa.Column("county_ambiguous", sa.Boolean, nullable=False),
    sa.Column("county_unit_mismatch", sa.Boolean, nullable=False),
    sa.Column("premises_key", sa.Text, nullable=False),
    sa.Column("premises_type", sa.Text),
    sa.Column("campaign", sa.Text),
    sa.Column("synthetic", sa.Boolean, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("counts", sa.Boolean, nullable=False),
    sa.Column("photos_named", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
sa.Index("ix_observation_acted_on", observation.c.acted_on)

violation = sa.Table(
    "violation",
    metadata,
    _version_position(),
    sa.Column("violation_id", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("is_primary", sa.Boolean, nullable=False),
    sa.Column("counts_as_act", sa.Boolean, nullable=False),
    sa.Column("support", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

lot = sa.Table(
    "lot",
    metadata,
    _version_position(),
    sa.Column("lot_id", sa.Text, primary_key=True),
    sa.Column("product", sa.Text),
    sa.Column("verdict", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)

lot_verdict = sa.Table(
    "lot_verdict",
    metadata,
    _version_position(),
    sa.Column("lot_id", sa.Text, primary_key=True),
    sa.Column("origin_index", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("right", sa.Text, primary_key=True, quote=True),
    sa.Column("area_version", sa.Text, primary_key=True),
    sa.Column("area_sha256", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("distance_m", sa.Double),
    sa.Column("band_m", sa.Double),
    sa.Column("datum_path", sa.Text),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("formula_version", sa.Text, nullable=False),
    sa.Column("software_version", sa.Text, nullable=False),
    sa.Column("adopted", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
)
