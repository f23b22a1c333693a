"""What the commands share: the reference in force, and where their words go.

With ``--json`` one document goes to stdout; whatever else is said goes to stderr.
"""

import json
import sys
from typing import TYPE_CHECKING, Any

from fieldkit.language import say
from geo.errors import Message

if TYPE_CHECKING:
    from fieldkit.device import Device
    from schemas.assessment import Reference


_NOT_BELIEVED = Message(
    zh="注意：本机的参考数据签名不符，改用随软件附带的；请重新同步",
    en="Note: this device's reference data is not signed by its server; what was "
    "shipped is used instead. Sync again",
)


_COMMANDS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {0x09, 0x0A}, "\ufffd")


def reference_of(opened: "Device") -> "Reference":
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
