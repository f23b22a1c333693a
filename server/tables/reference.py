"""Reference data: areas as imported, documents by hash, signed manifests."""

import sqlalchemy as sa

from server.tables.metadata import metadata

area = sa.Table(
    "area",
    metadata,
    sa.Column("right", sa.Text, primary_key=True, quote=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("in_force_from", sa.Text, nullable=False),
    sa.Column("in_force_to", sa.Text),
    sa.Column("supersedes", sa.Text),
    sa.Column("imported_at", sa.Text, nullable=False),
)

reference_document = sa.Table(
    "reference_document",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)

reference_manifest = sa.Table(
    "reference_manifest",
    metadata,
    sa.Column("serial", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("issued_at", sa.Text, nullable=False),
    sa.Column("jws", sa.Text, nullable=False),
)
