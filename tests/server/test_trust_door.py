"""``gi-server run --trust-port``: one page over plain HTTP, and nothing beside it."""

import http.client
import os
import select
import shutil
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from journeys.commanded import CommandedBureau


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def bureau(
    kept_secure_home: Path, tmp_path: Path, port: int
) -> Iterator[CommandedBureau]:
    """A bureau with an authority, not served yet."""
    bureau = CommandedBureau(shutil.copytree(kept_secure_home, tmp_path / "home"))
    bureau.options = ("--trust-port", str(port))
    yield bureau
    bureau.kill()


def get(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as link:
        link.request(method, path)
        reply = link.getresponse()
        return reply.status, reply.headers.get("Location") or reply.read().decode()


def wait_until_closed(link: socket.socket) -> None:
    """Wait for the other end to be gone, for a minute at most."""
    readable, _, _ = select.select([link], [], [], 60)
    assert readable
    try:
        assert link.recv(1) == b""
    except ConnectionResetError:
        return


def test_the_door_shows_the_page_and_answers_nothing_else(
    bureau: CommandedBureau, port: int, tmp_path: Path
) -> None:
    bureau.start()
    assert get(port, "/") == (302, "/trust")
    status, page = get(port, "/trust?lang=en")
    assert status == 200
    assert bureau.ask("tls", "show", "--json")["authority"]["sha256"][:2] in page
    for path in ("/api/v1/server", "/field/", "/healthz", "/status.css"):
        assert get(port, path)[0] == 404
    assert get(port, "/trust", "POST")[0] == 405
    assert f":{port}/trust" in (tmp_path / "server.log").read_text("utf-8")


def is_refused_soon(port: int) -> bool:
    """Whether nobody listens: a dying process closes its sockets in any order."""
    for _ in range(1000):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=60).close()
        except ConnectionRefusedError:
            return True
        except ConnectionResetError:
            continue
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_door_ends_with_its_server_however_that_ends(
    bureau: CommandedBureau, port: int, number: signal.Signals
) -> None:
    bureau.start()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
        assert bureau.process_id is not None
        os.kill(bureau.process_id, number)
        wait_until_closed(link)
    assert is_refused_soon(port)


def test_a_port_that_is_taken_is_said_before_anything_is_served(
    bureau: CommandedBureau,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        refused = bureau.run("run", "--port", "0", "--trust-port", number)
    assert refused.returncode == 5
    assert f"port {number} (--trust-port) cannot be used" in refused.stderr
    assert refused.stdout == ""


def test_without_an_authority_there_is_no_page_to_show(
    bureau: CommandedBureau, port: int
) -> None:
    shutil.rmtree(bureau.home / "keys" / "tls")
    refused = bureau.run("run", "--port", "0", *bureau.options)
    assert refused.returncode == 5
    assert "gi-server tls init" in refused.stderr
