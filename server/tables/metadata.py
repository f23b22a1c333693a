"""What all tables share: one catalogue, and a 64-bit key that SQLite clusters by."""

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite stores a table in the order of an INTEGER key, not of a BIGINT one.
Position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
