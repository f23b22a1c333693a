"""Receipts: each signed by this server, each naming records that are held."""

from typing import NamedTuple

import sqlalchemy as sa

from server.tables import receipt
from server.verify.faults import Report
from sync.errors import ProtocolError
from sync.keys import VerifyingKey
from sync.receipt import open_receipt

_ROWS_AT_ONCE = 500


class Attested(NamedTuple):
    """What a receipt says of one record."""

    id: str
    position: int
    received_at: str
    outcome: str
    receipt_id: str
    device_id: str


class Receipts:
    """What all receipts attest, taken away record by record; the rest is missing."""

    def __init__(self) -> None:
        self._by_hash: dict[str, Attested] = {}

    @classmethod
    def read(
        cls, connection: sa.Connection, key: VerifyingKey, report: Report
    ) -> "Receipts":
        """Read and check every receipt."""
        found = cls()
        rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(
            sa.select(receipt).order_by(receipt.c.issued_at, receipt.c.id)
        )
        for row in rows:
            report.checked["receipts"] += 1
            found._add(row, key, report)
        return found

    def take(self, digest: str) -> Attested | None:
        """Return and forget what is attested of a record; None if nothing is."""
        return self._by_hash.pop(digest, None)

    def report_rest(self, report: Report) -> None:
        """Name every record that was attested and is not held."""
        for digest, attested in self._by_hash.items():
            report.add(
                "record-missing",
                f"回执 {attested.receipt_id} 证明已收的记录不见了（哈希 {digest}）",
                f"receipt {attested.receipt_id} attests a record that is not held "
                f"(hash {digest})",
                attested.id,
                attested.position,
            )

    def _add(
        self, row: sa.Row[tuple[object, ...]], key: VerifyingKey, report: Report
    ) -> None:
        try:
            opened = open_receipt(row.jws, key)
        except ProtocolError as fault:
            report.add(
                "receipt-invalid",
                f"回执 {row.id} 无效：{fault}",
                f"receipt {row.id} is not one by this server: {fault}",
            )
            return
        report.compare(
            "receipt-differs",
            f"receipt {row.id}",
            (
                ("id", row.id, opened.receipt_id),
                ("device_id", row.device_id, opened.device_id),
                ("epoch", row.epoch, opened.epoch),
                ("issued_at", row.issued_at, opened.issued_at),
            ),
            (None, None),
        )
        for item in opened.items:
            self._by_hash[item.hash] = Attested(
                item.id,
                item.position,
                item.received_at,
                str(item.outcome),
                opened.receipt_id,
                opened.device_id,
            )
