"""How often an address gave a wrong enrolment code lately."""

import sqlalchemy as sa

from server.tables.metadata import metadata

enrolment_guess = sa.Table(
    "enrolment_guess",
    metadata,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("window_began_at", sa.Text, nullable=False),
    sa.Column("wrong", sa.Integer, nullable=False),
)
