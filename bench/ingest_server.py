"""The server under measurement, and the devices that push to it over loopback."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.corpus import Device
from server.database import open_engine, writing
from server.initialising import initialise
from server.keys import load_server_key
from server.settings import Settings
from server.tables import device
from sync.enrol import make_certificate, make_token

BATCH = 500
_RECEIPT = b'"receipts":["'
_STORED = b'"outcome":"stored"'


@dataclass
class Served:
    """A running server."""

    port: int
    pid: int

    def read_peak_mib(self) -> float:
        """Return the peaks of its processes so far, added up."""
        return sum(map(_peak_mib, _family(self.pid)))


def prepare(home: Path, database_url: str, devices: Sequence[Device]) -> Settings:
    """Initialise a database and enrol the devices; return the settings."""
    settings = Settings(home=home, database_url=database_url)
    initialise(settings)
    key = load_server_key(settings.keys_folder)
    engine = open_engine(database_url)
    now = datetime.now(UTC)
    with writing(engine) as connection:
        for one in devices:
            certificate = make_certificate(
                key,
                device_id=one.id,
                unit_code=one.unit_code,
                unit_name="",
                officers=(),
                jwk=one.key.public_jwk,
                issued_at=now,
                epoch=1,
            )
            connection.execute(
                device.insert().values(
                    id=one.id,
                    unit_code=one.unit_code,
                    jwk=json.dumps(one.key.public_jwk),
                    thumbprint=one.key.thumbprint,
                    officers="[]",
                    certificate=certificate,
                    enrolled_at="",
                    state="active",
                )
            )
    engine.dispose()
    return settings


def token(settings: Settings, device_id: str) -> str:
    """Return a token for a device."""
    key = load_server_key(settings.keys_folder)
    until = datetime.now(UTC) + timedelta(hours=6)
    return make_token(key, device_id=device_id, expires_at=until)


@contextmanager
def running(settings: Settings) -> Iterator[Served]:
    """Run ``gi-server run`` with one worker process on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "GI_HOME": str(settings.home),
        "GI_DATABASE_URL": settings.database_url,
        "GI_WORKERS": "1",
    }
    command = shutil.which("gi-server", path=str(Path(sys.executable).parent))
    process = subprocess.Popen(
        [command or "gi-server", "run", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_up(port, process)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(60)


def _family(pid: int) -> list[int]:
    """Return a process and all below it: gunicorn's master, its worker, its checker."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    below = [of for one in threads for of in (one / "children").read_text().split()]
    return [pid, *(found for child in below for found in _family(int(child)))]


def _peak_mib(pid: int) -> float:
    """Return a process's own peak; ru_maxrss would include its parent's at fork."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def push_all(
    port: int, settings: Settings, devices: Sequence[Device], connections: int
) -> tuple[float, list[float]]:
    """Push every record; return records a second, and each batch's seconds.

    Devices are shared out over `connections` that push at the same time, each
    its batches of 500 in turn, with the newest receipt it got as a device
    sends it. Bodies are put together beforehand, but for that receipt.
    """
    work = [_bodies(settings, one) for one in devices]
    shares = [work[n::connections] for n in range(connections)]
    seconds: list[float] = []
    failed: list[Exception] = []

    def push(share: Sequence[tuple[str, list[bytes]]]) -> None:
        try:
            with socket.create_connection(("127.0.0.1", port)) as link:
                link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for bearer, bodies in share:
                    seconds.extend(_push_one(link, bearer, bodies))
        except Exception as fault:
            failed.append(fault)

    threads = [threading.Thread(target=push, args=(share,)) for share in shares]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    if failed:
        raise failed[0]
    return sum(len(one.records) for one in devices) / took, seconds


def _bodies(settings: Settings, one: Device) -> tuple[str, list[bytes]]:
    parts = [
        one.records[start : start + BATCH]
        for start in range(0, len(one.records), BATCH)
    ]
    return token(settings, one.id), [
        b'{"records":' + json.dumps(part, separators=(",", ":")).encode()
        for part in parts
    ]


def _push_one(
    link: socket.socket, bearer: str, bodies: Sequence[bytes]
) -> Iterator[float]:
    receipt = b"null"
    for body in bodies:
        began = time.perf_counter()
        tail = b',"last_receipt":' + receipt + b"}"
        head = (
            "POST /api/v1/records HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {bearer}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body) + len(tail)}\r\n\r\n"
        )
        link.sendall(head.encode())
        link.sendall(body)
        link.sendall(tail)
        answer = _read_answer(link)
        expected = body.count(b'","') + 1
        if answer.count(_STORED) != expected:
            raise RuntimeError(f"not all were stored: {answer[:2000]!r}")
        start = answer.index(_RECEIPT) + len(_RECEIPT) - 1
        receipt = answer[start : answer.index(b'"', start + 1) + 1]
        yield time.perf_counter() - began


def _read_answer(link: socket.socket) -> bytes:
    data = bytearray()
    while b"\r\n\r\n" not in data:
        data += _received(link)
    head, _, rest = bytes(data).partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"refused: {head!r} {rest[:500]!r}")
    lines = (line.split(b":", 1) for line in head.lower().split(b"\r\n")[1:])
    length = next(int(value) for name, value in lines if name == b"content-length")
    body = bytearray(rest)
    while len(body) < length:
        body += _received(link)
    return bytes(body)


def _received(link: socket.socket) -> bytes:
    data = link.recv(1 << 20)
    if not data:
        raise RuntimeError("the server hung up")
    return data


def _wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server did not start")
