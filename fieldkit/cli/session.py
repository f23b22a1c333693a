"""What the commands share: the device opened, and where their words go.

With ``--json`` one document goes to stdout; whatever else is said goes to stderr.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fieldkit.errors import NotFound
from fieldkit.home import Home, open_home
from fieldkit.language import say
from fieldkit.outbox import SqliteOutbox, StoredRecord, open_outbox
from geo.errors import Message

if TYPE_CHECKING:
    from fieldkit.capture import Recorder
    from schemas.assessment import Reference


_NOT_BELIEVED = Message(
    zh="注意：本机的参考数据签名不符，改用随软件附带的；请重新同步",
    en="Note: this device's reference data is not signed by its server; what was "
    "shipped is used instead. Sync again",
)


_COMMANDS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {0x09, 0x0A}, "\ufffd")


@dataclass(frozen=True, slots=True)
class Device:
    """The device that ``FIELDKIT_HOME`` names, open."""

    home: Home
    outbox: SqliteOutbox


@contextmanager
def device() -> Iterator[Device]:
    """Open the device's home and outbox, and close them."""
    home = open_home()
    with open_outbox(home) as outbox:
        yield Device(home, outbox)


def reference_of(opened: Device) -> "Reference":
    """Return what the device advises by; what is shipped, said so, if its own is bad.

    A reference that cannot be believed must not keep evidence from being saved.
    """
    from fieldkit.device_reference import device_reference
    from schemas.assessment import shipped_reference
    from sync.errors import ProtocolError

    try:
        return device_reference(opened.home, opened.outbox)
    except ProtocolError:
        note(_NOT_BELIEVED)
        return shipped_reference()


def recorder(opened: Device, reference: "Reference") -> "Recorder":
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


def put_json(document: Any) -> None:
    """Print the one JSON document of ``--json`` to stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def put(text: str) -> None:
    """Print a line of the answer to stdout."""
    sys.stdout.write(f"{printable(text)}\n")


def printable(text: str) -> str:
    """Return `text` without what would command the terminal: others wrote of it."""
    return text.translate(_COMMANDS)


def note(message: Message | str) -> None:
    """Say something beside the answer, on stderr."""
    text = message if isinstance(message, str) else say(message)
    sys.stderr.write(f"{printable(text)}\n")


def put_table(headings: list[Message], rows: list[list[str]]) -> None:
    """Print a table: drawn for a person at a terminal, tab-separated for a pipe."""
    titles = [say(heading) for heading in headings]
    if not sys.stdout.isatty():
        for row in (titles, *rows):
            put("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold")
    for title in titles:
        # Folded, not cut: an id with an ellipsis in it is of no use.
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*map(printable, row))
    # What a server or an inspector wrote in brackets is no markup.
    Console(markup=False, emoji=False, highlight=False).print(table)
