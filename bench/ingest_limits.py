"""What no ingest on this machine can beat: the signatures, and the bare insert."""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sqlalchemy as sa

from bench.corpus import Device
from server.database import open_engine, writing
from server.migrations import upgrade
from server.rows import Row, rows_of
from server.tables import (
    lot,
    lot_verdict,
    observation,
    receipt,
    record,
    record_blob,
    violation,
)
from sync.jws import Jws, parse
from sync.keys import VerifyingKey

TABLES = (record, record_blob, observation, violation, lot, lot_verdict, receipt)
_CHUNK = 50


def es256_rate(devices: Sequence[Device]) -> float:
    """Return verifications a second, on all cores, of records parsed beforehand."""
    work = []
    for one in devices:
        key = VerifyingKey.from_jwk(one.key.public_jwk)
        parsed = [parse(text) for text in one.records]
        work += [
            (key, parsed[start : start + _CHUNK])
            for start in range(0, len(parsed), _CHUNK)
        ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_verify, work[: os.cpu_count()]))
        began = time.perf_counter()
        verified = sum(pool.map(_verify, work))
        return verified / (time.perf_counter() - began)


def _verify(work: tuple[VerifyingKey, Sequence[Jws]]) -> int:
    key, signed = work
    return sum(key.verify(one) for one in signed)


def raw_insert_rate(filled: str, folder: Path, batch: int) -> float:
    """Return records a second that SQLite takes, and nothing else done.

    The very rows that an ingest left in the database of the URL `filled`, into the
    same tables and indexes under the same settings, a transaction for each batch.
    SQLite is the yardstick of a ledger in PostgreSQL too: it has no wire to cross.
    """
    batches = _batches(filled, batch)
    engine = open_engine(f"sqlite:///{folder / 'raw.sqlite3'}")
    upgrade(engine)
    began = time.perf_counter()
    for rows in batches:
        with writing(engine) as connection:
            bulk = rows_of(connection)
            for table, part in zip(TABLES, rows, strict=True):
                bulk.insert(table, part)
    took = time.perf_counter() - began
    engine.dispose()
    for file in folder.glob("raw.sqlite3*"):
        file.unlink()
    return sum(len(rows[0]) for rows in batches) / took


def _batches(filled: str, batch: int) -> list[list[list[Row]]]:
    engine = open_engine(filled)
    with engine.connect() as connection:
        rows = [list(map(tuple, connection.execute(sa.select(t)))) for t in TABLES]
    engine.dispose()
    whole = len(rows[0])
    parts = []
    for start in range(0, whole, batch):
        share = [len(of_table) / whole for of_table in rows]
        parts.append(
            [
                of_table[round(start * s) : round((start + batch) * s)]
                for of_table, s in zip(rows, share, strict=True)
            ]
        )
    return parts
