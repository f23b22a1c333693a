"""Every stored record's bytes: taken apart again, and compared with its row."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import NamedTuple, TypeVar

import orjson
import sqlalchemy as sa

from schemas.record import accepts
from server.blob_names import named_blobs
from server.rows import rows_of
from server.tables import record
from server.verify.faults import Report
from server.verify.receipts import Receipts
from server.verify.signers import SignerOnFile
from sync.errors import MalformedJws
from sync.ingest import is_foreign
from sync.keys import VerifyingKey
from sync.ledger_port import Held, RecordRuling
from sync.outcome import Outcome, Standing
from sync.record import OpenedRecord, open_record

ROWS_AT_ONCE = 500
_Word = TypeVar("_Word", bound=StrEnum)
_SIGNED = ("id", "hash", "device_id", "seq", "prev", "kind", "amends")


class Row(NamedTuple):
    """A stored row, and its record as far as the bytes can be read."""

    stored: sa.Row[tuple[object, ...]]
    opened: OpenedRecord | None


class RecordCheck:
    """Checks rows part by part, signatures in threads."""

    def __init__(
        self,
        signers: Mapping[str, SignerOnFile],
        receipts: Receipts,
        report: Report,
        pool: ThreadPoolExecutor,
    ) -> None:
        self._signers = signers
        self._receipts = receipts
        self._report = report
        self._pool = pool
        self._seen: set[str] = set()

    def check(self, connection: sa.Connection) -> Iterator[list[Held]]:
        """Yield what the bytes say of each record, in order of position."""
        streaming = connection.execution_options(yield_per=ROWS_AT_ONCE)
        found = streaming.execute(sa.select(record).order_by(record.c.position))
        for part in found.partitions(ROWS_AT_ONCE):
            rows = [Row(stored, _opened(stored.jws)) for stored in part]
            self._check_signatures(rows)
            self._check_blobs(connection, rows)
            yield [self._check_row(row) for row in rows]

    def _check_row(self, row: Row) -> Held:
        stored, opened = row
        where = stored.id, stored.position
        self._report.checked["records"] += 1
        fault = None
        if opened is None:
            self._report.add(
                "jws-malformed", "字节不是有效的 JWS", "the bytes are no JWS", *where
            )
        else:
            self._report.compare(
                "record-differs",
                "record",
                ((n, getattr(stored, n), getattr(opened, n)) for n in _SIGNED),
                where,
            )
            fault = self._fault(stored, opened)
            self._report.compare(
                "record-differs", "record", [("fault", stored.fault, fault)], where
            )
        self._check_receipt(row)
        return self._held(stored, fault)

    def _fault(
        self, stored: sa.Row[tuple[object, ...]], opened: OpenedRecord
    ) -> str | None:
        if opened.envelope_fault is not None or not accepts(opened.payload):
            return "schema-fault"
        return "foreign-unit" if is_foreign(opened, stored.unit_code or "") else None

    def _check_receipt(self, row: Row) -> None:
        stored, opened = row
        where = stored.id, stored.position
        digest = opened.hash if opened else stored.hash
        if digest in self._seen:
            self._report.add(
                "record-doubled",
                f"同一记录存储了两次（哈希 {digest}）",
                f"the record is stored twice (hash {digest})",
                *where,
            )
            return
        self._seen.add(digest)
        attested = self._receipts.take(digest)
        if attested is None:
            self._report.add(
                "receipt-missing",
                "没有任何回执证明此记录",
                "no receipt attests the record",
                *where,
            )
            return
        self._report.compare(
            "receipt-differs",
            "receipt",
            (
                ("id", stored.id, attested.id),
                ("position", stored.position, attested.position),
                ("received_at", stored.received_at, attested.received_at),
                ("outcome", stored.outcome, attested.outcome),
                ("receipt_id", stored.receipt_id, attested.receipt_id),
                ("device_id", stored.device_id, attested.device_id),
            ),
            where,
        )

    def _held(self, stored: sa.Row[tuple[object, ...]], fault: str | None) -> Held:
        where = stored.id, stored.position
        ruling = self._known(RecordRuling, stored.ruling, where)
        return Held(
            stored.position,
            stored.id,
            stored.hash,
            stored.device_id,
            stored.seq,
            stored.prev,
            stored.kind,
            stored.amends,
            stored.root_id,
            stored.unit_code or "",
            stored.received_at,
            stored.receipt_id,
            self._known(Outcome, stored.outcome, where) or Outcome.STORED,
            self._known(Standing, stored.standing, where) or Standing.STORED,
            stored.code,
            fault,
            None,
            None,
            stored.needs_proof,
            ruling,
        )

    def _known(
        self, kind: type[_Word], word: str | None, where: tuple[str, int]
    ) -> _Word | None:
        """Return the member of an enumeration; a word of nobody's is a fault."""
        if word is None:
            return None
        try:
            return kind(word)
        except ValueError:
            self._report.add(
                "record-differs",
                f"未知的值 {word!r}（{kind.__name__}）",
                f"{word!r} is no {kind.__name__}",
                *where,
            )
            return None

    def _check_signatures(self, rows: Sequence[Row]) -> None:
        by_device: dict[str, list[Row]] = {}
        for row in rows:
            by_device.setdefault(row.stored.device_id, []).append(row)
        work = []
        for device_id, mine in by_device.items():
            signer = self._signers.get(device_id)
            if signer is None:
                self._report_unsigned(
                    mine, "device-missing", "无此设备", "no such device"
                )
                continue
            self._check_units(mine, signer)
            work.append((mine, self._pool.submit(_unverified, signer.key, mine)))
        for _, future in work:
            self._report_unsigned(
                future.result(),
                "signature-bad",
                "签名与设备密钥不符",
                "the signature is not by the device's key",
            )

    def _check_units(self, rows: Sequence[Row], signer: SignerOnFile) -> None:
        for row in rows:
            self._report.compare(
                "record-differs",
                "record",
                [("unit_code", row.stored.unit_code, signer.standing.unit_code)],
                (row.stored.id, row.stored.position),
            )

    def _report_unsigned(
        self, rows: Sequence[Row], code: str, zh: str, en: str
    ) -> None:
        for row in rows:
            self._report.add(code, zh, en, row.stored.id, row.stored.position)

    def _check_blobs(self, connection: sa.Connection, rows: Sequence[Row]) -> None:
        named: dict[int, set[tuple[object, ...]]] = {}
        for position, *blob in rows_of(connection).pick(
            "SELECT record_position, sha256, record_id, device_id, bytes, media_type"
            " FROM record_blob WHERE record_position IN {any}",
            [row.stored.position for row in rows],
        ):
            named.setdefault(position, set()).add(tuple(blob))
        for stored, opened in rows:
            derived = {
                (b["sha256"], stored.id, stored.device_id, b["bytes"], b["media_type"])
                for b in named_blobs(opened)
            }
            if opened and derived != named.get(stored.position, set()):
                self._report.add(
                    "photographs-differ",
                    "照片清单与记录不符",
                    "the list of photographs is not the record's",
                    stored.id,
                    stored.position,
                )


def _opened(jws: str) -> OpenedRecord | None:
    try:
        return open_record(jws, loads=orjson.loads)
    except MalformedJws:
        return None


def _unverified(key: VerifyingKey | None, rows: Sequence[Row]) -> list[Row]:
    return [
        row
        for row in rows
        if row.opened is not None and not (key and key.verify(row.opened.jws))
    ]
