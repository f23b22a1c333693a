"""Batches: how many records go into one push."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

MAX_RECORDS = 500
MAX_BYTES = 4 * 1024 * 1024


class Sized(Protocol):
    """What has a compact form to be sent."""

    @property
    def compact(self) -> str: ...  # noqa: D102


RecordT = TypeVar("RecordT", bound=Sized)


def cut(
    records: Iterable[RecordT],
    max_records: int = MAX_RECORDS,
    max_bytes: int = MAX_BYTES,
) -> Iterator[list[RecordT]]:
    """Yield `records` in their order, cut into batches.

    A batch holds at most `max_records` and at most `max_bytes` of compact
    text; a single record above `max_bytes` travels alone. No batch is empty.
    """
    batch: list[RecordT] = []
    batch_bytes = 0
    for record in records:
        size = len(record.compact)
        if batch and (len(batch) == max_records or batch_bytes + size > max_bytes):
            yield batch
            batch, batch_bytes = [], 0
        batch.append(record)
        batch_bytes += size
    if batch:
        yield batch
