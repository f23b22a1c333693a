"""The demonstration's link fails as told, once each, and forwards all else."""

import contextlib
import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from server.demo.proxy import BadLink, Fault


class Far(BaseHTTPRequestHandler):
    """Notes what arrives whole, and says how much that was."""

    protocol_version = "HTTP/1.1"
    arrived: list[tuple[str, int]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(body) == int(self.headers["Content-Length"]):
            self.arrived.append((self.path, len(body)))
        answer = str(len(body)).encode()
        with contextlib.suppress(ConnectionError):  # of a cut upload
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    def log_message(self, *_words: object) -> None:
        """Stay silent."""


@pytest.fixture
def arrived() -> list[tuple[str, int]]:
    return []


@pytest.fixture
def link(arrived: list[tuple[str, int]]) -> Iterator[BadLink]:
    handler = type("Handler", (Far,), {"arrived": arrived})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as far:
        threading.Thread(target=far.serve_forever, daemon=True).start()
        with BadLink(far.server_address[1]) as bad_link:
            yield bad_link
        far.shutdown()


def post(link: BadLink, path: str, body: bytes) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(link.url).port)
    try:
        connection.request("POST", path, body)
        return connection.getresponse().read()
    finally:
        connection.close()


def test_without_a_fault_it_forwards(link, arrived):
    assert post(link, "/records", b"x" * 1000) == b"1000"
    assert arrived == [("/records", 1000)]


def test_a_lost_reply_is_lost_after_the_server_did_its_work(link, arrived):
    link.faults.append(Fault("POST /records", lose_reply=True))
    with pytest.raises(http.client.RemoteDisconnected):
        post(link, "/records", b"x" * 1000)
    assert arrived == [("/records", 1000)]
    assert post(link, "/records", b"x") == b"1"
    assert len(link.struck) == 1


def test_a_cut_upload_never_arrives_whole(link, arrived):
    link.faults.append(Fault("POST /blobs", cut_after_bytes=300))
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        post(link, "/blobs", b"x" * 1000)
    assert arrived == []


def test_a_fault_waits_for_the_request_it_is_meant_for(link, arrived):
    link.faults.append(Fault("POST /blobs", lose_reply=True))
    assert post(link, "/records", b"x") == b"1"
    assert not link.struck
