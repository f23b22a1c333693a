"""Photographs: which are here whole, and which record names which."""

import sqlalchemy as sa

from server.tables.metadata import Position, metadata

blob = sa.Table(
    "blob",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("completed_at", sa.Text),
    sa.Column("receipt", sa.Text),
)

record_blob = sa.Table(
    "record_blob",
    metadata,
    sa.Column("record_position", Position, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("record_id", sa.Text, nullable=False),
    sa.Column("device_id", sa.Text, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
sa.Index("ix_record_blob_sha256", record_blob.c.sha256)
