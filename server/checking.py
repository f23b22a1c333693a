"""The checks of a batch that need no ledger: bytes, signer, signature, schema."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeAlias

import orjson

from schemas.record import explain
from server.check_process import Checked, CheckProcess, checked
from server.logs import log
from sync.errors import MalformedJws
from sync.ingest import Candidate
from sync.keys import VerifyingKey
from sync.record import MAX_RECORD_BYTES, OpenedRecord, open_record

# Enough that handing over costs little, few enough that the first are being checked
# while the rest is still being taken apart.
CHUNK = 100
# One that cannot live here must not be started for every chunk for ever.
MOST_RESTARTS = 20

_Item: TypeAlias = tuple[OpenedRecord | None, str | None]


class Signer(NamedTuple):
    """Whom the request speaks for, and the key its records must be signed with."""

    device_id: str
    key: VerifyingKey


class Checks:
    """Checks batches; `check` may be called from any number of threads.

    Parameters
    ----------
    processes : int
        How many processes beside this one check what fills a chunk. With none,
        and for what does not fill one, the caller's thread does it.
    """

    def __init__(self, processes: int) -> None:
        self._pool = ThreadPoolExecutor(max(1, processes), "check")
        # Chunks that wait in the pool when it reaches none may take it below.
        self._starts_left = processes + MOST_RESTARTS if processes else 0
        self._idle: deque[CheckProcess] = deque()

    def check(self, records: Sequence[object], signer: Signer) -> list[Candidate]:
        """Return a candidate for each item, in order; no item blocks another."""
        items: list[_Item] = []
        results: list[Callable[[], list[Checked]]] = []
        for start in range(0, len(records), CHUNK):
            part = [
                opened_item(item, signer) for item in records[start : start + CHUNK]
            ]
            results.append(self._begin(signer.key, part))
            items += part
        found = (one for result in results for one in result())
        return [
            Candidate(opened, refusal)
            if opened is None or refusal is not None
            else _candidate(opened, next(found))
            for opened, refusal in items
        ]

    def _begin(
        self, key: VerifyingKey, part: Sequence[_Item]
    ) -> Callable[[], list[Checked]]:
        records = [opened for opened, refusal in part if opened and not refusal]
        if len(part) < CHUNK or self._starts_left <= 0:
            return partial(_check_here, key, records)
        return self._pool.submit(self._check_beside, key, records).result

    def _check_beside(
        self, key: VerifyingKey, records: Sequence[OpenedRecord]
    ) -> list[Checked]:
        """Let a process check; one that was killed is replaced for the next chunk."""
        try:
            process = self._process()
            found = process.check(key, [record.compact for record in records])
        except OSError:
            log("check process lost", level=logging.WARNING)
            return _check_here(key, records)
        self._idle.append(process)
        return found

    def _process(self) -> CheckProcess:
        try:
            return self._idle.pop()
        except IndexError:
            self._starts_left -= 1
            return CheckProcess()


def opened_item(item: object, signer: Signer) -> _Item:
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


def _check_here(key: VerifyingKey, records: Sequence[OpenedRecord]) -> list[Checked]:
    return [checked(key, record) for record in records]


def _candidate(opened: OpenedRecord, checked: Checked) -> Candidate:
    if not checked.is_signed:
        return Candidate(opened, "bad-signature")
    if checked.is_accepted:
        return Candidate(opened)
    faults = explain(opened.payload)
    return Candidate(opened, None, faults[0] if faults else None)
