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
        0 for two per core: a thread that waits for the interpreter lock
        leaves its core to the other.
    """

    def __init__(self, threads: int = 0) -> None:
        count = threads or 2 * (os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="verify")

    def check(self, records: Sequence[object], signer: Signer) -> list[Candidate]:
        """Return a candidate for each item, in order; no item blocks another."""
        found: list[tuple[OpenedRecord | None, str | None]] = []
        verified: list[tuple[list[int], Future[list[bool]]]] = []
        for start in range(0, len(records), _CHUNK):
            chunk = [
                opened_item(item, signer) for item in records[start : start + _CHUNK]
            ]
            places = [n for n, (_, refusal) in enumerate(chunk) if refusal is None]
            opened = [record for n in places if (record := chunk[n][0]) is not None]
            future = self._pool.submit(_verified, signer.key, opened)
            verified.append(([start + n for n in places], future))
            found += chunk
        candidates = [_candidate(opened, refusal) for opened, refusal in found]
        for places, future in verified:
            for place, is_good in zip(places, future.result(), strict=True):
                if not is_good:
                    opened, _, _ = candidates[place]
                    candidates[place] = Candidate(opened, "bad-signature")
        return candidates


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


def _verified(key: VerifyingKey, opened: Sequence[OpenedRecord]) -> list[bool]:
    return [key.verify(record.jws) for record in opened]


def _candidate(opened: OpenedRecord | None, refusal: str | None) -> Candidate:
    if opened is None or refusal is not None or accepts(opened.payload):
        return Candidate(opened, refusal)
    faults = explain(opened.payload)
    return Candidate(opened, None, faults[0] if faults else None)
