"""Whose process is at the other end of a connection over loopback.

On one machine any account can connect to a port of 127.0.0.1, and the one-time link
stands in the browser's command line, which other accounts may read. Linux tells for
each socket the account that made it (``/proc/net/tcp``, proc_net_tcp(5)).
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _UID = 1, 2, 7


def is_other_account(own_port: int, peer_port: int) -> bool:
    """Tell whether the connection is known to come from another account's process.

    False too where the system does not tell (not Linux, or no such connection).
    """
    if sys.platform != "linux":
        return False
    uid = _uid_of(own_port, peer_port)
    return uid is not None and uid != os.getuid()


def _uid_of(own_port: int, peer_port: int) -> int | None:
    wanted = f"{peer_port:04X}", f"{own_port:04X}"
    for fields in _sockets():
        if tuple(fields[at].rpartition(":")[2] for at in (_LOCAL, _REMOTE)) == wanted:
            return int(fields[_UID])
    return None


def _sockets() -> Iterator[list[str]]:
    for table in _TABLES:
        try:
            lines = table.read_text("ascii").splitlines()[1:]
        except OSError:
            continue
        yield from (line.split() for line in lines)
