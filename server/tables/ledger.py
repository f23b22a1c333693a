"""The ledger: records as received, what was said of them, and rulings."""

import sqlalchemy as sa

from server.tables.metadata import Position, metadata

ledger_head = sa.Table(
    "ledger_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", Position, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
)

epoch = sa.Table(
    "epoch",
    metadata,
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("opened_at", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

record = sa.Table(
    "record",
    metadata,
    sa.Column("position", Position, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("device_id", sa.Text, nullable=False),
    sa.Column("seq", sa.BigInteger),
    sa.Column("prev", sa.Text),
    sa.Column("kind", sa.Text),
    sa.Column("amends", sa.Text),
    sa.Column("root_id", sa.Text),
    sa.Column("unit_code", sa.Text),
    sa.Column("received_at", sa.Text, nullable=False),
    sa.Column("receipt_id", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("reason_field", sa.Text),
    sa.Column("reason_zh", sa.Text),
    sa.Column("reason_en", sa.Text),
    sa.Column("fault", sa.Text),
    sa.Column("needs_proof", sa.Boolean, nullable=False),
    sa.Column("ruling", sa.Text),
    sa.Column("jws", sa.Text, nullable=False),
)
sa.Index("ix_record_id", record.c.id)
sa.Index("ix_record_device_id_seq", record.c.device_id, record.c.seq)
sa.Index(
    "ix_record_amends",
    record.c.amends,
    sqlite_where=record.c.amends.is_not(None),
    postgresql_where=record.c.amends.is_not(None),
)
sa.Index(
    "ix_record_root_id",
    record.c.root_id,
    sqlite_where=record.c.amends.is_not(None),
    postgresql_where=record.c.amends.is_not(None),
)
sa.Index(
    "ix_record_standing",
    record.c.standing,
    sqlite_where=record.c.standing != "stored",
    postgresql_where=record.c.standing != "stored",
)

status_event = sa.Table(
    "status_event",
    metadata,
    sa.Column("position", Position, primary_key=True, autoincrement=False),
    sa.Column("record_position", Position),
    sa.Column("record_id", sa.Text),
    sa.Column("hash", sa.Text),
    sa.Column("device_id", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("code", sa.Text),
    sa.Column("reason_zh", sa.Text),
    sa.Column("reason_en", sa.Text),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("detail", sa.Text),
)
sa.Index(
    "ix_status_event_device_id_position",
    status_event.c.device_id,
    status_event.c.position,
)

receipt = sa.Table(
    "receipt",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("device_id", sa.Text, nullable=False),
    sa.Column("epoch", sa.Integer, nullable=False),
    sa.Column("issued_at", sa.Text, nullable=False),
    sa.Column("jws", sa.Text, nullable=False),
)

ruling = sa.Table(
    "ruling",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("record_id", sa.Text, nullable=False),
    sa.Column("hash", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("target_id", sa.Text),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("made_at", sa.Text, nullable=False),
    sa.Column("position", Position, nullable=False),
)
sa.Index("ix_ruling_record_id", ruling.c.record_id)
