"""``gi-server run``: several workers, an address, and an end that loses nothing."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bureau_rig import Clock, Device, open_bureau

from server.addresses import address
from server.app import create_app
from server.bureau import Bureau, utc_now

COMMAND = [sys.executable, "-c", "from server.cli import main; main()", "run"]
AS_ON_WINDOWS = (
    "from server.serving import serve_with_waitress;"
    "from server.settings import Settings, with_place;"
    "serve_with_waitress(with_place(Settings.read(), None, 0, None),"
    " lambda address: print(address, flush=True))"
)


@pytest.fixture
def home_bureau(tmp_path: Path, clock: Clock) -> Iterator[Bureau]:
    """A home on disk, by the real clock: a process of its own serves it."""
    home = tmp_path / "home"
    clock.now = utc_now()
    opened = open_bureau(home, f"sqlite:///{home / 'gi.sqlite3'}", clock)
    yield opened
    opened.engine.dispose()


@contextmanager
def running(
    bureau: Bureau, command: Sequence[str] = (), **environ: str
) -> Iterator[tuple[str, int, int]]:
    """Run the server on a free port; yield its host, port and process id."""
    process = subprocess.Popen(
        command or [*COMMAND, "--port", "0", "--workers", "2"],
        env={
            **os.environ,
            "GI_HOME": str(bureau.settings.home),
            "GI_LANG": "en",
            **environ,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = re.search(r"http://\S+", process.stdout.readline())
        assert url is not None
        place = urlsplit(url[0])
        yield str(place.hostname), int(place.port or 0), process.pid
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.communicate()


def status_of(host: str, port: int, path: str, **headers: str) -> int:
    with closing(http.client.HTTPConnection(host, port, timeout=30)) as link:
        link.request("GET", path, headers=headers)
        return link.getresponse().status


def all_of(link: socket.socket) -> bytes:
    return b"".join(iter(lambda: link.recv(65536), b""))


def test_it_prints_its_address_answers_and_stops_with_code_zero(
    home_bureau: Bureau,
) -> None:
    with running(home_bureau) as (host, port, _):
        assert status_of(host, port, "/readyz") == 200
        assert status_of(host, port, "/api/v1/server") == 200


def test_a_request_under_way_is_answered_before_the_end(
    home_bureau: Bureau,
) -> None:
    body = b'{"device_id": "d"}'
    with (
        running(home_bureau) as (host, port, pid),
        socket.create_connection((host, port), timeout=60) as link,
    ):
        link.sendall(
            b"POST /api/v1/devices/challenge HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\n"
            b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
        )
        link.sendall(body[:5])
        assert status_of(host, port, "/healthz") == 200
        os.kill(pid, signal.SIGTERM)
        link.sendall(body[5:])
        answer = all_of(link)
    assert answer.startswith(b"HTTP/1.1 200")


def test_a_silent_link_does_not_hold_a_thread_for_ever(home_bureau: Bureau) -> None:
    """A link that dies without a word, which is what links in the hills do."""
    with (
        running(home_bureau, GI_IDLE_SECONDS="1", GI_THREADS="2") as (host, port, _),
        socket.create_connection((host, port), timeout=60) as link,
    ):
        link.sendall(
            b"POST /api/v1/devices/challenge HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Type: application/json\r\nContent-Length: 100\r\n"
            b"Connection: close\r\n\r\n{"
        )
        answer = all_of(link)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"body-truncated" in answer


def test_two_workers_share_one_ledger(home_bureau: Bureau) -> None:
    """A device enrolled by one is known to the other, whichever answers."""
    bureau = home_bureau
    application = create_app(bureau.settings, bureau.engine, bureau.clock)
    tablet = Device.enrol(application.test_client(), bureau)
    with running(bureau) as (host, port, _):
        for _ in range(8):
            path = "/api/v1/reference"
            assert status_of(host, port, path, **tablet.bearer) == 200


def test_what_a_crash_left_half_written_is_swept_at_the_start(
    home_bureau: Bureau,
) -> None:
    folder = home_bureau.settings.blobs_folder / "ab"
    folder.mkdir(parents=True)
    old, young = folder / ".draft-old", folder / ".draft-young"
    photograph = folder / ("ab" * 32)
    for path in (old, young, photograph):
        path.write_bytes(b"half of a photograph")
    two_days_ago = time.time() - 2 * 24 * 3600
    for path in (old, photograph):
        os.utime(path, (two_days_ago, two_days_ago))
    with running(home_bureau):
        assert {path.name for path in folder.iterdir()} == {young.name, photograph.name}


def test_without_init_it_says_what_to_run(tmp_path: Path) -> None:
    result = subprocess.run(
        COMMAND,
        env={**os.environ, "GI_HOME": str(tmp_path), "GI_LANG": "en"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 5
    assert "gi-server init" in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8470"),
        ("0.0.0.0", "http://127.0.0.1:8470"),
        ("::1", "http://[::1]:8470"),
        ("::", "http://[::1]:8470"),
        ("gi.example", "http://gi.example:8470"),
    ],
)
def test_an_address_can_be_opened_as_it_is_printed(host: str, url: str) -> None:
    assert address(host, 8470) == url


def test_on_windows_too_a_proxy_cannot_pass_for_this_machine(
    home_bureau: Bureau,
) -> None:
    """Waitress would strip the very headers that give a proxy away."""
    command = [sys.executable, "-c", AS_ON_WINDOWS]
    with running(home_bureau, command) as (host, port, _):
        assert status_of(host, port, "/healthz") == 200
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
            assert status_of(host, port, "/healthz", **{header: "10.0.0.1"}) == 403
