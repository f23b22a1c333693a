"""Enrolled devices and the one-time codes that let them in."""

import sqlalchemy as sa

from server.tables.metadata import metadata

device = sa.Table(
    "device",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("unit_code", sa.Text, nullable=False),
    sa.Column("jwk", sa.Text, nullable=False),
    sa.Column("thumbprint", sa.Text, nullable=False),
    sa.Column("officers", sa.Text, nullable=False),
    sa.Column("certificate", sa.Text, nullable=False),
    sa.Column("enrolled_at", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("revoked_at", sa.Text),
    sa.Column("trusted_seq", sa.BigInteger),
    sa.Column("trusted_hash", sa.Text),
    sa.Column("fork_from_seq", sa.BigInteger),
    sa.Column("last_contact_at", sa.Text),
    sa.Column("app_version", sa.Text),
)
sa.Index("ix_device_unit_code", device.c.unit_code)

enrolment_code = sa.Table(
    "enrolment_code",
    metadata,
    sa.Column("code_hash", sa.Text, primary_key=True),
    sa.Column("unit_code", sa.Text, nullable=False),
    sa.Column("officers", sa.Text, nullable=False),
    sa.Column("issued_at", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Text, nullable=False),
    sa.Column("used_at", sa.Text),
    sa.Column("device_id", sa.Text, sa.ForeignKey("device.id")),
    sa.Column("thumbprint", sa.Text),
)
