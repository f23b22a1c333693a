"""The local server as it runs: a real socket, and nothing of a photograph on disk."""

import http.client
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NoReturn

import pytest

from fieldkit.local.app import create_app
from fieldkit.local.bench import Bench
from fieldkit.local.gate import HEADER, LOOPBACK, Gate
from fieldkit.local.serving import listen, server_of

PHOTO = b"\xff\xd8\xff" + os.urandom(3_000_000)


class Session:
    """A page of the browser, with the session that its link bought."""

    def __init__(self, gate: Gate) -> None:
        self._port = gate.port
        self._headers = {HEADER: "1", "Origin": gate.origin}
        self.entered, words, headers = self._asked(
            "GET", gate.entrance.removeprefix(gate.origin)
        )
        self.words = words.decode()
        self._headers["Cookie"] = headers.get("Set-Cookie", "").partition(";")[0]

    def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        status, content, _ = self._asked(method, path, body)
        assert status in (200, 201), content
        return content

    def _asked(
        self, method: str, path: str, body: bytes = b""
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        headers = self._headers | {"Content-Type": "application/json"}
        link = http.client.HTTPConnection(LOOPBACK, self._port, timeout=30)
        with closing(link):
            link.request(method, path, body, headers)
            answer = link.getresponse()
            return answer.status, answer.read(), answer.headers


@pytest.fixture
def gate(bench: Bench) -> Iterator[Gate]:
    listener = listen()
    gate = Gate(listener.getsockname()[1])
    server = server_of(create_app(gate, bench), listener)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield gate
    server.task_dispatcher.shutdown()
    server.close()
    thread.join(10)


def test_a_photograph_goes_in_and_out_without_a_file_in_clear(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_clear(*_words: Any, **_more: Any) -> NoReturn:
        raise OSError("a photograph would lie here in clear")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(tempfile, name, in_clear)
    page = Session(gate)
    page.ask("POST", "/local/v1/drafts", b'{"answers": {}}')
    held = json.loads(
        page.ask("PUT", "/local/v1/drafts/1/photos?file_name=a.jpg", PHOTO)
    )
    assert page.ask("GET", f"/local/v1/photos/{held['sha256']}") == PHOTO


def test_another_account_of_the_machine_buys_nothing_with_the_link(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link stands in the browser's command line, which others may read."""
    ours = os.getuid()
    with monkeypatch.context() as patched:
        patched.setattr(os, "getuid", lambda: ours + 1)
        stranger = Session(gate)
    assert (stranger.entered, "account-foreign" in stranger.words) == (403, True)
    assert Session(gate).entered == 303, "the link is still good for its owner"
