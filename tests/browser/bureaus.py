"""What a commanded bureau's ledger holds of one device, to the row."""

import sqlite3
from contextlib import closing
from typing import Any

from journeys.commanded import CommandedBureau

from sync.record import open_record


def ledger(bureau: CommandedBureau, device_id: str) -> list[tuple[str, str]]:
    """Return id and hash of every record held of a device, in order of the id."""
    asked = "SELECT id, hash FROM record WHERE device_id = ? ORDER BY id"
    return _rows(bureau, asked, device_id)


def standings(bureau: CommandedBureau, device_id: str) -> dict[str, int]:
    """Return how many records of a device stand how."""
    asked = "SELECT standing, count(*) FROM record WHERE device_id = ? GROUP BY 1"
    return dict(_rows(bureau, asked, device_id))


def day_of_act(bureau: CommandedBureau, root_id: str) -> str:
    """Return the day on which an observation counts."""
    asked = "SELECT acted_on FROM observation WHERE id = ?"
    ((day,),) = _rows(bureau, asked, root_id)
    return str(day)


def sealed_bodies(bureau: CommandedBureau, device_id: str) -> list[dict[str, Any]]:
    """Return what every record of a device says, out of the bytes in the ledger."""
    asked = "SELECT jws FROM record WHERE device_id = ? ORDER BY seq"
    found = [open_record(jws).payload for (jws,) in _rows(bureau, asked, device_id)]
    return [payload["body"] for payload in found if payload is not None]


def photographs(bureau: CommandedBureau) -> set[str]:
    """Return the SHA-256 of every photograph that is whole."""
    asked = "SELECT sha256 FROM blob WHERE completed_at IS NOT NULL"
    return {sha256 for (sha256,) in _rows(bureau, asked)}


def _rows(bureau: CommandedBureau, statement: str, *values: str) -> list[Any]:
    with closing(sqlite3.connect(bureau.home / "gi.sqlite3")) as connection:
        return connection.execute(statement, values).fetchall()
