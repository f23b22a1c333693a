"""The ledger of `sync` in SQL: one write transaction, sets in, sets out."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa

from geo.errors import Message
from server.rows import Row, rows_of
from server.tables import ledger_head, record, status_event
from sync.ledger_port import (
    DeviceStanding,
    DeviceState,
    Entry,
    Held,
    RecordRuling,
    StandingChange,
    StatusEvent,
)
from sync.outcome import Outcome, Standing

_HELD = """SELECT position, id, hash, device_id, seq, prev, kind, amends, root_id,
 unit_code, received_at, receipt_id, outcome, standing, code, fault,
 reason_field, reason_zh, reason_en, needs_proof, ruling FROM record """
_DENSE = 4
_MAX_FIELD_CHARS = 300


class SqlLedger:
    """A ledger inside the write transaction that `connection` is in.

    Satisfies ``sync.ledger_port.LedgerTransaction``. Valid until that
    transaction ends; whoever opened it commits.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = rows_of(connection)

    def devices(self, device_ids: Collection[str]) -> Mapping[str, DeviceStanding]:
        """Return the devices that are known, by id."""
        found = self._rows.pick(
            "SELECT id, unit_code, state, trusted_seq, trusted_hash, fork_from_seq"
            " FROM device WHERE id IN {any}",
            device_ids,
        )
        return {
            id_: DeviceStanding(id_, unit, DeviceState(state), seq, hash_, fork)
            for id_, unit, state, seq, hash_, fork in found
        }

    def held_by_ids(self, ids: Collection[str]) -> Iterable[Held]:
        """Return every kept record whose id is among `ids`."""
        return self._held("WHERE id IN {any}", ids)

    def held_by_positions(self, positions: Collection[int]) -> Iterable[Held]:
        """Return the kept records at `positions`."""
        return self._held("WHERE position IN {any}", positions)

    def held_by_seqs(self, device_id: str, seqs: Collection[int]) -> Iterable[Held]:
        """Return every kept record of a device at any of `seqs`."""
        wanted = set(seqs)
        if not wanted:
            return []
        low, high = min(wanted), max(wanted)
        if high - low < _DENSE * len(wanted):  # one range beats many probes
            where = "WHERE seq BETWEEN ? AND ? AND device_id IN {any}"
            found = self._held(where, [device_id], low, high)
            return [held for held in found if held.seq in wanted]
        return self._held("WHERE device_id = ? AND seq IN {any}", wanted, device_id)

    def held_of_device(self, device_id: str, from_seq: int) -> Iterable[Held]:
        """Return every kept record of a device with seq ≥ `from_seq`.

        From 0 on, also those whose seq could not be read.
        """
        if from_seq <= 0:
            return self._held("WHERE device_id IN {any}", [device_id])
        return self._held(
            "WHERE seq >= ? AND device_id IN {any}", [device_id], from_seq
        )

    def children_of(self, ids: Collection[str]) -> Iterable[Held]:
        """Return every kept record, in whatever standing, that amends any of `ids`."""
        return self._held("WHERE amends IS NOT NULL AND amends IN {any}", ids)

    def tree_of(self, root_ids: Collection[str]) -> Iterable[Held]:
        """Return every record with standing stored whose root is among `root_ids`."""
        stored = "AND standing = 'stored'"
        roots = self._held(f"WHERE amends IS NULL {stored} AND id IN {{any}}", root_ids)
        versions = self._held(
            f"WHERE amends IS NOT NULL {stored} AND root_id IN {{any}}", root_ids
        )
        return [*roots, *versions]

    def resolutions(self, version_ids: Collection[str]) -> Mapping[str, str]:
        """Return disputed version → the child that holds, by its newest ruling."""
        return dict(
            self._rows.pick(
                "SELECT record_id, target_id FROM ruling"
                " WHERE kind = 'resolve' AND record_id IN {any} ORDER BY position",
                version_ids,
            )
        )

    def next_positions(self, count: int) -> int:
        """Reserve `count` consecutive positions and return the first."""
        last = self._connection.scalar(
            sa.update(ledger_head)
            .values(position=ledger_head.c.position + count)
            .returning(ledger_head.c.position)
        )
        return int(last or 0) - count + 1

    def append(self, entries: Sequence[Entry]) -> None:
        """Keep new records for ever."""
        self._rows.insert(record, [_row(entry) for entry in entries])

    def set_standing(self, changes: Sequence[StandingChange]) -> None:
        """Change how kept records stand."""
        self._rows.update(
            "UPDATE record SET standing = ?, code = ?, root_id = ? WHERE position = ?",
            [
                (str(standing), code, root_id, position)
                for position, standing, code, root_id in changes
            ],
        )

    def add_events(self, events: Sequence[StatusEvent]) -> None:
        """Append to the status feed."""
        self._rows.insert(
            status_event,
            [
                (
                    *event[:5],
                    str(event.status),
                    event.code,
                    *_words(event.reason),
                    event.at,
                    event.detail,
                )
                for event in events
            ],
        )

    def set_fork(self, device_id: str, from_seq: int | None) -> None:
        """Note from which seq on a device's chain is forked; None lifts it."""
        self._rows.update(
            "UPDATE device SET fork_from_seq = ? WHERE id = ?", [(from_seq, device_id)]
        )

    def _held(
        self, where: str, values: Collection[str] | Collection[int], *others: object
    ) -> list[Held]:
        if not values:
            return []
        return [_held(row) for row in self._rows.pick(_HELD + where, values, *others)]


def _row(entry: Entry) -> Row:
    """Return a record's row in the order of the table's columns."""
    held = entry.row
    return (
        *held[:10],
        held.received_at,
        held.receipt_id,
        str(held.outcome),
        str(held.standing),
        held.code,
        _storable(held.field),
        *_words(held.reason),
        held.fault,
        held.needs_proof,
        None if held.ruling is None else str(held.ruling),
        entry.compact,
    )


def _held(row: Row) -> Held:
    outcome, standing, code, fault, field, zh, en, needs_proof, ruling = row[12:]
    return Held._make(
        (
            *row[:12],
            Outcome(outcome),
            Standing(standing),
            code,
            fault,
            field,
            None if zh is None else Message(zh=zh, en=en),
            bool(needs_proof),
            None if ruling is None else RecordRuling(ruling),
        )
    )


def _words(reason: Message | None) -> tuple[str | None, str | None]:
    return (None, None) if reason is None else (reason.zh, reason.en)


def _storable(field: str | None) -> str | None:
    """Return a field's path as databases and terminals take it: the sender named it."""
    if field is None:
        return None
    shown = field[:_MAX_FIELD_CHARS]
    return "".join(char if char.isprintable() else "\ufffd" for char in shown)
