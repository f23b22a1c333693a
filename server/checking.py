"""The checks of a batch that need no ledger: bytes, signer, signature, schema."""

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import orjson

from schemas.record import accepts, explain
from sync.errors import MalformedJws
from sync.ingest import Candidate
from sync.keys import VerifyingKey
from sync.record import MAX_RECORD_BYTES, OpenedRecord, open_record

# Enough that handing over to a thread costs little, few enough that the first
# signatures are under way while the rest is still being read.
_CHUNK = 50


class Signer(NamedTuple):
    """Whom the request speaks for, and the key its records must be signed with."""

    device_id: str
    key: VerifyingKey


class Checks:
    """Checks batches, signatures on all cores.

    One for a process; `check` may be called from any number of threads.

    Parameters
    ----------
    threads : int
        0 for one to two cores: the requests' own threads use the rest, and more
        threads only wait for the interpreter lock after each signature
        (measured: 4 threads on two cores take in a fifth less than one).
    """

    def __init__(self, threads: int = 0) -> None:
        count = threads or max(1, (os.cpu_count() or 1) // 2)
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="verify")

    def check(self, records: Sequence[object], signer: Signer) -> list[Candidate]:
        """Return a candidate for each item, in order; no item blocks another."""
        items: list[tuple[OpenedRecord | None, str | None]] = []
        verified: list[Future[list[bool]]] = []
        for start in range(0, len(records), _CHUNK):
            part = [
                opened_item(item, signer) for item in records[start : start + _CHUNK]
            ]
            verified.append(self._pool.submit(_verified, signer.key, part))
            items += part
        candidates = [_candidate(opened, refusal) for opened, refusal in items]
        is_good = (good for future in verified for good in future.result())
        return [
            candidate
            if candidate.refusal is not None or next(is_good)
            else Candidate(candidate.opened, "bad-signature")
            for candidate in candidates
        ]


def opened_item(item: object, signer: Signer) -> tuple[OpenedRecord | None, str | None]:
    """Return an item taken apart, and the code for which it is refused, if it is."""
    if not isinstance(item, str):
        return None, "malformed"
    if len(item) > MAX_RECORD_BYTES:
        return None, "over-size"
    try:
        opened = open_record(item, loads=orjson.loads)
    except MalformedJws:
        return None, "malformed"
    if opened.device_id != signer.device_id:
        return opened, "not-your-device"
    return opened, None


def _verified(
    key: VerifyingKey, items: Sequence[tuple[OpenedRecord | None, str | None]]
) -> list[bool]:
    """Return whether the signature holds, for each item that is not refused."""
    return [
        key.verify(opened.jws)
        for opened, refusal in items
        if opened is not None and refusal is None
    ]


def _candidate(opened: OpenedRecord | None, refusal: str | None) -> Candidate:
    if opened is None or refusal is not None or accepts(opened.payload):
        return Candidate(opened, refusal)
    faults = explain(opened.payload)
    return Candidate(opened, None, faults[0] if faults else None)
