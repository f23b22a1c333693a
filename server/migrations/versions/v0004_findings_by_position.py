"""Findings belong to a version's bytes, by its position: an id may come with two."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SQLite stores a table in the order of an INTEGER key, not of a BIGINT one.
POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# An id that came twice: the rows are those of the content that counts, or did last.
_PLACES = """CREATE TABLE version_place AS
    SELECT id AS version_id, min(position) AS position FROM record
    GROUP BY id HAVING count(*) = 1
    UNION ALL
    SELECT version_id, version_position FROM (
        SELECT version_id, version_position, row_number() OVER (
            PARTITION BY version_id ORDER BY counts DESC, version_position DESC
        ) AS nth
        FROM observation WHERE version_id IN (
            SELECT id FROM record GROUP BY id HAVING count(*) > 1
        )
    ) AS chosen WHERE nth = 1"""


def upgrade() -> None:
    """Apply."""
    op.execute(_PLACES)
    for table, columns in (
        ("violation", _violation()),
        ("lot", _lot()),
        ("lot_verdict", _lot_verdict()),
    ):
        _move(table, columns)
    op.drop_table("version_place")


def _move(table: str, columns: list[sa.Column[Any]]) -> None:
    op.execute(f"CREATE TABLE moved AS SELECT * FROM {table}")
    op.drop_table(table)
    op.create_table(
        table,
        sa.Column(
            "version_position",
            POSITION,
            primary_key=True,
            nullable=False,
            autoincrement=False,
        ),
        *columns,
        sqlite_with_rowid=False,
    )
    names = ", ".join(f'"{column.name}"' for column in columns)
    op.execute(
        f"INSERT INTO {table} (version_position, {names}) SELECT position, {names}"
        " FROM moved JOIN version_place USING (version_id) ORDER BY position"
    )
    op.drop_table("moved")


def _violation() -> list[sa.Column[Any]]:
    return [
        _key("violation_id"),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("counts_as_act", sa.Boolean(), nullable=False),
        sa.Column("support", sa.Text(), nullable=False),
    ]


def _lot() -> list[sa.Column[Any]]:
    return [
        _key("lot_id"),
        sa.Column("product", sa.Text()),
        sa.Column("verdict", sa.Text(), nullable=False),
    ]


def _lot_verdict() -> list[sa.Column[Any]]:
    return [
        _key("lot_id"),
        _key("origin_index", sa.Integer()),
        _key("right", sa.Text()),
        _key("area_version"),
        sa.Column("area_sha256", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("distance_m", sa.Double()),
        sa.Column("band_m", sa.Double()),
        sa.Column("datum_path", sa.Text()),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("formula_version", sa.Text(), nullable=False),
        sa.Column("software_version", sa.Text(), nullable=False),
        sa.Column("adopted", sa.Boolean(), nullable=False),
    ]


def _key(name: str, kind: sa.types.TypeEngine[Any] | None = None) -> sa.Column[Any]:
    return sa.Column(
        name,
        kind or sa.Text(),
        primary_key=True,
        nullable=False,
        autoincrement=False,
        quote=name == "right" or None,
    )
