"""New software on the device, or on the server, with records still on their way."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from journeys.field_device import FieldDevice
from journeys.served import ServedBureau
from older_outbox import write_as_version

from fieldkit.outbox.migrations import NEWEST
from server.tables import metadata
from server.verify.verify import verify

PHOTO = b"\xff\xd8\xff" + b"orange" * 1000
# What `gi-server init` may write anew; the rest is what people brought.
PUBLISHED = {"reference_manifest", "reference_document", "enrolment_guess"}


@pytest.mark.parametrize("version", range(1, NEWEST))
def test_a_device_upgraded_with_records_waiting_sends_them_all(
    served: ServedBureau, tablet: FieldDevice, version: int
) -> None:
    """Lesson 13 (Eventra#2744): an upgrade drops the queue."""
    delivered = tablet.record(PHOTO)
    tablet.sync()
    waiting = [tablet.record(PHOTO + b"2"), *tablet.record_many(20)]
    sealed = [record.compact for record in tablet.records.values()]
    write_as_version(tablet.home, version)
    assert [record.compact for record in tablet.records.values()] == sealed
    after = tablet.record()
    report = tablet.sync()
    assert report.outcomes == {"stored": 22}
    assert report.troubles == []
    assert served.held == [delivered, *waiting, after]
    assert set(tablet.states.values()) == {"delivered"}
    assert tablet.photo_counts(waiting[0]) == (1, 1)


def rows_of(served: ServedBureau) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted(served.rows(table, *table.c.keys()), key=str)
        for table in metadata.sorted_tables
        if table.name not in PUBLISHED
    }


def make_database_of_the_second_version(database: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{database}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE enrolment_guess")
        for table in ("violation", "lot", "lot_verdict"):
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO newer")
            connection.exec_driver_sql(
                f"CREATE TABLE {table} AS SELECT r.id AS version_id, newer.*"
                " FROM newer JOIN record r ON r.position = version_position"
            )
            connection.exec_driver_sql("DROP TABLE newer")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    engine.dispose()


def test_a_server_upgraded_between_two_syncs_keeps_every_row(
    served: ServedBureau, tablet: FieldDevice
) -> None:
    first = tablet.record(PHOTO)
    tablet.sync()
    second = tablet.record(PHOTO + b"2")
    before = rows_of(served)
    served.stop()
    make_database_of_the_second_version(served.database)
    served.start()
    assert rows_of(served) == before
    assert tablet.sync().outcomes == {"stored": 1}
    assert served.held == [first, second]
    assert tablet.photo_counts(second) == (1, 1)
    assert verify(served.bureau, lambda *_progress: None).faults == []
