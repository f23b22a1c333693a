"""The device opened: its folder, its outbox, and what captures on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldkit.errors import NotFound
from fieldkit.home import Home, open_home
from fieldkit.outbox import SqliteOutbox, StoredRecord, open_outbox
from geo.errors import Message

if TYPE_CHECKING:
    from fieldkit.capture import Recorder
    from schemas.assessment import Reference


@dataclass(frozen=True, slots=True)
class Device:
    """A device's folder and its outbox, open."""

    home: Home
    outbox: SqliteOutbox


@contextmanager
def opened_device(home: Home | None = None) -> Iterator[Device]:
    """Open a device, by default the one that ``FIELDKIT_HOME`` names; close it."""
    home = home or open_home()
    with open_outbox(home) as outbox:
        yield Device(home, outbox)


def recorder_of(opened: Device, reference: "Reference") -> "Recorder":
    """Return what captures on this device, advising by the reference given."""
    from fieldkit.capture import Recorder, ReferenceVersions

    def areas_on(day: Any) -> dict[str, dict[str, str]]:
        found = {
            right: reference.areas.at(right, day) for right in reference.areas.rights
        }
        return {
            right: {"version": area.version, "sha256": area.sha256}
            for right, area in found.items()
            if area is not None
        }

    versions = ReferenceVersions(reference.codes.version, areas_on)
    return Recorder(opened.home, opened.outbox, versions)


def one_record(outbox: SqliteOutbox, name: str) -> StoredRecord:
    """Return the one record whose id begins so, or of that record number.

    Raises
    ------
    NotFound
        There is none, or several observations fit.
    """
    found = outbox.find(name)
    exact = [stored for stored in found if stored.record.id == name]
    if exact:
        return exact[0]
    if len({stored.root_id for stored in found}) != 1:
        raise NotFound(_none(name) if not found else _several(name, len(found)))
    return found[0]


def _none(name: str) -> Message:
    return Message(
        zh=f"本机没有编号为 {name} 的记录。fieldkit list 列出全部记录。",
        en=f"No record here is called {name}. fieldkit list shows them all.",
    )


def _several(name: str, count: int) -> Message:
    return Message(
        zh=f"有 {count} 条记录以 {name} 开头，请多写几位。",
        en=f"{count} records begin with {name}; give more of the id.",
    )
