"""What the outbox holds, found without changing anything."""

from collections.abc import Collection

from fieldkit.outbox import reading
from fieldkit.outbox.file import OutboxFile
from fieldkit.outbox.rows import PhotoCount, StoredRecord
from sync.outbox_port import BlobRef, OutboxRecord, OutboxState


class OutboxHoldings(OutboxFile):
    """Finding records and photographs, and counting them."""

    # Records

    def get(self, id: str) -> OutboxRecord | None:
        """Return the record of this id, None if it is not here or cannot be opened."""
        with self._reading() as connection:
            stored = reading.by_id(connection, id)
        return stored.record if stored and not stored.fault else None

    def records(self, state: OutboxState | None = None) -> list[OutboxRecord]:
        """Return all records, or those in one state, in the order of sealing.

        Those that cannot be opened are left out; `unreadable` has them.
        """
        return [one.record for one in self.listing(state) if one.fault is None]

    def unreadable(
        self, *, after: int = 0, again: Collection[int] = ()
    ) -> list[StoredRecord]:
        """Return the records whose content cannot be opened here.

        No others are tried than those sealed after a position, and those at the
        positions ``again``.
        """
        with self._reading() as connection:
            return reading.unreadable(connection, after, again)

    def newest_position(self) -> int:
        """Return the position of the record sealed last, 0 if there is none."""
        with self._reading() as connection:
            return reading.newest_position(connection)

    def unsent_ids(self) -> frozenset[str]:
        """Return the records without a receipt, by id; none is opened."""
        with self._reading() as connection:
            return reading.unsent_ids(connection)

    def listing(self, state: OutboxState | None = None) -> list[StoredRecord]:
        """Return all, those that cannot be opened too, with what lies beside them."""
        with self._reading() as connection:
            return reading.records(connection, state)

    def page(
        self, state: str | None = None, *, offset: int = 0, limit: int = -1
    ) -> tuple[list[StoredRecord], int]:
        """Return some records, the newest first, and how many there are in all."""
        with self._reading() as connection:
            return reading.page(connection, state, offset, limit)

    def names(self, state: str | None = None) -> list[tuple[int, str]]:
        """Return (position, id) of records, the newest first; none is opened."""
        with self._reading() as connection:
            return reading.names(connection, state)

    def at(self, positions: Collection[int]) -> list[StoredRecord]:
        """Return the records at these positions, the newest first."""
        with self._reading() as connection:
            return reading.at(connection, positions)

    def find(self, name: str) -> list[StoredRecord]:
        """Return the records whose id begins with ``name``, or of that number."""
        with self._reading() as connection:
            return reading.find(connection, name)

    def versions(self, root_id: str) -> list[StoredRecord]:
        """Return an observation and all that changed it, oldest first."""
        with self._reading() as connection:
            return reading.versions(connection, root_id)

    def newest(self, kind: str) -> StoredRecord | None:
        """Return the record of that kind sealed last."""
        with self._reading() as connection:
            return reading.newest(connection, kind)

    def counts(self) -> dict[str, int]:
        """Return how many drafts there are, and records in each state."""
        with self._reading() as connection:
            return reading.counts(connection)

    def statuses(self) -> dict[str, int]:
        """Return how many records have each newest status."""
        with self._reading() as connection:
            return reading.statuses(connection)

    def oldest_unsent_at(self) -> str | None:
        """Return when the oldest record without a receipt was sealed."""
        with self._reading() as connection:
            return reading.oldest_unsent_at(connection)

    # Photographs

    def blobs(self, state: str | None = None) -> list[BlobRef]:
        """Return photographs on file: ``held``, ``delivered``, ``missing`` or all."""
        with self._reading() as connection:
            return reading.blobs(connection, state)

    def is_named(self, sha256: str) -> bool:
        """Tell whether a record names this photograph."""
        with self._reading() as connection:
            return reading.is_named(connection, sha256)

    def blob_counts(self, id: str) -> tuple[int, int]:
        """Return (photographs held by the server, photographs named) of a record."""
        with self._reading() as connection:
            stored = reading.by_id(connection, id)
            if stored is None:
                return (0, 0)
            counted = reading.photo_counts(connection, [stored.position])
        count = counted.get(stored.position, PhotoCount(0, 0, 0))
        return (count.delivered, count.named)

    def blob_states(self) -> dict[str, int]:
        """Count the photographs on file: ``held``, ``delivered``, ``missing``."""
        with self._reading() as connection:
            return reading.blob_states(connection)

    def photo_counts(
        self, positions: Collection[int] | None = None
    ) -> dict[int, PhotoCount]:
        """Return by record position how many photographs are where."""
        with self._reading() as connection:
            return reading.photo_counts(connection, positions)
