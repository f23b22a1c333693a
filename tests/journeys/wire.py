"""HTTP/1.1 on a bare socket: as much of it as a link in the middle needs."""

import contextlib
import re
import socket
import struct
from collections.abc import Callable

CHUNK_BYTES = 4096


class LinkCut(OSError):
    """The link's budget of bytes is used up."""


def read_head(
    client: socket.socket, spend: Callable[[int], None]
) -> tuple[bytes, bytes]:
    """Return a request's head, and what came of its body with it."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(CHUNK_BYTES)
        if not piece:
            raise LinkCut
        spend(len(piece))
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", rest


def read_body(
    client: socket.socket, rest: bytes, length: int, spend: Callable[[int], None]
) -> bytes:
    """Return the rest of a body, with what came of it before."""
    data = rest[:length]
    while len(data) < length:
        piece = client.recv(min(CHUNK_BYTES, length - len(data)))
        if not piece:
            raise LinkCut
        spend(len(piece))
        data += piece
    return data


def parse_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    """Return method, path and headers, their names in small letters."""
    request_line, *lines = head.decode("latin-1").split("\r\n")
    method, path, _version = request_line.split(" ", 2)
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return method, path, {name.lower(): value.strip() for name, value in pairs}


def one_shot(head: bytes) -> bytes:
    """The same head, asking the server to close after one reply."""
    kept = re.sub(rb"\r\nConnection:[^\r]*", b"", head, flags=re.IGNORECASE)
    return kept[:-2] + b"Connection: close\r\n\r\n"


def reset(client: socket.socket) -> None:
    """Close with a reset, as a link that broke does."""
    linger = struct.pack("ii", 1, 0)
    with contextlib.suppress(OSError):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
