"""The device's HTTP: what is tried again, what never, and in which words it ends."""

import datetime
import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
import stamina
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from fieldkit.link.http import ATTEMPTS, HttpTransport, open_client
from fieldkit.link.transport import (
    LinkDown,
    ProtocolBroken,
    RequestRefused,
    ServerBusy,
    SignInExpired,
    TlsRefused,
    TransportError,
)

SERVER = {
    "jwk": {"kty": "EC"},
    "thumbprint": "t",
    "epoch": 1,
    "server_time": "2023-12-02T02:20:00.000Z",
    "name": "bureau",
}
PUSHED = {"epoch": 1, "server_time": "t", "receipts": [], "items": []}
TROUBLE = {
    "type": "about:blank",
    "title": "Forbidden",
    "status": 403,
    "code": "code-expired",
    "detail": "the code has expired",
    "zh": {"title": "拒绝", "detail": "注册码已过期"},
}

Answering = Callable[[httpx2.Request], httpx2.Response]


class Line:
    """A link whose far end answers as told, and which notes what went over it."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.requests: list[httpx2.Request] = []
        self.pauses: list[float] = []
        self._answers = list(answers)
        client = httpx2.Client(
            transport=httpx2.MockTransport(self._answer), base_url="http://bureau"
        )
        self.transport = HttpTransport(client, lambda: 0.5, self._paused)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _paused(self, seconds: float, cause: TransportError) -> None:
        assert isinstance(cause, LinkDown | ServerBusy)
        self.pauses.append(seconds)


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield


def answer(status: int, document: object, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json=document, headers=headers)


def problem(status: int, document: object) -> httpx2.Response:
    return httpx2.Response(
        status,
        content=json.dumps(document).encode(),
        headers={"Content-Type": "application/problem+json"},
    )


def test_a_broken_link_is_tried_again_with_a_pause() -> None:
    line = Line(httpx2.ReadError("cut"), answer(200, SERVER))
    assert line.transport.server().name == "bureau"
    assert len(line.requests) == 2
    assert len(line.pauses) == 1


def test_a_dead_link_is_given_up_after_a_few_tries_with_growing_pauses() -> None:
    line = Line(httpx2.ConnectError("no route"))
    with pytest.raises(LinkDown):
        line.transport.server()
    assert len(line.requests) == ATTEMPTS
    assert line.pauses == sorted(line.pauses)
    assert len(set(line.pauses)) > 1


def test_retry_after_is_honoured() -> None:
    """Lesson 5: exponential back-off with jitter, Retry-After honoured."""
    line = Line(httpx2.Response(503, headers={"Retry-After": "7"}), answer(200, SERVER))
    line.transport.server()
    assert line.pauses[0] >= 7


def test_a_server_that_asks_for_an_hour_is_not_waited_for() -> None:
    line = Line(httpx2.Response(503, headers={"Retry-After": "3600"}))
    with pytest.raises(ServerBusy) as refusal:
        line.transport.server()
    assert refusal.value.retry_after_s == 3600
    assert len(line.requests) == 1
    assert "3600" in refusal.value.message.zh


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (problem(403, TROUBLE), RequestRefused),
        (answer(401, {}), SignInExpired),
        (httpx2.Response(302, headers={"Location": "http://login"}), ProtocolBroken),
        (httpx2.Response(404, content=b"not found"), ProtocolBroken),
        (httpx2.Response(200, html="<p>Free WiFi</p>"), ProtocolBroken),
        (answer(200, []), ProtocolBroken),
        (answer(200, {**SERVER, "epoch": "1"}), ProtocolBroken),
        (answer(200, {**SERVER, "epoch": True}), ProtocolBroken),
    ],
)
def test_a_fatal_answer_is_not_repeated(
    reply: httpx2.Response, error: type[TransportError]
) -> None:
    """Lesson 7: stop on sign-in, TLS and protocol errors."""
    line = Line(reply)
    with pytest.raises(error):
        line.transport.server()
    assert len(line.requests) == 1
    assert line.pauses == []


def test_a_sign_in_page_is_named_as_what_it_is() -> None:
    line = Line(httpx2.Response(200, html="<p>Free WiFi</p>"))
    with pytest.raises(ProtocolBroken, match="text/html"):
        line.transport.server()


def test_a_refusal_keeps_the_servers_words_in_both_languages() -> None:
    line = Line(problem(403, TROUBLE))
    with pytest.raises(RequestRefused) as refusal:
        line.transport.enrol("K7QF-3MZP", {}, "proof")
    assert refusal.value.problem_code == "code-expired"
    assert refusal.value.message.zh == "注册码已过期"
    assert refusal.value.message.en == "the code has expired"


def test_a_problem_without_words_still_says_its_number() -> None:
    line = Line(problem(418, ["not", "an", "object"]))
    with pytest.raises(RequestRefused) as refusal:
        line.transport.server()
    assert refusal.value.problem_code == "http-418"
    assert "418" in refusal.value.message.zh


def test_records_are_gzipped_on_the_wire() -> None:
    line = Line(answer(200, PUSHED))
    line.transport.push("token", ["a.b.c"] * 500, None, "certificate")
    (request,) = line.requests
    assert request.headers["Content-Encoding"] == "gzip"
    assert request.headers["Authorization"] == "Bearer token"
    assert len(request.content) < 300
    sent = json.loads(gzip.decompress(request.content))
    assert sent == {
        "records": ["a.b.c"] * 500,
        "last_receipt": None,
        "certificate": "certificate",
    }


def test_a_part_of_a_photograph_goes_out_as_it_is() -> None:
    state = {
        "sha256": "ab",
        "bytes": 3,
        "part_bytes": 131072,
        "missing": [],
        "state": "complete",
        "receipt": "r",
    }
    line = Line(answer(200, state))
    assert line.transport.put_part("token", "ab", 0, b"\x00\xff\x00").is_complete
    assert line.requests[0].content == b"\x00\xff\x00"
    assert line.requests[0].headers["Content-Type"] == "application/octet-stream"


def test_half_a_reply_is_a_broken_link(half_answering_server: str) -> None:
    client = open_client(half_answering_server)
    with closing(client), pytest.raises(LinkDown):
        HttpTransport(client, lambda: 0.0).server()


def test_a_server_with_a_foreign_certificate_gets_nothing(tls_server: str) -> None:
    """Lesson 7; TLS is verified, and there is no switch to turn that off."""
    pauses: list[float] = []
    client = open_client(tls_server)
    transport = HttpTransport(client, lambda: 0.0, lambda s, _e: pauses.append(s))
    with closing(client), pytest.raises(TlsRefused) as refusal:
        transport.push("token", [], None, "certificate")
    assert pauses == []
    assert "证书" in refusal.value.message.zh


@pytest.fixture
def half_answering_server() -> Iterator[str]:
    """A server whose every reply breaks off in its middle."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

    def answer_half(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head + b'Content-Length: 400\r\n\r\n{"jwk":')

    yield from _serving(answer_half, "http")


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[str]:
    """A TLS server whose certificate nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))

    def shake_hands(connection: socket.socket) -> None:
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(1)
        except (ssl.SSLError, OSError):
            return

    yield from _serving(shake_hands, "https")


def _serving(talk: Callable[[socket.socket], None], scheme: str) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            with connection:
                talk(connection)

    worker = threading.Thread(target=accept, daemon=True)
    worker.start()
    try:
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        worker.join()


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start.replace(year=2099))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "server.pem"
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return path
